"""A table that tells of no patents but lists something else: codes of events, entries of a register.

Its spec names the table that its rows are for (`table`), and its fields are that table's columns.
"""

from __future__ import annotations

from collections.abc import Iterator

from pingjiang.engine import Session
from pingjiang.files import RawTable
from pingjiang.schema import Column, table
from pingjiang.sources.formats import NEEDED, Recognised
from pingjiang.sources.mapping import Mapper, literal, name, trimmed
from pingjiang.sources.reading import Cells, SaidRows, cells_of, portions, rejected_rows
from pingjiang.sources.receipt import FileReceipt


def read_listing(
    session: Session, raw: RawTable, found: Recognised, receipt: FileReceipt, place: str
) -> Iterator[SaidRows]:
    """Rows for the spec's own table, a portion at a time; one without what each must tell is rejected.

    Adds to `receipt`.
    """
    listing = found.format.table
    for batches in portions(raw):
        with session.scratch():
            cells, ragged, headers = cells_of(session, raw, batches)
            mapper = Mapper(found.format, found.mapping, headers)
            columns = ", ".join(_valued(column, mapper, receipt, place) for column in table(listing).columns)
            rows = session.materialise(f"select {columns} from cells", cells=cells)
            whole = " and ".join(f"r.{name(column)} is not null" for column in NEEDED.get(listing, ())) or "true"
            taken = session.materialise(f"select r.* from r where {whole}", r=rows)
            reject = session.materialise(_reject_sql(whole, receipt, place, ragged), r=rows)
            read, accepted = rows.count() + len(ragged), taken.count()
            receipt.rows_read += read
            receipt.accepted += accepted
            for reason, count in session.rows("select x.reason, count(*) from x group by x.reason", x=reject):
                receipt.rejected += count
                receipt.reasons[reason] = receipt.reasons.get(reason, 0) + count
            told = rejected_rows(session, Cells(cells, headers, ragged, read), reject)
            yield SaidRows({listing: taken, "reject": reject}, read, told, [])


def _valued(column: Column, mapper: Mapper, receipt: FileReceipt, place: str) -> str:
    """SQL: the value of a column of the listing, NULL where its cell cannot be read as its type."""
    match column.name:
        case "source_id":
            value = literal(receipt.source_id)
        case "source_row":
            value = f"{literal(place + ':')} || cells.row_number"
        case "row_number":
            value = "cells.row_number"
        case _ if column.type == "date":
            value = mapper.date(column.name)
        case _ if column.type == "integer":
            value = mapper.integer(column.name)
        case _:
            value = trimmed(mapper.cell(column.name))
    return f"cast({value} as {column.engine_type}) as {name(column.name)}"


def _reject_sql(whole: str, receipt: FileReceipt, place: str, ragged: list[tuple[int, str, str]]) -> str:
    torn = "".join(
        f" union all select {literal(receipt.source_id)}, {literal(f'{place}:{row}')}, {row}, {literal(reason)}, "
        f"cast(null as varchar), {literal(text[:200])}"
        for row, reason, text in ragged
    )
    return f"""
    select
      r.source_id, r.source_row, r.row_number, 'entry_incomplete' as reason, cast(null as varchar) as "column",
      cast(null as varchar) as "value"
    from r where not ({whole}){torn}
    """
