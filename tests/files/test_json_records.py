"""JSON: a record a line, or a list somewhere in one document; what is broken costs its line."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pingjiang.errors import FileDamaged
from pingjiang.files import BadDocument, KnownNames, RawDocument, RawDocuments, open_file
from tests.files.made import SETTINGS

NAMES = KnownNames(len, frozenset(), frozenset({"bag", "a.b.docs"}))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)
RECORDS = st.dictionaries(
    st.text(min_size=1, max_size=6).filter(lambda key: key not in ("bag", "a")), VALUES, min_size=1
)


def read(path: Path, content: str | bytes, **limits: Any) -> list[RawDocument | BadDocument]:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    [found] = open_file(path, known=NAMES, settings=replace(SETTINGS, **limits))
    assert isinstance(found, RawDocuments)
    return list(found)


def contents(found: Sequence[RawDocument | BadDocument]) -> list[Any]:
    return [document.content for document in found if isinstance(document, RawDocument)]


@given(st.lists(RECORDS, min_size=1, max_size=5), st.sampled_from(["\n", "\r\n", "\n\n"]), st.booleans())
def test_lines_come_as_they_were_written(
    tmp_path_factory: pytest.TempPathFactory, records: list[Any], end: str, ascii_only: bool
) -> None:
    text = end.join(json.dumps(record, ensure_ascii=ascii_only) for record in records)
    found = read(tmp_path_factory.mktemp("json") / "a.jsonl", text)
    assert contents(found) == records
    assert [document.row_number for document in found] == list(range(1, len(records) + 1))
    for document in found:
        assert text.encode()[document.offset :].startswith(b"{")


@given(st.lists(RECORDS, min_size=1, max_size=5), st.sampled_from([None, 1]))
def test_lists_inside_a_document_come_as_they_were_written(
    tmp_path_factory: pytest.TempPathFactory, records: list[Any], indent: int | None
) -> None:
    path = tmp_path_factory.mktemp("json") / "a.json"
    for document, name in (
        ({"count": 1, "bag": records}, "bag"),
        ({"x": [1, {"docs": 2}], "a": {"b": {"docs": records, "more": []}}}, "a.b.docs"),
        (records, ""),
    ):
        found = read(path, json.dumps(document, indent=indent))
        assert contents(found) == records
        assert {one.name for one in found if isinstance(one, RawDocument)} == {name}


def test_a_document_without_a_known_list_is_one_record(tmp_path: Path) -> None:
    whole = {"title": "x", "others": {"p": 1}}
    assert contents(read(tmp_path / "a.json", json.dumps(whole, indent=1))) == [whole]


def test_places_are_right_behind_a_line_beyond_the_limit(tmp_path: Path) -> None:
    text = '{"a": 1}\n{"b": "' + "x" * 900 + '"}\n{"c": \n{"d": 4}\n'
    found = read(tmp_path / "a.jsonl", text, max_document_bytes=100)
    assert [(document.row_number, document.offset) for document in found] == [
        (at, text.index(start)) for at, start in enumerate(('{"a"', '{"b"', '{"c"', '{"d"'), start=1)
    ]
    assert [getattr(document, "reason", None) for document in found] == [
        None, "document_too_large", "document_ill_formed", None,
    ]  # fmt: skip


@pytest.mark.parametrize("first", ['{"a": ', '{"a": 1', '{"a": "x', '{"a": tru}', '{"a": 1}}', '{"bag": 1, "a": nul'])
def test_a_broken_first_line_costs_itself_alone(tmp_path: Path, first: str) -> None:
    found = read(tmp_path / "a.jsonl", first + '\n\n{"a": 2}\n{"a": 3}\n')
    assert isinstance(found[0], BadDocument)
    assert (found[0].row_number, found[0].line, found[0].offset) == (1, 1, 0)
    assert contents(found) == [{"a": 2}, {"a": 3}]


@pytest.mark.parametrize("text", ['{"a":\n {"b": 1,', '[\n{"a": 1},\n{"a', '{"bag": [\n{"a": 1},\n{"a"', '{"a": 1'])
def test_a_document_that_breaks_off_is_no_list_of_lines(tmp_path: Path, text: str) -> None:
    with pytest.raises(FileDamaged):
        read(tmp_path / "a.json", text)


def test_a_broken_line_costs_itself_alone(tmp_path: Path) -> None:
    found = read(tmp_path / "a.jsonl", '{"a": 1}\n{"a": \n[1]\n\n{"a": 2, "b": 1e999}\n{"a": 3}')
    assert [getattr(document, "reason", None) for document in found] == [
        None, "document_ill_formed", "document_ill_formed", "document_ill_formed", None,
    ]  # fmt: skip
    bad = found[2]
    assert isinstance(bad, BadDocument)
    assert (bad.line, bad.offset, bad.text) == (3, 16, "[1]")


def test_a_long_line_is_left_out_and_the_next_is_read(tmp_path: Path) -> None:
    text = '{"a": 1}\n{"a": "' + "x" * 3_000_000 + '"}\n{"a": 2}'
    found = read(tmp_path / "a.jsonl", text, max_document_bytes=1_000_000)
    assert [getattr(document, "reason", None) for document in found] == [None, "document_too_large", None]
    assert contents(found) == [{"a": 1}, {"a": 2}]


@pytest.mark.parametrize("text", ['{"bag": [{"a": 1}, {"a": ', '{"bag": [{"a": 1}]', '[{"a": 1}, {"a": 2'])
def test_a_document_that_breaks_off_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(FileDamaged):
        read(tmp_path / "a.json", text)


@pytest.mark.parametrize("depth", [1_000, 1_000_000])
def test_depth_is_bounded(tmp_path: Path, depth: int) -> None:
    nested = '{"a":' + "[" * depth + "]" * depth + "}"
    found = read(tmp_path / "a.jsonl", '{"a": 1}\n' + nested + "\n")
    assert [type(document).__name__ for document in found] == [
        "RawDocument", "RawDocument" if depth < 1024 else "BadDocument",
    ]  # fmt: skip


def test_utf_16_and_marks(tmp_path: Path) -> None:
    for codec in ("utf-8-sig", "utf-16"):
        assert contents(read(tmp_path / "a.jsonl", '{"名": "电池"}\n{"名": "x"}'.encode(codec))) == [
            {"名": "电池"}, {"名": "x"},
        ]  # fmt: skip


@pytest.mark.parametrize("opening", ["[", '{"a":', '["]]]",', '{"\\"[":'])
def test_a_document_that_goes_too_deep_is_refused(tmp_path: Path, opening: str) -> None:
    """Its paths would take room by the square of its depth; brackets in texts count for nothing."""
    with pytest.raises(FileDamaged, match="nested more than"):
        read(tmp_path / "a.json", '{"bag": [' + opening * 300_000)


def test_brackets_in_texts_are_no_depth(tmp_path: Path) -> None:
    records = [{"a": "[{" * 5_000 + '\\"' * at, "b": ["[" * 9]} for at in range(300)]
    path = tmp_path / "a.json"
    assert contents(read(path, json.dumps({"bag": records}))) == records
    assert contents(read(path, json.dumps({"bag": records}, indent=1))) == records
