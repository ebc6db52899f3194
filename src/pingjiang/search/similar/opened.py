"""An index of similar documents that is whole, opened for reading."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pingjiang.search.similar.arrays import Numbers
from pingjiang.search.similar.method import SYMBOLS, TERMS, VECTORS
from pingjiang.search.similar.vectors import VectorIndex
from pingjiang.search.similar.weights import Weights

_GROUPS = ("application_id", "family_id", "extended_family_id")


class Index:
    """The index of a release. Publications go by their ordinal, in the order of their numbers."""

    def __init__(self, folder: Path, about: Mapping[str, Any]) -> None:
        self.release: str = about["release"]
        self.publications: int = about["publications"]
        self.model: str | None = about["model"]
        self._documents: pa.Table = pa.ipc.open_file(pa.memory_map(str(folder / "documents.arrow"))).read_all()
        self.terms, self.symbols = Weights(folder / TERMS), Weights(folder / SYMBOLS)
        self.vectors = VectorIndex(folder / VECTORS) if self.model is not None else None
        told = (self._documents.num_rows, self.terms.documents, self.symbols.documents)
        if set(told) != {self.publications}:
            raise ValueError(f"{folder}: {told} of {self.publications} publications")

    def ordinal(self, publication_id: str) -> int | None:
        """The place of a publication; None where it is not there."""
        ids = self._documents["publication_id"]
        low, high = 0, len(ids)
        while low < high:
            middle = (low + high) // 2
            if ids[middle].as_py() < publication_id:
                low = middle + 1
            else:
                high = middle
        return low if low < len(ids) and ids[low].as_py() == publication_id else None

    def of_number(self, authority: str, number: str) -> list[int]:
        """The publications of a number, whatever their kind."""
        same = pc.and_(
            pc.equal(self._documents["authority"], authority),
            pc.equal(self._documents["number"], number),
        )
        found: list[int] = pc.indices_nonzero(same).to_pylist()
        return found

    def shown(self, ordinals: Iterable[int]) -> list[dict[str, Any]]:
        """What a list shows of publications."""
        rows: list[dict[str, Any]] = self._documents.take(pa.array(list(ordinals), pa.int64())).to_pylist()
        return rows

    def related(self, ordinal: int) -> npt.NDArray[np.int8]:
        """Of each publication how near of kin it is: 3 same application, 2 simple, 1 extended family, 0 none known."""
        found = np.zeros(self.publications, dtype=np.int8)
        for nearness, codes in zip((3, 2, 1), self._codes, strict=True):
            mine = codes[ordinal]
            if mine >= 0:
                found = np.maximum(found, np.where(codes == mine, nearness, 0).astype(np.int8))
        return found

    @cached_property
    def families(self) -> Numbers:
        """The extended family of each publication as a number; one of its own where none is known."""
        codes = self._codes[-1]
        return np.where(codes < 0, self.publications + np.arange(self.publications), codes)

    @cached_property
    def _codes(self) -> list[npt.NDArray[np.int64]]:
        """A number for each application and family; -1 where none is known."""
        return [
            self._documents[name].combine_chunks().dictionary_encode().indices.fill_null(-1).to_numpy().astype(np.int64)
            for name in _GROUPS
        ]
