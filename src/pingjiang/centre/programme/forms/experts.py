"""Forms of the pool of experts."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pingjiang.centre.accounts.models import Actor, Membership, credit_code_is_right
from pingjiang.centre.casework.workflow import Label
from pingjiang.centre.pages.words import named, said
from pingjiang.centre.programme.models import Expert


def free_experts() -> Any:
    """People who hold the role of an expert and are in no pool yet."""
    held = Membership.objects.in_force().filter(role="expert", user__is_active=True)
    return held.exclude(pk__in=Expert.objects.values("membership")).select_related("user", "organisation")


class ExpertForm(forms.Form):
    """Whom to take in, and as what."""

    person = forms.ChoiceField(label=_("人员"))
    stratum = forms.ChoiceField(label=_("专长类别"))
    fields_of_work = forms.CharField(label=_("专业领域"), max_length=200, required=False, help_text=_("用顿号隔开"))
    request = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    def __init__(self, strata: dict[str, Label], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = free_experts().order_by("user__name", "pk")
        self.fields["person"].choices = [  # type: ignore[attr-defined]
            (str(row.pk), f"{row.user.name} · {named(row.organisation)}") for row in rows
        ]
        self.fields["stratum"].choices = [(name, said(words)) for name, words in strata.items()]  # type: ignore[attr-defined]


class DescribeForm(forms.Form):
    """What an expert is for, and whether they can be drawn."""

    stratum = forms.ChoiceField(label=_("专长类别"))
    fields_of_work = forms.CharField(label=_("专业领域"), max_length=200, required=False)
    in_force = forms.BooleanField(label=_("在库，可抽取"), required=False)
    reason = forms.CharField(label=_("停用或恢复的理由"), max_length=500, required=False)

    def __init__(self, strata: dict[str, Label], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["stratum"].choices = [(name, said(words)) for name, words in strata.items()]  # type: ignore[attr-defined]


class EmploymentForm(forms.Form):
    """An employer and its years."""

    name = forms.CharField(label=_("单位"), max_length=200)
    credit_code = forms.CharField(
        label=_("统一社会信用代码"), max_length=18, required=False, validators=[credit_code_is_right]
    )
    since = forms.IntegerField(label=_("起始年份"), min_value=1950, max_value=2100)
    until = forms.IntegerField(
        label=_("终止年份"), min_value=1950, max_value=2100, required=False, help_text=_("仍在职的不填")
    )

    def clean(self) -> dict[str, Any]:
        """It ends no earlier than it begins."""
        sent = super().clean() or {}
        since, until = sent.get("since"), sent.get("until")
        if since is not None and until is not None and until < since:
            self.add_error("until", _("终止年份早于起始年份"))
        return sent


class CorrectionForm(EmploymentForm):
    """The same of one that was written down, with the reason of the change."""

    row = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(label=_("更正理由"), max_length=500)


class DeclarationForm(forms.Form):
    """An interest in an organisation."""

    ground = forms.ChoiceField(label=_("情形"))
    organisation = forms.CharField(label=_("单位"), max_length=200)
    declared_code = forms.CharField(
        label=_("统一社会信用代码"), max_length=18, required=False, validators=[credit_code_is_right]
    )
    text = forms.CharField(label=_("说明"), max_length=500, required=False)

    def __init__(self, actor: Actor, grounds: dict[str, Label], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ground"].choices = [(name, said(words)) for name, words in grounds.items()]  # type: ignore[attr-defined]
