"""Mentions to persons: what joins them, what never does, and what breaks nothing."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pytest

from pingjiang.engine import Session, Table
from pingjiang.identities.inventors import gathering
from pingjiang.identities.inventors.features import NAMES
from pingjiang.identities.inventors.gathering import Sources
from pingjiang.identities.inventors.grouping import mutual_best
from pingjiang.identities.inventors.linking import link
from pingjiang.identities.inventors.model import load


@dataclass
class Document:
    """A made-up application."""

    id: str
    inventors: Sequence[str | None]
    organisations: Sequence[str] = ()
    classes: Sequence[str] = ("H01L",)
    title: str = "semiconductor device"
    year: float | None = 2015.0
    city: str | None = None
    country: str | None = None


def sources(session: Session, documents: Sequence[Document]) -> Sources:
    def table(columns: dict[str, str], rows: Sequence[Sequence[object]]) -> Table:
        return session.from_rows(columns, rows)

    text = "VARCHAR"
    mention = [
        (f"{d.id}/{at}", d.id, name, d.country, None, d.city, d.year)
        for d in documents for at, name in enumerate(d.inventors)
    ]  # fmt: skip
    return Sources(
        mention=table(
            {
                "mention_id": text,
                "document": text,
                "name": text,
                "country": text,
                "state": text,
                "city": text,
                "year": "DOUBLE",
            },
            mention,
        ),
        party=table({"document": text, "name": text}, [(row[1], row[2]) for row in mention]),
        organisation=table(
            {"document": text, "token": text, "name": text},
            [(d.id, name, name) for d in documents for name in d.organisations],
        ),
        classes=table({"document": text, "token": text}, [(d.id, name) for d in documents for name in d.classes]),
        title=table({"document": text, "title": text}, [(d.id, d.title) for d in documents]),
    )


def persons(documents: Sequence[Document]) -> set[frozenset[str]]:
    """Sets of mention ids that are one person."""
    with Session() as session:
        rows = link(session, sources(session, documents)).mention.dicts()
    found: dict[object, set[str]] = defaultdict(set)
    for row in rows:
        if row["unit"] is not None:
            found[row["person"]].add(row["mention_id"])
    return {frozenset(each) for each in found.values()}


def strangers(count: int = 60) -> list[Document]:
    """Documents of other people: against them it is told what is rare."""
    drawn = random.Random(7)
    families = ["Adler", "Baum", "Conti", "Dorn", "Engel", "Falk", "Grau", "Hahn", "Ibsen", "Jung"]
    given = ["Anna", "Bruno", "Clara", "David", "Emil", "Frida", "Georg", "Hanna", "Igor", "Jonas"]
    return [
        Document(
            f"S{n}", [f"{drawn.choice(families)}, {drawn.choice(given)}" for _ in range(3)], [f"firm {n % 12}"],
            [drawn.choice(["A61K", "B60L", "G06F", "H01M", "C07D"])], f"made up thing {n}", 1990.0 + n % 30,
        )
        for n in range(count)
    ]  # fmt: skip


def together(found: set[frozenset[str]], one: str, other: str) -> bool:
    return any({one, other} <= each for each in found)


def test_twelve_persons_called_li_stay_twelve() -> None:
    """Not even one team at one organisation makes Li Na and Li Ning one; nor does "Li, N." take them all."""
    given = ["Na", "Ning", "Nan", "Wei", "Wen", "Jun", "Jie", "Jing", "Hao", "Hua", "Bo", "Bin"]
    documents = [
        Document(f"D{n}-{copy}", [f"Li, {name}", "Petrova, Olga Ivanovna"], ["institute"])
        for n, name in enumerate(given) for copy in range(2)
    ]  # fmt: skip
    documents.append(Document("initial", ["Li, N."], ["another"]))
    found = {each for each in persons(documents + strangers()) if any(id_.endswith("/0") for id_ in each)}
    mine = [each for each in found if all(not id_.startswith("S") for id_ in each)]
    assert len(mine) == 13
    assert all(together(set(mine), f"D{n}-0/0", f"D{n}-1/0") for n in range(12))


def test_twelve_chinese_names_of_one_surname_stay_twelve() -> None:
    given = ["娜", "宁", "楠", "伟", "文", "军", "杰", "静", "浩", "华", "波", "斌"]
    documents = [
        Document(f"D{n}", [f"李{name}", "欧阳修远"], ["研究院甲"], title="锂电池隔膜") for n, name in enumerate(given)
    ]
    found = persons(documents + strangers())
    assert sum(any(id_.endswith("/0") and id_.startswith("D") for id_ in each) for each in found) == 12


def test_team_and_organisation_join_what_is_spelled_otherwise() -> None:
    documents = [
        Document("A", ["Kowalczyk, Zbigniew P.", "Ferrante, Ugo"], ["acme optics"]),
        Document("B", ["Zbigniew KOWALCZYK", "Ferrante, Ugo"], ["acme optics"]),
        Document("C", ["Kowalczyk, Zbigniew Piotr", "Ferrante, Ugo"], ["acme optics"]),
    ]
    assert frozenset({"A/0", "B/0", "C/0"}) in persons(documents + strangers())


def test_an_initial_alone_joins_nobody() -> None:
    """The same surname and initial at one organisation, but no co-inventor in common."""
    documents = [
        Document("A", ["Kowalczyk, Z.", "Ferrante, Ugo"], ["acme optics"]),
        Document("B", ["Kowalczyk, Zbigniew", "Moser, Lena"], ["acme optics"]),
    ]
    assert not together(persons(documents + strangers()), "A/0", "B/0")


def test_one_name_in_another_trade_and_country_is_another_person() -> None:
    far = [
        Document("A", ["Adler, Anna", "Moser, Lena"], ["acme optics"], ["G02B"], "optical lens", 1985.0, "Jena", "DE"),
        Document("B", ["Adler, Anna", "Rossi, Pia"], ["zeta foods"], ["A23L"], "frozen noodles", 2019.0, "Lima", "PE"),
    ]
    assert not together(persons(far + strangers(300)), "A/0", "B/0")


def test_publications_of_one_application_name_one_person() -> None:
    rows = [Document("A", ["Adler, Anna"]), Document("A", ["ADLER, Anna"])]
    with Session() as session:
        given = sources(session, rows)
        mention = session.from_rows(
            {"mention_id": "VARCHAR", "document": "VARCHAR", "name": "VARCHAR", "country": "VARCHAR",
             "state": "VARCHAR", "city": "VARCHAR", "year": "DOUBLE"},
            [("a1", "A", "Adler, Anna", None, None, None, None), ("a2", "A", "ADLER; Anna", None, None, None, 2001.0)],
        )  # fmt: skip
        found = link(session, Sources(mention, given.party, given.organisation, given.classes, given.title)).mention
        assert len({row["person"] for row in found.dicts()}) == 1


def test_what_is_no_person_breaks_nothing() -> None:
    documents = [
        Document("A", [None, "", "苏州大学", "不公告发明人", "Lee", "X", "李"], year=None),
        Document("B", ["Adler, Anna"], [], [], "", None),
        *strangers(3),
    ]
    with Session() as session:
        rows = {row["mention_id"]: row for row in link(session, sources(session, documents)).mention.dicts()}
    assert len(rows) == 8 + 9
    assert [rows[f"A/{n}"]["kind"] for n in range(7)] == [
        "empty", "empty", "organisation", "withheld", "latin", "latin", "full",
    ]  # fmt: skip
    assert [rows[f"A/{n}"]["unit"] is None for n in range(4)] == [True] * 4


def test_nothing_at_all_gives_nothing() -> None:
    with Session() as session:
        linked = link(session, sources(session, []))
        assert linked.mention.rows() == linked.doubt.rows() == []


@pytest.mark.slow
def test_a_document_with_thousands_of_inventors() -> None:
    crowd = [f"Family{chr(97 + n % 26)}{chr(97 + n // 26 % 26)}{chr(97 + n // 676)}, Given" for n in range(3_000)]
    found = persons([Document("A", crowd), Document("B", crowd[:1_000])])
    assert len(found) == 3_000


def test_the_order_of_mentions_plays_no_part(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor does it matter in how many portions blocks are compared."""
    documents = strangers(200)
    expected = persons(documents)
    assert any(len(each) > 1 for each in expected)
    random.Random(3).shuffle(documents)
    monkeypatch.setattr(gathering, "PORTION", 40)
    assert persons(documents) == expected


