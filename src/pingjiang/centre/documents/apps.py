"""The app."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """Uploads, papers, verification codes."""

    name = "pingjiang.centre.documents"
    label = "documents"

    def ready(self) -> None:
        """Say who sees what, and what is done by the clock."""
        from pingjiang.centre.documents import access, duties  # noqa: F401
