"""Tagged text: one record from PT to ER, one column a tag."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.files.made import bad, only, reasons, refused, rows

HEAD = "FN Clarivate Analytics Web of Science\nVR 1.0\n"
RECORD = "PT P\nPN US1-A1;\n   CN2-B\nTI Battery separator\nAB first line\n   second line\nER\n"
TEXT = HEAD + RECORD + "\nPT P\nPN US3-A1\nDE\nER\n\nEF\n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "a.ciw"


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_tags_become_columns_and_records_rows(path: Path, codec: str, line_end: str) -> None:
    table = only(path, TEXT.replace("\n", line_end).encode(codec))
    assert table.header == ("PT", "PN", "TI", "AB", "DE")
    assert (table.sheet, table.header_row) == (None, 0)
    assert table.preamble == (("FN Clarivate Analytics Web of Science",), ("VR 1.0",))
    assert rows(table) == [
        (3, ["P", "US1-A1;\nCN2-B", "Battery separator", "first line\nsecond line", None]),
        (11, ["P", "US3-A1", None, None, None]),
    ]


def test_a_tag_given_twice_in_a_record_has_both_values(path: Path) -> None:
    assert rows(only(path, "PT P\nPN US1-A\nPN US2-A\nER\n")) == [(1, ["P", "US1-A\nUS2-A"])]


@pytest.mark.parametrize("end", ["", "EF\n", "PT P\nPN US9-A\nER\n"])
def test_a_record_that_does_not_end_is_named_and_costs_no_other(path: Path, end: str) -> None:
    table = only(path, HEAD + RECORD + "PT P\nPN US3-A1\nTI cut sh\n" + end)
    assert reasons(table) == [(10, "too_few_cells")]
    assert bad(table)[0].text.startswith("PT P\nPN US3-A1\nTI cut sh")
    assert len(rows(table)) == 1 + end.startswith("PT")


def test_a_byte_that_does_not_fit_costs_its_record_only(path: Path) -> None:
    content = (HEAD + RECORD.replace("Battery", "电池") * 40).encode()
    at = content.index("池".encode(), len(content) // 2)
    table = only(path, content[:at] + b"\xff" + content[at + 1 :])
    assert [reason for _, reason in reasons(table)] == ["bad_bytes"]
    assert len(rows(table)) == 39


def test_a_line_beyond_the_limit_is_refused_with_its_number(path: Path) -> None:
    error = refused(path, HEAD + RECORD + RECORD.replace("first", "x" * 100), max_cell_chars=100)
    assert error.row == 14
    assert "PINGJIANG_MAX_CELL_CHARS" in error.remedy


def test_a_record_without_end_is_refused_before_it_fills_the_memory(path: Path) -> None:
    error = refused(path, HEAD + RECORD + "PT P\n" + "AB words\n" * 100, max_cell_chars=100)
    assert error.row == 10


VALUE = st.text(alphabet="ab电 ;-", min_size=1, max_size=8).map(str.strip).filter(bool)
RECORDS = st.lists(
    st.dictionaries(st.sampled_from(["PN", "TI", "AU", "I9"]), st.lists(VALUE, min_size=1, max_size=3)),
    min_size=1,
    max_size=6,
)


@given(records=RECORDS)
@settings(max_examples=60, deadline=None)
def test_any_records_come_back(tmp_path_factory: pytest.TempPathFactory, records: list[dict[str, list[str]]]) -> None:
    text = "".join(
        "PT P\n" + "".join(f"{tag} " + "\n   ".join(values) + "\n" for tag, values in record.items()) + "ER\n\n"
        for record in records
    )
    table = only(tmp_path_factory.mktemp("ciw") / "a.ciw", text)
    found = [dict(zip(table.header, row, strict=True)) for _, row in rows(table)]
    assert [{tag: value for tag, value in row.items() if value is not None} for row in found] == [
        {"PT": "P", **{tag: "\n".join(values) for tag, values in record.items()}} for record in records
    ]
