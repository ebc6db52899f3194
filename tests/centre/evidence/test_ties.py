"""Whether persons and firms have anything to do with each other in a lake: against the rows themselves."""

from __future__ import annotations

import dataclasses
import random
from collections import defaultdict
from pathlib import Path
from unittest import mock

import pytest

from pingjiang import pipeline
from pingjiang.centre.accounts.models import Organisation
from pingjiang.centre.evidence import adopting, kept
from pingjiang.centre.evidence import ties as door
from pingjiang.centre.evidence.models import DataLake
from pingjiang.centre.evidence.opening import NotBuilt, opened
from pingjiang.centre.evidence.ties import Firm, Someone, Tie, folded, ties
from pingjiang.chain.tree import load
from pingjiang.engine import Lake
from tests.made import INCOPAT, incopat_row, write_csv

pytestmark = pytest.mark.django_db
FIRMS = ("合成半导体研究所", "平江精密光电仪器厂", "无关大学", "隼联化学有限公司")
PEOPLE = ("陆清和", "许知行", "林知白", "何以安", "沈砚", "顾南枝", "周既白")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    """Sixty made-up publications of one to two applicants and one to three inventors."""
    folder, draw = tmp_path_factory.mktemp("ties"), random.Random(5)
    rows = [
        incopat_row(
            at,
            **{"申请人": "; ".join(draw.sample(FIRMS, draw.choice((1, 1, 2)))),
               "发明人": "; ".join(draw.sample(PEOPLE, draw.choice((1, 2, 3))))},
        )
        for at in range(1, 61)
    ]  # fmt: skip
    lake = Lake(folder / "lake")
    pipeline.import_files([write_csv(folder / "a.csv", INCOPAT, rows)], lake)
    pipeline.build(lake, load("semiconductors"))
    return lake


@pytest.fixture
def lake(centre: Organisation, made: Lake, site_folder: Path) -> DataLake:
    """The centre's lake."""
    kept.forget()
    return adopting.adopt(made, centre, ("关系", "Ties"), chain="semiconductors", open_sources=False)


def rows(lake: DataLake) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """Publication → folded names of its inventors, and of its applicants."""
    inventors: dict[str, set[str]] = defaultdict(set)
    applicants: dict[str, set[str]] = defaultdict(set)
    with opened(lake).session() as session:
        for publication, name in session.rows("select publication_id, name from publication_inventor"):
            inventors[publication].add(folded(name))
        for publication, name in session.rows("select publication_id, name from publication_applicant"):
            applicants[publication].add(folded(name))
    return inventors, applicants


def test_every_pair_is_found_and_no_other(lake: DataLake) -> None:
    """Persons are inventors of the lake, one of no patent; firms its applicants, with teams of inventors."""
    inventors, applicants = rows(lake)
    asked = [Someone(f"p{n}", name) for n, name in enumerate([*PEOPLE[:4], "没有专利的人"])]
    told = [Firm(f"f{n}", name, people=(PEOPLE[4 + n % 3],)) for n, name in enumerate(FIRMS)]
    found = {(tie.someone, tie.firm, tie.how) for tie in ties(asked, told).ties}
    expected = set()
    for someone in asked:
        for firm in told:
            for publication, names in inventors.items():
                if folded(someone.name) in names and folded(firm.people[0]) in names:
                    expected.add((someone.key, firm.key, "invented with"))
                if folded(someone.name) in names and folded(firm.name) in applicants[publication]:
                    expected.add((someone.key, firm.key, "invented for"))
    assert found == expected
    assert len(found) > 10


def test_who_applied_together_is_found_by_employer_and_is_not_certain(lake: DataLake) -> None:
    _inventors, applicants = rows(lake)
    one, other = next(sorted(names) for names in applicants.values() if len(names) > 1)
    found = ties([Someone("p", "没有专利的人", (one,))], [Firm("f", other)]).ties
    assert [(tie.how, tie.certain) for tie in found] == [("employer applied with", False)]


def test_nothing_of_a_row_is_handed_out(lake: DataLake) -> None:
    """Fields of a tie: who, whom, the ground, a year, the release. No number, no title, no third name."""
    inventors, applicants = rows(lake)
    names = {field.name for field in dataclasses.fields(Tie)}
    assert names == {"someone", "firm", "ground", "how", "certain", "other", "year", "whose", "release"}
    publication = next(each for each in inventors if applicants[each] and inventors[each])
    someone, firm = sorted(inventors[publication])[0], sorted(applicants[publication])[0]
    looked = ties([Someone("p", someone)], [Firm("f", firm)])
    for tie in looked.ties:
        assert publication not in repr(tie) and lake.name_zh not in repr(looked) and tie.other == ""
        assert tie.release == opened(lake).id
    assert looked.read == (f"{lake.owner.name_zh} {opened(lake).id}",) and looked.unread == ()


def test_a_lake_that_cannot_be_read_is_said(lake: DataLake) -> None:
    broken = NotBuilt("读不出。", "Cannot be read.", remedy=("重建。", "Build it."))
    with mock.patch.object(door, "opened", side_effect=broken):
        looked = ties([Someone("p", "某人")], [Firm("f", "某公司")])
    assert looked.ties == () and looked.read == () and looked.unread == (lake.owner.name_zh,)


def test_without_anybody_there_is_nothing(lake: DataLake) -> None:
    assert ties([], []).ties == ()
    assert ties([Someone("p", "")], [Firm("f", "")]).ties == ()
