"""What applicants do: check beforehand, begin, copy last year's, hand in."""

from __future__ import annotations

import datetime
import json
import uuid
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from pingjiang.centre.accounts.models import Actor
from pingjiang.centre.casework import access, history, numbers, service
from pingjiang.centre.casework.models import Event
from pingjiang.centre.casework.workflow import Refused
from pingjiang.centre.programme.content.hashing import ATTACHMENTS, hash_of
from pingjiang.centre.programme.content.placing import placed
from pingjiang.centre.programme.content.reading import said_now
from pingjiang.centre.programme.content.specs import CITED, SCHEDULE
from pingjiang.centre.programme.content.steps import steps_of
from pingjiang.centre.programme.models import Application, ApplicationVersion, Call, CallTrack, Draft, PreCheck, Section
from pingjiang.centre.programme.models.calls import late
from pingjiang.centre.programme.rulepack import PRECHECK, Line, asked_fields, facts_of, outcomes, pack_of
from pingjiang.centre.programme.rules import APPLICANT_KINDS, APPLICANT_ROLES, clock_of
from pingjiang.centre.programme.workflow import APPLICANT, APPLICATION


def may_apply(actor: Actor) -> bool:
    """Whether an actor is somebody who applies."""
    return actor.role in APPLICANT_ROLES and actor.organisation.kind in APPLICANT_KINDS


def _must_apply(actor: Actor) -> None:
    if not may_apply(actor):
        raise Refused(
            "party", "由企业、高校、科研院所或运营中心申报", "firms, universities, institutes and centres apply"
        )


def version_shown(found: Application, *, own: bool) -> ApplicationVersion | None:
    """What is shown of an application in place of what it says now: to others than the applicant, while that is being
    corrected, what was handed in last."""
    corrected = APPLICANT in APPLICATION.state(found.case.state).edits
    return found.versions.first() if corrected and not own else None


def hash_shown(found: Application, *, own: bool) -> str:
    """The hash of what is shown of it."""
    version = version_shown(found, own=own)
    return hash_of(found) if version is None else version.content_hash


def title_shown(found: Application, *, own: bool) -> str:
    """Its title in what is shown of it."""
    version = version_shown(found, own=own)
    if version is not None:
        return str(json.loads(version.content)["title"])
    return found.title_now if own else found.case.title


def track_of(call: Call, track: str) -> CallTrack:
    """A track that a call opens. Http404 where it does not."""
    return access.one(call.tracks.select_related("call__case"), track=track)


def stated(call: Call, track: str, content: Mapping[str, Any]) -> list[Line]:
    """What the rules of the pre-check say of what somebody states."""
    row = track_of(call, track)
    pack = pack_of(row)
    facts, _wrong = facts_of(asked_fields(pack, track, PRECHECK), content)
    return outcomes(pack, facts, track, PRECHECK)


@transaction.atomic
def precheck(call: Call, actor: Actor, track: str, content: Mapping[str, Any]) -> tuple[PreCheck, list[Line]]:
    """Check what somebody states against the rules, and keep both; stated again it is the same. It binds nobody."""
    _must_apply(actor)
    access.find(actor, Call, pk=call.pk)
    row = track_of(call, track)
    lines = stated(call, track, content)
    kept = history.canonical({"outcomes": [line.kept() for line in lines]})
    said: dict[str, Any] = {
        "call": call, "track": track, "pack": row.pack, "pack_version": row.pack_version,
        "organisation": actor.organisation, "by": actor.membership,
    }  # fmt: skip
    facts, last = history.canonical(content), PreCheck.objects.filter(**said).first()
    if last is not None and (last.facts, last.outcomes) == (facts, kept):
        return last, lines
    return PreCheck.objects.create(**said, facts=facts, outcomes=kept), lines


