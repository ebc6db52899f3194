"""The app."""

from django.apps import AppConfig


class AnnouncementsConfig(AppConfig):
    """Announcements and consultations."""

    name = "pingjiang.centre.announcements"
    label = "announcements"

    def ready(self) -> None:
        """Make workflows, access and menu entries known."""
        from pingjiang.centre.announcements import access, entries  # noqa: F401
