"""Exchange documents of the EPO: samples against a naive reading by XPath, and made-up bulk files of DOCDB."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from pingjiang.identifiers import parse
from pingjiang.sources.said import Said
from tests.sources.offices.opened import read_file, read_text

SAMPLES = (
    "biblio_example.xml", "ep1000000_abstract_result.xml", "ep1000000_full_cycle_result.xml", "full_cycle_example.xml",
    "expected/ep1000000_abstract_result.xml", "expected/ep1000000_biblio_result.xml",
    "expected/ep1000000_full_cycle_result.xml",
)  # fmt: skip
NAMES = {"e": "http://www.epo.org/exchange"}


def texts(node: Any, path: str) -> list[str]:
    """Texts by a plain XPath, white space single."""
    return [" ".join("".join(each.itertext()).split()) for each in node.xpath(path, namespaces=NAMES)]


def naive(node: Any) -> dict[str, Any]:
    """A second reading: XPath alone, EPODOC's forms where the reader takes DOCDB's."""
    numbers = texts(node, "e:bibliographic-data/e:application-reference/e:document-id[@document-id-type='epodoc']")
    names = texts(node, ".//e:applicant[@data-format='original']/e:applicant-name")
    ipc = texts(node, ".//e:classification-ipcr/e:text") + texts(node, ".//e:classification-ipc/e:text")
    symbols = [re.sub(r"\s", "", text) for text in ipc]
    cpc = [
        "{}{}{}{}/{}".format(
            *(
                each.findtext(f"e:{part}", namespaces=NAMES)
                for part in ("section", "class", "subclass", "main-group", "subgroup")
            )
        )
        for each in node.xpath(".//e:patent-classification[e:classification-scheme/@scheme='CPCI']", namespaces=NAMES)
        + node.xpath(".//e:patent-classification[e:classification-scheme/@scheme='CPCA']", namespaces=NAMES)
    ]
    return {
        "publication": node.get("country") + node.get("doc-number") + node.get("kind"),
        "application": numbers[0].split() if numbers else None,
        "published": texts(node, ".//e:publication-reference/e:document-id[@document-id-type='epodoc']/e:date")[0],
        "applicants": [name.strip(" ,") for name in names],
        "inventors": [n.strip(" ,") for n in texts(node, ".//e:inventor[@data-format='original']/e:inventor-name")],
        "countries": [n[-3:-1] for n in texts(node, ".//e:inventor[@data-format='epodoc']/e:inventor-name")],
        "ipc": {match[0] for symbol in symbols if (match := re.match(r"[A-H]\d\d[A-Z]\d+/\d{2,6}", symbol))},
        "cpc": set(cpc),
        "uspc": texts(node, ".//e:patent-classification[e:classification-scheme/@scheme='UC']/e:classification-symbol"),
        "title": texts(node, ".//e:invention-title[@lang='en']"),
        "abstract": texts(node, "e:abstract[@lang='en']"),
        "patents": texts(node, ".//e:citation/e:patcit/e:document-id[@document-id-type='epodoc']/e:doc-number"),
        "literature": texts(node, ".//e:citation/e:nplcit"),
        "categories": texts(node, ".//e:citation/e:category"),
        "claims": texts(node, ".//e:citation/e:rel-claims"),
        "priorities": texts(node, ".//e:priority-claim/e:document-id[@document-id-type='epodoc']"),
    }


@pytest.mark.parametrize("name", SAMPLES)
def test_samples_against_a_naive_reading(samples: Path, name: str) -> None:
    path = samples / "formats/epo/ops/published" / name
    told, rows = read_file(path)
    assert told == "epo_exchange"
    nodes = etree.parse(path).xpath("//e:exchange-document", namespaces=NAMES)
    assert len(rows) == len(nodes) > 0
    for said, node in zip(rows, nodes, strict=True):
        compare(said, naive(node))


def compare(said: Said, other: Mapping[str, Any]) -> None:
    assert said["publication_number"] == other["publication"]
    assert parse(said["publication_number"], what="publication")
    assert said["publication_date"] == other["published"]
    if other["application"]:
        number, date = other["application"]
        ours, theirs = (
            parse(each, what="application", year=int(date[:4])) for each in (said["application_number"], number)
        )
        assert ours == theirs
        assert said["filing_date"] == date
    parties = said.get("inventors", [])
    assert [party["name"] for party in said.get("applicants", [])] == other["applicants"]
    assert [party["name"] for party in parties] == other["inventors"]
    assert [party["country"] for party in parties][: len(other["countries"])] == other["countries"]
    assert set(said.get("ipc", [])) == other["ipc"]
    assert set(said.get("cpc", [])) == other["cpc"]
    assert said.get("uspc", []) == other["uspc"]
    assert [said[field] for field in ("title_en",) if field in said] == other["title"]
    assert [said[field] for field in ("abstract_en",) if field in said] == other["abstract"]
    citations = said.get("citations", [])
    assert [re.sub(r"[A-Z]\d?$", "", each["number"] or "") for each in citations if each["number"]] == other["patents"]
    assert [each["text"] for each in citations if each["text"]] == other["literature"]
    assert "".join(each["category"] or "" for each in citations) == "".join(other["categories"])
    assert [each["claims"] for each in citations if each["claims"]] == other["claims"]
    assert all(each["origin"] == "search" for each in citations)
    assert said.get("priorities", []) == other["priorities"]


def test_the_samples_have_what_is_compared(samples: Path) -> None:
    """Guards the comparison above: it must not pass for want of anything to compare."""
    rows = read_file(samples / "formats/epo/ops/published/biblio_example.xml")[1]
    assert sum(len(said.get("citations", [])) for said in rows) > 50
    assert {field for said in rows for field in said} >= {"cpc", "uspc", "ipc", "inventors", "applicants", "priorities"}


# -- DOCDB's bulk files: made up by their published shape --------------------------------------------

MADE = """<?xml version="1.0" encoding="UTF-8"?>
<!-- made up: no real patent -->
<exch:exchange-documents xmlns:exch="http://www.epo.org/exchange" date-of-exchange="20200102" no-of-documents="2">
<exch:exchange-document country="CN" doc-number="110000001" kind="A" doc-id="5" date-publ="20200317" family-id="7"
 is-representative="YES" date-of-last-exchange="20200402" date-added-docdb="20200401" originating-office="EP"
 status="C">
