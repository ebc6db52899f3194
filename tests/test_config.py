"""Settings from the environment: switches."""

from __future__ import annotations

import pytest

from pingjiang.config import Settings
from pingjiang.errors import DefinitionError


@pytest.mark.parametrize(("value", "on"), [("", True), ("on", True), ("OFF", False), (" off ", False)])
def test_vendors_names_are_on_unless_switched_off(value: str, on: bool) -> None:
    assert Settings.from_environment({"PINGJIANG_VENDOR_NAMES": value}).vendor_names is on
    assert Settings.from_environment({}).vendor_names


def test_a_switch_that_is_neither_is_refused() -> None:
    with pytest.raises(DefinitionError, match=r"PINGJIANG_VENDOR_NAMES='maybe'.*'on' or 'off'"):
        Settings.from_environment({"PINGJIANG_VENDOR_NAMES": "maybe"})
