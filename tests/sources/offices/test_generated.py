"""Lens records, rows of Google's public table, Chinese ST.36: made-up files against the values they were made from.

No real samples of these formats are at hand; the values are made before any of the formats (generated.py).
"""

from __future__ import annotations

import gzip
import json
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pingjiang import pipeline
from pingjiang.chain.tree import load
from pingjiang.engine import Lake, Session
from pingjiang.identifiers import parse
from pingjiang.sources.said import Said
from tests.sources.offices import generated
from tests.sources.offices.generated import PHASES, Number, Person, Truth, truth, truths
from tests.sources.offices.opened import read_file, read_lines, read_text

COUNT = 60


# -- what a reader says against what is true ---------------------------------------------------------


def day(text: str | None) -> str | None:
    return text.replace("-", "") if text else None


def id_of(number: str, what: Any, year: str | None = None) -> str:
    return parse(number, what=what, year=int(year) if year else None).id


def compare_numbers(said: Said, made: Truth) -> None:
    assert id_of(said["publication_number"], "publication") == made.publication.id
    assert id_of(said["application_number"], "application", (made.application.date or "")[:4]) == made.application.id
    for field, date in (
        ("publication_date", made.publication.date),
        ("filing_date", made.application.date),
        ("grant_date", made.granted),
        ("priority_date", made.earliest),
    ):
        assert day(said.get(field)) == day(date), field  # type: ignore[arg-type]


def compare_priorities(said: Said, wanted: Sequence[Number]) -> None:
    told = [each.rpartition(" ") for each in said.get("priorities", [])]
    assert [(id_of(number, "application", date[:4]), date) for number, _, date in told] == [
        (each.id, day(each.date)) for each in wanted
    ]


def line(text: str) -> str:
    return " ".join(text.split())


def compare_texts(said: Said, made: Truth) -> None:
    for language in ("zh", "en"):
        title = said.get(f"title_{language}")
        assert (line(str(title)) if title else None) == (
            line(made.titles[language]) if language in made.titles else None
        )
        abstract = said.get(f"abstract_{language}")
        assert (str(abstract).split("\n") if abstract else []) == [*map(line, made.abstracts.get(language, []))]
    assert said.get("description", "").split("\n") == [*map(line, made.description)] or not made.description
    wanted = [
        (language, at, text, numbers)
        for language, listed in made.claims.items()
        for at, (text, numbers) in enumerate(listed, start=1)
    ]
    told = [(c["language"], c["number"], c["text"].split(".", 1)[-1].strip(), c["depends_on"]) for c in said["claims"]]
    assert told == wanted
    assert said["claim_count"] == str(len(next(iter(made.claims.values()))))


def compare_citations(said: Said, made: Truth, *, to_text: Callable[[str], str] = line) -> None:
    told = said.get("citations", [])
    assert [
        (
            id_of(str(each["number"]), "publication") if each["number"] else None,
            to_text(str(each["text"])) if each["text"] else None,
            each["category"],
            each["origin"],
        )
        for each in told
    ] == [
        (
            each.number.id if each.number else None,
            line(each.text) if each.text else None,
            each.category,
            PHASES.get(each.phase or ""),
        )
        for each in made.citations
    ]


def compare_people(told: Sequence[Any], wanted: Sequence[Person]) -> None:
    assert [(line(party["name"]), party["country"]) for party in told] == [
        (line(person.name), person.country) for person in wanted
    ]


def compare_classes(said: Said, made: Truth, *fields: str) -> None:
    for name in fields:
        assert said.get(name, []) == getattr(made, name), name


