"""What a view of the site is given: a request that says who acts."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

from pingjiang.centre.accounts.models import Actor


class SiteRequest(HttpRequest):
    """A request with `actor`: the person in the role chosen for this session, or None."""

    actor: Actor | None
    synthetic: bool  # a view sets it where a row that it shows is made up
    wall: bool  # set where figures are shown to a room (figure_pages.py)


class ActorRequest(SiteRequest):
    """A request of which `for_actor` has seen that somebody acts."""

    actor: Actor


def for_actor(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A view for people in a role: others are asked to sign in, or told that they have no role yet."""

    @wraps(view)
    def checked(request: SiteRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if request.actor is None:
            return render(request, "pages/no_role.html", status=403)
        return view(request, *args, **kwargs)

    return checked


def next_of(request: HttpRequest, otherwise: str = "/") -> str:
    """Where a form says to go on: a place of this site, never another host's."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if safe else otherwise
