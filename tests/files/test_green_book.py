"""The Green Book: patents from PATN on, tags with values, lines that go on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pingjiang.files import BadDocument, KnownNames, RawDocument, RawDocuments, open_file
from tests.files.made import SETTINGS

TAGS = st.sampled_from(["WKU", "TTL", "NAM", "PAR", "PA1", "ABST", "INVT", "CLMS"])
TEXT = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=20)
LINES = st.lists(st.tuples(TAGS, st.lists(TEXT, min_size=1, max_size=3)), max_size=8)


def read(path: Path, content: bytes, limit: int = 2**20) -> list[RawDocument | BadDocument]:
    path.write_bytes(content)
    [found] = open_file(path, known=KnownNames(len), settings=replace(SETTINGS, max_document_bytes=limit))
    assert isinstance(found, RawDocuments)
    return list(found)


@given(st.lists(LINES, min_size=1, max_size=4), st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_patents_come_as_they_were_written(
    tmp_path_factory: pytest.TempPathFactory, patents: list[list[tuple[str, list[str]]]], end: str, headed: bool
) -> None:
    lines = ["HHHHHT        WEEKLY FILE"] if headed else []
    for patent in patents:
        lines += ["PATN", "WKU  039327094"]
        for tag, values in patent:
            lines.append(f"{tag:<4} {values[0]}")
            lines += [f"      {value}" for value in values[1:]]
    content = end.join([*lines, ""]).encode("latin-1")
    found = read(tmp_path_factory.mktemp("green") / "a.txt", content)
    assert [document.content for document in found if isinstance(document, RawDocument)] == [
        [("PATN", ""), ("WKU", "039327094"), *((tag, "\n".join(values)) for tag, values in patent)]
        for patent in patents
    ]
    for document in found:
        assert content[document.offset :].startswith(b"PATN")


def test_a_patent_beyond_the_limit_is_left_out(tmp_path: Path) -> None:
    text = b"PATN\nWKU  1\nTTL  a\nPATN\nWKU  2\nPAL  " + b"x " * 40_000 + b"\nPATN\nWKU  3\n"
    found = read(tmp_path / "a.txt", text, limit=10_000)
    assert [getattr(document, "reason", None) for document in found] == [None, "document_too_large", None]
    assert isinstance(found[1], BadDocument)
    assert (found[1].offset, found[1].line) == (19, 4)
