"""What every answer passes: content policy, limits of a session, and who acts."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from pingjiang.centre.accounts.models import Actor, Membership, User
from pingjiang.centre.pages.errors import form_alone
from pingjiang.centre.pages.requests import SiteRequest

Answer = Callable[[HttpRequest], HttpResponse]

# Django 5.2 has no content policy of its own. Scripts and styles are files of this site: nothing inline, no nonce.
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
_FEATURES = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
_NOTED_EVERY = 300  # seconds between two notes in a session that its owner is still there


def content_policy(answer: Answer) -> Answer:
    """Add the content policy, unless a view has set a stricter one; pages of people signed in are not stored."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = answer(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Permissions-Policy", _FEATURES)
        user = getattr(request, "user", None)
        if user is not None and user.is_authenticated:
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    return middleware


def whole_redirects(answer: Answer) -> Answer:
    """Let a redirect to the sign-in page change the page, where a list in it asked: no form inside a list."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = answer(request)
        target = response.headers.get("Location", "")
        if request.headers.get("HX-Request") and target.startswith(reverse("sign-in")):
            return HttpResponse(headers={"HX-Redirect": target})
        return response

    return middleware


def forms_alone(answer: Answer) -> Answer:
    """Say something where an address takes forms alone: one comes there by signing in anew after a form was sent."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = answer(request)
        if response.status_code == 405 and request.method == "GET" and not response.content:
            told = form_alone(request)
            told.headers["Allow"] = response.headers["Allow"]
            return told
        return response

    return middleware


def session_limits(answer: Answer) -> Answer:
    """End a session after a working day, and after an hour without a click."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            now = int(time.time())
            since = request.session.setdefault("since", now)
            seen = request.session.get("seen", now)
            if now - since > settings.SESSION_COOKIE_AGE or now - seen > settings.SESSION_IDLE_AGE:
                logout(request)
            elif now - seen > _NOTED_EVERY or "seen" not in request.session:
                request.session["seen"] = now
        return answer(request)

    return middleware


def acting(answer: Answer) -> Answer:
    """Set `request.actor`: the membership chosen for this session if it still holds, else the first that does."""

    def middleware(request: HttpRequest) -> HttpResponse:
        site_request: SiteRequest = request  # type: ignore[assignment]
        site_request.synthetic = False
        site_request.actor = actor_of(request)
        if _password_is_due(request):
            return HttpResponseRedirect(reverse("password"))
        return answer(request)

    return middleware


def actor_of(request: HttpRequest) -> Actor | None:
    """Who acts in this session; None for nobody, or somebody without a membership in force."""
    user = request.user
    if not isinstance(user, User) or not user.is_active:
        return None
    held = Membership.objects.in_force(timezone.localdate()).filter(user=user)
    held = held.select_related("organisation__district").prefetch_related("hats").order_by("pk")
    chosen = request.session.get("membership")
    membership = held.filter(pk=chosen).first() if chosen else None
    membership = membership or held.first()
    return None if membership is None else Actor(user, membership)


_OPEN_TO_DUE = ("password", "sign-out", "language", "theme")


def _password_is_due(request: HttpRequest) -> bool:
    """Whether the password must be changed before anything else is done."""
    user = request.user
    if not isinstance(user, User) or not user.must_change_password:
        return False
    return request.path not in {reverse(name) for name in _OPEN_TO_DUE}
