"""What would turn: applications, past and present, under thresholds that are not those of a pack. Nothing is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from pingjiang.centre.accounts.models import Actor
from pingjiang.centre.casework import access
from pingjiang.centre.casework.workflow import Label
from pingjiang.centre.programme.content.derived import SEAL
from pingjiang.centre.programme.content.reading import facts_in, said_in, seal_fact
from pingjiang.centre.programme.models import Application, ApplicationVersion, Seal, Waiver
from pingjiang.centre.programme.rulepack import FORMAL, stages_of
from pingjiang.errors import FactRefused
from pingjiang.rulebook.policies import Case, Pack, Quantity, Simulation, Turned, read_facts, simulate, thresholds
from pingjiang.rulebook.policies import Waiver as Waived
from pingjiang.rulebook.policies.units import UNITS, convert

READERS = frozenset({"programme_officer", "decision_maker"})


@dataclass(frozen=True)
class Change:
    """An application that turns, with what it turns on."""

    application: Application
    turned: tuple[Turned, ...]

    @property
    def whole(self) -> bool:
        """Whether it turns as a whole: from held up to not, or back."""
        return any(each.verdict_before != each.verdict_after for each in self.turned)


@dataclass(frozen=True)
class Answer:
    """What comes out. `left_out`: applications whose data the pack cannot read."""

    simulation: Simulation
    changes: tuple[Change, ...]
    left_out: tuple[Application, ...]


def may_simulate(actor: Actor) -> bool:
    """Whether an actor asks such questions: officers and leaders of the bureau."""
    return actor.role in READERS and actor.organisation.kind == "authority"


def ask(actor: Actor, pack: Pack, changes: Mapping[str, Quantity]) -> Answer:
    """Which applications that the actor sees would turn, by what they last handed in. Those under other versions of the
    pack are asked too, as if they were under this one."""
    found: dict[str, tuple[Application, Case]] = {}
    left_out: list[Application] = []
    for each in _handed_in(actor, pack):
        case = _case(pack, each)
        if case is None:
            left_out.append(each.application)
        else:
            found[case.id] = (each.application, case)
    simulation = simulate(pack, changes, [case for _, case in found.values()], stages=stages_of(pack, FORMAL))
    by_case: dict[str, list[Turned]] = {}
    for turned in simulation.turned:
        by_case.setdefault(turned.case, []).append(turned)
    rows = tuple(Change(found[name][0], tuple(several)) for name, several in by_case.items())
    return Answer(simulation, rows, tuple(left_out))


@dataclass(frozen=True)
class _Handed:
    """An application as it was last handed in, with its last seal and the waivers that were approved."""

    application: Application
    version: ApplicationVersion
    seal: Seal | None
    waivers: Mapping[str, Waived]


def _handed_in(actor: Actor, pack: Pack) -> list[_Handed]:
    """All of a pack that the actor sees, in a few queries."""
    tracks = {each.id for each in pack.tracks}
    seen = access.visible_to(actor, Application).filter(
        pack=pack.id, case__track__in=tracks, submitted_at__isnull=False
    )
    rows = list(seen.select_related("case__owner", "call__case").order_by("-call__year", "case__number"))
    ours = [row.pk for row in rows]
    versions = {
        row.application_id: row for row in ApplicationVersion.objects.filter(application__in=ours).order_by("number")
    }
    seals = {
        row.application_id: row
        for row in Seal.objects.filter(application__in=ours).select_related("by__organisation").order_by("pk")
    }
    waivers: dict[int, dict[str, Waived]] = {}
    approved = Waiver.objects.filter(application__in=ours, approval__isnull=False)
    for row in approved.select_related("approval__by__user").order_by("pk"):
        waivers.setdefault(row.application_id, {})[row.rule] = Waived(row.reason, row.approval.by.user.name)
    return [
        _Handed(row, versions[row.pk], seals.get(row.pk), waivers.get(row.pk, {})) for row in rows if row.pk in versions
    ]


def _case(pack: Pack, handed: _Handed) -> Case | None:
    """What an application last handed in, as facts; None where the pack cannot read them."""
    application, seal = handed.application, handed.seal
    track = application.case.track
    facts, _wrong = facts_in(pack, track, said_in(handed.version))
    stands = seal is not None and seal.content_hash == handed.version.content_hash
    if seal is not None and stands and SEAL in {field.id for field in pack.fields}:
        facts[SEAL] = seal_fact(application, seal)
    try:
        read_facts(pack, facts)
    except FactRefused:
        return None
    soft = {rule.id for rule in pack.rules if rule.kind == "soft"}
    waivers = {name: row for name, row in handed.waivers.items() if name in soft}
    return Case(application.case.number, facts, track, waivers)


@dataclass(frozen=True)
class Threshold:
    """A threshold of a pack as it is shown: in the unit in which people read it."""

    rule: str
    clause: str
    label: Label
    value: Decimal
    unit: str
    unit_label: Label


def thresholds_of(pack: Pack) -> list[Threshold]:
    """Those of a pack that can be asked about, in its order."""
    found = []
    for rule in thresholds(pack):
        test = rule.test
        if test is None or test.threshold is None or test.field is None:
            continue
        field = pack.field(test.field)
        unit = field.shown_in or field.unit or "ratio"
        value = convert(test.threshold, field.unit or unit, unit)
        if value is not None:
            words = UNITS[unit]
            found.append(
                Threshold(rule.id, rule.clause, (rule.zh, rule.en), value.normalize(), unit, (words.zh, words.en))
            )
    return found
