"""Data that rules ask for and that an application says elsewhere: money in its budget, months in its schedule.

Nobody types them twice. Where a pack asks for a datum of this name, it is read from here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from pingjiang.centre.programme.content.budget import reckon
from pingjiang.centre.programme.content.numbers import Untyped, count_of
from pingjiang.rulebook.policies import Pack, Quantity

Said = Mapping[str, Mapping[str, Any]]  # section → its content
WAN = "wan_yuan"
_TARGETS = {"target_1": "year1", "target_2": "year2", "target_3": "year3"}


def _of_source(source: str) -> Callable[[Pack, Said], object]:
    def money(pack: Pack, said: Said) -> object:
        found = reckon(pack, _form(pack, said, "budget"))
        return Quantity(found.sums[source], WAN) if found.stated and source in found.sums else None

    return money


def _months(pack: Pack, said: Said) -> object:
    try:
        return Quantity(count_of(str(_form(pack, said, "schedule").get("months", ""))), "month")
    except Untyped:
        return None


def _lines(pack: Pack, said: Said) -> object:
    found = reckon(pack, _form(pack, said, "budget"))
    return {row.line.id: Quantity(row.total, WAN) for row in found.lines} if found.stated else None


def _sources(pack: Pack, said: Said) -> object:
    found = reckon(pack, _form(pack, said, "budget"))
    return {name: Quantity(value, WAN) for name, value in found.sums.items()} if found.stated else None


def _indicators(pack: Pack, said: Said) -> object:
    rows = []
    for function, indicators in _form(pack, said, "indicators").get("f", {}).items():
        for each in indicators:
            named = {"function": function, **{part: each.get(part, "") for part in ("name", "unit", "baseline")}}
            rows.append({**named, **{part: each.get(own, "") for part, own in _TARGETS.items()},
                         "evidence": each.get("evidence", "")})  # fmt: skip
    return rows or None


def _timetable(pack: Pack, said: Said) -> object:
    content = _form(pack, said, "schedule")
    tasks = [each["task"] for name, each in sorted(content.items()) if isinstance(each, Mapping) and each.get("task")]
    return "；".join(tasks) or None


def _form(pack: Pack, said: Said, form: str) -> Mapping[str, Any]:
    """What the section with this form says; {} where the pack has none, or nothing was written."""
    section = next((each for each in pack.sections if each.form == form), None)
    return said.get(section.id, {}) if section is not None else {}


DERIVED: Mapping[str, Callable[[Pack, Said], object]] = {
    "city_money": _of_source("municipal"),
    "local_money": _of_source("local"),
    "support_months": _months,
    "build_months": _months,
    "budget_lines": _lines,
    "budget_sources": _sources,
    "indicators": _indicators,
    "timetable": _timetable,
}
SEAL = "local_seal"  # known from the stamp alone


def derived(pack: Pack, said: Said) -> dict[str, object]:
    """What is known of such data. What nobody has written is left out, and is unknown."""
    fields = {field.id for field in pack.fields}
    found = {name: ask(pack, said) for name, ask in DERIVED.items() if name in fields}
    return {name: value for name, value in found.items() if value is not None}
