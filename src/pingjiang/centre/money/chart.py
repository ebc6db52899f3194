"""The chart of accounts, as data."""

from __future__ import annotations

from dataclasses import dataclass

from pingjiang.centre.casework.workflow import Refused
from pingjiang.definitions import shipped
from pingjiang.errors import DefinitionError

# Kind of account → words; debit grows the first two.
KINDS: dict[str, tuple[str, str]] = {
    "asset": ("资产", "Asset"),
    "expense": ("费用", "Expense"),
    "liability": ("负债", "Liability"),
    "equity": ("净资产", "Equity"),
    "income": ("收入", "Income"),
}
DEBIT_KINDS = ("asset", "expense")


@dataclass(frozen=True)
class Purpose:
    """What an account is for: name, kind, words (zh, en), whether it may be overdrawn."""

    name: str
    kind: str
    words: tuple[str, str]
    overdraw: bool


def purpose(name: str) -> Purpose:
    """A purpose by its name. Refused for one that is not in the chart."""
    found = CHART.get(name)
    if found is None:
        raise Refused("purpose", f"科目表里没有“{name}”", f"there is no '{name}' in the chart of accounts")
    return found


def _read() -> dict[str, Purpose]:
    found = {}
    for name, row in shipped("pingjiang.centre.money", "chart.yaml").items():
        if set(row) != {"kind", "zh", "en", "overdraw"} or row["kind"] not in KINDS:
            raise DefinitionError(f"chart.yaml: {name!r} needs kind ({', '.join(KINDS)}), zh, en and overdraw")
        found[name] = Purpose(name, row["kind"], (row["zh"], row["en"]), bool(row["overdraw"]))
    return found


CHART = _read()
