"""A register of firms and institutes (企业名录) becomes rows of `register_entry`, `reject` and `doubt`.

A row is taken where its unified social credit code has both check digits right and a name stands beside it. Cells
that cannot be read are unknown, and in doubt.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import pyarrow as pa

from pingjiang.engine import Session, Table
from pingjiang.files import RawTable
from pingjiang.identifiers import CreditCodeRefused, check_credit_code
from pingjiang.schema import table
from pingjiang.schema.codes import code_list
from pingjiang.sources.formats import Recognised
from pingjiang.sources.mapping import Mapper, literal, name
from pingjiang.sources.reading import ORDINAL, Cells, SaidRows, cells_of, doubtful_cells, portions, rejected_rows
from pingjiang.sources.receipt import FileReceipt

_SPREADSHEET_NUMBER = re.compile(r"\d(\.\d+)?[eE]\+?\d+")
# The longest first: 百万元 ends with 万元, and that with 元.
_UNITS = {"百万元": 10**6, "亿元": 10**8, "万元": 10**4, "千元": 10**3, "元": 1, "亿": 10**8, "万": 10**4}
_UNITS_IN_ENGLISH = {"10k yuan": 10**4, "yuan": 1}
_FIRST_YEAR = 1949
_ALSO_SEPARATES = "、"


class KnownFirms:
    """What the lake, and the files before this one, already hold of firms: credit codes and what was said of them."""

    def __init__(self, session: Session, entries: Table | None, sources: Iterable[str] = ()) -> None:
        """`entries`: all that was ever said in the lake; `sources`: ids of the files whose word still counts."""
        self._session = session
        counted = session.from_arrow(pa.table({"source_id": pa.array(sorted(set(sources)), pa.string())}))
        columns = dict.fromkeys(("source_id", "key", "content_hash"), "VARCHAR")
        self._rows = session.materialise(
            "select e.source_id, e.key, e.content_hash from e semi join c on c.source_id = e.source_id",
            e=entries if entries is not None else session.from_rows(columns, []),
            c=counted,
        )
        self._forgotten = session.from_rows({"source_id": "VARCHAR"}, [])

    def forget(self, source_id: str) -> None:
        """A file is read anew: what it said before no longer counts."""
        self._session.append(self._forgotten, self._session.sql(f"select {literal(source_id)} as source_id"))

    def add(self, entries: Table) -> None:
        """Count stored entries among the known from now on."""
        self._session.append(
            self._rows, entries.sql("select self_.source_id, self_.key, self_.content_hash from self_")
        )

    def rows(self) -> Table:
        """Known (key, content_hash)."""
        return self._session.sql(
            "select distinct k.key, k.content_hash from k anti join f on f.source_id = k.source_id",
            k=self._rows,
            f=self._forgotten,
        )


def read_register(
    session: Session, raw: RawTable, found: Recognised, known: KnownFirms, receipt: FileReceipt, place: str
) -> Iterator[SaidRows]:
    """Read a register, a portion at a time. Adds to `receipt`, as `read_table` does."""
    for batches in portions(raw, whole=False):
        with session.scratch():
            cells, ragged, headers = cells_of(session, raw, batches)
            source = Cells(cells, headers, ragged, cells.count() + len(ragged))
            yield _read(session, source, Mapper(found.format, found.mapping, headers), found, known, receipt, place)


def _read(
    session: Session,
    source: Cells,
    mapper: Mapper,
    found: Recognised,
    known: KnownFirms,
    receipt: FileReceipt,
    place: str,
) -> SaidRows:
    printed = session.materialise(_printed_sql(mapper), cells=source.cells)
    codes = session.mapped(session.sql(_CODES, p=printed), _codes)
    kinds = session.from_arrow(_words("organisation_kind"))
    typed = session.materialise(_TYPED, p=printed, codes=codes, kinds=kinds)
    entry = session.materialise(_ENTRY.format(content=_content()), typed=typed, known=known.rows())
    stored = session.materialise(_stored_sql(receipt, found, place), entry=entry)
    bad = session.materialise(_BAD, typed=typed)
    reject = session.materialise(_reject_sql(receipt, found, place, source), bad=bad)
    doubt = session.materialise(_doubt_sql(receipt, found, place), typed=typed)
    _count(session, receipt, source, entry, reject, doubt)
    known.add(stored)
    tables = {"register_entry": stored, "reject": reject, "doubt": doubt}
    return SaidRows(tables, source.rows, rejected_rows(session, source, reject), doubtful_cells(session, doubt))


# -- cells -------------------------------------------------------------------------------------------


def _printed_sql(mapper: Mapper) -> str:
    """The fields as texts, lists split; the unit of the header or of a column of its own."""
    plain = (
        "credit_code", "name", "address", "kind", "industry_code", "output", "staff", "year", "origin",
        "parent_name", "parent_credit_code", "parent_from", "parent_to",
    )  # fmt: skip
    picks = [f"{mapper.cell(field)} as {name(field)}" for field in plain]
    picks += [f"{_listed(mapper)} as former_names", f"{mapper.texts('chain_nodes')} as chain_nodes"]
    picks += [f"{mapper.date(field)} as {field}_day" for field in ("parent_from", "parent_to")]
    printed = " ".join(mapper.mapping.get("output", ())).lower()
    units = [word for word in (*_UNITS, *_UNITS_IN_ENGLISH) if word in printed]
    of_header = literal(units[0]) if units else "cast(null as varchar)"
    picks.append(f"coalesce({mapper.cell('output_unit')}, {of_header}) as unit")
    return f"select cells.row_number, cells.{name(ORDINAL)} as ordinal, {', '.join(picks)} from cells"


def _listed(mapper: Mapper) -> str:
    """Former names. They are parted by ideographic commas too, which names of nodes have inside."""
    entries = mapper.texts("former_names")
    parted = f"list_transform({entries}, lambda part: string_split(part, {literal(_ALSO_SEPARATES)}))"
    trimmed = f"list_transform(flatten({parted}), lambda part: trim(part))"
    return f"nullif(list_filter({trimmed}, lambda part: part <> ''), [])"


_CODES = """
select p.credit_code as printed from p union select p.parent_credit_code from p where p.parent_credit_code is not null
"""


def _codes(printed: pa.Table) -> pa.Table:
    """Printed credit codes with the code in its one form, or why it is none."""
    found: list[str | None] = []
    reasons: list[str | None] = []
    for text in printed["printed"].to_pylist():
        code, reason = None, None
        try:
            code = check_credit_code(text or "").code
        except CreditCodeRefused as refused:
            reason = "no_credit_code" if refused.code == "empty" else f"credit_code_{refused.code}"
            if text and _SPREADSHEET_NUMBER.fullmatch(text.strip()):
                reason = "spreadsheet_number"
        found.append(code)
        reasons.append(reason)
    printed = printed.append_column("code", pa.array(found, pa.string()))
    return printed.append_column("reason", pa.array(reasons, pa.string()))


def _words(codes: str) -> pa.Table:
    words = sorted(code_list(codes).items())
    return pa.table({"word": [word for word, _ in words], "code": [code for _, code in words]})


_FACTOR = " ".join(f"when '{unit}' then {factor}" for unit, factor in {**_UNITS, **_UNITS_IN_ENGLISH}.items())
_OF_CELL = "|".join(_UNITS)

# Amounts are exact: decimals, rounded to a yuan at the end.
_TYPED = f"""
with read as (
  select
    p.*,
    coalesce(c.reason, case when p.name is null then 'no_name' end) as reason,
    c.code,
    o.code as parent_code,
    k.code as kind_code,
    nullif(regexp_extract(upper(p.industry_code), '^([A-T]?[0-9]{{2,4}}|[A-T])([^0-9A-Z]|$)', 1), '') as industry,
    translate(regexp_replace(p.output, '[,， ]', '', 'g'), '０１２３４５６７８９．', '0123456789.') as amount,
    try_cast(regexp_replace(p.staff, '([.]0+$|[,，人名 ])', '', 'g') as bigint) as staff_number,
    try_cast(nullif(regexp_extract(p.year, '^((?:19|20)[0-9]{{2}})([^0-9]|$)', 1), '') as bigint) as year_number
  from p
  left join codes c on c.printed is not distinct from p.credit_code
  left join codes o on o.printed = p.parent_credit_code
  left join kinds k on k.word = lower(p.kind)
), measured as (
  select
    r.*,
    try_cast(nullif(regexp_extract(r.amount, '^(-?[0-9]+([.][0-9]+)?)({_OF_CELL})?$', 1), '') as decimal(28, 6))
      as number,
    case coalesce(nullif(regexp_extract(r.amount, '({_OF_CELL})$', 1), ''), lower(trim(r.unit)))
      {_FACTOR} end as factor
  from read r
)
select
  m.* exclude (number, factor),
  m.number is not null as is_amount,
  m.factor is not null as has_unit,
  try_cast(round(m.number * m.factor) as bigint) as yuan,
  case when m.year_number between {_FIRST_YEAR} and year(current_date) then m.year_number end as told_year
