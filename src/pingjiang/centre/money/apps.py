"""The app."""

from django.apps import AppConfig


class MoneyConfig(AppConfig):
    """Accounts, journals, lines."""

    name = "pingjiang.centre.money"
    label = "money"

    def ready(self) -> None:
        """Say who sees what."""
        from pingjiang.centre.money import access  # noqa: F401
