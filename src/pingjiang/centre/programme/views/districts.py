"""What a district does: its own list with ranks, the page on which it recommends, prints, stamps."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count
from django.http import Http404, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from pingjiang.centre.accounts.roles import TRACKS
from pingjiang.centre.casework import access
from pingjiang.centre.pages.cases import after_move, opinion
from pingjiang.centre.pages.lists import Amount, Column, Filter, Linked, Listing, Marked
from pingjiang.centre.pages.requests import ActorRequest, for_actor
from pingjiang.centre.pages.words import named, said
from pingjiang.centre.programme.access import is_district_of
from pingjiang.centre.programme.content.together import read, with_stamps
from pingjiang.centre.programme.extensions import extensions_of
from pingjiang.centre.programme.models import Application, Call, Recommendation
from pingjiang.centre.programme.printing import printed
from pingjiang.centre.programme.rules import PUT_FORWARD, planned_match
from pingjiang.centre.programme.seals import last_seal, standing_seal
from pingjiang.centre.programme.services import districts
from pingjiang.centre.programme.services.applications import hash_shown, title_shown
from pingjiang.centre.programme.views.applications import seals_of
from pingjiang.centre.programme.views.shared import case_parts, may_edit, state_of, status_of, why
from pingjiang.errors import PingjiangError


class RecommendationForm(forms.ModelForm):  # type: ignore[type-arg]
    """What the district says."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    later: ClassVar = ("comment", "rank", "match", "policy")

    class Meta:
        model = Recommendation
        fields: ClassVar = ["comment", "rank", "match", "policy"]
        widgets: ClassVar = {"comment": forms.Textarea(attrs={"rows": 5})}


