"""Class symbols: every spelling of the samples, order, ancestry; the full IPC as an oracle."""

from __future__ import annotations

import csv
import gzip
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pingjiang.identifiers import ClassSymbol, Scheme, is_below, normalise, normalise_many, sort_key
from tests.identifiers.columns import column, rows

SPELT: list[tuple[str, Scheme, str | None, str | None]] = [
    ("H01L21/768", "IPC", "H01L21/768", None),
    ("H01L  21/768", "IPC", "H01L21/768", None),
    ("A61K-0031/12", "IPC", "A61K31/12", None),
    ("H01L0021768000", "IPC", "H01L21/768", None),
    ("A23B0009320000", "IPC", "A23B9/32", None),
    ("H04N   3/00", "IPC", "H04N3/00", None),
    ("E01B3/32(2006.01)I", "IPC", "E01B3/32", "2006.01"),
    ("C07D41700", "IPC", "C07D417/00", None),
    ("A61K031426", "IPC", "A61K31/426", None),
    ("A61K000800", "IPC", "A61K8/00", None),
    ("G05D  1/02", "IPC", "G05D1/02", None),
    ("H04W 64/00 为了网络管理的目的，例如移动性管理，定位用户或终端〔2009.01〕", "IPC", "H04W64/00", "2009.01"),
    ("G06V 20/20 ", "IPC", "G06V20/20", None),
    ("B64C 39/02 ▪以特殊用途为特点的", "IPC", "B64C39/02", None),
    ("H04L", "IPC", "H04L", None),
    ("H04", "IPC", "H04", None),
    ("G05D1", "CPC", "G05D1", None),
    ("A61K-0039", "IPC", "A61K39", None),
    ("H01L21/768 20060101AFI20051220RMJP", "IPC", "H01L21/768", "2006.01"),
    ("Int.Cl.7 G06F17/30", "IPC", "G06F17/30", None),
    ("7A 61K 31:275 J", "IPC", "A61K31/275", "7"),
    ("6 A 21 D 13/08", "IPC", "A21D13/08", "6"),
    ("B60W30/188I", "IPC", "B60W30/188", None),
    ("C12N15/86: BIOCHEMISTRY; BEER", "CPC", "C12N15/86", None),
    ("ｈ０１ｌ２１／７６８", "IPC", "H01L21/768", None),
    ("Y02E60/10", "CPC", "Y02E60/10", None),
    ("Y02E60/10", "IPC", None, None),
    ("Y10S706/925", "CPC", "Y10S706/925", None),
    ("A61K2039/55544", "CPC", "A61K2039/55544", None),
    ("H10D 84/01", "IPC", "H10D84/01", None),
    ("14-02", "LOC", "14-02", None),
    ("1402", "LOC", "14-02", None),
    ("14-04(13)", "LOC", "14-04", "13"),
    ("LOC(13)Cl.14-02", "LOC", "14-02", "13"),
    ("14", "LOC", "14", None),
    ("09-01-B0193", "LOC", "09-01", None),
    ("14-0", "LOC", None, None),
    ("14-02", "IPC", None, None),
    ("H01L21/768", "LOC", None, None),
    ("NA", "IPC", None, None),
    ("", "IPC", None, None),
    ("H", "IPC", None, None),
    ("H01L0000/00", "IPC", None, None),
    ("146/32", "IPC", None, None),
    ("Hello", "IPC", None, None),
    ("A61K000", "IPC", None, None),
]


@pytest.mark.parametrize(("text", "scheme", "symbol", "version"), SPELT)
def test_spellings(text: str, scheme: Scheme, symbol: str | None, version: str | None) -> None:
    assert normalise(text, scheme) == (None if symbol is None else ClassSymbol(scheme, symbol, version))