from measured m
"""

_VALUES = {
    "credit_code": "t.code", "name": "t.name", "former_names": "t.former_names", "address": "t.address",
    "kind": "t.kind_code", "industry_code": "t.industry", "output_yuan": "t.yuan",
    "output_printed": "t.output || coalesce(' ' || t.unit, '')",
    "staff": "case when t.staff_number >= 0 then t.staff_number end",
    "chain_nodes": "t.chain_nodes", "parent_name": "t.parent_name", "parent_credit_code": "t.parent_code",
    "parent_from": "t.parent_from_day", "parent_to": "t.parent_to_day", "year": "t.told_year", "origin": "t.origin",
}  # fmt: skip


def _content() -> str:
    said = [column.name for column in table("register_entry").columns if column.field]
    values = ", ".join(f"{_VALUES[column]} as {name(column)}" for column in said)
    hashed = ", ".join(f"coalesce(cast({_VALUES[column]} as varchar), chr(0))" for column in said)
    return f"{values}, md5(concat_ws(chr(31), {hashed})) as content_hash"


# Entries with their key. `is_new`: the firm was unknown; `stored`: says something that was not known of it.
_ENTRY = """
with told as (
  select t.row_number, t.ordinal, t.code as key, {content} from typed t where t.reason is null
), numbered as (
  select
    t.*,
    row_number() over (partition by t.key order by t.ordinal) as nth,
    row_number() over (partition by t.key, t.content_hash order by t.ordinal) as nth_same
  from told t
), firm as (
  select distinct k.key from known k
)
select
  n.* exclude (nth, nth_same),
  n.nth = 1 and f.key is null as is_new,
  n.nth_same = 1 and k.key is null as stored
