"""Search and the page of a publication as people of a centre meet them, and as nobody else does."""

from __future__ import annotations

import html
import io
import re
import uuid
from urllib.parse import parse_qs, urlencode, urlsplit

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from pingjiang.centre.evidence.models import AskedQuery, DataLake, ResultFile, SavedSet
from pingjiang.centre.evidence.opening import lake_of, opened
from pingjiang.centre.evidence.search import facets, jobs
from pingjiang.centre.evidence.templatetags.search import facet_value
from pingjiang.centre.jobs.models import Job
from pingjiang.centre.jobs.worker import Worker
from pingjiang.query import parse
from pingjiang.search import ensure, find
from pingjiang.search.arrangement import UNITS
from pingjiang.search.shared import shared
from tests.centre.cast import Cast
from tests.search.conftest import SETTINGS

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.everyone["centre_manager"].user)
    return client


def address(lake: DataLake, rest: str = "") -> str:
    return f"/evidence/{lake.pk}/search/{rest}"


def body(client: Client, url: str, status: int = 200, **more: str) -> str:
    answer = client.get(url, more)
    assert answer.status_code == status, url
    return str(answer.content.decode())


def test_what_a_page_tells_is_what_the_library_finds(reader: Client, lake: DataLake) -> None:
    told = find(lake_of(lake), "电池", settings=SETTINGS)
    page = body(reader, address(lake), q="电池")
    listed = re.findall(r'name="pick" value="([^"]+)"', page)
    assert listed == [hit["publication_id"] for hit in told.hits(20)]
    assert f"<b>{told.total}</b>" in page and "标题摘要=电池" in page and "<mark>電池</mark>" in page
    assert AskedQuery.objects.get().total == told.total


def test_a_query_that_breaks_off_is_told_at_its_character(reader: Client, lake: DataLake) -> None:
    for url in (address(lake), address(lake, "reading/")):
        page = body(reader, url, q="TI=(电池 AND 隔膜")
        assert 'TI=(电池 AND 隔膜<mark class="at">⌶</mark>' in page
        assert '电池 <mark class="at">隔</mark>膜' in body(reader, url, q="电池 隔膜")
    assert not AskedQuery.objects.exists()


def test_each_facet_leads_to_as_many_as_it_says(reader: Client, lake: DataLake) -> None:
    at = opened(lake)
    index = shared(at.lake, at.release)
    assert index is not None
    for query in ("PA=*", "TI=电池 OR TI=天線", "NOT PA=toyota"):
        tree = parse(query)
        for unit in UNITS:
            for facet in facets.drawn(index.found(tree, unit).facets(), query, tree):
                for value in facet.values:
                    if value.query and not value.chosen:
                        narrower = parse(value.query)
                        assert index.found(narrower, unit).total == value.count, value
                        again, chosen = facets.narrowed(value.query, narrower, value.query.rpartition(" AND ")[2])
                        assert chosen and index.found(parse(again), unit).total == index.found(tree, unit).total


def test_sets_and_history_are_asked_by_name(cast: Cast, reader: Client, lake: DataLake) -> None:
    body(reader, address(lake), q="电池")
    body(reader, address(lake), q="#1 AND APD=2010")
    assert (
        AskedQuery.objects.filter(text="#1 AND APD=2010").get().total
        == find(lake_of(lake), "电池 AND APD=2010", settings=SETTINGS).total
    )
    kept = reader.post(address(lake, "sets/keep/"), {"q": "#1", "name": "##battery", "shared": "1"})
    assert kept.status_code == 302 and str(SavedSet.objects.get()) == "##battery"
    assert "##battery" in body(reader, address(lake, "history/"))
    body(reader, address(lake), q="##battery")
    assert AskedQuery.objects.filter(text="##battery").get().total == 8
    reader.post(address(lake, "sets/keep/"), {"q": "电池", "name": "two words"})
    assert SavedSet.objects.count() == 1
    reader.post(address(lake, f"sets/{SavedSet.objects.get().pk}/drop/"))
    assert not SavedSet.objects.exists()


def test_a_record_is_walked_through_within_its_result(reader: Client, lake: DataLake) -> None:
    page = body(reader, address(lake), q="电池", order="filed")
    first = html.unescape(re.findall(r'class="ti" href="([^"]+)"', page)[0])
    seen: list[str] = []
    url: str | None = first
    while url is not None:
        seen.append(urlsplit(url).path.rstrip("/").rpartition("/")[2])
        page = body(reader, url)
        onward = re.search(r'rel="next" href="([^"]+)"', page)
        url = html.unescape(onward[1]) if onward else None
    assert len(seen) == len(set(seen)) == 8
    assert "Application Date" in page and "rows-0.csv" in page  # the cell of a fact
    for tab in ("claims", "family", "citations", "legal", "sources"):
        body(reader, first + f"&tab={tab}")
    assert parse_qs(urlsplit(first).query)["release"] == [opened(lake).id]
    body(reader, address(lake, "publication/CN999999999A/"), status=404)


def test_others_read_nothing_of_a_lake(cast: Cast, reader: Client, lake: DataLake) -> None:
    body(reader, address(lake), q="电池")
    paths = [
        "", "reading/", "history/", "publication/CN110000000A/", "similar/", "compare/", "work/1/", "file/1/",
    ]  # fmt: skip
    for name, actor in cast.everyone.items():
        if actor.organisation == lake.owner:
            continue
        other = Client()
        other.force_login(actor.user)
        for path in paths:
            assert other.get(address(lake, path)).status_code == 404, (name, path)
        for path in ("sets/keep/", "sets/1/drop/", "export/"):
            assert other.post(address(lake, path), {"q": "电池"}).status_code == 404, (name, path)


