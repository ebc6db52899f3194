"""Files handed in for a lake: scanned, kept by their hash so that nothing is lost, looked into before the import."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from pingjiang import pipeline
from pingjiang.centre.accounts.models import Actor
from pingjiang.centre.casework import history
from pingjiang.centre.casework.workflow import Refused
from pingjiang.centre.documents import scan, store
from pingjiang.centre.documents.models import Scan
from pingjiang.centre.documents.shelf import malware, shown
from pingjiang.centre.evidence.data import formats, problems
from pingjiang.centre.evidence.models import DataLake, Upload
from pingjiang.centre.jobs import functions, service
from pingjiang.centre.jobs.handle import Handle
from pingjiang.engine.scratch import Scratch
from pingjiang.errors import PingjiangError
from pingjiang.files.refusals import refusal

KIND = "data"  # of a content that the library opens, whatever it is; it is never handed out as a document
LOOK = "lake-look"


def waiting(lake: DataLake) -> Iterable[Upload]:
    """Files that were handed in and not imported yet."""
    return Upload.objects.filter(lake=lake, run=None, set_aside_at=None).select_related("content", "by__user")


def hand_in(lake: DataLake, actor: Actor, pieces: Iterable[bytes], file_name: str) -> Upload:
    """Keep a file for a lake, and have it looked into. The same bytes under the same name wait once.

    InputRefused where it is empty, too large, or holds malware: nothing is kept then.
    """
    name = shown(file_name)
    try:
        with store.receive(pieces, settings.SITE_MAX_UPLOAD) as incoming:
            if incoming.size == 0:
                raise refusal("empty", name)
            verdict = scan.scan(incoming.path)
            if verdict.verdict == "infected":
                raise malware(incoming, name, verdict, actor, f"lake:{lake.pk}")
            with transaction.atomic():
                content = store.keep(incoming, KIND)
                Scan.objects.create(content=content, verdict=verdict.verdict, engine=verdict.engine)
                DataLake.objects.select_for_update().get(pk=lake.pk)
                there = Upload.objects.filter(
                    lake=lake, content=content, file_name=name, run=None, set_aside_at=None
                ).first()
                if there is not None:
                    return there
                upload = Upload.objects.create(lake=lake, content=content, file_name=name, by=actor.membership)
                after = {"file": name, "sha256": content.sha256, "lake": lake.pk}
                history.write("data handed in", f"upload:{upload.pk}", actor=actor, after=after)
                service.enqueue(LOOK, {"upload": upload.pk}, actor, request=uuid.uuid4())
                return upload
    except store.TooBig:
        raise refusal("too_big", name, limit=settings.SITE_MAX_UPLOAD) from None


@transaction.atomic
def choose_format(upload: Upload, actor: Actor, name: str) -> None:
    """Read a file by a format, or '' as it is recognised; it is looked into anew. Refused for an unknown one."""
    formats.chosen(upload.lake.owner, name)
    _require_waiting(upload)
    if Upload.objects.filter(pk=upload.pk, run=None).update(format=name, looked=None):
        service.enqueue(LOOK, {"upload": upload.pk}, actor, request=uuid.uuid4())


@transaction.atomic
def look_again(lake: DataLake, actor: Actor) -> None:
    """Look anew into what waits, because a format came or changed."""
    for upload in waiting(lake):
        if not upload.format or upload.format.startswith(formats.OWN):
            Upload.objects.filter(pk=upload.pk, run=None).update(looked=None)
            service.enqueue(LOOK, {"upload": upload.pk}, actor, request=uuid.uuid4())


@transaction.atomic
def set_aside(upload: Upload, actor: Actor) -> None:
    """Do not import a file. Its bytes stay kept."""
    _require_waiting(upload)
    Upload.objects.filter(pk=upload.pk, run=None).update(set_aside_at=timezone.now())
    history.write("data set aside", f"upload:{upload.pk}", actor=actor, after={"file": upload.file_name})


def _require_waiting(upload: Upload) -> None:
    now = Upload.objects.select_for_update().get(pk=upload.pk)
    if now.run_id is not None or now.set_aside_at is not None:
        raise Refused("upload", "这个文件已经导入或搁置", "this file is imported or set aside already")


@contextmanager
def laid_out(uploads: Iterable[Upload]) -> Iterator[dict[int, Path]]:
    """The bytes of uploads under the names that people gave them, for the library to read: key → path.

    Where the process is killed, the next one that lays out files takes them away; no backup holds them.
    """
    folder = Path(settings.SITE_FOLDER) / "lakes" / ".laid-out.part"
    folder.mkdir(parents=True, exist_ok=True)
    made = Scratch("files-", folder)
    try:
        paths = {}
        for upload in uploads:
            path = made.path / str(upload.pk) / upload.file_name
            path.parent.mkdir()
            source = store.path_of(upload.content_id)
            try:
                os.link(source, path)
            except OSError:
                shutil.copyfile(source, path)
            paths[upload.pk] = path
        yield paths
    finally:
        made.close()


@functions.register(LOOK, ("查看文件", "Look into a file"))
def look(handle: Handle, *, upload: int) -> None:
    """Find out what an upload is."""
    row = Upload.objects.select_related("lake__owner", "content").get(pk=upload)
    told = _looked(row)
    with handle.fenced():
        Upload.objects.filter(pk=upload, run=None, format=row.format).update(looked=told)


def _looked(row: Upload) -> dict[str, Any]:
    owner = row.lake.owner
    try:
        own = list(formats.formats_of(owner).values())
        with laid_out([row]) as paths:
            found = pipeline.look_into(paths[row.pk], forced=formats.chosen(owner, row.format), own=own)
    except PingjiangError as error:
        return {"refused": problems.told(error), "parts": []}
    return {"refused": None, "parts": [_part(look, found.index(look)) for look in found]}


def _part(look: pipeline.Look, at: int) -> dict[str, Any]:
    return {
        "at": at, "file": look.file, "sheet": look.sheet, "format": look.format, "by": look.by,
        "because": look.because, "header": look.header, "ignored": look.ignored, "unknown": look.unknown,
        "mapping": {field: list(headers) for field, headers in look.mapping.items()}, "rows": look.rows,
        "refused": None if look.refused is None else problems.told(look.refused),
    }  # fmt: skip
