"""Addresses below `evidence/<lake>/rosters/`."""

from __future__ import annotations

from django.urls import path

from pingjiang.centre.evidence.rosters import views

urlpatterns = [
    path("", views.rosters, name="evidence-rosters"),
    path("make/", views.make, name="evidence-roster-make"),
    path("add/", views.add, name="evidence-roster-add"),
    path("<int:pk>/", views.roster, name="evidence-roster"),
    path("<int:pk>/remove/", views.remove, name="evidence-roster-remove"),
    path("<int:pk>/change/", views.change, name="evidence-roster-change"),
]
