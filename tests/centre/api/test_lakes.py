"""Lakes by a program: what is read is what the pages and the library tell, and others read nothing."""

from __future__ import annotations

import datetime
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from pingjiang import pipeline
from pingjiang.centre.api.models import SCOPES
from pingjiang.centre.casework.models import Event
from pingjiang.centre.evidence.models import AskedQuery, DataLake, LakeRun, SharedRelease, Upload
from pingjiang.centre.evidence.opening import lake_of, opened
from pingjiang.centre.jobs.worker import Worker
from pingjiang.search import find
from tests.centre.api.test_endpoints import Program
from tests.centre.cast import Cast, person
from tests.search.conftest import SETTINGS, write_rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def mia(cast: Cast, lake: DataLake) -> Program:
    """A program of the head of the centre that owns the lake."""
    return Program(cast.everyone["centre_manager"], list(SCOPES))


def whole(who: Program, path: str, limit: int = 7, **query: Any) -> list[Any]:
    """All pages of a list."""
    after, found = 0, []
    while True:
        status, page = who.get(path, after=after, limit=limit, **query)
        assert status == 200, page
        found += page["items"]
        if page["next"] is None:
            assert len(found) == page["total"], path
            return found
        after = page["next"]


def test_a_lake_and_its_releases(mia: Program, lake: DataLake) -> None:
    at = opened(lake)
    [one] = whole(mia, "lakes")
    assert (one["id"], one["newest"], one["built"], one["owner"]) == (lake.pk, at.id, at.id, lake.owner.name_zh)
    status, told = mia.get(f"lakes/{lake.pk}")
    assert status == 200 and told["works"] and told["running"] == []
    assert told["holds"]["units"]["publication"] == 24 and told["holds"]["release"] == at.id
    status, releases = mia.get(f"lakes/{lake.pk}/releases")
    assert status == 200 and releases[0]["rows"]["publication"] == 24
    assert [each["built"] for each in releases] == [True, False] and releases[0]["shown"] is None
    empty = DataLake.objects.create(owner=lake.owner, name_zh="空湖")
    assert mia.get(f"lakes/{empty.pk}")[1]["holds"] is None and mia.get(f"lakes/{empty.pk}/releases") == (200, [])
    assert whole(mia, f"lakes/{empty.pk}/sources") == []
    status, problem = mia.get(f"lakes/{empty.pk}/organisations")
    assert (status, problem["rule"]) == (409, "not_built") and problem["remedy_en"]


def test_a_search_finds_what_the_library_finds(mia: Program, lake: DataLake) -> None:
    path = f"lakes/{lake.pk}/search"
    told = find(lake_of(lake), "电池", settings=SETTINGS)
    listed = [hit["publication_id"] for hit in told.hits(None)]
    assert [each["publication_id"] for each in whole(mia, path, 3, q="电池")] == listed
    days = [each["filing_date"] for each in whole(mia, path, 5, q="PA=*", unit="application", order="filed")]
    assert len(days) == 24 and days == sorted(days)
    _status, page = mia.get(path, q="电池", limit=1)
    assert page["totals"]["publication"] == 8 and page["echo_zh"] == "标题摘要=电池" and not page["lags"]
    assert page["release"] == page["searched"] == opened(lake).id
    why = page["items"][0]["why"][0]
    assert {why["text"][start:stop] for start, stop in why["places"]} <= {"电池", "電池"}
    assert mia.get(path, q="电池", after=100)[1]["items"] == []
    assert not AskedQuery.objects.exists(), "reading changes nothing"


def test_a_query_that_breaks_off_is_told_with_its_character(mia: Program, lake: DataLake) -> None:
    path = f"lakes/{lake.pk}/search"
    status, problem = mia.get(path, q="电池 隔膜")
    assert (status, problem["rule"], problem["position"]) == (409, "query", 4) and problem["zh"] and problem["en"]
    assert mia.get(path, q="##nothing")[1]["rule"] == "set"
    for wrong in ({}, {"q": ""}, {"q": "x", "unit": "y"}, {"q": "x", "order": "z"}, {"q": "x", "qq": "y"}):
        assert mia.get(path, **wrong)[0] == 422, wrong
    assert mia.get(path, q="电池", release="R2020.01-1")[0] == 404
    assert mia.get(path, q="电池", release="../x")[0] == 404


