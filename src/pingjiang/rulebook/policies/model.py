"""What a policy pack is made of. All of it is data; nothing here knows a particular policy.

A pack is one version of one policy: its provisions (the text, clause by clause), the data it asks for (fields),
the rules that can be tested, and what a call, a review and a decision under it need (steps, materials, sections of
the application book, budget, functions, criteria sheet, panel, parameters). Money is Decimal, in yuan.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal, Protocol, TypeVar

Kind = Literal["hard", "soft", "expert"]
Status = Literal["pass", "fail", "waivable", "expert", "unknown"]
Confidence = Literal["checked", "expert", "choice", "unchecked"]
# number: a Decimal in the field's unit; count: a whole one; flag: yes or no; choice: one of the options; choices: any
# of them; text; texts: a list; document: its parts; entries: a list of things with parts; amounts: money by option;
# order: options in the order in which they were done.
FieldType = Literal[
    "number", "count", "flag", "choice", "choices", "text", "texts", "document", "entries", "amounts", "order"
]
# whole: the text is in the pack; reported: figures read in published reports of it; unknown: the text is not at hand.
Text = Literal["whole", "reported", "unknown"]


@dataclass(frozen=True, slots=True)
class Words:
    """The same in both languages."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Named:
    """Something with an id and a name: an option, a part, a track, a budget line."""

    id: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Provision:
    """A passage of the policy: word for word where the pack's text is whole, else in our words.

    `told`: it says a purpose or a manner, nothing that can be tested.
    """

    id: str
    clause: str
    zh: str
    en: str
    told: bool = False


@dataclass(frozen=True, slots=True)
class Field:
    """A datum that rules ask for. A fact is given in `unit` unless it says its own; it is shown in `shown_in`."""

    id: str
    type: FieldType
    zh: str
    en: str
    unit: str | None = None
    shown_in: str | None = None
    options: tuple[Named, ...] = ()
    parts: tuple[Named, ...] = ()
    help: Words | None = None


@dataclass(frozen=True, slots=True)
class Test:
    """What is asked of the data: an operator of `operators.py` and what it needs."""

    op: str
    field: str | None = None
    fields: tuple[str, ...] = ()
    threshold: Decimal | None = None
    unit: str | None = None
    than: str | None = None  # another field, in place of the threshold
    options: tuple[str, ...] = ()
    pairs: Mapping[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)

    def asks(self) -> tuple[str, ...]:
        """The fields without which it cannot be answered."""
        return tuple(name for name in (self.field, self.than, *self.fields) if name)


@dataclass(frozen=True, slots=True)
class RuleVariant:
    """What a rule says otherwise on one track; what is not given stays."""

    zh: str | None = None
    en: str | None = None
    needs: tuple[str, ...] | None = None
    test: Test | None = None
    passes: Words | None = None
    fails: Words | None = None


@dataclass(frozen=True, slots=True)
class TextVariant:
    """What a function or a criterion is called otherwise on one track; what is not given stays."""

    zh: str | None = None
    en: str | None = None
    guide: Words | None = None


@dataclass(frozen=True, slots=True)
class PolicyRule:
    """One thing that a provision asks for.

    kind: hard; soft (who approves a waiver, with its reason, says `waiver`); expert (evidence is asked for, people
    judge). Messages may name {value}, {threshold} and {other}.
    """

    id: str
    clause: str
    provision: str
    kind: Kind
    stage: str
    zh: str
    en: str
    needs: tuple[str, ...]
    confidence: Confidence
    test: Test | None = None
    passes: Words | None = None
    fails: Words | None = None
    waiver: Words | None = None
    tracks: tuple[str, ...] = ()  # none: all of the pack
    variants: Mapping[str, RuleVariant] = dataclasses.field(default_factory=dict)
    note: Words | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """A check that people make under a policy, and the stages whose rules it asks."""

    id: str
    zh: str
    en: str
    stages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Parameter:
    """One number, word or list that a call, a review or a decision goes by."""

    id: str
    value: Decimal | bool | str | tuple[Decimal, ...]
    zh: str
    en: str
    confidence: Confidence
    clause: str = ""
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the policy's way; it may be taken once all in `after` were."""

    id: str
    zh: str
    en: str
    clause: str
    confidence: Confidence
    after: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Material:
    """A paper or file that is handed in with an application."""

    id: str
    zh: str
    en: str
    confidence: Confidence
    clause: str = ""
    required: bool = True
    tracks: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()  # endings of files, without the dot
    megabytes: int | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the application book. A text has a limit in characters, the rest is a form of its own.

    `fields` are the data of the rules that are filled in there.
    """

    id: str
    zh: str
    en: str
    form: Literal["text", "unit", "evidence", "indicators", "schedule", "team", "budget", "attachments"]
    confidence: Confidence
    limit: int | None = None
    required: bool = True
    fields: tuple[str, ...] = ()
    tracks: tuple[str, ...] = ()
    help: Words | None = None


@dataclass(frozen=True, slots=True)
class Indicator:
    """An indicator that a function may be measured by; an application may name others."""

    id: str
    zh: str
    en: str
    unit: Words
    evidence: str
    confidence: Confidence
    tracks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Function:
    """What a centre is to do, with the indicators that measure it."""

    id: str
    clause: str
    zh: str
    en: str
    confidence: Confidence
    indicators: tuple[Indicator, ...] = ()
    variants: Mapping[str, TextVariant] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Criterion:
    """A line of the criteria sheet: how much it weighs, and what an expert looks at."""

    id: str
    group: str
    zh: str
    en: str
    points: Decimal
    guide: Words
    rules: tuple[str, ...] = ()
    variants: Mapping[str, TextVariant] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sheet:
    """The criteria sheet of a review. A comment is due at or below and at or above a share of a criterion's points."""

    total: Decimal
    step: Decimal
    comment_at_or_below_percent: Decimal
    comment_at_or_above_percent: Decimal
    confidence: Confidence
    groups: tuple[Named, ...]
    criteria: tuple[Criterion, ...]


