"""What an import changes, concluded at once: publications, applications, and how they are counted.

A build concludes everything from everything. An import of some thousand rows into a lake of a million changes little
of that, and the little is found by following what the conclusions of documents.py hang on: rows of one publication
number (authority and number, whatever the kind code), rows and publications of one application, and US applications
told by year that may be one told by series. All rows that can be reached so from the changed ones are concluded anew,
by the same code as in a build; the rest stands. Families, organisations, places, the chain and texts (abstracts, which
are most of what there is to read) wait for the next build.

The result lies beside the tables that were built, and `updated` puts the two together:

    superseded       (what, key): publications and applications whose rows no longer count
    publication, application, conflict, item, document_format
                     what takes their place. A publication has no abstracts here; an item that was counted before keeps
                     its number; the families of an application stay what they were, and are unknown where that is new
    unit_basis, coverage, horizon
                     whole

Each update contains those before it, back to the build.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pingjiang.engine import Session, Table
from pingjiang.identities.counting import conclude_items
from pingjiang.identities.documents import COMPARED, COMPARED_WITHIN_FORMAT, FIELDS, conclude_documents
from pingjiang.identities.horizon import conclude_document_formats, conclude_horizon
from pingjiang.identities.unit_basis import conclude_unit_basis
from pingjiang.schema import table

# Tables of which an update holds what is new, with the condition by which a built row (b) is superseded (s).
_LAYERED = {
    "publication": "s.what = 'publication' and s.key = b.publication_id",
    "application": "s.what = 'application' and s.key = b.application_id",
    # Conflicts of parties are found with the parties, at the next build.
    "conflict": "s.what = 'publication' and s.key = b.publication_id "
    f"and b.field in ({', '.join(repr(field) for field in (*COMPARED, *COMPARED_WITHIN_FORMAT))})",
    "document_format": "s.what = b.what and s.key = b.publication_id",
    "item": "s.what = b.unit and s.key = b.item_key",
}
_WHOLE = ("unit_basis", "coverage", "horizon")
UPDATED_TABLES = (*_LAYERED, *_WHOLE)
# US applications told by year; rules.md §1.1.
_BY_YEAR = r"length(r.application_id) >= 12 and regexp_matches(r.application_id, '^US(18|19|20)\d{8}[PF]?$')"
# What rows hang together by, as whole numbers: where two texts have one hash, rows too many are looked at.
_NUMBER = "case when r.number is not null then hash(r.authority || '/' || r.number) end"
_APPLICATION = """
  case when r.application_id is not null and not starts_with(r.application_id, 'publication:')
    then hash(r.application_id) end
"""
_LINK = f"""
select
  {_NUMBER} as number, {_APPLICATION} as application,
  case when starts_with(r.application_id, 'US')
    then hash(substr(r.application_id, case when {_BY_YEAR} then 7 else 5 end)) end as serial,
  r.key_kind = 'application' and {_BY_YEAR} as by_serial
from r
"""
_SPREAD = """
select l.number, l.application, l.serial from l semi join f on f.number = l.number
union
select l.number, l.application, l.serial from l semi join f on f.application = l.application
union
select l.number, l.application, l.serial from l semi join f on f.serial = l.serial where l.by_serial
union
select f.number, f.application, f.serial from f
"""

# What was counted before, looked at once: keys of items that are superseded, and of the others what is counted by.
_COUNTED_BEFORE = f"""
select
  b.item_id, b.unit, b.identified, b.filing_year, case when b.publication_id is not null then '' end as publication_id,
  s.key as superseded