@pytest.mark.slow
def test_an_index_behind_its_release_is_said(mia: Program, lake: DataLake, grown: DataLake) -> None:
    before, newest = opened(lake).id, opened(grown).id
    status, page = mia.get(f"lakes/{grown.pk}/search", q="电池")
    assert (page["release"], page["searched"], page["lags"], page["total"]) == (newest, before, True, 8)
    assert mia.get(f"lakes/{grown.pk}/search", q="电池", release=before)[1]["lags"] is False
    status, one = mia.get(f"lakes/{grown.pk}/publications/CN110000000A")
    assert status == 200 and one["lags"] and one["searched"] == before
    status, problem = mia.get(f"lakes/{grown.pk}/publications/CN110000030A")
    assert (status, problem["rule"]) == (409, "not_indexed") and before in problem["en"]
    assert mia.get(f"lakes/{grown.pk}/publications/CN110000930A")[0] == 404
    assert mia.get(f"lakes/{grown.pk}")[1]["holds"]["release"] == newest


def test_a_publication_comes_with_its_cells(mia: Program, lake: DataLake) -> None:
    status, told = mia.get(f"lakes/{lake.pk}/publications/CN110000000A")
    assert status == 200
    cell = told["cells"]["filing_date"]
    assert (cell["columns"], cell["value"]) == (["Application Date"], told["publication"]["filing_date"])
    assert cell["place"]["file"] == "rows-0.csv" and int(cell["place"]["row"]) == 2
    assert told["applicants"] and told["legal"]["state"] and told["said"][0]["cells"]
    assert mia.get(f"lakes/{lake.pk}/publications/CN999999999A")[0] == 404


def test_organisations(mia: Program, lake: DataLake) -> None:
    path = f"lakes/{lake.pk}/organisations"
    rows = whole(mia, path, 2)
    assert len(rows) == 3 and sum(row["counts"]["publication"] for row in rows) == 24
    [found] = whole(mia, path, called="宁德时代")
    status, one = mia.get(f"{path}/{found['id']}", unit="publication")
    assert status == 200 and one["total"] == found["counts"]["publication"] == sum(y["items"] for y in one["years"])
    assert "宁德时代新能源科技股份有限公司" in {each["name"] for each in one["known_as"]}
    assert whole(mia, path, called="' or 1=1 --") == [] and whole(mia, path, country="XX") == []
    assert mia.get(f"{path}/no-such")[0] == 404 and mia.get(path, level="x")[0] == 422
    assert len(whole(mia, path, level="group")) == 3


def test_an_indicators_rows_are_the_librarys(mia: Program, lake: DataLake) -> None:
    told = pipeline.indicators(lake_of(lake))["indicators"]
    for name in ("filings_by_year", "top_organisations"):
        [entry] = [each for each in told if (each["name"], each["unit"]) == (name, "publication")]
        rows = whole(mia, f"lakes/{lake.pk}/indicators/{name}", unit="publication")
        assert [row["value"] for row in rows] == [row["value"] for row in entry["rows"]]
    status, page = mia.get(f"lakes/{lake.pk}/indicators/filings_by_year", unit="publication", filed="2012-2014")
    assert page["period"] == {"kind": "filing", "first": 2012, "last": 2014} and page["n"] == 9
    assert page["n"] == sum(row["value"] for row in page["items"]) and page["unit_zh"] == "件公开"
    assert page["indicator"]["definition_en"] and page["cutoff_date"].startswith("2020") and page["chain"]["version"]
    status, problem = mia.get(f"lakes/{lake.pk}/indicators/filings_by_year", filed="soon")
    assert (status, bool(problem["remedy_zh"])) == (409, True)
    assert mia.get(f"lakes/{lake.pk}/indicators/nothing")[0] == 404
    names = {each["name"] for each in mia.get("indicators")[1]}
    assert {"filings_by_year", "firms_by_place"} <= names


@pytest.mark.parametrize("view", ["overview", "time", "places", "nodes", "organisations", "network"])
def test_figures_have_their_foot(mia: Program, lake: DataLake, view: str) -> None:
    status, told = mia.get(f"lakes/{lake.pk}/figures/{view}", language="en", unit="publication")
    assert status == 200 and told["figures"]
    for figure in told["figures"]:
        assert figure["release"] == opened(lake).id and "cut-off" in figure["cutoff"].lower() and figure["n"]
        assert all(len(row) == len(figure["heads"]) for row in figure["rows"])
    assert mia.get(f"lakes/{lake.pk}/figures/nothing")[0] == 404


