"""The state of all applications by one query, and of one by a fold: the same, whatever is told in whatever order."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from pingjiang.engine import Session
from pingjiang.legal import Fact, State, TermEnd, conclude_states, fold, kind_table
from pingjiang.legal.vocabulary import LIVES, load_kinds
from pingjiang.schema import table

START = date(2010, 1, 1)
COMPUTED = {name for name, kind in load_kinds().items() if kind.effect == "computed"}
ORIGINS = ("event", "status", "document", "bibliography")
days = st.integers(0, 12).map(lambda n: START + timedelta(days=100 * n))
facts = st.builds(
    Fact,
    kind=st.sampled_from(sorted(set(load_kinds()) - COMPUTED)),
    effective=days,
    known=st.one_of(st.none(), st.integers(0, 3).map(lambda n: date(2020, 1, 1 + n))),
    origin=st.sampled_from(ORIGINS),
    contract=st.sampled_from([None, "A", "B"]),
    applies=st.sampled_from([True, True, True, False]),
    source_row=st.sampled_from(["a:1", "b:2"]),
)
terms = st.one_of(
    st.none(),
    st.tuples(days, st.sampled_from([0, 300])).map(lambda two: TermEnd(two[0], two[0] + timedelta(days=two[1]))),
)
histories = st.lists(facts, max_size=7)


@pytest.fixture(scope="module")
def session() -> Iterator[Session]:
    with Session(memory_limit="1GB", threads=2) as opened:
        yield opened


def by_query(
    session: Session, many: Sequence[Sequence[Fact]], ends: Sequence[TermEnd | None], at: date, known: date | None
) -> list[dict[str, Any]]:
    """The states of several applications by one query."""
    with session.scratch():
        columns = table("legal_fact").engine_columns()
        rows = [
            {
                "application_id": str(nth), "sequence": place, "kind": fact.kind, "effective_date": fact.effective,
                "known_date": fact.known, "origin": fact.origin, "code": fact.code, "contract": fact.contract,
                "applies": fact.applies, "source_row": fact.source_row,
            }
            for nth, told in enumerate(many)
            for place, fact in enumerate(told)
        ]  # fmt: skip
        typed = ", ".join(f'cast(r."{name}" as {kind}) as "{name}"' for name, kind in columns.items())
        given_rows = session.from_arrow(pa.table({name: [row.get(name) for row in rows] for name in columns}))
        fact_table = session.materialise(f"select {typed} from r", r=given_rows)
        term = session.from_rows(
            {"application_id": "VARCHAR", "ends_date": "DATE", "latest_date": "DATE"},
            [(str(nth), end.ends, end.latest) for nth, end in enumerate(ends) if end],
        )
        application = session.from_rows({"application_id": "VARCHAR"}, [(str(nth),) for nth in range(len(many))])
        moment = session.from_rows({"at_date": "DATE"}, [(at,)])
        states = conclude_states(session, fact_table, term, application, moment, kind_table(session), known)
        found = {row["application_id"]: row for row in states.dicts()}
    assert len(found) == len(many)
    return [found[str(nth)] for nth in range(len(many))]


BEARING = sorted(name for name, kind in load_kinds().items() if kind.effect not in ("none", "computed"))
HISTORIES = 1_000


def random_history(chance: random.Random) -> tuple[list[Fact], TermEnd | None]:
    """Few days, so that much falls on the same one; mostly facts that bear on the state."""
    told = [
        Fact(
            kind=chance.choice(BEARING if chance.random() < 0.95 else sorted(set(load_kinds()) - COMPUTED)),
            effective=START + timedelta(days=100 * chance.randrange(6)),
            known=chance.choice([None, date(2020, 1, 1), date(2020, 1, 3)]),
            origin=chance.choice(ORIGINS),
            contract=chance.choice([None, None, "A", "B"]),
            applies=chance.random() < 0.95,
            source_row=chance.choice(["a:1", "b:2"]),
        )
        for _ in range(chance.randrange(8))
    ]
    ends = START + timedelta(days=100 * chance.randrange(6))
    end = TermEnd(ends, ends + timedelta(days=chance.choice([0, 200])))
    return told, end if chance.random() < 0.4 else None


@settings(max_examples=3, deadline=None, phases=[Phase.generate])
@given(seed=st.integers(0, 2**32), at=st.integers(0, 6), known=st.one_of(st.none(), st.just(date(2020, 1, 2))))
def test_the_query_and_the_fold_agree(session: Session, seed: int, at: int, known: date | None) -> None:
    chance = random.Random(seed)
    many = [random_history(chance) for _ in range(HISTORIES)]
    day = START + timedelta(days=100 * at - 30)
    for moment in (day, day + timedelta(days=30)):
        rows = by_query(session, [told for told, _ in many], [end for _, end in many], moment, known)
        for (told, end), row in zip(many, rows, strict=True):
            agrees(row, fold(told, moment, end, known), (told, end, moment))


def agrees(row: dict[str, Any], state: State, of: object) -> None:
    assert row["state"] == state.state, of
    assert row["life"] == state.life == LIVES[state.state]
    assert (row["overlays"] or []) == sorted(name for name, _ in state.overlays), of
    assert (row["since_date"], row["computed"]) == (state.since, state.computed), of
    assert (row["last_state"], row["last_date"]) == (state.last, state.last_since), of
    if state.because and not state.computed:
        assert (row["kind"], row["source_row"]) == (state.because[0].kind, state.because[0].source_row), of


@given(told=histories, end=terms, at=days, seed=st.integers())
def test_the_state_is_a_function_of_the_set_of_facts(told, end, at: date, seed: int) -> None:  # type: ignore[no-untyped-def]
    shuffled = [*told, *told]
    random.Random(seed).shuffle(shuffled)
    assert fold(shuffled, at, end) == fold(told, at, end)


@given(told=histories, at=days, later=facts)
def test_no_event_makes_time_run_backwards(told, at: date, later: Fact) -> None:  # type: ignore[no-untyped-def]
    """What happens behind a day changes the state of that day in two ways only: void from the start, and a doubt."""
    if later.effective is None or later.effective <= at:
        return
    before, after = fold(told, at), fold([*told, later], at)
    effect = load_kinds()[later.kind].effect
    if effect in ("void", "narrowed", "annulled"):
        return
    assert after.overlays == before.overlays
    allowed = {before.state, "unknown"} | ({before.last} if before.state == "unknown" and before.last else set())
    if effect == "granted" and any(fact.kind == "granted" for fact in told):
        return
    assert after.state in allowed


@given(told=histories, at=days, new=facts)
def test_what_is_told_later_is_not_known_earlier(told, at: date, new: Fact) -> None:  # type: ignore[no-untyped-def]
    known = date(2019, 1, 1)
    late = Fact(new.kind, new.effective, date(2025, 1, 1), new.origin, contract=new.contract)
    assert fold([*told, late], at, known=known) == fold(told, at, known=known)


@given(told=histories, at=days, end=terms)
def test_a_dead_state_rests_on_a_fact_or_a_term(told, at: date, end) -> None:  # type: ignore[no-untyped-def]
    """Unknown is never dead."""
    state = fold(told, at, end)
    if state.life == "dead":
        assert state.because
        assert state.computed or LIVES[state.because[0].meaning.state or "unknown"] == "dead"
