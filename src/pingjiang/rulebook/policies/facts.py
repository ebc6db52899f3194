"""Facts as a pack's fields want them: types and units are checked, nothing is converted silently.

None is unknown, and so is a fact that is not given. An empty text or list is known to be empty.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping, Sequence, Set
from decimal import Decimal

from pingjiang.errors import FactRefused
from pingjiang.rulebook.policies.model import Field, Named, Pack
from pingjiang.rulebook.policies.units import UNITS, Quantity, convert, shown

# What a fact is once it was read: texts and options stay texts, numbers are Decimal in the unit of their field.
Part = Mapping[str, str | Decimal]
Known = Decimal | bool | str | tuple[str, ...] | Part | tuple[Part, ...]
Facts = Mapping[str, object]
_NEVER_BELOW_ZERO = ("yuan", "month", "body", "item", "person", "rank")


def read_facts(pack: Pack, facts: Facts) -> dict[str, Known]:
    """The facts that are known, by field. FactRefused names the field, what was given, and what is wanted."""
    fields = {field.id: field for field in pack.fields}
    known: dict[str, Known] = {}
    for name, value in facts.items():
        if name not in fields:
            near = difflib.get_close_matches(name, fields, n=1)
            raise FactRefused(
                f"政策包“{pack.zh}”没有数据项“{name}”。",
                f"The policy {pack.id} asks for no {name!r}.",
                remedy=(
                    f"用“{near[0]}”。" if near else f"可用：{'、'.join(fields)}。",
                    f"Use {near[0]!r}." if near else f"Use one of: {', '.join(fields)}.",
                ),
            )
        if value is not None:
            known[name] = read_fact(fields[name], value)
    return known


def read_fact(field: Field, value: object) -> Known:
    """One fact as its field wants it."""
    return _READERS[field.type](field, value)


def _refused(field: Field, value: object, zh: str, en: str) -> FactRefused:
    return FactRefused(
        f"“{field.zh}”不能是 {value!r}（{type(value).__name__}）。",
        f"{field.en} ({field.id}) cannot be {value!r} ({type(value).__name__}).",
        remedy=(zh, en),
    )


def _number(field: Field, value: object) -> Decimal:
    """A whole number or a Decimal, bare or with its unit; a float has lost digits and is refused."""
    unit = UNITS[field.unit or "ratio"]
    given = value
    if isinstance(value, Quantity):
        told, given = value.unit, value.value
    else:
        told = unit.id
    if isinstance(given, bool) or not isinstance(given, int | Decimal) or not Decimal(given).is_finite():
        raise _refused(
            field,
            value,
            f"给出整数或 Decimal，单位为{unit.zh or '（无）'}；不接受浮点数和文字。",
            f"Give an int or a Decimal in {unit.en or 'no unit'}; no float and no text.",
        )
    number = convert(Decimal(given), told, unit.id)
    if number is None:
        raise _refused(
            field, value, f"单位应为{unit.zh}或可换算的单位。", f"Give it in {unit.en}, or a unit of the same measure."
        )
    if number < 0 and unit.base in _NEVER_BELOW_ZERO:
        raise _refused(field, value, "不能小于零。", "It is never below zero.")
    return number


def _count(field: Field, value: object) -> Decimal:
    number = _number(field, value)
    if number != number.to_integral_value():
        raise _refused(field, value, "应为整数。", "Give a whole number.")
    return number


def _flag(field: Field, value: object) -> bool:
    if not isinstance(value, bool):
        raise _refused(field, value, "给出 True 或 False。", "Give True or False.")
    return value


def _text(field: Field, value: object) -> str:
    if not isinstance(value, str):
        raise _refused(field, value, "给出文字。", "Give a text.")
    return value.strip()


def _choice(field: Field, value: object) -> str:
    options = [option.id for option in field.options]
    if not isinstance(value, str) or value not in options:
        raise _refused(field, value, f"可选：{'、'.join(options)}。", f"Use one of: {', '.join(options)}.")
    return value


def _list(field: Field, value: object) -> Sequence[object]:
    if isinstance(value, str | Mapping) or not isinstance(value, Sequence | Set):
        raise _refused(field, value, "给出列表。", "Give a list.")
    return sorted(value, key=repr) if isinstance(value, Set) else value


def _texts(field: Field, value: object) -> tuple[str, ...]:
    return tuple(text for each in _list(field, value) if (text := _text(field, each)))


def _choices(field: Field, value: object) -> tuple[str, ...]:
    given = {_choice(field, each) for each in _list(field, value)}
    return tuple(option.id for option in field.options if option.id in given)


def _order(field: Field, value: object) -> tuple[str, ...]:
    return tuple(_choice(field, each) for each in _list(field, value))


def _document(field: Field, value: object) -> Part:
    """The parts that are filled in. A part may be a text, a whole number or a Decimal."""
    parts = [part.id for part in field.parts]
    wanted = (f"给出各部分：{'、'.join(parts)}。", f"Give its parts: {', '.join(parts)}.")
    if not isinstance(value, Mapping) or not set(value) <= set(parts):
        raise _refused(field, value, *wanted)
    filled: dict[str, str | Decimal] = {}
    for name, each in value.items():
        if isinstance(each, bool) or not (each is None or isinstance(each, str | int | Decimal)):
            raise _refused(field, value, *wanted)
        if isinstance(each, str) and each.strip():
            filled[name] = each.strip()
        elif isinstance(each, int | Decimal):
            filled[name] = Decimal(each)
    return filled


def _entries(field: Field, value: object) -> tuple[Part, ...]:
    return tuple(_document(field, each) for each in _list(field, value))


def _amounts(field: Field, value: object) -> Part:
    """Money by option; what is not named is zero."""
    options = [option.id for option in field.options]
    if not isinstance(value, Mapping) or not set(value) <= set(options):
        raise _refused(field, value, f"按项给出金额：{'、'.join(options)}。", f"Give amounts by: {', '.join(options)}.")
    return {name: _number(field, each) for name, each in value.items()}


_READERS: Mapping[str, Callable[[Field, object], Known]] = {
    "number": _number,
    "count": _count,
    "flag": _flag,
    "choice": _choice,
    "choices": _choices,
    "text": _text,
    "texts": _texts,
    "document": _document,
    "entries": _entries,
    "amounts": _amounts,
    "order": _order,
}


def is_there(field: Field, value: Known) -> bool:
    """Whether a known fact holds anything: a text that says something, a document with all its parts."""
    if field.type == "document":
        return isinstance(value, Mapping) and all(part.id in value for part in field.parts)
    return bool(value) if not isinstance(value, Decimal | bool) else True


def show(field: Field, value: Known) -> tuple[str, str]:
    """A fact in Chinese and in English, as a message names it."""
    if isinstance(value, bool):
        return ("是", "yes") if value else ("否", "no")
    if isinstance(value, Decimal):
        return show_number(field, value)
    if isinstance(value, str):
        return _named(field.options, value) if field.type == "choice" else (value or "（空）", value or "(empty)")
    if isinstance(value, Mapping):
        return _show_parts(field, value)
    if field.type == "entries":
        return f"{len(value)} 项", f"{len(value)} entries"
    names = [_named(field.options, str(each)) for each in value]
    return "、".join(zh for zh, _ in names) or "（无）", ", ".join(en for _, en in names) or "(none)"


def show_number(field: Field, value: Decimal) -> tuple[str, str]:
    """A number of a field in the unit in which it is shown."""
    unit = field.unit or "ratio"
    into = field.shown_in or unit
    number = convert(value, unit, into)
    return shown(value, unit) if number is None else shown(number, into)


def _named(options: tuple[Named, ...], name: str) -> tuple[str, str]:
    return next(((option.zh, option.en) for option in options if option.id == name), (name, name))


def _show_parts(field: Field, value: Part) -> tuple[str, str]:
    if field.type == "amounts":
        return show_number(field, sum((Decimal(each) for each in value.values()), Decimal(0)))
    texts = [str(value[part.id]) for part in field.parts if part.id in value]
    return "，".join(texts) or "（空）", ", ".join(texts) or "(empty)"
