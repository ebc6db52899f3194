"""A release or a part of it: which release, which tables, which publications."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

from pingjiang.config import Settings
from pingjiang.engine import Lake, Release, Session, Table, open_engine
from pingjiang.errors import DefinitionError, LakeError
from pingjiang.exchange.described import describe
from pingjiang.identifiers import NumberUnreadable, parse
from pingjiang.schema import load_tables

_NEEDED = ("publication", "publication_node", "chain_node", "chain_closure")  # to choose by number or node
# Columns that name a publication or an application, and which of the two.
_MEANS = {"publication_id": "publication_id", "citing_id": "publication_id", "application_id": "application_id"}


@dataclass(frozen=True, slots=True)
class Chosen:
    """What of a lake is wanted: by default the current release, whole.

    `publications` are numbers in any usual form; `nodes` ids of the industry chain, with all below them. Where one
    of them is given, only tables that tell of single publications or applications can be had, and only rows of these.
    """

    release: str | None = None
    tables: Sequence[str] = ()
    publications: Sequence[str] = ()
    nodes: Sequence[str] = ()

    @property
    def by_row(self) -> bool:
        """Whether rows are chosen, not whole tables."""
        return bool(self.publications or self.nodes)


def find_release(lake: Lake, chosen: Chosen) -> Release:
    """The release that is meant, its files being there. LakeError, LakeCorrupt."""
    lake.require_folder()
    return lake.require_current() if chosen.release is None else lake.release(chosen.release)


def table_names(release: Release, chosen: Chosen) -> list[str]:
    """The tables that are meant, in the order of their names. DefinitionError for one that the release has not."""
    if unknown := sorted(set(chosen.tables) - set(release.tables)):
        known = ", ".join(sorted(release.tables))
        raise DefinitionError(
            f"版本 {release.id} 没有表 {unknown[0]!r}。",
            f"Release {release.id} has no table {unknown[0]!r}.",
            remedy=(f"写下列之一：{known}。", f"Name one of {known}."),
        )
    return sorted(set(chosen.tables) or set(release.tables))


@dataclass
class Part:
    """An opened part of a release. Use as a context manager; tables are lazy, their rows in the order of the key."""

    release: Release
    chosen: Chosen
    settings: Settings
    tables: dict[str, Table] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)  # tables that do not tell of single publications
    _opened: ExitStack = field(default_factory=ExitStack)

    def __enter__(self) -> Part:
        names = table_names(self.release, self.chosen)
        self.release.require_files(*names)
        with ExitStack() as stack:
            session = stack.enter_context(open_engine(self.settings, self.release.lake))
            tables = {name: _whole(session, self.release, name) for name in names}
            if self.chosen.by_row:
                tables = self._rows_of(session, tables)
            self.tables = {name: _ordered(name, rows) for name, rows in tables.items()}
            self._opened = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._opened.close()

    def schema(self) -> dict[str, Any]:
        """Table name → its description."""
        return {name: describe(name, _plain(rows.columns())) for name, rows in self.tables.items()}

    def _rows_of(self, session: Session, tables: dict[str, Table]) -> dict[str, Table]:
        """Of each table the rows of the chosen publications and of their applications; others are left out."""
        chosen = _chosen(session, self.release, self.chosen)
        found: dict[str, Table] = {}
        for name, rows in tables.items():
            if tests := _tests(name, list(rows.columns())):
                found[name] = rows.sql(f"select self_.* from self_ where {' or '.join(tests)}", chosen=chosen)
        self.left_out = sorted(set(tables) - set(found))
        if self.left_out and self.chosen.tables:
            raise DefinitionError(
                f"表 {self.left_out[0]!r} 不逐件记录专利，不能按公开号或环节选取。",
                f"Table {self.left_out[0]!r} does not tell of single patents: it cannot be had by number or node.",
                remedy=("请整表导出，或去掉这个表。", "Export it whole, or leave it out."),
            )
        return found


def _tests(table: str, columns: Sequence[str]) -> list[str]:
    """What makes a row one of a chosen publication or its application; nothing where the table tells of neither.

    A number counts where the key names it, or where a row tells publication and application. One that merely
    represents (of a family, of a counted thing) chooses nothing.
    """
    known = load_tables().get(table)
    key = set(known.key) if known else set()
    held = [column for column in _MEANS if column in columns]
    meant = [column for column in held if column in key] or (held if len(held) > 1 else [])
    return [f"self_.{column} in (select c.{_MEANS[column]} from chosen c)" for column in meant]


def _plain(columns: dict[str, str]) -> dict[str, str]:
    return {name: kind.replace('"', "") for name, kind in columns.items()}


def _whole(session: Session, release: Release, name: str) -> Table:
    """A table of the release; one without a file is empty, in the columns of the schema."""
    if release.tables[name]:
        return session.read_parquet(release.paths(name))
    return session.from_rows(load_tables()[name].engine_columns(), [])


def _ordered(name: str, rows: Table) -> Table:
    """Rows by the key of their table, so that the same release gives the same file."""
    known = load_tables().get(name)
    columns = rows.columns()
    order = [column for column in (known.key if known else ()) if column in columns]
    order += [column for column, kind in columns.items() if column not in order and kind == "VARCHAR"]
    if not order:
        return rows
    keys = ", ".join(f'"{column}" nulls first' for column in order)
    return rows.sql(f"select * from self_ order by {keys}")


def _chosen(session: Session, release: Release, chosen: Chosen) -> Table:
    """The chosen publications as (publication_id, application_id). DefinitionError where one is not there."""
    if not set(_NEEDED) <= set(release.tables):
        raise LakeError(
            f"版本 {release.id} 已导入但未构建，无法按公开号或环节选取。",
            f"Release {release.id} is imported but not built: nothing can be chosen by number or node.",
            remedy=("请先运行 pingjiang build。", "Run `pingjiang build` first."),
        )
    there = {name: _whole(session, release, name) for name in _NEEDED}
    numbers = session.from_rows({"publication_id": "VARCHAR"}, [(_number(text),) for text in chosen.publications])
    nodes = session.from_rows({"node_id": "VARCHAR"}, [(node,) for node in chosen.nodes])
    _refuse_unknown(session, numbers, there["publication"], "publication_id", "公开号", "publication")
    _refuse_unknown(session, nodes, there["chain_node"], "node_id", "环节", "node")
    return session.materialise(
        """
        select p.publication_id, p.application_id
        from publication p
        where p.publication_id in (select n.publication_id from numbers n)
          or p.publication_id in (
            select pn.publication_id
            from publication_node pn
            join chain_closure c on c.node_id = pn.node_id
            join nodes n on n.node_id = c.ancestor_id
          )
        """,
        numbers=numbers,
        nodes=nodes,
        publication=there["publication"],
        publication_node=there["publication_node"],
        chain_closure=there["chain_closure"],
    )


def _number(text: str) -> str:
    try:
        return parse(text, what="publication").id
    except NumberUnreadable as error:
        raise DefinitionError(
            f"公开号 {text!r} 无法辨认。",
            f"The publication number {text!r} cannot be read.",
            remedy=("请写成 CN109462287A 的样子。", "Write it like CN109462287A."),
        ) from error


def _refuse_unknown(session: Session, wanted: Table, there: Table, column: str, zh: str, en: str) -> None:
    missing = session.rows(
        f"select w.{column} from wanted w where w.{column} not in (select t.{column} from there t) order by 1 limit 1",
        wanted=wanted,
        there=there,
    )
    if missing:
        raise DefinitionError(
            f"版本里没有{zh} {missing[0][0]!r}。",
            f"The release has no {en} {missing[0][0]!r}.",
            remedy=("请检查拼写。", "Check how it is written."),
        )
