"""Forms of a panel: its beginning, how it is made up, what is decided of an uncertain match."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pingjiang.centre.accounts.models import Actor
from pingjiang.centre.accounts.roles import TRACKS
from pingjiang.centre.casework.workflow import Label
from pingjiang.centre.pages.words import named, said
from pingjiang.centre.programme.models import Application, CallTrack, Panel
from pingjiang.centre.programme.models.calls import PUBLISHED
from pingjiang.centre.programme.models.panels import RECUSALS
from pingjiang.centre.programme.services.panels import Composed


def tracks_of(actor: Actor) -> list[CallTrack]:
    """Tracks of the bureau's calls for which an officer makes up panels."""
    rows = CallTrack.objects.filter(
        call__case__owner=actor.organisation, call__case__state__in=PUBLISHED, track__in=actor.tracks
    )
    return list(rows.select_related("call__case").order_by("-call__year", "-call_id", "-track"))


class PanelNewForm(forms.Form):
    """Of which call and track, and what it is called."""

    of = forms.ChoiceField(label=_("批次与类别"))
    title = forms.CharField(label=_("名称"), max_length=120)
    request = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = {str(row.pk): row for row in tracks_of(actor)}
        self.fields["of"].choices = [  # type: ignore[attr-defined]
            (pk, f"{row.call.case.title} · {said(TRACKS[row.track])}") for pk, row in self.rows.items()
        ]


class ComposeForm(forms.Form):
    """Whom a panel reviews, its seats, and the public number that draws it."""

    applications = forms.MultipleChoiceField(label=_("评审的申报"), required=False, widget=forms.CheckboxSelectMultiple)
    number_words = forms.CharField(
        label=_("采用的公开号码"), max_length=120, required=False,
        help_text=_("写明哪一种、哪一期，如“某彩票第 2026140 期开奖号码”；公布名单时它还不能揭晓"),
    )  # fmt: skip
    due = forms.DateTimeField(
        label=_("号码揭晓时间"), required=False, input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )  # fmt: skip
    reviews_until = forms.DateField(
        label=_("评审截止"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    recusal = forms.ChoiceField(
        label=_("与一项申报有利害关系的专家"), widget=forms.RadioSelect,
        help_text=_("只回避该项的，该项少一份评分，不计为零；有效评分不足规定份数的，由下一位递补"),
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput)
    later: ClassVar = ("applications", "number_words", "due", "reviews_until")

    def __init__(
        self, panel: Panel, applications: Sequence[Application], strata: dict[str, Label], sent: Any = None
    ) -> None:
        seats = dict(panel.seats.values_list("stratum", "seats"))
        initial: dict[str, Any] = {
            "number_words": panel.number_words, "reviews_until": panel.reviews_until, "version": panel.case.version,
            "recusal": panel.recusal,
            "due": timezone.localtime(panel.due) if panel.due else None,
            "applications": [str(pk) for pk in panel.entries.values_list("application", flat=True)],
        }  # fmt: skip
        super().__init__(sent, initial=initial)
        self.rows = {str(each.pk): each for each in applications}
        self.strata = strata
        self.fields["applications"].choices = [  # type: ignore[attr-defined]
            (pk, f"{each.case.number} {each.case.title} · {named(each.case.owner)}") for pk, each in self.rows.items()
        ]
        self.fields["recusal"].choices = [  # type: ignore[attr-defined]
            (name, said(words)) for name, words in RECUSALS.items()
        ]
        for name, words in strata.items():
            self.fields[f"seats-{name}"] = forms.IntegerField(
                label=said(words), min_value=0, max_value=99, initial=seats.get(name, 0)
            )

    @property
    def seat_names(self) -> list[str]:
        """The fields of the seats."""
        return [f"seats-{name}" for name in self.strata]

    @property
    def composed(self) -> Composed:
        """What was sent."""
        sent = self.cleaned_data
        return Composed(
            [self.rows[pk] for pk in sent["applications"]],
            {name: sent.get(f"seats-{name}") or 0 for name in self.strata}, sent["number_words"], sent["due"],
            sent["reviews_until"], sent["recusal"],
        )  # fmt: skip


def moment_of(typed: str) -> datetime.datetime | None:
    """A moment as a field for day and time sends it, by the place's clock; None for what is none."""
    try:
        found = datetime.datetime.fromisoformat(typed)
    except ValueError:
        return None
    return timezone.make_aware(found.replace(second=0, microsecond=0)) if found.tzinfo is None else None
