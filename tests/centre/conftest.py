"""Fixtures of the site's tests."""

from __future__ import annotations

import pytest

from tests.centre import cast as cast_of_tests


@pytest.fixture
def cast(db: None) -> cast_of_tests.Cast:
    """The fixed cast."""
    return cast_of_tests.make()
