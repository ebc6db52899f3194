"""The manual's pages: everybody may read each of them, signed in or not."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from pingjiang.centre.manual import texts
from pingjiang.centre.pages.words import is_english


def _role(request: HttpRequest) -> str:
    actor = getattr(request, "actor", None)
    return actor.role if actor is not None else ""


@login_not_required
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """The page of who asks."""
    return _shown(request, texts.page_of(_role(request)))


@login_not_required
@require_GET
def page(request: HttpRequest, name: str) -> HttpResponse:
    """A page of any role."""
    if name not in texts.PAGES:
        raise Http404
    return _shown(request, name)


def _shown(request: HttpRequest, name: str) -> HttpResponse:
    """A page, with the list of the others beside it. Pages of the site are links where they are the reader's own."""
    role = _role(request)
    language = texts.LANGUAGES[is_english()]
    told = {
        "frame": "pages/page.html" if role else "pages/public.html",
        "text": texts.rendered(language, name, linked=name == texts.page_of(role)),
        "name": name,
        "pages": [(each, texts.title_of(language, each)) for each in texts.PAGES],
    }
    return render(request, "manual/page.html", told)
