"""A draw in the language of a page. Lists are published and kept in Chinese, character for character, as their hash is
that of the text; what a page says of them beside the text is said in words of the pack, which has both languages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pingjiang.centre.casework.workflow import Label
from pingjiang.centre.programme.models import Panel
from pingjiang.centre.programme.panels.draw import Left
from pingjiang.centre.programme.review import recusing, seating

_FIXED: dict[str, Label] = {
    seating.RECUSED[0]: seating.RECUSED,
    seating.GONE: ("已不在专家库", "No longer in the pool"),
    recusing.NOTHING_LEFT: ("没有可评的申报", "Nothing left to review"),
    recusing.TOO_FEW: ("其回避会使有效评分少于规定", "Too few sheets would be left"),
}  # fmt: skip


@dataclass(frozen=True)
class Passed:
    """Who has a place in an order and is passed over, and why."""

    code: str
    declined: bool
    reason: Label


@dataclass(frozen=True)
class Told:
    """A stratum as it stands, its name in both languages."""

    name: Label
    seated: Sequence[str]
    following: Sequence[str]
    passed: Sequence[Passed]


def standing(panel: Panel) -> list[Told]:
    """Every stratum of a drawn panel, in the order of its list."""
    names = seating.by_name(panel)
    return [
        Told(
            names[each.name][1] if each.name in names else (each.name, each.name), each.seated, each.following,
            [_passed(panel, out) for out in each.passed],
        )
        for each in seating.seats(panel)
    ]  # fmt: skip


def _passed(panel: Panel, out: Left) -> Passed:
    return Passed(out.code, out.why == "declined", reason(panel, out.reason))


def reason(panel: Panel, text: str) -> Label:
    """Why a candidate is passed over, as the list or the record has it, in both languages. What is neither a sentence
    of ours nor grounds of the pack stays as it was written."""
    if text in _FIXED:
        return _FIXED[text]
    found = _grounds_in(panel, text)
    return (text, text) if found is None else (text, "; ".join(label[1] for label in found))


def _grounds_in(panel: Panel, text: str) -> list[Label] | None:
    """The grounds of which a text is made; None where it holds anything else. The longest first, as a ground may hold
    the sign that stands between two."""
    known = sorted(seating.grounds_of(panel).values(), key=lambda label: -len(label[0]))
    found, rest = [], text
    while rest:
        label = next((each for each in known if f"{rest}{seating.BETWEEN}".startswith(each[0] + seating.BETWEEN)), None)
        if label is None:
            return None
        found.append(label)
        rest = rest[len(label[0]) + len(seating.BETWEEN) :]
    return found


def words_of(panel: Panel, *texts: str) -> list[Label]:
    """The words of the pack that stand in published texts, strata first, each once: what a reader of English needs to
    read them."""
    here: list[Label] = []
    lines = [line for text in texts for line in text.split("\n")]
    names = {line.removeprefix("stratum: ").partition(" | ")[0] for line in lines if line.startswith("stratum: ")}
    here += [label for label in seating.strata_of(panel).values() if label[0] in names]
    for line in lines:
        _code, _, out = line.partition(" | excluded: ")
        here += _grounds_in(panel, out) or []
    return list(dict.fromkeys(here))
