"""Arrays that are files: written in parts, read where they are looked at."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.int64]
Scores = npt.NDArray[np.float64]


def new_array(path: Path, shape: tuple[int, ...], kind: type[np.generic]) -> npt.NDArray[Any]:
    """An array of zeros in a new file; what is put into it lands there."""
    if not math.prod(shape):  # a file without elements cannot be mapped
        np.save(path, np.empty(shape, kind))
        return np.empty(shape, kind)
    return np.lib.format.open_memmap(path, mode="w+", dtype=kind, shape=shape)


def mapped(path: Path) -> npt.NDArray[Any]:
    """The array of a file. Raises OSError or ValueError for one that is none."""
    with path.open("rb") as handle:
        np.lib.format.read_magic(handle)
        shape, _, _ = np.lib.format.read_array_header_1_0(handle)
    loaded: npt.NDArray[Any] = np.load(path, mmap_mode="r" if math.prod(shape) else None, allow_pickle=False)
    return loaded
