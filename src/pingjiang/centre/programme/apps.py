"""The app."""

from django.apps import AppConfig


class ProgrammeConfig(AppConfig):
    """Calls, applications and how they are decided."""

    name = "pingjiang.centre.programme"
    label = "programme"

    def ready(self) -> None:
        """Make workflows, access, menu entries, jobs and what is done by the clock known."""
        from pingjiang.centre.programme import access, duties, entries  # noqa: F401
        from pingjiang.centre.programme.deciding import access as deciding  # noqa: F401
        from pingjiang.centre.programme.deciding import letters  # noqa: F401
        from pingjiang.centre.programme.review import access as review_access  # noqa: F401
        from pingjiang.centre.programme.review import entries as review_entries  # noqa: F401
