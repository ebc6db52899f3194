"""The checklist of the formal check: what a person has to look at, and what was found of it in a version."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.text import capfirst

from pingjiang.centre.casework.workflow import Label
from pingjiang.centre.programme.content.reading import attached_in
from pingjiang.centre.programme.models import Application, ApplicationVersion, CheckAnswer
from pingjiang.centre.programme.rulepack import materials_of, pack_of


@dataclass(frozen=True)
class Item:
    """An item, and the last answer to it."""

    name: str
    label: Label
    clause: str
    answer: CheckAnswer | None


def checklist(application: Application, version: ApplicationVersion) -> list[Item]:
    """The stamp, the district's letter, and each material that was handed in or has to be."""
    last: dict[str, CheckAnswer] = {}
    for answer in application.check_answers.all():
        if answer.version_id == version.pk:
            last[answer.item] = answer
    rows: list[tuple[str, Label, str]] = [
        ("seal", ("盖章件清晰，印章、签署人与申报书一致", "The stamp is legible and matches the application"), ""),
        ("letter", ("配套承诺函有效，金额与预算一致", "The matching letter is valid and matches the budget"), ""),
    ]
    there = {each["material"] for each in attached_in(version)}
    for each in materials_of(pack_of(application), application.case.track, application.call.materials):
        if each.required or each.id in there:
            rows.append((f"material:{each.id}", (each.zh, capfirst(each.en)), each.clause))
    return [Item(name, label, clause, last.get(name)) for name, label, clause in rows]
