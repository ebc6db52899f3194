"""Every refusal says what is wrong and what to do, in both tongues."""

from __future__ import annotations

import re
import string

import pytest

from pingjiang.errors import InputRefused
from pingjiang.files.refusals import _REFUSALS, refusal

CHINESE = re.compile("[一-龥]")


@pytest.mark.parametrize("kind", _REFUSALS)
def test_a_refusal_is_whole_in_both_tongues(kind: str) -> None:
    found = _REFUSALS[kind]
    needed = {name for text in (found.zh, found.en) for _, name, _, _ in string.Formatter().parse(text) if name}
    remedies = found.remedy_zh + found.remedy_en
    needed |= {name for _, name, _, _ in string.Formatter().parse(remedies) if name}
    error = refusal(kind, "a.csv", at_row=7, **{name: f"<{name}>" for name in needed})
    assert isinstance(error, InputRefused)
    assert (error.file, error.row) == ("a.csv", 7)
    assert CHINESE.search(found.zh)
    assert CHINESE.search(found.remedy_zh)
    assert re.match(r"[A-Z].*[.}]$", found.en)
    assert re.match(r"[A-Z].*\.$", found.remedy_en)
    assert not CHINESE.search(found.en + found.remedy_en)
    assert "a.csv" in str(error)
    assert error.remedy in str(error)


def test_both_tongues_say_the_same_values() -> None:
    for found in _REFUSALS.values():
        for one, other in ((found.zh, found.en), (found.remedy_zh, found.remedy_en)):
            values = [{name for _, name, _, _ in string.Formatter().parse(text) if name} for text in (one, other)]
            assert {name.removesuffix("_zh") for name in values[0]} == values[1]
