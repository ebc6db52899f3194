"""Grants and rights: known documents, the vendor's own labels, and that nothing unknown is claimed."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pingjiang.identifiers import is_grant, is_grant_many, parse, parse_many, patent_type, patent_type_many
from tests.identifiers.columns import column
from tests.identifiers.numbers import ANY, ANY_PUBLICATION, Written

KNOWN: list[tuple[str, str | None, bool | None, str | None]] = [
    ("CN109462287A", None, False, "invention"),
    ("CN109462287B", None, True, "invention"),
    ("CN106537823A8", None, False, "invention"),
    ("CN105807763B8", "2019-11-15", True, "invention"),
    ("CN1268940C", "2006-08-09", True, "invention"),
    ("CN100573417C", None, True, "invention"),
    ("CN1942627B", "2010-07-07", True, "invention"),
    ("CN1012327B", "1991-04-10", None, "invention"),
    ("CN1012327B", None, None, "invention"),
    ("CN1942627B", None, True, "invention"),
    ("CN202644312U", "2013-01-02", True, "utility_model"),
    ("CN2117572U", "1992-09-30", None, "utility_model"),
    ("CN2126506Y", None, True, "utility_model"),
    ("CN201292937Y", None, True, "utility_model"),
    ("CN307384495S", None, True, "design"),
    ("CN3012345D", None, True, "design"),
    ("CN85102431A", None, False, "invention"),
    ("CN87211349U", "1988-07-20", None, "utility_model"),
    ("CN102630714", None, None, "invention"),
    ("US8407913", None, True, "invention"),
    ("US5433384A", None, True, "invention"),
    ("US6211821B1", None, True, "invention"),
    ("US11355780B2", None, True, "invention"),
    ("US20110185700A1", None, False, "invention"),
    ("US20110185700", None, False, None),
    ("US20030123456P1", None, False, "plant"),
    ("USPP25068P2", None, True, "plant"),
    ("USPP12345P", None, True, "plant"),
    ("USRE48294E1", None, True, "reissue"),
    ("USRE28454E", None, True, "reissue"),
    ("USD800603S1", None, True, "design"),
    ("USD363980S", None, True, "design"),
    ("USH1469H1", None, False, None),
    ("USD345393", None, True, "design"),
    ("US62355199P0", None, False, None),
    ("EP3188474A1", None, False, "invention"),
    ("EP3188474B1", None, True, "invention"),
    ("EP0259054B9", None, True, "invention"),
    ("EP1234567A4", None, False, "invention"),
    ("EP1234567B2", None, True, "invention"),
    ("EP1234567B3", None, True, "invention"),
    ("EP1234567", None, None, "invention"),
    ("WO2014080385A2", None, False, "invention"),
    ("WO2014080385", None, False, "invention"),
    ("JP2005123456A", None, False, "invention"),
    ("JP6216353B2", None, True, "invention"),
    ("JP5985120B1", None, True, "invention"),
    ("JPH0473270B2", None, None, "invention"),
    ("JP3163499U", None, True, "utility_model"),
    ("JPS57041388U", None, False, "utility_model"),
    ("JP1565674S", None, True, "design"),
    ("KR20150127557A", None, False, "invention"),
    ("KR102521398B1", None, True, "invention"),
    ("KR810001285B1", None, None, "invention"),
    ("KR200475295Y1", None, True, "utility_model"),
    ("KR20130006425U", None, False, "utility_model"),
    ("DE102021204919A1", None, False, "invention"),
    ("DE102019105590B3", None, True, "invention"),
    ("DE1047497B", None, None, "invention"),
    ("DE4410048C1", None, True, "invention"),
    ("DE202023000397U1", None, True, "utility_model"),
    ("DE69012429D1", None, True, "invention"),
    ("DE60106530T2", None, True, "invention"),
    ("DE112012003115T5", None, False, "invention"),
    ("TWI588518B", None, True, "invention"),
    ("TWM633556U", None, True, "utility_model"),
    ("TWD122962S", None, True, "design"),
    ("TW201705407A", None, False, "invention"),
    ("GB2607985A", None, False, "invention"),
    ("GB1386335A", None, True, "invention"),
    ("GB2523644B", None, True, "invention"),
    ("CA1259494A", None, True, "invention"),
    ("CA2803158C", None, True, "invention"),
    ("CA3018060A1", None, False, "invention"),
    ("FR3018941B1", None, True, "invention"),
    ("FR1595464A", None, True, "invention"),
    ("AU2015297066B2", None, True, "invention"),
    ("AU2019100103A4", None, None, "utility_model"),
    ("RU2726739C1", None, True, "invention"),
    ("MX2011002270A", None, None, "invention"),
    ("QZ1234A", None, None, "invention"),
    ("BRMU2113738U2", None, False, "utility_model"),
    ("SU666533A1", None, None, "invention"),
]


@pytest.mark.parametrize(("text", "day", "grant", "right"), KNOWN)
def test_known_documents(text: str, day: str | None, grant: bool | None, right: str | None) -> None:
    number = parse(text, what="publication")
    when = date.fromisoformat(day) if day else None
    assert (is_grant(number, when), patent_type(number, when)) == (grant, right)


@pytest.mark.parametrize(
    ("text", "right"),
    [("CN201811107071.6", "invention"), ("CN202220035483.9", "utility_model"), ("CN201630148216.X", "design"),
     ("CN201580012345.1", "invention"), ("CN85102475", "invention"), ("CN86207465", "utility_model"),
     ("US29/578,323", "design"), ("US16/854,380", None), ("US62/133,061", None), ("KR20130006425U", "utility_model"),
     ("DE202023000397", "utility_model"), ("EP18206603", "invention"), ("PCT/CN2017/079453", "invention")],
)  # fmt: skip
def test_applications_tell_the_right_but_are_no_documents(text: str, right: str | None) -> None:
    number = parse(text, what="application")
    assert (is_grant(number), patent_type(number)) == (None, right)


@settings(deadline=None)
@given(ANY)
def test_columns_answer_as_single_numbers(written: Written) -> None:
    number = parse(written.text, what=written.what)
    column_ = parse_many([written.text, None, written.text], what=written.what)
    for when in (None, date(1991, 1, 1), date(2020, 1, 1)):
        assert is_grant_many(column_, [when, None, when]) == [is_grant(number, when), None, is_grant(number, when)]
    assert patent_type_many(column_) == [patent_type(number), None, patent_type(number)]


@settings(deadline=None)
@given(ANY_PUBLICATION, st.sampled_from(["Z9", "L", "Q3"]))
def test_an_unused_kind_is_never_called_a_grant(written: Written, kind: str) -> None:
    number = parse(written.text.rstrip("0123456789")[:2] + "1234567" + kind, what="publication")
    assert is_grant(number) is None or number.authority == "WO"


PATENTSVIEW = {"A": (True, "invention"), "B1": (True, "invention"), "B2": (True, "invention"), "E1": (True, "reissue"),
               "E": (True, "reissue"), "S": (True, "design"), "S1": (True, "design"), "P2": (True, "plant"),
               "P3": (True, "plant"), "H1": (False, None), "H": (False, None)}  # fmt: skip
TYPES: dict[str, set[str | None]] = {
    "utility": {"invention", None},
    "design": {"design"},
    "reissue": {"reissue"},
    "plant": {"plant"},
    "statutory invention registration": {None},
    "TVPP": {None},
}


def test_patentsview_kinds_and_types(samples: Path) -> None:
    """patent_id and wipo_kind together are a publication number; PatentsView's own type is the oracle."""
    seen = Counter[str]()
    for path in sorted(samples.glob("patentsview/*_patents_*.csv.gz")):
        kinds, types = column(path, "wipo_kind"), column(path, "patent_type")
        numbers = parse_many(
            [id_ + kind for id_, kind in zip(column(path, "patent_id"), kinds, strict=True)],
            what="publication",
            authority="US",
        )
        grants, rights = is_grant_many(numbers), patent_type_many(numbers)
        for kind, right, type_, grant in zip(kinds, rights, types, grants, strict=True):
            assert (grant, right) == PATENTSVIEW[kind]
            assert right in TYPES[type_]
            seen[kind] += 1
    assert seen["B2"] > 10_000


