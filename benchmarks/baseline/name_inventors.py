"""The opponent: one name as printed is one person."""

from __future__ import annotations

from pingjiang.engine import Session, Table


def by_name(session: Session, mention: Table, _document: Table) -> Table:
    """(mention_id, cluster)."""
    return session.materialise("select m.mention_id, m.name as cluster from m", m=mention)
