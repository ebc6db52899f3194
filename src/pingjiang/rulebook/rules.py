"""Reading the packs, and asking them by date."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

from pingjiang import definitions
from pingjiang.errors import DefinitionError

CONFIDENCE = ("checked", "expert", "choice", "unchecked")
_KEYS = {"value", "unit", "source", "clause", "valid_from", "confidence"}


@dataclass(frozen=True, slots=True)
class Rule:
    """One version of a rule.

    confidence: checked (read in the source), expert (known practice, text not at hand), choice (a
    decision of design, because no rule fixes it), unchecked.
    """

    id: str
    value: Any  # a number, a text, or a table of them as the pack's unit and words say
    unit: str
    zh: str
    en: str
    source: str
    clause: str
    valid_from: date
    confidence: str

    def cited(self) -> dict[str, str]:
        """What an output that rests on this version shows of it."""
        return {
            "rule": self.id,
            "valid_from": self.valid_from.isoformat(),
            "source": self.source,
            "clause": self.clause,
            "confidence": self.confidence,
        }


@cache
def load_rules() -> Mapping[str, Sequence[Rule]]:
    """All rules by id, each with its versions, oldest first. DefinitionError names pack and rule."""
    found: dict[str, Sequence[Rule]] = {}
    folder = resources.files("pingjiang.rulebook") / "packs"
    for entry in sorted(folder.iterdir(), key=lambda item: item.name):
        if not entry.name.endswith(".yaml"):
            continue
        for name, rule in definitions.parse(entry.read_text(encoding="utf-8")).items():
            if name in found:
                raise DefinitionError(f"rulebook/packs/{entry.name}: rule {name!r} stands twice")
            found[name] = parse_rule(name, rule, f"rulebook/packs/{entry.name}")
    return found


def parse_rule(name: str, data: Mapping[str, Any], file: str) -> Sequence[Rule]:
    """One entry of a pack as its versions, oldest first."""
    versions: list[Rule] = []
    for version in data["versions"]:
        missing = _KEYS - set(version)
        if missing:
            raise DefinitionError(f"{file}, {name}: a version lacks {', '.join(sorted(missing))}")
        if version["confidence"] not in CONFIDENCE:
            raise DefinitionError(f"{file}, {name}: confidence is one of {', '.join(CONFIDENCE)}")
        if not isinstance(version["valid_from"], date):
            raise DefinitionError(f"{file}, {name}: valid_from is a date (YYYY-MM-DD)")
        versions.append(Rule(id=name, zh=data["zh"], en=data["en"], **{key: version[key] for key in _KEYS}))
    dates = [version.valid_from for version in versions]
    if not versions or dates != sorted(set(dates)):
        raise DefinitionError(f"{file}, {name}: versions stand in the order of their dates, each date once")
    return versions


def ask(name: str, on: date | None = None) -> Rule:
    """The version of a rule that is in force on a day (today unless given).

    DefinitionError where there is no such rule, or none in force on that day: a rule is never guessed.
    """
    versions = load_rules().get(name)
    if versions is None:
        raise DefinitionError(f"the rulebook has no rule {name!r}; it has: {', '.join(sorted(load_rules()))}")
    day = on or date.today()
    in_force = [version for version in versions if version.valid_from <= day]
    if not in_force:
        raise DefinitionError(f"rule {name!r} is not in force on {day}: it begins on {versions[0].valid_from}")
    return in_force[-1]


def in_force(on: date | None = None) -> dict[str, Any]:
    """The value of every rule that is in force on a day (today unless given), by id."""
    day = on or date.today()
    rules = load_rules().items()
    return {name: ask(name, day).value for name, versions in rules if versions[0].valid_from <= day}
