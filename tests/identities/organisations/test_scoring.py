"""Pairs that are scored in portions, what is kept of them, and firms that part clusters."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from benchmarks.generate.names import names
from hypothesis import given
from hypothesis import strategies as st

from pingjiang.engine import Session
from pingjiang.identities.organisations import scoring
from pingjiang.identities.organisations.link import link
from pingjiang.identities.organisations.pairs import Array
from pingjiang.identities.organisations.reasons import reasons_of, signs_of
from pingjiang.identities.organisations.scoring import registered
from pingjiang.identities.organisations.told import REASONS

SYNTHETIC = names(500)


def linked() -> dict[str, list[str]]:
    with Session(threads=1) as session:
        found = link(session, session.from_arrow(pa.table({"name": SYNTHETIC, "mentions": [1] * len(SYNTHETIC)})))
        tables = {"spelling": found.spelling, "tie": found.tie, "doubt": found.doubt}
        return {name: sorted(map(repr, table.rows())) for name, table in tables.items()}


def test_portions_give_what_all_pairs_at_once_give(monkeypatch: pytest.MonkeyPatch) -> None:
    at_once = linked()
    assert all(at_once.values())
    monkeypatch.setattr(scoring, "_PORTION", 40)
    monkeypatch.setattr(scoring, "_AT_ONCE", 7)
    assert linked() == at_once


def test_linking_leaves_its_results_in_the_session_and_nothing_else() -> None:
    with Session(threads=1) as session:
        given = session.from_arrow(pa.table({"name": SYNTHETIC, "mentions": [1] * len(SYNTHETIC)}))
        link(session, given)
        wide = [name for (name,) in session.rows(
            "select distinct table_name from information_schema.columns where column_name in ('text_a', 'likeness')"
        )]  # fmt: skip
    assert wide == [], "what was seen of pairs is gone"


FEATURES = ("jacc", "same_text", "ratio", "acro3", "acro4", "prefix", "head_eq", "contain", "across", "within")


@given(st.lists(st.fixed_dictionaries(dict.fromkeys(FEATURES, st.sampled_from([0.0, 0.5, 0.85, 1.0]))), max_size=20))
def test_reasons_are_kept_in_bits(rows: list[dict[str, float]]) -> None:
    values: dict[str, Array] = {name: np.array([row[name] for row in rows]) for name in FEATURES}
    told = reasons_of(signs_of(values)).to_pylist()
    for row, reasons in zip(rows, told, strict=True):
        whole = row["jacc"] == 1
        expected = {
            "words": whole and row["same_text"] > 0,
            "spelling": row["ratio"] >= 0.8 and not whole,
            "joined": row["same_text"] > 0 and not whole,
            "abbreviation": row["acro3"] > 0 or row["acro4"] > 0,
            "start": row["prefix"] > 0,
            "name": row["head_eq"] > 0,
            "part": row["contain"] == 1 and not whole,
            "places": row["across"] > 0 or row["within"] > 0,
        }
        assert reasons == ([name for name, holds in expected.items() if holds] or ["other"])
        assert [reason for reason in REASONS if reason in reasons] == reasons, "in the order in which they are told"


def test_reasons_are_told_in_words_where_these_are_given() -> None:
    assert reasons_of(np.array([0, 1], np.uint16), {"words": "词语 · words"}).to_pylist() == [
        ["other"],
        ["词语 · words"],
    ]


def test_firms_join_and_part_clusters() -> None:
    cluster = np.array([0, 0, 2, 2, 4, 5], np.int64)
    firm = np.array([7, 8, 7, -1, 8, -1], np.int64)
    # Node 1 is of another firm than the cluster's: it leaves. The cluster of node 2 is the first's, node 4 goes to 1.
    assert registered(cluster, firm).tolist() == [0, 1, 0, 0, 1, 5]
    assert registered(cluster, None).tolist() == cluster.tolist()