def compare_lens(said: Said, made: Truth) -> None:
    compare_numbers(said, made)
    compare_priorities(said, made.priorities)
    compare_texts(said, made)
    compare_citations(said, made)
    compare_classes(said, made, "ipc", "cpc", "uspc")
    compare_people(said["applicants"], made.applicants)
    compare_people(said.get("inventors", []), made.inventors)
    lines = [
        ", ".join(part for part in (each.street, each.city, each.state, each.postcode) if part) or None
        for each in made.applicants
    ]
    assert [party["address"] for party in said["applicants"]] == lines
    assert said.get("agents", []) == made.agents
    assert said.get("family_members", []) == [each.id for each in made.family]
    assert said.get("citing", []) == [each.id for each in made.citing]
    assert said.get("legal_status") == made.status
    assert said.get("patent_type") == ("design" if made.right == "design" else None)
    events = {(event["code"], event.get("effective_date") or event.get("date")) for event in said["events"]}
    wanted = {("patent_status", None), ("anticipated_term_date", "2039-01-02"), ("owner", "2020-02-03")}
    assert events == wanted | ({("grant_date", made.granted)} if made.granted else set())
    [status] = [event for event in said["events"] if event["code"] == "patent_status"]
    assert status["details"] == [f"granted: {'true' if made.granted else 'false'}", "合成"]


def compare_bigquery(said: Said, made: Truth) -> None:
    compare_numbers(said, made)
    compare_priorities(said, made.priorities)
    compare_texts(said, made)
    compare_citations(said, made)
    compare_classes(said, made, "ipc", "cpc", "uspc")
    compare_people(said["applicants"], made.applicants)
    compare_people(said.get("inventors", []), made.inventors)
    assert said["applicants_standardised"] == [each.name.upper().strip() for each in made.applicants]
    assert said.get("patent_type") == {"utility_model": "utility_model", "design": "design"}.get(made.right)
    told = [(r["kind"], r["side"], id_of(r["number"], "application"), r["date"]) for r in said.get("relations", [])]
    assert told == ([("division", "parent", made.parent.id, made.parent.date)] if made.parent else [])


def compare_st36(said: Said, made: Truth) -> None:
    compare_numbers(said, made)
    compare_priorities(said, [*made.priorities, *([made.parent] if made.parent else [])])
    compare_texts(said, made)
    compare_citations(said, made)
    compare_classes(said, made, "ipc", "cpc", "locarno")
    for told, wanted in ((said["applicants"], made.applicants), (said.get("inventors", []), made.inventors)):
        compare_people(told, wanted)
        assert [(party["state"], party["city"], party["address"]) for party in told] == [
            (each.state, each.city, f"{each.postcode} {each.street}" if each.street else None) for each in wanted
        ]
    assert said.get("agents", []) == made.agents
    assert said.get("family_members", []) == [each.id for each in made.family]
    assert said.get("standing") == made.standing
    relations = [
        (r["kind"], r["side"], id_of(r["number"], "application"), r["date"]) for r in said.get("relations", [])
    ]
    assert relations == ([("division", "parent", made.parent.id, made.parent.date)] if made.parent else [])
    assert [
        (event["code"], event["date"], event["text"], event["effective_date"]) for event in said.get("events", [])
    ] == made.events


def test_lens_records(tmp_path: Path) -> None:
    name, said = read_made(tmp_path, generated.lens_records(COUNT))
    assert name == "lens_jsonl"
    for one, made in zip(said, truths(COUNT), strict=True):
        compare_lens(one, made)


def test_rows_of_bigquery(tmp_path: Path) -> None:
    name, said = read_made(tmp_path, generated.bigquery_records(COUNT))
    assert name == "bigquery_patents"
    for one, made in zip(said, truths(COUNT), strict=True):
        compare_bigquery(one, made)


@pytest.mark.parametrize("prefix", ["", "cn:"])
def test_chinese_st36(tmp_path: Path, prefix: str) -> None:
    name, said = read_made(tmp_path, generated.st36_documents(COUNT, prefix=prefix))
    assert name == "st36_cn"
    for one, made in zip(said, truths(COUNT, offices=("CN",)), strict=True):
        compare_st36(one, made)


def read_made(folder: Path, text: str) -> tuple[str, list[Said]]:
    path = folder / "made"
    path.write_text(text, encoding="utf-8")
    return read_file(path)


def test_the_made_files_have_what_is_compared() -> None:
    """Guards the comparisons above: they must not pass for want of anything to compare."""
    made = truths(COUNT)
    for name in ("priorities", "citations", "uspc", "family", "citing", "agents", "events", "description", "locarno"):
        assert sum(bool(getattr(each, name)) for each in made) > 1, name
    assert {each.publication.office for each in made} == {"CN", "US", "EP", "WO"}
    assert {each.right for each in made} == {"invention", "utility_model", "design"}
    assert {len(numbers) for each in made for listed in each.claims.values() for _, numbers in listed} >= {0, 1, 2, 3}
    assert {each.standing for each in made} == {"withdrawn", None}
    assert any(each.parent for each in made) and any(not each.earliest for each in made)


