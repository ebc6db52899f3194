"""The pool of experts, and what is known of where their interests lie. No more of a person than recusal asks for."""

from __future__ import annotations

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pingjiang.centre.accounts.models import Membership, Organisation, credit_code_is_right
from pingjiang.centre.casework.models import WrittenOnce
from pingjiang.centre.programme.models.applications import Application


class Expert(models.Model):
    """A person whom a bureau may draw: by code in what is published, of one stratum (as packs name them).

    The name is the account's; beside it stand fields of work, employers by year and declarations, nothing else.
    """

    membership = models.OneToOneField(Membership, on_delete=models.PROTECT, related_name="expert")
    bureau = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="experts")
    code = models.CharField(max_length=12, unique=True, editable=False)
    stratum = models.CharField(_("专长类别"), max_length=30)
    fields = models.CharField(_("专业领域"), max_length=200, blank=True)
    in_force = models.BooleanField(_("在库"), default=True)
    added_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering: ClassVar = ["code"]

    def __str__(self) -> str:
        return f"{self.code} {self.membership.user.name}"


class Employment(models.Model):
    """Where an expert worked, or was paid or advised, from a year to a year; without an end it still holds."""

    expert = models.ForeignKey(Expert, on_delete=models.PROTECT, related_name="employments")
    name = models.CharField(_("单位"), max_length=200)
    credit_code = models.CharField(_("统一社会信用代码"), max_length=18, blank=True, validators=[credit_code_is_right])
    since = models.PositiveSmallIntegerField(
        _("起始年份"), validators=[MinValueValidator(1950), MaxValueValidator(2100)]
    )  # fmt: skip
    until = models.PositiveSmallIntegerField(
        _("终止年份"), null=True, blank=True, validators=[MinValueValidator(1950), MaxValueValidator(2100)]
    )  # fmt: skip

    class Meta:
        ordering: ClassVar = ["-since", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="employed_forward"),
            models.UniqueConstraint(fields=["expert", "name", "since"], name="employment_once"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.since}–{self.until or ''}"


class Declaration(WrittenOnce):
    """An interest that the expert or an officer declares, on a ground of recusal: in an organisation, or in an
    application. It stands until it is ended, with a reason; it is never changed."""

    expert = models.ForeignKey(Expert, on_delete=models.PROTECT, related_name="declarations")
    ground = models.CharField(max_length=30)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    organisation = models.CharField(max_length=200, blank=True)
    credit_code = models.CharField(max_length=18, blank=True, validators=[credit_code_is_right])
    text = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(application__isnull=False) | ~Q(organisation=""), name="declaration_is_of_something"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.expert.code} · {self.ground}"


class DeclarationEnd(WrittenOnce):
    """A declaration does not stand any more, for this reason."""

    declaration = models.OneToOneField(Declaration, on_delete=models.PROTECT, related_name="end")
    reason = models.CharField(max_length=500)
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)

    def __str__(self) -> str:
        return str(self.declaration)
