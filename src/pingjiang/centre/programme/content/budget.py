"""A budget of lines and sources, reckoned in Decimal from what was typed. Amounts are in ten thousand yuan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pingjiang.centre.casework.workflow import Label
from pingjiang.centre.programme.content.numbers import Untyped, amount_of
from pingjiang.rulebook.policies import Named, Pack

ZERO = Decimal(0)
_TENTH = Decimal("0.1")


@dataclass(frozen=True)
class LineSum:
    """A line: what each source gives (None where what was typed is no amount), its sum, its share in percent."""

    line: Named
    amounts: Mapping[str, Decimal | None]
    total: Decimal
    share: Decimal | None


@dataclass(frozen=True)
class Reckoned:
    """A budget reckoned. `wrong`: flat name → why what stands there is no amount; those count as nothing."""

    lines: tuple[LineSum, ...]
    sources: tuple[Named, ...]
    sums: Mapping[str, Decimal]
    total: Decimal
    wrong: Mapping[str, Label]
    stated: bool  # whether anything was typed at all


def reckon(pack: Pack, content: Mapping[str, Any]) -> Reckoned:
    """What a budget comes to. Sums over lines and over sources are of the same cells, and therefore equal."""
    lines, sources = lines_of(pack), sources_of(pack)
    typed = content.get("amount", {})
    wrong: dict[str, Label] = {}
    cells = {line.id: _cells(line, sources, typed.get(line.id, {}), wrong) for line in lines}
    sums = {source.id: sum((cells[line.id][source.id] or ZERO for line in lines), ZERO) for source in sources}
    total = sum(sums.values(), ZERO)
    rows = []
    for line in lines:
        own = sum((each or ZERO for each in cells[line.id].values()), ZERO)
        share = (own * 100 / total).quantize(_TENTH) if total else None
        rows.append(LineSum(line, cells[line.id], own, share))
    return Reckoned(tuple(rows), sources, sums, total, wrong, bool(typed))


def lines_of(pack: Pack) -> tuple[Named, ...]:
    """The lines of a budget."""
    return pack.field(pack.budget.lines).options if pack.budget is not None else ()


def sources_of(pack: Pack) -> tuple[Named, ...]:
    """Where its money comes from."""
    return pack.field(pack.budget.sources).options if pack.budget is not None else ()


def _cells(
    line: Named, sources: tuple[Named, ...], typed: Mapping[str, str], wrong: dict[str, Label]
) -> dict[str, Decimal | None]:
    found: dict[str, Decimal | None] = {}
    for source in sources:
        try:
            found[source.id] = amount_of(typed.get(source.id, "")) or ZERO
        except Untyped as error:
            found[source.id] = None
            wrong[f"amount-{line.id}-{source.id}"] = (
                f"{line.zh}·{source.zh}：{error.words[0]}", f"{line.en}, {source.en}: {error.words[1]}",
            )  # fmt: skip
    return found
