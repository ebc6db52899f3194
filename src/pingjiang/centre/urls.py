"""What is where."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, URLResolver, include, path

from pingjiang.centre.api.endpoints import api

_api = api.urls
for _endpoint in _api[0]:
    if _endpoint.callback is not None:
        login_not_required(_endpoint.callback)  # a token says who asks, not a session

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("pingjiang.centre.documents.urls")),
    path("", include("pingjiang.centre.announcements.urls")),
    path("", include("pingjiang.centre.programme.urls")),
    path("", include("pingjiang.centre.manual.urls")),
    path("", include("pingjiang.centre.api.urls")),
    path("", include("pingjiang.centre.evidence.urls")),
    path("", include("pingjiang.centre.pages.urls")),
    path("api/v1/", _api),
]
if settings.SITE_MODE in ("demo", "test"):
    urlpatterns.append(path("components/", include("pingjiang.centre.pages.components")))

handler400 = "pingjiang.centre.pages.errors.bad_request"
handler403 = "pingjiang.centre.pages.errors.not_found"
handler404 = "pingjiang.centre.pages.errors.not_found"
handler500 = "pingjiang.centre.pages.errors.broken"
