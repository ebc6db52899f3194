"""An index from the tables of a release, portion by portion of publications: memory holds one of them.

    index/          tantivy
    lines/F.arrow   of a field of words: for each publication its values as lines of tokens, for exact checks
    said/F.arrow    the same as they were written, for reading and marking
    shown.arrow     what a list of results shows
    by/             for each publication the application and family that it counts for, and the days that order it
    records/        what the release tells of each publication, for its page
    facets/         for each facet the values with their names, and by number those of each publication
    symbols.json    the keys of all class symbols in order

Publications are numbered from the newest to the oldest; this number (`ordinal`) is what all files go by.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import tantivy

from pingjiang.engine import Session, Table
from pingjiang.query.corpus import TABLES, VALUES, prepare
from pingjiang.query.fields import UNKNOWN, load_fields
from pingjiang.query.tokens import line
from pingjiang.schema import table
from pingjiang.search import records, runs
from pingjiang.search.arrangement import write_arrangement
from pingjiang.search.facets import FACETS
from pingjiang.search.layout import (
    BASIS,
    CODES,
    DATES,
    NODE,
    field_texts,
    is_cut,
    key,
    known,
    schema,
    short,
    word_fields,
)
from pingjiang.search.runs import Run, common_runs

PORTION = 10_000
ROWS = 500  # of texts that are read together: a page of hits from all over the index unpacks no more than it must
READ = tuple(dict.fromkeys((*TABLES, "simple_family", *records.TABLES)))
_HEAP = 128_000_000
_FACTOR, _SCATTER = 2_654_435_761, 2**32  # by which ordinals are scattered: no pattern in them gets into the sample
_LINES = pa.list_(pa.large_string())
SHOWN = pa.schema(
    [
        ("publication_id", pa.string()),
        ("title", pa.string()),
        ("title_zh", pa.string()),
        ("title_en", pa.string()),
        ("filing_date", pa.date32()),
        ("publication_date", pa.date32()),
        ("applicants", pa.list_(pa.string())),
        ("state", pa.string()),
        ("life", pa.string()),
        ("application_id", pa.string()),
        ("standing", pa.string()),
        ("family_applications", pa.int32()),
        ("overlays", pa.list_(pa.string())),
        ("organisations", pa.list_(pa.string())),  # of each of `applicants`
        ("ipc", pa.list_(pa.string())),
        ("nodes", pa.list_(pa.string())),
    ]
)
Progress = Callable[[str, int, int], None]
_Grouped = Mapping[int, list[tuple[Any, ...]]]


def build(session: Session, tables: Mapping[str, Table], folder: Path, progress: Progress) -> dict[str, Any]:
    """Write an index into a new folder; tells {"publications", "has_cut"}."""
    have = {name: tables.get(name) or session.from_rows(table(name).engine_columns(), []) for name in READ}
    rest = {field.name for field in load_fields().values() if not field.is_words}
    source = _Source(session, have, prepare(session, have, rest))
    (folder / "symbols.json").write_text(json.dumps(source.symbols), encoding="utf-8")
    _write_facets(source, folder / "facets")
    write_arrangement(session, source.numbered_groups(), source.count, folder / "by")
    records.write_records(session, have, source.order, source.count, folder / "records")
    with ExitStack() as stack:
        writer = _Writer(folder, stack, {name: source.common(name) for name in (*word_fields(), NODE)})
        for start in range(0, source.count, PORTION):
            progress("search index", start, source.count)
            with session.scratch():
                writer.write(source, start, min(start + PORTION, source.count))
        writer.finish()
    progress("search index", source.count, source.count)
    return {"publications": source.count, "has_cut": writer.has_cut}


class _Source:
    """The tables of a release, each with the ordinal of the publication."""

    def __init__(self, session: Session, have: Mapping[str, Table], made: Mapping[str, Table]) -> None:
        self.session, self.have = session, have
        self.order = session.materialise(
            "select p.publication_id, cast(row_number() over (order by p.publication_date desc nulls last, "
            "p.publication_id) - 1 as bigint) as ordinal from p",
            p=made["query_publication"],
        )
        self.count = self.order.count()
        self.rows = self._numbered(made["query_publication"])
        self.told = self._numbered(session.sql(_TOLD, **have))
        self.leaves = self._numbered(have["publication_node"])
        ipc = session.sql("select * from c where c.scheme = 'IPC'", c=have["publication_class"])
        self.symbols_said = self._numbered(ipc)
        self.places = self._numbered(made["query_place"])
        self.classes = self._numbered(made["query_class"])
        self.nodes = self._numbered(made["query_node"])
        applicants = have["publication_applicant"].sql(
            "select distinct self_.publication_id, self_.sequence, self_.name, self_.organisation_id from self_ "
            "where self_.name is not null"
        )
        self.applicants = self._numbered(applicants)
        self.words = {name: self._numbered(self._values(name)) for name in word_fields()}
        found = session.rows("select distinct c.sort_key from c order by 1", c=self.classes)
        self.symbols = sorted(row[0] for row in found)
        self.rank = {symbol: at for at, symbol in enumerate(self.symbols)}

    def common(self, name: str) -> frozenset[Run]:
        """The common runs of a field, by publications spread over all."""
        least = max(runs.LEAST, -(-runs.COMMON * min(self.count, runs.SAMPLE) // (self.count or 1)))
        if self.count < runs.COMMON or name == NODE:
            return frozenset()
        names = load_fields()[name].kind == "name"
        share = min(_SCATTER, _SCATTER * runs.SAMPLE // self.count)
        text = f"select r.ordinal, r.text from r where r.ordinal * {_FACTOR} % {_SCATTER} < {share} order by 1, 2"
        sampled: dict[int, list[list[str]]] = defaultdict(list)
        for ordinal, said in self.session.rows(text, r=self.words[name]):
            sampled[ordinal].append([*map(short, _line(said, names).split())])
        return common_runs(sampled.values(), least=least)

    def numbered_groups(self) -> Table:
        """For each publication, in order: what it counts for in each unit, and the days by which lists are ordered."""
        return self.session.sql(
            "select t.ordinal, t.application, t.family, t.kin, r.filing_date, r.publication_date "
            "from t inner join r on r.ordinal = t.ordinal",
            t=self.told,
            r=self.rows,
        )

    def _values(self, name: str) -> Table:
        return self.session.sql(
            f"select v.publication_id, v.text from ({VALUES[name]}) as v where v.text is not null", **self.have
        )

    def _numbered(self, rows: Table) -> Table:
        return self.session.materialise(
            "select o.ordinal, r.* from r inner join o on o.publication_id = r.publication_id order by o.ordinal",
            r=rows,
            o=self.order,
        )

    def part(self, rows: Table, columns: str, start: int, stop: int) -> _Grouped:
        """Rows of these publications, by ordinal."""
        order = ", ".join(str(at) for at in range(1, len(columns.split(",")) + 2))
        found: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
        text = f"select r.ordinal, {columns} from r where r.ordinal >= {start} and r.ordinal < {stop} order by {order}"
        for ordinal, *values in self.session.rows(text, r=rows):
            found[ordinal].append(tuple(values))
        return found


class _Writer:
    """The files of an index under construction."""

    def __init__(self, folder: Path, stack: ExitStack, common: Mapping[str, frozenset[Run]]) -> None:
        self.has_cut = False
        self._common = common
        (folder / "index").mkdir()
        self._index = tantivy.Index(schema(), path=str(folder / "index"))
        # One thread: publications are added in order, and the same tables make the same index.
        self._writer = self._index.writer(heap_size=_HEAP, num_threads=1)
        self._files: dict[str, dict[str, pa.ipc.RecordBatchFileWriter]] = {"lines": {}, "said": {}}
        packed = pa.ipc.IpcWriteOptions(compression="zstd")
        for kind, files in self._files.items():
            (folder / kind).mkdir()
            for name in (*word_fields(), NODE):
                sink = stack.enter_context(pa.OSFile(str(folder / kind / f"{name}.arrow"), "wb"))
                files[name] = stack.enter_context(
                    pa.ipc.new_file(sink, pa.schema([("values", _LINES)]), options=packed)
                )
        sink = stack.enter_context(pa.OSFile(str(folder / "shown.arrow"), "wb"))
        self._shown = stack.enter_context(pa.ipc.new_file(sink, SHOWN, options=packed))

    def write(self, source: _Source, start: int, stop: int) -> None:
        """Add the publications from `start` to before `stop`."""
        columns = [name for name in source.rows.columns() if name not in ("ordinal",)]
        rows = {
            ordinal: dict(zip(columns, found[0], strict=True))
            for ordinal, found in source.part(source.rows, ", ".join(f"r.{c}" for c in columns), start, stop).items()
        }
        texts = {name: source.part(held, "r.text", start, stop) for name, held in source.words.items()}
        nodes = source.part(source.nodes, "r.line", start, stop)
        classes = source.part(source.classes, "r.scheme, r.sort_key", start, stop)
        places = source.part(source.places, "r.basis, r.country", start, stop)
        lines: dict[str, list[list[str]]] = {name: [] for name in (*word_fields(), NODE)}
        for ordinal in range(start, stop):
            document = tantivy.Document()
            document.add_unsigned("ordinal", ordinal)
            _add_row(document, rows[ordinal])
            for scheme, symbol in classes.get(ordinal, ()):
                document.add_integer(f"n_{scheme}", source.rank[symbol])
            keys = {known(scheme) for scheme, _ in classes.get(ordinal, ())}
            for basis, country in places.get(ordinal, ()):
                if basis in BASIS:
                    keys |= {key(BASIS[basis], country), known(BASIS[basis])}
            for name, said in texts.items():
                names = load_fields()[name].kind == "name"
                found = (_line(row[0], names) for row in said.get(ordinal, ()))
                lines[name].append([one for one in found if one])
            lines[NODE].append([row[0] for row in nodes.get(ordinal, ())])
            for name, held in lines.items():
                if held[-1]:
                    keys.add(known(name))
                    self._add_words(document, name, held[-1])
            for one in sorted(keys):
                document.add_text("key", one)
            self._writer.add_document(document)
        self._write_files(source, start, stop, rows, texts, lines)

    def _add_words(self, document: tantivy.Document, name: str, lines: list[str]) -> None:
        values = [one.split() for one in lines]
        self.has_cut = self.has_cut or any(is_cut(token) for value in values for token in value)
        whole, double = field_texts(values)
        document.add_text(f"u_{name}", whole)
        document.add_text(f"b_{name}", double)
        if common := self._common[name]:
            document.add_text(f"c_{name}", runs.held(([*map(short, value)] for value in values), common))

    def _write_files(
        self,
        source: _Source,
        start: int,
        stop: int,
        rows: Mapping[int, Mapping[str, Any]],
        texts: Mapping[str, _Grouped],
        lines: Mapping[str, list[list[str]]],
    ) -> None:
        for name, held in lines.items():
            self._files["lines"][name].write_batch(_batch(held))
            said = [[row[0] for row in texts[name].get(at, ())] if name in texts else [] for at in range(start, stop)]
            self._files["said"][name].write_table(pa.Table.from_batches([_batch(said)]), ROWS)
        self._shown.write_table(pa.Table.from_pylist(_shown(source, start, stop, rows), schema=SHOWN), ROWS)

    def finish(self) -> None:
        """Commit. Whoever opens the index sees all of it, or none."""
        self._writer.commit()
        self._writer.wait_merging_threads()


def _shown(source: _Source, start: int, stop: int, rows: Mapping[int, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What a list of results shows of the publications from `start` to before `stop`."""
    told = source.part(source.told, ", ".join(f"r.{name}" for name in _TOLD_COLUMNS), start, stop)
    applicants = source.part(source.applicants, "r.sequence, r.name, r.organisation_id", start, stop)
    symbols = source.part(source.symbols_said, "r.position, r.symbol", start, stop)
    leaves = source.part(source.leaves, "r.node_id", start, stop)
    shown = []
    for at in range(start, stop):
        parties = {name: whose for _, name, whose in reversed(applicants.get(at, ()))}
        names = list(dict.fromkeys(name for _, name, _ in applicants.get(at, ())))
        shown.append(
            {
                **{name: rows[at].get(name) for name in SHOWN.names},
                **dict(zip(_TOLD_COLUMNS, told[at][0], strict=True)),
                "applicants": names,
                "organisations": [parties[name] for name in names],
                "ipc": list(dict.fromkeys(symbol for _, symbol in symbols.get(at, ()))),
                "nodes": [row[0] for row in leaves.get(at, ())],
            }
        )
    return shown


