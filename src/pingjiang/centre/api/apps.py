"""The app."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """Tokens and endpoints."""

    name = "pingjiang.centre.api"
    label = "api"

    def ready(self) -> None:
        """Say what is done by the clock."""
        from pingjiang.centre.api import duties  # noqa: F401
