"""Objections to a notice: signed here, entered from paper, and handled."""

from __future__ import annotations

import uuid
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

from pingjiang.centre.casework import access
from pingjiang.centre.casework.workflow import Refused
from pingjiang.centre.documents import shelf
from pingjiang.centre.documents.models import Document
from pingjiang.centre.pages.cases import after_move, click_of, opinion
from pingjiang.centre.pages.lists import Column, Linked, Listing, Search
from pingjiang.centre.pages.requests import ActorRequest, for_actor
from pingjiang.centre.pages.words import said
from pingjiang.centre.programme.deciding import effects
from pingjiang.centre.programme.deciding.access import may_object, public
from pingjiang.centre.programme.deciding.workflow import LEADER, OBJECTION, OBJECTOR, OFFICER
from pingjiang.centre.programme.forms.decisions import ObjectionForm, PaperForm
from pingjiang.centre.programme.models import Decision, DecisionItem, Finding, Objection
from pingjiang.centre.programme.models.decisions import REMEDIES
from pingjiang.centre.programme.services import objections
from pingjiang.centre.programme.views.shared import case_parts, may_edit, state_filter, state_of, status_of, why
from pingjiang.errors import PingjiangError


@require_GET
@for_actor
def list_of_objections(request: ActorRequest) -> HttpResponse:
    """Objections that the actor sees, the latest first."""
    listing = Listing(
        request,
        access.visible_to(request.actor, Objection).select_related("case", "item__application__case"),
        [
            Column(
                "title", gettext_lazy("异议"),
                lambda row: Linked(row.case.title, reverse("objection", args=[row.case_id])), sort="case__title",
                fixed=True,
            ),
            Column("number", gettext_lazy("编号"), lambda row: row.case.number, sort="case__number"),
            Column("by", gettext_lazy("异议人"), lambda row: f"{row.organisation} {row.signed_by}".strip()),
            Column("state", gettext_lazy("状态"), state_of),
            Column("received", gettext_lazy("收到"), lambda row: row.received_on, sort="received_on"),
            Column("accepted", gettext_lazy("受理"), lambda row: row.accepted_on, sort="accepted_on"),
        ],
        name="objections", order="-received", filters=[state_filter(OBJECTION)],
        search=Search(gettext_lazy("标题、署名"), _words),
        empty=gettext_lazy("公示期内提出异议后，列在这里。"), synthetic_of=lambda row: row.case.synthetic,
    )  # fmt: skip
    return listing.answer("pages/list.html", {"title": _("公示异议")})


def _words(rows: Any, words: str) -> Any:
    return rows.filter(case__title__icontains=words) | rows.filter(signed_by__icontains=words)


def _items(decision: Decision) -> list[DecisionItem]:
    return [each.item for each in effects.verdicts_of(decision) if each.amount is not None]


@for_actor
def lodge(request: ActorRequest, pk: int) -> HttpResponseBase:
    """Object to a notice, as somebody of an organisation."""
    found = access.one(public().select_related("case__owner", "call__case"), case_id=pk)
    if not may_object(request.actor) or found.case.state != "publicity":
        raise Http404
    return _object(request, found, ObjectionForm(_items(found), request.POST or None))


@for_actor
def enter_paper(request: ActorRequest, pk: int) -> HttpResponseBase:
    """Enter an objection that came on paper."""
    found = access.find(request.actor, Decision, case_id=pk)
    if OFFICER not in access.parties(request.actor, found.case) or found.case.state != "publicity":
        raise Http404
    return _object(request, found, PaperForm(_items(found), request.POST or None, request.FILES or None))


def _object(request: ActorRequest, found: Decision, form: ObjectionForm) -> HttpResponseBase:
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data
        try:
            if isinstance(form, PaperForm):
                file = sent["file"]
                made = objections.enter_paper(
                    found, request.actor, sent["item"], sent, file.chunks(), file.name, request=sent["request"]
                )
            else:
                made = objections.lodge(found, request.actor, sent["item"], sent, request=sent["request"])
        except (PingjiangError, ValidationError) as error:
            form.add_error(None, why(error))
        else:
            messages.success(request, _("已收下异议，编号 %(number)s") % {"number": made.case.number})
            return HttpResponseRedirect(reverse("objection", args=[made.case_id]))
    request.synthetic = found.case.synthetic
    paper = isinstance(form, PaperForm)
    context = {"form": form, "decision": found, "case": found.case, "paper": paper,
               "open": found.takes_objections(timezone.localdate())}  # fmt: skip
    return render(request, "programme/objection_new.html", context, status=422 if form.errors else 200)


@for_actor
def page(request: ActorRequest, pk: int) -> HttpResponseBase:
    """An objection: its grounds, how it was handled, and what may be done."""
    actor = request.actor
    found = access.find(actor, Objection, case_id=pk)
    case, problem, status = found.case, "", 200
    if request.method == "POST" and "move" not in request.POST:
        try:
            messages.success(request, _act(request, found))
        except (PingjiangError, ValidationError) as error:
            problem, status = why(error), status_of(error)
        else:
            return HttpResponseRedirect(request.path)
    box = opinion(request, case, {"remedy": request.POST.get("remedy", "")})
    if box.event is not None:
        return after_move(request, actor, case, box.event)
    request.synthetic = case.synthetic
    parties = access.parties(actor, case)
    accept_by = effects.accept_by(found)
    context = {
        **case_parts(actor, case, box), "objection": found, "problem": problem, "sent": request.POST,
        "findings": access.visible_to(actor, Finding).filter(objection=found).select_related("by__user"),
        "files": access.visible_to(actor, Document).filter(case=case).prefetch_related("versions"),
        "finds": OFFICER in parties and case.state == "investigating", "click": uuid.uuid4(),
        "takes_files": may_edit(actor, case),
        "settles": LEADER in parties and case.state == "investigating", "inside": parties != {OBJECTOR},
        "remedies": [(name, said(words)) for name, words in REMEDIES.items()],
        "remedy": said(REMEDIES[found.remedy]) if found.remedy else "", "reading": effects.reply_time(case),
        "accept_by": accept_by, "late_to_accept": timezone.localdate() > accept_by,
    }  # fmt: skip
    return render(request, "programme/objection.html", context, status=status if problem else box.status)


def _act(request: ActorRequest, found: Objection) -> str:
    """What the button that was pressed does."""
    file = request.FILES.get("file")
    if file is not None:
        version = shelf.add(found.case, request.actor, file.chunks(), file.name or "file")
        return _("已收下：%(name)s") % {"name": version.file_name}
    if request.POST.get("act") == "find":
        objections.find_out(found, request.actor, request.POST.get("text", ""), request=click_of(request))
        return _("已记入核查记录")
    raise Refused("act", "没有这一步", "there is no such step")
