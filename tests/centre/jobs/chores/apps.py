"""The app: its functions, and its duties by the clock where a test asks for them."""

import os

from django.apps import AppConfig


class ChoresConfig(AppConfig):
    """Chores."""

    name = "tests.centre.jobs.chores"
    label = "chores"

    def ready(self) -> None:
        """Register."""
        from tests.centre.facts import examples  # noqa: F401
        from tests.centre.jobs.chores import work  # noqa: F401

        if os.environ.get("CHORES_BY_THE_CLOCK"):
            from tests.centre.jobs.chores import clockwork  # noqa: F401
