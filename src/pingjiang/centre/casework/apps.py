"""The app."""

from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    """Cases, events, tasks, clocks, notices."""

    name = "pingjiang.centre.casework"
    label = "casework"

    def ready(self) -> None:
        """Say who sees what, and what is done by the clock."""
        from pingjiang.centre.casework import duties, notices, tasks  # noqa: F401
