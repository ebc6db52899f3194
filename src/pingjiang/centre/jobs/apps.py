"""The app."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """Work that takes a while."""

    name = "pingjiang.centre.jobs"
    label = "jobs"

    def ready(self) -> None:
        """Say who sees what."""
        from pingjiang.centre.jobs import access  # noqa: F401
