"""Hostile files by number: the same number gives the same file, on every machine."""

from __future__ import annotations

import gzip
import io
import json
import random
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

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

# -- hostile values in a file that is sound: these reach the readers behind the door --------------------

_VALUE = re.compile(rb">([^<>]+)<|\"([^\"\n]*)\"|(?<=[,;\t])([^,;\t\r\n\"]+)|(?m:^(?:[A-Z]{3,4}|[A-Z][A-Z0-9]) +(.+)$)")
_ELEMENT = re.compile(rb"<([A-Za-z][\w.:-]*)(?:\s[^<>]*)?(?:/>|>)")
_VALUES = (
    *(token for token in _TOKENS if len(token) < 400),
    *(b"", b" ", b"0", b"-1", b"9" * 18, b"9" * 19, b"9" * 40, b"1e5", b"0x1F", b"CLM-" + b"9" * 30, b"US", b"US0"),
    *(b"20200230", b"00000000", b"99999999", b"2020-13-45", b"0001-01-01", b"10000-01-01", b"20200101T99:99:99Z"),
    *("９９９".encode(), "①②③".encode(), "٣٤٥".encode(), "ß".encode() * 3, "\u0130".encode(), "\U0001f600".encode()),
    *(
        b"H01L",
        b"H01L21/",
        b"H01L" + b"1" * 60 + b"/02",
        b"A99Z 9999/999999",
        b"CN",
        b"CN1",
        b"PCT/",
        b"PCT/US15/27322",
    ),
    *(b";;;;", b"|", "；；".encode(), b"{}", b"[]", b"null", b"/", b"\\", b"%", b"$1", b"\x7f", b"\xc2\x85"),
)
_HOSTILE: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 2**31, 2**63, 10**30, 1.5, 1e308, float("inf"), float("nan"), "", " ", "null"),
    *([], {}, [[]], [{}], [None], [1], ["x", 1, None], {"a": 1}, {"": ""}, [[["x"]]], "9" * 40, "\ud800", "\0", "𠀀"),
)


def value(chance: random.Random, data: bytes) -> bytes:
    """Values between tags, quotes or delimiters replaced."""
    places = list(_VALUE.finditer(data))
    for found in sorted(chance.sample(places, min(len(places), chance.choice((1, 1, 2, 6)))), key=lambda f: -f.start()):
        at, to = found.span(found.lastindex or 0)
        data = data[:at] + chance.choice(_VALUES) + data[to:]
    return data


_HEADERS = (
    b"row_number",
    b"source_id",
    b"key",
    b"c0",
    b"record",
    b"PN",
    b"publication",
    b"Title",
    "标题 (中文)".encode(),
)


def header(chance: random.Random, data: bytes) -> bytes:
    """A cell of the first line replaced, by names that the program uses itself, among others; files too."""
    line, end, rest = data.partition(b"\n")
    delimiter = max(b",", b"\t", b";", b" ", key=line.count)
    cells = line.split(delimiter)
    cells[chance.randrange(len(cells))] = chance.choice(_HEADERS + _VALUES)
    return delimiter.join(cells) + end + rest


