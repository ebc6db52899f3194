"""What is kept, against itself and the history: every file read anew, every version and paper as it was told."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from pingjiang.centre.casework import history
from pingjiang.centre.documents import store
from pingjiang.centre.documents.models import Paper, Recall, Version

_BATCH = 2000
_WHAT = {"missing": ("不见了", "is gone"), "changed": ("的内容被改过", "was changed")}
Problem = tuple[str, str]


def problems() -> Iterator[Problem]:
    """Everything that is wrong (zh, en); nothing where all is whole. Reads all files.

    That the events themselves are whole, `casework.history.verify` says.
    """
    for content, what in store.damaged():
        zh, en = _WHAT[what]
        yield f"文件 {content.sha256} {zh}", f"file {content.sha256} {en}"
    yield from _versions()
    yield from _papers()
    yield from _recalls()


def _versions() -> Iterator[Problem]:
    told = {number: after for number, after, _event in history.told("document added")}
    for row in Version.objects.order_by("pk").iterator(chunk_size=_BATCH):
        said = {
            "document": row.document_id, "number": row.number, "sha256": row.content_id, "file": row.file_name,
        }  # fmt: skip
        if told.pop(row.pk, None) != said:
            yield f"附件版本 {row.pk} 与办理记录不符", f"version {row.pk} is not what the history tells"
    for number in told:
        yield f"附件版本 {number} 不见了", f"version {number} is gone"


def _papers() -> Iterator[Problem]:
    told = {number: after for number, after, _event in history.told("paper issued")}
    for row in Paper.objects.order_by("pk").iterator(chunk_size=_BATCH):
        said = {
            "code": row.code, "digest": row.digest, "edition": row.edition, "pdf": row.pdf_id, "word": row.word_id,
        }  # fmt: skip
        if told.pop(row.pk, None) != said or hashlib.sha256(row.said.encode()).hexdigest() != row.digest:
            yield f"文书 {row.code} 与办理记录不符", f"paper {row.code} is not what the history tells"
    for number, after in told.items():
        yield f"文书 {after['code']} 不见了", f"paper {after['code']} ({number}) is gone"


def _recalls() -> Iterator[Problem]:
    told = {number: event.note for number, _after, event in history.told("paper recalled")}
    for row in Recall.objects.select_related("paper").order_by("pk").iterator(chunk_size=_BATCH):
        if told.pop(row.paper_id, None) != row.reason:
            yield f"文书 {row.paper.code} 的撤回与办理记录不符", f"the recall of {row.paper.code} was not told so"
    for number in told:
        yield f"文书 {number} 的撤回不见了", f"the recall of paper {number} is gone"
