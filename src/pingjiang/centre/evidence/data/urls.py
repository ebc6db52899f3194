"""What is where, below `evidence/<lake>/data/`."""

from __future__ import annotations

from django.urls import path

from pingjiang.centre.evidence.data import mapping, views

urlpatterns = [
    path("", views.overview, name="evidence-data"),
    path("settings/", views.settings, name="evidence-data-settings"),
    path("waiting/", views.waiting, name="evidence-data-waiting"),
    path("upload/", views.upload, name="evidence-data-upload"),
    path("uploads/<int:pk>/format/", views.choose_format, name="evidence-data-format"),
    path("uploads/<int:pk>/aside/", views.set_aside, name="evidence-data-aside"),
    path("uploads/<int:pk>/map/<int:part>/", mapping.columns, name="evidence-data-map"),
    path("uploads/<int:pk>/try/<int:part>/", mapping.tried, name="evidence-data-try"),
    path("run/", views.run, name="evidence-data-run"),
    path("runs/<int:pk>/", views.run_page, name="evidence-data-run-page"),
    path("runs/<int:pk>/back/", views.give_back, name="evidence-data-run-back"),
    path("runs/<int:pk>/cancel/", views.cancel, name="evidence-data-run-cancel"),
    path("sources/<str:source>/<str:kind>.csv", views.leftover, name="evidence-data-leftover"),
    path("changes/", views.changes, name="evidence-data-changes"),
    path("sharing/", views.shared, name="evidence-data-sharing"),
    path("share/", views.share, name="evidence-data-share"),
    path("withdraw/", views.withdraw, name="evidence-data-withdraw"),
    path("formats/", mapping.formats_page, name="evidence-data-formats"),
    path("formats/<str:name>.yaml", mapping.spec, name="evidence-data-spec"),
]
