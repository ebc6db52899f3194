"""What people judge of inventors by command is in the tables of the next build, and gone from them when undone."""

from __future__ import annotations

from pathlib import Path

import pytest

from pingjiang import pipeline
from pingjiang.engine import Lake, Session
from tests.judging.conftest import CHAIN
from tests.judging.test_commands import told
from tests.made import INCOPAT, incopat_row, write_csv

TEAM = {"申请人": "合成半导体研究所", "发明人": "张修远; 欧阳明月", "IPC": "H01L21/768"}
ROWS = [
    incopat_row(1, **TEAM),
    incopat_row(2, **TEAM),
    incopat_row(3, **{**TEAM, "申请人": "无关农业大学", "发明人": "张秀远", "IPC": "A01B1/00"}),
]
ONE, TWO, OTHER = "CN110000001A/张修远", "CN110000002A/张修远", "CN110000003A/张秀远"
COLLEAGUE = "CN110000001A/欧阳明月"


def built(lake: Lake) -> tuple[dict[str, str], dict[str, list[str]], int]:
    """Of a new build: mention → person, mention → reasons, and how many persons `inventor` has."""
    pipeline.build(lake, CHAIN)
    with Session() as session:
        tables = lake.require_current().open(session, "publication_inventor", "inventor")
        rows = tables["publication_inventor"].dicts()
        persons = {row["inventor_id"] for row in tables["inventor"].dicts()}
    named = {f"{row['publication_id']}/{row['name']}": row for row in rows}
    assert persons == {row["inventor_id"] for row in rows}
    return (
        {mention: row["inventor_id"] for mention, row in named.items()},
        {mention: row["link_reasons"] or [] for mention, row in named.items()},
        len(persons),
    )


@pytest.mark.slow
def test_same_and_different_are_in_the_next_build_and_undone_they_are_not(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    pipeline.import_files([write_csv(tmp_path / "a.csv", INCOPAT, ROWS)], lake)
    before, _, persons = built(lake)
    assert before[ONE] == before[TWO] != before[OTHER] and persons == 3

    options = ("--subject", "inventor", "--lake", lake.folder)
    [same] = told("accept", ONE, OTHER, "--verdict", "same", *options)["added"]
    [parted] = told("accept", ONE, TWO, "--verdict", "different", *options)["added"]
    after, reasons, persons = built(lake)
    assert after[ONE] == after[OTHER] != after[TWO] and persons == 3
    assert after[COLLEAGUE] == before[COLLEAGUE]
    assert any(same["judgement_id"] in reason for reason in reasons[OTHER])
    assert any(parted["judgement_id"] in reason for reason in reasons[TWO])

    for row in (same, parted):
        told("undo", row["judgement_id"], "--lake", lake.folder)
    assert built(lake)[0] == before
