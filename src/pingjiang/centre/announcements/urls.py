"""What is where. The `pk` of a page is its case's."""

from __future__ import annotations

from django.urls import path

from pingjiang.centre.announcements import views

urlpatterns = [
    path("announcements/", views.announcements, name="announcements"),
    path("announcements/new/", views.draft, name="announcement-new"),
    path("announcements/<int:pk>/", views.announcement, name="announcement"),
    path("announcements/<int:pk>/edit/", views.edit, name="announcement-edit"),
    path("announcements/<int:pk>/ask/", views.ask, name="announcement-ask"),
    path("questions/", views.questions, name="questions"),
    path("questions/<int:pk>/", views.question, name="question"),
    path("public/notices/", views.public_list, name="public-notices"),
    path("public/notices/<int:pk>/", views.public_page, name="public-notice"),
    path("public/notices/<int:pk>/paper.pdf", views.public_paper, name="public-notice-paper"),
]
