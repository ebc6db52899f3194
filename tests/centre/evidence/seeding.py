"""Two lakes of the same few publications, the bureau's and a centre's, with one of each thing that people keep there.

Both are built, so that a page answers as it does in use: what a reader may see and a worker may do differ only there.
"""

from __future__ import annotations

import tempfile
import uuid
from pathlib import Path

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from pingjiang import pipeline, search
from pingjiang.centre.accounts.models import Actor, Hat, Membership
from pingjiang.centre.evidence import adopting
from pingjiang.centre.evidence.chain import changing, desks
from pingjiang.centre.evidence.chain import jobs as chain_jobs
from pingjiang.centre.evidence.data import formats, runs, uploads
from pingjiang.centre.evidence.models import (
    AskedQuery,
    ChainFinding,
    DataLake,
    ResultFile,
    Roster,
    RosterEntry,
    SavedSet,
    SavedView,
    SharedRelease,
    TaggingList,
)  # fmt: skip
from pingjiang.centre.evidence.opening import opened
from pingjiang.centre.evidence.search import jobs as search_jobs
from pingjiang.centre.jobs import service
from pingjiang.centre.jobs.models import Job
from pingjiang.chain import tree
from pingjiang.engine import Lake
from pingjiang.judging.tag_lists import tag_of
from tests.centre.cast import SINCE
from tests.centre.matrix.city import City
from tests.centre.matrix.people import ADMIN, EVERYONE, OWN, at_home, only
from tests.search.conftest import SETTINGS

CHAIN = "semiconductors"
# Its owner's people alone, and of those not the steward.
CITY_LAKE = at_home("programme_officer", "decision_maker")
CENTRE_LAKE = at_home("centre_manager", "centre_specialist")
# Who works on it: the decision maker reads.
CITY_WORK = at_home("programme_officer")
MAKER = only("programme_officer", OWN)
EXPERT = only("expert", OWN)
LAKES = ("city lake", "lake of a centre", "shown city lake", "shown lake of a centre")
_ROWS = """Publication Number,Title,Abstract,Application Date,Publication Date,Applicant,Inventor,IPC
CN110000001A,光刻机,一种光刻机,2018-03-01,2020-01-01,甲芯有限公司; 乙芯有限公司,张三; 李四,H01L21/02
CN110000002A,刻蚀机,一种刻蚀机,2019-03-01,2020-02-01,甲芯有限公司,张三,H01L21/02
CN110000003A,键合机,一种键合机,2019-04-01,2020-03-01,乙芯有限公司,李四,H01L21/02
,无主机甲,没有号,2019-04-01,2020-03-01,乙芯有限公司,李四,H01L21/02
"""
_SPEC_MARK = "表头自定格式甲"


def seed(city: City) -> None:
    """The lakes and what lies in them."""
    with tempfile.TemporaryDirectory() as folder:
        made = Lake(Path(folder) / "lake")
        file = Path(folder) / "rows.csv"
        file.write_text(_ROWS, encoding="utf-8")
        pipeline.import_files([file], made, settings=SETTINGS)
        pipeline.build(made, tree.load(CHAIN), settings=SETTINGS)
        search.ensure(made, settings=SETTINGS)
        for name, sees, kind in (("city lake", CITY_LAKE, "authority"), ("lake of a centre", CENTRE_LAKE, "centre")):
            for more, words in (("", f"{kind}的数据湖甲"), ("shown ", f"{kind}的示众湖甲")):
                lake = adopting.adopt(made, city.homes[kind], (words, ""), chain=CHAIN, open_sources=not more)
                # Whoever sees its figures reads whose they are.
                city.put(f"{more}{name}", sees=sees, mark="" if more else words, label=words, lake=lake.pk)
    lake, maker = DataLake.objects.get(pk=city.things["city lake"].ids["lake"]), city.own("programme_officer")
    _release(city, lake)
    _shared(city)
    _data(city, lake, maker)
    _kept(city, lake, maker)
    _chain(city, lake, maker)
    _tagging(city, lake, maker)
    for job in Job.objects.filter(owner=maker.membership):
        city.put(f"job:{job.pk}", sees=MAKER | only("steward", ADMIN), pk=job.pk, job_id=job.pk)


def _release(city: City, lake: DataLake) -> None:
    """What stands in the release itself: read by all who read the lake."""
    with opened(lake).session() as session:
        (publication,) = session.rows("select min(publication_id) from publication")[0]
        (organisation,) = session.rows("select min(organisation_id) from organisation")[0]
        (inventor,) = session.rows("select min(inventor_id) from inventor")[0]
    node = tree.load(CHAIN).leaves()[0].id
    digest = tree.load(CHAIN).sha256
    for name, ids in (
        ("publication", {"publication": publication}), ("organisation", {"organisation": organisation}),
        ("inventor", {"inventor": inventor}), ("node", {"node": node}), ("unplaced", {"where": "none"}),
        ("chain version", {"digest": digest}), ("two chain versions", {"old": digest, "new": digest}),
        ("figures by year", {"view": "time"}), ("rows of an indicator", {"name": "filings_by_year"}),
    ):  # fmt: skip
        city.put(name, sees=CITY_LAKE, lake=lake.pk, **ids)


