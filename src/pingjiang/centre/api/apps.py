"""The app."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """Tokens and endpoints."""

    name = "pingjiang.centre.api"
    label = "api"