# -- a second reading of ST.36 -----------------------------------------------------------------------


def naive(root: ElementTree.Element) -> dict[str, Any]:
    """ElementTree and its paths alone."""

    def all_text(path: str) -> list[str]:
        return ["".join(each.itertext()).strip() for each in root.findall(path)]

    published = "cn-bibliographic-data/cn-publication-reference/document-id/"
    applied = "cn-bibliographic-data/application-reference/document-id/"
    return {
        "publication_number": "".join(
            root.findtext(published + part) or "" for part in ("country", "doc-number", "kind")
        ),
        "publication_date": root.findtext(published + "date"),
        "application_number": (root.findtext(applied + "country") or "")
        + (root.findtext(applied + "doc-number") or ""),
        "filing_date": root.findtext(applied + "date"),
        "titles": [line(text) for text in all_text(".//invention-title")],
        "abstracts": [line(text) for text in all_text(".//abstract/p")],
        "claims": all_text(".//claim"),
        "applicants": [line(text) for text in all_text(".//cn-applicant/addressbook[@lang='zh']/name")],
        "inventors": [line(text) for text in all_text(".//cn-inventor/addressbook[@lang='zh']/name")],
        "agents": all_text(".//cn-agency/name"),
        "cited": len(root.findall(".//citation")),
        "codes": all_text(".//legal-status/code"),
    }


def test_a_second_reading_of_chinese_st36(tmp_path: Path) -> None:
    text = generated.st36_documents(COUNT)
    nodes = ElementTree.fromstring(text).findall("cn-patent-document")
    said = read_text(tmp_path, text)
    for one, node in zip(said, nodes, strict=True):
        other = naive(node)
        for name in ("publication_number", "publication_date", "application_number", "filing_date"):
            assert one.get(name) == other[name]
        titles = {one.get(f"title_{language}") for language in ("zh", "en")} - {None}
        assert titles == set(other["titles"])
        abstracts = "\n".join(str(one[f]) for f in ("abstract_zh", "abstract_en") if f in one)
        assert abstracts.split("\n") == other["abstracts"]
        assert [claim["text"] for claim in one["claims"]] == [line(text) for text in other["claims"]]
        for name in ("applicants", "inventors"):
            assert [party["name"] for party in one.get(name, [])] == other[name]  # type: ignore[attr-defined]
        assert one.get("agents", []) == other["agents"]
        assert len(one.get("citations", [])) == other["cited"]
        assert [event["code"] for event in one.get("events", [])] == other["codes"]


# -- any values, in any words ------------------------------------------------------------------------

LETTERS = st.characters(codec="utf-8", exclude_categories=("C", "Z"), exclude_characters="\x84")
WORD = st.text(LETTERS, min_size=1, max_size=8).filter(lambda text: text.split() == [text])
WORDS = st.lists(WORD.map(lambda text: f"合{text}"), min_size=1, max_size=4)
RANDOM = st.integers(0, 10_000)


@settings(deadline=None)  # the first example compiles what all of them use
@given(RANDOM, WORDS, st.booleans())
def test_any_lens_record_is_read_as_it_was_written(
    tmp_path_factory: pytest.TempPathFactory, at: int, words: list[str], earlier: bool
) -> None:
    made = truth(Random(at), at, words)
    [said] = read_lines(tmp_path_factory.mktemp("made"), [generated.lens_record(made, earlier=earlier)])
    compare_lens(said, made)


@settings(deadline=None)  # the first example compiles what all of them use
@given(RANDOM, WORDS, st.booleans())
def test_any_row_of_bigquery_is_read_as_it_was_written(
    tmp_path_factory: pytest.TempPathFactory, at: int, words: list[str], as_texts: bool
) -> None:
    made = truth(Random(at), at, words)
    [said] = read_lines(tmp_path_factory.mktemp("made"), [generated.bigquery_row(made, texts=as_texts)])
    compare_bigquery(said, made)


