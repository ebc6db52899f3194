"""Rows of figures of a release under a filter, kept in memory for a while: a release never changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from pingjiang.atlas import filtered, networks
from pingjiang.atlas.filters import Basis, Filter
from pingjiang.centre.evidence.kept import keep, kept, peek
from pingjiang.centre.evidence.opening import Opened
from pingjiang.schema.units import Level

Rows = Sequence[Mapping[str, Any]]
T = TypeVar("T")


def figures(at: Opened, names: Sequence[str], under: Filter) -> dict[str, Rows]:
    """The rows of these indicators, those that are not kept computed together."""
    found: dict[str, Rows] = {}
    missing: list[str] = []
    for name in names:
        rows = peek(at, ("atlas", name, under))
        if rows is None:
            missing.append(name)
        else:
            found[name] = rows
    if missing:
        with at.session() as session:
            for name, table in filtered.run_filtered(session, missing, under).items():
                found[name] = keep(at, ("atlas", name, under), table.to_pylist())
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


def listed(at: Opened, under: Filter, offset: int, limit: int) -> Rows:
    """So many of the things that pass, from a place in their order."""
    what = f"listed {offset} {limit}"
    return _once(at, what, under, lambda session: filtered.listed(session, under, offset, limit))


def network(at: Opened, under: Filter, level: Level) -> networks.Drawn:
    """The network of joint applicants, laid out."""
    rows = pairs(at, under, level)
    return kept(
        at, ("atlas", "network", under, level), lambda: networks.lay_out(networks.pairs_of(rows), names=names_in(rows))
    )


def names_in(pairs: Rows) -> dict[str, str]:
    """The names of the organisations of pairs."""
    return {row[f"organisation_id_{end}"]: row[f"organisation_{end}"] for row in pairs for end in "ab"}


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


def _once(at: Opened, what: str, under: Filter | None, ask: Callable[[Any], T]) -> T:
    def made() -> T:
        with at.session() as session:
            return ask(session)

    return kept(at, ("atlas", what, under), made)
