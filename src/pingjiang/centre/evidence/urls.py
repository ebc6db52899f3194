"""What is where. A part of evidence has its own list of addresses below `evidence/<lake>/`."""

from __future__ import annotations

from django.urls import path

from pingjiang.centre.evidence import views

urlpatterns = [
    path("evidence/", views.lakes, name="evidence"),
]
