"""What is where below `evidence/<lake>/search/`."""

from __future__ import annotations

from django.urls import path

from pingjiang.centre.evidence.search import record, views, works

urlpatterns = [
    path("", views.search, name="evidence-search"),
    path("reading/", views.reading, name="evidence-search-reading"),
    path("history/", views.asked, name="evidence-search-history"),
    path("sets/keep/", views.keep, name="evidence-search-keep"),
    path("sets/<int:pk>/drop/", views.drop, name="evidence-search-drop"),
    path("publication/<str:publication>/", record.record, name="evidence-record"),
    path("similar/", works.similar, name="evidence-similar"),
    path("compare/", works.compare, name="evidence-compare"),
    path("export/", works.export, name="evidence-search-export"),
    path("work/<int:pk>/", works.work, name="evidence-search-work"),
    path("file/<int:pk>/", works.result_file, name="evidence-search-file"),
]
