"""Which groups of a block are worth comparing: all of one name where they are few, else those that share something."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy import sparse

from pingjiang.identities.inventors import names
from pingjiang.identities.inventors.features import Comparison, Groups, Integers

FEW = 150  # groups; of more only those are compared that share something
ALIKE, SAME = 300, 500  # a token that more groups of one beginning share brings none together; of one name, only NEAR
NEAR = 8  # of one name: with so many of the next are those compared that share a token with more than SAME
_ROWS = 4_000  # of a product of sparse rows at once


def candidates(groups: Groups) -> tuple[Integers, Integers]:
    """Pairs of groups (i < j) worth comparing, in order, each once; names that cannot be one person's left out."""
    total = max(len(groups), 1)
    alike, same = _keys(groups)
    found = [_all_of(key, total) for key in (alike, same)]
    for kind in ("co", "org", "city", "cls"):
        found += _sharing(alike, groups.tokens[kind], ALIKE, total)
    for kind in ("co", "org", "city"):
        found += _sharing(same, groups.tokens[kind], SAME, total)
        found += _neighbours(same, groups.tokens[kind], SAME, total)
    found += _sharing(groups.block, groups.tokens["co"], ALIKE, total)
    code = np.unique(np.concatenate(found))
    return np.divmod(code, total)


def possible(comparison: Comparison, i: Integers, j: Integers) -> tuple[Integers, Integers]:
    """The pairs whose names can be one person's."""
    keep = comparison.relation(i, j) < names.OTHER
    return i[keep], j[keep]


def _keys(groups: Groups) -> tuple[Integers, Integers]:
    """Numbers of (block, beginning of the given name) and (block, letters of the given name), a group each."""
    beginnings, letters = (
        [names.beginning(given) for given in groups.givens],
        [given.replace(" ", "") for given in groups.givens],
    )
    numbered = []
    for words in (beginnings, letters):
        _, codes = np.unique(np.array(words, dtype=object).astype(str), return_inverse=True)
        width = int(codes.max(initial=0)) + 1
        _, key = np.unique(groups.block * width + codes[groups.given[:, 0]], return_inverse=True)
        numbered.append(key.astype(np.int64))
    return numbered[0], numbered[1]


def _all_of(key: Integers, total: int) -> Integers:
    """All pairs of groups of one key, of keys with few groups."""
    order = np.argsort(key, kind="stable")
    starts = np.flatnonzero(np.diff(key[order], prepend=-1))
    sizes = np.diff(starts, append=len(key))
    found = [np.empty(0, np.int64)]
    for size in np.unique(sizes):
        if 2 <= size <= FEW:
            a, b = np.triu_indices(size, 1)
            at = starts[sizes == size][:, None]
            found.append(_coded(order[(at + a).ravel()], order[(at + b).ravel()], total))
    return np.concatenate(found)


def _counted(key: Integers, rows: sparse.csr_matrix) -> tuple[Integers, Integers, Integers]:
    """Of each place in the rows: the row, a number of its (key, token); and how many rows each number has."""
    of_row = np.repeat(np.arange(rows.shape[0]), np.diff(rows.indptr))
    _, column, counts = np.unique(
        key[of_row] * np.int64(rows.shape[1]) + rows.indices, return_inverse=True, return_counts=True
    )
    return of_row, column, counts


def _neighbours(key: Integers, rows: sparse.csr_matrix, least: int, total: int) -> Iterator[Integers]:
    """Of groups of one key that share a token with more than `least`: each with the next few, as codes.

    What is joined is compared as a whole, so a thousand documents of one person come together along this chain.
    """
    of_row, column, counts = _counted(key, rows)
    at = np.flatnonzero(counts[column] > least)
    at = at[np.lexsort((of_row[at], column[at]))]
    row, shared = of_row[at], column[at]
    for ahead in range(1, NEAR + 1):
        one = np.flatnonzero(shared[:-ahead] == shared[ahead:])
        yield _coded(row[one], row[one + ahead], total)


def _sharing(key: Integers, rows: sparse.csr_matrix, most: int, total: int) -> Iterator[Integers]:
    """Pairs of groups of one key that share a token with no more than `most`, as codes."""
    of_row, column, counts = _counted(key, rows)
    keep = (counts[column] > 1) & (counts[column] <= most)
    shape = (rows.shape[0], len(counts))
    flags = sparse.csr_matrix((np.ones(keep.sum(), np.int32), (of_row[keep], column[keep])), shape=shape)
    busy = np.flatnonzero(np.diff(flags.indptr))
    other = flags.T.tocsr()
    for start in range(0, len(busy), _ROWS):
        at = busy[start : start + _ROWS]
        product = (flags[at] @ other).tocoo()
        one, two = at[product.row], product.col.astype(np.int64)
        yield _coded(one[one < two], two[one < two], total)


def _coded(one: Integers, other: Integers, total: int) -> Integers:
    return np.minimum(one, other) * np.int64(total) + np.maximum(one, other)
