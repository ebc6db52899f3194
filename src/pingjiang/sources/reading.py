"""One table of a file becomes rows of `record`, `reject` and `doubt`, with a receipt that adds up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pyarrow as pa

from pingjiang.engine import Session, Table
from pingjiang.files import RawBatch, RawTable
from pingjiang.identifiers import ParsedNumbers, What, parse_many
from pingjiang.schema import table
from pingjiang.sources.formats import Recognised
from pingjiang.sources.mapping import Mapper, folded_number, in_future, is_patent_in_china, literal, name
from pingjiang.sources.receipt import DOUBT_COLUMNS, REASONS, REJECT_COLUMNS, FileReceipt
from pingjiang.text import header_key

_CHECKED = {
    "date": "date_unreadable",
    "integer": "integer_unreadable",
    "patent_type": "code_unknown",
    "standing": "code_unknown",
}
_KNOWN_COLUMNS = "key, content_hash, publication_id, authority, number, kind"
# Rows of a batch of cells: enough batches for all processors, each large enough to be worth a turn.
_BATCH_ROWS = 8_192
_PORTION_BYTES = 192 * 2**20  # of cells at a time
_ROW_BYTES = 2**8  # of a row, beside its cells: its number, and what is known and told of it
_BAD_ROW_BYTES = 2**10  # of a row that cannot be a record: its text, and what is told of it
_FEW_FILES = 4  # whose known records are looked up in the lake's files as they lie
_FEW_ROWS = 4_096
# Headers come without white space around: none can be called so.
ORDINAL = " ordinal"
_ORDINAL, _CAME_FROM = f'"{ORDINAL}"', '" came from"'


class Known:
    """What the lake, and the files before this one, already hold: keys and what was said of them."""

    def __init__(self, session: Session, record: Table | None, sources: Iterable[str] = (), *, files: int = 1) -> None:
        """`record`: all that was ever said in the lake; `sources`: ids of the files whose word still counts.

        `files`: how many are to be read. For few the lake's files are read as they lie, for many once.
        """
        self._session = session
        self._sources = session.from_arrow(pa.table({"source_id": pa.array(sorted(set(sources)), pa.string())}))
        self._forgotten = session.from_rows({"source_id": "VARCHAR"}, [])
        self._since = session.from_rows(dict.fromkeys(_KNOWN_COLUMNS.split(", "), "VARCHAR"), [])
        self._all = self._since
        if record is not None:
            narrow = record.sql(f"select self_.source_id, {_KNOWN_COLUMNS} from self_")
            self._all = session.sql(
                _ALL_KNOWN,
                said=narrow.materialise() if files > _FEW_FILES else narrow,
                sources=self._sources,
                forgotten=self._forgotten,
                since=self._since,
            )

    def forget(self, source_id: str) -> None:
        """A file is read anew: what it said before no longer counts."""
        self._session.append(self._forgotten, self._session.sql(f"select {literal(source_id)} as source_id"))

    def add(self, record: Table) -> None:
        """Count a table's stored records among the known from now on."""
        self._session.append(self._since, record.sql(f"select {_KNOWN_COLUMNS} from self_ where self_.stored"))

    def about(self, numbers: Table) -> Table:
        """Known rows (key, content_hash, publication_id, authority, number, kind) that bear on these numbers.

        `numbers`: p_id, p_authority, p_number, a_id. All others of the lake are passed over once, here.
        """
        return self._session.materialise(_ABOUT, known=self._all, numbers=numbers)


@dataclass(frozen=True)
class SaidRows:
    """What a table, or a batch of documents, said.

    tables      rows by the name of their table; `record` leaves out rows that repeat what the lake already holds
    rows_read   rows of the file that they were made of
    """

    tables: Mapping[str, Table]
    rows_read: int
    rejected_rows: list[dict[str, str | None]]  # the source's cells by header, then REJECT_COLUMNS
    doubtful_cells: list[dict[str, str | None]]  # DOUBT_COLUMNS


