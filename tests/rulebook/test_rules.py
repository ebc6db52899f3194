"""The rulebook answers by date, and refuses rather than guess."""

from __future__ import annotations

from datetime import date

import pytest

from pingjiang.errors import DefinitionError
from pingjiang.rulebook import ask, in_force, load_rules
from pingjiang.rulebook.rules import parse_rule


def version(value: int, day: date) -> dict[str, object]:
    return {"value": value, "unit": "months", "source": "s", "clause": "c", "valid_from": day, "confidence": "choice"}


def test_every_shipped_rule_says_where_it_comes_from() -> None:
    for versions in load_rules().values():
        for rule in versions:
            assert rule.source
            assert rule.clause
            assert rule.zh
            assert rule.en


def test_a_rule_is_asked_by_date(monkeypatch: pytest.MonkeyPatch) -> None:
    versions = parse_rule(
        "lag",
        {"zh": "滞后", "en": "lag", "versions": [version(12, date(2000, 1, 1)), version(18, date(2010, 1, 1))]},
        "p",
    )
    monkeypatch.setattr("pingjiang.rulebook.rules.load_rules", lambda: {"lag": versions})
    assert ask("lag", date(2009, 12, 31)).value == 12
    assert ask("lag", date(2010, 1, 1)).value == 18
    assert ask("lag").value == 18
    with pytest.raises(DefinitionError, match="not in force on 1999"):
        ask("lag", date(1999, 12, 31))
    assert in_force(date(1999, 12, 31)) == {}
    assert in_force(date(2009, 12, 31)) == {"lag": 12}
    assert in_force() == {"lag": 18}


def test_an_unknown_rule_is_named() -> None:
    with pytest.raises(DefinitionError, match="publication_lag_months"):
        ask("publicaton_lag")


@pytest.mark.parametrize(
    "versions",
    [
        [],
        [version(1, date(2010, 1, 1)), version(2, date(2010, 1, 1))],
        [version(1, date(2010, 1, 1)), version(2, date(2000, 1, 1))],
        [{**version(1, date(2010, 1, 1)), "confidence": "sure"}],
        [{**version(1, date(2010, 1, 1)), "valid_from": "soon"}],
        [{"value": 1}],
    ],
)
def test_a_pack_that_breaks_a_rule_is_refused(versions: list[dict[str, object]]) -> None:
    with pytest.raises(DefinitionError, match="p, lag"):
        parse_rule("lag", {"zh": "滞后", "en": "lag", "versions": versions}, "p")
