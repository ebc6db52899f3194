"""The policy by which a call or an application goes: a pack at the version that it began with, always that one.

What people type becomes facts here, in the types and units of the pack's fields; what the pack says of them becomes
plain rows that are kept, shown and printed.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from pingjiang.centre.casework.workflow import Label
from pingjiang.centre.programme.content.numbers import Untyped, count_of, number_of
from pingjiang.centre.programme.content.shape import cleaned
from pingjiang.centre.programme.models import Application, CallTrack
from pingjiang.rulebook.policies import (
    Field,
    Material,
    Outcome,
    Pack,
    Quantity,
    Waiver,
    check,
    load_policies,
    policy,
    rules_of,
)

Facts = dict[str, object]
# Materials that the district hands in: the stamped print and the letter on its money. They have steps of their own.
OF_THE_DISTRICT = frozenset({"book", "matching_letter"})
PRECHECK, FORMAL = "precheck", "formal"  # names under which a pack says which stages a check asks of


def pack_at(pack: str, version: str) -> Pack:
    """A pack at a version. DefinitionError where there is none."""
    return policy(pack, version)


def pack_of(row: Application | CallTrack) -> Pack:
    """The pack of an application or of a call's track."""
    return policy(row.pack, row.pack_version)


def packs_of(track: str, on: datetime.date) -> list[Pack]:
    """Packs by which a call of a track may go: those valid on a day that hold an application's form."""
    newest: dict[str, Pack] = {}
    for versions in load_policies().values():
        for pack in versions:
            valid = pack.valid_from is not None and pack.valid_from <= on
            if valid and pack.sections and track in {each.id for each in pack.tracks}:
                newest[pack.id] = pack
    return list(newest.values())


class Called(Protocol):
    """What a pack gives a name in both languages."""

    @property
    def zh(self) -> str:
        """In Chinese."""

    @property
    def en(self) -> str:
        """In English."""


def label_of(thing: Called) -> Label:
    """What a pack calls something, where it stands by itself; packs write English names as within a sentence."""
    return thing.zh, thing.en[:1].upper() + thing.en[1:]


def correction_days(application: Application) -> int:
    """Working days of a correction."""
    return int(str(pack_of(application).parameter("correction_days").value))


def materials_of(pack: Pack, track: str, more: Sequence[Mapping[str, Any]] = ()) -> list[Material]:
    """What an applicant hands in on a track: what the pack wants, then what a call wants beside."""
    own = [
        each for each in pack.materials if each.id not in OF_THE_DISTRICT and (not each.tracks or track in each.tracks)
    ]
    return own + [
        Material(id=row["name"], zh=row["label"], en=row["label"], confidence="choice", required=row["required"])
        for row in more
    ]


def stages_of(pack: Pack, name: str) -> tuple[str, ...]:
    """The stages that a check of a pack asks of. DefinitionError where the pack has no check of this name."""
    return pack.check(name).stages


def asked_fields(pack: Pack, track: str, name: str) -> list[Field]:
    """Data that the rules of a check ask for on a track, each once, in the order of the pack."""
    names = {name for rule in rules_of(pack, track, stages_of(pack, name)) for name in rule.needs}
    return [field for field in pack.fields if field.id in names]


# ── what was typed, as facts


def fact_of(field: Field, typed: object) -> object:
    """What was typed into a field as a fact; None where nothing was. Untyped for what is no value of it."""
    if typed in ("", None, [], {}):
        return None
    if field.type in ("number", "count"):
        number = count_of(str(typed)) if field.type == "count" else number_of(str(typed))
        return Quantity(number, field.shown_in or field.unit or "ratio")
    if field.type == "flag":
        return {"yes": True, "no": False}.get(str(typed))
    if field.type in ("texts", "order"):
        return [line for line in cleaned(str(typed)).split("\n") if line.strip()]
    if field.type == "document":
        return _parts(field, typed)
    if field.type == "entries":
        return [_parts(field, row) for row in typed] if isinstance(typed, list) else None
    if field.type == "choices":
        return list(typed) if isinstance(typed, list) else [str(typed)]
    return str(typed)


