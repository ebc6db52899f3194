"""The CPC scheme as a table of symbols, against a second reading by another parser."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

from pingjiang import pipeline
from pingjiang.engine import Lake, Session

MADE = """<?xml version="1.0"?>
<class-scheme publication-date="2026-01-01" scheme-type="cpc">
<classification-item not-allocatable="true" level="5"><classification-symbol>H01L</classification-symbol>
<class-title><title-part><text>SEMICONDUCTORS <CPC-specific-text><text>parts</text></CPC-specific-text></text>
</title-part><title-part><text>OTHERS</text><reference><text>lamps <class-ref>H05B</class-ref></text></reference>
</title-part></class-title>
<classification-item level="6"><classification-symbol>H01L21/00</classification-symbol>
<classification-item level="7"><classification-symbol>H01L21/00</classification-symbol>
<class-title><title-part><text>Processes</text></title-part></class-title>
<classification-item level="8"><classification-symbol>H01L21/02</classification-symbol>
<class-title><title-part><text>Making</text></title-part></class-title></classification-item>
</classification-item></classification-item></classification-item></class-scheme>"""


def titles(lake: Lake) -> list[tuple[object, ...]]:
    with Session() as session:
        table = lake.require_current().open(session, "class_title")["class_title"]
        return table.sql(
            "select t.source_row, t.symbol, t.parent, t.level, t.title, t.allocatable, cast(t.edition as varchar) "
            "from self_ t order by t.row_number"
        ).rows()


def test_entries_of_a_scheme(tmp_path: Path) -> None:
    path, lake = tmp_path / "scheme.xml", Lake(tmp_path / "lake")
    path.write_text(MADE, encoding="utf-8")
    [receipt] = pipeline.import_files([path], lake).receipts
    assert (receipt.rows_read, receipt.accepted, receipt.merged, receipt.rejected) == (4, 3, 1, 0)
    title = "SEMICONDUCTORS {parts}; OTHERS (lamps H05B)"
    assert titles(lake) == [
        ("cpc_scheme:scheme.xml:1", "H01L", None, 5, title, False, "2026-01-01"),
        ("cpc_scheme:scheme.xml:3", "H01L21/00", "H01L", 7, "Processes", True, "2026-01-01"),
        ("cpc_scheme:scheme.xml:4", "H01L21/02", "H01L21/00", 8, "Making", True, "2026-01-01"),
    ]  # fmt: skip
    [again] = pipeline.import_files([path], lake).receipts
    assert again.already_imported
    assert len(titles(lake)) == 3


def test_the_sample_of_a_real_scheme(tmp_path: Path, samples: Path) -> None:
    path = samples / ("formats/uspto/cpcScheme/cpc-scheme-A01L.xml")
    lake = Lake(tmp_path / "lake")
    [receipt] = pipeline.import_files([path], lake).receipts
    items = list(ElementTree.parse(path).iter("classification-item"))
    titled = [item for item in items if item.find("class-title") is not None]
    assert (receipt.rows_read, receipt.accepted) == (len(items), len(titled))
    rows = titles(lake)
    assert [row[1] for row in rows] == [item.findtext("classification-symbol") for item in titled]
    for row, item in zip(rows, titled, strict=True):
        words = "".join(item.find("class-title").itertext()).split()  # type: ignore[union-attr]
        assert "".join(str(row[4]).translate(str.maketrans("", "", "(){};")).split()) == "".join(words).translate(
            str.maketrans("", "", "(){};")
        )
