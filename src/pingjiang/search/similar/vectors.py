"""Vectors of publications: one of each distinct text, without what is its language's alone, in files that are mapped.

rows.npy    rows as whole numbers from -127 to 127: a quarter of the space, and they are read sooner
scales.npy  what makes a row of length 1 of it
row_of.npy  of each document its row; -1 where nothing is known of which a vector could be made
means.npy   what was taken away: of Chinese texts, and of others
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from pingjiang.engine import Session, Table
from pingjiang.search.similar.arrays import Scores, mapped, new_array
from pingjiang.search.similar.features import is_chinese
from pingjiang.text.embeddings import Encoder, Vectors

Flags = npt.NDArray[np.bool_]
Progress = Callable[[str, int, int], None]
_RAW = "raw.npy"
PORTION = 4_096  # texts that are encoded and centred at once
_COMPARED = 512  # rows at once: so many fit into the processor's cache, which is ten times quicker
_DIGITS = 6  # behind the point: what the order of a sum may change is beyond them


def centred(vectors: Vectors, chinese: Flags, means: Vectors) -> Vectors:
    """Rows of length 1 without the mean of their kind; rows of zeros stay."""
    told = vectors.any(axis=1)
    found = vectors - means[np.where(chinese, 0, 1)]
    found[~told] = 0
    length = np.linalg.norm(found, axis=1, keepdims=True)
    unit: Vectors = np.divide(found, length, out=np.zeros_like(found), where=length > 0)
    return unit


def means_of(sums: npt.NDArray[np.float64], counts: Sequence[int], prior: float) -> Vectors:
    """The mean of each kind, less of it where there are few: n / (n + prior) of it."""
    return np.stack([total / (count + prior) for total, count in zip(sums, counts, strict=True)]).astype(np.float32)


def centres(vectors: Vectors, chinese: Flags, prior: float) -> Vectors:
    """The means of vectors that are all at hand."""
    sums = np.stack([vectors[kind].sum(axis=0, dtype=np.float64) for kind in (chinese, ~chinese)])
    return means_of(sums, [int(chinese.sum()), int((~chinese).sum())], prior)


def write_vectors(
    session: Session,
    texts: Table,
    documents: int,
    encoder: Encoder,
    folder: Path,
    *,
    threads: int,
    prior: float,
    progress: Progress,
) -> dict[str, int]:
    """Write the vectors of `texts` (ordinal, text); tells {"vectors"}. Documents of one text share its row.

    Texts are encoded in their order, so that the rows of `texts` may come in any.
    """
    folder.mkdir()
    distinct = session.materialise(
        "select d.text, row_number() over (order by d.text) - 1 as number from (select distinct t.text from t) as d",
        t=texts,
    )
    count = distinct.count()
    raw, kinds = _raw(session, distinct, count, encoder, folder, threads, progress)
    sums = np.zeros((2, encoder.size), dtype=np.float64)
    for start in range(0, count, PORTION):
        for kind in (0, 1):
            sums[kind] += raw[start : start + PORTION][kinds[start : start + PORTION] == (kind == 0)].sum(
                axis=0, dtype=np.float64
            )
    means = means_of(sums, [int(kinds.sum()), int(count - kinds.sum())], prior)
    np.save(folder / "means.npy", means)
    rows = new_array(folder / "rows.npy", (count, encoder.size), np.int8)
    scales = np.zeros(count, dtype=np.float32)
    row_of_text = np.full(count, -1, dtype=np.int64)
    for start in range(0, count, PORTION):
        part = slice(start, start + PORTION)
        found = centred(raw[part], kinds[part], means)
        rows[part], scales[part] = whole_numbers(found)
        row_of_text[part] = np.where(found.any(axis=1), np.arange(start, start + len(found)), -1)
    del raw
    (folder / _RAW).unlink(missing_ok=True)
    row_of = np.full(documents, -1, dtype=np.int32)
    owners = session.arrow("select t.ordinal, d.number from t join d on d.text = t.text", t=texts, d=distinct)
    row_of[owners["ordinal"].to_numpy()] = row_of_text[owners["number"].to_numpy()]
    np.save(folder / "row_of.npy", row_of)
    np.save(folder / "scales.npy", scales)
    session.drop(distinct)
    return {"vectors": count}


def _raw(
    session: Session, distinct: Table, count: int, encoder: Encoder, folder: Path, threads: int, progress: Progress
) -> tuple[Vectors, Flags]:
    """The vectors as the encoder gives them, in a file, and which texts are Chinese."""
    raw = new_array(folder / _RAW, (count, encoder.size), np.float32)
    kinds = np.zeros(count, dtype=np.bool_)
    for start in range(0, count, PORTION):
        progress("vectors", start, count)
        found = session.rows(
            f"select d.text from d where d.number >= {start} and d.number < {start + PORTION} order by d.number",
            d=distinct,
        )
        raw[start : start + PORTION] = encoder.encode([row[0] for row in found], threads)
        kinds[start : start + PORTION] = [is_chinese(row[0]) for row in found]
    progress("vectors", count, count)
    return raw, kinds


def whole_numbers(rows: Vectors) -> tuple[npt.NDArray[np.int8], npt.NDArray[np.float32]]:
    """Rows as whole numbers with their scales; cosines differ by less than 0.01 from those of the rows."""
    most = np.abs(rows).max(axis=1)
    told = np.divide(127, most, out=np.zeros_like(most), where=most > 0)
    numbers = np.round(rows * told[:, None]).astype(np.int8)
    length = np.linalg.norm(numbers.astype(np.float32), axis=1)
    return numbers, np.divide(1, length, out=np.zeros_like(length), where=length > 0)


class VectorIndex:
    """What `write_vectors` has written."""

    def __init__(self, folder: Path) -> None:
        self._rows: npt.NDArray[np.int8] = mapped(folder / "rows.npy")
        self._scales: npt.NDArray[np.float32] = mapped(folder / "scales.npy")
        self._row_of: npt.NDArray[np.int32] = mapped(folder / "row_of.npy")
        self._means: Vectors = mapped(folder / "means.npy")
        if len(self._rows) != len(self._scales) or self._row_of.max(initial=-1) >= len(self._rows):
            raise ValueError(f"{folder}: {self._rows.shape} rows")

    def of(self, ordinal: int) -> Vectors | None:
        """The vector of a document; None where there is none."""
        row = int(self._row_of[ordinal])
        return None if row < 0 else self._rows[row].astype(np.float32) * self._scales[row]

    def of_text(self, text: str, encoder: Encoder) -> Vectors | None:
        """The vector of a text, as those of the documents are made."""
        kind = np.array([is_chinese(text)])
        found = centred(encoder.encode([text]), kind, self._means)[0]
        return found if found.any() else None

    def scores(self, vector: Vectors) -> Scores:
        """Of each document the cosine; 0 for those without a vector. Equal texts have equal scores."""
        by_row = np.zeros(len(self._rows) + 1, dtype=np.float64)
        for start in range(0, len(self._rows), _COMPARED):
            part = slice(start, start + _COMPARED)
            found = (self._rows[part].astype(np.float32) @ vector) * self._scales[part]
            by_row[:-1][part] = np.round(found.astype(np.float64), _DIGITS)
        return by_row[self._row_of]  # the last one stands for -1
