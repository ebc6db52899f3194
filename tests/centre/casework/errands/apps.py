"""The app: its workflow and who sees what."""

from django.apps import AppConfig


class ErrandsConfig(AppConfig):
    """Errands."""

    name = "tests.centre.casework.errands"
    label = "errands"

    def ready(self) -> None:
        """Register."""
        from tests.centre.casework.errands import workflow  # noqa: F401