def read_table(
    session: Session, raw: RawTable, found: Recognised, known: Known, receipt: FileReceipt, place: str
) -> Iterator[SaidRows]:
    """Read one table, a portion at a time. `place` is the address without the row ('incopat:toyota.xlsx').

    Adds to `receipt`. Memory is bounded by the engine's limit and a portion; number parsing runs in Python on the
    number columns alone. A format's own SQL sees all rows of a table together.
    """
    for batches in portions(raw, whole=found.format.prepare is not None):
        with session.scratch():
            cells, ragged, headers = cells_of(session, raw, batches)
            prepared, mapper = _prepared(session, cells, headers, found)
            source = Cells(cells, headers, ragged, cells.count() + len(ragged))
            yield read_cells(session, source, prepared, mapper, found, known, receipt, place)


def portions(raw: RawTable, *, whole: bool = False) -> Iterator[list[RawBatch]]:
    """The batches of a table in portions of bounded size, at least one; or all of them at once."""
    portion: list[RawBatch] = []
    size = 0
    for batch in raw.batches():
        if portion and not whole and size > _PORTION_BYTES:
            yield portion
            portion, size = [], 0
        portion.append(batch)
        size += batch.data.nbytes + _ROW_BYTES * batch.data.num_rows + _BAD_ROW_BYTES * len(batch.ragged)
    yield portion


@dataclass(frozen=True)
class Cells:
    """What was read of a table or of a batch of documents.

    cells     row_number, and a column a header
    headers   those that a file of rejects shows
    ragged    (row, reason, text) of rows that cannot be records, beside `cells`
    rows      input records, the ragged ones among them
    """

    cells: Table
    headers: list[str]
    ragged: Sequence[tuple[int, str, str]]
    rows: int


def read_cells(
    session: Session,
    source: Cells,
    prepared: Table,
    mapper: Mapper,
    found: Recognised,
    known: Known,
    receipt: FileReceipt,
    place: str,
) -> SaidRows:
    """Cells become rows of `record`, `reject` and `doubt`. `prepared`: the cells as the format's own SQL made them."""
    ragged = source.ragged
    other_numbers = _other_numbers(session, prepared, mapper)
    prepared, mapper = _one_number_a_row(prepared, mapper)
    typed, numbers = _typed_and_numbers(session, prepared, mapper, found, few=source.rows <= _FEW_ROWS)
    about = known.about(numbers)
    told = session.materialise(_TOLD, typed=typed, numbers=numbers, known=about)
    bad = session.materialise(_BAD, told=told)
    record = session.materialise(_RECORD, told=told, known=about)
    reject = session.materialise(_reject_sql(receipt, found, place, ragged), bad=bad)
    doubt = session.materialise(
        _doubt_sql(receipt, found, mapper, place),
        typed=typed,
        told=told,
        bad=bad,
        other_numbers=other_numbers,
        cells=prepared,
    )
    _count(session, receipt, source, record, bad, doubt)
    stored = session.sql(_stored_sql(receipt, found, place), typed=typed, record=record)
    known.add(record)
    tables = {"record": stored, "reject": reject, "doubt": doubt}
    return SaidRows(tables, source.rows, rejected_rows(session, source, reject), doubtful_cells(session, doubt))


def _typed_and_numbers(
    session: Session, cells: Table, mapper: Mapper, found: Recognised, *, few: bool
) -> tuple[Table, Table]:
    """Wide rows, written once, here; and their numbers, parsed.

    All that follows works on numbers and keys, and meets the wide rows again at the end. Where there are many, the
    engine writes them while Python reads the numbers; where there are few, planning a query twice costs more.
    """
    if few:
        typed = session.materialise(_typed_sql(mapper), cells=cells)
        return typed, session.from_arrow(_parsed(session.arrow(_PRINTED, typed=typed), found))
    printed = session.arrow(_printed_sql(mapper), cells=cells)
    with ThreadPoolExecutor(1) as beside:
        writing = beside.submit(session.materialise, _typed_sql(mapper), cells=cells)
        parsed = _parsed(printed, found)
        typed = writing.result()
    return typed, session.from_arrow(parsed)


# -- cells -------------------------------------------------------------------------------------------