<exch:bibliographic-data>
<exch:publication-reference data-format="docdb"><document-id lang="zh"><country>CN</country>
<doc-number>110000001</doc-number><kind>A</kind><date>20200317</date></document-id></exch:publication-reference>
<exch:publication-reference data-format="epodoc"><document-id><doc-number>CN110000001</doc-number></document-id>
</exch:publication-reference>
<exch:classifications-ipcr><classification-ipcr sequence="1">
<text>H01L  21/768       20060101AFI20200317BHCN        </text>
</classification-ipcr></exch:classifications-ipcr>
<exch:patent-classifications>
<patent-classification sequence="1"><classification-scheme office="EP" scheme="CPCI"><date>20130101</date>
</classification-scheme><classification-symbol>H01L  21/76802     </classification-symbol></patent-classification>
<patent-classification sequence="2"><classification-scheme office="JP" scheme="FTERM"/>
<classification-symbol>5F033/AA01</classification-symbol></patent-classification></exch:patent-classifications>
<exch:application-reference is-representative="YES" doc-id="9" data-format="docdb"><document-id><country>CN</country>
<doc-number>201810000001</doc-number><kind>A</kind><date>20180105</date></document-id></exch:application-reference>
<exch:application-reference data-format="original"><document-id><doc-number>201810000001.3</doc-number></document-id>
</exch:application-reference>
<exch:priority-claims><exch:priority-claim sequence="1" data-format="docdb"><document-id doc-id="9">
<country>US</country><doc-number>10123402</doc-number><kind>A</kind><date>20020416</date></document-id>
<exch:priority-active-indicator>Y</exch:priority-active-indicator></exch:priority-claim></exch:priority-claims>
<exch:parties><exch:applicants>
<exch:applicant sequence="1" data-format="docdb"><exch:applicant-name><name>MADE UP CO LTD</name></exch:applicant-name>
<residence><country>CN</country></residence></exch:applicant>
<exch:applicant sequence="1" data-format="original"><exch:applicant-name><name>合成有限公司</name></exch:applicant-name>
<address><text>江苏省苏州市</text></address></exch:applicant>
<exch:applicant sequence="2" data-format="docdb"><exch:applicant-name><name>UNIV MADE UP</name></exch:applicant-name>
</exch:applicant></exch:applicants>
<exch:inventors><exch:inventor sequence="1" data-format="docdb"><exch:inventor-name><name>ZHANG SAN</name>
</exch:inventor-name></exch:inventor></exch:inventors></exch:parties>
<exch:invention-title lang="zh" data-format="original">合成器件</exch:invention-title>
<exch:invention-title lang="en" data-format="docdba">Made-up device</exch:invention-title>
<exch:references-cited>
<exch:citation cited-date="20190101" cited-phase="ISR" sequence="1"><patcit num="1" dnum="EP0680812 A1"
 dnum-type="publication number"><document-id><country>EP</country><doc-number>0680812</doc-number><kind>A1</kind>
