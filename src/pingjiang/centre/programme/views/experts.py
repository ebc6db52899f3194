"""The pool of experts: its list, taking in, one expert's page. An expert sees the own page alone."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from pingjiang.centre.accounts.models import Membership
from pingjiang.centre.casework import access
from pingjiang.centre.casework.models import Event
from pingjiang.centre.pages.lists import Column, Filter, Linked, Listing, Marked, Search
from pingjiang.centre.pages.requests import ActorRequest, for_actor
from pingjiang.centre.pages.words import named, said
from pingjiang.centre.programme.forms.experts import (
    CorrectionForm,
    DeclarationForm,
    DescribeForm,
    EmploymentForm,
    ExpertForm,
)
from pingjiang.centre.programme.models import Declaration, Employment, Expert, Review
from pingjiang.centre.programme.review import grounds
from pingjiang.centre.programme.services import experts
from pingjiang.centre.programme.views.shared import state_of, status_of, why
from pingjiang.errors import PingjiangError

_READERS = frozenset({"programme_officer", "decision_maker", "steward"})


@require_GET
@for_actor
def pool(request: ActorRequest) -> HttpResponse:
    """The pool, by code."""
    if request.actor.role not in _READERS:
        raise Http404
    rows = grounds.loaded(access.visible_to(request.actor, Expert))
    strata = grounds.strata()
    listing = Listing(
        request, rows.select_related("membership__user", "membership__organisation"),
        [
            Column("code", gettext_lazy("代码"), lambda row: Linked(row.code, reverse("expert", args=[row.pk])),
                   sort="code", fixed=True),
            Column("name", gettext_lazy("姓名"), lambda row: row.membership.user.name, sort="membership__user__name"),
            Column("organisation", gettext_lazy("单位"), lambda row: named(row.membership.organisation),
                   sort="membership__organisation__name_zh"),
            Column("stratum", gettext_lazy("专长类别"), lambda row: said(strata[row.stratum]),
                   sort="stratum"),
            Column("fields", gettext_lazy("专业领域"), lambda row: row.fields),
            Column("load", gettext_lazy("承担评审"), lambda row: row.load, sort="load", number=True),
            Column("in_force", gettext_lazy("状态"), _standing, sort="in_force"),
        ],
        name="experts", order="code",
        filters=[Filter("stratum", gettext_lazy("专长类别"), list(strata.items()),
                        lambda found, value: found.filter(stratum=value))],
        search=Search(gettext_lazy("姓名、代码、领域"), _words), empty=gettext_lazy("专家入库后，列在这里。"),
        synthetic_of=lambda row: row.membership.organisation.synthetic,
    )  # fmt: skip
    primary = ("expert-new", _("专家入库")) if experts.keeps(request.actor) else None
    return listing.answer("pages/list.html", {"title": _("专家库"), "primary": primary})


def _standing(row: Expert) -> Marked:
    return Marked(_("在库"), "ok") if row.in_force else Marked(_("停用"), "none")


def _words(rows: Any, words: str) -> Any:
    return (
        rows.filter(membership__user__name__icontains=words)
        | rows.filter(code__icontains=words)
        | rows.filter(fields__icontains=words)
    )


@for_actor
def take_in(request: ActorRequest) -> HttpResponseBase:
    """A person of the role of an expert is taken into the pool."""
    actor = request.actor
    if not experts.keeps(actor):
        raise Http404
    form, status = ExpertForm(grounds.strata(), request.POST or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            sent = form.cleaned_data
            try:
                made = experts.take_in(
                    actor, Membership.objects.get(pk=int(sent["person"])), sent["stratum"], sent["fields_of_work"],
                    request=sent["request"],
                )  # fmt: skip
            except (PingjiangError, ValidationError) as error:
                form.add_error(None, why(error))
            else:
                return HttpResponseRedirect(reverse("expert", args=[made.pk]))
    return render(request, "programme/expert_new.html", {"form": form}, status=status)


@require_GET
@for_actor
def me(request: ActorRequest) -> HttpResponseBase:
    """The own page of an expert. Http404 for who is of no pool."""
    found = access.visible_to(request.actor, Expert).filter(membership=request.actor.membership).first()
    if found is None:
        raise Http404
    return HttpResponseRedirect(reverse("expert", args=[found.pk]))


@for_actor
def page(request: ActorRequest, pk: int) -> HttpResponseBase:
    """An expert: fields, employers by year, declarations, reviews. A POST changes one of them."""
    actor = request.actor
    found = access.find(actor, Expert, pk=pk)
    own = found.membership_id == actor.membership.pk
    keeps = experts.keeps(actor) and found.bureau_id == actor.organisation.pk
    forms, problem, status = _forms(request, found), "", 200
    if request.method == "POST":
        if not own and not keeps:
            raise Http404
        try:
            done = _done(request, found, forms)
        except (PingjiangError, ValidationError) as error:
            problem, status = why(error), status_of(error)
        else:
            if done:
                messages.success(request, done)
                return HttpResponseRedirect(request.path)
            status = 422
    request.synthetic = found.membership.organisation.synthetic
    reviews = access.visible_to(actor, Review).filter(expert=found).select_related("case", "panel__case")
    context = {
        "expert": found, "own": own, "keeps": keeps, "writes": own or keeps, "problem": problem, **forms,
        "stratum": grounds.strata().get(found.stratum, (found.stratum, found.stratum)),
        "employments": found.employments.all(), "corrections": _corrections(found),
        "grounds": grounds.grounds(), "year": timezone.localdate().year,
        "declarations": found.declarations.select_related("by__user", "end", "application__case"),
        "reviews": [(each, state_of(each)) for each in reviews.order_by("-pk")[:50]], "standing": _standing(found),
    }  # fmt: skip
    return render(request, "programme/expert.html", context, status=status)


def _forms(request: ActorRequest, found: Expert) -> dict[str, Any]:
    act = request.POST.get("act", "")
    initial = {"stratum": found.stratum, "fields_of_work": found.fields, "in_force": found.in_force}
    return {
        "correction": _correcting(request, found, act),
        "describe": DescribeForm(grounds.strata(), request.POST if act == "describe" else None, initial=initial),
        "employment": EmploymentForm(request.POST if act == "employment" else None),
        "declaration": DeclarationForm(
            request.actor, grounds.declared(), request.POST if act == "declaration" else None
        ),
    }


def _correcting(request: ActorRequest, found: Expert, act: str) -> CorrectionForm | None:
    """The form of the employment that is being corrected; None where none is."""
    if act in ("correct", "strike"):
        return CorrectionForm(request.POST)
    wanted = request.GET.get("employment", "")
    if not wanted.isdecimal():
        return None
    row = access.find(request.actor, Employment, pk=int(wanted), expert=found)
    said_of = {name: getattr(row, name) for name in ("name", "credit_code", "since", "until")}
    return CorrectionForm(initial={"row": row.pk, **said_of})


@dataclass(frozen=True)
class Correction:
    """A correction of an employer, as it is listed."""

    event: Event
    before: str
    after: str


def _corrections(found: Expert) -> list[Correction]:
    return [Correction(each, _years(each.before), _years(each.after)) for each in experts.corrections(found)]


def _years(kept: str) -> str:
    """An employer and its years, as the history has them; '' where it has none."""
    told = json.loads(kept)
    code = f" {told['credit_code']}" if told.get("credit_code") else ""
    return f"{told['name']}{code} {told['since']}–{told['until'] or _('至今')}" if told else ""


def _done(request: ActorRequest, found: Expert, forms: dict[str, Any]) -> str:
    """What the form that was sent did; '' where it is not whole."""
    act, actor = request.POST.get("act", ""), request.actor
    if act == "end":
        wanted = request.POST.get("declaration", "")
        row = access.find(actor, Declaration, pk=int(wanted) if wanted.isdecimal() else 0, expert=found)
        experts.end_declaration(row, actor, request.POST.get("reason", ""))
        return _("声明已撤销")
    if act == "strike":
        wanted = request.POST.get("row", "")
        struck = access.find(actor, Employment, pk=int(wanted) if wanted.isdecimal() else 0, expert=found)
        experts.strike_employment(struck, actor, request.POST.get("reason", "")[:500])
        return _("已删去")
    form = forms.get({"correct": "correction"}.get(act, act))
    if form is None or not form.is_valid():
        return ""
    sent = form.cleaned_data
    if act == "describe":
        experts.describe(found, actor, stratum=sent["stratum"], fields=sent["fields_of_work"],
                         in_force=sent["in_force"], reason=sent["reason"])  # fmt: skip
        return _("已保存")
    if act == "employment":
        experts.employed(found, actor, sent)
        return _("已记任职单位")
    if act == "correct":
        employment = access.find(actor, Employment, pk=sent["row"], expert=found)
        experts.correct_employment(employment, actor, sent, sent["reason"])
        return _("已更正")
    experts.declare(found, actor, sent["ground"], organisation=sent["organisation"],
                    credit_code=sent["declared_code"], text=sent["text"])  # fmt: skip
    return _("已声明")