@pytest.mark.parametrize(
    ("text", "scheme", "expected"),
    [
        ("14-01", "IPC", ClassSymbol("LOC", "14-01")),
        ("14-04(13)", "IPC", ClassSymbol("LOC", "14-04", "13")),
        ("LOC(10)Cl.14-02", "IPC", ClassSymbol("LOC", "14-02", "10")),
        ("LOC (10) Cl. 14-02", "IPC", ClassSymbol("LOC", "14-02", "10")),
        ("1403", "IPC", ClassSymbol("LOC", "14-03")),
        ("21-01-C0293", "IPC", ClassSymbol("LOC", "21-01")),
        ("１４－０２", "CPC", ClassSymbol("LOC", "14-02")),
        ("14-02", "LOC", ClassSymbol("LOC", "14-02")),
        ("H01L21/768", "IPC", ClassSymbol("IPC", "H01L21/768")),
        ("14", "IPC", None),
        ("33-01", "IPC", None),
        ("146/32", "IPC", None),
        ("2006.01", "IPC", None),
        ("201110123456.7", "IPC", None),
        ("A61K000", "IPC", None),
        ("", "IPC", None),
    ],
)
def test_a_design_among_other_symbols_is_told(text: str, scheme: Scheme, expected: ClassSymbol | None) -> None:
    assert normalise_many([text, None], scheme, or_design=True) == [expected, None]


_SUBCLASSES = st.tuples(
    st.sampled_from("ABCDEFGH"), st.integers(1, 99).map("{:02d}".format), st.sampled_from("ABCDEFGHJKLMNPQRSTUVWZ")
).map("".join)
_GROUPS = st.integers(1, 2999).map(str)
_SUBGROUPS = st.one_of(st.just("00"), st.text("0123456789", min_size=2, max_size=4).filter(lambda s: s[-1] != "0"))
SYMBOLS = st.tuples(_SUBCLASSES, _GROUPS, _SUBGROUPS).map(lambda parts: f"{parts[0]}{parts[1]}/{parts[2]}")


@settings(deadline=None)
@given(SYMBOLS)
def test_all_written_forms_come_to_one(symbol: str) -> None:
    head, group, subgroup = symbol[:4], *symbol[4:].split("/")
    forms = [
        symbol, f"{head} {group}/{subgroup}", f"{head}{group:>4}/{subgroup}", f"{head}-{group:0>4}/{subgroup}",
        f"{head}{group:0>4}{subgroup:0<6}", symbol.lower(), f"{symbol}(2006.01)I", f" {symbol} ▪ text 12/34",
    ]  # fmt: skip
    assert {form: found.symbol for form in forms if (found := normalise(form, "IPC"))} == dict.fromkeys(forms, symbol)
    assert normalise_many([*forms, None], "CPC")[-1] is None


@settings(deadline=None)
@given(SYMBOLS, SYMBOLS)
def test_ancestry_goes_by_subclass_and_main_group(symbol: str, other: str) -> None:
    head, group = symbol[:4], symbol.partition("/")[0]
    for ancestor in (symbol, symbol[0], symbol[:3], head, group, f"{group}/00"):
        assert is_below(symbol, ancestor)
    assert is_below(other, head) == (other[:4] == head)
    assert is_below(other, group) == (other.partition("/")[0] == group)
    assert not is_below(head, symbol)


@pytest.mark.parametrize(
    ("symbol", "ancestor", "below"),
    [("H01L21/768", "H01L2", False), ("H01L21/768", "H01L210", False), ("H01L21/768", "H01L21/76", False),
     ("H01L21/00", "H01L21", True), ("H01L21", "H01L21/00", True), ("H01L", "H01L21", False), ("14-02", "14", True),
     ("14-02", "14-02", True), ("14-02", "14-03", False), ("14-02", "1", False), ("Y02E60/10", "Y02E", True)],
)  # fmt: skip
def test_near_misses_of_ancestry(symbol: str, ancestor: str, below: bool) -> None:
    assert is_below(symbol, ancestor) == below