</document-id></patcit><rel-passage><category>X</category><rel-claims>1-3</rel-claims></rel-passage>
<rel-passage><category>Y</category><rel-claims>4</rel-claims></rel-passage></exch:citation>
<exch:citation cited-phase="APP" sequence="2"><nplcit num="1"><text>A made-up paper &amp; book</text></nplcit>
</exch:citation>
<exch:citation cited-phase="EXA" sequence="3"><patcit num="2" dnum-type="application number"><document-id>
<country>US</country><doc-number>10123456</doc-number><kind>A</kind></document-id></patcit></exch:citation>
</exch:references-cited></exch:bibliographic-data>
<exch:abstract lang="zh" data-format="original"><exch:p>合成摘要。</exch:p><exch:p>第二段。</exch:p></exch:abstract>
</exch:exchange-document>
<exch:exchange-document country="CN" doc-number="110000002" kind="A" status="D" date-of-last-exchange="20200402"/>
</exch:exchange-documents>"""


def test_a_bulk_file_of_docdb(tmp_path: Path) -> None:
    whole, deleted = read_text(tmp_path, MADE)
    exchange = whole.pop("events")
    assert whole == {
        "publication_number": "CN110000001A",
        "publication_date": "20200317",
        "application_number": "CN.201810000001.A",
        "filing_date": "20180105",
        "priorities": ["US.10123402.A 20020416"],
        "ipc": ["H01L21/768"],
        "cpc": ["H01L21/76802"],
        "applicants": [
            {"name": "合成有限公司", "country": "CN", "address": "江苏省苏州市"},
            {"name": "UNIV MADE UP", "country": None, "address": None},
        ],
        "applicants_standardised": ["MADE UP CO LTD", "UNIV MADE UP"],
        "inventors": [{"name": "ZHANG SAN", "country": None, "address": None}],
        "title_zh": "合成器件",
        "title_en": "Made-up device",
        "abstract_zh": "合成摘要。\n第二段。",
        "citations": [
            {"number": "EP0680812A1", "text": None, "category": "XY", "origin": "international_search",
             "claims": "1-3,4"},
            {"number": None, "text": "A made-up paper & book", "category": None, "origin": "applicant", "claims": None},
            {"number": None, "text": "US10123456A (application number)", "category": None, "origin": "examiner",
             "claims": None},
        ],
    }  # fmt: skip
    assert exchange == [
        {
            "code": "C",
            "date": "2020-04-02",
            "authority": "EP",
            "text": "DOCDB: created",
            "details": ["date-added-docdb: 20200401", "originating-office: EP", "is-representative: YES",
                        "family-id: 7", "doc-id: 5"],
        }
    ]  # fmt: skip
    # DOCDB's form is told from a series with a serial number: 101234 of 2002 is no 10/123,402.
    assert parse("US.10123402.A 20020416", what="application").id == "US10101234"
    assert (deleted["publication_number"], deleted["events"][0]["text"]) == ("CN110000002A", "DOCDB: deleted")
    assert deleted["standing"] == "deleted", "a version that says so, and no loss"


def test_what_ops_does_not_find_is_no_document(tmp_path: Path) -> None:
    made = '<a xmlns="http://www.epo.org/exchange"><exchange-document country="EP" doc-number="1" kind="A1" {}/></a>'
    assert read_text(tmp_path, made.format('status="not found"')) == []
    assert len(read_text(tmp_path, made.format(""))) == 1


LETTERS = st.characters(min_codepoint=33, max_codepoint=0x9FFF, exclude_characters="[]<>&,;\x7f")
NAME = st.text(LETTERS, min_size=1, max_size=9).filter(lambda text: text.split() == [text])
FORMATS = st.sets(st.sampled_from(["original", "docdba", "docdb"]), min_size=1)


@given(st.lists(st.tuples(NAME, FORMATS, st.sampled_from([None, "CN", "DE"])), min_size=1, max_size=4), st.booleans())
def test_parties_are_read_as_they_were_written(
    tmp_path_factory: pytest.TempPathFactory, parties: list[tuple[str, set[str], str | None]], prefixed: bool
) -> None:
    """Any mixture of formats gives one party a sequence, in order, with the name that stands first as printed."""
    x = "x:" if prefixed else ""
    written = ""
    for at, (name, formats, country) in enumerate(parties, start=1):
        for kind in sorted(formats):
            residence = f"<residence><country>{country}</country></residence>" if country else ""
            written += (
                f'<{x}applicant sequence="{at}" data-format="{kind}"><{x}applicant-name>'
                f"<name>{escape(name)}-{kind}</name></{x}applicant-name>{residence}</{x}applicant>"
            )
    text = (
        f'<root xmlns{":x" if prefixed else ""}="http://www.epo.org/exchange"><{x}exchange-document country="EP" '
        f'doc-number="1" kind="A1"><{x}bibliographic-data><{x}parties><{x}applicants>{written}</{x}applicants>'
        f"</{x}parties></{x}bibliographic-data></{x}exchange-document></root>"
    )
    [said] = read_text(tmp_path_factory.mktemp("made"), text)
    best = [next(kind for kind in ("original", "docdba", "docdb") if kind in formats) for _, formats, _ in parties]
    assert [party["name"] for party in said["applicants"]] == [
        f"{name}-{kind}" for (name, _, _), kind in zip(parties, best, strict=True)
    ]
    assert [party["country"] for party in said["applicants"]] == [country for _, _, country in parties]
    assert said.get("applicants_standardised", []) == [
        f"{name}-docdb" for name, kinds, _ in parties if "docdb" in kinds
    ]
