"""The app."""

from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    """Lakes and the pages on them."""

    name = "pingjiang.centre.evidence"
    label = "evidence"

    def ready(self) -> None:
        """Make access and menu entries known."""
        from pingjiang.centre.evidence import access, entries, panels  # noqa: F401
        from pingjiang.centre.evidence.identity import rebuild  # noqa: F401
