"""Which claims a claim refers to: the wording against the references that Red Book documents mark, and by hand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from pingjiang.sources.offices.claims import split_claims
from pingjiang.sources.offices.dependency import depends_on

WORDED = [
    ("8. Apparatus as claimed in claim 4, 5, 6 or 7, wherein", 8, [4, 5, 6, 7]),
    ("4. Apparatus as claimed in any of the foregoing claims, wherein", 4, [1, 2, 3]),
    ("at least four of the markers described in claim 1, 2, 3, 4(c), and 4(d), e.g.", 10, [1, 2, 3, 4]),
    ("any one of claims 5(c), 5(d) or 5(e)", 11, [5]),
    ("set forth in claims 1 through 3 and claim 5", 6, [1, 2, 3, 5]),
    ("A method of one of claims 1-3 and 5-7", 9, [1, 2, 3, 5, 6, 7]),
    ("as in claim 1, 2 to 5 wt% of which", 7, [1, 2]),
    ("The plate of claim 1, 250 mm thick", 400, [1]),
    ("Verfahren nach einem der Ansprüche 1 bis 3 oder 5", 7, [1, 2, 3, 5]),
    ("Vorrichtung nach einem der vorhergehenden Ansprüche", 3, [1, 2]),
    ("Procédé selon l'une quelconque des revendications 1 à 4", 5, [1, 2, 3, 4]),
    ("Procédé selon la revendication 1 ou la revendication 2", 5, [1, 2]),
    ("5. 根据权利要求1至3中任一项所述的方法", 5, [1, 2, 3]),
    ("3.如权利要求1或2所述的装置", 3, [1, 2]),
    ("一种芯片，包括权利要求1-3、5或7所述的器件", 9, [1, 2, 3, 5, 7]),
    ("如前述权利要求任一项所述", 4, [1, 2, 3]),
    ("根据权利要求1或2所述的方法", 3, [1, 2]),
    ("如权利要求1至3任一项所述的装置", 4, [1, 2, 3]),
    ("根据权利要求第1项或第3项所述的装置", 4, [1, 3]),
    ("如权利要求第1至第3项中任意一项所述", 4, [1, 2, 3]),
    ("根据权利要求１－３任一项所述", 5, [1, 2, 3]),
    ("根据权利要求1和/或3所述", 5, [1, 3]),
    ("根据权利要求1以及3所述", 5, [1, 3]),
    ("根据以上任意一项权利要求所述", 3, [1, 2]),
    ("根据权利要求2所述的方法，所述厚度为1或3毫米", 4, [2]),
    ("如申請專利範圍第1或2項所述之裝置", 3, [1, 2]),
    ("請求項1から3のいずれか1項に記載の装置", 5, [1, 2, 3]),
    ("제1항 내지 제3항 중 어느 한 항에 있어서", 4, [1, 2, 3]),
    ("1. A lamp of 5 mm, 3 to 4 of which", 1, []),
    ("权利要求书", 3, []),
    ("A lamp according to claim 7", 3, []),
    ("A lamp according to claim 7", None, [7]),
]


@pytest.mark.parametrize(("text", "own", "wanted"), WORDED)
def test_wordings(text: str, own: int | None, wanted: list[int]) -> None:
    assert depends_on(text, own) == wanted


def test_precision_and_recall_on_claims_that_mark_their_references(
    samples: Path, record_property: Callable[[str, object], None]
) -> None:
    """The truth is what <claim-ref> marks in the Red Book samples; the wording is read without the marks."""
    hits = told = true = 0
    parser = etree.XMLParser(load_dtd=False, resolve_entities=False)
    for path in sorted((samples / "formats/uspto").glob("xml20*/*.xml")):
        for claim in etree.parse(path, parser).iter("claim"):
            marked = {int(ref.get("idref").rpartition("-")[2]) for ref in claim.iter("claim-ref")}
            worded = set(depends_on(" ".join("".join(claim.itertext()).split()), int(claim.get("num"))))
            hits, told, true = hits + len(marked & worded), told + len(worded), true + len(marked)
    record_property("precision", hits / told)
    record_property("recall", hits / true)
    assert true > 90
    assert hits / told >= 0.99
    assert hits / true >= 0.99


@given(st.integers(2, 99).flatmap(lambda own: st.tuples(st.just(own), st.sets(st.integers(1, own - 1), min_size=1))))
def test_lists_of_numbers_are_read_whole(case: tuple[int, set[int]]) -> None:
    own, numbers = case
    listed = [str(number) for number in sorted(numbers)]
    for joined in (", ".join(listed), " or ".join(listed), " and claim ".join(listed), " et ".join(listed)):
        assert depends_on(f"{own}. A lamp of claim {joined}, wherein it shines", own) == sorted(numbers)
    assert depends_on(f"{own}.根据权利要求{'、'.join(listed)}所述的灯", own) == sorted(numbers)


BODY = st.text(st.characters(min_codepoint=97, max_codepoint=122), min_size=1, max_size=8)


@given(st.lists(st.lists(BODY, min_size=1, max_size=3), min_size=1, max_size=12), st.sampled_from([". ", "、", "．"]))
def test_claims_are_split_where_the_next_number_stands(claims: list[list[str]], mark: str) -> None:
    blocks, wanted = ["What is claimed is:"], []
    for number, (first, *rest) in enumerate(claims, start=1):
        lines = [f"{number}{mark}{first}", *rest, f"{number}.5 mm wide"]
        blocks += lines
        wanted.append((number, "\n".join(lines)))
    assert split_claims(blocks) == wanted
