"""What is where in the atlas of a lake."""

from __future__ import annotations

from django.urls import path

from pingjiang.centre.evidence.atlas import saved, shared, views

urlpatterns = [
    path("", views.atlas, name="evidence-atlas"),
    path("items/", views.items, name="evidence-atlas-items"),
    path("network.graphml", views.graphml, name="evidence-atlas-graphml"),
    path("saved/", saved.views, name="evidence-atlas-saved"),
    path("saved/new/", saved.save, name="evidence-atlas-save"),
    path("saved/<int:pk>/drop/", saved.drop, name="evidence-atlas-drop"),
    path("sharing/", shared.sharing, name="evidence-atlas-sharing"),
    path("sharing/share/", shared.share, name="evidence-atlas-share"),
    path("<slug:view>/", views.atlas, name="evidence-atlas-view"),
]
