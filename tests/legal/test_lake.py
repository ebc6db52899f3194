"""From files to answers: events of an export, the state at a date and as known on a day, fees, what is unknown."""

from __future__ import annotations

import datetime as real
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from pingjiang import pipeline
from pingjiang.chain.tree import load as load_chain
from pingjiang.engine import Lake, Session
from pingjiang.errors import DefinitionError
from pingjiang.legal import Fact, TermEnd, fold
from tests.legal.made import first_export, later_export

DAYS = (real.date(2021, 3, 1), real.date(2022, 5, 1))  # of the two imports


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    """Two exports, imported on two days, and built."""
    folder = tmp_path_factory.mktemp("legal")
    lake = Lake(folder / "lake")
    files = (first_export(folder / "first.csv"), later_export(folder / "later.csv"))
    for day, file in zip(DAYS, files, strict=True):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("pingjiang.pipeline.importing.datetime", _clock(day))
            [receipt] = pipeline.import_files([file], lake).receipts
        assert (receipt.format, receipt.imported_on, receipt.unknown_columns) == (
            "patentics_xlsx", day.isoformat(), [],
        )  # fmt: skip
    pipeline.build(lake, load_chain("semiconductors"))
    return lake


def _clock(day: real.date) -> type[real.datetime]:
    class Clock(real.datetime):
        @classmethod
        def now(cls, tz: real.tzinfo | None = None) -> Clock:
            return cls(day.year, day.month, day.day, tzinfo=tz)

    return Clock


def state(lake: Lake, number: str, day: str, **more: Any) -> dict[str, Any]:
    return pipeline.legal_state(lake, number, real.date.fromisoformat(day), **more)


COURSE = (
    ("2011-11-07", "unknown"), ("2011-11-08", "pending"), ("2012-05-02", "published"), ("2012-06-13", "examining"),
    ("2014-03-05", "in_force"), ("2017-11-07", "in_force"), ("2017-11-08", "lapsed"), ("2019-09-02", "lapsed"),
    ("2019-09-03", "in_force"), ("2031-11-07", "in_force"), ("2031-11-08", "expired"),
)  # fmt: skip


@pytest.mark.parametrize(
    "number", ["CN102437001A", "CN 102437001 B", "ZL201110350001.4", "CN201110350001", "CN102437001"]
)
def test_any_number_of_it_tells_the_course_of_a_right(lake: Lake, number: str) -> None:
    told = [(day, state(lake, number, day)["state"]) for day, _ in COURSE]
    assert told == list(COURSE)


def test_each_state_names_its_events_and_where_they_stand(lake: Lake) -> None:
    lapsed = state(lake, "CN102437001B", "2018-01-01")
    assert lapsed["application"] == "CN201110350001" and lapsed["life"] == "dead" and not lapsed["computed"]
    first, overlay = lapsed["because"]
    assert (first["event"], first["date"], first["announced"]) == ("lapsed", "2017-11-08", "2018-12-28")
    assert first["source"] == "patentics_xlsx:later.csv:2" and first["text"] == "未缴年费专利权终止"
    assert lapsed["overlays"] == ["licensed"]
    assert (overlay["event"], overlay["date"], overlay["overlay"]) == ("licensed", "2016-07-20", "licensed")
    assert lapsed["known_at"] == "2022-05-01" and lapsed["disclaimer_zh"] and lapsed["rules"]


def test_what_a_later_import_told_is_not_known_earlier(lake: Lake) -> None:
    before = state(lake, "CN102437001B", "2018-01-01", known=real.date(2022, 4, 30))
    assert (before["state"], before["known_at"]) == ("in_force", "2021-03-01")
    assert state(lake, "CN102437001B", "2018-01-01", known=real.date(2022, 5, 1))["state"] == "lapsed"
    nothing = state(lake, "CN102437001B", "2018-01-01", known=real.date(2020, 1, 1))
    assert (nothing["state"], nothing["known_at"], nothing["because"]) == ("unknown", None, [])


def test_a_computed_end_says_so_and_names_the_rule(lake: Lake) -> None:
    over = state(lake, "CN102437001B", "2035-01-01")
    assert over["computed"] and over["because"][0]["event"] == "term_ended"
    assert over["rules"][0]["rule"] == "term_cn_invention" and over["term"]["ends_date"] == "2031-11-08"


def test_a_number_that_is_not_there_is_unknown(lake: Lake) -> None:
    told = state(lake, "CN202010000001A", "2020-01-01")
    assert (told["found"], told["state"], told["because"]) == (False, "unknown", [])
    with pytest.raises(DefinitionError, match="不是专利号"):
        state(lake, "什么", "2020-01-01")


