"""What is where. A part of evidence has its own list of addresses below `evidence/<lake>/`."""

from __future__ import annotations

from django.urls import include, path

from pingjiang.centre.evidence import views
from pingjiang.centre.evidence.framing import leading_to

urlpatterns = [
    path("evidence/", views.lakes, name="evidence"),
    path("evidence/search/", leading_to("evidence-search"), name="evidence-search-menu"),
    path("evidence/<int:lake>/search/", include("pingjiang.centre.evidence.search.urls")),
]
