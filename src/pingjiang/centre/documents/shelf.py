"""What people hand in: looked into, scanned, kept, and put into a case as a version of a document."""

from __future__ import annotations

import dataclasses
import unicodedata
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction

from pingjiang.centre.accounts.models import Actor
from pingjiang.centre.casework import access, history, service
from pingjiang.centre.casework.models import Case
from pingjiang.centre.documents import scan, store
from pingjiang.centre.documents.models import Document, Scan, Version
from pingjiang.config import Settings
from pingjiang.errors import InputRefused
from pingjiang.files.refusals import refusal
from pingjiang.files.uploads import KINDS, UploadKind, inspect

# The kinds that this site takes, in the order in which a refusal names them.
TAKEN = ("pdf", "ofd", "docx", "xlsx", "pptx", "doc", "xls", "ppt", "png", "jpeg", "text", "zip")
SUFFIXES = tuple(KINDS[kind].suffix for kind in TAKEN)
_LONGEST_NAME = 120
_ADDED = "document added"


def add(
    case: Case,
    actor: Actor,
    pieces: Iterable[bytes],
    file_name: str,
    *,
    name: str = "attachment",
    title: str = "",
    document: Document | None = None,
    version: int | None = None,
    request: uuid.UUID | None = None,
) -> Version:
    """Put a file into a case, as a new document or as the next version of one. The same request twice puts it once.

    Refused unless the actor may edit the case in its state; Http404 for a case or document that the actor does not
    see; Stale where the case has moved on; InputRefused says why a file is not taken. Nothing is changed then.
    """
    access.find(actor, Case, pk=case.pk)
    if document is not None:
        access.find(actor, Document, pk=document.pk, case=case)
    done = _done(request, case, actor)
    if done is not None:
        return done
    with received(pieces, file_name, actor, f"case:{case.pk}", case=case) as file, transaction.atomic():
        service.lock(case)
        done = _done(request, case, actor)  # asked again: the same request may have come meanwhile
        if done is not None:
            return done
        return put(case, actor, file, name=name, title=title, document=document, version=version, request=request)


@dataclass(frozen=True)
class Received:
    """A file that has come, was looked into and scanned, and is kept nowhere yet."""

    incoming: store.Incoming
    kind: UploadKind
    verdict: scan.Verdict
    file_name: str


@contextmanager
def received(
    pieces: Iterable[bytes], file_name: str, actor: Actor, subject: str, *, case: Case | None = None
) -> Iterator[Received]:
    """A file as it comes, before anything is written: what opens a case with it `put`s it there in one transaction.

    Enter it outside of any transaction: that an infected file was handed in is written into the history of `subject`
    (and of `case`), which a refusal must not undo. InputRefused says why a file is not taken.
    """
    try:
        with store.receive(pieces, settings.SITE_MAX_UPLOAD) as incoming:
            kind = inspect(incoming.path, shown(file_name), allowed=TAKEN, settings=_limits())
            verdict = scan.scan(incoming.path)
            if verdict.verdict == "infected":
                raise malware(incoming, file_name, verdict, actor, subject, case=case)
            yield Received(incoming, kind, verdict, file_name)
    except store.TooBig:
        raise refusal("too_big", shown(file_name), limit=settings.SITE_MAX_UPLOAD) from None


def malware(
    incoming: store.Incoming, file_name: str, verdict: scan.Verdict, actor: Actor, subject: str,
    *, case: Case | None = None,
) -> InputRefused:  # fmt: skip
    """The refusal of an infected file. That it was handed in is written down first, for good: RuntimeError in a
    transaction, which the refusal would undo."""
    after = {"sha256": incoming.sha256, "found": verdict.found, "file": shown(file_name)}
    with transaction.atomic(durable=True):
        history.write("malware refused", subject, actor=actor, case=case, after=after)
    return InputRefused(
        f"文件里有恶意程序（{verdict.found}），没有收下。",
        f"The file holds malware ({verdict.found}): it was not taken.",
        file=shown(file_name),
        remedy=("请查杀本机后重新制作文件。", "Clean the computer that it comes from, and make the file anew."),
    )


def put(
    case: Case,
    actor: Actor,
    file: Received,
    *,
    name: str = "attachment",
    title: str = "",
    document: Document | None = None,
    version: int | None = None,
    request: uuid.UUID | None = None,
) -> Version:
    """Keep a file that has come, and put it into a case. Call it in a transaction. Refused as `add` is."""
    service.touch(case, actor, version=version)
    content = store.keep(file.incoming, file.kind.name)
    Scan.objects.create(content=content, verdict=file.verdict.verdict, engine=file.verdict.engine)
    label = named_as(file.file_name, file.kind)
    if document is None:
        document = Document.objects.create(case=case, name=name, title=title or label)
    last = Version.objects.filter(document=document).order_by("-number").first()
    made = Version.objects.create(
        document=document, number=last.number + 1 if last else 1, content=content, file_name=label,
        added_by=actor.membership,
    )  # fmt: skip
    after = {"document": document.pk, "number": made.number, "sha256": content.sha256, "file": label}
    history.write(_ADDED, f"version:{made.pk}", actor=actor, case=case, after=after, request=request)
    return made


def _done(request: uuid.UUID | None, case: Case, actor: Actor) -> Version | None:
    event = service.done_by(request, _ADDED, actor, case)
    return None if event is None else Version.objects.get(pk=int(event.subject.removeprefix("version:")))


def _limits() -> Settings:
    """The library's limits, tighter: what strangers hand in is not as large as what an analyst imports."""
    limits = Settings.from_environment()
    return dataclasses.replace(limits, max_expanded_bytes=min(limits.max_expanded_bytes, settings.SITE_MAX_EXPANDED))


def shown(file_name: str) -> str:
    """A name fit to show: the last part of a path, without controls and without what turns the direction of writing."""
    last = file_name.replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(char for char in unicodedata.normalize("NFC", last) if unicodedata.category(char)[0] != "C")
    kept = kept.strip(" .")
    stem, dot, suffix = kept.rpartition(".")
    cut = f"{stem[: _LONGEST_NAME - len(suffix) - 1]}{dot}{suffix}" if dot and len(suffix) < 10 else kept
    return cut[:_LONGEST_NAME] or "file"


def named_as(file_name: str, kind: UploadKind) -> str:
    """The name under which a file is handed out: its suffix is that of what it is."""
    name = shown(file_name)
    stem, dot, suffix = name.rpartition(".")
    known = {each.suffix[1:] for each in KINDS.values()} | {"jpeg", "csv"}
    if dot and (suffix.lower() == kind.suffix[1:] or (kind.name, suffix.lower()) in _ALSO):
        return name
    return f"{stem if dot and suffix.lower() in known else name}{kind.suffix}"


_ALSO = {("jpeg", "jpeg"), ("text", "csv")}
