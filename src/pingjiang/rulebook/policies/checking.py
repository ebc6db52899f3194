"""What a pack says of facts: one outcome a rule, with its reason. Unknown data passes nothing and fails nothing."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pingjiang.errors import DefinitionError, Unfit
from pingjiang.rulebook.policies.facts import Facts, Known, read_facts, show, show_number
from pingjiang.rulebook.policies.model import Confidence, Kind, Pack, PolicyRule, Status
from pingjiang.rulebook.policies.operators import NOT_KNOWN, OPERATORS
from pingjiang.rulebook.policies.tracks import of_track

# The worst of several outcomes, worst first: what decides a case as a whole.
_WORST: tuple[Status, ...] = ("fail", "unknown", "waivable", "expert", "pass")


@dataclass(frozen=True, slots=True)
class Waiver:
    """Why a soft rule is not held to, and who agreed. Both are said, or it is no waiver."""

    reason: str
    approver: str

    def __post_init__(self) -> None:
        if not self.reason.strip() or not self.approver.strip():
            raise Unfit(
                "豁免须写明理由和批准人：请补全。", "A waiver says its reason and who approved it: fill in both."
            )


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one rule says of the facts.

    status: pass, fail (hard), waivable (a soft rule that is not met; `waiver` where one was given), expert (people
    judge, the evidence is there), unknown (`missing` names the fields). `value` is the fact that was set beside
    `threshold` or `other` (in the field's unit), `shown_zh` and `shown_en` what a page shows of the data.
    """

    pack: str
    version: str
    rule: str
    kind: Kind
    status: Status
    clause: str
    title_zh: str
    title_en: str
    zh: str
    en: str
    confidence: Confidence
    shown_zh: str = ""
    shown_en: str = ""
    value: Known | None = None
    threshold: Decimal | None = None
    missing: tuple[str, ...] = ()
    waiver: Waiver | None = None

    def as_dict(self) -> dict[str, object]:
        """The outcome as plain data, for a record or an API: which version said what of which data."""
        return {
            "policy": self.pack,
            "version": self.version,
            "rule": self.rule,
            "clause": self.clause,
            "kind": self.kind,
            "status": self.status,
            "title": {"zh": self.title_zh, "en": self.title_en},
            "message": {"zh": self.zh, "en": self.en},
            "data": {"zh": self.shown_zh, "en": self.shown_en},
            "threshold": None if self.threshold is None else f"{self.threshold:f}",
            "missing": list(self.missing),
            "confidence": self.confidence,
            "waiver": None if self.waiver is None else {"reason": self.waiver.reason, "approver": self.waiver.approver},
        }


def rules_of(pack: Pack, track: str, stages: Collection[str] | None = None) -> list[PolicyRule]:
    """The rules of a track at some stages (the pack's first unless named), as they read on it.

    DefinitionError for a track or stage that there is not.
    """
    asked = (pack.stages[0].id,) if stages is None else stages
    _require(track, [each.id for each in pack.tracks], "类别", "track", pack)
    for stage in asked:
        _require(stage, [each.id for each in pack.stages], "阶段", "stage", pack)
    return [rule for rule in of_track(pack.rules, track) if rule.stage in asked]


def _require(name: str, known: list[str], zh: str, en: str, pack: Pack) -> None:
    if name not in known:
        raise DefinitionError(
            f"政策包 {pack.id} 没有{zh}“{name}”。",
            f"Policy {pack.id} has no {en} {name!r}.",
            remedy=(f"可用：{'、'.join(known)}。", f"Use one of: {', '.join(known)}."),
        )


def check(
    pack: Pack,
    facts: Facts,
    track: str,
    on: date | None = None,
    *,
    stages: Collection[str] | None = None,
    waivers: Mapping[str, Waiver] | None = None,
) -> list[Outcome]:
    """What each rule of a track and of some stages (the pack's first unless named) says of facts, in the pack's order.

    A fact that is None or not given is unknown. FactRefused for a fact of another type or unit, or that no field is
    for; DefinitionError for a day before the pack is valid; Unfit for a waiver of a rule that has none.
    """
    if on is not None and pack.valid_from is not None and on < pack.valid_from:
        raise DefinitionError(
            f"政策包 {pack.id}（{pack.version}）自 {pack.valid_from} 起适用，{on} 尚不适用。",
            f"Policy {pack.id} ({pack.version}) is valid from {pack.valid_from}, not yet on {on}.",
            remedy=("用 policy(id, on=…) 取当日的版本。", "Take the version of the day: policy(id, on=…)."),
        )
    rules = rules_of(pack, track, stages)
    given = waivers or {}
    _only_of_soft_rules(given, pack)
    known = read_facts(pack, facts)
    return [outcome(pack, rule, known, given.get(rule.id)) for rule in rules]


