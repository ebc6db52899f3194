"""What is told of another tool's query language: its codes, operators and wildcards, read from `NAME.yaml`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from pingjiang import definitions
from pingjiang.errors import DefinitionError

DIALECTS = ("incopat", "patsnap", "patentics", "espacenet")


@dataclass(frozen=True, slots=True)
class Proximity:
    """An operator of distance: how it is written, and how many tokens it allows between."""

    pattern: re.Pattern[str]
    ordered: bool
    without: int | None
    less: int

    def within(self, match: re.Match[str]) -> int:
        """The distance of an operator as it stands in the text."""
        number = match.groupdict().get("n")
        return max(0, int(number) - self.less) if number is not None else self.without or 0


@dataclass(frozen=True, slots=True)
class Dialect:
    """Another tool's query language.

    fields     its code → ours; several where it asks several
    changed    its code → ours, where the meaning is not quite the same, with what differs (zh, en)
    unsaid     its code → why it cannot be said (zh, en)
    values     its code → its value → ours
    left       no operator binds tighter than another: from the left
    relations  `all`, `any`, `within` stand for the sign of equality
    assumed    its manual was not at hand
    """

    name: str
    zh: str
    en: str
    separator: str
    left: bool
    default: str
    default_note: tuple[str, str] | None
    fields: Mapping[str, tuple[str, ...]]
    changed: Mapping[str, tuple[str, tuple[str, str]]]
    unsaid: Mapping[str, tuple[str, str]]
    values: Mapping[str, Mapping[str, str]]
    wildcards: Mapping[str, str]
    proximity: tuple[Proximity, ...]
    not_said: tuple[tuple[re.Pattern[str], tuple[str, str]], ...]
    comments: bool
    relations: bool
    assumed: bool

    def codes(self) -> list[str]:
        """All codes of fields that it is known to have, the longest first."""
        return sorted({*self.fields, *self.changed, *self.unsaid}, key=lambda code: (-len(code), code))


@cache
def load_dialect(name: str) -> Dialect:
    """A dialect by its name. DefinitionError where there is none."""
    if name not in DIALECTS:
        raise DefinitionError(
            f"没有 '{name}' 的转换。",
            f"There is no translation from '{name}'.",
            remedy=(f"可用：{'、'.join(DIALECTS)}。", f"There are: {', '.join(DIALECTS)}."),
        )
    text = resources.files("pingjiang.query.dialects").joinpath(f"{name}.yaml").read_text(encoding="utf-8")
    data: dict[str, Any] = definitions.parse(text)

    def words(entry: Mapping[str, str]) -> tuple[str, str]:
        return entry["zh"], entry["en"]

    def codes(key: str) -> dict[str, Any]:
        return {str(code).upper(): value for code, value in data.get(key, {}).items()}

    return Dialect(
        name=name,
        zh=data["zh"],
        en=data["en"],
        separator=data["separator"],
        left=data["precedence"] == "left",
        default=data["default"],
        default_note=(data["default_zh"], data["default_en"]) if "default_zh" in data else None,
        fields={code: tuple(v) if isinstance(v, list) else (v,) for code, v in codes("fields").items()},
        changed={code: (entry["as"], words(entry)) for code, entry in codes("changed").items()},
        unsaid={code: words(entry) for code, entry in codes("unsaid").items()},
        values=codes("values"),
        wildcards=data["wildcards"],
        proximity=tuple(
            Proximity(re.compile(p["pattern"], re.IGNORECASE), p["ordered"], p.get("without"), p.get("less", 0))
            for p in data["proximity"]
        ),
        not_said=tuple((re.compile(p["pattern"], re.IGNORECASE), words(p)) for p in data["not_said"]),
        comments=data.get("comments", False),
        relations=data.get("relations", False),
        assumed=data.get("assumed", False),
    )
