"""What is measured: names linked by the program, by the plain baseline, and by Splink as it comes."""

from __future__ import annotations

from collections.abc import Sequence

from pingjiang.engine import Session, Table
from pingjiang.engine.linkage import link_by_splink
from pingjiang.text import organisation_key_sql

SPLINK_DEFAULT = 0.95  # of its tutorial
SPLINK_THRESHOLDS = (0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9, SPLINK_DEFAULT, 0.99)


def fold_names(session: Session, names: Table) -> Table:
    """The baseline: `names` (name, …) → (name, organisation_id, group_id), one where names are equal after folding."""
    return session.materialise(
        f"""
        with folded as (select distinct n.name, {organisation_key_sql("n.name")} as folded from n)
        select
          f.name, nullif(f.folded, '') as organisation_id, nullif(f.folded, '') as group_id
        from folded f
        """,
        n=names,
    )


def by_splink(session: Session, names: Table, thresholds: Sequence[float] = SPLINK_THRESHOLDS) -> Table:
    """`names` (name, …) → (threshold, name, cluster) by Splink, of the names as the baseline folds them."""
    return link_by_splink(
        session,
        session.materialise(
            f"""
            with folded as (select distinct n.name, {organisation_key_sql("n.name")} as folded from n)
            select
              f.name, split_part(f.folded, ' ', 1) as first,
              nullif(trim(substr(f.folded, length(split_part(f.folded, ' ', 1)) + 1)), '') as rest
            from folded f where f.folded <> ''
            """,
            n=names,
        ),
        thresholds,
    )
