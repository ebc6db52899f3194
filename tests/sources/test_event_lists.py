"""Events out of a cell of text: days, headings, details, and what is no event."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from pingjiang import pipeline
from pingjiang.engine import Lake, Session
from tests.legal.made import HEADER, LICENSED, row
from tests.made import write_csv


def events_of(folder: Path, *cells: str) -> list[list[dict[str, object]]]:
    rows = [row(f"CN10243{7001 + nth}A", f"CN2011103500{10 + nth}", cell, "有效") for nth, cell in enumerate(cells)]
    lake = Lake(folder / "lake")
    pipeline.import_files([write_csv(folder / "made.csv", HEADER, rows)], lake)
    with Session() as session:
        record = lake.require_current().open(session, "record")["record"]
        told = session.rows("select r.events from r order by r.row_number", r=record)
    return [events or [] for (events,) in told]


def test_days_words_and_details(tmp_path: Path) -> None:
    [events] = events_of(tmp_path, LICENSED)
    assert [(event["date"], event["text"]) for event in events] == [
        (date(2012, 5, 2), "公开"), (date(2012, 6, 13), "实质审查的生效"), (date(2014, 3, 5), "授权"),
        (date(2016, 8, 10), "专利实施许可合同备案的生效"), (date(2018, 12, 28), "未缴年费专利权终止"),
        (date(2019, 9, 3), "专利权的恢复"),
    ]  # fmt: skip
    assert [event["effective_date"] for event in events] == [
        None, None, None, date(2016, 7, 20), date(2017, 11, 8), None
    ]  # fmt: skip
    assert events[1]["details"] == ["IPC(主分类)=H01L 21/768", "申请日=2011.11.08"]


def test_other_ways_to_write_them(tmp_path: Path) -> None:
    told = events_of(
        tmp_path, "1 2 203965892 2014.11.26 授权 授权",
        "2015-1-7 专利申请权、专利权的转移 专利权的转移\r\n登记生效日:20150101",
        "无", "2014.13.45 授权 授权", "公开 2014.01.02",
    )  # fmt: skip
    assert [(event["date"], event["text"]) for event in told[0]] == [(date(2014, 11, 26), "授权")]
    assert [(event["date"], event["effective_date"]) for event in told[1]] == [(date(2015, 1, 7), date(2015, 1, 1))]
    assert told[1][0]["text"] == "专利申请权、专利权的转移 专利权的转移"
    assert told[2] == []
    assert [(event["date"], event["text"]) for event in told[3]] == [(None, "授权")]  # kept, its day unknown
    assert told[4] == []