_TOLD_COLUMNS = ("title", "title_zh", "title_en", "standing", "family_applications", "overlays")
# What is told once of a publication. Where no source tells its application or family, it counts for itself alone.
_TOLD = """
select p.publication_id, p.title, p.title_zh, p.title_en, p.standing,
  f.applications as family_applications, s.overlays,
  coalesce(p.application_id, 'publication:' || p.publication_id) as application,
  coalesce(a.family_id, p.application_id, 'publication:' || p.publication_id) as family,
  coalesce(a.extended_family_id, p.application_id, 'publication:' || p.publication_id) as kin
from publication as p
left join application as a on a.application_id = p.application_id
left join simple_family as f on f.family_id = a.family_id
left join legal_state as s on s.application_id = p.application_id
"""


def _batch(values: list[list[str]]) -> pa.RecordBatch:
    return pa.record_batch([pa.array(values, type=_LINES)], names=["values"])


@lru_cache(maxsize=100_000)
def _name_line(text: str) -> str:
    return line(text, names=True)


def _line(text: str, names: bool) -> str:
    return _name_line(text) if names else line(text)


def _add_row(document: tantivy.Document, row: Mapping[str, Any]) -> None:
    """What is told once of a publication."""
    number = f"{row['authority']} {row['number']}"
    keys = [key("PN", row["publication_id"]), known("PN"), key("PN without kind", number)]
    if row["application_id"] is not None:
        keys += [key("AN", row["application_id"]), known("AN")]
    for name, column in CODES.items():
        if row[column] is not None:
            keys += [key(name, row[column]), known(name)]
    states = {row[column] for column in ("state", "life") if row[column] is not None}
    keys += [*(key("LS", state) for state in sorted(states)), *([known("LS")] if states - {UNKNOWN} else [])]
    for name, column in DATES.items():
        day = row[column]
        if isinstance(day, date):
            document.add_integer(f"n_{name}", day.toordinal())
            keys.append(known(name))
    if row["claim_count"] is not None:
        document.add_integer("n_CLN", row["claim_count"])
        keys.append(known("CLN"))
    for one in keys:
        document.add_text("key", one)


