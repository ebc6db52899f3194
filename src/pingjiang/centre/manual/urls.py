"""What is where."""

from __future__ import annotations

from django.urls import path

from pingjiang.centre.manual import views

urlpatterns = [
    path("help/", views.mine, name="help"),
    path("help/<slug:name>/", views.page, name="help-page"),
]
