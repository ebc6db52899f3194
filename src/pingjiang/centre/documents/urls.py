"""What is where."""

from __future__ import annotations

from django.urls import path, re_path

from pingjiang.centre.documents import views

urlpatterns = [
    path("verify/", views.verify, name="verify"),
    path("documents/<int:pk>/<int:number>/", views.version, name="document-version"),
    re_path(r"^papers/(?P<code>PJ\d\d-[2-9A-Z]{4}-[2-9A-Z]{4})\.(?P<form>pdf|docx)$", views.paper, name="paper-file"),
]
