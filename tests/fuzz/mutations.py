"""Hostile files by number: the same number gives the same file, on every machine."""

from __future__ import annotations

import gzip
import io
import random
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

from tests.files.made import zip_of
from tests.fuzz.seeds import seeds

_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\xff\xfe\0\0", b"\0\0\xfe\xff", b"\x84\x31\x95\x33")
_CODECS = ("utf-8", "utf-16", "utf-16-le", "utf-32", "gb18030", "big5", "cp1252", "shift_jis", "utf-7")
_TOKENS = (
    *(b'"', b"'", b'""', b",", b";", b"\t", b"\r", b"\n", b"\r\n", b"\0", b"\x01", b"\x1a", b"\\", b"\xff"),
    b"\xed\xa0\x80",
    *(b"<", b">", b"</", b"/>", b"<!--", b"-->", b"<![CDATA[", b"]]>", b"<?xml version='1.0' encoding='utf-16'?>"),
    b'<!DOCTYPE w [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>',
    b'<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]>&x;', b"&a;", b"&c;", b"&#0;", b"&#xD800;", b"&#x110000;",
    b"&nosuch;", b"<us-patent-grant>", b"</us-patent-grant>", b"<us-patent-grant/>", b"<x:us-patent-grant>",
    b"<doc-number>", b"<classification-item>", b"<p>" * 400, b"[" * 5000, b'{"a":' * 5000, b'"\\ud800"', b"\\ud83d",
    b"1e999", b"-1e999", b"NaN", b"Infinity", b"1" * 5000, b"null", b"true", b"{}", b"[]", b'{"a":1}', b"\\u0000",
    b"\nPATN\n", b"\nWKU  ", b"\nPT P\n", b"\nER\n", b"\nEF\n", b"\n   ", b"=1+1", b"-2", b"2.01E+12", b"99999-12-31",
    b"0000-00-00", b"2019-02-30", "公开（公告）号".encode(), "\u202e\u200b\ufeff".encode(), "𠀀".encode(),
    b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b\x08", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"'); drop table x; --",
    b"%s{0}{x}",
)  # fmt: skip


@dataclass(frozen=True)
class Case:
    """A hostile file: what it was made of and how, and its bytes."""

    number: int
    name: str
    how: tuple[str, ...]
    content: bytes


def _place(chance: random.Random, data: bytes) -> int:
    """A place in a file; often near its beginning or end, where readers decide."""
    near = chance.random()
    span = len(data) if near < 0.6 else min(len(data), 128)
    at = chance.randint(0, span)
    return len(data) - at if near > 0.85 else at


def truncate(chance: random.Random, data: bytes) -> bytes:
    return data[: _place(chance, data)]


def behead(chance: random.Random, data: bytes) -> bytes:
    return data[_place(chance, data) :]


def flip(chance: random.Random, data: bytes) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 8, 64))):
        if changed:
            changed[min(_place(chance, data), len(changed) - 1)] ^= 1 << chance.randrange(8)
    return bytes(changed)


def overwrite(chance: random.Random, data: bytes) -> bytes:
    at, some = _place(chance, data), chance.randbytes(chance.choice((1, 2, 4, 16, 256)))
    return data[:at] + some + data[at + len(some) :]


def insert(chance: random.Random, data: bytes) -> bytes:
    at = _place(chance, data)
    return data[:at] + chance.randbytes(chance.choice((1, 3, 50, 1000))) + data[at:]


def nuls(chance: random.Random, data: bytes) -> bytes:
    at = _place(chance, data)
    return data[:at] + b"\0" * chance.choice((1, 2, 3, 600)) + data[at:]


def swap(chance: random.Random, data: bytes) -> bytes:
    a, b, c = sorted(_place(chance, data) for _ in range(3))
    return data[:a] + data[b:c] + data[a:b] + data[c:]


def double(chance: random.Random, data: bytes) -> bytes:
    a, b = sorted(_place(chance, data) for _ in range(2))
    return data[:b] + data[a:b] * chance.choice((1, 2, 30)) + data[b:]


def delete(chance: random.Random, data: bytes) -> bytes:
    a, b = sorted(_place(chance, data) for _ in range(2))
    return data[:a] + data[b:]


def token(chance: random.Random, data: bytes) -> bytes:
    at = _place(chance, data)
    return data[:at] + chance.choice(_TOKENS) * chance.choice((1, 1, 1, 3, 40)) + data[at:]


def mark(chance: random.Random, data: bytes) -> bytes:
    return b"".join(chance.choice(_MARKS) for _ in range(chance.choice((1, 1, 2)))) + data


def recode(chance: random.Random, data: bytes) -> bytes:
    """A part of the text in another encoding."""
    a, b = sorted(_place(chance, data) for _ in range(2))
    part = data[a:b].decode(chance.choice(("utf-8", "latin-1", "gb18030")), errors="replace")
    return data[:a] + part.encode(chance.choice(_CODECS), errors="replace") + data[b:]


def long_run(chance: random.Random, data: bytes) -> bytes:
    """A cell, a line or a tag that does not end."""
    at = _place(chance, data)
    return (
        data[:at]
        + chance.choice((b"x", b'"', b",", b"<", b"&", b" ", b"\n", "电".encode(), b"\x80")) * 70_000
        + data[at:]
    )


def line_ends(chance: random.Random, data: bytes) -> bytes:
    return data.replace(b"\n", chance.choice((b"\r", b"\r\r\n", b"\n\n", b"", b"\x85", b"\xe2\x80\xa8")))


_BYTES: tuple[Callable[[random.Random, bytes], bytes], ...] = (
    truncate, truncate, behead, flip, flip, overwrite, insert, nuls, swap, double, delete, token, token, mark, recode,
    long_run, line_ends,
)  # fmt: skip


def _inside(chance: random.Random, data: bytes) -> bytes:
    """A zip whose parts are hostile, and whose list is sound."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {info.filename: archive.read(info) for info in archive.infolist()}
    for name in chance.sample(sorted(parts), min(len(parts), chance.choice((1, 1, 2)))):
        parts[name] = chance.choice(_BYTES)(chance, parts[name])
    return zip_of(parts)


def _wrapped(chance: random.Random, name: str, data: bytes) -> tuple[str, bytes]:
    """Sometimes packed, once or more."""
    how = chance.random()
    if how < 0.06:
        return "in a gz", gzip.compress(data, 1, mtime=0)
    if how < 0.10:
        return "in a zip", zip_of({name: data, "other.csv": seeds()["utf-8.csv"]})
    if how < 0.12:
        return "in a zip in a gz", gzip.compress(zip_of({name: data}), 1, mtime=0)
    return "plain", data


def case(number: int) -> Case:
    """The hostile file of this number."""
    chance = random.Random(number)
    plain = [name for name in seeds() if not name.endswith(("book.xlsx", "old.xls", "book.zip"))]
    # A workbook is read by a process of its own, which takes a hundred times as long as all else.
    name = chance.choice(plain if number % 16 else ["book.xlsx", "old.xls", "book.zip"])
    data, how = seeds()[name], []
    if zipfile.is_zipfile(io.BytesIO(data)) and chance.random() < 0.7:
        data = _inside(chance, data)
        how.append("inside")
    if not how or chance.random() < 0.2:
        for _ in range(chance.choice((1, 1, 1, 2, 3))):
            mutation = chance.choice(_BYTES)
            data = mutation(chance, data)
            how.append(mutation.__name__)
    packed, data = _wrapped(chance, name, data)
    return Case(number, name, (*how, packed), data)
