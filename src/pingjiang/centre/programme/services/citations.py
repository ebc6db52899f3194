"""Figures of the city lake in an application: taken from a release by the site, never typed."""

from __future__ import annotations

import json

from django.db import transaction
from django.utils import timezone

from pingjiang.centre.accounts.models import Actor
from pingjiang.centre.casework import history, service
from pingjiang.centre.casework.workflow import Refused
from pingjiang.centre.evidence import citing
from pingjiang.centre.programme.content.specs import CITED
from pingjiang.centre.programme.models import Application, Section
from pingjiang.centre.programme.services.drafts import open_for

MOST = 30


def cite(application: Application, actor: Actor, release: str, measure: str, node: str, place: str) -> citing.Cited:
    """Take a figure from a release that may be cited into the application, with the release's id."""
    at = citing.citable(release)
    if at is None:
        raise Refused("release", "这一数据版本未公开，不能引用", "this release is not one that may be cited")
    found = citing.cite(at, measure, node, place)
    if found is None:
        raise Refused("figure", "这一版本没有所选的数据", "the release does not tell this figure")
    with transaction.atomic():
        _keep(application, actor, found)
        # The last step before the transaction ends: a pin too many keeps a release too long, one too few loses it.
        citing.keep(at, f"application:{application.case_id}")
    return found


def _keep(application: Application, actor: Actor, found: citing.Cited) -> None:
    case = open_for(application, actor)
    section, _ = Section.objects.select_for_update().get_or_create(application=application, name=CITED)
    figures = json.loads(section.content).get("figures", [])
    row = {**found.kept(), "asked_on": timezone.localdate().isoformat()}
    if row in figures:  # the same once more changes nothing
        return
    same = [each for each in figures if (each["measure"], each["of"]) != (row["measure"], row["of"])]
    if len(same) >= MOST:
        raise Refused("many", f"至多引用 {MOST} 项", f"{MOST} figures at most")
    service.touch(case, actor)
    _write(section, actor, [*same, row])
    history.write(
        "figure cited", f"case:{case.pk}", actor=actor, case=case,
        after={"measure": row["measure"], "of": row["of"], "value": row["value"], "release": row["release"]},
    )  # fmt: skip


@transaction.atomic
def drop(application: Application, actor: Actor, number: int) -> None:
    """Take a figure out again."""
    case = open_for(application, actor)
    section = Section.objects.select_for_update().filter(application=application, name=CITED).first()
    figures = json.loads(section.content).get("figures", []) if section is not None else []
    if section is None or not 0 <= number < len(figures):
        return
    service.touch(case, actor)
    _write(section, actor, figures[:number] + figures[number + 1 :])


def _write(section: Section, actor: Actor, figures: list[dict[str, str]]) -> None:
    section.content = history.canonical({"figures": figures} if figures else {})
    section.revision += 1
    section.saved_at, section.saved_by = timezone.now(), actor.membership
    section.save()
