"""Files of the right shape with hostile contents, made by hypothesis, one reader after the other.

Unlike the numbered cases these are sound to the parser: what is hostile stands in fields, and in what holds what.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from tests.fuzz.judge import Seen, at_the_door, into_a_lake
from tests.fuzz.seeds import seeds

_FEW, _MANY = 12, int(os.environ.get("PINGJIANG_FUZZ_EXAMPLES", "1500"))
_WORDS = st.sampled_from(
    [
        *("", " ", "0", "-1", "9" * 19, "9" * 400, "1e999", "NaN", "CLM-99999999999999999999", "US", "PCT/", "CN1"),
        *("20200230", "00000000", "0001-01-01", "99999-12-31", "2020-01-01T99", "H01L", "H01L21/", "A99Z9999/999999"),
        *(
            "'; drop table record; --",
            '"',
            "'",
            "\\",
            "{}",
            "{0}",
            "%s",
            "&amp;",
            "<p>",
            "]]>",
            "=1+1",
            "@x",
            "|",
            ";;",
        ),
        *("\u202e", "\u200b", "\ufeff", "𠀀", "①②", "٣٤٥", "ß", "\u0130", "\u2028", "a\u0301" * 20, "2020 " * 2_000),
    ]
)
_TEXT = st.one_of(_WORDS, st.text(max_size=30), st.text(st.sampled_from("CNUSEP0123456789.-/ A;"), max_size=24))
_PLAIN = _TEXT.map(lambda text: "".join(c for c in text if c >= " " and not 0xD800 <= ord(c) < 0xE000 and c < "\ufffe"))


def _judged(name: str, content: bytes, whole_way: bool, seen: Seen) -> None:
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        if whole_way:
            into_a_lake(path, Path(folder) / "lake", seen)
        else:
            at_the_door(path, seen)


# -- what holds what ---------------------------------------------------------------------------------


def _elements(name: str) -> st.SearchStrategy[bytes]:
    """A document of XML whose elements are those of a sound one, with others in them, or none, or hostile texts."""
    text = seeds()[name].partition(b"?>")[2].lstrip() if seeds()[name].startswith(b"<?xml") else seeds()[name]
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True)
    tree = etree.fromstring(
        b"<many>" + text.replace(b"<!DOCTYPE", b"<!-- ").replace(b"[ ]>", b" -->") + b"</many>", parser
    )

    @st.composite
    def changed(draw: st.DrawFn) -> bytes:
        many = etree.fromstring(etree.tostring(tree), parser)
        nodes = [node for node in many.iter() if isinstance(node.tag, str) and node is not many]
        for _ in range(draw(st.integers(1, 8))):
            node = nodes[draw(st.integers(0, len(nodes) - 1))]
            how = draw(st.sampled_from(["text", "text", "attribute", "out", "double", "move", "tag", "empty", "tail"]))
            parent = node.getparent()
            if how in ("text", "tail"):
                setattr(node, how, draw(_PLAIN))
            elif how == "attribute":
                key = draw(st.sampled_from([*node.keys(), "lang", "num", "id", "level", "status"]))
                node.set(key, draw(_PLAIN))
            elif how == "tag":
                node.tag = nodes[draw(st.integers(0, len(nodes) - 1))].tag
            elif how == "empty":
                node.clear()
            elif parent is not None and how == "out":
                parent.remove(node)
            elif parent is not None and how == "double":
                parent.append(etree.fromstring(etree.tostring(node), parser))
            elif how == "move":
                other = nodes[draw(st.integers(0, len(nodes) - 1))]
                if node not in [other, *other.iterancestors()]:
                    other.append(node)
        return b'<?xml version="1.0" encoding="UTF-8"?>\n' + b"".join(
            etree.tostring(each, encoding="utf-8") for each in many
        )

    return changed()


_SCALARS = st.one_of(
    *(st.none(), st.booleans(), st.integers(), st.floats(), _TEXT),
    st.integers(min_value=2**63, max_value=2**70),
)
_JSON = st.recursive(
    _SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(_TEXT, inner, max_size=3)),
    max_leaves=8,
)


def _members(name: str) -> st.SearchStrategy[bytes]:
    """A document of JSON with values of any type at the places of a sound one."""
    lines = name.endswith(".jsonl")
    data = [json.loads(line) for line in seeds()[name].splitlines()] if lines else json.loads(seeds()[name])

    @st.composite
    def changed(draw: st.DrawFn) -> bytes:
        tree: Any = json.loads(json.dumps(data))
        for _ in range(draw(st.integers(1, 5))):
            here = tree
            while True:
                at = draw(st.sampled_from(sorted(here) if isinstance(here, dict) else range(len(here))))
                below = here[at]
                if not isinstance(below, (dict, list)) or not below or draw(st.integers(0, 9)) == 0:
                    break
                here = below
            here[at] = draw(_JSON)
        written = "\n".join(map(json.dumps, tree)) if lines else json.dumps(tree, ensure_ascii=draw(st.booleans()))
        return written.encode(errors="surrogatepass")

    return changed()


_CELLS = st.lists(st.lists(_TEXT, max_size=14), min_size=1, max_size=8)


def _table(draw: st.DrawFn) -> bytes:
    """A table under a sound header, or a changed one; quoted as its writer likes."""
    from tests.made import INCOPAT, incopat_row

    delimiter, end = draw(st.sampled_from(",\t;|")), draw(st.sampled_from(["\n", "\r\n", "\r"]))
    header = [draw(_TEXT) if draw(st.integers(0, 12)) == 0 else cell for cell in INCOPAT]
    rows = [header]
    for at in range(draw(st.integers(1, 6))):
        row = [draw(_TEXT) if draw(st.integers(0, 3)) == 0 else cell for cell in incopat_row(at + 1)]
        rows.append(row[: draw(st.integers(1, len(row)))] if draw(st.integers(0, 9)) == 0 else row)
    rows += draw(_CELLS) if draw(st.booleans()) else []
    quoted = draw(st.sampled_from([lambda cell: '"' + cell.replace('"', '""') + '"', lambda cell: cell]))
    text = end.join(delimiter.join(map(quoted, row)) for row in rows) + end
    return text.encode(draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "gb18030", "utf-32"])), errors="replace")


def _tagged(draw: st.DrawFn) -> bytes:
    lines = ["FN Clarivate Analytics Web of Science", "VR 1.0"]
    for _ in range(draw(st.integers(1, 4))):
        lines += ["PT P"]
        for tag in draw(
            st.lists(st.sampled_from(["PN", "TI", "AE", "AU", "IP", "PD", "AD", "PI", "CP", "AB", "X1"]), max_size=12)
        ):
            lines += [f"{tag} {draw(_TEXT)}", *(f"   {text}" for text in draw(st.lists(_TEXT, max_size=2)))]
        lines += ["PN US2019123456-A1", "TI x", "AE x", "IP x", "PD x", "ER", ""]
    return "\n".join(lines).encode(draw(st.sampled_from(["utf-8", "utf-16"])), errors="replace")


def _green(draw: st.DrawFn) -> bytes:
    lines = ["PATN", "WKU  039327094"]
    tags = ["WKU", "SRC", "APN", "TTL", "ISD", "APD", "NCL", "INVT", "NAM", "CTY", "CLAS", "OCL", "ICL", "UREF", "PNO"]
    tags += [
        "FREF",
        "OREF",
        "PAL",
        "CLMS",
        "STM",
        "NUM",
        "PAR",
        "PA1",
        "ABST",
        "BSUM",
        "PRIR",
        "RLAP",
        "COD",
        "PATN",
        "ZZZ",
    ]
    for tag in draw(st.lists(st.sampled_from(tags), max_size=40)):
        lines += [f"{tag:<5}{draw(_TEXT)}", *(f"      {text}" for text in draw(st.lists(_TEXT, max_size=1)))]
    return "\r\n".join(lines).encode("latin-1", errors="replace")


_MADE: Mapping[str, Callable[[st.DrawFn], bytes]] = {"a.csv": _table, "a.ciw": _tagged, "a.green": _green}


def _shapes(name: str) -> st.SearchStrategy[bytes]:
    if name in _MADE:
        return st.composite(_MADE[name])()
    return _members(name) if name.endswith((".json", ".jsonl")) else _elements(name)


SHAPES = (
    *_MADE, "grants.xml", "application.xml", "pap.xml", "st32.sgml", "assignments.xml", "assignment_search.xml",
    "master.xml", "scheme.xml", "docdb.xml", "ops_family.xml", "ops_search.xml", "ops_fulltext.xml", "odp.json",
    "odp_bag.json", "odp_documents.json", "peds.json", "found.json", "histories.jsonl", "list.json",
)  # fmt: skip


def _run(name: str, examples: int, whole_way: bool) -> None:
    seen = Seen()
    limits = settings(
        max_examples=examples, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck)
    )

    @limits
    @given(content=_shapes(name))
    def judge(content: bytes) -> None:
        _judged(name, content, whole_way, seen)

    judge()
    assert any(count for key, count in seen.counts.items() if key.endswith(": read")), (
        "nothing was read: no reader seen"
    )


@pytest.mark.parametrize("name", SHAPES)
def test_a_hostile_field_is_read_or_costs_its_document(name: str) -> None:
    _run(name, _FEW, whole_way=False)


@pytest.mark.slow
@pytest.mark.parametrize("name", SHAPES)
def test_many_hostile_fields(name: str) -> None:
    _run(name, _MANY, whole_way=False)
    _run(name, _MANY // 15, whole_way=True)
