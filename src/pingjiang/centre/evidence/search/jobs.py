"""What takes longer than a page may: whole results as files."""

from __future__ import annotations

import datetime
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from pingjiang.centre.evidence.models import DataLake, ResultFile
from pingjiang.centre.evidence.models.search import KEPT_DAYS
from pingjiang.centre.evidence.opening import opened
from pingjiang.centre.jobs import functions
from pingjiang.centre.jobs.handle import Handle
from pingjiang.errors import LakeError
from pingjiang.query import echo, parse
from pingjiang.query.sets import expand
from pingjiang.search.exported import export
from pingjiang.search.found import Found, hits
from pingjiang.search.shared import shared

EXPORT = "search export"
_TOLD = 500  # hits between two words of progress


@dataclass(frozen=True)
class _Whole:
    """A result in its unit and order, as an export wants it."""

    found: Found
    order: str
    echo: str
    echo_zh: str
    release: str
    told: Callable[[int, int], None]

    @property
    def index_release(self) -> str:
        return self.found.index.release

    @property
    def total(self) -> int:
        return self.found.total

    def hits(self, most: int | None) -> Iterator[dict[str, Any]]:
        listed = self.found.arranged(self.order)[:most]
        for number, hit in enumerate(hits(self.found.index, self.found.tree, listed)):
            if number % _TOLD == 0:
                self.told(number, len(listed))
            yield hit


@functions.register(EXPORT, ("导出检索结果", "Export a result"))
def export_result(
    handle: Handle, *, lake: int, release: str, query: str, sets: dict[str, str], unit: str, order: str, kind: str
) -> dict[str, Any]:
    """Write all of a result into a file of the site; {"file", "rows"}. `sets` are those of who asked, as they were."""
    sweep()
    row = DataLake.objects.get(pk=lake)
    at = opened(row, release)
    index = shared(at.lake, at.release)
    if index is None:
        raise LakeError("检索索引不在了，请先建立。", "The search index is gone: make it first.")
    tree = parse(query)
    found = index.found(expand(tree, sets), unit)

    def told(done: int, of: int) -> None:
        handle.progress(done, of, ("写入文件", "Writing the file"))

    job = handle.job
    if job.owner is None:
        raise LakeError("导出任务没有申请人。", "An export belongs to somebody.")
    day = timezone.localdate().isoformat()
    made = ResultFile(
        lake=row, made_for=job.owner, job=job.pk, name=f"{row.name_zh}-search-{day}.{kind}", rows=found.total
    )
    made.path.parent.mkdir(parents=True, exist_ok=True)
    whole = _Whole(found, order, echo(tree), echo(tree, "zh"), at.id, told)
    try:
        written = export(whole, made.path)
        with handle.fenced():
            ResultFile.objects.filter(job=job.pk).delete()
            made.save()
    except BaseException:
        shutil.rmtree(made.path.parent, ignore_errors=True)
        raise
    return {"file": made.pk, "rows": written["rows"], "cut": written["cut"]}


def sweep() -> int:
    """Take away files that were kept long enough; how many. The first export of a day is soon enough."""
    old = ResultFile.objects.filter(made_at__lt=timezone.now() - datetime.timedelta(days=KEPT_DAYS))
    for each in old:
        shutil.rmtree(each.path.parent, ignore_errors=True)
    return old.delete()[0]
