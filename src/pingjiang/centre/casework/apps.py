"""The app."""

from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    """Cases, events, tasks, clocks, notices."""

    name = "pingjiang.centre.casework"
    label = "casework"
