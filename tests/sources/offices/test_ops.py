"""Answers of OPS other than exchange documents: family, legal events, full texts, search, images."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from lxml import etree

from pingjiang import pipeline
from pingjiang.chain.tree import load as load_chain
from pingjiang.engine import Lake, Session
from pingjiang.errors import FormatUnknown
from pingjiang.identifiers import parse
from tests.sources.offices.opened import read_file, read_text

NAMES = {"e": "http://www.epo.org/exchange", "o": "http://ops.epo.org", "f": "http://www.epo.org/fulltext"}
FOLDER = "formats/epo/ops"


def nodes(path: Path, wanted: str) -> list[Any]:
    found = etree.parse(path).xpath(wanted, namespaces=NAMES)
    assert isinstance(found, list)
    return found


def joined(node: Any, path: str) -> str:
    """The texts of what an XPath finds, joined."""
    return "".join("".join(each.itertext()).strip() for each in node.xpath(path, namespaces=NAMES))


# -- family and legal events -------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["family/family_input.xml", "legal/example_1.xml", "legal/example_3.xml"])
def test_members_of_a_family(samples: Path, name: str) -> None:
    told, rows = read_file(samples / FOLDER / name)
    members = nodes(samples / FOLDER / name, "//o:family-member")
    assert told == "ops_family"
    assert len(rows) == len(members)
    if name.startswith("family"):  # the samples of legal events are cut down to one member
        assert len(rows) == int(nodes(samples / FOLDER / name, "//o:patent-family/@total-result-count")[0])
    for said, node in zip(rows, members, strict=True):
        docdb = "e:document-id[@document-id-type='docdb']"
        parts = ("e:country", "e:doc-number", "e:kind")
        published, applied = "e:publication-reference", "e:application-reference"
        assert said["publication_number"] == "".join(joined(node, f"{published}/{docdb}/{part}") for part in parts)
        assert said["publication_date"] == joined(node, f"{published}/{docdb}/e:date")
        assert said["application_number"] == ".".join(joined(node, f"{applied}/{docdb}/{part}") for part in parts)
        assert said["filing_date"] == joined(node, f"{applied}/{docdb}/e:date")
        assert said["priorities"] == [
            ".".join(joined(each, part) for part in parts) + " " + joined(each, "e:date")
            for each in node.xpath(f"e:priority-claim/{docdb}", namespaces=NAMES)
        ]
        assert parse(said["publication_number"], what="publication")
        for number in (said["application_number"], *said["priorities"]):
            assert parse(number, what="application")


@pytest.mark.parametrize(("name", "count"), [("legal/example_1.xml", 50), ("legal/example_3.xml", 14)])
def test_of_legal_events_nothing_is_lost(samples: Path, name: str, count: int) -> None:
    """Every text and every attribute of an event stands in what is told of it; its own fields in their places."""
    rows = read_file(samples / FOLDER / name)[1]
    events = [event for said in rows for event in said.get("events", [])]
    legal = nodes(samples / FOLDER / name, "//o:legal")
    assert len(events) == len(legal) == count
    for event, node in zip(events, legal, strict=True):
        assert event["code"] == joined(node, "o:L008EP") == node.get("code").strip()
        assert event["date"] == joined(node, "o:L007EP")
        assert event["authority"] == joined(node, "o:L001EP")
        assert (event["effective_date"] or "").replace("-", "") == joined(node, ".//o:L525EP")
        told = "\n".join([*event["details"], event["code"] or "", event["text"] or "", event["authority"] or ""])
        told += "".join(re.findall(r"\d", f"{event['date']} {event['effective_date']}")) + (event["date"] or "")
        for each in node.iter("{*}*"):
            if not each.tag.endswith("pre"):
                values = [each.text, *(value for key, value in each.items() if key not in ("desc", "code", "line"))]
                for value in (" ".join((each_value or "").split()) for each_value in values):
                    assert value in told or value in ("00010101", "0001-01-01"), value


MADE_FAMILY = """<ops:a xmlns="http://www.epo.org/exchange" xmlns:ops="http://ops.epo.org"><!-- made up -->
<ops:family-member family-id="1"><publication-reference><document-id document-id-type="docdb"><country>US</country>
<doc-number>9999999</doc-number><kind>B2</kind><date>20180605</date></document-id></publication-reference>
<application-reference><document-id document-id-type="docdb"><country>US</country><doc-number>201615999999</doc-number>
<kind>A</kind><date>20160105</date></document-id></application-reference>
<priority-claim sequence="1" kind="international"><document-id document-id-type="docdb"><country>CN</country>
<doc-number>2015075923</doc-number><kind>W</kind><date>20150407</date></document-id>
<priority-linkage-type>W</priority-linkage-type></priority-claim>
<exchange-document country="US" doc-number="9999999" kind="B2"><bibliographic-data>
<invention-title lang="en">Made-up lamp</invention-title></bibliographic-data></exchange-document>
</ops:family-member></ops:a>"""


def test_a_member_with_its_document_and_its_international_application(tmp_path: Path) -> None:
    [said] = read_text(tmp_path, MADE_FAMILY)
    assert said["title_en"] == "Made-up lamp"
    assert said["relations"] == [
        {"kind": "national_stage", "side": "parent", "number": "CN.2015075923.W", "date": "2015-04-07"}
    ]
    assert parse(said["priorities"][0], what="application").id == "WOCN2015075923"


# -- full texts --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["claims_example.xml", "expected/ep1000000_claims_result.xml"])
def test_claims(samples: Path, name: str) -> None:
    path = samples / FOLDER / "published" / name
    told, [said] = read_file(path)
    texts = [each.text for each in ElementTree.parse(path).iter("{http://www.epo.org/fulltext}claim-text")]
    assert (told, said["publication_number"], said["claim_count"]) == ("ops_fulltext", "EP1000000A1", str(len(texts)))
    assert [claim["text"] for claim in said["claims"]] == texts
    assert [claim["number"] for claim in said["claims"]] == list(range(1, len(texts) + 1))
    assert {claim["language"] for claim in said["claims"]} == {"en"}
    # Read by eye.
    depends = [[], [1], [1, 2], [1, 2, 3], [4], [5], [5, 6], [4, 5, 6, 7], [*range(1, 9)], [*range(1, 10)], [10]]
    assert [claim["depends_on"] for claim in said["claims"]] == depends


@pytest.mark.parametrize("name", ["description_example.xml", "expected/ep1000000_description_result.xml"])
def test_description_against_the_values_as_json(samples: Path, name: str) -> None:
    folder = samples / FOLDER / "published"
    [said] = read_file(folder / name)[1]
    oracle = json.loads((folder / "ep1000000_description_result.xml").read_text(encoding="utf-8"))
    parts = oracle["document_id"]
    assert said["publication_number"] == parts["country"] + parts["doc_number"] + parts["kind"]
    assert said["description"].split() == oracle["description"].split()
    paragraphs = [" ".join(part.split()) for part in oracle["description"].split("\n\n")]
    assert said["description"].split("\n") == [part for part in paragraphs if part]


MADE_TEXT = """<ftxt:fulltext-document xmlns="http://www.epo.org/fulltext" xmlns:ftxt="http://www.epo.org/fulltext">
<bibliographic-data><publication-reference data-format="docdb"><document-id><country>EP</country>
<doc-number>1</doc-number><kind>B1</kind></document-id></publication-reference></bibliographic-data>
<claims lang="DE"><claim><claim-text>1. Lampe mit</claim-text><claim-text>2.5 mm Dicke.</claim-text>
<claim-text>2. Lampe nach Anspruch 1.</claim-text></claim></claims>
<claims lang="EN"><claim><claim-text>Made-up claims:</claim-text><claim-text>1. A lamp.</claim-text>
<claim-text>2. A lamp of claim 1.</claim-text></claim></claims>
<claims lang="FR"><claim><claim-text>Lampe.</claim-text></claim></claims>
</ftxt:fulltext-document>"""


def test_claims_in_three_languages(tmp_path: Path) -> None:
    [said] = read_text(tmp_path, MADE_TEXT)
    assert said["claims"] == [
        {"number": 1, "text": "1. Lampe mit\n2.5 mm Dicke.", "language": "de", "depends_on": []},
        {"number": 2, "text": "2. Lampe nach Anspruch 1.", "language": "de", "depends_on": [1]},
        {"number": 1, "text": "1. A lamp.", "language": "en", "depends_on": []},
        {"number": 2, "text": "2. A lamp of claim 1.", "language": "en", "depends_on": [1]},
        {"text": "Lampe.", "language": "fr", "depends_on": []},
    ]
    assert (said["claim_count"], said["first_claim"]) == ("2", "1. A lamp.")


# -- search, images, the whole way -------------------------------------------------------------------


@pytest.mark.parametrize("name", ["search_example.xml", "expected/search_result.xml"])
def test_a_page_of_search_results(samples: Path, name: str) -> None:
    path = samples / FOLDER / "published" / name
    told, rows = read_file(path)
    ids = nodes(path, "//o:search-result/o:publication-reference/e:document-id")
    assert told == "ops_search"
    assert [said["publication_number"] for said in rows] == ["".join(each.text for each in node) for node in ids]
    assert all(parse(said["publication_number"], what="publication") for said in rows)


def test_the_image_inquiry_is_refused_by_its_name(samples: Path, tmp_path: Path) -> None:
    with pytest.raises(FormatUnknown, match="image inquiry") as refusal:
        pipeline.import_files([samples / FOLDER / "published/image_example.xml"], Lake(tmp_path / "lake"))
    assert refusal.value.exit_code == 2


def test_answers_of_ops_for_one_patent_come_together(samples: Path, tmp_path: Path) -> None:
    """Bibliography, claims, description and legal events of EP1000000 as they lie in a release."""
    folder, lake = samples / FOLDER, Lake(tmp_path / "lake")
    names = ("published/full_cycle_example.xml", "published/claims_example.xml", "legal/example_1.xml",
             "published/description_example.xml")  # fmt: skip
    receipts = pipeline.import_files([folder / name for name in names], lake).receipts
    assert [receipt.rejected for receipt in receipts] == [0] * 4
    pipeline.build(lake, load_chain("semiconductors"))
    with Session() as session:
        tables = lake.require_current().open(session)

        def rows(name: str, sql: str) -> list[tuple[Any, ...]]:
            return tables[name].sql(sql).rows()

        assert rows("publication", "select p.application_id from self_ p where p.publication_id like 'EP%'") == [
            ("EP99203729",), ("EP99203729",)
        ]  # fmt: skip
        assert rows("claim", "select count(*), count(*) filter (c.independent) from self_ c") == [(11, 1)]
        assert rows("legal_event", "select count(*) from self_ e where e.application_id = 'EP99203729'") == [(50,)]
        assert rows("citation", "select c.cited_id, c.category, c.origin from self_ c order by 1") == [
            ("DE3546191A1", "A", "search"), ("EP0680812A1", "A", "search"), ("NL9400663A", "A", "search")
        ]  # fmt: skip
        assert rows("simple_family", "select count(distinct f.family_id) from self_ f") == [(1,)]
