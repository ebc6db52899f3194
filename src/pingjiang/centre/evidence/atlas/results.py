"""Rows of figures of a release under a filter, kept in memory for a while: a release never changes."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar, cast

from pingjiang.atlas import filtered
from pingjiang.atlas.filters import Basis, Filter
from pingjiang.centre.evidence.opening import Opened
from pingjiang.schema.units import Level

Rows = Sequence[Mapping[str, Any]]
T = TypeVar("T")
_MOST_ROWS = 200_000  # that a process keeps, of all figures together
_lock = threading.Lock()
_kept: OrderedDict[tuple[object, ...], tuple[object, int]] = OrderedDict()


def figures(at: Opened, names: Sequence[str], under: Filter) -> dict[str, Rows]:
    """The rows of these indicators, those that are not kept computed together."""
    found: dict[str, Rows] = {}
    missing: list[str] = []
    for name in names:
        rows = _get(_key(at, name, under))
        if rows is None:
            missing.append(name)
        else:
            found[name] = cast(Rows, rows)
    if missing:
        with at.session() as session:
            for name, table in filtered.run_filtered(session, missing, under).items():
                found[name] = _keep(_key(at, name, under), table.to_pylist(), table.num_rows)
    return found


def count(at: Opened, under: Filter) -> int:
    """How many things pass."""
    return _once(at, "count", under, lambda session: filtered.count(session, under))


def provinces(at: Opened, under: Filter, basis: Basis) -> Rows:
    """Things by province of China."""
    return _once(at, f"provinces {basis}", under, lambda session: filtered.provinces(session, under, basis))


def pairs(at: Opened, under: Filter, level: Level) -> Rows:
    """All pairs of joint applicants."""
    return _once(at, f"pairs {level}", under, lambda session: filtered.pairs(session, under, level))


def horizon(at: Opened) -> Mapping[str, Any]:
    """Cut-off and complete years of a release."""
    return _once(at, "horizon", None, lambda session: session.sql("select * from horizon").dicts()[0])


def chain(at: Opened) -> Rows:
    """The nodes of a release's chain, in order."""
    return _once(at, "chain", None, lambda session: session.sql("select * from chain_node").dicts(order_by="position"))


def organisation_names(at: Opened, ids: Sequence[str]) -> Mapping[str, str]:
    """The names of organisations, by id."""
    if not ids:
        return {}

    def asked(session: Any) -> Mapping[str, str]:
        return dict(filtered.names_of(session, ids))

    return _once(at, f"names {' '.join(sorted(ids))}", None, asked)


def follows_states(at: Opened) -> bool:
    """Whether any source tells of legal states."""
    return _once(at, "states", None, filtered.follows_states)


def forget() -> None:
    """Drop all that is kept; for tests."""
    with _lock:
        _kept.clear()


def _key(at: Opened, what: str, under: Filter | None) -> tuple[object, ...]:
    return (at.lake.folder, at.release.id, what, under)


def _once(at: Opened, what: str, under: Filter | None, make: Callable[[Any], T]) -> T:
    key = _key(at, what, under)
    found = _get(key)
    if found is None:
        with at.session() as session:
            made = make(session)
        return _keep(key, made, len(made) if isinstance(made, list) else 1)
    return cast(T, found)


def _get(key: tuple[object, ...]) -> object | None:
    with _lock:
        found = _kept.get(key)
        if found is None:
            return None
        _kept.move_to_end(key)
        return found[0]


def _keep(key: tuple[object, ...], value: T, rows: int) -> T:
    with _lock:
        _kept[key] = (value, rows + 1)
        _kept.move_to_end(key)
        while len(_kept) > 1 and sum(rows for _value, rows in _kept.values()) > _MOST_ROWS:
            _kept.popitem(last=False)
    return value