from b left join s on {_LAYERED["item"]}
"""
_COUNTED_NOW = """
select c.unit, c.identified, c.filing_year, c.publication_id from c where c.superseded is null
union all
select u.unit, u.identified, u.filing_year, u.publication_id from u
"""

_TEXTS = ("abstract", "abstract_zh", "abstract_en")
# What documents.py reads of a record, without texts.
_READ = ", ".join(
    f"cast(null as varchar) as {name}" if name in _TEXTS else f"r.{name}"
    for name in (
        "source_row", "source_id", "format", "row_number", "key", "key_kind", "publication_id", "authority", "number",
        "kind", "standing", *FIELDS,
    )
)  # fmt: skip


def updated(built: Mapping[str, Table], updates: Mapping[str, Table]) -> dict[str, Table]:
    """The tables UPDATED_TABLES as they stand with the updates, as far as `built` has them; without texts."""
    whole = {name: updates.get(name, rows) for name, rows in built.items() if name in _WHOLE}
    return {**_layered(built, updates), **whole}


def _layered(built: Mapping[str, Table], updates: Mapping[str, Table]) -> dict[str, Table]:
    found = {}
    for name in _LAYERED.keys() & built.keys():
        kept, more = (", ".join(f"{of}.{column}" for column in _columns(name)) for of in ("b", "u"))
        text = f"select {kept} from b"
        if "superseded" not in updates:
            found[name] = built[name].session.sql(text, b=built[name])
            continue
        found[name] = built[name].session.sql(
            f"{text} anti join s on {_LAYERED[name]} union all select {more} from u",
            b=built[name],
            s=updates["superseded"],
            u=updates[name],
        )
    return found


def _columns(name: str) -> dict[str, str]:
    """The columns of an updated table, with their types."""
    return {column: type_ for column, type_ in table(name).engine_columns().items() if column not in _TEXTS}


def conclude_update(
    session: Session,
    record: Table,
    changed: Table,
    built: Mapping[str, Table],
    updates: Mapping[str, Table],
    imported: Sequence[str],
) -> dict[str, Table]:
    """The updates after an import, by name, from those before it (none right after a build).

    record    all rows that count now
    changed   rows that are new, or that count no longer
    imported  ids of the sources in the order of their import
    """
    before = _layered(built, updates)
    reach = _Reach(session, record, changed, before["publication"])
    while True:
        rows = reach.rows()
        documents = conclude_documents(session, rows, _in_order(rows, imported))
        if not reach.spread_from(documents.application):
            break
    superseded = reach.superseded(before["application"])
    application = session.materialise(
        "select a.*, f.family_id, f.extended_family_id from a left join f on f.application_id = a.application_id",
        a=documents.application,
        f=_of_superseded(before["application"], superseded, "application"),
    )
    counted = session.materialise(_COUNTED_BEFORE, b=before["item"], s=superseded)
    item = _items(session, documents.counted, application, counted)
    new = {
        "publication": documents.publication,
        "application": application,
        "conflict": documents.conflict,
        "document_format": conclude_document_formats(session, documents.said, documents.publication, item),
        "item": item,
    }
    updates = {
        "superseded": _together(updates, superseded),
        **{name: _beside_earlier(updates, name, _shaped(name, rows), superseded) for name, rows in new.items()},
    }
    now = session.sql(_COUNTED_NOW, c=counted, u=item)
    horizon = conclude_horizon(session, _layered(built, updates)["document_format"], now)
    return {
        **updates,
        "unit_basis": conclude_unit_basis(session, now),
        "coverage": horizon.coverage,
        "horizon": horizon.horizon,
    }


def _shaped(name: str, rows: Table) -> Table:
    columns = ", ".join(f"cast(self_.{column} as {type_}) as {column}" for column, type_ in _columns(name).items())
    return rows.sql(f"select {columns} from self_")


def _of_superseded(rows: Table, superseded: Table, name: str) -> Table:
    """Rows of table `name` that are superseded."""
    return rows.sql(f"select b.* from self_ b semi join s on {_LAYERED[name]}", s=superseded).materialise()


def _together(updates: Mapping[str, Table], superseded: Table) -> Table:
    """What is superseded now, and was before."""
    if "superseded" not in updates:
        return superseded
    return superseded.sql("select * from self_ union select * from earlier", earlier=updates["superseded"])


def _beside_earlier(updates: Mapping[str, Table], name: str, rows: Table, superseded: Table) -> Table:
    """Rows of an update with those of the one before it that still stand."""
    if name not in updates:
        return rows
    return updates[name].sql(
        f"select b.* from self_ b anti join s on {_LAYERED[name]} union all select r.* from r",
        s=superseded,
        r=rows,
    )


def _items(session: Session, counted: Table, application: Table, before: Table) -> Table:
    """Items of publications and applications: those of `before` under their numbers, new ones behind the last."""
    none = {name: session.from_rows(table(name).engine_columns(), []) for name in ("simple_family", "extended_family")}
    return session.materialise(
        """
        with known as (
          select c.unit, c.superseded, c.item_id from c where c.superseded is not null
        ), numbered as (
          select i.*, k.item_id as known_id, row_number() over (partition by k.item_id is null) as nth
          from i left join known k on k.unit = i.unit and k.superseded = i.item_key
        ), last as (
          select coalesce(max(c.item_id), 0) as item_id from c
        )
        select n.* exclude (known_id, nth) replace (coalesce(n.known_id, l.item_id + n.nth) as item_id)
        from numbered n cross join last l
        """,
        i=_shaped("item", conclude_items(session, counted, application, **none)),
        c=before,
    )


def _in_order(rows: Table, imported: Sequence[str]) -> list[str]:
    """The sources of these rows in the order of their import."""
    named = {source for (source,) in rows.sql("select distinct self_.source_id from self_").rows()}
    return [source for source in imported if source in named]


class _Reach:
    """The rows that hang together with changed ones."""

    def __init__(self, session: Session, record: Table, changed: Table, publication: Table) -> None:
        self._session, self._record = session, record
        self._publication = session.materialise(
            f"select r.publication_id, r.application_id, {_NUMBER} as number, {_APPLICATION} as application from r",
            r=publication,
        )
        self._links = session.materialise(
            f"{_LINK} union all select p.number, p.application, null, false from p", r=record, p=self._publication
        )
        self._found = session.materialise(
            f"select distinct l.number, l.application, l.serial from ({_LINK}) l", r=changed
        )
        self._spread()

    def _spread(self) -> None:
        """Follow the links until they lead nowhere new."""
        known = 0
        while known != (known := self._found.count()):
            self._found = self._session.materialise(_SPREAD, l=self._links, f=self._found)

    def spread_from(self, application: Table) -> bool:
        """Whether these applications lead to rows that were not reached before. Those are reached now."""
        before = self._reached()
        self._found = self._session.materialise(
            f"select f.* from f union select null, {_APPLICATION}, null from r", f=self._found, r=application
        )
        self._spread()
        return self._reached() != before

    def _reached(self) -> int:
        [(rows,)] = self._session.rows(
            """
            select count(*) from l
            where l.number in (select f.number from f where f.number is not null)
              or l.application in (select f.application from f where f.application is not null)
            """,
            l=self._links,
            f=self._found,
        )
        return int(rows)

    def rows(self) -> Table:
        """The rows of `record` that were reached, as far as documents.py reads them."""
        return self._session.materialise(
            f"""
            select {_READ} from r
            where {_NUMBER} in (select f.number from f where f.number is not null)
              or {_APPLICATION} in (select f.application from f where f.application is not null)
            """,
            r=self._record,
            f=self._found,
        )

    def superseded(self, application: Table) -> Table:
        """(what, key) of the publications and applications that these rows were concluded to be before."""
        return self._session.materialise(
            f"""
            with reached as (
              select p.publication_id, p.application_id from p semi join f on f.number = p.number
            ), known as (
              select r.application_id from r semi join f on f.application = {_APPLICATION}
              union
              select p.application_id from reached p where starts_with(p.application_id, 'publication:')
            )
            select 'publication' as what, p.publication_id as key from reached p
            union all
            select 'application', k.application_id from known k
            """,
            p=self._publication,
            f=self._found,
            r=application,
        )
