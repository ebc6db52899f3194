"""What people do with the pool of experts: take in, describe, employers by year, declarations.

What changes where an expert's interests lie is looked into at once, for every panel whose list is not published yet.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from pingjiang.centre.accounts.models import Actor, Membership
from pingjiang.centre.casework import access, history, notices
from pingjiang.centre.casework.models import Event
from pingjiang.centre.casework.workflow import Refused
from pingjiang.centre.programme.models import Application, Declaration, DeclarationEnd, Employment, Expert
from pingjiang.centre.programme.services import panels

WRITTEN, CORRECTED, STRUCK = "employment written", "employment corrected", "employment struck"
_SAID = ("name", "credit_code", "since", "until")


def keeps(actor: Actor) -> bool:
    """Whether an actor keeps the pool of their bureau."""
    return actor.role == "programme_officer" and actor.organisation.kind == "authority"


def _kept_by(expert: Expert, actor: Actor, *, or_self: bool = False) -> Expert:
    """The expert, locked, where the actor keeps the pool (or is the expert). Http404, Refused."""
    access.find(actor, Expert, pk=expert.pk)
    found = Expert.objects.select_for_update().get(pk=expert.pk)
    ours = keeps(actor) and found.bureau_id == actor.organisation.pk
    if not ours and not (or_self and found.membership_id == actor.membership.pk):
        raise Refused("party", "专家库由项目管理员维护", "officers keep the pool of experts")
    return found


@transaction.atomic
def take_in(actor: Actor, membership: Membership, stratum: str, fields: str, *, request: uuid.UUID | None = None
            ) -> Expert:  # fmt: skip
    """Take a person who holds the role of an expert into the pool of the actor's bureau."""
    if not keeps(actor):
        raise Refused("party", "专家库由项目管理员维护", "officers keep the pool of experts")
    if membership.role != "expert":
        raise Refused("role", "只有专家角色的人员可以入库", "only who holds the role of an expert is taken in")
    history.lock()
    known = Expert.objects.filter(membership=membership).first()
    if known is not None:
        if Event.objects.filter(request=request, kind="expert taken in", subject=f"expert:{known.pk}").exists():
            return known
        raise Refused("there", f"这位专家已在库：{known.code}", f"this expert is in the pool: {known.code}")
    codes = [int(code.removeprefix("E")) for code in Expert.objects.values_list("code", flat=True)]
    made = Expert(
        membership=membership, bureau=actor.organisation, code=f"E{max(codes, default=0) + 1:04d}", stratum=stratum,
        fields=fields.strip(), added_by=actor.membership,
    )  # fmt: skip
    made.full_clean()
    made.save()
    history.write("expert taken in", f"expert:{made.pk}", actor=actor, after={"code": made.code, "stratum": stratum},
                  request=request)  # fmt: skip
    return made


@transaction.atomic
def describe(expert: Expert, actor: Actor, *, stratum: str, fields: str, in_force: bool, reason: str = "") -> Expert:
    """Change an expert's stratum and fields, or take out of force or back."""
    found = _kept_by(expert, actor)
    if found.in_force != in_force and not reason.strip():
        raise Refused("note", "停用或恢复须写明理由", "say why the expert is taken out of force or back")
    before = {"stratum": found.stratum, "fields": found.fields, "in_force": int(found.in_force)}
    found.stratum, found.fields, found.in_force = stratum, fields.strip(), in_force
    found.full_clean()
    found.save(update_fields=["stratum", "fields", "in_force"])
    after = {"stratum": stratum, "fields": found.fields, "in_force": int(in_force)}
    history.write("expert described", f"expert:{found.pk}", actor=actor, before=before, after=after, note=reason)
    return found


def employed(expert: Expert, actor: Actor, said: Mapping[str, Any]) -> Employment:
    """Write down an employer and its years: the expert's own word, or the officer's."""
    with transaction.atomic():
        found = _kept_by(expert, actor, or_self=True)
        made = _saying(Employment(expert=found), said)
        history.write(WRITTEN, f"expert:{found.pk}", actor=actor, after=_told(made))
    panels.look_anew(expert)
    return made


def correct_employment(row: Employment, actor: Actor, said: Mapping[str, Any], reason: str) -> Employment:
    """Correct or end what was written down of an employer, and say why: the history keeps both."""
    with transaction.atomic():
        found, current = _to_correct(row, actor, reason)
        before = _told(current)
        made = _saying(current, said)
        if _told(made) == before:
            raise Refused("same", "没有改动", "nothing has changed")
        history.write(
            CORRECTED, f"expert:{found.pk}", actor=actor, before=before, after=_told(made), note=reason.strip()
        )
        _tell_officers(found, actor)
    panels.look_anew(found)
    return made


