"""The app: its functions."""

from django.apps import AppConfig


class ChoresConfig(AppConfig):
    """Chores."""

    name = "tests.centre.jobs.chores"
    label = "chores"

    def ready(self) -> None:
        """Register."""
        from tests.centre.jobs.chores import work  # noqa: F401