@settings(deadline=None)  # the first example compiles what all of them use
@given(RANDOM, WORDS, st.sampled_from(["", "x:"]))
def test_any_chinese_st36_is_read_as_it_was_written(
    tmp_path_factory: pytest.TempPathFactory, at: int, words: list[str], prefix: str
) -> None:
    made = truth(Random(at), at, words, ("CN",))
    text = generated.st36_file([generated.st36_document(made, prefix=prefix)], prefix)
    [said] = read_text(tmp_path_factory.mktemp("made"), text)
    compare_st36(said, made)


ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["text", "lang", "name"]), inner),
    max_leaves=5,
)


@settings(deadline=None)
@given(RANDOM, st.sampled_from(["lens", "bigquery"]), st.lists(st.tuples(RANDOM, ANYTHING), min_size=1, max_size=4))
def test_whatever_stands_in_its_place_what_is_said_has_its_types(
    tmp_path_factory: pytest.TempPathFactory, at: int, kind: str, changes: list[tuple[int, Any]]
) -> None:
    """A record with anything at any place is read, and says only what a row of `record` can hold."""
    made = truth(Random(at), at)
    record = generated.lens_record(made) if kind == "lens" else generated.bigquery_row(made)
    for place, value in changes:
        places = [*inner_places(record)]
        holder, key = places[place % len(places)]
        if key not in ("lens_id", "publication_number", "biblio", "country_code", "kind_code"):
            holder[key] = value
    for said in read_lines(tmp_path_factory.mktemp("made"), [record]):
        for field, told in said.items():
            wanted = Said.__annotations__[field]
            assert isinstance(told, list if "list" in str(wanted) else str), field
            assert all(isinstance(leaf, str | int | None) for leaf in leaves(told)), field


def inner_places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every (holder, key or index) in a value of JSON."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in [*pairs]:
        yield value, key
        yield from inner_places(inner)


def leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from leaves(each)
    else:
        yield value


# -- shapes that files may have ----------------------------------------------------------------------


def test_a_whole_answer_of_the_lens_and_a_list_of_rows(tmp_path: Path) -> None:
    made = truths(4)
    answer = {"total": 4, "data": [generated.lens_record(each) for each in made], "max_score": None, "results": 4}
    for indent in (None, 1):
        name, said = read_made(tmp_path, json.dumps(answer, indent=indent, ensure_ascii=False))
        assert name == "lens_jsonl"
        for one, each in zip(said, made, strict=True):
            compare_lens(one, each)
    name, said = read_made(tmp_path, json.dumps([generated.bigquery_row(each) for each in made], indent=1))
    assert (name, len(said)) == ("bigquery_patents", 4)
    name, said = read_made(tmp_path, json.dumps(generated.lens_record(made[0]), indent=1))
    assert (name, len(said)) == ("lens_jsonl", 1)


def test_a_record_that_holds_what_was_asked_for_alone(tmp_path: Path) -> None:
    """Requests to the API name the parts that they want."""
    [said] = read_lines(
        tmp_path, [{"lens_id": "1", "doc_key": "EP_2471949_A1_20120704", "publication_type": "UNKNOWN"}]
    )
    assert said == {"publication_number": "EP2471949A1"}
    [said] = read_lines(tmp_path, [{"publication_number": "US-7650331-B1", "family_id": "-1", "claims_localized": []}])
    assert said == {"publication_number": "US7650331B1"}


