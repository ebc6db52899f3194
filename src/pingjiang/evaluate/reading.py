"""Reading labelled files and the names that sample files print."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa

from pingjiang import pipeline
from pingjiang.chain.tree import load as load_chain
from pingjiang.config import Settings
from pingjiang.engine import Lake, Session, Table
from pingjiang.errors import InputRefused
from pingjiang.files import KnownNames, RawTable, open_file
from pingjiang.text import header_key


def read_labelled(session: Session, path: Path, columns: Sequence[str], settings: Settings) -> Table:
    """These columns of a labelled file, as text, with row_number as a spreadsheet shows it. An empty cell is null.

    InputRefused where one of them is missing, or a row has too few or too many cells.
    """
    wanted = {header_key(column): column for column in columns}
    known = KnownNames(headers=lambda cells: sum(header_key(cell) in wanted for cell in cells))
    tables = [part for part in open_file(path, known=known, settings=settings) if isinstance(part, RawTable)]
    for raw in tables:
        places = {wanted[key]: at for at, cell in enumerate(raw.header) if (key := header_key(cell)) in wanted}
        if len(places) == len(wanted):
            return _read(session, raw, {column: places[column] for column in columns})
    missing = ", ".join(columns)
    raise InputRefused(
        f"缺少列：应有 {missing}。",
        f"Columns are missing: it should have {missing}.",
        file=path.name,
        remedy=("请补上这些列，列名如上。", "Add these columns, by these names."),
    )


def _read(session: Session, raw: RawTable, places: dict[str, int]) -> Table:
    parts: list[pa.Table] = []
    for batch in raw.batches():
        for bad in batch.ragged:
            raise InputRefused(
                f"这一行不能读（{bad.reason}）。", f"This row cannot be read ({bad.reason}).", file=raw.file,
                row=bad.row_number, remedy=("请改正该行。", "Correct the row."),
            )  # fmt: skip
        data = {column: batch.data.column(f"c{at}") for column, at in places.items()}
        parts.append(pa.table({"row_number": batch.row_numbers, **data}))
    return session.from_arrow(pa.concat_tables(parts)).materialise()


@contextmanager
def imported(paths: Sequence[Path], settings: Settings) -> Iterator[Lake]:
    """A lake for the time being, with these files imported as any import does it."""
    with tempfile.TemporaryDirectory(prefix="pingjiang-evaluate-", dir=settings.temp_dir) as folder:
        lake = Lake(Path(folder) / "lake")
        pipeline.import_files(list(paths), lake)
        yield lake


def printed_applicants(session: Session, lake: Lake) -> Table:
    """Applicants as the files of a lake print them: (file, row_number, element, name, is_inventor).

    Lists are split by each format's rules, and `element` counts from 1. `is_inventor`: the same row names the
    applicant among its inventors.
    """
    record = lake.require_current().open(session, "record")["record"]
    return session.materialise(_APPLICANTS, record=record)


_APPLICANTS = """
with printed as (
  select
    r.source_row, list_transform(r.inventors, lambda party: party.name) as inventors,
    unnest(r.applicants).name as name, generate_subscripts(r.applicants, 1) as element
  from record r where r.applicants is not null
)
select
  regexp_extract(p.source_row, '^[^:]*:([^:!]*)', 1) as file,
  cast(regexp_extract(p.source_row, ':([0-9]+)[^:]*$', 1) as bigint) as row_number,
  p.element, p.name, coalesce(list_contains(p.inventors, p.name), false) as is_inventor
from printed p where p.name is not null and p.name <> ''
"""


def concluded_names(session: Session, lake: Lake) -> Table:
    """What a whole build concludes: (name, organisation_id, group_id), the most frequent one of each printed name."""
    pipeline.build(lake, load_chain(_ANY_CHAIN))
    tables = lake.require_current().open(session, "organisation_alias", "organisation")
    return session.materialise(
        """
        with chosen as (
          select
            a.name, arg_min(a.organisation_id, {'fewer': -a.mentions, 'id': a.organisation_id}) as organisation_id
          from a group by a.name
        )
        select c.name, c.organisation_id, o.group_id
        from chosen c join o on o.organisation_id = c.organisation_id
        """,
        a=tables["organisation_alias"],
        o=tables["organisation"],
    )


_ANY_CHAIN = "semiconductors"  # a build needs one, and organisations do not depend on it
