"""The app."""

from django.apps import AppConfig


class ManualConfig(AppConfig):
    """The manual."""

    name = "pingjiang.centre.manual"
    label = "manual"
