"""The app."""

from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    """Lakes and the pages on them."""

    name = "pingjiang.centre.evidence"
    label = "evidence"

    def ready(self) -> None:
        """Make access, menu entries and what a worker can do known."""
        from pingjiang.centre.evidence import access, entries  # noqa: F401
        from pingjiang.centre.evidence.data import runs, uploads  # noqa: F401
