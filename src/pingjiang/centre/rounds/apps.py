"""The app."""

from django.apps import AppConfig


class RoundsConfig(AppConfig):
    """Duties by the clock."""

    name = "pingjiang.centre.rounds"
    label = "rounds"
