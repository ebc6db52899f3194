"""What a pack must be beyond its shape: ids once, references that lead somewhere, sums that add up."""

from __future__ import annotations

import string
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from pingjiang.rulebook.policies.model import (
    Criterion,
    Field,
    Function,
    Indicator,
    Material,
    Pack,
    Panel,
    PolicyRule,
    Section,
    Sheet,
    Test,
    Words,
)
from pingjiang.rulebook.policies.operators import NOT_KNOWN, OPERATORS
from pingjiang.rulebook.policies.units import UNITS, convert

_PLACEHOLDERS = {"value", "threshold", "lacks"}
_NUMBERS = ("number", "count", "amounts")
_WITH_OPTIONS = ("choice", "choices", "amounts", "order")
_WITH_PARTS = ("document", "entries")

# What is wrong: the part of the pack (a key of it), the thing there (a rule, a field), the fault, the remedy.
Fault = tuple[str, str, str, str]


def faults(pack: Pack) -> Iterator[Fault]:
    """Everything that is wrong with a pack, in its order."""
    yield from _ids(pack)
    for field in pack.fields:
        yield from _field(field)
    for rule in pack.rules:
        yield from _rule(pack, rule)
    yield from _tracks(pack)
    yield from _provisions(pack)
    yield from _steps(pack)
    yield from _book(pack)
    if pack.sheet is not None:
        yield from _sheet(pack, pack.sheet)
    if pack.panel is not None:
        yield from _panel(pack.panel)


def _ids(pack: Pack) -> Iterator[Fault]:
    groups: dict[str, Iterable[object]] = {
        "tracks": pack.tracks,
        "stages": pack.stages,
        "provisions": pack.provisions,
        "fields": pack.fields,
        "rules": pack.rules,
        "steps": pack.steps,
        "checks": pack.checks,
        "materials": pack.materials,
        "sections": pack.sections,
        "functions": pack.functions,
        "functions, indicators": [each for function in pack.functions for each in function.indicators],
        "parameters": pack.parameters,
        "sheet, criteria": pack.sheet.criteria if pack.sheet else (),
    }
    for name, things in groups.items():
        ids = [str(getattr(thing, "id", "")) for thing in things]
        for each in sorted({each for each in ids if ids.count(each) > 1}):
            yield name.split(",")[0], each, f"stands twice in {name}", "give each its own id"
    for name in ("tracks", "stages"):
        if not groups[name]:
            yield name, pack.id, f"has no {name}", f"name at least one of its {name}"


def _field(field: Field) -> Iterator[Fault]:
    if field.type in _NUMBERS and field.unit is None:
        yield "fields", field.id, "is a number without a unit", f"add unit: one of {', '.join(UNITS)}"
    for unit in (field.unit, field.shown_in):
        if unit is not None and unit not in UNITS:
            yield "fields", field.id, f"unit {unit!r} is not known", f"use one of: {', '.join(UNITS)}"
            return
    if field.unit and field.shown_in and convert(Decimal(1), field.unit, field.shown_in) is None:
        yield "fields", field.id, f"{field.unit} is not shown in {field.shown_in}", "use a unit of the same measure"
    if (field.type in _WITH_OPTIONS) != bool(field.options):
        yield (
            "fields",
            field.id,
            f"a {field.type} field and its options do not fit",
            "give options where they are chosen from",
        )
    if (field.type in _WITH_PARTS) != bool(field.parts):
        yield (
            "fields",
            field.id,
            f"a {field.type} field and its parts do not fit",
            "give parts to a document or entries",
        )


def _rule(pack: Pack, rule: PolicyRule) -> Iterator[Fault]:
    fields = {field.id: field for field in pack.fields}
    if rule.provision not in {each.id for each in pack.provisions}:
        yield "rules", rule.id, f"provision {rule.provision!r} does not exist", "name one of the pack's provisions"
    elif pack.provision(rule.provision).told:
        yield "rules", rule.id, f"tests {rule.provision}, which is told only", "take `told` from the provision"
    if rule.stage not in {each.id for each in pack.stages}:
        yield "rules", rule.id, f"stage {rule.stage!r} does not exist", "name one of the pack's stages"
    tracks = {each.id for each in pack.tracks}
    for track in {*rule.tracks, *rule.variants} - tracks:
        yield "rules", rule.id, f"track {track!r} does not exist", f"use one of: {', '.join(sorted(tracks))}"
    if (rule.kind == "soft") != (rule.waiver is not None):
        yield (
            "rules",
            rule.id,
            f"a {rule.kind} rule and its waiver do not fit",
            "a soft rule, and no other, says who waives it",
        )
    readings = [(rule.test, rule.needs, rule.passes, rule.fails)]
    for variant in rule.variants.values():
        readings.append(
            (
                variant.test or rule.test,
                variant.needs if variant.needs is not None else rule.needs,
                variant.passes or rule.passes,
                variant.fails or rule.fails,
            )
        )
    for test, needs, passes, fails in readings:
        for name in needs:
            if name not in fields:
                yield "rules", rule.id, f"needs {name!r}, which is no field", "add the field, or mend the name"
        if all(name in fields for name in needs):
            yield from _reading(rule, test, needs, passes, fails, fields)