def test_what_nobody_knows_is_counted(lake: Lake) -> None:
    unknown = {(row["what"], row["text"]): row for row in pipeline.legal_unknown(lake)["unknown"]}
    assert unknown.keys() == {("code", "某种新公告"), ("state", "某种新状态")}
    assert all(row["told"] == row["applications"] == 1 and row["source_row"] for row in unknown.values())
    assert state(lake, "CN102437003A", "2015-06-01")["state"] == "published"


def test_the_table_of_states_and_the_answers_agree(lake: Lake) -> None:
    release = lake.require_current()
    with Session() as session:
        tables = release.open(session)
        cutoff = session.rows("select h.cutoff_date from h", h=tables["horizon"])[0][0]
        rows = {row["application_id"]: row for row in tables["legal_state"].dicts()}
        facts: dict[str, list[Fact]] = {application: [] for application in rows}
        names = (
            "kind, effective_date, known_date, origin, announced_date, authority, code, contract, applies, source_row"
        )
        for application, *fact in session.rows(f"select f.application_id, {names} from f", f=tables["legal_fact"]):
            facts[application].append(Fact(*fact))
        terms = {
            row["application_id"]: TermEnd(row["ends_date"], row["latest_date"]) for row in tables["legal_term"].dicts()
        }
    assert cutoff == real.date(2020, 1, 3) and len(rows) == 4
    for application, row in rows.items():
        assert row["at_date"] == cutoff
        one = fold(facts[application], cutoff, terms.get(application))
        assert (row["state"], row["life"], row["since_date"]) == (one.state, one.life, one.since)
        answer = state(lake, application, cutoff.isoformat())
        assert (answer["state"], answer["overlays"]) == (row["state"], row["overlays"] or [])
    assert {row["state"] for row in rows.values()} == {"in_force", "rejected", "published"}


def test_the_calendar_of_an_organisation(lake: Lake, tmp_path: Path) -> None:
    span = real.date(2021, 1, 1), real.date(2022, 12, 31)
    told = pipeline.legal_calendar(lake, tmp_path / "a.json", *span, organisation="合成公司甲")
    answer = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))
    assert told["entries"] == len(answer["entries"]) == 3 and answer["organisations"] == ["合成公司甲"]
    late, due, following = sorted(answer["entries"], key=lambda entry: str(entry["due"]))
    assert (late["due"], late["standing"], late["grace"]) == ("2020-11-08", "in_grace", "2021-05-08")
    assert (due["due"], due["year"], due["amount"], due["standing"]) == ("2021-11-08", 11, "4000.00", "due")
    assert due["surcharges"][-1] == {"until": "2022-05-08", "percent": 25, "amount": "1000.00"}
    assert following["year"] == 12 and answer["rules"] and answer["disclaimer_en"]
    pipeline.legal_calendar(lake, tmp_path / "a.xlsx", *span, organisation="合成公司甲")
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    lines = list(book.worksheets[0].iter_rows())
    header = next(at for at, line in enumerate(lines) if line[0].value == "机构 Organisations")
    column = [cell.value for cell in lines[header]].index("金额（全额） Amount in full")
    amounts = [line[column] for line in lines[header + 1 :]]
    assert sorted(cell.value for cell in amounts) == [4000, 4000, 4000]
    assert all(cell.number_format == "#,##0.00" for cell in amounts)
    assert book.worksheets[1].title == "所依规则"


def test_an_end_of_term_stands_in_the_calendar(lake: Lake, tmp_path: Path) -> None:
    pipeline.legal_calendar(lake, tmp_path / "a.json", real.date(2031, 1, 1), real.date(2031, 12, 31))
    ends = [
        entry
        for entry in json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))["entries"]
        if entry["what"] == "end"
    ]
    assert [(entry["due"], entry["pay_by"], entry["application_id"]) for entry in ends] == [
        ("2031-11-08", None, "CN201110350001")
    ]  # a Saturday, and it is not moved


def test_calendars_that_cannot_be(lake: Lake, tmp_path: Path) -> None:
    span = real.date(2021, 1, 1), real.date(2022, 12, 31)
    with pytest.raises(DefinitionError, match="合成公司甲"):
        pipeline.legal_calendar(lake, tmp_path / "a.json", *span, organisation="合成公司")
    with pytest.raises(Exception, match=r"\.xlsx"):
        pipeline.legal_calendar(lake, tmp_path / "a.pdf", *span)
    assert not list(tmp_path.iterdir())