def test_shown_figures_hide_small_counts_and_rows(mia: Program, cast: Cast, lake: DataLake) -> None:
    at = opened(lake)
    row = SharedRelease.objects.create(
        lake=lake, release=at.id, shared_by=cast.everyone["centre_manager"].membership
    )  # fmt: skip
    alice = Program(cast.alice, ["figures:read"])
    assert [each["id"] for each in whole(alice, "shared")] == [row.pk]
    assert mia.get(f"lakes/{lake.pk}/releases")[1][0]["shown"] == "people"
    path = f"shared/{row.pk}/figures"
    firm = whole(mia, f"lakes/{lake.pk}/organisations")[0]["id"]
    asked = {"unit": "publication", "applicant": f"entity/{firm}"}
    [own] = [each for each in mia.get(f"lakes/{lake.pk}/figures/time", **asked)[1]["figures"]
             if each["name"] == "filings_by_year"]  # fmt: skip
    [told] = [each for each in alice.get(f"{path}/time", **asked)[1]["figures"] if each["name"] == "filings_by_year"]
    small = {(line, column) for line, row_ in enumerate(own["rows"]) for column, cell in enumerate(row_)
             if isinstance(cell, int) and 0 < cell < 3}  # fmt: skip
    assert small and all(told["rows"][line][column] == "<3" for line, column in small)
    assert "network" not in alice.get(f"{path}/overview")[1]["views"] and alice.get(f"{path}/network")[0] == 404
    SharedRelease.objects.update(ended_at=datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC))
    assert whole(alice, "shared") == [] and alice.get(f"{path}/time")[0] == 404


def hand_in(who: Program, lake: DataLake, name: str, data: bytes) -> tuple[int, Any]:
    answer = Client().post(
        f"/api/v1/lakes/{lake.pk}/uploads", {"file": SimpleUploadedFile(name, data)},
        headers={"Authorization": f"Bearer {who.secret}"},
    )  # fmt: skip
    return answer.status_code, answer.json()


def test_a_file_becomes_a_release(mia: Program, lake: DataLake, tmp_path: Path) -> None:
    write_rows(tmp_path / "rows.csv", 100, 6)
    broken = "2.01E+12,t,a,2011-01-01,2020-01-01,x,H01M10/05\n"
    data = (tmp_path / "rows.csv").read_bytes() + broken.encode()
    here = f"lakes/{lake.pk}"
    status, file = hand_in(mia, lake, "rows.csv", data)
    assert (status, file["state"]) == (200, "looking")
    assert hand_in(mia, lake, "rows.csv", data)[1]["id"] == file["id"], "it waits once"
    status, problem = hand_in(mia, lake, "empty.csv", b"")
    assert (status, problem["rule"]) == (409, "file")
    assert mia.post(f"{here}/runs", kind="import", request=str(uuid.uuid4()))[1]["rule"] == "looking"
    work()
    assert [each["state"] for each in whole(mia, f"{here}/uploads", waiting="true")] == ["waiting"]
    asked = {"kind": "import", "request": str(uuid.uuid4())}
    status, run = mia.post(f"{here}/runs", **asked)
    assert (status, run["state"], run["files"]) == (200, "queued", [file["id"]])
    assert mia.post(f"{here}/runs", **asked)[1]["id"] == run["id"], "the same twice is one"
    assert mia.get(here)[1]["running"] == [run["id"]]
    work()
    [done] = whole(mia, f"{here}/runs")
    assert (done["state"], done["broken_off"], done["problem"]) == ("done", [], None)
    assert done["release"] == mia.get(here)[1]["newest"] != mia.get(here)[1]["built"]
    more = mia.post(f"{here}/runs", kind="build", then=["index"], request=str(uuid.uuid4()))[1]
    assert (more["state"], more["then"], more["followed_by"]) == ("queued", ["index"], None)
    told = mia.get(f"{here}/uploads/{file['id']}")[1]
    assert (told["state"], told["receipt"]["accepted"], told["receipt"]["rejected"]) == ("taken", 6, 1)
    [source, before] = whole(mia, f"{here}/sources", 1)
    assert (source["file"], source["rejected"], source["counted"]) == ("rows.csv", 1, False)
    assert source["imported_by"] == "One_centre_manager" and before["imported_by"] is None
    [left] = whole(mia, f"{here}/sources/{source['source_id']}/rejects")
    assert left["Publication Number"] == "2.01E+12"
    assert mia.get(f"{here}/sources/{before['source_id']}/rejects")[0] == 404
    assert mia.post(f"{here}/runs/{run['id']}/back")[0] == 409 == mia.post(f"{here}/uploads/{file['id']}/aside")[0]


def work() -> None:
    """Do all that waits in the queue."""
    Worker(idle=0.01).run(drain=True)


