"""The state of one application at a date, with all that it rests on, as plain data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from pingjiang.engine import Session, Table
from pingjiang.identifiers import NumberUnreadable, parse
from pingjiang.legal.fold import Fact, State, TermEnd, fold
from pingjiang.legal.words import DISCLAIMER
from pingjiang.rulebook import Rule, load_rules


def without_kind(text: str) -> str:
    """The number of a publication without its kind code, where the text is one; else the text as it is."""
    try:
        number = parse(text, what="publication")
    except NumberUnreadable:
        return text
    return f"{number.authority}{number.number}"


# In the order of `Fact`.
_FACT_COLUMNS = (
    "kind", "effective_date", "known_date", "origin", "announced_date", "authority", "code", "contract", "applies",
    "source_row",
)  # fmt: skip
_FACTS = f"""
select {", ".join(f"f.{name}" for name in (*_FACT_COLUMNS, "text"))}
from f join w on w.application_id = f.application_id
"""
_TERM = "select t.* from t join w on w.application_id = t.application_id"


def state_at(
    session: Session, tables: Mapping[str, Table], application_id: str, at: date, known: date | None = None
) -> dict[str, Any]:
    """{"application", "at", "state", "life", "overlays", "because", "known_at", …}: see docs/legal.md.

    `tables`: legal_fact and legal_term of a release; `known`: only what had been imported by that day.
    """
    wanted = session.from_rows({"application_id": "VARCHAR"}, [(application_id,)])
    facts = session.sql(_FACTS, f=tables["legal_fact"], w=wanted).dicts()
    term = next(iter(session.sql(_TERM, t=tables["legal_term"], w=wanted).dicts()), None)
    return state_of(application_id, facts, term, at, known)


def state_of(
    application_id: str,
    facts: Iterable[Mapping[str, Any]],
    term: Mapping[str, Any] | None,
    at: date,
    known: date | None = None,
) -> dict[str, Any]:
    """The same from the rows of legal_fact and legal_term of the application."""
    texts = {Fact(*(row[name] for name in _FACT_COLUMNS)): row["text"] for row in facts}
    end = None if term is None else TermEnd(term["ends_date"], term["latest_date"])
    found = fold(texts, at, end, known)
    seen = [fact.known for fact in texts if fact.known is not None and (known is None or fact.known <= known)]
    return {
        "application": application_id,
        "at": at.isoformat(),
        "state": found.state,
        "life": found.life,
        "since": _day(found.since),
        "overlays": [name for name, _ in found.overlays],
        "because": _because(found, texts, term),
        "known_at": _day(max(seen, default=None)),
        "computed": found.computed,
        "last_known": None if found.last is None else {"state": found.last, "since": _day(found.last_since)},
        "term": _term_told(term),
        "undated": [_told(fact, texts) for fact in _undated(texts, known)],
        "rules": [] if term is None else [_rule(term).cited()],
        "disclaimer_zh": DISCLAIMER[0],
        "disclaimer_en": DISCLAIMER[1],
    }


def _because(found: State, texts: Mapping[Fact, str | None], term: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    """The facts of the state and of each overlay; the term, where its end was computed."""
    told = [_told(fact, texts) for fact in found.because]
    told += [{**_told(fact, texts), "overlay": name} for name, fact in found.overlays]
    if found.computed and term is not None:
        rule = _rule(term)
        computed = {"event": "term_ended", "date": _day(found.since), "source": f"{rule.source} {rule.clause}",
                    "computed": True}  # fmt: skip
        return [computed, *told]
    return told


def _told(fact: Fact, texts: Mapping[Fact, str | None]) -> dict[str, Any]:
    return {
        "event": fact.kind,
        "date": _day(fact.effective),
        "source": fact.source_row,
        "announced": _day(fact.announced),
        "known": _day(fact.known),
        "code": fact.code,
        "text": texts.get(fact),
    }


def _undated(texts: Mapping[Fact, str | None], known: date | None) -> list[Fact]:
    """Facts that bear on the state and have no day: they are shown, and change nothing."""
    found = (
        fact
        for fact in texts
        if fact.effective is None
        and fact.applies
        and fact.meaning.bears
        and (known is None or fact.known is None or fact.known <= known)
    )
    return sorted(found, key=lambda fact: (fact.kind, fact.source_row))


def _term_told(term: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if term is None:
        return None
    names = ("starts_date", "basis", "years", "extension_days", "ends_date", "latest_date", "confidence")
    return {name: _day(term[name]) if isinstance(term[name], date) else term[name] for name in names}


def _rule(term: Mapping[str, Any]) -> Rule:
    return next(rule for rule in load_rules()[term["rule"]] if rule.valid_from == term["rule_from"])


def _day(value: date | None) -> str | None:
    return None if value is None else value.isoformat()
