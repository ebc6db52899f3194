"""Imports, builds, indexes and comparisons of a lake: asked for by a page, done by a worker, one behind another.

An import is of all its files or of none. A worker that is killed leaves the lake as it was: the job is taken up again,
and an import that was published already, and not told yet, finds its own receipts in the lake. Where somebody else
writes to the lake, a run waits for its turn and says so.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from typing import Any, TypeVar

from django.db import transaction

from pingjiang import pipeline, search
from pingjiang.centre.accounts.models import Actor
from pingjiang.centre.casework import history
from pingjiang.centre.casework.workflow import Refused
from pingjiang.centre.evidence.data import formats, problems
from pingjiang.centre.evidence.data.uploads import laid_out
from pingjiang.centre.evidence.models import DataLake, LakeRun, Upload
from pingjiang.centre.evidence.opening import lake_of
from pingjiang.centre.jobs import functions, service
from pingjiang.centre.jobs.handle import Handle
from pingjiang.centre.jobs.models import ENDS, JobLine
from pingjiang.centre.jobs.queue import DIED
from pingjiang.chain.tree import load as load_chain
from pingjiang.chain.tree import shipped
from pingjiang.config import Settings
from pingjiang.errors import LakeBusy, PingjiangError
from pingjiang.pipeline.own_chains import chain_in_force, own_versions
from pingjiang.search.similar.method import shipped_method
from pingjiang.search.similar.store import ensure as ensure_similar
from pingjiang.sources import FileReceipt
from pingjiang.text.embeddings import shipped_encoder

T = TypeVar("T")
PATIENCE = 1800.0  # seconds that a run waits while somebody else writes to the lake
_PAUSE = 1.0
STEPS: dict[str, tuple[str, str]] = {
    "documents": ("归并文献", "Documents"), "parties": ("当事人", "Parties"), "families": ("同族", "Families"),
    "places": ("地点", "Places"), "chain": ("产业链归类", "Chain"), "register": ("企业名录", "Register of firms"),
    "organisations": ("机构归一", "Organisations"), "inventors": ("发明人", "Inventors"),
    "items": ("计数对象", "Counted items"), "legal": ("法律状态", "Legal states"), "write": ("写入", "Writing"),
    "check": ("核查", "Checks"), "indicators": ("指标", "Indicators"),
    "search index": ("检索索引", "Search index"), "terms": ("相似文献索引", "Similar documents"),
    "vectors": ("跨语言向量", "Cross-language vectors"),
}  # fmt: skip


# What may be asked for at once: what comes first, and what follows where it ends well.
ORDERS = (["import"], ["build"], ["index"], ["import", "build", "index"], ["build", "index"])


def begin(lake: DataLake, actor: Actor, kind: str, *, then: Sequence[str] = (), request: uuid.UUID) -> LakeRun:
    """Have a run done, and those behind it; an import takes what waits. Refused for what cannot follow one another."""
    if [kind, *then] not in ORDERS:
        raise Refused("then", "这几项不能这样相接", "these cannot follow one another")
    if kind == "import":
        return import_waiting(lake, actor, then=then, request=request)
    return start(lake, actor, kind, then=then, request=request)


def import_waiting(lake: DataLake, actor: Actor, *, then: Sequence[str] = (), request: uuid.UUID) -> LakeRun:
    """Import what waits and can be read, as one release; `then` build and index. Refused where nothing can be.

    The same request twice is one run.
    """
    with transaction.atomic():
        DataLake.objects.select_for_update().get(pk=lake.pk)
        if (done := _asked(request)) is not None:
            return done
        waiting = Upload.objects.filter(lake=lake, run=None, set_aside_at=None)
        if any(upload.looked is None for upload in waiting):
            raise Refused(
                "looking", "还有文件正在识别，请稍候", "some files are still being looked into: wait a moment"
            )
        ready = [upload.pk for upload in waiting if upload.refused is None]
        if not ready:
            raise Refused("files", "没有可以导入的文件", "there is no file that could be imported")
        run = start(lake, actor, "import", then=then, request=request)
        Upload.objects.filter(pk__in=ready, run=None).update(run=run)
        return run


def start(
    lake: DataLake, actor: Actor, kind: str, *, then: Sequence[str] = (), request: uuid.UUID, **arguments: str
) -> LakeRun:
    """Have a run done. The same request twice is one run, and so is an index while the lake's is being made.

    Refused for a build of a lake without a chain.
    """
    with transaction.atomic():
        DataLake.objects.select_for_update().get(pk=lake.pk)
        if (done := _asked(request)) is not None:
            return done
        if kind == "index" and not then and (there := indexing(lake)) is not None:
            return there
        if "build" in (kind, *then) and not _has_chain(lake):
            raise Refused("chain", "请先为数据湖选定产业链", "choose the industry chain of the lake first")
        run = LakeRun.objects.create(
            lake=lake, kind=kind, by=actor.membership, then=list(then), arguments=arguments
        )  # fmt: skip
        run.job = service.enqueue(f"lake-{kind}", {"run": run.pk}, actor, request=request)
        run.save(update_fields=["job"])
        history.write(f"lake {kind} asked", f"lake:{lake.pk}", actor=actor, after={"run": run.pk, "then": list(then)})
        return run


def _has_chain(lake: DataLake) -> bool:
    return lake.chain in shipped() or bool(own_versions(lake_of(lake), lake.chain))


def _asked(request: uuid.UUID) -> LakeRun | None:
    return LakeRun.objects.filter(job__request=request).first()


def comparison(lake: DataLake, before: str, after: str) -> LakeRun | None:
    """The run that compares two releases, the newest one, unless it failed."""
    runs = LakeRun.objects.filter(lake=lake, kind="compare", arguments__before=before, arguments__after=after)
    return runs.exclude(job__state__in=("failed", "cancelled")).first()


def running(lake: DataLake) -> list[LakeRun]:
    """Runs that have not ended."""
    return list(LakeRun.objects.filter(lake=lake).exclude(job__state__in=ENDS).select_related("job", "by__user"))


def indexing(lake: DataLake) -> LakeRun | None:
    """The run that makes the lake's indexes just now, or will."""
    return LakeRun.objects.filter(lake=lake, kind="index").exclude(job__state__in=ENDS).first()


