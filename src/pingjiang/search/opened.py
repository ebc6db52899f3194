"""An index that is whole, opened for reading."""

from __future__ import annotations

import gc
import json
import threading
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from operator import itemgetter
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import tantivy

from pingjiang.query.tree import Node
from pingjiang.search.arrangement import Arrangement
from pingjiang.search.compiled import Fits, Ordinals, compiled
from pingjiang.search.facets import Facets
from pingjiang.search.layout import key
from pingjiang.search.records import Records

TEXTS = ("lines", "said")  # folders with a file a field


class Index:
    """The index of a release. Publications go by their ordinal: the newest first.

    All files are held open from the start, so that an index which is removed meanwhile answers to the end. Threads may
    share it.
    fields: those of words whose texts may be read; None for all.
    """

    def __init__(self, folder: Path, about: Mapping[str, Any], fields: Collection[str] | None = None) -> None:
        self.release: str = about["release"]
        self.publications: int = about["publications"]
        self.has_cut: bool = about["has_cut"]
        self.symbols: Sequence[str] = json.loads((folder / "symbols.json").read_text(encoding="utf-8"))
        self.facets = Facets(folder / "facets")
        self.arrangement = Arrangement(folder / "by")
        self.records = Records(folder / "records")
        self._index = tantivy.Index.open(str(folder / "index"))
        self.schema = self._index.schema
        self._searcher = self._index.searcher()
        if self._searcher.num_docs != self.publications:
            raise ValueError(f"{folder}: {self._searcher.num_docs} of {self.publications} publications")
        texts = [path for name in TEXTS for path in (folder / name).glob("*.arrow")]
        files = [path for path in texts if fields is None or path.stem in fields]
        self._columns: dict[str, pa.ipc.RecordBatchFileReader] = {
            path.relative_to(folder).with_suffix("").as_posix(): pa.ipc.open_file(pa.memory_map(str(path)))
            for path in (folder / "shown.arrow", *files)
        }
        self._reading = threading.Lock()  # one thread at a time moves a reader of batches

    def ask(self, node: Node) -> Ordinals:
        """All publications of which a query holds, in order. Sets must have been put in (`sets.expand`)."""
        return self.ordinals(self.query(node))

    def query(self, node: Node) -> tantivy.Query:
        """The query of the index that finds just those. Sets must have been put in."""
        return compiled(self, node)

    def first(self, query: tantivy.Query, most: int) -> tuple[int, Ordinals]:
        """How many publications a query of the index finds, counted, and the first of them."""
        found = self._searcher.search(query, limit=most, order_by_field="ordinal", order=tantivy.Order.Asc)
        total: int = found.count  # type: ignore[attr-defined]  # the stubs leave it out
        hits = found.hits  # made anew each time that one asks for them
        return total, np.fromiter(map(itemgetter(0), hits), dtype=np.int64, count=len(hits))

    def ordinals(self, query: tantivy.Query) -> Ordinals:
        """All publications that a query of the index finds, in order."""
        found = self._searcher.search(
            query, limit=max(1, self.publications), order_by_field="ordinal", order=tantivy.Order.Asc, count=False
        )
        with _not_collecting():
            hits = found.hits
            return np.fromiter(map(itemgetter(0), hits), dtype=np.int64, count=len(hits))

    def ordinal(self, publication_id: str) -> int | None:
        """The place of a publication; None where it is not there."""
        found = self.ordinals(tantivy.Query.term_query(self.schema, "key", key("PN", publication_id), "basic"))
        return int(found[0]) if len(found) else None

    def count(self, node: Node) -> int:
        """How many publications a query holds of. Sets must have been put in."""
        return self.first(self.query(node), 1)[0]

    def frequency(self, field: str, term: str) -> int:
        """How many publications hold a term of the index."""
        return self._searcher.doc_freq(field, term)

    def kept(self, field: str, ordinals: Ordinals, fits: Fits) -> Ordinals:
        """Those of the publications of which the line of a value of a field fits."""
        found = [np.empty(0, dtype=np.int64)]
        for mine, rows in self._read(f"lines/{field}", ordinals):
            values = rows["values"]
            owners = pc.list_parent_indices(values).filter(fits(values.flatten()))
            found.append(mine[np.unique(owners.to_numpy())])
        return np.concatenate(found)

    def said(self, field: str, ordinals: Ordinals) -> dict[int, list[str]]:
        """The values of a field of words as they were written."""
        read = self._read(f"said/{field}", ordinals)
        return {
            at: said for mine, rows in read for at, said in zip(mine.tolist(), rows["values"].to_pylist(), strict=True)
        }

    def shown(self, ordinals: Ordinals | Sequence[int]) -> list[dict[str, Any]]:
        """What a list of results shows of publications, in their order."""
        wanted = np.asarray(ordinals, dtype=np.int64)
        found = {
            at: row
            for mine, rows in self._read("shown", wanted)
            for at, row in zip(mine.tolist(), rows.to_pylist(), strict=True)
        }
        return [found[at] for at in wanted.tolist()]

    def _read(self, name: str, ordinals: Ordinals) -> Iterator[tuple[Ordinals, pa.RecordBatch]]:
        """Rows of a file, a batch of it at a time, with the ordinals that they are of."""
        from pingjiang.search.build import PORTION, ROWS

        size = PORTION if name.startswith("lines/") else ROWS
        batches, numbers = self._columns[name], ordinals // size
        for number in np.unique(numbers).tolist():
            mine = ordinals[numbers == number]
            with self._reading:
                batch = batches.get_batch(number)
            yield mine, batch.take(pa.array(mine - number * size))


@contextmanager
def _not_collecting() -> Iterator[None]:
    """Hundreds of thousands of hits are no garbage: looking through them while they are made takes as long again."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