def cells_of(
    session: Session, raw: RawTable, batches: Sequence[RawBatch]
) -> tuple[Table, list[tuple[int, str, str]], list[str]]:
    """The table's cells as columns named by their headers (repeated headers: first non-empty cell).

    " ordinal" counts the rows from 1, in the order of the file.
    """
    parts: list[pa.Table] = []
    ragged: list[tuple[int, str, str]] = []
    for batch in batches:
        parts.append(batch.data.append_column("row_number", batch.row_numbers))
        ragged += [(row.row_number, row.reason, row.text) for row in batch.ragged]
    data = pa.concat_tables(parts)
    data = data.append_column(" ordinal", pa.array(range(1, data.num_rows + 1), pa.int64()))
    columns: dict[str, list[str]] = {}
    printed: dict[str, str] = {}
    for index in range(data.num_columns - 2):
        header = raw.header[index] if raw.header else f"#{index}"
        if header:
            # One column under one word, however it is written: 'Title' and 'TITLE' are one.
            columns.setdefault(header_key(header) or header, []).append(f"c{index}")
            printed.setdefault(header_key(header) or header, header)
    # A file of rejects that comes back has apostrophes before what a spreadsheet would take for a formula.
    guarded = REJECT_COLUMNS[0] in printed.values()
    picks = ", ".join(f"{_first(cells, guarded)} as {name(printed[header])}" for header, cells in columns.items())
    source = session.from_arrow(pa.Table.from_batches(data.to_batches(_BATCH_ROWS), data.schema))
    return source.sql(f"select self_.row_number, self_.{_ORDINAL}, {picks} from self_"), ragged, list(printed.values())


def _first(cells: Sequence[str], guarded: bool) -> str:
    """SQL: the first non-empty of these cells."""
    cell = f"coalesce({', '.join(cells)})"
    return f"regexp_replace({cell}, '^''([=+@\\t-])', '\\1')" if guarded else cell


def _prepared(session: Session, cells: Table, headers: list[str], found: Recognised) -> tuple[Table, Mapper]:
    """The cells after the format's own SQL, where it has some; and the mapper for its columns."""
    spec = found.format
    if spec.prepare is None:
        return cells, Mapper(spec, found.mapping, headers)
    missing = [header for header in spec.expects if header not in headers]
    extra = "".join(f", cast(null as varchar) as {name(header)}" for header in missing)
    raw = cells.sql(f"select self_.* exclude ({_ORDINAL}){extra} from self_")
    made_rows = session.materialise(spec.prepare, raw=raw)
    made = list(made_rows.columns())
    prepared = made_rows.sql(f"select self_.*, row_number() over () as {_ORDINAL} from self_").materialise()
    mapping = {
        **found.mapping,
        **{f: tuple(h for h in made if h in own) for f, own in _own_headers(found).items()},
    }
    return prepared, Mapper(spec, {f: cols for f, cols in mapping.items() if cols}, made)


# Columns made here from the numbers of a row. Headers come without white space around: none can be called so.
_PUBLICATION, _APPLICATION, _PUBLISHED = " publication", " application", " published"


def _one_number_a_row(cells: Table, mapper: Mapper) -> tuple[Table, Mapper]:
    """A row that holds the number of a grant beside that of the publication before it becomes two rows.

    A patent number is a grant's publication number, or in China the application's ("ZL…"): as it is written.
    """
    if not {"grant_publication_number", "patent_number"} & set(mapper.mapping):
        return cells, mapper
    publication, grant, patent = (
        mapper.number(field) for field in ("publication_number", "grant_publication_number", "patent_number")
    )
    published, granted = mapper.cell("publication_date"), mapper.cell("grant_date")
    same = f"{folded_number('s.publication')} = {folded_number('s.granted')}"
    made = cells.sql(f"""
    with numbers as (
      select
        cells.row_number, cells.{_ORDINAL}, {publication} as publication, {grant} as granted, {patent} as patent,
        {published} as published, {granted} as grant_day, {mapper.cell("application_number")} as application
      from self_ cells
    ), sorted_out as (
      select
        n.* exclude (application, patent, granted),
        coalesce(n.application, case when {is_patent_in_china("n.patent")} then n.patent end) as application,
        coalesce(n.granted, case when not {is_patent_in_china("n.patent")} then n.patent end) as granted
      from numbers n
    ), documents as (
      select
        s.*,
        list_filter([
          {{'nth': 1, 'number': s.publication, 'published': case when {same} then coalesce(s.published, s.grant_day)
            else s.published end}},
          {{'nth': 2, 'number': case when not coalesce({same}, false) then s.granted end,
            'published': case when s.publication is null then coalesce(s.grant_day, s.published) else s.grant_day end}}
        ], lambda document: document.number is not null) as several
      from sorted_out s
    ), rows as (
      select
        d.row_number, d.{_ORDINAL} as read_ordinal, d.application,
        unnest(case when len(d.several) > 0 then d.several
          else [{{'nth': 1, 'number': cast(null as varchar), 'published': d.published}}] end) as document
      from documents d
    )
    select
      self_.* exclude ({_ORDINAL}), row_number() over (order by r.read_ordinal, r.document.nth) as {_ORDINAL},
      r.document.number as {name(_PUBLICATION)}, r.document.published as {name(_PUBLISHED)},
      r.application as {name(_APPLICATION)}
    from self_ join rows r on r.read_ordinal = self_.{_ORDINAL}
    """).materialise()
    own = {"publication_number": _PUBLICATION, "publication_date": _PUBLISHED, "application_number": _APPLICATION}
    mapping = {field: headers for field, headers in mapper.mapping.items() if field not in _SORTED_OUT}
    return made, Mapper(mapper.spec, {**mapping, **{field: (header,) for field, header in own.items()}}, mapper.headers)


