"""From files in a browser to a release: upload, import, build, receipts, mapping, sharing; and who may not."""

from __future__ import annotations

import multiprocessing
import threading
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from pingjiang import pipeline
from pingjiang.centre.accounts.models import Actor, Organisation
from pingjiang.centre.casework.models import Event
from pingjiang.centre.evidence.chain.shown import chain_told
from pingjiang.centre.evidence.data import formats, runs
from pingjiang.centre.evidence.models import DataLake, LakeRun, OwnFormat, SharedRelease, Upload
from pingjiang.centre.evidence.opening import lake_of, opened
from pingjiang.centre.jobs import functions
from pingjiang.centre.jobs.handle import Handle
from pingjiang.engine import Lake
from pingjiang.pipeline.own_chains import keep_chain
from pingjiang.search.shared import shared
from tests.centre.cast import Cast, person
from tests.centre.evidence.data.conftest import Rows, hand_in, work
from tests.centre.evidence.data.killed import import_and_wait
from tests.chain.made import chain_text, write
from tests.search.conftest import SETTINGS, add, grow

pytestmark = pytest.mark.django_db
ClientOf = Callable[[Actor], Client]


@pytest.fixture
def browser(client_of: ClientOf, manager: Actor) -> Client:
    return client_of(manager)


def run(client: Client, lake: DataLake, kinds: str) -> LakeRun:
    answer = client.post(f"/evidence/{lake.pk}/data/run/", {"kinds": kinds, "request": str(uuid.uuid4())})
    return LakeRun.objects.get(pk=int(answer["Location"].rstrip("/").rpartition("/")[2]))


def test_files_become_a_release_with_receipts_that_add_up(browser: Client, lake: DataLake, rows: Rows) -> None:
    bad = rows(200, 3, "bad.csv")
    bad.write_text(
        bad.read_text(encoding="utf-8") + "2.01E+12,t,a,2011-01-01,2020-01-01,x,H01M10/05\n", encoding="utf-8"
    )
    hand_in(browser, lake, rows(100, 12), bad)
    work()
    page = browser.get(f"/evidence/{lake.pk}/data/").content.decode()
    assert "通用表头" in page and "generic" in page
    made = run(browser, lake, "import+build+index")
    work()
    receipts = {file.file_name: file.receipt for file in Upload.objects.filter(run=made)}
    assert {name: (r["rows_read"], r["accepted"], r["rejected"]) for name, r in receipts.items()} == {
        "rows.csv": (12, 12, 0), "bad.csv": (4, 3, 1)
    }  # fmt: skip
    assert all(r["rows_read"] == r["accepted"] + r["merged"] + r["rejected"] for r in receipts.values())
    current = lake_of(lake).require_current()
    assert [each.kind for each in LakeRun.objects.filter(lake=lake).order_by("pk")] == ["import", "build", "index"]
    assert all(each.job and each.job.state == "done" for each in LakeRun.objects.filter(lake=lake))
    assert current.info["built"] == current.id and current.rows("publication") == 24 + 15
    assert (lake_of(lake).folder / "search" / current.id).is_dir()
    source = receipts["bad.csv"]["source_id"]
    rejected: Any = browser.get(f"/evidence/{lake.pk}/data/sources/{source}/rejects.csv")
    assert "2.01E+12" in b"".join(rejected.streaming_content).decode("utf-8-sig")
    told = browser.get(f"/evidence/{lake.pk}/data/").content.decode()
    assert "bad.csv" in told and "One_centre_manager" in told and ">39<" in told
    assert browser.get(f"/evidence/{lake.pk}/data/runs/{made.pk}/").status_code == 200


def test_the_same_file_twice_changes_nothing_and_says_so(browser: Client, lake: DataLake, rows: Rows) -> None:
    path = rows()
    for _ in range(2):
        hand_in(browser, lake, path)
        hand_in(browser, lake, path)  # while it waits, it waits once
        assert Upload.objects.filter(run=None).count() == 1
        work()
        made = run(browser, lake, "import")
        work()
        release = lake_of(lake).require_current().id
    made.refresh_from_db()
    first, second = Upload.objects.order_by("pk")
    assert (first.receipt["accepted"], second.receipt["already_imported"]) == (12, True)
    assert first.run is not None and first.run.release == made.release == release
    assert "同一文件已导入过" in browser.get(f"/evidence/{lake.pk}/data/runs/{made.pk}/").content.decode()


