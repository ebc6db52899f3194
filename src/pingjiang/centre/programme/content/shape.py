"""What a section holds: texts, lists of texts and rows of them, nested; and the same as the flat names of a form.

    {"rows": [{"task": "…"}], "amount": {"data": {"city": "1.00"}}}
    rows-0-task, amount-data-city

Texts are kept as they were typed: nothing typed is lost, whatever a rule will say of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Content = dict[str, Any]
Flat = dict[str, str | list[str]]
JOIN = "-"


def flatten(content: Mapping[str, Any]) -> Flat:
    """Name → text, or list of chosen texts."""
    return dict(_leaves(content, ""))


def _leaves(value: object, path: str) -> Iterator[tuple[str, str | list[str]]]:
    if isinstance(value, Mapping):
        for key, each in value.items():
            yield from _leaves(each, f"{path}{JOIN}{key}" if path else key)
    elif isinstance(value, list) and value and isinstance(value[0], Mapping):
        for number, each in enumerate(value):
            yield from _leaves(each, f"{path}{JOIN}{number}")
    elif isinstance(value, list):
        yield path, [str(each) for each in value]
    else:
        yield path, str(value)


def build(flat: Mapping[str, str | list[str]]) -> Content:
    """The other way. What is empty is left out, and so are rows of which all is: two that differ in nothing typed are
    equal."""
    tree: Content = {}
    for name, value in flat.items():
        if not value or (isinstance(value, str) and not value.strip()):
            continue
        *way, last = name.split(JOIN)
        place = tree
        for part in way:
            place = place.setdefault(part, {})
        place[last] = value
    found = _listed(tree)
    assert isinstance(found, dict)
    return found


def _listed(value: Any) -> Any:
    """Mappings by number become lists, closed up."""
    if not isinstance(value, dict):
        return value
    inner = {key: _listed(each) for key, each in value.items()}
    if inner and all(key.isdecimal() for key in inner):
        return [inner[key] for key in sorted(inner, key=int)]
    return inner


def cleaned(text: str) -> str:
    """A text as it is kept: one kind of line end, as browsers count it, and no NUL, which no database keeps."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")


def length(text: str) -> int:
    """Characters of a text as limits count them: Unicode code points, as Python and `[...text].length` count."""
    return len(cleaned(text))
