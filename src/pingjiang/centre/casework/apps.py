"""The app."""

from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    """Cases, events, tasks, clocks, notices."""

    name = "pingjiang.centre.casework"
    label = "casework"

    def ready(self) -> None:
        """Say who sees what."""
        from pingjiang.centre.casework import notices, tasks  # noqa: F401
