"""What is handed in for a lake: files, the runs that take them in, formats that people made for themselves."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pingjiang.centre.accounts.models import Membership, Organisation
from pingjiang.centre.documents.models import Content
from pingjiang.centre.evidence.models.lakes import DataLake
from pingjiang.centre.jobs.models import Job

RUN_KINDS: dict[str, tuple[str, str]] = {
    "import": ("导入", "Import"),
    "build": ("构建", "Build"),
    "index": ("建立检索索引", "Search index"),
    "compare": ("比较版本", "Comparison"),
}


class LakeRun(models.Model):
    """Work on a lake that takes a while. `then` are the kinds that follow where it ends well.

    release   the release that came of it; of an import, of a build
    result    plain data of the library: what changed (compare), counts by table (build)
    problem   why it was refused: {zh, en, file, row, column, remedy_zh, remedy_en}
    """

    lake = models.ForeignKey(DataLake, on_delete=models.PROTECT, related_name="runs")
    kind = models.CharField(max_length=8, choices=[(kind, words[0]) for kind, words in RUN_KINDS.items()])
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)
    job = models.OneToOneField(Job, on_delete=models.PROTECT, null=True, related_name="lake_run")
    after = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="followed_by")
    then = models.JSONField(default=list)
    arguments = models.JSONField(default=dict)
    release = models.CharField(max_length=40, blank=True)
    result: models.JSONField[Any, Any] = models.JSONField(null=True)
    problem: models.JSONField[Any, Any] = models.JSONField(null=True)

    class Meta:
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return f"{self.lake} {self.kind} {self.pk}"

    @property
    def words(self) -> tuple[str, str]:
        """What it does."""
        return RUN_KINDS[self.kind]


class OwnFormat(models.Model):
    """A format that somebody made by mapping headers by hand: the library's YAML, for all of the owner's people."""

    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="formats")
    name = models.CharField(_("名称"), max_length=40)
    title_zh = models.CharField(_("标题"), max_length=80)
    yaml = models.TextField()
    made_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["owner", "name"], name="format_named_once")]

    def __str__(self) -> str:
        return self.name


class Upload(models.Model):
    """A file that was handed in for a lake. Its bytes are kept; `run` is the import that takes it.

    looked    what it was found to be: parts as the library's `Look`, or {"refused": …}; None while nobody has looked
    format    by which it is to be read: '' as recognised, the name of a shipped format, or 'own:' and the name of one
    receipt   what became of its rows; it holds once the run has a release
    """

    lake = models.ForeignKey(DataLake, on_delete=models.PROTECT, related_name="uploads")
    content = models.ForeignKey(Content, on_delete=models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=160)
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)
    format = models.CharField(max_length=60, blank=True)
    looked: models.JSONField[Any, Any] = models.JSONField(null=True)
    run = models.ForeignKey(LakeRun, on_delete=models.PROTECT, null=True, related_name="files")
    set_aside_at = models.DateTimeField(null=True)
    receipt: models.JSONField[Any, Any] = models.JSONField(null=True)

    class Meta:
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return self.file_name

    @property
    def parts(self) -> list[dict[str, Any]]:
        """What it was found to be made of."""
        return list((self.looked or {}).get("parts", ()))

    @property
    def refused(self) -> dict[str, Any] | None:
        """Why it cannot be imported as it is, if somebody has looked."""
        if self.looked is None:
            return None
        refusals = [part["refused"] for part in self.parts]
        whole = self.looked.get("refused")
        return whole or (refusals[0] if refusals and all(refusals) else None)
