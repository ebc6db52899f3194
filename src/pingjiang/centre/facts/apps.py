"""The app."""

from django.apps import AppConfig


class FactsConfig(AppConfig):
    """What happened, by kind."""

    name = "pingjiang.centre.facts"
    label = "facts"

    def ready(self) -> None:
        """Say who sees what."""
        from pingjiang.centre.facts import access  # noqa: F401
