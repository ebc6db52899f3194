"""Writing an application: sections are saved one by one, and what two windows wrote is never lost."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from pingjiang.centre.accounts.models import Actor
from pingjiang.centre.casework import access, history, service
from pingjiang.centre.casework.models import Case
from pingjiang.centre.casework.workflow import Refused
from pingjiang.centre.programme.content.hashing import ATTACHMENTS
from pingjiang.centre.programme.content.together import materials
from pingjiang.centre.programme.models import Application, Draft, Section
from pingjiang.centre.programme.workflow import APPLICANT, DISTRICT

LONGEST = 200_000  # characters of a section, all in all


@dataclass(frozen=True)
class Saved:
    """What became of a save. `aside` is the draft that was kept beside, where another had been saved meanwhile."""

    section: Section
    changed: bool
    aside: Draft | None = None


@transaction.atomic
def save(application: Application, actor: Actor, name: str, content: Mapping[str, Any], *, revision: int) -> Saved:
    """Save a section as it was written on a revision of it.

    Where another draft was saved meanwhile, what was written now is kept aside and the section stays: the page shows
    both, and saving again on the newer revision decides. The same text as is there already changes nothing.
    """
    case = open_for(application, actor)
    text = history.canonical(content)
    if len(text) > LONGEST:
        raise Refused("size", f"这一步超过 {LONGEST} 字", f"a step holds {LONGEST} characters at most")
    section, _ = Section.objects.select_for_update().get_or_create(application=application, name=name)
    if text == section.content:
        return Saved(section, changed=False)
    if revision != section.revision:
        return Saved(section, changed=False, aside=_aside(section, revision, text, actor))
    service.touch(case, actor)
    section.content, section.revision = text, section.revision + 1
    section.saved_at, section.saved_by = timezone.now(), actor.membership
    section.save()
    Draft.objects.create(section=section, revision=section.revision, content=text, by=actor.membership)
    return Saved(section, changed=True)


def open_for(application: Application, actor: Actor) -> Case:
    """The case, locked, where who acts is its applicant and it may be written now. Http404, Refused."""
    case = service.lock(application.case_id)
    access.find(actor, Case, pk=case.pk)
    state = service.workflow_of(case).state(case.state)
    if APPLICANT not in access.parties(actor, case):
        raise Refused("party", "申报内容由申报单位填写", "the applicant writes the application")
    if APPLICANT not in state.edits:
        raise Refused(
            "edit", f"当前为“{state.label[0]}”，内容不能修改", f"the case is '{state.label[1]}': it cannot be edited"
        )
    return case


def _aside(section: Section, revision: int, text: str, actor: Actor) -> Draft:
    """What was written beside, once: a window that goes on saving by itself says the same again and again."""
    same = section.drafts.filter(aside=True, revision=revision, content=text, by=actor.membership).first()
    return same or Draft.objects.create(
        section=section, revision=revision, content=text, aside=True, by=actor.membership
    )


@transaction.atomic
def rename(application: Application, actor: Actor, title: str) -> None:
    """Give the application another title: what others see of it has that once it is sent."""
    case = open_for(application, actor)
    found = Application.objects.select_related("case").get(case=case)
    if title == found.title_now:
        return
    case = service.touch(case, actor)
    before, sent = found.title_now, case.title
    case.title = title
    case.full_clean()
    if DISTRICT in service.workflow_of(case).state(case.state).sees:
        found.retitled = title if title != sent else ""
        found.save(update_fields=["retitled"])
    else:
        case.save(update_fields=["title"])
    history.write("renamed", f"case:{case.pk}", actor=actor, case=case, before={"title": before},
                  after={"title": title})  # fmt: skip


@transaction.atomic
def lay_aside(application: Application, actor: Actor, document: int, *, back: bool = False) -> None:
    """Take an attachment out of what is applied for, or back into it. The file stays with the case."""
    case = open_for(application, actor)
    access.one(materials(application.case), pk=document)
    section, _ = Section.objects.select_for_update().get_or_create(application=application, name=ATTACHMENTS)
    aside = set(json.loads(section.content).get("aside", []))
    wanted = aside - {document} if back else aside | {document}
    if wanted == aside:
        return
    service.touch(case, actor)
    section.content = history.canonical({"aside": sorted(wanted)})
    section.revision += 1
    section.saved_at, section.saved_by = timezone.now(), actor.membership
    section.save()
    kind = "attachment back" if back else "attachment aside"
    history.write(kind, f"document:{document}", actor=actor, case=case)