def _reading(
    rule: PolicyRule,
    test: Test | None,
    needs: tuple[str, ...],
    passes: Words | None,
    fails: Words | None,
    fields: dict[str, Field],
) -> Iterator[Fault]:
    """A rule as it reads on one track."""
    if test is not None and test.op == NOT_KNOWN:
        return
    if not needs:
        yield "rules", rule.id, "needs no data", "name the fields that it asks for"
    if (rule.kind == "expert") != (test is None):
        yield (
            "rules",
            rule.id,
            f"a {rule.kind} rule and its test do not fit",
            "experts judge without a test, all else has one",
        )
    if test is None:
        return
    if passes is None or fails is None:
        yield "rules", rule.id, "lacks a message", "add passes and fails, each with zh and en"
    for words in (passes, fails):
        for text in (words.zh, words.en) if words else ():
            yield from (("rules", rule.id, fault, remedy) for fault, remedy in _message(text))
    yield from (("rules", rule.id, fault, remedy) for fault, remedy in _test(test, needs, fields))


def _message(text: str) -> Iterator[tuple[str, str]]:
    remedy = f"use only {', '.join('{' + name + '}' for name in sorted(_PLACEHOLDERS))}"
    try:
        parts = list(string.Formatter().parse(text))
    except ValueError as error:
        yield f"message {text!r}: {error}", remedy
        return
    for _, name, spec, conversion in parts:
        if name is not None and (name not in _PLACEHOLDERS or spec or conversion):
            yield f"message {text!r} names {{{name}}}", remedy


def _test(test: Test, needs: tuple[str, ...], fields: dict[str, Field]) -> Iterator[tuple[str, str]]:
    if test.op not in OPERATORS:
        yield f"operator {test.op!r} is not known", f"use one of: {', '.join(OPERATORS)}"
        return
    operator = OPERATORS[test.op]
    for name in sorted(operator.needs):
        if not getattr(test, name):
            yield f"{test.op} lacks {name}", f"add {name} to the test"
    for name in test.asks():
        if name not in needs:
            yield f"tests {name!r}, which it does not need", "add it to needs"
        elif fields[name].type not in operator.types:
            remedy = f"it takes: {', '.join(sorted(operator.types))}"
            yield f"{test.op} cannot test {name!r}, a {fields[name].type} field", remedy
    if operator.compares:
        yield from _compared(test, fields)
    elif test.threshold is not None or test.than is not None:
        yield f"{test.op} has no threshold", "take threshold and than from the test"
    field = fields.get(test.field or "")
    if field is not None and test.options and not set(test.options) <= {each.id for each in field.options}:
        yield f"tests options that {field.id} does not have", "use the options of the field"
    if test.op == "allowed_pair" and len(test.fields) == 2 and all(name in fields for name in test.fields):
        yield from _pairs(test, *(fields[name] for name in test.fields))


def _compared(test: Test, fields: dict[str, Field]) -> Iterator[tuple[str, str]]:
    if (test.threshold is None) == (test.than is None):
        yield f"{test.op} has not exactly one of threshold and than", "give a threshold, or another field"
    field, other = fields.get(test.field or ""), fields.get(test.than or "")
    if field is not None and test.threshold is not None and test.unit != field.unit:
        yield f"its threshold is in {test.unit}, {field.id} in {field.unit}", "give the threshold in the field's unit"
    if field is not None and other is not None and field.unit != other.unit:
        yield f"{field.id} and {other.id} have different units", "compare fields of one unit"


def _pairs(test: Test, first: Field, second: Field) -> Iterator[tuple[str, str]]:
    if set(test.pairs) != {each.id for each in first.options}:
        yield f"its pairs do not name each option of {first.id}", "say of each option what may follow"
    if not {name for names in test.pairs.values() for name in names} <= {each.id for each in second.options}:
        yield f"its pairs name options that {second.id} does not have", "use the options of the field"


def _tracks(pack: Pack) -> Iterator[Fault]:
    """What has tracks or reads otherwise on one names tracks of the pack."""
    known = {each.id for each in pack.tracks}
    things: dict[str, Sequence[Material | Section | Indicator | Function | Criterion]] = {
        "materials": pack.materials,
        "sections": pack.sections,
        "functions": [*pack.functions, *(each for function in pack.functions for each in function.indicators)],
        "sheet": pack.sheet.criteria if pack.sheet else (),
    }
    for part, each in ((part, each) for part, group in things.items() for each in group):
        variants = each.variants if isinstance(each, Function | Criterion) else {}
        tracks = () if isinstance(each, Function | Criterion) else each.tracks
        for track in {*tracks, *variants} - known:
            yield part, each.id, f"track {track!r} does not exist", f"use one of: {', '.join(sorted(known))}"
        if isinstance(each, Function) and any(variant.guide for variant in variants.values()):
            yield part, each.id, "a function has no guide", "take guide from its variants"