_SORTED_OUT = ("grant_publication_number", "patent_number", "kind")


def _other_numbers(session: Session, cells: Table, mapper: Mapper) -> Table:
    """Numbers (row_number, header, value) that the columns of one field tell beside the one that is taken."""
    other: list[tuple[int, str, str]] = []
    kinds: dict[str, What] = {"publication_number": "publication", "application_number": "application"}
    for field, what in kinds.items():
        headers = mapper.mapping.get(field, ())
        taken = mapper.cell(field)
        for header in headers[1:]:
            rows = session.rows(
                f"select cells.row_number, {taken}, {mapper.column(header)} from cells "
                f"where {folded_number(taken)} <> {folded_number(mapper.column(header))}",
                cells=cells,
            )
            first, second = (
                parse_many([row[at] for row in rows], what=what, authority=mapper.spec.authority) for at in (1, 2)
            )
            for at, (row_number, _, value) in enumerate(rows):
                same = (first.authority[at], first.number[at]) == (second.authority[at], second.number[at])
                kinds_differ = None not in (first.kind[at], second.kind[at]) and first.kind[at] != second.kind[at]
                if first.id[at] and second.id[at] and (not same or kinds_differ):
                    other.append((row_number, header, value))
    data = pa.table(
        {
            "row_number": pa.array([row for row, _, _ in other], pa.int64()),
            "header": pa.array([header for _, header, _ in other], pa.string()),
            "value": pa.array([value for _, _, value in other], pa.string()),
        }
    )
    return session.from_arrow(data)


def _own_headers(found: Recognised) -> dict[str, set[str]]:
    """Columns made by `prepare`: those that the format's fields name, and the parts of parties."""
    own = {field: set(words) for field, words in found.format.fields.items()}
    for part in ("inventor_city", "inventor_state", "inventor_country"):
        own.setdefault(part, set()).add(part)
    return {field: words | set(found.mapping.get(field, ())) for field, words in own.items()}


# -- typing and numbers ------------------------------------------------------------------------------


def _typed_sql(mapper: Mapper) -> str:
    """Typed fields with the hash of all of them, and beside them the text of those cells that may fail to be read."""
    columns = table("record").columns
    checked = "".join(
        f", {mapper.said(column)} as {name('said_' + column.name)}"
        for column in columns
        if column.field in _CHECKED and mapper.checks(column.name)
    )
    # A file of rejects that comes back tells where its rows stood first.
    came = REJECT_COLUMNS[0]
    checked += f", {f'cells.{name(came)}' if came in mapper.headers else 'cast(null as varchar)'} as {_CAME_FROM}"
    content = ", ".join(
        f"coalesce(cast(q.{name(column.name)} as varchar), chr(0))" for column in columns if column.field
    )
    return f"""
    select q.*, md5(concat_ws(chr(31), {content})) as content_hash
    from (select cells.row_number, cells.{_ORDINAL} as ordinal, {mapper.select_list()}{checked} from cells) q
    """


def _printed_sql(mapper: Mapper) -> str:
    """Numbers as printed, with the years that tell ambiguous ones apart."""
    columns = {column.name: mapper.typed(column) for column in table("record").columns if column.field}
    return f"""
    select
      cells.{_ORDINAL} as ordinal, {columns["publication_number"]} as publication,
      year({columns["publication_date"]}) as publication_year,
      {columns["application_number"]} as application, year({columns["filing_date"]}) as application_year
    from cells
    """