def strike_employment(row: Employment, actor: Actor, reason: str) -> None:
    """Take out an employer that was written down by mistake, and say why: the history keeps it."""
    with transaction.atomic():
        found, current = _to_correct(row, actor, reason)
        history.write(STRUCK, f"expert:{found.pk}", actor=actor, before=_told(current), note=reason.strip())
        current.delete()
        _tell_officers(found, actor)
    panels.look_anew(found)


def _to_correct(row: Employment, actor: Actor, reason: str) -> tuple[Expert, Employment]:
    """The expert, locked, and the row as it is now. Http404, Refused."""
    found = _kept_by(row.expert, actor, or_self=True)
    if not reason.strip():
        raise Refused("note", "更正须写明理由", "say why it is corrected")
    return found, access.one(Employment.objects.filter(expert=found), pk=row.pk)


def _saying(row: Employment, said: Mapping[str, Any]) -> Employment:
    for name in _SAID:
        setattr(row, name, said.get(name) if name in ("since", "until") else str(said.get(name) or "").strip())
    row.full_clean()
    row.save()
    return row


def _told(row: Employment) -> dict[str, Any]:
    return {name: getattr(row, name) for name in _SAID}


def _tell_officers(expert: Expert, actor: Actor) -> None:
    """Officers are told of what an expert corrects: it may have been a reason to stand aside."""
    if actor.role != "expert":
        return
    name = expert.membership.user.name
    subject = (f"专家更正了任职单位：{expert.code} {name}", f"An expert corrected an employer: {expert.code} {name}")
    last = Event.objects.filter(subject=f"expert:{expert.pk}").latest("number")
    people = notices.people_of(expert.bureau, ["programme_officer"])
    notices.tell(people, subject, about=f"event:{last.number}")


def corrections(expert: Expert) -> list[Event]:
    """What was corrected of an expert's employers, the last first."""
    rows = Event.objects.filter(subject=f"expert:{expert.pk}", kind__in=(CORRECTED, STRUCK))
    return list(rows.select_related("actor").order_by("-number"))


def declare(
    expert: Expert, actor: Actor, ground: str, *, organisation: str = "", credit_code: str = "",
    application: Application | None = None, text: str = "",
) -> Declaration:  # fmt: skip
    """Declare an interest of an expert in an organisation, or in an application."""
    made = _declared(expert, actor, ground, organisation, credit_code, application, text)
    panels.look_anew(expert)
    return made


@transaction.atomic
def _declared(
    expert: Expert,
    actor: Actor,
    ground: str,
    organisation: str,
    credit_code: str,
    application: Application | None,
    text: str,
) -> Declaration:
    found = _kept_by(expert, actor, or_self=True)
    made = Declaration(
        expert=found, ground=ground, application=application, organisation=organisation.strip(),
        credit_code=credit_code.strip(), text=text.strip(), by=actor.membership,
    )  # fmt: skip
    made.full_clean()
    made.save()
    history.write("interest declared", f"declaration:{made.pk}", actor=actor, after={"ground": ground})
    return made


def end_declaration(declaration: Declaration, actor: Actor, reason: str) -> DeclarationEnd:
    """A declaration does not stand any more. An expert ends the own, an officer any."""
    made = _ended(declaration, actor, reason)
    panels.look_anew(declaration.expert)
    return made


@transaction.atomic
def _ended(declaration: Declaration, actor: Actor, reason: str) -> DeclarationEnd:
    _kept_by(declaration.expert, actor, or_self=True)
    if actor.role == "expert" and declaration.by_id != actor.membership.pk:
        raise Refused("party", "管理员的声明由管理员撤销", "an officer's declaration is an officer's to end")
    if DeclarationEnd.objects.filter(declaration=declaration).exists():
        raise Refused("ended", "声明已撤销", "the declaration was ended")
    if not reason.strip():
        raise Refused("note", "撤销须写明理由", "say why it does not stand any more")
    made = DeclarationEnd.objects.create(declaration=declaration, reason=reason.strip(), by=actor.membership)
    history.write("declaration ended", f"declaration:{declaration.pk}", actor=actor, note=made.reason)
    return made
