"""What is where."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from pingjiang.centre.api.endpoints import api

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("pingjiang.centre.documents.urls")),
    path("", include("pingjiang.centre.announcements.urls")),
    path("api/v1/", api.urls),
]
