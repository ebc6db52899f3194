"""Pages for what went wrong. What one may not see is not found: the two cannot be told apart."""

from __future__ import annotations

from django.contrib.sessions.exceptions import SessionInterrupted
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from pingjiang.centre.pages.context import theme_of


def bad_request(request: HttpRequest, exception: BaseException) -> HttpResponse:
    """400; where a session could not be kept, that: the request itself was read, and may well have been done."""
    if isinstance(exception, SessionInterrupted):
        busy = _is_of_the_database(exception)
        return render(request, "pages/errors/session_lost.html", {"busy": busy}, status=503 if busy else 400)
    return render(request, "pages/errors/bad_request.html", status=400)


def _is_of_the_database(error: BaseException | None) -> bool:
    """Whether an error came about because the database gave no answer in time, and not because a row was gone."""
    while error is not None and not isinstance(error, OperationalError):
        error = error.__context__
    return error is not None


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404, for what there is not and for what is not yours: the status is the same too."""
    return render(request, "pages/errors/not_found.html", status=404)


def form_alone(request: HttpRequest) -> HttpResponse:
    """405, for an address that takes a form and was asked for without one."""
    return render(request, "pages/errors/form_alone.html", status=405)


def broken(request: HttpRequest) -> HttpResponse:
    """500. Asks nothing of the database: it may be what is broken."""
    return render(
        None, "pages/errors/broken.html", {"lang": request.LANGUAGE_CODE, "theme": theme_of(request)}, status=500
    )


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without a valid token of its session: sign-in ended, or the page is from another time."""
    return render(request, "pages/errors/stale_form.html", status=403)
