"""Addresses of the shell: desk, lists over everything, sign-in, the own account, people."""

from __future__ import annotations

from django.urls import path

from pingjiang.centre.pages import cases, desk, people, preferences, sign_in

urlpatterns = [
    path("", desk.desk, name="desk"),
    path("todo/", cases.todo, name="todo"),
    path("cases/", cases.cases, name="find"),
    path("cases/<int:pk>/", cases.case_page, name="case"),
    path("language/", preferences.language, name="language"),
    path("theme/", preferences.theme, name="theme"),
    path("sign-in/", sign_in.sign_in, name="sign-in"),
    path("sign-in/code/", sign_in.code, name="sign-in-code"),
    path("sign-out/", sign_in.sign_out, name="sign-out"),
    path("me/", people.me, name="me"),
    path("me/password/", sign_in.password, name="password"),
    path("me/second-factor/", sign_in.factor, name="second-factor"),
    path("me/role/", people.switch_role, name="switch-role"),
    path("people/", people.people, name="people"),
    path("people/<int:pk>/", people.person, name="person"),
    path("people/invite/", people.invite, name="invite"),
    path("people/invited/", people.invited, name="invited"),
    path("invitation/<str:token>/", people.invitation, name="invitation"),
]
