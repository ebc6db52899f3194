"""Kinds of facts: each app declares its own, once. Checked where it is written down; knows no database.

KEY  the parts that make two tellings one happening. They are counted once, whoever told them: the first that stands
"""

from __future__ import annotations

from dataclasses import dataclass

from pingjiang.errors import DefinitionError

VALUES = ("none", "count", "amount", "text")  # nothing, a number with a unit, money, words
KEY_PARTS = ("subject", "organisation", "day", "month", "quarter", "year", "text", "proof", "case")


@dataclass(frozen=True)
class Kind:
    """A kind of fact.

    `subjects` are kinds of things that it may be about; `unit` is that of a count (zh, en); `proof` says what paper
    must show it (zh, en), None where none is needed. `value_needed` is false where the value may be unknown.
    """

    name: str
    words: tuple[str, str]
    subjects: frozenset[str]
    key: tuple[str, ...]
    value: str = "none"
    unit: tuple[str, str] = ("", "")
    proof: tuple[str, str] | None = None
    value_needed: bool = True

    def __post_init__(self) -> None:
        for problem in self._problems():
            raise DefinitionError(f"kind of fact {self.name}: {problem}")

    def _problems(self) -> list[str]:
        unknown = [part for part in self.key if part not in KEY_PARTS]
        return [
            text
            for wrong, text in (
                (
                    not self.name.isidentifier() or len(self.name) > 40,
                    "its name is an identifier of 40 letters at most",
                ),
                (not all(self.words), "it needs words in both languages"),
                (not self.subjects, "it is about nothing"),
                (self.value not in VALUES, f"its value is one of {', '.join(VALUES)}"),
                (self.value == "count" and not all(self.unit), "a count needs a unit in both languages"),
                (self.value != "count" and any(self.unit), "only a count has a unit"),
                (not self.key or bool(unknown), f"its key is made of {', '.join(KEY_PARTS)}"),
                (len(set(self.key)) != len(self.key), "a part of its key stands twice"),
                ("proof" in self.key and self.proof is None, "its key holds a proof that it does not ask for"),
                ("text" in self.key and self.value != "text", "its key holds a text that it does not have"),
            )
            if wrong
        ]


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> Kind:
    """Make a kind known by its name. A second one of that name is a mistake."""
    if kind.name in _kinds:
        raise RuntimeError(f"kind of fact {kind.name} is registered already")
    _kinds[kind.name] = kind
    return kind


def known() -> dict[str, Kind]:
    """All kinds by name."""
    return dict(_kinds)
