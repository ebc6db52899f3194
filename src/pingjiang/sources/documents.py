"""The documents of a file become rows of `record`, `reject` and `doubt`, batch by batch: memory is bounded by one."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pyarrow as pa

from pingjiang.engine import Session, Table
from pingjiang.files import BadDocument, RawDocument, RawDocuments
from pingjiang.schema import table
from pingjiang.sources.formats import Format, Recognised
from pingjiang.sources.mapping import Mapper
from pingjiang.sources.reading import ORDINAL, Cells, Known, SaidRows, read_cells
from pingjiang.sources.receipt import FileReceipt
from pingjiang.sources.said import Said

# A batch ends with the first of these: documents, bytes of the file, characters of their descriptions and claims.
_BATCH_DOCUMENTS = 16_384
_BATCH_BYTES = 96 * 2**20
_BATCH_CHARACTERS = 48 * 2**20
_ROW_BYTES = 2**10  # of a row of a table, roughly
_TEXT = pa.string()
_STRUCTS: dict[str, pa.DataType] = {
    "texts": pa.list_(_TEXT),
    "parties": pa.list_(pa.struct([(part, _TEXT) for part in ("name", "country", "state", "city", "address")])),
    "claims": pa.list_(
        pa.struct([("number", pa.int64()), ("text", _TEXT), ("language", _TEXT), ("depends_on", pa.list_(pa.int64()))])
    ),
    "citations": pa.list_(pa.struct([(part, _TEXT) for part in ("number", "text", "category", "origin", "claims")])),
    "events": pa.list_(
        pa.struct(
            [(part, _TEXT) for part in ("code", "date", "effective_date", "authority", "text")]
            + [("details", pa.list_(_TEXT))]
        )
    ),
    "relations": pa.list_(pa.struct([(part, _TEXT) for part in ("kind", "side", "number", "date")])),
}
_ARROW: dict[str, pa.DataType] = {
    column.name: _STRUCTS.get(column.type, _TEXT) for column in table("record").columns if column.field
}
# Of a rejected document a file of rejects shows these alone.
_SHOWN = ("publication_number", "application_number", "title", "title_zh", "title_en")
# What a reader raises where a document is not built as its format says: a part is missing, or of another type.
_UNEXPECTED = (LookupError, TypeError, AttributeError, ValueError, AssertionError, RuntimeError)
# And what says that a value, a number of JSON where a text should be, goes into no column.
_UNFIT = (*_UNEXPECTED, OverflowError, pa.ArrowException)


def read_definitions(session: Session, raw: RawDocuments, spec: Format, receipt: FileReceipt, place: str) -> SaidRows:
    """Rows of the format's own table (`class_title`): entries with a title are accepted, others merged into those.

    Adds to `receipt`.
    """
    assert spec.documents is not None
    batch = _Batch()
    for document in raw:
        batch.add(document, spec)
    rows = []
    for number, said in enumerate(batch.said, start=1):
        if said.get("title"):
            address = {"source_id": receipt.source_id, "source_row": f"{place}:{number}", "row_number": number}
            rows.append({**said, **address})
    receipt.rows_read += len(batch.said) + len(batch.bad)
    receipt.accepted += len(rows)
    receipt.merged += len(batch.said) - len(rows)
    for _, reason, _ in batch.bad:
        receipt.rejected += 1
        receipt.reasons[reason] = receipt.reasons.get(reason, 0) + 1
    name = spec.documents.table
    made = {name: _table(session, name, rows)}
    made["reject"] = _table(
        session,
        "reject",
        [
            {"source_id": receipt.source_id, "source_row": f"{place}:{number}", "row_number": number, "reason": reason,
             "value": text[:200]}
            for number, reason, text in batch.bad
        ],
    )  # fmt: skip
    return SaidRows(made, len(batch.said) + len(batch.bad), [], [])


def _table(session: Session, name: str, rows: Sequence[Mapping[str, Any]]) -> Table:
    """Rows as a table of the schema."""
    columns = table(name).engine_columns()
    data = pa.table({column: [row.get(column) for row in rows] for column in columns})
    picks = ", ".join(f'cast(self_."{column}" as {kind}) as "{column}"' for column, kind in columns.items())
    return session.from_arrow(data).sql(f"select {picks} from self_")


@dataclass
class _Batch:
    """Documents read so far: rows of what they said, and those that cannot be records."""

    row_numbers: list[int] = field(default_factory=list)
    offsets: list[int] = field(default_factory=list)
    said: list[Said] = field(default_factory=list)
    bad: list[tuple[int, str, str]] = field(default_factory=list)
    documents: int = 0
    began: int = 0
    bytes: int = 0  # of the file, where its documents tell their places
    characters: int = 0  # of what takes most room

    def add(self, document: RawDocument | BadDocument, spec: Format) -> None:
        """Read one document."""
        self.documents += 1
        if isinstance(document, BadDocument):
            self.bad.append((document.row_number, document.reason, f"{document.place}: {document.text}"))
            return
        assert spec.documents is not None
        try:
            rows = list(spec.documents.read(document))
        except _UNEXPECTED as error:
            self._reject(document.row_number, document.offset, error)
            return
        if not rows:
            self.bad.append((document.row_number, "no_number", f"byte {document.offset}: {document.name}"))
        self.said += rows
        for said in rows:
            self.characters += len(said.get("description", ""))
            self.characters += sum(len(claim["text"]) for claim in said.get("claims", ()))
        self.row_numbers += [document.row_number] * len(rows)
        self.offsets += [document.offset] * len(rows)

    def _reject(self, row_number: int, offset: int, error: Exception) -> None:
        text = f"byte {offset}: {type(error).__name__}: {error}"
        self.bad.append((row_number, "document_unexpected", text))

    def arrow(self) -> pa.Table:
        """The rows as Arrow: row_number, ordinal, and the fields that any of them tells.

        Documents that say what goes into no column are rejected, and leave the batch.
        """
        try:
            return self._arrow()
        except _UNFIT:
            self._drop_unfit()
        return self._arrow()

    def _drop_unfit(self) -> None:
        unfit: dict[int, tuple[int, Exception]] = {}
        for row_number, offset, said in zip(self.row_numbers, self.offsets, self.said, strict=True):
            try:
                _Batch([row_number], [offset], [said])._arrow()
            except _UNFIT as error:
                unfit.setdefault(row_number, (offset, error))
        for row_number, (offset, why) in unfit.items():
            self._reject(row_number, offset, why)
        kept = [at for at, row_number in enumerate(self.row_numbers) if row_number not in unfit]
        self.row_numbers = [self.row_numbers[at] for at in kept]
        self.offsets = [self.offsets[at] for at in kept]
        self.said = [self.said[at] for at in kept]

    def _arrow(self) -> pa.Table:
        columns: dict[str, Any] = {
            "row_number": pa.array(self.row_numbers, pa.int64()),
            ORDINAL: pa.array(range(1, len(self.said) + 1), pa.int64()),
        }
        told = {name for said in self.said for name in said}
        for name, kind in _ARROW.items():
            if name in told:
                columns[name] = _column([said.get(name) or None for said in self.said], kind)
        return pa.table(columns)


def _column(values: Sequence[Any], kind: pa.DataType) -> pa.Array:
    """Values as Arrow. Lists of structs are laid out part by part, several times as fast as dict by dict."""
    if not (pa.types.is_list(kind) and pa.types.is_struct(kind.value_type)):
        return pa.array(values, kind)
    offsets: list[int | None] = []
    items: list[Mapping[str, Any]] = []
    for value in values:
        offsets.append(None if value is None else len(items))
        items += value or ()
    parts = [pa.array([item.get(part.name) for item in items], part.type) for part in kind.value_type]
    struct = pa.StructArray.from_arrays(parts, fields=list(kind.value_type))
    return pa.ListArray.from_arrays(pa.array([*offsets, len(items)], pa.int32()), struct)


def read_documents(
    session: Session, raw: RawDocuments, spec: Format, known: Known, receipt: FileReceipt, place: str
) -> Iterator[SaidRows]:
    """Read the documents of a file, a batch at a time. Adds to `receipt`; addresses count documents from 1."""
    documents = iter(raw)
    while batch := _next_batch(documents, spec):
        with session.scratch():
            yield _read_batch(session, batch, spec, known, receipt, place)


def _next_batch(documents: Iterator[RawDocument | BadDocument], spec: Format) -> _Batch | None:
    """The next documents, as many as a batch holds; None at the end.

    The collector of circles would go through all that was read again and again, and there are none.
    """
    batch, collecting = _Batch(), gc.isenabled()
    gc.disable()
    try:
        for document in documents:
            if not batch.documents:
                batch.began = document.offset
            batch.add(document, spec)
            batch.bytes = document.offset - batch.began
            if (
                batch.documents >= _BATCH_DOCUMENTS
                or batch.bytes >= _BATCH_BYTES
                or batch.characters >= _BATCH_CHARACTERS
            ):
                break
    finally:
        if collecting:
            gc.enable()
    return batch if batch.documents else None


def _read_batch(
    session: Session, batch: _Batch, spec: Format, known: Known, receipt: FileReceipt, place: str
) -> SaidRows:
    cells = session.from_arrow(batch.arrow())
    headers = [name for name in cells.columns() if name in _ARROW]
    found = Recognised(spec, {name: (name,) for name in headers}, (), ())
    shown = [name for name in headers if name in _SHOWN]
    source = Cells(cells, shown, batch.bad, batch.documents)
    said = read_cells(session, source, cells, Mapper(spec, found.mapping, headers), found, known, receipt, place)
    return replace(said, rows_read=max(said.rows_read, batch.bytes // _ROW_BYTES))  # long documents weigh more
