"""Tables that list something else than patents: a row each, rejects by reason, and no record."""

from __future__ import annotations

from pathlib import Path

from pingjiang import pipeline
from pingjiang.engine import Lake, Session
from tests.made import write_csv

HEADER = ["Authority", "Event-code", "Date Created", "Influence", "Description ENG", "Event-class", "Later"]


def test_a_list_of_codes(tmp_path: Path) -> None:
    rows = [
        ["BR", "FG9A ", "20110427", "+", "GRANT", "F", "x"], ["BR", "", "20110427", "-", "REFUSAL", "B", "x"],
        ["BR", "FC", "20110427", " ", "LAPSE", "H", ""],
    ]  # fmt: skip
    lake = Lake(tmp_path / "lake")
    file = write_csv(tmp_path / "codes.csv", HEADER, rows)
    [receipt] = pipeline.import_files([file], lake).receipts
    assert (receipt.format, receipt.rows_read, receipt.accepted, receipt.rejected) == ("inpadoc_codes", 3, 2, 1)
    assert receipt.reasons == {"entry_incomplete": 1} and receipt.unknown_columns == ["Later"]
    assert receipt.rejects_file and "REFUSAL" in Path(receipt.rejects_file).read_text(encoding="utf-8")
    with Session() as session:
        code = lake.require_current().open(session, "event_code")["event_code"]
        told = session.rows("select c.authority, c.code, c.event_class, c.row_number from c order by 4", c=code)
    assert told == [("BR", "FG9A", "F", 2), ("BR", "FC", "H", 4)]
    [again] = pipeline.import_files([file], lake).receipts
    assert again.already_imported


def test_all_codes_of_the_real_list(tmp_path: Path, samples: Path) -> None:
    file = samples / "formats/epo/ops/legal/legal_code_descriptions_202417.xlsx"
    lake = Lake(tmp_path / "lake")
    [receipt] = pipeline.import_files([file], lake).receipts
    assert (receipt.rows_read, receipt.accepted, receipt.unknown_columns) == (4397, 4397, [])