def test_order_is_by_number_not_by_letter() -> None:
    ordered = [
        "A01B", "A01B1", "A01B1/00", "A01B1/02", "A01B3/00", "A01B21/00", "B60Q1/00", "B60Q1/0023", "B60Q1/02",
        "B60Q1/2603", "B60Q1/28", "H01L21/768", "H01L21/7681", "H01L27/00",
    ]  # fmt: skip
    assert sorted(sorted(ordered, reverse=True), key=sort_key) == ordered


@settings(deadline=None)
@given(st.lists(SYMBOLS, max_size=8))
def test_sorting_keeps_what_lies_below_a_main_group_together(symbols: list[str]) -> None:
    ordered = sorted({*symbols, *(symbol.partition("/")[0] for symbol in symbols)}, key=sort_key)
    groups = [symbol.partition("/")[0] for symbol in ordered]
    assert groups == [group for group in dict.fromkeys(groups) for _ in range(groups.count(group))]


def test_every_symbol_of_the_ipc_is_read(samples: Path) -> None:
    """The IPC's own list in 14-character form, against its display form by plain string work."""
    tried = 0
    with gzip.open(samples / "classification/ipc_titles_en_75830.csv.gz", "rt", encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            code = row["symbol"]
            if len(code) == 14:
                found = normalise(code, "IPC")
                expected = f"{code[:4]}{int(code[4:8])}/{re.sub('0{1,4}$', '', code[8:])}"
                assert found is not None
                assert found.symbol == expected
                tried += 1
    assert tried > 70_000


CLASS_COLUMNS: list[tuple[str, str, str, Scheme]] = [
    ("cn_exports/a*/incopat_*.xlsx", "IPC主分类", ";", "IPC"),
    ("cn_exports/drone/*.xlsx", "国际主分类", "\n", "IPC"),
    ("cn_exports/drone/*.xlsx", "CPC分类", "|", "CPC"),
    ("cn_exports/autodriving/patentics_*.csv", "国际分类", "|", "IPC"),
    ("cn_exports/autodriving/patentics_*.csv", "美国分类", "|", "CPC"),
    ("cn_exports/misc/cnipa*.xlsx", "分类号", ";", "IPC"),
    ("cn_exports/misc/cn_university*.xlsx", "主分类号", ";", "IPC"),
    ("drones/lens2016*.csv", "CPC Classifications", ";;", "CPC"),
    ("formats/lens2021*.csv", "IPCR Classifications", ";;", "IPC"),
    ("formats/patentscope*.csv", "IPC", ";", "IPC"),
    ("patentsview/*_patents_*.csv.gz", "cpc", "|", "CPC"),
    ("landscapes/wipo_ritonavir*.csv", "ipc classes", "|", "IPC"),
    ("synbio/thomson*.xlsx", "international_classifications_codes", ";", "IPC"),
]
_DISPLAYED = re.compile(r"[A-HY]\d\d([A-Z]([1-9]\d{0,3}(/\d{2,6})?)?)?|\d\d(-\d\d)?")


@pytest.mark.parametrize(("files", "header", "divider", "scheme"), CLASS_COLUMNS)
def test_real_symbols_are_read(files: str, header: str, divider: str, scheme: Scheme, samples: Path) -> None:
    """At least 99.5 %; designs stand in the same columns with Locarno symbols, and are told as such."""
    cells: list[str] = []
    for path in sorted(samples.glob(files)):
        if "openai" not in path.name and header in column_names(path):
            cells += [part.strip() for cell in column(path, header) for part in cell.split(divider)]
    cells = [cell for cell in cells if cell not in ("", "NA")]
    found = normalise_many(cells, scheme, or_design=True)
    read = [symbol for symbol in found if symbol is not None]
    assert len(cells) > 100
    assert len(read) / len(cells) >= 0.995
    assert all(_DISPLAYED.fullmatch(symbol.symbol) for symbol in read)
    assert all(
        normalise(symbol.symbol, symbol.scheme) == ClassSymbol(symbol.scheme, symbol.symbol) for symbol in set(read)
    )


def column_names(path: Path) -> list[str]:
    return [cell for row in rows(path)[:3] for cell in row]
