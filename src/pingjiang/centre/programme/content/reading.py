"""What an application says, read: its sections, the facts that rules ask for, what the rules say of them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from pingjiang.centre.casework.workflow import Label
from pingjiang.centre.programme.content.derived import SEAL, derived
from pingjiang.centre.programme.content.placing import placed
from pingjiang.centre.programme.content.together import is_read
from pingjiang.centre.programme.models import Application, ApplicationVersion, Seal
from pingjiang.centre.programme.rulepack import (
    FORMAL,
    Facts,
    Line,
    facts_of,
    outcomes,
    pack_of,
)
from pingjiang.rulebook.policies import Pack
from pingjiang.rulebook.policies import Waiver as Waived

Said = Mapping[str, Mapping[str, Any]]


def said_now(application: Application) -> dict[str, dict[str, Any]]:
    """Section → what it says now."""
    return {row.name: json.loads(row.content) for row in application.sections.all()}


def said_in(version: ApplicationVersion) -> dict[str, dict[str, Any]]:
    """Section → what it said in a version that was handed in."""
    return {name: json.loads(text) for name, text in json.loads(version.content)["sections"].items()}


def attached_in(version: ApplicationVersion) -> list[dict[str, Any]]:
    """What was attached to a version."""
    found: list[dict[str, Any]] = json.loads(version.content)["attachments"]
    return found


def facts_in(pack: Pack, track: str, said: Said) -> tuple[Facts, dict[str, Label]]:
    """The facts of an application for its formal check; and what is wrong with what was typed."""
    places = placed(pack, track)
    typed = {name: said.get(section, {}).get(key) for name, (section, key) in places.items()}
    facts, wrong = facts_of([pack.field(name) for name in places], typed)
    return {**facts, **derived(pack, said)}, wrong


def lines_now(application: Application, *, seal: Seal | None = None) -> list[Line]:
    """What the rules say of an application as it is."""
    return lines_of(application, said_now(application), seal=seal)


def lines_of(application: Application, said: Said, *, seal: Seal | None = None) -> list[Line]:
    """What the rules of the formal check say, with the waivers that were approved and the stamp that stands."""
    pack, track = pack_of(application), application.case.track
    facts, _wrong = facts_in(pack, track, said)
    if seal is not None:
        facts[SEAL] = seal_fact(application, seal)
    return outcomes(pack, facts, track, FORMAL, waived(application))


def seal_fact(application: Application, seal: Seal) -> dict[str, str]:
    """The stamp as a fact."""
    return {
        "authority": seal.by.organisation.name_zh, "signatory": seal.signatory, "sealed_on": seal.sealed_on.isoformat(),
    }  # fmt: skip


def waived(application: Application) -> dict[str, Waived]:
    """Rule → why it was waived and by whom, the last word on each: those that a leader approved."""
    rows = application.waivers.all()
    if not is_read(application, "waivers"):
        rows = rows.select_related("approval__by__user")
    approved = [row for row in rows if hasattr(row, "approval")]
    return {row.rule: Waived(row.reason, row.approval.by.user.name) for row in sorted(approved, key=lambda row: row.pk)}


def labels(lines: Sequence[Line]) -> Label:
    """The rules of some lines, named in one sentence."""
    return (
        "；".join(f"{line.label[0]}（{line.clause}）{line.message[0]}" for line in lines),
        "; ".join(f"{line.label[1]} ({line.clause}): {line.message[1]}" for line in lines),
    )
