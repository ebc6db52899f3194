"""What hostile files have found, each in its smallest form, so that it stays mended."""

from __future__ import annotations

import io
import json
import re
import struct
import zipfile
from pathlib import Path
from typing import Any

import pytest

from pingjiang import pipeline
from pingjiang.engine import Lake
from pingjiang.errors import DefinitionError, InputRefused
from pingjiang.files import BadDocument, RawDocument, RawDocuments, open_file
from pingjiang.identifiers import NumberUnreadable, parse
from pingjiang.sources import FileReceipt, known_names, load_formats, read_format
from pingjiang.sources import documents as reading
from tests.files.made import SETTINGS, limited, opened, refused, rows, zip_of
from tests.fuzz.judge import Seen, at_the_door
from tests.fuzz.office_seeds import grant
from tests.fuzz.seeds import seeds


def imported(folder: Path, content: bytes | str) -> FileReceipt:
    path = folder / "made"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    [receipt] = pipeline.import_files([path], Lake(folder / "lake"), settings=SETTINGS).receipts
    return receipt


def lines(*records: dict[str, Any]) -> str:
    return "".join(json.dumps(record) + "\n" for record in records)


def found(**values: Any) -> dict[str, Any]:
    return {"guid": "US-11803561-B1", "publicationReferenceDocumentNumber": "1", "inventionTitle": "x", **values}


@pytest.mark.parametrize("value", [[["x"]], [1], [{"a": 1}]])
def test_a_value_that_goes_into_no_column_costs_its_document(tmp_path: Path, value: object) -> None:
    receipt = imported(
        tmp_path, lines(found(), found(guid="US-1-B1", assigneeName=value), found(guid="US-11803562-B1"))
    )
    assert (receipt.rows_read, receipt.accepted, receipt.reasons) == (3, 2, {"document_unexpected": 1})


def test_a_number_of_a_claim_beyond_all_integers_costs_its_document(tmp_path: Path) -> None:
    receipt = imported(tmp_path, grant(8_926_501) + grant(8_926_502).replace("CLM-00001", "CLM-" + "9" * 30))
    assert (receipt.accepted, receipt.reasons) == (1, {"document_unexpected": 1})


def test_values_nested_too_deep_to_be_shown() -> None:
    deep: Any = "x"
    for _ in range(100_000):
        deep = [deep]
    batch = reading._Batch()
    batch.add(RawDocument(1, 0, "", found(datePublished={"a": deep})), load_formats()["uspto_search"])
    assert [reason for _, reason, _ in batch.bad] == ["document_unexpected"]


def test_a_grant_without_bibliographic_data_costs_itself(tmp_path: Path) -> None:
    receipt = imported(tmp_path, grant() + "<us-patent-grant><abstract/></us-patent-grant>")
    assert (receipt.accepted, receipt.reasons) == (1, {"document_unexpected": 1})


@pytest.mark.parametrize("level", ["9" * 30, "٣" * 9])
def test_a_level_of_the_scheme_that_is_none(tmp_path: Path, level: str) -> None:
    receipt = imported(tmp_path, seeds()["scheme.xml"].replace(b'level="7"', f'level="{level}"'.encode()))
    assert receipt.accepted == 3


@pytest.mark.parametrize("number", ["", "PN US(2019\n", "PN [a-\n"])
def test_a_tagged_record_with_no_number_is_rejected_by_that(tmp_path: Path, number: str) -> None:
    text = seeds()["wos.ciw"].decode()
    receipt = imported(tmp_path, text.replace("PN EP1820402-A1\n", number))
    assert receipt.rows_read == receipt.accepted + receipt.rejected + receipt.merged
    assert receipt.rows_read == 2


@pytest.mark.parametrize(
    "text", ["CN" + "2020 " * 200_000, "1" * 1_000_000, "2020-" + " " * 500_000 + "1", "US" + "1 " * 400_000 + "A1"]
)
def test_a_number_without_end_takes_no_time(text: str) -> None:
    """A pattern took time by the third power of the length: a cell of 100,000 characters, hours."""
    with pytest.raises(NumberUnreadable):
        parse(text, what="application")


