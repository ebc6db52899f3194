"""The app."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Organisations and people."""

    name = "pingjiang.centre.accounts"
    label = "accounts"