_PRINTED = """
select
  t.ordinal, t.publication_number as publication, year(t.publication_date) as publication_year,
  t.application_number as application, year(t.filing_date) as application_year
from typed t
"""


def _parsed(printed: pa.Table, found: Recognised) -> pa.Table:
    """Publication and application numbers, parsed: columns p_… and a_… by `ordinal`."""
    columns: dict[str, pa.ChunkedArray | pa.Array] = {"ordinal": printed["ordinal"]}
    kinds: tuple[What, What] = ("publication", "application")
    for what in kinds:
        parsed = parse_many(
            printed[what].to_pylist(),
            what=what,
            authority=found.format.authority,
            year=printed[f"{what}_year"].to_pylist(),
        )
        columns |= {f"{what[0]}_{key}": column for key, column in _arrow_columns(parsed).items()}
    return pa.table(columns)


def _arrow_columns(parsed: ParsedNumbers) -> dict[str, pa.Array]:
    keys = ("id", "authority", "number", "kind", "warnings", "error")
    return {key: pa.array(getattr(parsed, key), type=pa.string()) for key in keys}


# What the lake held, of the files whose word still counts, and what this import added.
_ALL_KNOWN = f"""
select {_KNOWN_COLUMNS}
from said
where said.source_id in (select s.source_id from sources s)
  and said.source_id not in (select f.source_id from forgotten f)
union all
select * from since
"""

_ABOUT = """
select k.*
from known k
where k.key in (select n.p_id from numbers n where n.p_id is not null)
   or k.key in (select n.a_id from numbers n where n.a_id is not null)
   or (k.authority, k.number) in (select (n.p_authority, n.p_number) from numbers n where n.p_number is not null)
"""

# A number without its kind code means the one document known under it, where there is just one.
_TOLD = """
with sole as (
  select k.authority, k.number, min(k.publication_id) as publication_id, min(k.kind) as kind
  from known k
  where k.kind is not null
  group by k.authority, k.number
  having count(distinct k.publication_id) = 1
)
select
  t.ordinal, t.row_number, t.content_hash, t.publication_number, t.application_number, t.publication_date,
  n.* exclude (ordinal),
  case when n.p_kind is null then coalesce(s.publication_id, n.p_id) else n.p_id end as publication_id,
  coalesce(n.p_kind, s.kind) as found_kind,
  coalesce(case when n.p_kind is null then s.publication_id end, n.p_id, n.a_id) as key,
  case
    when n.p_error = 'spreadsheet_number' or n.a_error = 'spreadsheet_number' then 'spreadsheet_number'
    when n.p_id is null and n.p_error <> 'empty'
      then case when n.p_error = 'no_authority' then 'no_authority' else 'number_unreadable' end
    when n.p_id is null and n.a_error = 'empty' then 'no_number'
    when n.p_id is null and n.a_id is null
      then case when n.a_error = 'no_authority' then 'no_authority' else 'number_unreadable' end
  end as reason
from typed t
join numbers n on n.ordinal = t.ordinal
left join sole s on n.p_kind is null and s.authority = n.p_authority and s.number = n.p_number
"""

# An input row is rejected where none of the documents that it holds can be taken.
_BAD = """
select
  t.row_number,
  arg_min(t.reason, t.ordinal) as reason,
  arg_min(
    case
      when t.reason = 'no_number' then 'none'
      when t.reason = 'spreadsheet_number' and t.p_error is distinct from 'spreadsheet_number' then 'application_number'
      when t.p_error = 'empty' then 'application_number'
      else 'publication_number'
    end, t.ordinal) as field,
  arg_min(
    case
      when t.reason = 'spreadsheet_number' and t.p_error is distinct from 'spreadsheet_number' then t.application_number
      when t.p_error = 'empty' then t.application_number
      else t.publication_number
    end, t.ordinal) as value
from told t
group by t.row_number
having count(*) = count(t.reason)
"""


