"""Forms of this app."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any, ClassVar, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from pingjiang.centre.accounts.models import Actor, District, Membership, Organisation
from pingjiang.centre.accounts.roles import KINDS, TRACKS
from pingjiang.centre.announcements.models import ANNOUNCEMENT_KINDS, Announcement
from pingjiang.centre.announcements.rules import DESK, STAFF
from pingjiang.centre.documents.shelf import SUFFIXES
from pingjiang.centre.pages.words import named


def worded(words: dict[str, tuple[str, str]]) -> list[tuple[str, str]]:
    """Choices in the language of the page."""
    english = (get_language() or "").startswith("en")
    return [(name, pair[int(english)]) for name, pair in words.items()]


class Once(forms.Form):
    """A form with the name of its click: sent twice, it is done once."""

    request = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)


class DistrictsField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Districts by name, in the language of the page."""

    def label_from_instance(self, row: District) -> str:
        """Its name."""
        return named(row)


class AnnouncementForm(forms.ModelForm):  # type: ignore[type-arg]
    """What an announcement says and whom it addresses."""

    title = forms.CharField(label=_("标题"), max_length=200)
    to = forms.MultipleChoiceField(label=_("发布对象"), required=False, widget=forms.CheckboxSelectMultiple)
    districts = DistrictsField(
        District.objects.all(), label=_("限区县"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("都不选即全市"),
    )  # fmt: skip
    track = forms.ChoiceField(label=_("类别"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    request = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    class Meta:
        model = Announcement
        fields: ClassVar = ["kind", "document_number", "body", "public", "answer_days", "asks_until", "expires_on"]
        widgets: ClassVar = {
            "body": forms.Textarea(attrs={"rows": 14}),
            "asks_until": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "expires_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }

    field_order = ("title", "kind", "document_number", "body", "to", "districts", "public")
    later = ("body",)  # saved without it, not reviewed without it

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.others: dict[str, str] = {}  # field → what another draft says, where it says something else
        self.fields["kind"].choices = worded(ANNOUNCEMENT_KINDS)  # type: ignore[attr-defined]
        self.fields["to"].choices = worded(KINDS)  # type: ignore[attr-defined]
        tracks = {name: words for name, words in TRACKS.items() if name in (actor.tracks or TRACKS)}
        self.fields["track"].choices = [("", _("不分类别")), *worded(tracks)]  # type: ignore[attr-defined]
        if self.instance.pk:
            del self.fields["track"]  # it decides who governs the case: it stays

    @property
    def addressees(self) -> list[tuple[str, District | None]]:
        """Whom the form addresses: each kind in each district, or in all of the city."""
        districts = list(self.cleaned_data["districts"]) or [None]
        return [(kind, district) for kind in self.cleaned_data["to"] for district in districts]

    @property
    def said(self) -> dict[str, Any]:
        """What it says."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}

    def set_beside(self, saved: Announcement) -> None:
        """Somebody else saved while this was typed: what differs is shown beside, and who saves again has seen both."""
        sent = cast(QueryDict, self.data).copy()
        sent["version"] = str(saved.case.version)
        self.data = sent
        for name, theirs in stored(saved).items():
            field = self.fields[name]
            if name != "version" and field.has_changed(theirs, self[name].data):
                self.others[name] = _in_words(field, theirs)


def stored(announcement: Announcement) -> dict[str, Any]:
    """What a saved announcement says, as its form begins with it."""
    to = list(announcement.addressees.all())
    return {
        **forms.model_to_dict(announcement, AnnouncementForm.Meta.fields),
        "title": announcement.case.title,
        "version": announcement.case.version,
        "to": sorted({each.kind for each in to}),
        "districts": sorted({each.district_id for each in to if each.district_id is not None}),
    }


def _in_words(field: forms.Field, value: Any) -> str:
    """A value of a field as people read it."""
    if isinstance(field, forms.BooleanField):
        return str(_("是") if value else _("否"))
    if isinstance(field, forms.ChoiceField | forms.ModelMultipleChoiceField):
        choices = cast(Iterable[tuple[Any, Any]], field.choices)
        chosen = {str(each) for each in (value if isinstance(value, list) else [value])}
        return "、".join(str(words) for key, words in choices if str(key) in chosen) or "—"
    return "—" if value in (None, "") else str(value)


class QuestionForm(Once):
    """A question."""

    title = forms.CharField(label=_("主题"), max_length=200)
    text = forms.CharField(label=_("问题"), max_length=4000, widget=forms.Textarea(attrs={"rows": 8}))


class MoveForm(Once):
    """A move with its opinion, on the version that was read."""

    move = forms.CharField(max_length=40, widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput)
    note = forms.CharField(
        label=_("办理意见"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    text = forms.CharField(label=_("答复"), max_length=8000, required=False, widget=forms.Textarea(attrs={"rows": 8}))
    to = forms.ModelChoiceField(Membership.objects.none(), label=_("承办人"), required=False, empty_label=_("请选择"))
    to_organisation = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("接收单位"), required=False, empty_label=_("请选择")
    )

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        staff = Membership.objects.in_force().filter(organisation=actor.organisation, role__in=STAFF)
        self.fields["to"].queryset = staff.select_related("user", "organisation")  # type: ignore[attr-defined]
        desks = Organisation.objects.filter(kind__in=DESK).exclude(pk=actor.organisation.pk)
        self.fields["to_organisation"].queryset = desks  # type: ignore[attr-defined]


class FileForm(Once):
    """A file."""

    file = forms.FileField(
        label=_("附件"),
        widget=forms.ClearableFileInput(attrs={"accept": ",".join(SUFFIXES)}),
    )
