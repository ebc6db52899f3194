"""One judgement: what it may hold, and how it proves itself."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pingjiang.errors import DefinitionError
from pingjiang.judgements import judge, parsed
from tests.judgements.rows import row


def judged(**changes: Any) -> Any:
    told: dict[str, Any] = {"subject": "organisation", "a": "甲", "b": "乙", "verdict": "same", "who": "张伟"} | changes
    return judge(told.pop("subject"), told.pop("a"), told.pop("b"), told.pop("verdict"), **told)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"subject": "company"}, "nothing to judge"),
        ({"verdict": "yes"}, "no verdict"),
        ({"verdict": None}, "no verdict"),
        ({"b": "甲"}, "two names are one"),
        ({"b": " 甲 "}, "two names are one"),
        ({"a": " "}, "There is no text"),
        ({"a": "甲\n乙"}, "line breaks"),
        ({"a": "\udcff"}, "There is no text"),
        ({"a": "x" * 2_001}, "2001 characters"),
        ({"who": ""}, "There is no text"),
        ({"who": "root"}, "shared account"),
        ({"who": "x" * 61}, "61 characters"),
        ({"why": "a\tb"}, "line breaks"),
    ],
)
def test_what_cannot_be_judged_is_refused_with_a_remedy(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(DefinitionError, match=words) as told:
        judged(**changes)
    assert told.value.remedy


def test_a_row_knows_its_pair_whichever_name_came_first() -> None:
    one, two = judged(), judged(a="乙", b="甲")
    assert one.pair == two.pair
    assert one.judgement_id != two.judgement_id


texts = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=8)


@settings(deadline=None)
@given(texts, texts, texts, st.none() | texts)
def test_a_row_comes_back_from_its_plain_data(a: str, b: str, who: str, why: str | None) -> None:
    if a == b or who.lower() in ("root", "system"):
        return
    one = judged(a=a, b=b, who=who, why=why)
    assert parsed(json.loads(json.dumps(one.as_dict()))) == one


@pytest.mark.parametrize("name", [name for name in row("a", "b", "same").as_dict() if name != "origin"])
def test_a_row_that_was_altered_does_not_fit_its_id(name: str) -> None:
    told = row("a", "b", "same").as_dict()
    for other in ("different", "x", None, 3, ""):
        if other != told[name]:
            with pytest.raises(ValueError):
                parsed({**told, name: other})
    with pytest.raises(ValueError, match="unknown"):
        parsed({**told, "more": "x"})