# Records with their key. `is_new`: the key was unknown; `stored`: says something that was not known of it.
_RECORD = """
with stated as (
  select
    t.ordinal, t.row_number, t.key, t.content_hash, t.publication_id, t.a_id as application_id,
    coalesce(t.p_authority, t.a_authority) as authority, t.p_number as number, t.found_kind as kind,
    t.publication_date
  from told t
  where t.reason is null
), numbered as (
  select
    s.*,
    row_number() over (partition by s.key order by s.ordinal) as nth,
    row_number() over (partition by s.key, s.content_hash order by s.ordinal) as nth_same
  from stated s
), known_keys as (
  select distinct k.key from known k
), known_content as (
  select distinct k.key, k.content_hash from known k
)
select
  n.* exclude (nth, nth_same),
  n.nth = 1 and kk.key is null as is_new,
  n.nth_same = 1 and kc.key is null as stored
from numbered n
left join known_keys kk on kk.key = n.key
left join known_content kc on kc.key = n.key and kc.content_hash = n.content_hash
"""


def _stored_sql(receipt: FileReceipt, found: Recognised, place: str) -> str:
    """The rows of `record` that are worth keeping, in schema order."""
    values = {
        "source_id": literal(receipt.source_id),
        "source_row": f"{literal(place + ':')} || r.row_number || coalesce(' (' || t.{_CAME_FROM} || ')', '')",
        "format": literal(found.format.name),
        "key_kind": "case when r.publication_id is null then 'application' else 'publication' end",
    }
    narrow = ("row_number", "key", "content_hash", "publication_id", "application_id", "authority", "number", "kind")
    values |= {column: f"r.{column}" for column in narrow}
    columns = ", ".join(
        f"cast({values.get(column.name, f't.{name(column.name)}')} as {column.engine_type}) as {name(column.name)}"
        for column in table("record").columns
    )
    return f"select {columns} from typed t join record r on r.ordinal = t.ordinal where r.stored"


# -- what could not be taken, or read ----------------------------------------------------------------


# A field → others whose columns may have told it.
_READ_AS = {
    "publication_number": ("grant_publication_number", "patent_number"),
    "application_number": ("patent_number", "publication_number"),
    "publication_date": ("grant_date",),
    "filing_date": ("application_number",),
}


def _header_case(found: Recognised, field: str) -> str:
    """SQL: the printed header of a field whose name stands in `field`."""
    printed = {f: headers[0] for f, headers in found.mapping.items()}
    for read_as, others in _READ_AS.items():
        for other in others:
            if other in printed:
                printed.setdefault(read_as, printed[other])
    whens = " ".join(f"when {literal(f)} then {literal(header)}" for f, header in sorted(printed.items()))
    return f"case {field} {whens} else {field} end" if whens else field


def _reject_sql(receipt: FileReceipt, found: Recognised, place: str, ragged: Sequence[tuple[int, str, str]]) -> str:
    rows = "".join(
        f" union all select {row}, {literal(reason)}, cast(null as varchar), {literal(text[:200])}"
        for row, reason, text in ragged
    )
    return f"""
    with bad_rows as (
      select b.row_number, b.reason, case when b.field = 'none' then null else {_header_case(found, "b.field")} end
        as column_name, left(b.value, 200) as value
      from bad b{rows}
    )
    select
      {literal(receipt.source_id)} as source_id, {literal(place + ":")} || r.row_number as source_row,
      r.row_number, r.reason, r.column_name as "column", r.value
    from bad_rows r
    """


