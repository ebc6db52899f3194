"""The steps of an application: saved by hand, by themselves and on each step; two windows; files; earlier drafts."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from pingjiang.centre.casework import access
from pingjiang.centre.pages.requests import ActorRequest, for_actor
from pingjiang.centre.programme.content.budget import reckon
from pingjiang.centre.programme.content.open import ATTACHED, Open, open_in, open_of
from pingjiang.centre.programme.content.placing import placed
from pingjiang.centre.programme.content.reading import Said, lines_of, said_now
from pingjiang.centre.programme.content.specs import BUDGET, CITED, SCHEDULE, Step
from pingjiang.centre.programme.content.steps import quarters
from pingjiang.centre.programme.content.together import read
from pingjiang.centre.programme.models import Application, Draft, Section
from pingjiang.centre.programme.rulepack import Line, pack_of
from pingjiang.centre.programme.services import drafts
from pingjiang.centre.programme.views import files
from pingjiang.centre.programme.views.fields import ShownStep, posted, shown_step
from pingjiang.centre.programme.views.frame import Writing, menu_of, writing_of
from pingjiang.centre.programme.views.shared import mark_of, millis, status_of, why
from pingjiang.errors import PingjiangError

_MONEY = frozenset({"city_money", "local_money", "budget_lines", "budget_sources"})
_TIME = frozenset({"support_months", "build_months", "timetable"})
_OF_FORM = {BUDGET: _MONEY, SCHEDULE: _TIME, "indicators": frozenset({"indicators"})}
_KEPT = 60  # earlier drafts that are listed


@for_actor
def step(request: ActorRequest, pk: int, name: str) -> HttpResponseBase:
    """A page of an application. A POST saves it, and goes on where the button says."""
    writing = writing_of(request.actor, pk, name)
    request.synthetic = writing.application.case.synthetic
    if writing.page.steps[0].form == ATTACHED:
        return files.page(request, writing)
    if request.method == "POST":
        return _saved(request, writing)
    for word in ("aside", "draft"):
        if (wanted := request.GET.get(word, "")).isdecimal():
            draft = access.find(
                request.actor, Draft, pk=int(wanted), section__application=writing.application, aside=word == "aside"
            )
            writing.asides, writing.older = [draft], word == "draft"
            return _shown(request, writing, {draft.section.name: json.loads(draft.content)})
    return _shown(request, writing, {})


def _saved(request: ActorRequest, writing: Writing) -> HttpResponseBase:
    sent = {each.name: posted(each, request.POST) for each in writing.page.steps}
    status, revisions = 200, {}
    try:
        for name, content in sent.items():
            given = request.POST.get(f"revision.{name}", "")
            revision = int(given) if given.isdecimal() and len(given) < 10 else 0
            saved = drafts.save(writing.application, request.actor, name, content, revision=revision)
            revisions[name] = saved.section.revision
            writing.asides += [saved.aside] if saved.aside is not None else []
    except (PingjiangError, ValidationError) as error:
        writing.problem, status = why(error), status_of(error)
    if request.POST.get("autosave"):
        return _told(writing, revisions, status)
    if writing.asides:
        status = 409
    if status != 200:
        return _shown(request, writing, sent, status=status)
    go = {"next": writing.url(1), "back": writing.url(-1)}.get(request.POST.get("go", ""))
    if go is not None:
        return HttpResponseRedirect(go)
    if request.POST.get("go") == "add":
        return _shown(request, writing, {}, blank=3)
    if request.POST.get("go") == "next":
        return HttpResponseRedirect(reverse("application", args=[writing.application.case_id]))
    messages.success(request, _("已保存"))
    return HttpResponseRedirect(request.path)


def _told(writing: Writing, revisions: Mapping[str, int], status: int) -> JsonResponse:
    """What a window that saves by itself is told."""
    conflict = f"?aside={writing.asides[0].pk}" if writing.asides else None
    found = _open_here(writing, said_now(Application.objects.get(pk=writing.application.pk)))
    told = {
        "revisions": {} if conflict else revisions, "at": timezone.localtime().strftime("%H:%M:%S"),
        "conflict": conflict, "problem": writing.problem, "open": sum(map(len, found.values())),
    }  # fmt: skip
    return JsonResponse(told, status=409 if conflict else status)


def _shown(
    request: ActorRequest, writing: Writing, sent: Mapping[str, Mapping[str, Any]], *, status: int = 200, blank: int = 0
) -> HttpResponse:
    """The page: what was sent where something was, else what is saved; beside it what another draft says."""
    application = writing.application
    read(application)  # as it was saved by now
    kept = {row.name: row for row in application.sections.all()}
    now = {name: json.loads(row.content) for name, row in kept.items()}
    said: Said = {**now, **sent}
    beside = {draft.section.name for draft in writing.asides}
    found = _open_here(writing, said)
    steps = [
        shown_step(
            each, said.get(each.name, {}), kept[each.name].revision if each.name in kept else 0,
            found[each.name], other=now.get(each.name, {}) if each.name in beside else None, blank=blank,
        )
        for each in writing.page.steps
    ]  # fmt: skip
    return render(request, "programme/step.html", _context(writing, steps, said, kept), status=status)


def _open_here(writing: Writing, said: Said) -> dict[str, list[Open]]:
    track = writing.application.case.track
    return {each.name: open_in(writing.pack, track, each, said) for each in writing.page.steps}


def _context(writing: Writing, steps: Sequence[ShownStep], said: Said, kept: Mapping[str, Section]) -> dict[str, Any]:
    application, here = writing.application, {each.step.name for each in steps}
    saved = [row.saved_at for name, row in kept.items() if name in here and row.saved_at is not None]
    now = timezone.now()
    return {
        "application": application, "case": application.case, "page": writing.page, "steps": steps,
        "menu": menu_of(application, writing.pages, writing.page, open_of(application)),
        "back": writing.url(-1), "next": writing.url(1),
        "problem": writing.problem, "asides": writing.asides, "older": writing.older,
        "figures": said.get(CITED, {}).get("figures", []),
        "saved_at": max(saved, default=None),
        "open_count": sum(len(each.open) for each in steps), "server_millis": millis(now),
        "lines": _lines(application, writing.page.steps, said),
        "every": int(str(writing.pack.parameter("autosave_seconds").value)),
        **_money(writing, said), **_time(writing, said),
    }  # fmt: skip


def _lines(application: Application, steps: Sequence[Step], said: Said) -> list[tuple[Line, Any]]:
    """What the rules say that ask for what is said here."""
    pack, track = pack_of(application), application.case.track
    here = {each.name for each in steps}
    fields = {name for name, (section, _key) in placed(pack, track).items() if section in here}
    for each in steps:
        fields |= _OF_FORM.get(each.form, frozenset())
    rules = {rule.id for rule in pack.rules if set(rule.needs) & fields}
    return [(line, mark_of(line)) for line in lines_of(application, said) if line.rule in rules]


def _money(writing: Writing, said: Said) -> dict[str, Any]:
    """A budget reckoned, where this is its page."""
    own = next((each for each in writing.page.steps if each.form == BUDGET), None)
    if own is None:
        return {}
    found = reckon(writing.pack, said.get(own.name, {}))
    sums = [found.sums[source.id] for source in found.sources]
    return {"reckoned": found, "sums": sums, "budget": own}


def _time(writing: Writing, said: Said) -> dict[str, Any]:
    """The months of each quarter, where this is the page of the schedule."""
    own = next((each for each in writing.page.steps if each.form == SCHEDULE), None)
    content = said.get(own.name, {}) if own is not None else {}
    try:
        return {"quarters": quarters(str(content.get("start", "")), int(str(content.get("months", "0"))[:3]))}
    except ValueError:
        return {"quarters": []}


@require_POST
@for_actor
def reckoned(request: ActorRequest, pk: int, name: str) -> HttpResponse:
    """Sums and rules of a budget as it is typed: reckoned here in Decimal, saved nowhere."""
    writing = writing_of(request.actor, pk, name)
    own = next((each for each in writing.page.steps if each.form == BUDGET), None)
    if own is None:
        raise Http404
    said = {**said_now(writing.application), own.name: posted(own, request.POST)}
    context = {"case": writing.application.case, "page": writing.page, **_money(writing, said),
               "lines": _lines(writing.application, writing.page.steps, said), "live": True}  # fmt: skip
    return render(request, "programme/parts/reckoned.html", context)


@require_GET
@for_actor
def earlier(request: ActorRequest, pk: int, name: str) -> HttpResponse:
    """Earlier drafts of a page, those set aside among them; one of them beside what is saved now."""
    writing = writing_of(request.actor, pk, name)
    names = [each.name for each in writing.page.steps]
    rows = access.visible_to(request.actor, Draft).filter(
        section__application=writing.application, section__name__in=names
    )
    listed = rows.select_related("section", "by__user").order_by("-at", "-pk")[:_KEPT]
    context: dict[str, Any] = {
        "application": writing.application, "case": writing.application.case, "page": writing.page,
        "drafts": [(draft, next(each.label for each in writing.page.steps if each.name == draft.section.name))
                   for draft in listed],
        "menu": menu_of(writing.application, writing.pages, writing.page, open_of(writing.application)),
    }  # fmt: skip
    return render(request, "programme/drafts.html", context)