def test_files_are_set_aside_read_otherwise_and_taken_back(mia: Program, lake: DataLake, tmp_path: Path) -> None:
    write_rows(tmp_path / "rows.csv", 100, 2)
    here = f"lakes/{lake.pk}"
    one = hand_in(mia, lake, "rows.csv", (tmp_path / "rows.csv").read_bytes())[1]["id"]
    work()
    assert mia.post(f"{here}/uploads/{one}/format", format="no such")[0] == 409
    assert mia.post(f"{here}/uploads/{one}/format", format="incopat")[1]["state"] == "looking"
    work()
    [part] = mia.get(f"{here}/uploads/{one}")[1]["parts"]
    assert (part["format"], part["file"]) == ("incopat", "rows.csv")
    mia.post(f"{here}/uploads/{one}/format", format="")
    work()
    run = mia.post(f"{here}/runs", kind="import", request=str(uuid.uuid4()))[1]
    assert mia.post(f"{here}/runs/{run['id']}/cancel")[1]["state"] == "cancelled"
    assert mia.post(f"{here}/runs/{run['id']}/back")[1]["files"] == []
    assert mia.get(f"{here}/uploads/{one}")[1]["state"] == "waiting"
    assert mia.post(f"{here}/uploads/{one}/aside")[1]["state"] == "aside"
    assert mia.post(f"{here}/runs", kind="import", request=str(uuid.uuid4()))[1]["rule"] == "files"
    asked = {"kind": "index", "then": ["build"], "request": str(uuid.uuid4())}
    assert mia.post(f"{here}/runs", **asked)[1]["rule"] == "then"
    assert mia.post(f"{here}/runs", kind="compare", request=str(uuid.uuid4()))[0] == 422
    assert Event.objects.filter(kind="data set aside", subject=f"upload:{one}").exists()


def test_a_lake_is_unreadable_to_others_in_every_operation(mia: Program, cast: Cast, lake: DataLake) -> None:
    """Not to another centre, nor to the bureau (the matrix asks everybody). Who only reads it changes nothing."""
    upload = hand_in(mia, lake, "a.csv", b"x\n1\n")[1]["id"]
    work()
    run = mia.post(f"lakes/{lake.pk}/runs", kind="index", request=str(uuid.uuid4()))[1]["id"]
    source = lake_of(lake).require_current().info["sources"][0]["source_id"]
    organisation = whole(mia, f"lakes/{lake.pk}/organisations")[0]["id"]
    gets = ["", "/releases", "/sources", f"/sources/{source}/rejects", "/uploads", f"/uploads/{upload}", "/runs",
            f"/runs/{run}", "/search?q=x", "/publications/CN110000000A", "/organisations",
            f"/organisations/{organisation}", "/indicators/filings_by_year", "/figures/time"]  # fmt: skip
    posts = ["/uploads", f"/uploads/{upload}/aside", f"/uploads/{upload}/format", "/runs", f"/runs/{run}/cancel",
             f"/runs/{run}/back"]  # fmt: skip
    other = type(lake.owner).objects.create(kind=lake.owner.kind, name_zh="另一中心")
    before = list(Upload.objects.values()), list(LakeRun.objects.values())
    for actor in (person("Another", other, "centre_manager"), cast.olga):
        who = Program(actor, list(SCOPES))
        assert whole(who, "lakes") == []
        for path in gets:
            assert who.get(f"lakes/{lake.pk}{path}") == who.get(f"lakes/999999{path}"), (actor.role, path)
            assert who.get(f"lakes/{lake.pk}{path}")[0] == 404, (actor.role, path)
        for path in posts:
            assert post(who, f"lakes/{lake.pk}{path}") == 404, (actor.role, path)
    reader = person("Reader", lake.owner, "centre_manager")
    reader.membership.role = "decision_maker"
    reader.membership.save()
    who = Program(reader, list(SCOPES))
    assert {path for path in gets if who.get(f"lakes/{lake.pk}{path}")[0] != 200} == {f"/sources/{source}/rejects"}
    for path in posts:
        assert post(who, f"lakes/{lake.pk}{path}") == 404, path
    assert (list(Upload.objects.values()), list(LakeRun.objects.values())) == before


def post(who: Program, path: str) -> int:
    """What is answered to a request that would do something."""
    if path.endswith("/uploads"):
        pk = int(path.split("/")[1])
        return hand_in(who, DataLake(pk=pk), "b.csv", b"x\n2\n")[0]
    sent = {"format": "", "kind": "index", "request": str(uuid.uuid4())}
    return who.post(path, **sent)[0]
