"""What is where. A part of evidence has its own list of addresses below `evidence/<lake>/`."""

from __future__ import annotations

from django.urls import include, path

from pingjiang.centre.evidence import views
from pingjiang.centre.evidence.framing import leading_to

urlpatterns = [
    path("evidence/", views.lakes, name="evidence"),
    path("evidence/identity/", leading_to("evidence-identity"), name="evidence-identity-menu"),
    path("evidence/review/", leading_to("evidence-review"), name="evidence-review-menu"),
    path("evidence/people/", leading_to("evidence-people"), name="evidence-people-menu"),
    path("evidence/<int:lake>/identity/", include("pingjiang.centre.evidence.identity.urls")),
]
