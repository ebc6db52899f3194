"""Forms of a call and of what is asked about it."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pingjiang.centre.accounts.models import Actor
from pingjiang.centre.accounts.roles import TRACKS
from pingjiang.centre.pages.words import said
from pingjiang.centre.programme.models import Call
from pingjiang.centre.programme.models.calls import MOST_MATERIALS
from pingjiang.centre.programme.rulepack import packs_of
from pingjiang.centre.programme.services.calls import Opened

WAN = Decimal(10_000)
_PARTS = ("open", "pack", "budget", "places", "quota")


class Moment(forms.DateTimeInput):
    """A moment to the second, as browsers let it be chosen."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(attrs={"step": "1"}, format="%Y-%m-%dT%H:%M:%S")


def _moment(label: Any, help_text: Any = "") -> forms.DateTimeField:
    formats = ["%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M"]
    return forms.DateTimeField(label=label, required=False, widget=Moment(), input_formats=formats,
                               help_text=help_text)  # fmt: skip


class ExtendForm(forms.Form):
    """Until when a call is extended: for districts alone once it is closed."""

    closes_at = _moment(_("申报截止延长至"))
    seals_until = _moment(_("区县推荐截止延长至"))

    def __init__(self, *args: Any, closed: bool = False, **more: Any) -> None:
        super().__init__(*args, **more)
        if closed:
            del self.fields["closes_at"]

    @property
    def given(self) -> dict[str, Any]:
        """What the move is handed: what could not be read is missing, and the rule of the move says so."""
        self.is_valid()
        return {name: self.cleaned_data.get(name) for name in self.fields}


class CallForm(forms.Form):
    """What a call says, when, by which rules, and for how much."""

    title = forms.CharField(label=_("标题"), max_length=200)
    year = forms.IntegerField(label=_("年度"), min_value=2000, max_value=2100)
    document_number = forms.CharField(label=_("发文字号"), max_length=60, required=False)
    guide = forms.CharField(
        label=_("申报指南"), max_length=20_000, required=False, widget=forms.Textarea(attrs={"rows": 14})
    )
    opens_at = _moment(_("开始申报"))
    closes_at = _moment(_("申报截止"), _("精确到秒；过此一秒即不收受"))
    seals_until = _moment(_("区县推荐截止"))
    contact = forms.CharField(label=_("联系方式"), max_length=200, required=False)
    wanted = forms.CharField(
        label=_("另需材料"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("规则包所列之外的，每行一件；行首加“?”为可不交"),
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    request = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    later: ClassVar = ("guide", "opens_at", "closes_at", "seals_until")

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.tracks = [track for track in TRACKS if actor.role != "programme_officer" or track in actor.tracks]
        for track in self.tracks:
            self._add(track)

    def _add(self, track: str) -> None:
        packs = packs_of(track, timezone.localdate())
        choices = [(f"{pack.id}@{pack.version}", f"{pack.number} · {pack.version}") for pack in packs]
        self.fields |= {
            f"{track}_open": forms.BooleanField(label=said(TRACKS[track]), required=False),
            f"{track}_pack": forms.ChoiceField(label=_("规则包"), choices=choices, required=False),
            f"{track}_budget": forms.DecimalField(
                label=_("资金（万元）"), min_value=Decimal("0.01"), max_digits=10, decimal_places=2, required=False
            ),
            f"{track}_places": forms.IntegerField(label=_("名额"), min_value=1, max_value=999, required=False),
            f"{track}_quota": forms.IntegerField(
                label=_("每区县限推荐"), min_value=1, max_value=999, required=False, help_text=_("不填即不限")
            ),
        }

    def names_of(self) -> list[tuple[str, list[str]]]:
        """The fields of each track, to be set beside each other."""
        return [(said(TRACKS[track]), [f"{track}_{part}" for part in _PARTS]) for track in self.tracks]

    def clean(self) -> dict[str, Any]:
        """A track that is opened has its rules, its money and its places."""
        sent = super().clean() or {}
        for track in self.tracks:
            for part in ("pack", "budget", "places") if sent.get(f"{track}_open") else ():
                if not sent.get(f"{track}_{part}") and f"{track}_{part}" not in self.errors:
                    self.add_error(f"{track}_{part}", _("开放这一类别须填写"))
        if len(list(_lines(sent.get("wanted", "")))) > MOST_MATERIALS:
            self.add_error("wanted", _("至多 30 件"))
        return sent

    @property
    def said(self) -> dict[str, Any]:
        """What the call says."""
        sent = self.cleaned_data
        names = ("year", "document_number", "guide", "opens_at", "closes_at", "seals_until", "contact")
        return {name: sent[name] for name in names} | {"materials": list(_materials(sent["wanted"]))}

    @property
    def opened(self) -> list[Opened]:
        """The tracks that it opens."""
        sent, found = self.cleaned_data, []
        for track in self.tracks:
            if sent[f"{track}_open"]:
                pack, _at, version = sent[f"{track}_pack"].partition("@")
                found.append(
                    Opened(track, pack, version, sent[f"{track}_budget"] * WAN, sent[f"{track}_places"],
                           sent[f"{track}_quota"])
                )  # fmt: skip
        return found


def _lines(text: str) -> Iterator[str]:
    return (line.strip() for line in text.splitlines() if line.strip(" ?？"))


def _materials(text: str) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(_lines(text), start=1):
        label = line.lstrip("?？ ")
        yield {"name": f"call_{number}", "label": label[:200], "required": label == line}


def stored(call: Call) -> dict[str, Any]:
    """What a saved call says, as its form begins with it."""
    found: dict[str, Any] = {name: getattr(call, name) for name in ("year", "document_number", "guide", "contact")}
    for name in ("opens_at", "closes_at", "seals_until"):
        moment: datetime.datetime | None = getattr(call, name)
        found[name] = None if moment is None else timezone.localtime(moment)
    found |= {"title": call.case.title, "version": call.case.version}
    found["wanted"] = "\n".join(("" if row["required"] else "?") + row["label"] for row in call.materials)
    for row in call.tracks.all():
        found |= {
            f"{row.track}_open": True, f"{row.track}_pack": f"{row.pack}@{row.pack_version}",
            f"{row.track}_budget": row.budget / WAN, f"{row.track}_places": row.places,
            f"{row.track}_quota": row.district_quota,
        }  # fmt: skip
    return found


class TextForm(forms.Form):
    """A question on a call, or its answer."""

    text = forms.CharField(label=_("内容"), max_length=2000, widget=forms.Textarea(attrs={"rows": 6}))
    request = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)


class AnswerForm(TextForm):
    """An answer may be longer."""

    text = forms.CharField(label=_("答复"), max_length=4000, widget=forms.Textarea(attrs={"rows": 8}))