def test_a_refused_file_is_told_with_its_remedy_and_the_lake_stays(
    browser: Client, lake: DataLake, tmp_path: Path, rows: Rows
) -> None:
    (tmp_path / "broken.xlsx").write_bytes(b"PK\x03\x04 cut short")
    hand_in(browser, lake, tmp_path / "broken.xlsx")
    work()
    page = browser.get(f"/evidence/{lake.pk}/data/").content.decode()
    assert "不能读取" in page and "办法" in page
    refused = browser.post(
        f"/evidence/{lake.pk}/data/run/", {"kinds": "import", "request": str(uuid.uuid4())}, follow=True
    )
    assert "没有可以导入的文件" in refused.content.decode()
    hand_in(browser, lake, rows())
    work()
    Upload.objects.filter(file_name="broken.xlsx").update(looked={"refused": None, "parts": []})  # changed behind us
    before = lake_of(lake).require_current().id
    made = run(browser, lake, "import+build+index")
    work()
    made.refresh_from_db()
    assert (
        made.job is not None
        and made.job.state == "failed"
        and made.problem["remedy_en"]
        and made.problem["file"] == "broken.xlsx"
    )
    assert lake_of(lake).require_current().id == before and LakeRun.objects.filter(lake=lake).count() == 1
    browser.post(f"/evidence/{lake.pk}/data/runs/{made.pk}/back/")
    assert Upload.objects.filter(run=None, set_aside_at=None).count() == 2