def test_a_link_tells_score_and_reasons() -> None:
    documents = [Document(f"A{n}", ["Kowalczyk, Zbigniew", "Ferrante, Ugo"], ["acme optics"]) for n in range(3)]
    with Session() as session:
        rows = link(session, sources(session, documents + strangers())).mention.dicts()
    mine = [row for row in rows if row["mention_id"] in {"A0/0", "A1/0", "A2/0"}]
    assert all(0.5 < row["score"] <= 1 and row["reasons"] for row in mine)
    assert any("co-inventors" in reason or "organisations" in reason for row in mine for reason in row["reasons"])
    alone = [row for row in rows if row["score"] is None]
    assert alone and all(row["reasons"] is None for row in alone)


def test_weak_chains_are_refused() -> None:
    """a–b and c–d are sure, b–c is likely: only each other's best are joined, the rest is compared anew."""
    i, j = np.array([0, 1, 2]), np.array([1, 2, 3])
    pairs = mutual_best(4, i, j, np.array([5.0, 4.0, 6.0], np.float32), 0.0)
    assert pairs.tolist() == [0, 2]
    assert mutual_best(4, i, j, np.array([5.0, 4.0, 6.0], np.float32), 5.5).tolist() == [2]


def test_the_model_speaks_the_way_that_is_known() -> None:
    """What is shared never speaks against one person, what is told and not shared never for it."""
    model = load()
    for weights in (model.single.weight, model.several.weight):
        told = dict(zip(NAMES, weights.tolist(), strict=True))
        assert all(value <= 0 for name, value in told.items() if name.endswith((":none", ":none*size")))
        assert all(value >= 0 for name, value in told.items() if name.endswith((":log", ":weight", ":alike", ":root")))
        assert all(told[name] >= 0 for name in ("org*co", "org*city", "org*cls", "co*common"))
        assert told["common"] <= 0 and told["name:other_middle"] < 0
        assert sum(value != 0 for value in told.values()) > 10
    assert list(model.bars) == sorted(model.bars, reverse=True) and model.doubt < model.bars[-1]


@pytest.mark.slow
def test_thousands_of_documents_that_share_everything_are_one_person() -> None:
    """One name, co-inventor, organisation, class and title: more than any token may bring together at once."""
    documents = [Document(f"A{n}", ["张伟", "李娜"], ["公司甲"], ["H01L"], "锂电池隔膜", 2015.0) for n in range(1_200)]
    assert frozenset(f"A{n}/0" for n in range(1_200)) in persons(documents + strangers())
