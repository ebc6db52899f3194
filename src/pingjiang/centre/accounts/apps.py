"""The app."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Organisations and people."""

    name = "pingjiang.centre.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Say what is done by the clock."""
        from pingjiang.centre.accounts import duties  # noqa: F401