def test_an_import_waits_for_another_writer(
    browser: Client, lake: DataLake, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand_in(browser, lake, rows())
    work()
    made = run(browser, lake, "import")
    ready, told = threading.Event(), threading.Event()

    def hold() -> None:
        with lake_of(lake).draft():
            ready.set()
            assert told.wait(60)

    real = Handle.progress

    def progress(self: Handle, done: int, of: int | None = None, words: tuple[str, str] | None = None) -> None:
        real(self, done, of, words)
        if words and "等候中" in words[0]:
            told.set()

    monkeypatch.setattr(Handle, "progress", progress)
    holder = threading.Thread(target=hold)
    holder.start()
    ready.wait()
    work()
    holder.join()
    made.refresh_from_db()
    assert told.is_set() and made.job is not None and made.job.state == "done"


class _Killed(BaseException):
    """The process ends here."""


def test_an_import_that_died_behind_its_publication_tells_the_same_receipts(
    browser: Client, lake: DataLake, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand_in(browser, lake, rows())
    work()
    made = run(browser, lake, "import")
    real = pipeline.import_files

    def dies(*args: Any, **more: Any) -> Any:
        real(*args, **more)
        raise _Killed

    monkeypatch.setattr(pipeline, "import_files", dies)
    handle: Any = Unqueued()
    with pytest.raises(_Killed):
        functions.find("lake-import").run(handle, run=made.pk)  # type: ignore[union-attr]
    monkeypatch.undo()
    work()
    made.refresh_from_db()
    [file] = Upload.objects.filter(run=made)
    assert (file.receipt["accepted"], file.receipt["already_imported"]) == (12, False)
    assert lake_of(lake).require_current().id == made.release


class Unqueued:
    """What a job gets, without a queue behind it."""

    def progress(self, *_args: object) -> None:
        pass

    def log(self, *_args: str) -> None:
        pass

    def fenced(self) -> Any:
        from django.db import transaction

        return transaction.atomic()


SPEC = {"title": "内部台账", "separator": ";", "dates": "", "authority": ""}
STRANGE = "甲,乙,丙,丁\nCN119000001A,一种电池,2019-03-01,甲公司;乙公司\nCN119000002A,一种隔膜,2019-05-01,丙公司\n"


def test_unknown_headers_are_mapped_by_hand_and_known_from_then_on(
    browser: Client, lake: DataLake, tmp_path: Path
) -> None:
    path = tmp_path / "strange.csv"
    path.write_text(STRANGE, encoding="utf-8")
    hand_in(browser, lake, path)
    work()
    row = Upload.objects.get()
    assert row.refused and "甲" in row.refused["zh"]
    at = f"/evidence/{lake.pk}/data/uploads/{row.pk}"
    assert "CN119000001A" in browser.get(f"{at}/map/0/").content.decode()
    columns = {
        "column-0": "publication_number",
        "column-1": "title",
        "column-2": "filing_date",
        "column-3": "applicants",
    }
    tried = browser.post(f"{at}/try/0/", {**SPEC, **columns}).content.decode()
    assert "采用 2" in tried and "2019-03-01" in tried and "甲公司; 乙公司" in tried
    wrong = browser.post(
        f"{at}/try/0/", {**SPEC, **columns, "column-1": "filing_date", "column-2": ""}
    ).content.decode()
    assert "存疑" in wrong
    assert browser.post(f"{at}/map/0/", {**SPEC, "column-1": "title"}).status_code == 422, "no number is read"
    assert browser.post(f"{at}/map/0/", {**SPEC, **columns}).status_code == 302
    work()
    kept = OwnFormat.objects.get()
    run(browser, lake, "import")
    work()
    assert Upload.objects.get().receipt["accepted"] == 2
    second = tmp_path / "again.csv"
    second.write_text(STRANGE.replace("11900", "11901"), encoding="utf-8")
    hand_in(browser, lake, second)
    work()
    [part] = Upload.objects.get(run=None).parts
    assert (part["format"], part["by"]) == (kept.name, "signature")
    yaml = browser.get(f"/evidence/{lake.pk}/data/formats/{kept.name}.yaml").content
    (tmp_path / "spec.yaml").write_bytes(yaml)
    receipt = pipeline.import_files([second], Lake(tmp_path / "other"), own=[pipeline_format(tmp_path / "spec.yaml")],
                                    settings=SETTINGS).receipts[0]  # fmt: skip
    assert receipt.accepted == 2, "the command line reads what was exported"


def pipeline_format(path: Path) -> Any:
    from pingjiang.sources import read_format

    return read_format(path)


def test_a_spec_that_breaks_a_rule_is_refused(browser: Client, lake: DataLake, tmp_path: Path) -> None:
    for text in ("name: incopat\nsignature: [[甲]]\nfields: {title: [甲]}", "name: own_1\nfields: {nothing: [甲]}",
                 "name: own_1\nprepare: x.sql", "name: own_1\nfields: {title: [甲]}", "- 1"):  # fmt: skip
        (tmp_path / "s.yaml").write_text(text, encoding="utf-8")
        with (tmp_path / "s.yaml").open("rb") as file:
            assert browser.post(f"/evidence/{lake.pk}/data/formats/", {"spec": file}).status_code == 422, text
    assert not OwnFormat.objects.exists()


def test_a_shared_release_stays_until_it_is_withdrawn(browser: Client, lake: DataLake, manager: Actor) -> None:
    release = lake_of(lake).require_current().id
    here = f"/evidence/{lake.pk}/data/sharing/?release={release}"
    for leads in (f"/evidence/{lake.pk}/data/", f"/evidence/{lake.pk}/atlas/"):
        assert f'href="{here}"' in browser.get(leads).content.decode(), leads
    assert "向社会公开" in browser.get(here).content.decode() and not SharedRelease.objects.exists()
    asked = {"release": release, "to": "public", "request": str(uuid.uuid4())}
    for _ in range(2):
        assert browser.post(f"/evidence/{lake.pk}/data/share/", asked)["Location"] == here
    [row] = SharedRelease.objects.all()
    assert row.public and row.shared_by == manager.membership
    assert f"/evidence/shared/{row.pk}/" in browser.get(here).content.decode()
    assert Event.objects.filter(kind="release shared", actor=manager.user).count() == 1
    for number in range(4):
        add(lake_of(lake), 24 * (number + 1), 2)
    assert release in {each.id for each in lake_of(lake).releases()}
    lake_of(lake).release(release).verify()
    browser.post(f"/evidence/{lake.pk}/data/withdraw/", {"release": release})
    assert not SharedRelease.objects.filter(ended_at=None).exists() and not lake_of(lake).pinned()
    add(lake_of(lake), 900, 2)
    assert release not in {each.id for each in lake_of(lake).releases()}


def test_a_release_that_is_gone_or_not_built_is_not_shared(browser: Client, lake: DataLake) -> None:
    asked = {"release": "R2020.01-1", "to": "others", "request": str(uuid.uuid4())}
    browser.post(f"/evidence/{lake.pk}/data/share/", asked)
    assert not SharedRelease.objects.exists() and not lake_of(lake).pinned()


def test_what_changed_between_two_releases_is_told(browser: Client, lake: DataLake) -> None:
    before = lake_of(lake).require_current().id
    after = grow(lake_of(lake), 24, 3)
    here = f"/evidence/{lake.pk}/data/changes/"
    asked = {"before": before, "after": after, "request": str(uuid.uuid4())}
    for _ in range(2):
        browser.post(here, asked)
    work()
    told = LakeRun.objects.get(kind="compare").result
    counts = {row["table"]: (row["added"], row["gone"]) for row in told["tables"]}
    assert counts["publication"] == (3, 0) and counts["record"] == (3, 0)
    assert [Path(source["path"]).name for source in told["sources"]] == ["rows-24.csv"]
    assert "filings_by_year" in {row["name"] for row in told["indicators"]}
    assert "rows-24.csv" in browser.get(here, {"before": before, "after": after}).content.decode()


def test_a_build_goes_by_the_chain_that_the_lake_keeps(browser: Client, lake: DataLake, tmp_path: Path) -> None:
    folder = tmp_path / "chains"
    folder.mkdir()
    leaves = {"battery": [{"symbols": ["H01M10"]}]}
    kept, _told = keep_chain(lake_of(lake), write(folder, chain_text(leaves), "made.yaml"), who="王芳")
    DataLake.objects.filter(pk=lake.pk).update(chain=kept.chain)
    assert f'value="{kept.chain}" selected' in browser.get(f"/evidence/{lake.pk}/data/settings/").content.decode()
    versions = f"/evidence/{lake.pk}/chain/versions/"
    assert "build+index" in browser.get(versions).content.decode()
    made = run(browser, lake, "build+index")
    work()
    made.refresh_from_db()
    assert made.job is not None and made.job.state == "done", made.problem
    at = opened(lake)
    assert at.id == made.release and chain_told(at)["sha256"] == kept.sha256
    assert shared(lake_of(lake), at.release) is not None, "the index came with it"
    assert "build+index" not in browser.get(versions).content.decode()


def test_a_lake_is_made_and_its_chain_chosen(browser: Client, centre: Organisation, site_folder: Path) -> None:
    said = {"name_zh": "第二湖", "name_en": "Second", "chain": "semiconductors"}
    answer = browser.post("/evidence/new/", said)
    made = DataLake.objects.get(name_zh="第二湖")
    assert (answer.status_code, made.owner, made.chain) == (302, centre, "semiconductors")
    assert browser.post("/evidence/new/", said).status_code == 422
    assert browser.get(f"/evidence/{made.pk}/data/").status_code == 200
    browser.post(f"/evidence/{made.pk}/data/settings/", {**said, "chain": "nano-materials"})
    made.refresh_from_db()
    assert made.chain == "nano-materials"


def test_nobody_of_another_house_finds_anything(
    cast: Cast, browser: Client, client_of: ClientOf, lake: DataLake, rows: Rows
) -> None:
    hand_in(browser, lake, rows())
    work()
    row = Upload.objects.get()
    made = run(browser, lake, "import")
    release = lake_of(lake).require_current().id
    source = lake_of(lake).require_current().info["sources"][0]["source_id"]
    formats.keep(cast.everyone["centre_manager"], lake.owner, "name: own_1\nsignature: [[甲]]\nfields: {title: [甲]}")
    own = f"/evidence/{lake.pk}/data/"
    gets = ["", "settings/", "waiting/", f"uploads/{row.pk}/map/0/", f"runs/{made.pk}/",
            f"sources/{source}/rejects.csv",
            f"sources/{source}/doubts.csv", "changes/", "sharing/", "formats/",
            "formats/own_1.yaml"]  # fmt: skip
    posts = ["upload/", f"uploads/{row.pk}/format/", f"uploads/{row.pk}/aside/", f"uploads/{row.pk}/try/0/", "run/",
             f"runs/{made.pk}/back/", f"runs/{made.pk}/cancel/", "changes/", "share/", "withdraw/",
             "formats/"]  # fmt: skip
    other = Organisation.objects.create(kind=lake.owner.kind, name_zh="另一中心")
    strangers = [person("Another", other, "centre_manager"), *cast.everyone.values(), cast.charlie]
    for actor in strangers:
        if actor.organisation == lake.owner:
            continue
        stranger = client_of(actor)
        for address in gets:
            assert stranger.get(own + address).status_code == 404, (actor.role, address)
        for address in posts:
            sent = {"release": release, "kinds": "build", "request": str(uuid.uuid4())}
            assert stranger.post(own + address, sent).status_code == 404, (actor.role, address)
    assert not SharedRelease.objects.exists() and LakeRun.objects.count() == 1


def test_a_killed_import_leaves_the_lake_as_it_was(lake: DataLake, rows: Rows) -> None:
    before = lake_of(lake).require_current()
    context = multiprocessing.get_context("spawn")
    begun = context.Event()
    process = context.Process(target=import_and_wait, args=(str(lake.path), str(rows()), begun))
    process.start()
    assert begun.wait(60)
    process.kill()
    process.join()
    assert lake_of(lake).require_current().id == before.id
    before.verify()
    assert runs.running(lake) == []
    assert grow(lake_of(lake), 100, 12) != before.id, "the lock went with its holder"
