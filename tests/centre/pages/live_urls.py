"""The site's addresses, and two that go wrong: what a browser shows then."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.urls import path

from pingjiang.centre.urls import handler400, handler403, handler404, handler500
from pingjiang.centre.urls import urlpatterns as of_the_site

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


@login_not_required
def broken(request: HttpRequest) -> HttpResponse:
    """500."""
    raise RuntimeError("asked for")


@login_not_required
def bad(request: HttpRequest) -> HttpResponse:
    """400."""
    raise SuspiciousOperation("asked for")


urlpatterns = [*of_the_site, path("wrong/broken/", broken), path("wrong/bad/", bad)]
