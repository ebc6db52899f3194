"""What is where in the atlas of a lake."""

from __future__ import annotations

from django.urls import path

from pingjiang.centre.evidence.atlas import saved, views

urlpatterns = [
    path("", views.atlas, name="evidence-atlas"),
    path("items/", views.items, name="evidence-atlas-items"),
    path("network.graphml", views.graphml, name="evidence-atlas-graphml"),
    path("saved/", saved.views, name="evidence-atlas-saved"),
    path("saved/new/", saved.save, name="evidence-atlas-save"),
    path("saved/<int:pk>/drop/", saved.drop, name="evidence-atlas-drop"),
    path("<slug:view>/", views.atlas, name="evidence-atlas-view"),
]
