"""Pages about tokens."""

from __future__ import annotations

from django.urls import path

from pingjiang.centre.api import pages

urlpatterns = [
    path("me/tokens/", pages.tokens, name="tokens"),
    path("me/tokens/new/", pages.new, name="token-new"),
    path("me/tokens/made/", pages.made, name="token-made"),
    path("me/tokens/<int:pk>/revoke/", pages.end, name="token-revoke"),
]
