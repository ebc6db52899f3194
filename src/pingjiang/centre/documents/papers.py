"""Official papers of cases: rendered, kept, given a code; a later edition supersedes one, a recall ends it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from pingjiang.centre.accounts.models import Actor
from pingjiang.centre.casework import history
from pingjiang.centre.casework.models import Case
from pingjiang.centre.casework.workflow import Refused
from pingjiang.centre.documents import codes, store
from pingjiang.centre.documents.models import Paper, Recall
from pingjiang.documents.papers import DRAFT, Block, Heading, Mark, Paragraph, Table, paragraphs
from pingjiang.documents.papers import Paper as Said
from pingjiang.documents.typeset import pdf, require_glyphs
from pingjiang.documents.word import word
from pingjiang.errors import InputRefused, Words

__all__ = [
    "DRAFT", "STANDINGS", "Block", "Heading", "Paragraph", "Said", "Table", "address_of", "draft", "issue", "letter",
    "look_up", "paragraphs", "problem", "recall", "standing",
]  # fmt: skip
# How a paper stands.
STANDINGS: dict[str, tuple[str, str]] = {
    "current": ("现行有效", "In force"),
    "superseded": ("已被新版替代", "Superseded by a later edition"),
    "recalled": ("已撤回", "Recalled"),
}


def letter(
    *, issuer: str, title: str, text: str, number: str = "", addressee: str = "", note: str = "",
    synthetic: bool = False,
) -> Said:  # fmt: skip
    """A paper of an organisation, signed by it today. `text` is as people type it: a line a paragraph."""
    return Said(
        issuer, title, paragraphs(text), issuer, timezone.localdate(), number=number, addressee=addressee, note=note,
        synthetic=synthetic,
    )  # fmt: skip


def problem(make: Callable[[], Said]) -> tuple[str, str] | None:
    """Why a paper cannot be printed; None where it can."""
    try:
        require_glyphs(make())
    except InputRefused as refused:
        return refused.message, refused.message
    return None


def issue(case: Case, name: str, said: Said, label: Words, actor: Actor | None, *, lines: Sequence[str] = ()) -> Paper:
    """Render a paper as PDF and as Word, keep both, give it a code, write it down. Call it in a transaction.

    `name` says which paper of the case it is: the next edition of one supersedes those before. What a synthetic case
    says is marked as synthetic. InputRefused where a text cannot be printed.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("a paper is issued in the transaction of what it tells")
    said = replace(said, synthetic=said.synthetic or case.synthetic)
    code = _unused(said.signed_on.year)
    mark = Mark(code, said.digest, tuple(lines), address_of(code))
    last = Paper.objects.filter(case=case, name=name).order_by("-edition").first()
    zh, en = (label, label) if isinstance(label, str) else label
    paper = Paper.objects.create(
        case=case, name=name, edition=last.edition + 1 if last else 1, label_zh=zh, label_en=en, code=code,
        digest=said.digest, said=said.canonical, title=said.title, issuer=said.signed_by, issued_on=said.signed_on,
        issued_by=actor.membership if actor else None, synthetic=said.synthetic,
        pdf=store.keep_bytes(pdf(said, mark), "pdf"), word=store.keep_bytes(word(said, mark), "docx"),
    )  # fmt: skip
    history.write(
        "paper issued", f"paper:{paper.pk}", actor=actor, case=case,
        after={
            "code": code, "digest": said.digest, "edition": paper.edition, "pdf": paper.pdf_id, "word": paper.word_id
        },
    )  # fmt: skip
    return paper


def draft(said: Said, form: str) -> bytes:
    """A paper as it would be, as 'pdf' or 'docx': a draft on every page, without a code, kept nowhere. InputRefused
    where a text cannot be printed."""
    require_glyphs(said)
    return pdf(said, None) if form == "pdf" else word(said, None)


def address_of(code: str) -> str:
    """Where everyone verifies a code."""
    return f"{settings.SITE_ADDRESS}{reverse('verify')}?code={code}"


def _unused(year: int) -> str:
    while True:
        code = codes.new(year)
        if not Paper.objects.filter(code=code).exists():
            return code


def recall(paper: Paper, actor: Actor | None, reason: str) -> None:
    """Call a paper back. Refused without a reason, or where it was called back before. Call it in a transaction."""
    if not reason.strip():
        raise Refused("note", "须写明理由", "a reason is needed")
    if Recall.objects.filter(paper=paper).exists():
        raise Refused("recalled", "文书已经撤回", "the paper was recalled before")
    Recall.objects.create(paper=paper, by=actor.membership if actor else None, reason=reason)
    history.write(
        "paper recalled", f"paper:{paper.pk}", actor=actor, case=paper.case, after={"code": paper.code}, note=reason
    )


def standing(paper: Paper) -> str:
    """'current', 'superseded' or 'recalled'."""
    if Recall.objects.filter(paper=paper).exists():
        return "recalled"
    later = Paper.objects.filter(case=paper.case_id, name=paper.name, edition__gt=paper.edition)
    return "superseded" if later.exists() else "current"


def look_up(text: str) -> Paper | None:
    """The paper with a code that somebody typed. For everyone: show no more of it than its public page does."""
    code = codes.parse(text)
    return Paper.objects.filter(code=code).first() if code else None
