"""Files handed out to those who see their case, and the public page that answers a verification code.

Who sees a file, its view asks of `access` alone: to nobody there is none.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import BinaryIO

from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from pingjiang.centre.accounts.models import Actor
from pingjiang.centre.casework import access
from pingjiang.centre.documents import codes, guesses, papers, store
from pingjiang.centre.documents.models import Content, Paper, Version
from pingjiang.files.uploads import KINDS


def _actor(request: HttpRequest) -> Actor | None:
    actor: Actor | None = getattr(request, "actor", None)
    return actor


@login_not_required
@require_GET
def version(request: HttpRequest, pk: int, number: int) -> FileResponse:
    """A version of a document."""
    found = access.find(_actor(request), Version, document_id=pk, number=number)
    return hand_out(found.content, found.file_name)


@login_not_required
@require_GET
def paper(request: HttpRequest, code: str, form: str) -> FileResponse:
    """A paper of a case, as PDF or Word."""
    found = access.find(_actor(request), Paper, code=code)
    content = found.pdf if form == "pdf" else found.word
    return hand_out(content, f"{found.title}-{found.code}{KINDS[content.kind].suffix}")


def hand_out(content: Content, name: str) -> FileResponse:
    """A content that is kept."""
    try:
        stream = store.open_content(content)
    except FileNotFoundError:
        raise Http404 from None
    return _saved(stream, content.kind, name)


def hand_out_bytes(data: bytes, kind: str, name: str) -> FileResponse:
    """A file that was made for this answer and is kept nowhere."""
    return _saved(io.BytesIO(data), kind, name)


def _saved(stream: BinaryIO, kind: str, name: str) -> FileResponse:
    """Always as a file to be saved, under the type of what it is: no browser runs what somebody handed in."""
    response = FileResponse(stream, content_type=KINDS[kind].media)
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


@dataclass(frozen=True)
class Answer:
    """What the public page says of a paper: nothing of its contents."""

    label: tuple[str, str]
    paper: Paper
    standing: str
    words: tuple[str, str]


@login_not_required
@require_GET
def verify(request: HttpRequest) -> HttpResponse:
    """What a code stands for. Whoever tries many wrong ones waits."""
    text = request.GET.get("code", "").strip()
    if not text:
        return render(request, "documents/verify.html", {"code": ""})
    address = request.META.get("REMOTE_ADDR", "")
    waits = guesses.spent(address)
    found = None if waits else papers.look_up(text)
    if waits or (found is None and guesses.note(address)):
        context = {"code": text[:40], "problem": _("查验次数过多，请一分钟后再试")}
        return render(request, "documents/verify.html", context, status=429)
    if found is None:
        problem = (
            _("没有这个查验编号的文书") if codes.parse(text) else _("查验编号有误：请核对每一个字符，如 PJ26-7QK4-M2XD")
        )
        return render(request, "documents/verify.html", {"code": text[:40], "problem": problem}, status=404)
    standing = papers.standing(found)
    answer = Answer((found.label_zh, found.label_en), found, standing, papers.STANDINGS[standing])
    return render(request, "documents/verify.html", {"code": found.code, "answer": answer})