def _write_facets(source: _Source, folder: Path) -> None:
    """The values, and by their numbers those of each publication in a row, with where each publication begins."""
    folder.mkdir()
    for name, sql in FACETS.items():
        pairs = source.session.materialise(
            f"select distinct o.ordinal, v.id, v.zh, v.en from ({sql}) as v "
            "inner join o on o.publication_id = v.publication_id where v.id is not null",
            o=source.order,
            rows_=source.rows,
            **source.have,
        )
        values = source.session.rows("select v.id, min(v.zh), min(v.en) from v group by v.id order by v.id", v=pairs)
        number = {value[0]: at for at, value in enumerate(values)}
        found = list(_batches(pairs, number))
        owner = np.concatenate([np.empty(0, np.int32), *(one[0] for one in found)])
        value = np.concatenate([np.empty(0, np.int32), *(one[1] for one in found)])
        np.save(folder / f"{name}.values.npy", value)
        np.save(folder / f"{name}.begins.npy", np.searchsorted(owner, np.arange(source.count + 1)))
        (folder / f"{name}.json").write_text(json.dumps(values, ensure_ascii=False), encoding="utf-8")


def _batches(pairs: Table, number: Mapping[str, int]) -> Iterator[tuple[Any, Any]]:
    ordered = pairs.sql(
        "select distinct self_.ordinal, self_.id from self_ order by self_.ordinal, self_.id"
    ).materialise()
    for batch in ordered.batches():
        yield (
            batch["ordinal"].to_numpy(zero_copy_only=False).astype(np.int32),
            np.array([number[one] for one in batch["id"].to_pylist()], dtype=np.int32),
        )