def _shared(city: City) -> None:
    """The bureau shows a release to all, the centre its own to those who are signed in; a third one no more."""
    for name, of, role, public in (
        ("shown to all", "shown city lake", "decision_maker", True),
        ("shown to people", "shown lake of a centre", "centre_manager", False),
    ):
        lake = DataLake.objects.get(pk=city.things[of].ids["lake"])
        row = SharedRelease.objects.create(
            lake=lake, release=opened(lake).id, public=public, shared_by=city.own(role).membership
        )  # fmt: skip
        city.put(name, sees=EVERYONE, public=public, shared=row.pk)
        city.put(f"{name}, by year", sees=EVERYONE, public=public, shared=row.pk, view="time")
        city.put(f"{name}, network", sees=frozenset(), shared=row.pk, view="network")
    row.pk, row.ended_at = None, row.shared_at
    row.save()
    city.put("shown no more", sees=frozenset(), shared=row.pk)


def _data(city: City, lake: DataLake, maker: Actor) -> None:
    file = uploads.hand_in(lake, maker, [_ROWS.encode()], "待导入甲.csv")
    file.looked = uploads._looked(file)
    file.save()
    city.put("upload", sees=CITY_WORK, lake=lake.pk, pk=file.pk, part=0)
    for name in ("run", "failed run"):
        run = runs.start(lake, maker, "index", request=uuid.uuid4())
        city.put(name, sees=CITY_LAKE, lake=lake.pk, pk=run.pk)
    assert run.job is not None
    run.job.state, run.job.ended_at = "failed", timezone.now()
    run.job.save()
    header = _ROWS.splitlines()[0].split(",")
    chosen = {"Publication Number": "publication_number", "Title": "title"}
    own = formats.keep(maker, lake.owner, formats.as_yaml("own_1", _SPEC_MARK, header, chosen))
    city.put("format", sees=CITY_LAKE, mark=own.title_zh, lake=lake.pk, name=own.name)
    source = opened(lake).release.info["sources"][0]["source_id"]
    city.put("rejected rows", sees=CITY_LAKE, mark="无主机甲", lake=lake.pk, source=source, kind="rejects")


def _kept(city: City, lake: DataLake, maker: Actor) -> None:
    """What one keeps for oneself, and what one shares."""
    mine = maker.membership
    for name, shared, sees in (("own", False, MAKER), ("common", True, CITY_LAKE)):
        view = SavedView.objects.create(
            lake=lake, owner=mine, name=f"{name}视图甲", address=f"/evidence/{lake.pk}/atlas/time/", shared=shared
        )
        city.put(f"{name} view", sees=sees, mark=view.name, lake=lake.pk, pk=view.pk)
        kept = SavedSet.objects.create(lake=lake, kept_by=mine, name=f"{name}集甲", text="TI=(甲)", shared=shared)
        city.put(f"{name} set", sees=sees, mark=kept.name, lake=lake.pk, pk=kept.pk)
        roster = Roster.objects.create(
            lake=lake, kept_by=mine, name=f"{name}名单甲", kind="organisation", shared=shared
        )  # fmt: skip
        RosterEntry.objects.create(roster=roster, key="x", name=f"{name}名单之一甲", added_by=mine)
        city.put(f"{name} roster", sees=sees, mark=roster.name, lake=lake.pk, pk=roster.pk)
    asked = AskedQuery.objects.create(
        lake=lake,
        asked_by=mine,
        number=1,
        text="TI=(谁也不知道甲)",
        unit="publication",
        release=opened(lake).id,
        total=0,
    )
    city.put("query", sees=MAKER, mark=asked.text, lake=lake.pk)
    job = service.enqueue(search_jobs.EXPORT, {"lake": lake.pk}, maker, request=uuid.uuid4())
    city.put("search export", sees=MAKER, lake=lake.pk, pk=job.pk)
    file = ResultFile.objects.create(lake=lake, made_for=mine, job=job.pk, name="结果甲.csv", rows=1)
    file.path.parent.mkdir(parents=True)
    file.path.write_text("导出的一行甲", encoding="utf-8")
    city.put("result file", sees=CITY_LAKE, mark="导出的一行甲", lake=lake.pk, pk=file.pk)


def _chain(city: City, lake: DataLake, maker: Actor) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "草稿甲.yaml"
        file.write_bytes(tree.shipped()[CHAIN].read_bytes())
        draft = changing.read_handed_in(lake, file, maker)
    city.put("chain draft", sees=CITY_WORK, mark=file.name, lake=lake.pk, pk=draft.pk)
    told = ChainFinding.objects.create(
        lake=lake, release=opened(lake).built, kind="strategy", key="甲", told={}, made_by=maker.membership
    )
    path = chain_jobs.files_of(lake, "strategy") / f"{told.pk}.xlsx"
    path.parent.mkdir(parents=True, exist_ok=True)
    openpyxl.Workbook().save(path)
    city.put("strategy", sees=CITY_LAKE, lake=lake.pk, pk=told.pk)


def _tagging(city: City, lake: DataLake, maker: Actor) -> None:
    """A list that whoever works on the lake codes, and one that was given to an expert."""
    expert = city.own("expert").membership
    Hat.objects.get_or_create(membership=expert, name="tagger", since=SINCE)
    for name, words, people, sees in (
        ("list", "自行标引甲", [], CITY_LAKE),
        ("given list", "专家标引甲", [expert], CITY_LAKE | EXPERT),
    ):
        made = _list(lake, maker, words, people)
        city.put(name, sees=sees, mark=made.name, pk=made.pk)


def _list(lake: DataLake, maker: Actor, name: str, people: list[Membership]) -> TaggingList:
    tags = [tag_of("litho=光刻|lithography")]
    return desks.create(lake, desks.Wanted(name, tags, None, 3, people, 0, None, False, "never"), maker)


def file_of(name: str) -> SimpleUploadedFile:
    """A file that nobody can read as what is asked for."""
    return SimpleUploadedFile(name, b"nothing of the kind")
