"""Kinds of missed pairs, on names that everybody knows."""

from __future__ import annotations

import pytest

from pingjiang.engine import Session
from pingjiang.evaluate.missed import missed_pairs

COLUMNS = {"name": "VARCHAR", "label": "VARCHAR", "mentions": "BIGINT", "cluster": "VARCHAR"}


@pytest.mark.parametrize(
    ("one", "other", "kind"),
    [
        ("Matsushita Electric Industrial", "Matsushita Electic Industrial", "spelling"),
        ("Motors General", "General Motors", "spelling"),
        ("International Business Machines", "IBM", "abbreviation"),
        ("Commissariat Énergie Atomique", "Comm. Energie Atom.", "abbreviation"),
        ("Union Carbide", "Union Carbide Plastics", "abbreviation"),
        ("American Hoechst", "Hoechst Celanese", "shared_word"),
        ("Hoecht Roussel", "American Hoechst", "shared_word"),
        ("Hoechst", "Bayer", "no_shared_word"),
        ("Hoechst", "Sanofi-Aventis", "rename"),
    ],
)
def test_a_pair_has_its_kind(one: str, other: str, kind: str) -> None:
    with Session(threads=1) as session:
        names = session.from_rows(COLUMNS, [(one, "x", 3, "p"), (other, "x", 2, "q")])
        assert missed_pairs(session, names, [("hoechst", "sanofi")]) == {kind: 1}


def test_clusters_count_as_all_their_pairs_and_labels_stay_apart() -> None:
    rows = [("Kodak", "x", 9, "p"), ("Kodack", "x", 1, "p"), ("Kodak Eastman", "x", 2, "q"), ("Kodak", "y", 1, "r")]
    with Session(threads=1) as session:
        assert sum(missed_pairs(session, session.from_rows(COLUMNS, rows)).values()) == 2
