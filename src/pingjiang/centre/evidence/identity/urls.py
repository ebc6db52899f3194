"""Addresses below `evidence/<lake>/identity/`."""

from __future__ import annotations

from django.urls import path

from pingjiang.centre.evidence.identity import desk, lists, pages, registered

urlpatterns = [
    path("", lists.organisation_list, name="evidence-identity"),
    path("organisations/<str:organisation>/", pages.organisation, name="evidence-organisation"),
    path("organisations/<str:organisation>/rights/", pages.rights, name="evidence-organisation-rights"),
    path("people/", lists.people_list, name="evidence-people"),
    path("people/<str:inventor>/", pages.person, name="evidence-person"),
    path("review/", desk.review, name="evidence-review"),
    path("review/judge/", desk.judge, name="evidence-review-judge"),
    path("review/undo/", desk.undo, name="evidence-review-undo"),
    path("register/", registered.register, name="evidence-register"),
]
