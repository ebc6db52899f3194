"""The register of firms beside a release: what it says of one, where it differs, and whom of it no applicant is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from pingjiang.centre.evidence.kept import kept
from pingjiang.centre.evidence.opening import Opened
from pingjiang.centre.evidence.rows import EngineRows, dicts, text


@dataclass(frozen=True)
class Firm:
    """What the register says of a firm: its row, what entries of its year tell differently, and its nodes."""

    row: dict[str, Any]
    conflicts: list[dict[str, Any]]
    nodes: list[dict[str, Any]]


def firm(at: Opened, credit_code: str | None) -> Firm | None:
    """The firm of a credit code; None where the register does not know it."""
    if not credit_code:
        return None

    def made() -> Firm | None:
        code = text(credit_code)
        with at.session() as session:
            found = dicts(session, f"select f.* from register_firm f where f.credit_code = {code}")
            if not found:
                return None
            return Firm(
                found[0],
                dicts(session, f"select c.* from register_conflict c where c.credit_code = {code} order by c.field"),
                dicts(
                    session,
                    "select n.printed, n.node_id, c.name_zh, c.name_en from register_firm_node n "
                    f"left join chain_node c on c.node_id = n.node_id where n.credit_code = {code} order by n.printed",
                ),
            )

    return kept(at, ("firm", credit_code), made)


_LISTED = """
with applied as (
  select o.credit_code, min(o.organisation_id) as organisation_id from organisation o
  where o.credit_code is not null group by o.credit_code
)
select f.credit_code as pk, f.credit_code, f.name, f.former_names, f.kind, f.province, f.city, f.district,
  f.industry_code, f.year, f.entries, f.conflicts, f.source_row, a.organisation_id
from register_firm f left join applied a on a.credit_code = f.credit_code
"""


def listed(at: Opened) -> EngineRows:
    """All firms of the register, with the organisation that each one is where it is one that applied."""

    def made() -> pa.Table:
        with at.session() as session:
            return session.arrow(_LISTED)

    return EngineRows(at, kept(at, "register", made))