def _provisions(pack: Pack) -> Iterator[Fault]:
    """Every provision is tested, or said to tell only."""
    tested = {rule.provision for rule in pack.rules}
    for provision in pack.provisions:
        if not provision.told and provision.id not in tested:
            yield (
                "provisions",
                provision.id,
                "has no rule",
                "add a rule, or `told: true` where it says nothing that can be tested",
            )
    used = {name for rule in pack.rules for name in _needed(rule)}
    for field in pack.fields:
        if field.id not in used:
            yield "fields", field.id, "is needed by no rule", "take it out, or name it in a rule's needs"


def _needed(rule: PolicyRule) -> set[str]:
    return {*rule.needs, *(name for variant in rule.variants.values() for name in variant.needs or ())}


def _steps(pack: Pack) -> Iterator[Fault]:
    seen: set[str] = set()
    for step in pack.steps:
        for name in step.after:
            if name not in seen:
                yield "steps", step.id, f"comes after {name!r}, which is no earlier step", "put steps in their order"
        seen.add(step.id)
    for field in pack.fields:
        if field.type == "order" and {each.id for each in field.options} != seen:
            yield "fields", field.id, "its options are not the pack's steps", "name each step once"


def _book(pack: Pack) -> Iterator[Fault]:
    fields = {field.id: field for field in pack.fields}
    for section in pack.sections:
        for name in set(section.fields) - set(fields):
            yield "sections", section.id, f"field {name!r} does not exist", "name one of the pack's fields"
        if (section.form == "text") != (section.limit is not None) or (section.limit or 1) < 1:
            yield "sections", section.id, "a text has a limit in characters, nothing else has", "mend limit"
    evidence = {each.id for each in pack.evidence_types}
    for indicator in (each for function in pack.functions for each in function.indicators):
        if indicator.evidence not in evidence:
            yield (
                "functions",
                indicator.id,
                f"evidence {indicator.evidence!r} does not exist",
                "use one of the evidence_types",
            )
    if pack.budget is not None:
        for name in (pack.budget.lines, pack.budget.sources):
            if name not in fields or fields[name].type != "amounts":
                yield "budget", "budget", f"{name!r} is no field of amounts", "name such a field"
    for check in pack.checks:
        for name in set(check.stages) - {each.id for each in pack.stages}:
            yield "checks", check.id, f"stage {name!r} does not exist", "name one of the pack's stages"
    for parameter in pack.parameters:
        if parameter.unit is not None and parameter.unit not in UNITS:
            yield "parameters", parameter.id, f"unit {parameter.unit!r} is not known", f"use one of: {', '.join(UNITS)}"


def _sheet(pack: Pack, sheet: Sheet) -> Iterator[Fault]:
    total = sum((each.points for each in sheet.criteria), Decimal(0))
    if total != sheet.total:
        yield "sheet", "sheet", f"its criteria make {total} points, not {sheet.total}", "mend points or total"
    if sheet.step <= 0:
        yield "sheet", "sheet", "its step is not above zero", "give a step, as 0.5"
        return
    if not 0 <= sheet.comment_at_or_below_percent < sheet.comment_at_or_above_percent <= 100:
        yield (
            "sheet",
            "sheet",
            "its limits for comments are not in order",
            "below lies under above, both within 0 to 100",
        )
    groups, rules = {each.id for each in sheet.groups}, {each.id for each in pack.rules}
    for each in sheet.criteria:
        if each.group not in groups:
            yield "sheet", each.id, f"group {each.group!r} does not exist", "use one of the sheet's groups"
        if each.points <= 0 or each.points % sheet.step != 0:
            yield "sheet", each.id, f"{each.points} points are no steps of {sheet.step}", "mend points or step"
        for name in set(each.rules) - rules:
            yield "sheet", each.id, f"rule {name!r} does not exist", "name one of the pack's rules"


def _panel(panel: Panel) -> Iterator[Fault]:
    if panel.least < 1 or (panel.odd and panel.least % 2 == 0):
        yield "panel", "panel", f"{panel.least} members are none of an odd panel", "give an odd least"
    if sum(each.least for each in panel.strata) > panel.least:
        yield "panel", "panel", "its strata need more members than it has", "lower the strata or raise least"
    if panel.drop_from <= panel.drop_highest + panel.drop_lowest:
        yield "panel", "panel", "trimming leaves no score", "raise drop_from"
    if not 1 <= panel.least_valid <= panel.least:
        yield "panel", "panel", f"{panel.least_valid} sheets are not within 1 to {panel.least}", "mend least_valid"