@dataclass(frozen=True, slots=True)
class Stratum:
    """A kind of expert, and how many of it a panel has at least."""

    id: str
    zh: str
    en: str
    least: int


@dataclass(frozen=True, slots=True)
class Ground:
    """A ground of recusal. `years`: how far back it reaches (none: as long as it holds)."""

    id: str
    zh: str
    en: str
    seen_in: tuple[Literal["declaration", "data"], ...]
    confidence: Confidence
    years: int | None = None


@dataclass(frozen=True, slots=True)
class Panel:
    """How a panel is made up and how its scores are put together.

    `recusal`: whether an expert with an interest in one application stays off the whole panel, or sits and gives no
    sheet for that application; whoever makes up a panel may say otherwise. `least_valid`: sheets that each application
    has at least.
    """

    least: int
    least_valid: int
    recusal: Literal["panel", "application"]
    odd: bool
    drop_highest: int
    drop_lowest: int
    drop_from: int  # valid scores
    dispersion_limit: Decimal  # standard deviation in points; above it the panel talks
    confidence: Confidence
    strata: tuple[Stratum, ...]
    grounds: tuple[Ground, ...]


@dataclass(frozen=True, slots=True)
class Budget:
    """The fields whose options are the lines and the sources of a budget."""

    lines: str
    sources: str
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class Pack:
    """One version of a policy. `unknown` says what of it is not known and therefore not in the pack."""

    id: str
    version: str
    zh: str
    en: str
    number: str
    issuer: Words
    text: Text
    confidence: Confidence
    source: str
    tracks: tuple[Named, ...]
    stages: tuple[Named, ...]  # in their order; the first is asked unless others are named
    checks: tuple[Check, ...] = ()
    issued_on: date | None = None
    valid_from: date | None = None  # none: the day is not known; such a pack is asked by version alone
    unknown: tuple[Words, ...] = ()
    provisions: tuple[Provision, ...] = ()
    fields: tuple[Field, ...] = ()
    rules: tuple[PolicyRule, ...] = ()
    steps: tuple[Step, ...] = ()
    materials: tuple[Material, ...] = ()
    sections: tuple[Section, ...] = ()
    functions: tuple[Function, ...] = ()
    evidence_types: tuple[Named, ...] = ()
    budget: Budget | None = None
    sheet: Sheet | None = None
    panel: Panel | None = None
    parameters: tuple[Parameter, ...] = ()

    def rule(self, name: str) -> PolicyRule:
        """A rule by its id. KeyError where there is none."""
        return _by_id(self.rules, name)

    def field(self, name: str) -> Field:
        """A field by its id. KeyError where there is none."""
        return _by_id(self.fields, name)

    def check(self, name: str) -> Check:
        """A check by its id. KeyError where there is none."""
        return _by_id(self.checks, name)

    def parameter(self, name: str) -> Parameter:
        """A parameter by its id. KeyError where there is none."""
        return _by_id(self.parameters, name)

    def provision(self, name: str) -> Provision:
        """A provision by its id. KeyError where there is none."""
        return _by_id(self.provisions, name)


class _HasId(Protocol):
    @property
    def id(self) -> str: ...


_Found = TypeVar("_Found", bound=_HasId)


def _by_id(things: tuple[_Found, ...], name: str) -> _Found:
    for thing in things:
        if thing.id == name:
            return thing
    raise KeyError(name)
