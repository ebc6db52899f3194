"""What is kept: bytes by their SHA-256, documents of cases in versions, papers with their codes. Written once.

Content    bytes in the site's folder: known by their digest, never changed, shared by whoever hands in the same
Scan       what a malware scanner said of them, or that none was there
Document   something that belongs to a case; what it is now is its last version
Version    one state of it, with the name under which it was handed in
Paper      an official paper: what it says, its code, and the files that show it; a later edition supersedes it
Recall     a paper that holds no more
Guesses    wrong verification codes by address, for a while: the one thing here that is not written once
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from pingjiang.centre.accounts.models import Membership
from pingjiang.centre.casework.models import Case, WrittenOnce


class Content(WrittenOnce):
    """Bytes that are kept. `kind` is one of the library's kinds of uploads."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    size = models.BigIntegerField()
    kind = models.CharField(max_length=12)
    stored_at = models.DateTimeField(default=timezone.now, editable=False)

    def __str__(self) -> str:
        return f"{self.sha256[:12]} {self.kind}"


class Scan(WrittenOnce):
    """What was said of a content: 'clean', or 'not scanned' where there was no scanner."""

    content = models.ForeignKey(Content, on_delete=models.PROTECT, related_name="scans")
    at = models.DateTimeField(default=timezone.now, editable=False)
    verdict = models.CharField(max_length=12, choices=[("clean", "未见异常"), ("not_scanned", "未查毒")])
    engine = models.CharField(max_length=120, blank=True)

    def __str__(self) -> str:
        return f"{self.content} {self.verdict}"


class Document(models.Model):
    """A document of a case."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="documents")
    name = models.CharField(max_length=40)
    title = models.CharField(max_length=200)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return self.title


class Version(WrittenOnce):
    """One state of a document."""

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    content = models.ForeignKey(Content, on_delete=models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=160)
    added_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering: ClassVar = ["document", "-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["document", "number"], name="version_number_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="version_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.file_name} · {self.number}"


class Paper(WrittenOnce):
    """An official paper. `said` is the canonical JSON whose SHA-256 is the digest; both files show it."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="papers")
    name = models.CharField(max_length=40)
    edition = models.PositiveIntegerField()
    label_zh = models.CharField(max_length=60)
    label_en = models.CharField(max_length=80)
    code = models.CharField(max_length=14, unique=True)
    digest = models.CharField(max_length=64)
    said = models.TextField()
    title = models.CharField(max_length=200)
    issuer = models.CharField(max_length=200)
    issued_on = models.DateField()
    issued_at = models.DateTimeField(default=timezone.now, editable=False)
    issued_by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")
    pdf = models.ForeignKey(Content, on_delete=models.PROTECT, related_name="+")
    word = models.ForeignKey(Content, on_delete=models.PROTECT, related_name="+")
    synthetic = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "name", "edition"], name="paper_edition_once"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class Recall(WrittenOnce):
    """A paper that was called back, and why."""

    paper = models.OneToOneField(Paper, on_delete=models.PROTECT, related_name="recall")
    at = models.DateTimeField(default=timezone.now, editable=False)
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.TextField()

    def __str__(self) -> str:
        return str(self.paper)


class Guesses(models.Model):
    """Wrong verification codes from one address since a moment. `address` is a keyed digest."""

    address = models.CharField(max_length=64, unique=True)
    since = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.address[:12]} {self.count}"
