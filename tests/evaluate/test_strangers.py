"""Who may be mixed in: not a labelled name, not who may belong to a labelled organisation."""

from __future__ import annotations

from collections.abc import Iterable

from pingjiang.engine import Session
from pingjiang.evaluate.strangers import Strangers, pick_strangers
from pingjiang.text import organisation_key_sql

# Enough plain names that a word of one is rare.
CROWD = [f"Plain {n} Works Ltd" for n in range(3_000)]


def picked(session: Session, labelled: Iterable[tuple[str, str]], others: Iterable[str], brand: str = "") -> Strangers:
    label = session.from_rows({"name": "VARCHAR", "label": "VARCHAR"}, list(labelled))
    name = session.from_rows({"name": "VARCHAR"}, [(other,) for other in [*others, *CROWD]])
    pool = session.materialise(f"select n.name, {organisation_key_sql('n.name')} as folded from n", n=name)
    return pick_strangers(session, label, pool, [(brand,)] if brand else [])


def names(session: Session, found: Strangers) -> set[str]:
    return {row[0] for row in session.rows("select n.name from n", n=found.names)} - set(CROWD)


def test_labelled_names_and_suspects_stay_out() -> None:
    labelled = [
        ("International Business Machines Corp", "a"),
        ("Int. Business Machines", "a"),
        ("IBM", "a"),
        ("Plain Toyota", "b"),
    ]
    others = [
        "INTERNATIONAL BUSINESS MACHINES CORPORATION",  # equal after folding
        "IBM Deutschland GmbH",  # holds a labelled name of one word
        "Business Machines of France SA",  # holds the two rarest words of a label
        "Toyota Boshoku KK",  # holds a rare word of a label
        "Siemens AG",
        "General Motors",
    ]
    with Session(threads=1) as session:
        found = picked(session, labelled, others)
        assert names(session, found) == {"Siemens AG", "General Motors"}
        assert found.facts["equal_left_out"] == 1
        assert found.facts["suspects_left_out"] == 3


def test_a_brand_that_many_bear_is_named_by_hand() -> None:
    # One of two words of a label that more than one of a thousand bears does not make a suspect, a brand does.
    labelled = [("Samsung Display", "a"), ("Samsung Displays", "a")]
    others = [f"Samsung {n}" for n in range(20)]
    with Session(threads=1) as session:
        assert len(names(session, picked(session, labelled, others))) == 20
        assert names(session, picked(session, labelled, others, brand="samsung")) == set()


def test_the_same_names_are_drawn_every_time() -> None:
    with Session(threads=1) as session:
        first, second = (picked(session, [("Kodak", "a")], ["Fuji"]) for _ in range(2))
        assert first.facts == second.facts
        assert first.names.rows("name") == second.names.rows("name")