@transaction.atomic
def begin(
    call: Call,
    actor: Actor,
    track: str,
    title: str,
    *,
    precheck: PreCheck | None = None,
    copied: Application | None = None,
    request: uuid.UUID | None = None,
    now: datetime.datetime | None = None,
) -> Application:
    """Begin an application, by the rules of the call as they stand. What a pre-check stated is taken over; of an older
    one of the same organisation, its texts. Refused before the call opens, after it closes, without a district."""
    _must_apply(actor)
    access.find(actor, Call, pk=call.pk)
    row = track_of(call, track)
    _open(call, now or timezone.now())
    district = actor.organisation.district
    if district is None:
        raise Refused(
            "district",
            "本单位未登记所在区县，不能申报：请联系系统管理员补登",
            "your organisation has no district: ask the administrator to enter it",
        )
    case = service.open_case(
        APPLICATION, actor, number=numbers.next_number("SQ"), title=title, authority=call.case.owner, track=track,
        request=request,
    )  # fmt: skip
    found = Application.objects.filter(case=case).first()
    if found is not None:
        return found
    made = Application.objects.create(
        case=case, call=call, pack=row.pack, pack_version=row.pack_version, district=district, copied_from=copied
    )
    if copied is not None:
        access.find(actor, Application, pk=copied.pk, case__owner=actor.organisation)
        _copy(copied, made, actor)
    if precheck is not None:
        access.find(actor, PreCheck, pk=precheck.pk, call=call, track=track)
        _state(made, actor, build_of(precheck))
    return made


def _open(call: Call, now: datetime.datetime) -> None:
    opens, closes = call.opens_at, call.closes_at
    if call.case.state != "open" or opens is None or closes is None:
        raise Refused("state", "这一通知现不收受申报", "this call takes no applications")
    if now < opens:
        raise Refused("time", f"申报自 {clock_of(opens)} 开始", f"applications are taken from {clock_of(opens)}")
    if late(now, closes):
        raise Refused("deadline", f"申报已于 {clock_of(closes)} 截止", f"the call closed at {clock_of(closes)}")


def build_of(precheck: PreCheck) -> dict[str, Any]:
    """What a pre-check stated."""
    found: dict[str, Any] = json.loads(precheck.facts)
    return found


def _state(application: Application, actor: Actor, stated: Mapping[str, Any]) -> None:
    """What a pre-check stated, where the application says it: money and months are said by budget and schedule."""
    sections: dict[str, dict[str, Any]] = {}
    for name, (section, key) in placed(pack_of(application), application.case.track).items():
        if stated.get(name):
            sections.setdefault(section, {})[key] = stated[name]
    said = said_now(application)
    for section, content in sections.items():
        _take_over(application, actor, section, {**said.get(section, {}), **content})


_NOT_COPIED = frozenset({CITED, ATTACHMENTS})


def _copy(older: Application, newer: Application, actor: Actor) -> None:
    """Its texts, of the steps that the new rules have too. Figures are cited anew, files handed in anew."""
    steps = {step.name: step for step in steps_of(pack_of(newer), newer.case.track)}
    for name, content in said_now(older).items():
        step = steps.get(name)
        if step is None or name in _NOT_COPIED:
            continue
        kept = {key: value for key, value in content.items() if step.form != SCHEDULE or key != "start"}
        _take_over(newer, actor, name, kept)
    history.write(
        "application copied", f"case:{newer.case_id}", actor=actor, case=newer.case,
        after={"from": older.case_id, "number": older.case.number},
    )  # fmt: skip


def _take_over(application: Application, actor: Actor, name: str, content: Mapping[str, Any]) -> None:
    text = history.canonical(content)
    if text == "{}":
        return
    section, _ = Section.objects.get_or_create(application=application, name=name)
    section.content, section.revision = text, section.revision + 1
    section.saved_at, section.saved_by = timezone.now(), actor.membership
    section.save()
    Draft.objects.create(section=section, revision=section.revision, content=text, by=actor.membership)


def send(application: Application, actor: Actor, *, arrived: datetime.datetime | None = None, **how: Any) -> Event:
    """Hand it in to the district, or a correction of it. `arrived` is when the request came in."""
    move = "resend" if application.case.state == "supplement" else "send"
    given = {"arrived": arrived} if arrived is not None else {}
    return service.perform(application.case, move, actor, given=given, **how)
