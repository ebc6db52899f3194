"""The app."""

from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    """Lakes and the pages on them."""

    name = "pingjiang.centre.evidence"
    label = "evidence"

    def ready(self) -> None:
        """Make access, menu entries, panels, ways of the search field and jobs known."""
        from pingjiang.centre.evidence import access, entries, finding, panels, warmed  # noqa: F401
        from pingjiang.centre.evidence.chain import jobs as chain_jobs  # noqa: F401
        from pingjiang.centre.evidence.data import runs, uploads  # noqa: F401
        from pingjiang.centre.evidence.rosters import keeping  # noqa: F401
        from pingjiang.centre.evidence.search import access as search_access  # noqa: F401
        from pingjiang.centre.evidence.search import jobs  # noqa: F401
