"""Dataclasses from plain data, as their annotations say, and back. Each refusal names the place and what stands there.

Numbers are whole or written in quotes: a float of YAML has lost what was written.
"""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

Shape = TypeVar("Shape")


class Misshapen(ValueError):
    """Data that is not of its shape: where, what is wrong, and what to do."""

    def __init__(self, place: str, wrong: str, remedy: str) -> None:
        self.place, self.wrong, self.remedy = place, wrong, remedy
        super().__init__(f"{place}: {wrong}")


@cache
def _hints(shape: type) -> Mapping[str, Any]:
    return get_type_hints(shape)


def read(shape: type[Shape], data: object, place: str) -> Shape:
    """A dataclass from a mapping. Misshapen where a key is missing, unknown, or holds another type."""
    if not isinstance(data, Mapping):
        raise Misshapen(place, f"{type(data).__name__} in place of a mapping", "write its keys, one a line")
    name = data.get("id")
    place = f"{place} {name}" if isinstance(name, str) else place
    kind: Any = shape
    fields = {field.name: field for field in dataclasses.fields(kind)}
    for key in data:
        if key not in fields:
            raise Misshapen(place, f"unknown key {key!r}", f"use one of: {', '.join(fields)}")
    values = {}
    for key, field in fields.items():
        if key in data:
            values[key] = _value(_hints(kind)[key], data[key], f"{place}, {key}")
        elif field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING:
            raise Misshapen(place, f"lacks {key!r}", f"add {key}")
    return shape(**values)


def _value(hint: Any, data: object, place: str) -> Any:
    """One value as its annotation says."""
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return _one_of(inner, data, place)
    if origin is Literal:
        if data not in inner:
            raise Misshapen(place, f"{data!r} is not known", f"use one of: {', '.join(inner)}")
        return data
    if origin is tuple:
        if not isinstance(data, Sequence) or isinstance(data, str):
            raise Misshapen(place, f"{data!r} is no list", "write a list")
        return tuple(_value(inner[0], each, place) for each in data)
    if origin is not None and issubclass(origin, Mapping):
        if not isinstance(data, Mapping):
            raise Misshapen(place, f"{data!r} is no mapping", "write its keys, one a line")
        return {str(key): _value(inner[1], each, f"{place} {key}") for key, each in data.items()}
    if dataclasses.is_dataclass(hint):
        return read(hint, data, place)  # type: ignore[arg-type]
    return _plain(hint, data, place)


def _one_of(hints: tuple[Any, ...], data: object, place: str) -> Any:
    """The first of several annotations that takes the value."""
    if data is None and type(None) in hints:
        return None
    left = [hint for hint in hints if hint is not type(None)]
    for hint in left[:-1]:
        try:
            return _value(hint, data, place)
        except Misshapen:
            continue
    return _value(left[-1], data, place)


def _plain(hint: Any, data: object, place: str) -> Any:
    """A text, number, truth value or day."""
    if hint is Decimal:
        return _decimal(data, place)
    # A truth value is a number to Python, and a day may be written in quotes by whoever dumps it.
    if type(data) is not hint:
        raise Misshapen(place, f"{data!r} is no {hint.__name__}", f"write a {hint.__name__}")
    if isinstance(data, str) and not data.strip():
        raise Misshapen(place, "is empty", "fill it in, or leave the key out")
    return data


def _decimal(data: object, place: str) -> Decimal:
    if isinstance(data, str) or type(data) is int:
        try:
            number = Decimal(data)
        except InvalidOperation:
            raise Misshapen(place, f"{data!r} is no number", "write a number") from None
        if number.is_finite():
            return number
    raise Misshapen(place, f"{data!r} is no exact number", 'write a whole number, or a decimal one in quotes: "0.5"')


def plain(thing: object) -> Any:
    """A dataclass as the plain data from which `read` makes the same again; what is left at its default is left out."""
    if dataclasses.is_dataclass(thing) and not isinstance(thing, type):
        return {
            field.name: plain(getattr(thing, field.name))
            for field in dataclasses.fields(thing)
            if not _is_default(field, getattr(thing, field.name))
        }
    if isinstance(thing, Mapping):
        return {key: plain(value) for key, value in thing.items()}
    if isinstance(thing, tuple):
        return [plain(each) for each in thing]
    if isinstance(thing, Decimal):
        return int(thing) if thing == thing.to_integral_value() else f"{thing:f}"
    if thing is None or isinstance(thing, str | int | date):
        return thing
    raise TypeError(f"{type(thing).__name__} has no plain form")


def _is_default(field: dataclasses.Field[Any], value: object) -> bool:
    if field.default is not dataclasses.MISSING:
        return bool(value == field.default)
    return field.default_factory is not dataclasses.MISSING and value == field.default_factory()
