"""The fields of the query language, read from `fields.yaml`: which there are, what they hold, by which names."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from pingjiang import definitions
from pingjiang.errors import DefinitionError
from pingjiang.text import header_key

Kind = Literal["text", "name", "symbol", "number", "date", "integer", "code", "kind_code", "node"]
DEFAULT = "TIAB"  # of words that stand without a field
UNKNOWN = "unknown"  # a legal state: one may ask for it, but it is nothing known


@dataclass(frozen=True, slots=True)
class Field:
    """A field. `parts`: the fields that it asks, itself where it is not made of others."""

    name: str
    kind: Kind
    zh: str
    en: str
    also: tuple[str, ...]
    parts: tuple[str, ...]
    codes: str | None = None
    schemes: tuple[str, ...] = ()
    what: Literal["publication", "application"] | None = None

    @property
    def is_words(self) -> bool:
        """Whether it holds running text, in which words, phrases and proximity are found."""
        return self.kind in ("text", "name")


@cache
def load_fields() -> Mapping[str, Field]:
    """All fields by name, in the order of the file."""
    data: dict[str, dict[str, Any]] = definitions.shipped("pingjiang.query", "fields.yaml")
    lists = ("also", "parts", "schemes")
    return {
        name: Field(
            name=name,
            also=tuple(entry.get("also", ())),
            parts=tuple(entry.get("parts", (name,))),
            schemes=tuple(entry.get("schemes", ())),
            **{key: value for key, value in entry.items() if key not in lists},
        )
        for name, entry in data.items()
    }


@cache
def _by_any_name() -> Mapping[str, Field]:
    names: dict[str, Field] = {}
    for field in load_fields().values():
        for name in (field.name, field.zh, *field.also):
            if names.setdefault(header_key(name), field) is not field:
                raise DefinitionError(f"query/fields.yaml: {name!r} names two fields")
    return names


def find_field(name: str) -> Field | None:
    """The field of a name in either language, or None."""
    return _by_any_name().get(header_key(name))


def like(name: str) -> list[str]:
    """Names of fields that are spelled much like this one."""
    shown = {header_key(n): n for f in load_fields().values() for n in (*f.also, f.zh, f.name)}
    return [shown[key] for key in difflib.get_close_matches(header_key(name), shown, n=5, cutoff=0.5)]
