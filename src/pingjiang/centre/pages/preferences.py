"""Language and theme: switches that keep the page and its query, and need no script."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST

from pingjiang.centre.accounts.models import User
from pingjiang.centre.pages.context import THEMES
from pingjiang.centre.pages.requests import next_of

_YEAR = 365 * 24 * 3600


@login_not_required
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Speak another language from now on, here and wherever this person signs in."""
    response = HttpResponseRedirect(next_of(request))
    chosen = request.POST.get("language", "")
    if chosen in dict(settings.LANGUAGES):
        keep_language(response, chosen)
        if isinstance(request.user, User) and request.user.language != chosen:
            request.user.language = chosen
            request.user.save(update_fields=["language"])
    return response


def keep_language(response: HttpResponse, code: str) -> None:
    """Make this browser remember a language."""
    _keep(response, settings.LANGUAGE_COOKIE_NAME, code)


@login_not_required
@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Paper or rubbing from now on, in this browser."""
    response = HttpResponseRedirect(next_of(request))
    if (chosen := request.POST.get("theme", "")) in THEMES:
        _keep(response, "pj_theme", chosen)
    return response


def _keep(response: HttpResponse, name: str, value: str) -> None:
    secure = bool(settings.SESSION_COOKIE_SECURE)
    response.set_cookie(name, value, max_age=_YEAR, secure=secure, httponly=True, samesite="Lax")