def test_nothing_is_made_of_what_is_null_or_of_another_type(tmp_path: Path) -> None:
    empty = {"lens_id": "1", "jurisdiction": "EP", "doc_number": "1000000", "kind": "A1", "biblio": None,
             "claims": None, "abstract": [None], "families": [], "legal_status": "x",
             "description": {"text": ""}}  # fmt: skip
    assert read_lines(tmp_path, [empty]) == [{"publication_number": "EP1000000A1"}]
    row = dict.fromkeys(generated.bigquery_row(truths(1)[0]))
    assert read_lines(tmp_path, [row | {"publication_number": "EP-1000000-A1"}]) == [
        {"publication_number": "EP1000000A1"}
    ]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("What is claimed is:\n1. A lamp.\n2. The lamp of claim 1.", [(1, []), (2, [1])]),
        ("What is claimed is: 1. A lamp. 2. The lamp of claim 1, as in FIG. 3. The end. 3. The lamp of claim 2.",
         [(1, []), (2, [1]), (3, [2])]),
        ("1、一种灯，长2.5毫米。2、根据权利要求1所述的灯。", [(1, []), (2, [1])]),
        ("A lamp.", [(None, [])]),
        ("1. A lamp of 2.5 mm", [(1, [])]),
    ],
)  # fmt: skip
def test_claims_in_one_text(tmp_path: Path, text: str, wanted: list[tuple[int | None, list[int]]]) -> None:
    row = {
        "publication_number": "US-7650331-B1",
        "family_id": "1",
        "claims_localized": [{"text": text, "language": "en"}],
    }
    [said] = read_lines(tmp_path, [row])
    assert [(claim.get("number"), claim["depends_on"]) for claim in said["claims"]] == wanted


@pytest.mark.parametrize(
    ("listed", "wanted"),
    [
        (["A lamp", "The lamp of claim 1"], [(1, []), (2, [1])]),
        (["What is claimed is:", "1. A lamp", "2. The lamp of claim 1"], [(1, []), (2, [1])]),
        (["What is claimed is: 1. A lamp.\n2. The lamp of claim 1."], [(1, []), (2, [1])]),
        (["A lamp"], [(1, [])]),
        (["1. A lamp", "The lamp of claim 1"], [(1, []), (2, [1])]),
    ],
)
def test_claims_in_a_list(tmp_path: Path, listed: list[str], wanted: list[tuple[int, list[int]]]) -> None:
    claims = [{"claims": [{"claim_text": [each]} for each in listed], "lang": "EN"}]
    [said] = read_lines(tmp_path, [{"lens_id": "1", "doc_key": "EP_2471949_A1_20120704", "claims": claims}])
    assert [(claim.get("number"), claim["depends_on"]) for claim in said["claims"]] == wanted


# -- the whole way -----------------------------------------------------------------------------------