def _doubt_sql(receipt: FileReceipt, found: Recognised, mapper: Mapper, place: str) -> str:
    """Cells of taken rows that could not be read, or whose check digit does not fit."""
    parts = []
    for column in table("record").columns:
        reason = _CHECKED.get(column.field or "")
        if reason and mapper.checks(column.name):
            said = name("said_" + column.name)
            reason_sql = literal(reason)
            if column.field == "date":
                late = in_future(mapper.any_date(f"t.{said}"))
                reason_sql = f"case when {late} then 'date_in_future' else {reason_sql} end"
            parts.append(
                f"select t.row_number, {reason_sql} as reason, {literal(column.name)} as field, "
                f"t.{said} as value from typed t where t.{said} is not null and t.{name(column.name)} is null"
            )
    parts += [
        "select t.row_number, 'dates_out_of_order', 'filing_date', cast(t.filing_date as varchar) from typed t "
        "where t.filing_date > t.publication_date",
        "select t.row_number, 'check_digit', 'application_number', t.application_number from told t "
        "where contains(t.a_warnings, 'check_digit')",
        "select t.row_number, 'application_unreadable', 'application_number', t.application_number from told t "
        "where t.reason is null and t.a_error <> 'empty' and t.a_id is null",
        "select t.row_number, 'publication_unreadable', 'publication_number', t.publication_number from told t "
        "where t.reason is not null",
        "select o.row_number, 'numbers_differ', o.header, o.value from other_numbers o",
    ]
    if (year := mapper.year_beside()) is not None:
        parts.append(
            f"select cells.row_number, 'year_differs', 'publication_date', {mapper.cell('publication_date')} "
            f"from cells where year({mapper.date('publication_date')}) <> {year}"
        )
    return f"""
    with found_cells(row_number, reason, field, value) as ({" union all ".join(parts)})
    select distinct
      {literal(receipt.source_id)} as source_id, {literal(place + ":")} || f.row_number as source_row,
      f.row_number, f.reason, {_header_case(found, "f.field")} as "column", left(f.value, 200) as value
    from found_cells f
    anti join bad b on b.row_number = f.row_number
    """


# -- counting ----------------------------------------------------------------------------------------


def _count(
    session: Session,
    receipt: FileReceipt,
    source: Cells,
    record: Table,
    bad: Table,
    doubt: Table,
) -> None:
    """Add this table's rows to the receipt. Every input row counts once."""
    accepted, merged, written, changed, unchanged = session.rows(
        """
        with input_rows as (
          select r.row_number, bool_or(r.is_new) as is_new, bool_or(r.stored) as stored from r group by r.row_number
        )
        select
          count(*) filter (where i.is_new), count(*) filter (where not i.is_new),
          (select count(distinct r.publication_id) from r where r.is_new),
          count(*) filter (where not i.is_new and i.stored), count(*) filter (where not i.is_new and not i.stored)
        from input_rows i
        """,
        r=record,
    )[0]
    receipt.rows_read += source.rows
    receipt.accepted += accepted
    receipt.merged += merged
    receipt.publications_written += written
    receipt.changed += changed
    receipt.unchanged += unchanged
    for reason, count in session.rows("select b.reason, count(*) from b group by b.reason order by 1", b=bad):
        receipt.rejected += count
        receipt.reasons[reason] = receipt.reasons.get(reason, 0) + count
    for _, reason, _ in source.ragged:
        receipt.rejected += 1
        receipt.reasons[reason] = receipt.reasons.get(reason, 0) + 1
    for reason, count in session.rows("select d.reason, count(*) from d group by d.reason order by 1", d=doubt):
        receipt.doubts[reason] = receipt.doubts.get(reason, 0) + count
    latest = session.rows("select max(r.publication_date) from r", r=record)[0][0]
    if latest is not None:
        receipt.cutoff = max(receipt.cutoff or "", latest.isoformat())


def doubtful_cells(session: Session, doubt: Table) -> list[dict[str, str | None]]:
    """The cells in doubt, for the file of doubts."""
    rows = session.rows(
        'select d.source_row, d."column", d.value, d.reason from d order by d.row_number, d."column", d.reason', d=doubt
    )
    return [dict(zip(DOUBT_COLUMNS, (*row, " · ".join(REASONS[row[-1]])), strict=True)) for row in rows]


def rejected_rows(session: Session, source: Cells, reject: Table) -> list[dict[str, str | None]]:
    """The rejected rows with the source's own cells, for the file of rejects. A torn row's text stands first."""
    headers = source.headers
    picks = "".join(f"c.{name(header)}, " for header in headers)
    rows = session.rows(
        f'select {picks} r.source_row, r.reason, r."column" from r left join c on c.row_number = r.row_number '
        "order by r.row_number",
        r=reject,
        c=source.cells,
    )
    texts = {row: text for row, _, text in source.ragged}
    told: list[dict[str, str | None]] = []
    for *own, address, reason, column in rows:
        row = {header: None if cell is None else str(cell) for header, cell in zip(headers, own, strict=True)}
        torn = texts.get(int(address.rpartition(":")[2]))
        if torn is not None and headers:
            row[headers[0]] = torn
        explanation = " · ".join(REASONS[reason])
        told.append({**row, **dict(zip(REJECT_COLUMNS, (address, reason, column, explanation), strict=True))})
    return told
