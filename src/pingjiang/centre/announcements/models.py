"""An announcement, whom it addresses, questions on it, and their answers. Each has a case, on which it moves."""

from __future__ import annotations

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pingjiang.centre.accounts.models import District, Membership
from pingjiang.centre.accounts.roles import KINDS
from pingjiang.centre.casework.models import Case, WrittenOnce

# Kinds of announcements → words.
ANNOUNCEMENT_KINDS: dict[str, tuple[str, str]] = {
    "notice": ("通知", "Notice"),
    "call": ("申报通知", "Call for applications"),
    "publicity": ("公示", "Publication for comment"),
}


_KINDS = [(name, words[0]) for name, words in ANNOUNCEMENT_KINDS.items()]


class Announcement(models.Model):
    """What is announced. The title is its case's."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="announcement")
    kind = models.CharField(
        _("种类"), max_length=12, choices=[(name, words[0]) for name, words in ANNOUNCEMENT_KINDS.items()]
    )
    document_number = models.CharField(_("发文字号"), max_length=60, blank=True)
    body = models.TextField(_("正文"), max_length=20_000, blank=True)  # a draft may wait for it; review does not
    public = models.BooleanField(_("向社会公开"), default=False)
    answer_days = models.PositiveSmallIntegerField(
        _("答复期限（工作日）"), default=5, validators=[MinValueValidator(1), MaxValueValidator(60)]
    )
    asks_until = models.DateField(_("咨询截止"), null=True, blank=True)
    expires_on = models.DateField(_("有效期至"), null=True, blank=True)
    published_on = models.DateField(null=True, editable=False)

    class Meta:
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=list(ANNOUNCEMENT_KINDS)), name="announcement_kind_known"),
            models.CheckConstraint(
                condition=Q(answer_days__gte=1, answer_days__lte=60), name="announcement_answer_days"
            ),
        ]

    def __str__(self) -> str:
        return self.case.title


class Addressee(models.Model):
    """Whom an announcement addresses: organisations of a kind, of one district or of all."""

    announcement = models.ForeignKey(Announcement, on_delete=models.CASCADE, related_name="addressees")
    kind = models.CharField(max_length=20, choices=[(kind, words[0]) for kind, words in KINDS.items()])
    district = models.ForeignKey(District, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            # Two, as SQLite has none that takes one nothing for another.
            models.UniqueConstraint(fields=["announcement", "kind", "district"], name="addressee_once"),
            models.UniqueConstraint(
                fields=["announcement", "kind"], condition=Q(district=None), name="addressee_of_all_once"
            ),
        ]

    def __str__(self) -> str:
        return KINDS[self.kind][0]


class Question(models.Model):
    """A question on an announcement. Its case belongs to who asks, and lies with the desk that answers."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="question")
    announcement = models.ForeignKey(Announcement, on_delete=models.PROTECT, related_name="questions")
    text = models.TextField(_("问题"), max_length=4000)

    class Meta:
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return self.case.title


class Reply(WrittenOnce):
    """An answer. Another one follows where it was asked again."""

    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="replies")
    text = models.TextField(max_length=8000)
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return self.text[:40]