def _only_of_soft_rules(waivers: Mapping[str, Waiver], pack: Pack) -> None:
    soft = [rule.id for rule in pack.rules if rule.kind == "soft"]
    for name in waivers:
        if name not in soft:
            raise Unfit(
                f"规则“{name}”不可豁免；可豁免的有：{'、'.join(soft) or '无'}。",
                f"Rule {name!r} cannot be waived; these can: {', '.join(soft) or 'none'}.",
            )


def verdict(outcomes: Iterable[Outcome]) -> Status:
    """What decides a case as a whole: its worst outcome. A waived rule counts as passed; without outcomes, unknown."""
    found = {"pass" if each.waiver is not None else each.status for each in outcomes}
    return next((status for status in _WORST if status in found), "unknown")


def outcome(pack: Pack, rule: PolicyRule, known: Mapping[str, Known], waiver: Waiver | None = None) -> Outcome:
    """What one rule, as it reads on its track, says of facts that were read."""
    missing = tuple(name for name in rule.needs if name not in known)
    there = [(pack.field(name), known[name]) for name in rule.needs if name in known]
    shown = [show(field, value) for field, value in there]
    zh, en = "；".join(each for each, _ in shown), "; ".join(each for _, each in shown)
    told = Outcome(
        pack=pack.id,
        version=pack.version,
        rule=rule.id,
        kind=rule.kind,
        status="unknown",
        clause=rule.clause,
        title_zh=rule.zh,
        title_en=rule.en,
        zh="",
        en="",
        confidence=rule.confidence,
        shown_zh=zh,
        shown_en=en,
        value=known.get(rule.test.field) if rule.test and rule.test.field else None,
        threshold=rule.test.threshold if rule.test else None,
        missing=missing,
    )
    if rule.test is not None and rule.test.op == NOT_KNOWN:
        return _not_known(told)
    if missing:
        return _missing(told, pack)
    if rule.test is None:
        said = (f"由专家判断：{zh.rstrip('。')}。", f"Experts judge: {en.rstrip('。.')}.")
        return dataclasses.replace(told, status="expert", zh=said[0], en=said[1])
    return _tested(told, pack, rule, known, waiver)


def _not_known(told: Outcome) -> Outcome:
    return dataclasses.replace(
        told,
        zh=f"“{told.title_zh}”的规定未见到正文，无法判断。",
        en=f"The text of the provision is not at hand ({told.title_en}): it cannot be told.",
    )


def _missing(told: Outcome, pack: Pack) -> Outcome:
    fields = [pack.field(name) for name in told.missing]
    return dataclasses.replace(
        told,
        zh=f"缺少数据，无法判断：{'、'.join(field.zh for field in fields)}。",
        en=f"It cannot be told without: {', '.join(field.en for field in fields)}.",
    )


def _tested(told: Outcome, pack: Pack, rule: PolicyRule, known: Mapping[str, Known], waiver: Waiver | None) -> Outcome:
    test = rule.test
    if test is None or rule.passes is None or rule.fails is None:
        raise TypeError(f"{rule.id} has no test")  # validation lets no such rule through
    answer = OPERATORS[test.op].answer(test, known, pack)
    words = rule.passes if answer.holds else rule.fails
    threshold = ("", "")
    if test.threshold is not None:
        threshold = show_number(pack.field(test.field or ""), test.threshold)
    elif test.than is not None:
        threshold = show(pack.field(test.than), known[test.than])
    value = (told.shown_zh, told.shown_en)
    if test.field is not None:
        value = show(pack.field(test.field), known[test.field])
    status: Status = "pass" if answer.holds else "fail" if rule.kind == "hard" else "waivable"
    lacks_zh, lacks_en = "、".join(each.zh for each in answer.lacks), ", ".join(each.en for each in answer.lacks)
    return dataclasses.replace(
        told,
        status=status,
        zh=words.zh.format(value=value[0], threshold=threshold[0], lacks=lacks_zh),
        en=words.en.format(value=value[1], threshold=threshold[1], lacks=lacks_en),
        waiver=waiver if status == "waivable" else None,
    )