def _parts(field: Field, typed: object) -> dict[str, str]:
    given = typed if isinstance(typed, Mapping) else {}
    return {part.id: str(given[part.id]) for part in field.parts if given.get(part.id)}


def facts_of(fields: Sequence[Field], typed: Mapping[str, Any]) -> tuple[Facts, dict[str, Label]]:
    """Facts of what was typed, by field; and what is wrong with what is no value, which is unknown then."""
    facts: Facts = {}
    wrong: dict[str, Label] = {}
    for field in fields:
        try:
            fact = fact_of(field, typed.get(field.id))
        except Untyped as error:
            wrong[field.id] = error.words
        else:
            if fact is not None:
                facts[field.id] = fact
    return facts, wrong


# ── what the pack says of them


@dataclass(frozen=True)
class Line:
    """An outcome as it is shown and kept."""

    rule: str
    kind: str
    status: str  # pass, fail, waivable, waived, expert, unknown
    clause: str
    label: Label
    value: Label
    message: Label
    confidence: str
    missing: tuple[str, ...] = ()

    def kept(self) -> dict[str, Any]:
        """As plain texts."""
        return {
            "rule": self.rule, "kind": self.kind, "status": self.status, "clause": self.clause,
            "label_zh": self.label[0], "label_en": self.label[1], "value_zh": self.value[0],
            "value_en": self.value[1], "message_zh": self.message[0], "message_en": self.message[1],
            "confidence": self.confidence, "missing": list(self.missing),
        }  # fmt: skip


def line_of(outcome: Outcome) -> Line:
    """An outcome as a line."""
    return Line(
        outcome.rule, outcome.kind, "waived" if outcome.waiver is not None else outcome.status, outcome.clause,
        (outcome.title_zh, outcome.title_en), _short(outcome.shown_zh, outcome.shown_en),
        _short(outcome.zh, outcome.en),
        outcome.confidence, outcome.missing,
    )  # fmt: skip


_MOST = 160  # characters of a text that a line repeats


def _short(zh: str, en: str) -> Label:
    """Texts cut where they repeat a whole section of an application."""
    return tuple(text if len(text) <= _MOST else f"{text[:_MOST]}…" for text in (zh.replace("。。", "。"), en))  # type: ignore[return-value]


def line_kept(row: Mapping[str, Any]) -> Line:
    """A line as it was kept."""
    return Line(
        row["rule"], row["kind"], row["status"], row["clause"], (row["label_zh"], row["label_en"]),
        (row["value_zh"], row["value_en"]), (row["message_zh"], row["message_en"]), row["confidence"],
        tuple(row["missing"]),
    )  # fmt: skip


def outcomes(
    pack: Pack, facts: Mapping[str, object], track: str, name: str, waivers: Mapping[str, Waiver] | None = None
) -> list[Line]:
    """What the rules of a check say of facts, each with its clause. Facts that no field is for are left out."""
    known = {field.id for field in pack.fields}
    return [
        line_of(each)
        for each in check(
            pack,
            {field: fact for field, fact in facts.items() if field in known},
            track,
            stages=stages_of(pack, name),
            waivers=waivers,
        )
    ]


def held_up(lines: Sequence[Line]) -> list[Line]:
    """Lines that keep an application from being handed in: a hard rule that fails, or that cannot be told."""
    return [line for line in lines if line.status == "fail" or (_lacks(line) and line.kind == "hard")]


def open_of(lines: Sequence[Line]) -> list[Line]:
    """Lines that keep it from being accepted: those, and a soft rule that is not met and was not waived."""
    return [line for line in lines if line.status in ("fail", "waivable") or (_lacks(line) and line.kind != "expert")]


def _lacks(line: Line) -> bool:
    """Whether it cannot be told for want of data. What the pack itself does not know keeps nobody from anything."""
    return line.status == "unknown" and bool(line.missing)
