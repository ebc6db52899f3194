"""Whose word is taken where sources differ, field by field (`precedence.yaml`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

from pingjiang import definitions


@cache
def _order() -> tuple[tuple[str, ...], Mapping[str, tuple[str, ...]]]:
    data = definitions.shipped("pingjiang.identities", "precedence.yaml")
    return tuple(data["default"]), {field: tuple(order) for field, order in data["fields"].items()}


def formats_in_order(field: str) -> Sequence[str]:
    """Formats in the order in which their word on `field` is taken."""
    default, fields = _order()
    first = fields.get(field, ())
    return [*first, *(name for name in default if name not in first)]


def fields_with_own_order() -> frozenset[str]:
    """Fields whose order differs from the default."""
    return frozenset(_order()[1])


def rank_sql(field: str, column: str) -> str:
    """SQL: the rank of the format named in `column` for `field`; 0 comes first."""
    order = formats_in_order(field)
    whens = " ".join(f"when '{name}' then {rank}" for rank, name in enumerate(order))
    return f"case {column} {whens} else {len(order)} end"