def files(folder: Path) -> dict[str, str]:
    """The three formats with a broken record in the middle, and the line where it stands."""
    made = {
        "lens.jsonl": generated.lens_records(20).splitlines(keepends=True),
        "rows.jsonl": generated.bigquery_records(20).splitlines(keepends=True),
    }
    for name, lines in made.items():
        lines[9] = lines[9][:-20] + "\n"
        (folder / name).write_text("".join(lines), encoding="utf-8")
    text = generated.st36_documents(20)
    at = text.index("<doc-number>", len(text) // 2)
    (folder / "cn.xml").write_text(text[:at] + "<doc-number" + text[at + len("<doc-number>") :], encoding="utf-8")
    return {"lens.jsonl": "line 10", "rows.jsonl": "line 10", "cn.xml": "byte "}


@pytest.mark.parametrize("name", ["lens.jsonl", "rows.jsonl", "cn.xml"])
def test_a_broken_record_costs_itself_alone(tmp_path: Path, name: str) -> None:
    place = files(tmp_path)[name]
    lake = Lake(tmp_path / "lake")
    [receipt] = pipeline.import_files([tmp_path / name], lake).receipts
    assert (receipt.rows_read, receipt.accepted, receipt.rejected) == (20, 19, 1)
    assert receipt.rows_read == receipt.accepted + receipt.merged + receipt.rejected
    assert receipt.reasons == {"document_ill_formed": 1}
    assert receipt.doubts == {}
    with Session() as session:
        tables = lake.require_current().open(session)
        [reject] = tables["reject"].dicts()
        assert place in reject["value"]
        if name != "cn.xml":
            assert reject["row_number"] == 10
            assert {row["row_number"] for row in tables["record"].dicts()} == {*range(1, 21)} - {10}


@pytest.mark.parametrize("pack", ["gz", "zip"])
def test_packed_files_are_read_as_plain_ones(tmp_path: Path, pack: str) -> None:
    made = {
        "a.jsonl": generated.lens_records(5),
        "b.jsonl": generated.bigquery_records(5, seed=2),
        "c.xml": generated.st36_documents(5),
    }
    if pack == "zip":
        with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
            for name, text in made.items():
                archive.writestr(name, text)
        paths = [tmp_path / "all.zip"]
    else:
        paths = [tmp_path / f"{name}.gz" for name in made]
        for path, text in zip(paths, made.values(), strict=True):
            path.write_bytes(gzip.compress(text.encode()))
    receipts = pipeline.import_files(paths, Lake(tmp_path / "lake")).receipts
    assert (sum(each.rows_read for each in receipts), sum(each.rejected for each in receipts)) == (15, 0)
    assert sum(each.accepted + each.merged for each in receipts) == 15


def test_values_are_typed_and_what_is_unknown_stays_unknown(tmp_path: Path) -> None:
    [made] = [each for each in truths(COUNT) if each.publication.office == "EP" and not each.granted][:1]
    row = generated.bigquery_row(made) | {"filing_date": 0, "publication_date": "0", "priority_date": None}
    (tmp_path / "a.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    lake = Lake(tmp_path / "lake")
    [receipt] = pipeline.import_files([tmp_path / "a.jsonl"], lake).receipts
    assert (receipt.accepted, receipt.doubts) == (1, {})
    with Session() as session:
        [record] = lake.require_current().open(session)["record"].dicts()
    assert [record[name] for name in ("filing_date", "publication_date", "grant_date", "priority_date")] == [None] * 4
    assert record["key"] == made.publication.id
    assert record["application_id"] == made.application.id
    assert [claim["depends_on"] for claim in record["claims"] or []] == [
        numbers for listed in made.claims.values() for _, numbers in listed
    ]


def test_three_formats_that_tell_the_same_agree(tmp_path: Path) -> None:
    """Chinese publications told by all three are one each, and none contradicts another in what all of them hold."""
    made = [replace(each, standing=None) for each in truths(25, seed=7, offices=("CN",))]
    texts = {
        "a.jsonl": "".join(json.dumps(generated.lens_record(each)) + "\n" for each in made),
        "b.jsonl": "".join(json.dumps(generated.bigquery_row(each)) + "\n" for each in made),
        "c.xml": generated.st36_file([generated.st36_document(each) for each in made]),
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    lake = Lake(tmp_path / "lake")
    receipts = pipeline.import_files([tmp_path / name for name in texts], lake).receipts
    assert [(each.accepted, each.merged) for each in receipts] == [(25, 0), (0, 25), (0, 25)]
    pipeline.build(lake, load("semiconductors"))
    with Session() as session:
        tables = lake.require_current().open(session)
        publications = {row["publication_id"]: row for row in tables["publication"].dicts()}
        conflicts = {row["field"] for row in tables["conflict"].dicts()}
        claims = tables["claim"].dicts(order_by="publication_id, sequence")
    assert not conflicts & {"application_id", "publication_date", "filing_date", "grant_date", "claim_count"}, conflicts
    assert publications.keys() == {each.publication.id for each in made}
    for each in made:
        told = publications[each.publication.id]
        assert str(told["publication_date"]) == each.publication.date
        assert str(told["filing_date"]) == each.application.date
        assert told["patent_type"] == each.right
        assert told["sources"] == 3
        assert [row["depends_on"] or [] for row in claims if row["publication_id"] == each.publication.id] == [
            numbers for listed in each.claims.values() for _, numbers in listed
        ]


# -- by hand: what the generator does not make -------------------------------------------------------

CHINESE = """<?xml version="1.0" encoding="GB18030"?>
<!DOCTYPE cn-patent-document SYSTEM "cn-patent-document.dtd">
<?xml-stylesheet type="text/xsl" href="x.xsl"?>
<!-- 合成 synthetic -->
<cn-patent-document lang="ZH" country="CN" doc-number="112345678" kind="A8" date-publ="20210302">
<cn-bibliographic-data>
<application-reference appl-type="发明"><document-id><country>CN</country><doc-number>CN202010000001.2</doc-number>
<date>20200101</date></document-id></application-reference>
<classification-ipc><edition>7</edition><main-classification>H01L 21/00</main-classification>
<further-classification>H01L</further-classification></classification-ipc>
<classifications-ipcr><classification-ipcr><text>H01M   2/16        (2006.01)N</text></classification-ipcr>
<classification-ipcr><text>H01L 21/00(2006.01)I</text></classification-ipcr></classifications-ipcr>
<invention-title>合成<sub>2</sub>器件</invention-title>
<cn-related-documents>
<utility-model-basis><document-id><country>CN</country><doc-number>202020000001.1</doc-number><date>20200101</date>
</document-id></utility-model-basis>
<correction><document-id><country>CN</country><doc-number>112345678</doc-number><kind>A</kind><date>20210101</date>
</document-id></correction></cn-related-documents>
<pct-or-regional-filing-data><document-id><country>WO</country><doc-number>PCT/US2019/012345</doc-number>
<date>20190304</date></document-id></pct-or-regional-filing-data>
<date-pct-article-22-39-fulfilled><date>20200809</date></date-pct-article-22-39-fulfilled>
<assignees><assignee><addressbook><name>合成持有人</name><address><postcode>215000</postcode><text>江苏省苏州市合成路</text>
</address></addressbook><nationality><country>CN</country></nationality></assignee></assignees>
<cn-parties><cn-applicants><cn-applicant sequence="1"><addressbook><name>合成申请人</name></addressbook></cn-applicant>
</cn-applicants><cn-inventors><cn-inventor sequence="2"><name>乙</name></cn-inventor><cn-inventor sequence="1">
<addressbook><last-name>Jia</last-name><first-name>A</first-name></addressbook></cn-inventor></cn-inventors>
<cn-agents><cn-agent><name>合成代理人</name></cn-agent></cn-agents></cn-parties>
<references-cited><citation cited-phase="examination">
<patcit num="1"><text>CN 101234567 A,2009.01.01,说明书</text></patcit>
<rel-passage><category>X</category><rel-claims>1-3</rel-claims></rel-passage>
<rel-passage><category>Y</category><rel-claims>4</rel-claims></rel-passage></citation>
<citation><patcit><text>某合成文献</text></patcit><category>cited by applicant</category></citation></references-cited>
</cn-bibliographic-data>
<cn-abstract><p>第一段。</p><p>第二段。</p></cn-abstract>
<application-body><claims><claim id="cl0001" num="0001"><claim-text>1.一种合成器件，</claim-text></claim>
<claim><claim-text>其特征在于：</claim-text><claim-text>甲。</claim-text></claim>
<claim><claim-text>2.根据权利要求1所述的器件。</claim-text></claim>
<claim id="cl0003" num="0003"><claim-text>3.如<claim-ref idref="cl0002">前一项</claim-ref>所述。</claim-text></claim>
</claims>
<description><invention-title>合成器件</invention-title><technical-field><heading>技术领域</heading><p>甲。</p>
</technical-field><disclosure><p>乙。</p></disclosure></description></application-body>
<cn-legal-status><legal-status><code>PE01</code><date>2021.3.4</date><text>质押</text><pledgee>合成银行</pledgee></legal-status>
</cn-legal-status></cn-patent-document>
"""


def test_a_chinese_document_with_parts_in_other_places(tmp_path: Path) -> None:
    (tmp_path / "made.xml").write_bytes(CHINESE.encode("gb18030"))
    name, [said] = read_file(tmp_path / "made.xml")
    assert name == "st36_cn"
    claims = said.pop("claims")
    assert said == {
        "publication_number": "CN112345678A8",
        "publication_date": "20210302",
        "application_number": "CN202010000001.2",
        "filing_date": "20200101",
        "patent_type": "发明",
        "priorities": ["PCT/US2019/012345 20190304"],
        "relations": [
            {"kind": "utility_model_basis", "side": "parent", "number": "CN202020000001.1", "date": "2020-01-01"},
            {"kind": "correction", "side": "parent", "number": "CN112345678A", "date": "2021-01-01"},
            {"kind": "national_stage", "side": "parent", "number": "PCT/US2019/012345", "date": "2019-03-04"},
        ],
        "applicants": [
            {"name": "合成持有人", "country": "CN", "state": None, "city": None, "address": "215000 江苏省苏州市合成路"}
        ],
        "inventors": [
            {"name": "Jia A", "country": None, "state": None, "city": None, "address": None},
            {"name": "乙", "country": None, "state": None, "city": None, "address": None},
        ],
        "agents": ["合成代理人"],
        "ipc": ["H01M2/16", "H01L21/00", "H01L"],
        "title_zh": "合成2器件",
        "abstract_zh": "第一段。\n第二段。",
        "description": "合成器件\n技术领域\n甲。\n乙。",
        "claim_count": "3",
        "first_claim": "1.一种合成器件，\n其特征在于：\n甲。",
        "citations": [
            {"number": "CN101234567A", "text": None, "category": "XY", "origin": "examiner", "claims": "1-3,4"},
            {"number": None, "text": "某合成文献", "category": None, "origin": "applicant", "claims": None},
        ],
        "events": [
            {"code": "date-pct-article-22-39-fulfilled", "date": "2020-08-09", "authority": "CN", "text": None},
            {"code": "PE01", "date": None, "effective_date": None, "authority": "CN", "text": "质押",
             "details": ["date: 2021.3.4", "pledgee: 合成银行"]},
        ],
    }  # fmt: skip
    assert [(claim["number"], claim["depends_on"]) for claim in claims] == [(1, []), (2, [1]), (3, [2])]


def test_rows_of_bigquery_with_lists_that_do_not_match(tmp_path: Path) -> None:
    row = {
        "publication_number": "US-2019123456-A1", "family_id": "1", "application_number": "", "country_code": "US",
        "application_number_formatted": "15/123456", "filing_date": 20170102, "priority_date": "20170102",
        "pct_number": "PCT/EP2016/062623", "assignee": ["Made-up Inc", "Other"],
        "assignee_harmonized": [{"name": "OTHER", "country_code": "DE"}], "inventor_harmonized": [{"name": "A B"}],
        "citation": [{"application_number": "US-58776004-A", "category": "APP"}, {"npl_text": "", "category": "SEA"}],
        "parent": [{"application_number": "US-201662123456-P", "type": "provisional", "filing_date": "20160103"}],
        "child": [{"application_number": "US-201816123456-A", "filing_date": 0}],
    }  # fmt: skip
    [said] = read_lines(tmp_path, [row])
    assert said == {
        "publication_number": "US2019123456A1",
        "application_number": "US15/123456",
        "filing_date": "20170102",
        "applicants": [{"name": "Made-up Inc", "country": None}, {"name": "Other", "country": "DE"}],
        "applicants_standardised": ["OTHER"],
        "inventors": [{"name": "A B", "country": None}],
        "citations": [
            {"number": None, "text": "US-58776004-A (application number)", "category": None, "origin": "applicant"}
        ],
        "relations": [
            {"kind": "provisional", "side": "parent", "number": "US.201662123456.P", "date": "2016-01-03"},
            {"kind": "unknown", "side": "child", "number": "US.201816123456.A", "date": None},
            {"kind": "national_stage", "side": "parent", "number": "PCT/EP2016/062623", "date": None},
        ],
    }


def test_languages_that_the_lens_calls_by_countries(tmp_path: Path) -> None:
    titles = [{"text": "器件", "lang": "CN"}, {"text": "装置", "lang": "JA"}, {"text": "Device", "lang": "EN"}]
    [said] = read_lines(
        tmp_path, [{"lens_id": "1", "doc_key": "CN_112345678_A_20210101", "biblio": {"invention_title": titles}}]
    )
    assert said == {"publication_number": "CN112345678A", "title_zh": "器件", "title_en": "Device"}


def test_long_texts_make_short_batches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Records of a list do not tell their places in the file: their texts bound a batch."""
    monkeypatch.setattr("pingjiang.sources.documents._BATCH_CHARACTERS", 50)
    made = [generated.lens_record(each) for each in truths(7)]
    (tmp_path / "a.json").write_text(json.dumps({"data": made}), encoding="utf-8")
    [receipt] = pipeline.import_files([tmp_path / "a.json"], Lake(tmp_path / "lake")).receipts
    assert (receipt.rows_read, receipt.accepted) == (7, 7)
