"""The app."""

from django.apps import AppConfig


class PagesConfig(AppConfig):
    """Shell, parts and sign-in."""

    name = "pingjiang.centre.pages"
    label = "pages"

    def ready(self) -> None:
        """Register the menu entries and the access rule of this room."""
        from pingjiang.centre.pages import entries  # noqa: F401