def element(chance: random.Random, data: bytes) -> bytes:
    """An element of XML left out, emptied, doubled, renamed, moved into another one, or thousands of times."""
    starts = list(_ELEMENT.finditer(data))
    if not starts:
        return value(chance, data)
    found = chance.choice(starts)
    closing = b"</" + found[1] + b">"
    end = data.find(closing, found.end())
    at, to = found.start(), found.end() if found[0].endswith(b"/>") or end < 0 else end + len(closing)
    whole = data[at:to]
    other = chance.choice(starts)
    made: dict[str, Callable[[], bytes]] = {
        "out": lambda: b"",
        "empty": lambda: b"<" + found[1] + b"/>",
        "double": lambda: whole * 2,
        "many": lambda: whole * (20_000 // (len(whole) + 1) + 1),
        "rename": lambda: whole.replace(found[1], other[1]),
        "in itself": lambda: found[0] + whole + closing,
        "deep": lambda: (b"<" + found[1] + b">") * 300 + whole + closing * 300,
        "elsewhere": lambda: other[0] + whole,
        "namespace": lambda: whole.replace(found[1], b"z:" + found[1]),
        "default namespace": lambda: whole.replace(b"<" + found[1], b"<" + found[1] + b' xmlns="urn:z"', 1),
        "commented": lambda: b"<!-- " + whole + b" -->",
        "as text": lambda: b"<![CDATA[" + whole + b"]]>",
    }
    return data[:at] + made[chance.choice(sorted(made))]() + data[to:]


def member(chance: random.Random, data: bytes) -> bytes:
    """A value of JSON replaced by one of another type, at any depth; other files have their values replaced."""
    try:
        lines = [json.loads(data)]
    except ValueError:
        try:
            lines = [json.loads(line) for line in data.splitlines()]
        except ValueError:
            return element(chance, data)
    for _ in range(chance.choice((1, 1, 1, 2, 5))):
        changed = _replaced(chance, lines)
        lines = changed if isinstance(changed, list) else [changed]
    return b"\n".join(
        json.dumps(line, ensure_ascii=chance.random() < 0.5).encode(errors="surrogatepass") for line in lines
    )


def _replaced(chance: random.Random, tree: Any) -> Any:
    """The same tree with one value another, found from the top by chance."""
    if isinstance(tree, (dict, list)) and tree and chance.random() < 0.96:
        at = chance.choice(sorted(tree) if isinstance(tree, dict) else range(len(tree)))
        changed = {**tree} if isinstance(tree, dict) else [*tree]
        changed[at] = _replaced(chance, tree[at])
        return changed
    if chance.random() < 0.05:
        return _nested(chance.choice((50, 500, 900)))
    return chance.choice(_HOSTILE)


def _nested(depth: int) -> Any:
    made: Any = "x"
    for _ in range(depth):
        made = [made]
    return made


def structured(chance: random.Random, data: bytes) -> bytes:
    """The file keeps the shape that its kind has."""
    start = data[:64].lstrip(b"\xef\xbb\xbf \r\n")[:1]
    if start in (b"{", b"["):
        return chance.choice((member, member, member, value))(chance, data)
    return chance.choice((element, value) if start == b"<" else (header, value, value))(chance, data)


def _inside(chance: random.Random, data: bytes) -> bytes:
    """A zip whose parts are hostile, and whose list is sound; or a .gz of something hostile."""
    if data.startswith(b"\xd0\xcf"):  # of an .xls every byte has its place
        return chance.choice((flip, overwrite, flip))(chance, data)
    if data.startswith(b"\x1f\x8b"):
        return gzip.compress(chance.choice(_BYTES + (structured,) * 8)(chance, gzip.decompress(data)), 1, mtime=0)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {info.filename: archive.read(info) for info in archive.infolist()}
    for name in chance.sample(sorted(parts), min(len(parts), chance.choice((1, 1, 2)))):
        parts[name] = chance.choice(_BYTES + (structured,) * 8)(chance, parts[name])
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


# A workbook is read by a process of its own, which takes a hundred times as long as all else.
_WORKBOOKS = ("book.xlsx", "old.xls", "book.zip")
# What is refused for what it is, however sound.
ALWAYS_REFUSED = (
    "week.tar", "table.csv.bz2", "table.csv.xz", "sheet.ods", "letter.docx", "papers.xml", "ops_images.xml",
    "ptab.json",
)  # fmt: skip
_ZIPS = (".xlsx", ".zip", ".ods", ".docx")


def _seed(chance: random.Random, number: int) -> str:
    """The file to begin with: seldom one of those that take long, or are always refused."""
    if number % 16 == 0:
        return chance.choice(_WORKBOOKS)
    if number % 29 == 0:
        return chance.choice(ALWAYS_REFUSED)
    return chance.choice([name for name in seeds() if name not in _WORKBOOKS + ALWAYS_REFUSED])


def case(number: int) -> Case:
    """The hostile file of this number."""
    chance = random.Random(number)
    name = _seed(chance, number)
    data, how = seeds()[name], []
    if name.endswith((".gz", ".xls", *_ZIPS)) and chance.random() < 0.7:
        data = _inside(chance, data)
        how.append("inside")
    if not how or chance.random() < 0.2:
        # Half of the files keep their shape: what breaks it is refused at the door, and no reader ever sees it.
        mutations = _BYTES if chance.random() < 0.5 else (structured,)
        for _ in range(chance.choice((1, 1, 1, 2, 3))):
            mutation = chance.choice(mutations)
            data = mutation(chance, data)
            how.append(mutation.__name__)
    packed, data = _wrapped(chance, name, data)
    return Case(number, name, (*how, packed), data)