def broken_off(run: LakeRun) -> list[JobLine]:
    """The attempts that ended with their worker, the earliest first: the lake was left at its last release."""
    if run.job is None or not run.job.attempts:
        return []
    return list(JobLine.objects.filter(job=run.job, en=DIED[1]).order_by("pk"))


def retry(run: LakeRun, actor: Actor) -> LakeRun:
    """Do a failed run of files anew: its files wait again, as they were."""
    with transaction.atomic():
        if run.job is None or run.job.state not in ("failed", "cancelled"):
            raise Refused("state", "只有失败或已取消的任务可以重做", "only a failed or cancelled run is done anew")
        Upload.objects.filter(run=run, run__release="").update(run=None, receipt=None)
        history.write("lake run given up", f"lake:{run.lake_id}", actor=actor, after={"run": run.pk})
    return run


def _busy(handle: Handle, work: Callable[[], T]) -> T:
    """Do what writes to a lake when it is nobody else's turn."""
    begun = time.monotonic()
    while True:
        try:
            return work()
        except LakeBusy:
            if time.monotonic() - begun > PATIENCE:
                raise
        handle.progress(0, None, ("另有任务正在写入数据湖，等候中", "somebody else writes to the lake: waiting"))
        time.sleep(_PAUSE)


def _told(run: LakeRun, work: Callable[[], T]) -> T:
    """What a worker does for a run; a refusal is noted with its place and remedy before it ends the job."""
    try:
        return work()
    except PingjiangError as error:
        LakeRun.objects.filter(pk=run.pk).update(problem=problems.told(error))
        raise


def _run(pk: int) -> LakeRun:
    LakeRun.objects.filter(pk=pk).update(problem=None)
    return LakeRun.objects.select_related("lake__owner", "by__user", "by__organisation").get(pk=pk)


def _progress(handle: Handle) -> pipeline.Progress:
    def progress(what: str, done: int, total: int) -> None:
        handle.progress(done, total, STEPS.get(what, (what, what)) if what else None)

    return progress