_LABELS = {"发明申请": False, "发明授权": True, "实用新型": True, "外观设计": True}
_RIGHTS = {"发明申请": "invention", "发明授权": "invention", "实用新型": "utility_model", "外观设计": "design"}


def test_labels_of_a_vendor_are_never_contradicted(samples: Path) -> None:
    """incoPat's 公开类型 and 专利类型 on 15,000 publications of 30 offices."""
    agreed = Counter[str]()
    for path in sorted(samples.glob("cn_exports/a*/incopat_*.xlsx")):
        numbers = parse_many(column(path, "公开（公告）号"), what="publication")
        days = [
            date.fromisoformat(text[:10].replace("/", "-")) if text else None for text in column(path, "公开（公告）日")
        ]
        rows = zip(
            numbers.id, numbers.authority, is_grant_many(numbers, days), patent_type_many(numbers),
            column(path, "公开类型"), column(path, "专利类型"), strict=True,
        )  # fmt: skip
        for id_, office, grant, right, label, type_label in rows:
            laid_open_model = label == "实用新型" and office in ("BR", "KR")  # the label tells the right only
            if grant is not None and label in _LABELS and not laid_open_model:
                assert grant == _LABELS[label], id_
                agreed["grant"] += 1
            if right is not None and type_label in _RIGHTS:
                known = "invention" if right == "reissue" else right  # the vendor has no word for reissues
                assert known == _RIGHTS[type_label], id_
                agreed["right"] += 1
    assert agreed["grant"] > 14_000
    assert agreed["right"] > 15_000
