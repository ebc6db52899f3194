"""What is where. A part of evidence has its own list of addresses below `evidence/<lake>/`."""

from __future__ import annotations

from django.urls import include, path

from pingjiang.centre.evidence import views
from pingjiang.centre.evidence.data import views as data
from pingjiang.centre.evidence.framing import leading_to

urlpatterns = [
    path("evidence/", views.lakes, name="evidence"),
    path("evidence/new/", data.new, name="evidence-new"),
    path("evidence/data/", leading_to("evidence-data"), name="evidence-data-menu"),
    path("evidence/<int:lake>/data/", include("pingjiang.centre.evidence.data.urls")),
]