def _ended(handle: Handle, run: LakeRun, **changes: Any) -> None:
    """Note how a run ended and put the next one into the queue: once, whoever was killed before."""
    with handle.fenced():
        LakeRun.objects.filter(pk=run.pk).update(problem=None, **changes)
        if not run.then or LakeRun.objects.filter(after=run).exists():
            return
        kind, *then = run.then
        assert run.job is not None
        following = LakeRun.objects.create(lake=run.lake, kind=kind, by=run.by, then=then, after=run)
        actor = Actor(run.by.user, run.by)
        request = uuid.uuid5(run.job.request, kind)
        following.job = service.enqueue(f"lake-{kind}", {"run": following.pk}, actor, request=request)
        following.save(update_fields=["job"])


@functions.register("lake-import", ("导入数据湖", "Import into a lake"))
def import_job(handle: Handle, *, run: int) -> dict[str, Any]:
    """Import the files of a run."""
    row = _run(run)
    files = list(row.files.select_related("content"))
    by = f"run:{row.pk}"
    keys: dict[str, int] = {}

    def heard(receipt: FileReceipt) -> None:
        _hear(handle, receipt, keys[receipt.path])

    def work() -> pipeline.ImportResult:
        owner = row.lake.owner
        own = formats.formats_of(owner)
        with laid_out(files) as paths:
            keys.update({str(path): pk for pk, path in paths.items()})
            forced = {
                paths[file.pk]: spec for file in files if (spec := formats.chosen(owner, file.format)) is not None
            }
            return _busy(
                handle,
                lambda: pipeline.import_files(
                    list(paths.values()), lake_of(row.lake), forced=forced, own=list(own.values()), by=by,
                    progress=_progress(handle), told=heard,
                ),
            )  # fmt: skip

    result = _told(row, work)
    ours = {
        (source["sha256"], source["format"]): source
        for source in lake_of(row.lake).release(result.release).info["sources"]
        if source.get("imported_by") == by
    }
    with handle.fenced():
        for receipt in result.receipts:
            # Published by an attempt that was killed before it could tell: what it said then is the receipt.
            told = ours.get((receipt.sha256, receipt.format)) or receipt.as_dict()
            Upload.objects.filter(pk=keys[receipt.path]).update(receipt=told)
    _ended(handle, row, release=result.release, result={"not_updated": result.not_updated})
    return {"release": result.release}


def _hear(handle: Handle, receipt: FileReceipt, upload: int) -> None:
    with handle.fenced():
        Upload.objects.filter(pk=upload).update(receipt=receipt.as_dict())
    name = Upload.objects.values_list("file_name", flat=True).get(pk=upload)
    sums = f"{receipt.rows_read} = {receipt.accepted} + {receipt.merged} + {receipt.rejected}"
    handle.log(
        f"{name}：读入 = 采用 + 归并 + 退出，{sums}", f"{name}: read = accepted + merged + rejected, {sums}"
    )  # fmt: skip


@functions.register("lake-build", ("构建数据湖", "Build a lake"))
def build_job(handle: Handle, *, run: int) -> dict[str, Any]:
    """Conclude everything anew by the lake's chain: by the newest version that it keeps, else as it is shipped."""
    row = _run(run)
    lake = lake_of(row.lake)

    def work() -> pipeline.BuildResult:
        chain = load_chain(chain_in_force(lake, row.lake.chain))
        return _busy(handle, lambda: pipeline.build(lake, chain, progress=_progress(handle)))

    result = _told(row, work)
    _ended(handle, row, release=result.release, result=asdict(result))
    return {"release": result.release}


@functions.register("lake-index", ("建立检索索引", "Index a lake"))
def index_job(handle: Handle, *, run: int) -> dict[str, Any]:
    """Make the indexes of the newest release, where they are not there: of words, and of similar documents."""
    row = _run(run)
    lake, told = lake_of(row.lake), _progress(handle)
    settings = replace(Settings.from_environment(), threads=1)

    def work() -> str:
        _index, release = search.ensure(lake, settings=settings, progress=told)
        ensure_similar(lake, settings, shipped_method(), shipped_encoder(), told)
        return release.id

    release = _told(row, work)
    _ended(handle, row, release=release)
    return {"release": release}


@functions.register("lake-compare", ("比较两个版本", "Compare two releases"))
def compare_job(handle: Handle, *, run: int) -> dict[str, Any]:
    """Find out what changed from one release to another."""
    row = _run(run)
    before, after = row.arguments["before"], row.arguments["after"]
    found = _told(row, lambda: pipeline.changes(lake_of(row.lake), before, after, progress=_progress(handle)))
    _ended(handle, row, release=after, result=found)
    return {"before": before, "after": after}