def test_a_workbook_in_an_archive_with_a_part_before_its_beginning(tmp_path: Path) -> None:
    """All places move by 50 towards the beginning, and all parts but the first move back."""
    book = bytearray(seeds()["book.xlsx"])
    entries = [found.start() for found in re.finditer(b"PK\x01\x02", book)]
    for at in [*(entry + 42 for entry in entries[1:]), book.rindex(b"PK\x05\x06") + 16]:
        struct.pack_into("<I", book, at, struct.unpack_from("<I", book, at)[0] + 50)
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        assert archive.infolist()[0].header_offset == -50
    (tmp_path / "a.zip").write_bytes(zip_of({"book.xlsx": bytes(book)}, zipfile.ZIP_STORED))
    assert at_the_door(tmp_path / "a.zip", Seen()) == "refused"


def test_a_prefix_that_nobody_declares(tmp_path: Path) -> None:
    """The parser forgets that error over another one, of an entity that is unknown."""
    document = '<x:exchange-document country="EP" doc-number="{}" kind="A1"><c>&h;</c></x:exchange-document>'
    (tmp_path / "a.xml").write_text(document.format(1), encoding="utf-8")
    assert at_the_door(tmp_path / "a.xml", Seen()) == "refused"
    receipt = imported(tmp_path, document.format(1) + document.replace("x:", "").format(2))
    assert (receipt.accepted, receipt.reasons) == (1, {"document_ill_formed": 1})


def test_a_row_beyond_all_columns(tmp_path: Path) -> None:
    error = refused(tmp_path / "a.csv", "公开号,标题,申请日\n" + "x," * 500, max_columns=100)
    assert "100" in error.message
    few = "公开号,标题,申请日\n" + "CN1A,x,2020-01-02\n" * 3 + "x," * 500 + "\n"
    (tmp_path / "b.csv").write_text(few, encoding="utf-8")
    [table] = opened(tmp_path / "b.csv", max_columns=100)
    assert len(rows(table)) == 3


@pytest.mark.parametrize("text", ['{"a": 0000-00-00}', "name: 0000-00-00", "[" * 5_000])
def test_a_spec_with_a_date_that_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "spec.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(DefinitionError):
        read_format(tmp_path / "spec.yaml")


# -- JSON --------------------------------------------------------------------------------------------


def records(folder: Path, content: str | bytes, **limits: int) -> list[RawDocument | BadDocument]:
    path = folder / "a.json"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    [raw] = open_file(path, known=known_names(), settings=limited(limits))
    assert isinstance(raw, RawDocuments)
    return list(raw)


@pytest.mark.parametrize("opening", ["[", '{"a":', '{"a":[', '[{"b":"]}\\\\"},["\\"]"],'])
@pytest.mark.parametrize("before", ['{"patentBag": [{"x": ', '{"patentBag": [{"x": "\\\\"},{"y":"]]]"},'])
def test_json_that_goes_too_deep(tmp_path: Path, before: str, opening: str) -> None:
    with pytest.raises(InputRefused, match="deep"):
        records(tmp_path, before + opening * 2_000)


def test_brackets_in_texts_are_no_depth(tmp_path: Path) -> None:
    """Whatever falls on the edge of a block: quotes, backslashes, brackets."""
    text = json.dumps({"patentBag": [{"t": '[{"\\' * at + "\\\\" * (at % 7)} for at in range(900)]})
    assert len(records(tmp_path, text)) == 900
    long = json.dumps({"patentBag": [{"t": "[\\" * 60_000 + "x" * at} for at in range(40)] + [{"u": [[1]]}]})
    assert len(records(tmp_path, long)) == 41


def test_a_record_in_a_list_that_is_too_large(tmp_path: Path) -> None:
    text = json.dumps({"patentBag": [{"t": "x" * 3_000_000}]})
    with pytest.raises(InputRefused, match="PINGJIANG_MAX_DOCUMENT_BYTES"):
        records(tmp_path, text, max_document_bytes=1_000_000)
    small = json.dumps({"patentBag": [{"t": "x" * 30_000}] * 100})
    assert len(records(tmp_path, small, max_document_bytes=1_000_000)) == 100


def test_lists_in_the_list_of_records(tmp_path: Path) -> None:
    first, second = records(tmp_path, '{"patentBag": [' + "[" * 400 + "]" * 400 + ', {"patentNumber": "1"}]}')
    assert isinstance(first, BadDocument) and isinstance(second, RawDocument)
