"""The app."""

from django.apps import AppConfig


class AnnouncementsConfig(AppConfig):
    """Announcements and consultations."""

    name = "pingjiang.centre.announcements"
    label = "announcements"

    def ready(self) -> None:
        """Make workflows, access, menu entries and what is done by the clock known."""
        from pingjiang.centre.announcements import access, duties, entries  # noqa: F401
