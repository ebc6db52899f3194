"""The app."""

from django.apps import AppConfig


class AnnouncementsConfig(AppConfig):
    """Announcements and consultations."""

    name = "pingjiang.centre.announcements"
    label = "announcements"

    def ready(self) -> None:
        """Make workflows and access known."""
        from pingjiang.centre.announcements import access  # noqa: F401
