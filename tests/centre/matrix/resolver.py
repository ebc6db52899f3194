"""Every URL of the site with the methods that its view takes, read from the resolver itself."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, get_type_hints

from django.urls import URLPattern, URLResolver, get_resolver

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


@dataclass(frozen=True)
class Place:
    """A URL: its name, the methods that it takes, and the names of what stands in it, with the type of each."""

    name: str
    methods: frozenset[str]
    kinds: dict[str, str]

    @property
    def is_api(self) -> bool:
        """Whether programs ask it."""
        return self.name.startswith("api:")


def places() -> dict[str, Place]:
    """All URLs by name. AssertionError where one has no name, or two have the same."""
    found: dict[str, Place] = {}
    for name, pattern, around in _walk(get_resolver(), (), {}):
        assert pattern.name, f"{pattern.pattern}: a URL without a name cannot stand in the matrix"
        assert name not in found, f"{name}: two URLs of one name"
        converters = {**around, **_standing(pattern)}
        kinds = {each: "int" if _is_number(how, pattern, each) else "str" for each, how in converters.items()}
        found[name] = Place(name, _methods(pattern), kinds)
    return found


def _walk(
    resolver: URLResolver, spaces: tuple[str, ...], around: dict[str, Any]
) -> Iterator[tuple[str, URLPattern, dict[str, Any]]]:
    """Name and pattern of each URL, and what stands in the addresses of the lists that it is in."""
    around = {**around, **_standing(resolver)}
    for each in resolver.url_patterns:
        if isinstance(each, URLResolver):
            yield from _walk(each, (*spaces, each.namespace) if each.namespace else spaces, around)
        else:
            yield ":".join((*spaces, each.name or "")), each, around


def _standing(pattern: URLPattern | URLResolver) -> dict[str, Any]:
    """What stands in an address by its name, each with its converter, or None."""
    return {name: pattern.pattern.converters.get(name) for name in pattern.pattern.regex.groupindex}


def _operation(pattern: URLPattern) -> Any:
    """The operation of the API behind a URL; None for a page."""
    if isinstance(pattern.callback, functools.partial):
        return None
    view: Any = inspect.getclosurevars(inspect.unwrap(pattern.callback)).nonlocals.get("self")
    if not hasattr(view, "operations"):
        return None
    names = {getattr(each, "url_name", "") or each.view_func.__name__: each for each in view.operations}
    return names[str(pattern.name)]


def _methods(pattern: URLPattern) -> frozenset[str]:
    """Of an operation its own; of a page what its decorators say, else GET and POST; of the API's description GET."""
    if (operation := _operation(pattern)) is not None:
        return frozenset(operation.methods)
    if isinstance(pattern.callback, functools.partial):
        return frozenset({"GET"})
    view: Any = pattern.callback
    while view is not None:
        said = inspect.getclosurevars(view).nonlocals.get("request_method_list")
        if said is not None:
            return frozenset(said) & frozenset(METHODS)
        view = getattr(view, "__wrapped__", None)
    return frozenset({"GET", "POST"})


def _is_number(converter: Any, pattern: URLPattern, name: str) -> bool:
    if type(converter).__name__ == "IntConverter":
        return True
    operation = _operation(pattern)
    return operation is not None and get_type_hints(operation.view_func).get(name) is int
