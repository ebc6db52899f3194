"""The samples of the USPTO's formats, read a second time by another route: ElementTree or lines, path by path."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from xml.sax.saxutils import escape

import pytest

from pingjiang import pipeline
from pingjiang.chain.tree import load as load_chain
from pingjiang.engine import Lake, Session
from pingjiang.errors import FormatUnknown
from pingjiang.files import RawDocument, RawDocuments, open_file
from pingjiang.identifiers import parse
from pingjiang.sources import known_names, recognise_documents
from pingjiang.sources.said import Said

USPTO = Path("formats/uspto")
NAMES = ("name-prefix", "given-name", "middle-name", "family-name", "name-suffix")


def rows(path: Path) -> tuple[str, list[Said]]:
    """The format of a file and all that its documents say."""
    [raw] = open_file(path, known=known_names())
    assert isinstance(raw, RawDocuments)
    spec = recognise_documents(raw)
    assert spec.documents is not None
    found: list[Said] = []
    for document in raw:
        assert isinstance(document, RawDocument)
        found += spec.documents.read(document)
    return spec.name, found


def plain(text: str | None) -> str:
    """Text without white space and marks of parts: what has to be the same by either route."""
    return re.sub(r"\s+", "", html.unescape(text or ""))


def second(path: Path) -> ElementTree.Element:
    """The file by ElementTree; entities of its document type become those of HTML."""
    text = path.read_text(encoding="utf-8")
    text = re.sub(r"<!DOCTYPE[^\[>]*(\[.*?\]\s*)?>", "", text, count=1, flags=re.DOTALL)
    text = re.sub(r"&(?!amp;|lt;|gt;|quot;|apos;|#)(\w+);", lambda found: escape(html.unescape(found[0])), text)
    return ElementTree.fromstring(text)


def all_text(element: ElementTree.Element | None) -> str:
    return "" if element is None else plain("".join(element.itertext()))


def ids(printed: list[str], what: Any = "publication") -> list[str]:
    return [parse(number, what=what).id for number in printed]


@pytest.mark.parametrize(
    "name", ["xml2004/US06859910", "xml2004/US06970935", "xml2014/US08926509", "xml2014/US08927118"]
)
def test_red_book(samples: Path, name: str) -> None:
    path = samples / USPTO / f"{name}.xml"
    (spec, [said]), root = rows(path), second(path)
    assert spec == "uspto_red_book"
    assert parse(said["publication_number"], what="publication").id == f"US{int(name[-8:])}{root.findtext('.//kind')}"
    published = root.find(".//publication-reference/document-id")
    assert published is not None and said["publication_date"] == published.findtext("date")
    assert said["application_number"] == "US" + (root.findtext(".//application-reference//doc-number") or "?")
    assert said["filing_date"] == root.findtext(".//application-reference//date")
    assert plain(said["title_en"]) == all_text(root.find(".//invention-title"))
    assert plain(said["abstract_en"]) == all_text(root.find("abstract"))
    assert plain(said["description"]) == all_text(root.find("description"))
    claims = root.findall("claims/claim")
    assert [plain(claim["text"]) for claim in said["claims"]] == [all_text(claim) for claim in claims]
    assert [claim["number"] for claim in said["claims"]] == [int(claim.get("num", "0")) for claim in claims]
    refs = [sorted({int(ref.get("idref", "")[-5:]) for ref in claim.iter("claim-ref")}) for claim in claims]
    assert [claim["depends_on"] for claim in said["claims"]] == refs
    assert said["claim_count"] == root.findtext(".//number-of-claims") == str(len(claims))
    cited = [each for each in root.iter() if each.tag in ("citation", "us-citation")]
    assert len(said["citations"]) == len(cited) > 5
    for ours, theirs in zip(said["citations"], cited, strict=True):
        document = theirs.find("patcit/document-id")
        if document is None:
            assert ours["number"] is None and plain(ours["text"]) == all_text(theirs.find("nplcit"))
        else:
            assert plain(ours["number"]).endswith(
                plain(document.findtext("doc-number")) + (document.findtext("kind") or "")
            )
        assert ours["origin"] == (theirs.findtext("category") or "").removeprefix("cited by ")
    ids([number for each in said["citations"] if (number := each["number"])])
    people = root.findall(".//inventors/inventor") or root.findall(".//applicant[@app-type='applicant-inventor']")
    assert [party["name"] for party in said["inventors"]] == [
        f"{each.findtext('.//first-name')} {each.findtext('.//last-name')}" for each in people
    ]
    assert [party["city"] for party in said["inventors"]] == [each.findtext(".//city") for each in people]
    owners = [each.findtext(".//orgname") for each in root.findall(".//assignees/assignee")]
    assert [party["name"] for party in said["applicants"]] == owners
    symbols = [
        "".join(each.findtext(tag) or "" for tag in ("section", "class", "subclass", "main-group"))
        + f"/{each.findtext('subgroup')}"
        for each in root.iter("classification-ipcr")
    ]
    older = [each.text for each in root.findall(".//classification-ipc/*") if each.tag != "edition"]
    assert said["ipc"] == (symbols or older)


@pytest.mark.parametrize("name", ["US20010000943A1", "US20010009014A1"])
def test_published_applications(samples: Path, name: str) -> None:
    path = samples / USPTO / "pap" / f"{name}.xml"
    (spec, [said]), root = rows(path), second(path)
    assert spec == "uspto_pap"
    assert said["publication_number"] == name
    assert said["publication_date"] == root.findtext(".//document-date")
    assert said["application_number"] == "US" + (root.findtext(".//domestic-filing-data//doc-number") or "?")
    assert said["filing_date"] == root.findtext(".//domestic-filing-data/filing-date")
    assert plain(said["title_en"]) == all_text(root.find(".//title-of-invention"))
    assert plain(said["abstract_en"]) == all_text(root.find("subdoc-abstract"))
    assert plain(said["description"]) == all_text(root.find("subdoc-description"))
    claims = root.findall("subdoc-claims//claim")
    assert [plain(claim["text"]) for claim in said["claims"]] == [all_text(claim) for claim in claims]
    refs = [
        sorted({int(each.get("depends_on", "")[-5:]) for each in claim.iter("dependent-claim-reference")})
        for claim in claims
    ]
    assert [claim["depends_on"] for claim in said["claims"]] == refs
    people = root.findall(".//inventors/*")
    assert [party["name"] for party in said["inventors"]] == [
        " ".join(filter(None, (each.findtext(f"name/{part}") for part in NAMES))) for each in people
    ]
    assert said["ipc"] == [each.text for each in root.iter("ipc")]


@pytest.mark.parametrize("name", ["US06336130", "US06337117"])
def test_grants_by_st_32(samples: Path, name: str) -> None:
    path = samples / USPTO / "sgml" / f"{name}.xml"
    (spec, [said]), root = rows(path), second(path)
    assert spec == "uspto_sgml"
    assert (
        parse(said["publication_number"], what="publication").id == f"US{int(name[2:])}{all_text(root.find('.//B130'))}"
    )
    assert said["publication_date"] == all_text(root.find(".//B140"))
    assert said["application_number"] == "US" + all_text(root.find(".//B210"))
    assert said["filing_date"] == all_text(root.find(".//B220"))
    assert plain(said["title_en"]) == all_text(root.find(".//B540"))
    assert plain(said["abstract_en"]) == all_text(root.find("SDOAB"))
    assert plain(said["description"]) == all_text(root.find("SDODE"))
    claims = root.findall("SDOCL//CLM")
    assert [plain(claim["text"]) for claim in said["claims"]] == [all_text(claim) for claim in claims]
    refs = [sorted({int(each.get("ID", "")[-5:]) for each in claim.iter("CLREF")}) for claim in claims]
    assert [claim["depends_on"] for claim in said["claims"]] == refs
    cited = [*root.iter("B561"), *root.iter("B562")]
    assert len(said["citations"]) == len(cited)
    by_examiner = sum(each.find("CITED-BY-EXAMINER") is not None for each in cited)
    assert sum(each["origin"] == "examiner" for each in said["citations"]) == by_examiner
    ids([number for each in said["citations"] if (number := each["number"])])
    assert len(said["inventors"]) == len(list(root.iter("B721")))


def green(path: Path) -> Iterator[tuple[str, str]]:
    """Tags and values of a Green Book patent, by columns: the tag in the first four, the value from the sixth on."""
    tag, value = "", ""
    for line in path.read_text(encoding="latin-1").splitlines():
        if line[:4].strip():
            if tag:
                yield tag, value
            tag, value = line[:4].strip(), line[5:].strip()
        else:
            value += " " + line.strip()
    yield tag, value


@pytest.mark.parametrize("name", ["US03932709", "US03937375"])
def test_green_book(samples: Path, name: str) -> None:
    path = samples / USPTO / "greenbook" / f"{name}.greenbook"
    spec, [said] = rows(path)
    fields = list(green(path))
    first: dict[str, str] = {}
    for tag, value in fields:
        first.setdefault(tag, value)
    assert spec == "uspto_green_book"
    assert said["publication_number"] == f"US{int(name[2:])}A"
    assert said["application_number"] == f"US05/{first['APN'][:6]}"
    assert (said["publication_date"], said["filing_date"]) == (first["ISD"], first["APD"])
    assert (said["title_en"], said["claim_count"]) == (first["TTL"], first["NCL"])
    assert len(said["claims"]) == int(first["NCL"]) == sum(tag == "NUM" for tag, _ in fields)
    assert [citation["number"] for citation in said["citations"]] == [f"US{v}" for tag, v in fields if tag == "PNO"]
    text = plain(
        " ".join(value for tag, value in fields[[tag for tag, _ in fields].index("CLMS") :] if tag[:2] == "PA")
    )
    assert plain("".join(claim["text"] for claim in said["claims"])) == text
    # By wording alone: each claim that names another says so in its first line.
    assert [claim["number"] for claim in said["claims"] if not claim["depends_on"]] == [
        claim["number"] for claim in said["claims"] if not re.search(r"\bclaims? \d", claim["text"])
    ]


def test_portal(samples: Path) -> None:
    path = samples / USPTO / "odp" / "application.json"
    (spec, said), record = rows(path), json.loads(path.read_text(encoding="utf-8"))["patentBag"][0]
    assert spec == "uspto_odp"
    application, publication = said
    assert application["application_number"] == "US" + record["applicationNumberText"]
    assert publication["publication_number"] == "US20170071586A1"
    assert application["title_en"] == record["inventionTitle"]
    assert application["cpc"] == record["cpcClassificationBag"]
    transactions = [(each["caseActionCode"], each["recordedDate"]) for each in record["transactionContentBag"]]
    events = [(event["code"], event["date"]) for event in application["events"]]
    assert events[: len(transactions)] == transactions
    status = ("STATUS", record["applicationStatusDate"])
    assert events[len(transactions) :] == [("ASSIGNMENT", "2018-10-25"), status]
    assert application["priorities"] == ["PCT/US15/27322 20150423"]


def test_a_piece_about_continuity_names_its_application(samples: Path) -> None:
    _, [said] = rows(samples / USPTO / "odp" / "continuity.json")
    assert said["application_number"] == "US15123456"
    assert [(each["kind"], each["side"], each["number"]) for each in said["relations"]] == [
        ("national_stage", "parent", "PCT/US15/27322"),
        ("continuation", "child", "US16132008"),
    ]


def test_file_histories(samples: Path) -> None:
    spec, [application, published, granted] = rows(samples / USPTO / "peds" / "app_1_input.json")
    assert spec == "uspto_peds"
    assert len(application["events"]) == 45 + 1 + 37 + 2
    adjusted, status = application["events"][-2:]
    assert (adjusted["code"], adjusted["date"], adjusted["details"]) == ("PTA.TOTAL", "2013-06-04", ["days: 119"])
    assert (status["code"], status["date"], status["text"]) == ("STATUS", "2018-09-20", "Patented Case")
    assert application["priorities"] == ["US61159088 20090311"]
    assert (published["publication_number"], granted["publication_number"]) == ("US20100235004A1", "US8457796")
    path = samples / "prosecution" / "uspto_peds_321.jsonl"
    records = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    spec, said = rows(path)
    assert spec == "uspto_peds"
    of_applications = [each for each in said if "publication_number" not in each]
    assert [each["application_number"] for each in of_applications] == ["US" + r["application_number"] for r in records]
    told = [len(each.get("events", [])) for each in of_applications]  # and the status on the day of the extract
    assert told == [len(r["prosecution_events"]) + 1 for r in records]


def test_assignments(samples: Path) -> None:
    path = samples / USPTO / "assignment" / "assignment_3.xml"
    (spec, said), root = rows(path), ElementTree.parse(path).getroot()
    assert spec == "uspto_assignment"
    lists = [
        [item.text for item in listed]
        for document in root.iter("doc")
        for listed in document.findall("arr[@name='applNum']")
    ]
    numbers = [f"US{number}" for each in lists for number in each if number != "NULL"]
    assert [each["application_number"] for each in said if "events" in each] == numbers
    assert len({event["details"][0] for each in said for event in each.get("events", [])}) == len(lists)


def test_master_classification(samples: Path) -> None:
    path = samples / USPTO / "cpcMaster" / "cpcMaster.xml"
    spec, [said] = rows(path)
    text = path.read_text(encoding="utf-8")
    groups = re.findall(r"MainGroup>(\d+)<.*?Subgroup>(\d+)<", text)
    assert spec == "cpc_master"
    assert [symbol[4:] for symbol in said["cpc"]] == list(dict.fromkeys(f"{group}/{sub}" for group, sub in groups))
    assert (said["publication_number"], said["publication_date"]) == ("US9400000B2", "2016-07-26")


def test_public_search(samples: Path) -> None:
    path = samples / USPTO / "public_search" / "biblio.json"
    (spec, said), records = rows(path), json.loads(path.read_text(encoding="utf-8"))["patents"]
    assert spec == "uspto_search"
    assert ids([each["publication_number"] for each in said]) == [record["guid"].replace("-", "") for record in records]
    assert ids([each["application_number"] for each in said], "application")


@pytest.mark.parametrize(
    "name", ["ptab/documents_input.json", "ptab/proceeding_input.json", "xml4ip/sample_XML4IP.ZIP"]
)
def test_what_holds_no_patents_is_refused_by_name(samples: Path, tmp_path: Path, name: str) -> None:
    with pytest.raises(FormatUnknown, match=r"PTAB|XML4IP"):
        pipeline.import_files([samples / USPTO / name], Lake(tmp_path / "lake"))
    assert not (tmp_path / "lake").exists()


@pytest.mark.slow
def test_all_of_them_make_one_lake(samples: Path, tmp_path: Path) -> None:
    """Every sample of patents is taken; only pieces of the portal that name no application are rejected, by that."""
    folder, lake = samples / USPTO, Lake(tmp_path / "lake")
    files = [*sorted(folder.glob("*/US*")), *sorted(folder.glob("odp/*.json")), *sorted(folder.glob("peds/*.json")),
             *sorted(folder.glob("assignment/*.xml")), folder / "cpcMaster/cpcMaster.xml",
             folder / "public_search/biblio.json", samples / "prosecution/uspto_peds_321.jsonl"]  # fmt: skip
    receipts = pipeline.import_files(files, lake).receipts
    nameless = {"adjustment.json", "assignment.json", "foreign_priority.json", "transactions.json"}
    assert {Path(receipt.path).name for receipt in receipts if receipt.rejected} == nameless
    assert {reason for receipt in receipts for reason in receipt.reasons} == {"no_number"}
    pipeline.build(lake, load_chain("semiconductors"))
    with Session() as session:
        tables = lake.require_current().open(session)
        counts = {name: tables[name].count() for name in ("publication", "claim", "legal_event", "literature_citation")}
    assert counts["publication"] > 450 and counts["claim"] > 150
    assert counts["legal_event"] > 1_000 and counts["literature_citation"] > 50
