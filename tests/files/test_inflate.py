"""Unpacking gives the bytes that were packed, or says that they are damaged."""

from __future__ import annotations

import gzip
import importlib
import io
import sys
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pingjiang.files import inflate


def packed(data: bytes) -> bytes:
    """Raw deflate data, as in a zip."""
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


@given(data=st.binary(max_size=200), times=st.integers(1, 5000))
def test_deflated_data_come_back_whole_in_bounded_pieces(data: bytes, times: int) -> None:
    content = packed(data * times)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(inflate, "_PIECE", 64)
        pieces = list(inflate.inflated(io.BytesIO(content + b"what follows"), len(content)))
    assert b"".join(pieces) == data * times
    assert max(map(len, pieces)) <= 2**17  # what is asked for, and what the unpacker keeps back


@pytest.mark.parametrize("size", [2**20, 2**20 + 1000, 20 * 2**20 + 50_000])
def test_much_from_little_comes_in_pieces_too(size: int) -> None:
    content = packed(bytes(size))
    pieces = [len(piece) for piece in inflate.inflated(io.BytesIO(content), len(content))]
    assert sum(pieces) == size
    assert max(pieces) <= 2**20


@pytest.mark.parametrize(
    "damage", [lambda data: data[:-5], lambda data: b"\xff" * 9 + data[9:]], ids=["cut", "changed"]
)
def test_damaged_data_raise_one_of_the_errors_named(damage: object) -> None:
    content = packed(bytes(range(256)) * 9)
    with pytest.raises(inflate.ERRORS):
        list(inflate.inflated(io.BytesIO(damage(content)), len(content)))  # type: ignore[operator]
    with pytest.raises(inflate.ERRORS):
        inflate.open_gzip(io.BytesIO(damage(gzip.compress(bytes(range(256)) * 9)))).read()  # type: ignore[operator]


def test_without_isal_zlib_does_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "isal", None)
    try:
        plain = importlib.reload(inflate)
        assert plain._zlib is zlib
        assert plain.open_gzip(io.BytesIO(gzip.compress(b"abc"))).read() == b"abc"
        content = packed(b"abc" * 999)
        assert b"".join(plain.inflated(io.BytesIO(content), len(content))) == b"abc" * 999
    finally:
        monkeypatch.undo()
        importlib.reload(inflate)
