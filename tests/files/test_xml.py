"""Documents of XML files: cut byte by byte, parsed one by one, nothing resolved, a bad one costs itself alone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from pingjiang.errors import FormatUnknown, InputRefused
from pingjiang.files import BadDocument, KnownNames, RawDocument, RawDocuments, open_file
from pingjiang.files import xml as module
from pingjiang.files.xml import lines_of, text_of
from tests.files.made import SETTINGS

NAMES = KnownNames(len, frozenset({"doc", "other-doc", "member"}))


def opened(path: Path, content: bytes, **limits: Any) -> RawDocuments:
    path.write_bytes(content)
    from dataclasses import replace

    [found] = open_file(path, known=NAMES, settings=replace(SETTINGS, **limits))
    assert isinstance(found, RawDocuments)
    return found


def read(path: Path, content: bytes, **limits: Any) -> list[RawDocument | BadDocument]:
    return list(opened(path, content, **limits))


WORDS = st.text(
    st.characters(codec="utf-8", exclude_characters="<>&\r\0", exclude_categories=("Cc", "Cs")), max_size=30
)


@st.composite
def documents(draw: st.DrawFn) -> bytes:
    """A document of random children and attributes, as a serialiser writes it."""
    root = etree.Element(draw(st.sampled_from(["doc", "other-doc"])), id=draw(WORDS))
    for text in draw(st.lists(WORDS, max_size=4)):
        etree.SubElement(root, draw(st.sampled_from(["p", "docs", "document"]))).text = text
    return bytes(etree.tostring(root, encoding="utf-8", xml_declaration=draw(st.booleans())))


@given(
    st.lists(documents(), min_size=1, max_size=6), st.integers(1, 64), st.sampled_from([b"", b"\n", b"<!-- x -->\n"])
)
def test_documents_behind_one_another_come_as_they_were_written(
    tmp_path_factory: pytest.TempPathFactory, written: Sequence[bytes], block: int, between: bytes
) -> None:
    path = tmp_path_factory.mktemp("xml") / "a.xml"
    content = between.join(written)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_BLOCK", block)  # tags are cut in two at every place
        found = read(path, content)
    good = [document for document in found if isinstance(document, RawDocument)]
    assert len(good) == len(found)
    assert [etree.tostring(document.content, method="c14n") for document in good] == [
        etree.tostring(etree.fromstring(one), method="c14n") for one in written
    ]
    for document in good:
        assert content[document.offset :].startswith(f"<{document.name}".encode())


@given(st.lists(documents(), min_size=3, max_size=6), st.data())
def test_an_ill_formed_document_costs_itself_alone(
    tmp_path_factory: pytest.TempPathFactory, written: list[bytes], data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(written) - 1))
    broken = b"<doc><a></b>&nbsp</doc>"
    content = b"\n".join([*written[:at], broken, *written[at + 1 :]])
    found = read(tmp_path_factory.mktemp("xml") / "a.xml", content)
    assert [isinstance(document, BadDocument) for document in found] == [i == at for i in range(len(written))]
    bad = found[at]
    assert isinstance(bad, BadDocument)
    assert content[bad.offset :].startswith(broken)
    assert bad.line == content[: bad.offset].count(b"\n") + 1
    assert bad.row_number == at + 1


def test_a_document_without_its_end_is_cut_short_and_the_next_is_read(tmp_path: Path) -> None:
    found = read(tmp_path / "a.xml", b"<all><doc><p>1</p>\n<doc><p>2</p></doc>\n<doc><p>3</all>")
    assert [getattr(document, "reason", None) for document in found] == [
        "document_cut_short",
        None,
        "document_cut_short",
    ]
    assert [document.offset for document in found] == [5, 19, 39]


def test_a_document_beyond_the_limit_is_left_out_and_the_next_is_read(tmp_path: Path) -> None:
    content = b"<all><doc>" + b"x" * 200_000 + b"</doc><doc><p>2</p></doc></all>"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_BLOCK", 1000)
        found = read(tmp_path / "a.xml", content, max_document_bytes=50_000)
    assert [getattr(document, "reason", None) for document in found] == ["document_too_large", None]


def test_namespaces_of_the_root_are_those_of_its_documents(tmp_path: Path) -> None:
    content = b'<a xmlns="urn:1" xmlns:o="urn:2"><b xmlns="urn:3"><o:member><p>1</p></o:member></b></a>'
    [document] = read(tmp_path / "a.xml", content)
    assert isinstance(document, RawDocument)
    assert document.content.tag == "{urn:2}member"
    assert document.content[0].tag == "{urn:3}p"


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig", "gb18030"])
def test_other_encodings(tmp_path: Path, codec: str) -> None:
    declared = codec.removesuffix("-sig").removesuffix("-le").removesuffix("-be")
    text = f'<?xml version="1.0" encoding="{declared}"?>\n<doc><p>电池—碳</p></doc>\n<doc><p>芯片</p></doc>'
    found = read(tmp_path / "a.xml", text.encode(codec))
    assert [text_of(document.content) for document in found if isinstance(document, RawDocument)] == ["电池—碳", "芯片"]


def test_nothing_is_resolved_or_loaded(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("TOP SECRET")
    content = f"""<?xml version="1.0"?>
    <!DOCTYPE doc [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">
    <!ENTITY file SYSTEM "{secret.as_uri()}"> <!ENTITY % p SYSTEM "http://127.0.0.1:9/x"> %p;]>
    <doc><p>&c;|&file;|&mdash;|&nobody;</p></doc>"""
    [document] = read(tmp_path / "a.xml", content.encode())
    assert isinstance(document, RawDocument)
    assert text_of(document.content) == "&c;|&file;|—|&nobody;"


def test_depth_is_bounded(tmp_path: Path) -> None:
    found = read(tmp_path / "a.xml", b"<doc>" + b"<p>" * 100_000 + b"</p>" * 100_000 + b"</doc><doc/>")
    assert [getattr(document, "reason", None) for document in found] == ["document_ill_formed", None]


def test_xml_without_a_known_document_is_refused_by_its_root(tmp_path: Path) -> None:
    with pytest.raises(FormatUnknown, match="root element x-y"):
        read(tmp_path / "a.xml", b'<?xml version="1.0"?><n:x-y xmlns:n="urn:1"/>')


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, junk: bytes) -> None:
    path = tmp_path_factory.mktemp("xml") / "a.xml"
    try:
        found = read(path, b"<?xml version='1.0'?><doc>" + junk + b"</doc>")
    except InputRefused:
        return
    assert found


def test_lines_and_text() -> None:
    element = etree.fromstring("<d>\n <h>A  b</h><p>c<i>d</i>\n e<sub>2</sub> </p>tail<p/><t><r>1</r></t></d>")
    assert text_of(element) == "A bcd e2 tail1"
    assert lines_of(element, frozenset({"h", "p"})) == "A b\ncd e2\ntail\n1"
    assert text_of(None) is None and lines_of(None, frozenset()) is None
    assert text_of(etree.fromstring("<p> </p>")) is None


INNER = st.sampled_from("phib")
TREES = st.recursive(WORDS, lambda tree: st.lists(st.tuples(INNER, tree), max_size=4), max_leaves=12)
WHITE = re.compile("[ \n\t\r]+")


@given(TREES)
def test_lines_are_the_same_by_either_way(tree: Any) -> None:
    def build(parent: Any, made: Any) -> None:
        if isinstance(made, str):
            parent.text = made
            return
        for name, inner in made:
            build(etree.SubElement(parent, name), inner)
            parent[-1].tail = " x "

    root = etree.Element("d")
    build(root, tree)
    blocks = frozenset({"p", "h"})
    quick = lines_of(root, blocks)
    spaced = etree.fromstring(etree.tostring(root).replace(b"<d", b'<d xmlns="urn:x"', 1))
    assert lines_of(spaced, blocks) == quick
    lines = "".join(module._pieces(root, blocks)).split(module._MARK)
    assert quick == ("\n".join(line for part in lines if (line := WHITE.sub(" ", part).strip())) or None)