class SealForm(forms.Form):
    """A stamped scan, and the code that stands on it."""

    request = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    code = forms.CharField(label=gettext_lazy("打印件上的编号"), max_length=20)
    signatory = forms.CharField(label=gettext_lazy("签署人"), max_length=60)
    sealed_on = forms.DateField(
        label=gettext_lazy("盖章日期"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    scan = forms.FileField(label=gettext_lazy("盖章件扫描（PDF 或图片）"))


class LetterForm(forms.Form):
    """The letter on the district's money."""

    request = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    letter = forms.FileField(label=gettext_lazy("配套承诺函"))


@dataclass(frozen=True)
class Quota:
    """A track of a call, for a district: how many it has had, has put forward, and may put forward in all."""

    track: str
    had: int
    put_forward: int
    quota: int | None


@require_GET
@for_actor
def list_for_district(request: ActorRequest) -> HttpResponse:
    """Applications of the district on one call, as it ranks them: on the newest unless the address names another, as
    ranks and quotas are of a call. Http404 for whoever is of no district."""
    actor = request.actor
    if actor.role != "district_officer":
        raise Http404
    rows = access.visible_to(actor, Application).filter(district=actor.organisation.district_id)
    calls = list(
        Call.objects.filter(applications__in=rows).distinct().select_related("case").order_by("-published_at", "-pk")
    )
    call = next((each for each in calls if str(each.pk) == request.GET.get("call")), calls[0] if calls else None)
    listing = Listing(
        request,
        with_stamps(rows.filter(call=call).select_related("case__owner", "call__case", "recommendation")),
        [
            Column("rank", gettext_lazy("本区排序"), _rank, sort="recommendation__rank", number=True),
            Column(
                "title", gettext_lazy("项目"),
                lambda row: Linked(row.case.title, reverse("application-district", args=[row.case_id])),
                sort="case__title", fixed=True,
            ),
            Column("owner", gettext_lazy("申报单位"), lambda row: named(row.case.owner), sort="case__owner__name_zh"),
            Column("track", gettext_lazy("申报类别"), lambda row: said(TRACKS[row.case.track]), sort="case__track"),
            Column("match", gettext_lazy("配套（万元）"), _match, sort="recommendation__match", number=True),
            Column("seal", gettext_lazy("盖章"), _seal),
            Column("state", gettext_lazy("状态"), state_of),
            Column("until", gettext_lazy("推荐截止"), lambda row: row.call.seals_until, sort="call__seals_until"),
        ],
        name="district-applications", order="rank",
        filters=[
            Filter("track", gettext_lazy("申报类别"), list(TRACKS.items()),
                   lambda found, value: found.filter(case__track=value)),
        ],
        empty=gettext_lazy("本区单位报送申报后，列在这里。"), synthetic_of=lambda row: row.case.synthetic,
        notes=[call.case.title] if call is not None else (),
    )  # fmt: skip
    counts = list(
        rows.order_by().values("call", "case__track").annotate(had=Count("pk"), put=Count("pk", filter=PUT_FORWARD))
    )
    context = {
        "title": _("本区申报与排序"), "call": call, "quotas": _quotas(call, counts) if call is not None else (),
        "others": [(each, sum(row["had"] for row in counts if row["call"] == each.pk)) for each in calls
                   if each != call],
    }  # fmt: skip
    return listing.answer("programme/district_applications.html", context)


def _quotas(call: Call, counts: Sequence[Mapping[str, Any]]) -> list[Quota]:
    """Each track of a call, with what the district has had of it."""
    found = {row["case__track"]: row for row in counts if row["call"] == call.pk}
    none = {"had": 0, "put": 0}
    return [
        Quota(said(TRACKS[each.track]), row["had"], row["put"], each.district_quota)
        for each in call.tracks.all()
        for row in [found.get(each.track, none)]
    ]


def _rank(row: Application) -> int | None:
    own = getattr(row, "recommendation", None)
    return own.rank if own is not None else None


def _match(row: Application) -> Amount | None:
    own = getattr(row, "recommendation", None)
    return Amount(own.match, 2) if own is not None and own.match is not None else None


def _seal(row: Application) -> Marked:
    if last_seal(row) is None:
        return Marked(_("未盖章"), "none")
    valid = standing_seal(row, hash_shown(row, own=False)) is not None
    return Marked(_("盖章有效"), "ok") if valid else Marked(_("内容已改，盖章失效"), "bad")


@for_actor
def page(request: ActorRequest, pk: int) -> HttpResponseBase:
    """The page on which a district recommends an application, prints it, and hands in the stamped scan."""
    actor, arrived = request.actor, timezone.now()
    found = access.find(actor, Application, case_id=pk)
    if not is_district_of(actor, found):
        raise Http404
    case = found.case
    box = opinion(request, case, {"arrived": arrived})
    if box.event is not None:
        return after_move(request, actor, case, box.event)
    row = Recommendation.objects.filter(application=found).first()
    form = RecommendationForm(instance=row, initial={"revision": row.revision if row else 0})
    bound: dict[str, forms.Form | forms.ModelForm] = {  # type: ignore[type-arg]
        "form": form, "seal_form": SealForm(initial={"sealed_on": timezone.localdate()}), "letter_form": LetterForm(),
    }  # fmt: skip
    status, problem = box.status, ""
    if request.method == "POST" and "act" in request.POST:
        try:
            done = _act(request, found, row, bound)
        except (PingjiangError, ValidationError) as error:
            problem, status = why(error), 409 if isinstance(error, districts.OutOfDate) else status_of(error)
        else:
            if done is not None:
                messages.success(request, done)
                return HttpResponseRedirect(request.path)
            status = 422
    request.synthetic = case.synthetic
    read(found, "seals")
    content_hash = hash_shown(found, own=False)
    context = {
        **case_parts(actor, case, box), "application": found, "problem": problem, "edits": may_edit(actor, case),
        "title": title_shown(found, own=False),
        "row": row, "seals": seals_of(found, content_hash), "content_hash": content_hash, "printed": printed(found),
        "planned": planned_match(found), "extensions": extensions_of(found.call), **bound,
    }  # fmt: skip
    return render(request, "programme/district.html", context, status=status)


def _act(request: ActorRequest, found: Application, row: Recommendation | None, bound: dict[str, Any]) -> str | None:
    """What the button that was pressed does; None where its form is not whole, which it says itself."""
    act, actor = request.POST["act"], request.actor
    if act == "print":
        paper = districts.print_form(found, actor)
        return _("已生成打印件，编号 %(code)s") % {"code": paper.code}
    if act == "say":
        form = bound["form"] = RecommendationForm(request.POST, instance=Recommendation(application=found))
        if not form.is_valid():
            return None
        sent = form.cleaned_data
        districts.recommend(found, actor, {name: sent[name] for name in districts.FIELDS}, revision=sent["revision"])
        return _("已保存推荐意见")
    if act == "letter":
        handed = bound["letter_form"] = LetterForm(request.POST, request.FILES)
        if not handed.is_valid():
            return None
        file = handed.cleaned_data["letter"]
        districts.add_letter(found, actor, file.chunks(), file.name, request=handed.cleaned_data["request"])
        return _("已收下：%(name)s") % {"name": file.name}
    stamped = bound["seal_form"] = SealForm(request.POST, request.FILES)
    if not stamped.is_valid():
        return None
    sent = stamped.cleaned_data
    districts.seal(
        found, actor, sent["code"], sent["signatory"], sent["sealed_on"], sent["scan"].chunks(), sent["scan"].name,
        request=sent["request"],
    )  # fmt: skip
    return _("编号与内容核对相符，盖章件已收下")