from numbered n
left join firm f on f.key = n.key
left join known k on k.key = n.key and k.content_hash = n.content_hash
"""


def _stored_sql(receipt: FileReceipt, found: Recognised, place: str) -> str:
    values = {
        "source_id": literal(receipt.source_id),
        "source_row": f"{literal(place + ':')} || e.row_number",
        "format": literal(found.format.name),
    }
    columns = ", ".join(
        f"cast({values.get(column.name, f'e.{name(column.name)}')} as {column.engine_type}) as {name(column.name)}"
        for column in table("register_entry").columns
    )
    return f"select {columns} from entry e where e.stored"


# -- what could not be taken, or read ----------------------------------------------------------------

_BAD = """
select
  t.row_number, t.reason,
  case when t.reason = 'no_name' then 'name' else 'credit_code' end as field,
  case when t.reason <> 'no_name' then t.credit_code end as value
from typed t where t.reason is not null
"""


def _header(found: Recognised, field: str) -> str:
    """SQL: the printed header of the field that `field` names."""
    whens = " ".join(f"when {literal(f)} then {literal(headers[0])}" for f, headers in sorted(found.mapping.items()))
    return f"case {field} {whens} else {field} end"


def _reject_sql(receipt: FileReceipt, found: Recognised, place: str, source: Cells) -> str:
    torn = "".join(
        f" union all select {row}, {literal(reason)}, cast(null as varchar), {literal(text[:200])}"
        for row, reason, text in source.ragged
    )
    return f"""
    with bad_rows as (
      select b.row_number, b.reason, {_header(found, "b.field")} as column_name, left(b.value, 200) as value
      from bad b{torn}
    )
    select
      {literal(receipt.source_id)} as source_id, {literal(place + ":")} || r.row_number as source_row,
      r.row_number, r.reason, r.column_name as "column", r.value
    from bad_rows r
    """


_DOUBTS = {
    "kind": ("code_unknown", "t.kind is not null and t.kind_code is null"),
    "industry_code": ("industry_unreadable", "t.industry_code is not null and t.industry is null"),
    "staff": ("integer_unreadable", "t.staff is not null and (t.staff_number is null or t.staff_number < 0)"),
    "parent_credit_code": ("parent_code_unreadable", "t.parent_credit_code is not null and t.parent_code is null"),
    "parent_from": ("date_unreadable", "t.parent_from is not null and t.parent_from_day is null"),
    "parent_to": ("date_unreadable", "t.parent_to is not null and t.parent_to_day is null"),
    "year": ("year_unreadable", "t.year is not null and t.told_year is null"),
}


def _doubt_sql(receipt: FileReceipt, found: Recognised, place: str) -> str:
    parts = [
        f"select t.row_number, '{reason}' as reason, '{field}' as field, t.{name(field)} as value from typed t "
        f"where t.reason is null and {unread}"
        for field, (reason, unread) in _DOUBTS.items()
    ]
    parts.append(
        "select t.row_number, case when t.is_amount then 'amount_without_unit' else 'amount_unreadable' end, 'output', "
        "t.output from typed t where t.reason is null and t.output is not null and t.yuan is null"
    )
    return f"""
    with found_cells(row_number, reason, field, value) as ({" union all ".join(parts)})
    select
      {literal(receipt.source_id)} as source_id, {literal(place + ":")} || f.row_number as source_row,
      f.row_number, f.reason, {_header(found, "f.field")} as "column", left(f.value, 200) as value
    from found_cells f
    """


def _count(session: Session, receipt: FileReceipt, source: Cells, entry: Table, reject: Table, doubt: Table) -> None:
    """Add a portion's rows to the receipt: `accepted` brought a firm, `merged` spoke of one already there."""
    accepted, merged, changed, unchanged = session.rows(
        """
        select
          count(*) filter (where e.is_new), count(*) filter (where not e.is_new),
          count(*) filter (where not e.is_new and e.stored), count(*) filter (where not e.is_new and not e.stored)
        from e
        """,
        e=entry,
    )[0]
    receipt.rows_read += source.rows
    receipt.accepted += accepted
    receipt.merged += merged
    receipt.changed += changed
    receipt.unchanged += unchanged
    for reason, count in session.rows("select r.reason, count(*) from r group by r.reason order by 1", r=reject):
        receipt.rejected += count
        receipt.reasons[reason] = receipt.reasons.get(reason, 0) + count
    for reason, count in session.rows("select d.reason, count(*) from d group by d.reason order by 1", d=doubt):
        receipt.doubts[reason] = receipt.doubts.get(reason, 0) + count