@pytest.mark.parametrize("kind", ["xlsx", "jsonl", "csv"])
def test_a_whole_result_is_a_file_for_those_who_read_the_lake(
    cast: Cast, reader: Client, lake: DataLake, kind: str
) -> None:
    asked = {"q": "PA=*", "unit": "application", "order": "filed", "kind": kind}
    answer = reader.post(address(lake, "export/"), asked)
    job = Job.objects.get(kind=jobs.EXPORT)
    assert answer["Location"] == address(lake, f"work/{job.pk}/")
    work_off()
    job.refresh_from_db()
    assert job.state == "done", job.problem_en
    made = ResultFile.objects.get()
    assert made.name in body(reader, answer["Location"])
    got = reader.get(address(lake, f"file/{made.pk}/"))
    data = b"".join(got.streaming_content)  # type: ignore[attr-defined]
    assert made.rows == 24 and "attachment" in got["Content-Disposition"]
    if kind == "jsonl":
        assert len(data.splitlines()) == 24
    if kind == "xlsx":
        assert openpyxl.load_workbook(io.BytesIO(data))["hits"].max_row == 25
    stranger = Client()
    stranger.force_login(cast.everyone["member_user"].user)
    assert stranger.get(address(lake, f"file/{made.pk}/")).status_code == 404
    made.made_at = made.made_at.replace(year=2020)
    made.save()
    assert reader.get(address(lake, f"file/{made.pk}/")).status_code == 404
    assert jobs.sweep() == 1 and not made.path.exists()


def work_off() -> None:
    """Work off the queue in this thread."""
    Worker(idle=0.01).run(drain=True)


def test_a_page_stays_on_its_release_while_a_newer_one_waits_for_its_index(
    reader: Client, lake: DataLake, grown: DataLake
) -> None:
    before, newest, lake = opened(lake).id, opened(grown).id, grown
    stays = body(reader, address(lake), q="电池", release=before)
    assert "<b>8</b>" in stays and newest in stays
    waiting = body(reader, address(lake), q="电池")
    assert "<b>8</b>" in waiting and f"检索的是版本 {before}" in waiting and "建立新版本的索引" in waiting
    ensure(lake_of(lake), settings=SETTINGS)
    assert "<b>16</b>" in body(reader, address(lake), q="电池")
    assert "<b>8</b>" in body(reader, address(lake), q="电池", release=before)


def test_the_index_is_made_on_request(reader: Client, grown: DataLake) -> None:
    lake = grown
    page = body(reader, address(lake), q="电池")
    found = re.search(r'action="([^"]+/data/run/)".*?name="request" value="([^"]+)".*?name="kinds" value="index"', page)
    assert found
    answer = reader.post(found[1], {"request": found[2], "kinds": "index"})
    again = reader.post(found[1], {"request": str(uuid.uuid4()), "kinds": "index"})
    assert again["Location"] == answer["Location"]  # one is enough
    work_off()
    assert Job.objects.get(kind="lake-index").state == "done"
    assert f'href="{address(lake)}"' in body(reader, answer["Location"])
    assert "<b>16</b>" in body(reader, address(lake), q="电池")
    similar = body(reader, address(lake, "similar/"), publication="CN110000000A")
    assert "词项相似" in similar and len(re.findall(r"data-row>", similar)) > 5
    pasted = reader.post(address(lake, "similar/"), {"text": "锂电池隔膜"})
    assert pasted.status_code == 200 and "CN110000000A" in pasted.content.decode()
    assert reader.post(address(lake, "similar/"), {"text": "x" * 5001}).status_code == 422
    compared = reader.get(address(lake, "compare/"), {"pick": [f"CN11000000{n}A" for n in range(6)]})
    assert compared.content.decode().count('<th scope="col"><a') == 4


def test_queries_of_other_tools_are_offered_in_this_language(reader: Client, lake: DataLake) -> None:
    page = body(
        reader, address(lake) + "?" + urlencode({"tool": "incopat", "from": "tiab=(空调 (s) 蒸发器) and ap=格力"})
    )
    assert "##untranslated-1 AND PA=格力" in page


def test_what_an_address_says_wrongly_is_as_if_it_were_not_said(reader: Client, lake: DataLake) -> None:
    page = body(reader, address(lake), q="电池", unit="x", order="y", page="99999999999", size="7", cols="nope")
    assert "<b>8</b>" in page
    body(reader, address(lake), q="\x00电池")
    body(reader, address(lake), q="PN=(" * 80)


def test_a_value_of_a_facet_is_drawn_with_its_query_and_nothing_of_it_is_markup() -> None:
    value = facets.Value('<甲&"乙">', 12_345, 'PA=="<甲>" AND A&B', chosen=True)
    drawn = str(facet_value(value, "/s/?a=1&b=2"))
    (address,) = re.findall(r'href="([^"]*)"', drawn)
    query = parse_qs(urlsplit(html.unescape(address)).query)
    assert query == {"a": ["1"], "b": ["2"], "q": [value.query]}
    assert "<甲" not in drawn and 'aria-current="true"' in drawn and "12,345" in drawn
    unsaid = str(facet_value(facets.Value("未知", 1, "", chosen=False, unknown=True), "/s/?"))
    assert "href" not in unsaid and 'class="hatch"' in unsaid


def test_looking_again_at_a_lake_writes_nothing(reader: Client, lake: DataLake) -> None:
    reader.get(address(lake))
    with CaptureQueriesContext(connection) as asked:
        assert reader.get(address(lake)).status_code == 200
    assert not [each["sql"] for each in asked if not each["sql"].startswith("SELECT")]
