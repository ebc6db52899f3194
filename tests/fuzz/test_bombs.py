"""Files made to explode: archives, XML, JSON, endless cells. Each is refused or taken, in bounded memory."""

from __future__ import annotations

import gzip
import io
import json
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from pingjiang import pipeline
from pingjiang.config import Settings
from pingjiang.engine import Lake, Session
from pingjiang.errors import PingjiangError
from tests.files.made import zip_of
from tests.fuzz.seeds import seeds

_ROOT = Path(__file__).parents[2]
_MIB = 2**20
_LAUGHS = (
    '<!DOCTYPE w [<!ENTITY l0 "lol">'
    + "".join(f'<!ENTITY l{at} "{f"&l{at - 1};" * 10}">' for at in range(1, 10))
    + "]>"
)
_QUADRATIC = f'<!DOCTYPE w [<!ENTITY a "{"a" * 100_000}">]>'
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>'


def verdict(path: Path, ratio: int = 250) -> tuple[str, int]:
    """What becomes of a file in a process of its own, and MiB of the memory that it took."""
    command = [sys.executable, "-m", "tests.fuzz.judge", str(path), str(ratio)]
    done = subprocess.run(command, cwd=_ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]
    told = json.loads(done.stdout)
    return told["verdict"], told["peak_kib"] // 1024


def grant(body: str, doctype: str = "", inside: str = "") -> bytes:
    """A grant of the USPTO with something in its abstract, and something in its tag."""
    text = seeds()["grants.xml"].decode()
    one = text[text.index("<us-patent-grant") : text.index("</us-patent-grant>") + 18]
    one = one.replace("A thing.</p></abstract>", f"A thing.{body}</p></abstract>")
    return (_HEAD + doctype + one.replace("<us-patent-grant ", f"<us-patent-grant {inside} ", 1)).encode()


def book(**parts: str) -> bytes:
    """A workbook with parts replaced."""
    with zipfile.ZipFile(io.BytesIO(seeds()["book.xlsx"])) as archive:
        found: dict[str, bytes | str] = {info.filename: archive.read(info) for info in archive.infolist()}
    return zip_of({**found, **{f"xl/{name.replace('__', '/')}.xml": text for name, text in parts.items()}})


def _strings(doctype: str, text: str) -> str:
    namespace = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'{_HEAD}{doctype}<sst xmlns="{namespace}"><si><t>{text}</t></si></sst>'


def packed(mebibytes: int, char: bytes = b"x", before: bytes = b"", after: bytes = b"") -> bytes:
    """A .gz of many MiB of one character: as many members as wanted, of one MiB each."""
    return gzip.compress(before) + gzip.compress(char * _MIB) * mebibytes + gzip.compress(after)


def overlapping() -> bytes:
    """A zip of very many members that are all the same bytes."""
    made = bytearray(zip_of({"a.csv": b"x" * (8 * _MIB)}))
    start = made.index(b"PK\x01\x02")
    end = made.index(b"PK\x05\x06")
    entry = bytes(made[start:end])
    entries = b"".join(entry.replace(b"a.csv", b"%05d" % at) for at in range(900))
    tail = bytearray(made[end:])
    tail[8:12] = (900).to_bytes(2, "little") * 2
    tail[12:16] = len(entries).to_bytes(4, "little")
    return bytes(made[:start]) + entries + bytes(tail)


def _many(pattern: str, count: int) -> str:
    return " ".join(pattern.format(at, at) for at in range(count))


def nested(depth: int) -> bytes:
    data = zip_of({"a.csv": seeds()["utf-8.csv"]})
    for _ in range(depth):
        data = zip_of({"a.zip": data})
    return data


_XMLNS = 'xmlns:a{}="{}"'
_CSV = "公开号,标题,申请日\nCN112345601A,".encode()
BOMBS: Mapping[str, tuple[str, Callable[[], bytes]]] = {
    "flat gz": ("refused", lambda: packed(512, b"\0")),
    "flat zip": ("refused", lambda: zip_of({"a.csv": b"x" * (128 * _MIB)})),
    "nested zip": ("refused", lambda: nested(6)),
    "overlapping zip": ("refused", overlapping),
    "zip in gz in zip": ("refused", lambda: zip_of({"a.gz": gzip.compress(nested(1))})),
    "xlsx: billion laughs": ("refused or taken", lambda: book(sharedStrings=_strings(_LAUGHS, "&l9;"))),
    "xlsx: quadratic": ("refused or taken", lambda: book(sharedStrings=_strings(_QUADRATIC, "&a;" * 20_000))),
    "xlsx: deep": ("refused or taken", lambda: book(sharedStrings=_strings("", "<r>" * 500_000))),
    "xlsx: a long text": ("refused or taken", lambda: book(sharedStrings=_strings("", "x" * 20_000_000))),
    "xlsx: a long attribute": (
        "refused or taken", lambda: book(worksheets__sheet1=f'{_HEAD}<worksheet a="{"x" * 20_000_000}"/>'),
    ),
    "xml: billion laughs": ("taken", lambda: grant("&l9;", _LAUGHS)),
    "xml: quadratic": ("taken", lambda: grant("&a;" * 50_000, _QUADRATIC)),
    "xml: deep": ("refused or taken", lambda: grant("<p>" * 200_000 + "</p>" * 200_000)),
    "xml: a long text": ("refused or taken", lambda: grant("x" * 30_000_000)),
    "xml: a long attribute": ("refused or taken", lambda: grant("", inside=f'a="{"x" * 20_000_000}"')),
    "xml: many attributes": ("refused or taken", lambda: grant("", inside=_many('a{}="1"', 200_000))),
    "xml: many elements": ("taken", lambda: grant("<b/>" * 1_000_000)),
    "xml: many namespaces": ("refused", lambda: grant("", inside=_many(_XMLNS, 50_000))),
    "xml: many namespaces around": (
        "taken",
        lambda: f"<w {_many(_XMLNS, 30_000)}>".encode() + grant("").partition(b"?>")[2] + b"</w>",
    ),
    "xml: starts without ends": ("refused or taken", lambda: b"<us-patent-grant>" * 300_000),
    "xml: a start without an end": ("refused or taken", lambda: b"<us-patent-grant " + b'a="' * 3_000_000),
    "json: deep list": ("refused", lambda: b'{"patentBag": [' + b"[" * 300_000),
    "json: deep list behind quotes": (
        "refused", lambda: b'{"patentBag": [' + b'["]]\\\\", "\\"]",' * 3_000 + b"[" * 90_000,
    ),
    "json: deep object": ("refused", lambda: b'{"a":' * 300_000 + b"1" + b"}" * 300_000),
    "json: a long number": ("refused or taken", lambda: b'{"patentBag": [{"a": ' + b"9" * 10_000_000 + b"}]}"),
    "json: a long text": ("refused or taken", lambda: b'{"a": "' + b"x" * 30_000_000 + b'"}'),
    "json: many keys": ("refused or taken", lambda: json.dumps({str(i): i for i in range(500_000)}).encode()),
    "json: half a character": ("refused or taken", lambda: b'{"patentBag": [{"patentNumber": "\\ud800"}]}\n' * 3),
    "csv: many columns": ("refused", lambda: ",".join(f"c{i}" for i in range(1_000_000)).encode() + b"\n1\n"),
    "csv: an endless line": ("refused", lambda: _CSV + b"x," * 20_000_000),
    "csv: a long cell": ("refused", lambda: _CSV + b"x" * 40_000_000),
    "csv: nothing but quotes": ("refused or taken", lambda: _CSV + b'"' * 20_000_000),
    "csv: quotes that never close": ("refused or taken", lambda: _CSV + b'"x\n' * 200_000),
    "csv: nothing but line ends": ("refused or taken", lambda: _CSV + b"\n" * 20_000_000),
    "csv: a number without end": ("taken", lambda: _CSV + b'"CN' + b"2020 " * 400_000 + b'",x,y\n'),
    "ciw: an endless record": ("refused or taken", lambda: seeds()["wos.ciw"] + b"PT P\n" + b"TI x\n y\n" * 2_000_000),
    "green book: an endless patent": ("taken", lambda: seeds()["green.txt"] + b"      on and on\n" * 2_000_000),
}  # fmt: skip
# What takes a few seconds or much memory, none of which tells more than the others.
_SLOW = frozenset({
    "csv: an endless line", "csv: nothing but line ends", "csv: many columns", "ciw: an endless record",
    "green book: an endless patent", "json: a long number", "xml: many elements", "xlsx: a long attribute",
    "xlsx: a long text", "csv: nothing but quotes", "xml: a long text", "json: a long text", "xml: starts without ends",
    "xml: many attributes", "xml: a long attribute", "json: many keys", "csv: a long cell", "flat zip",
})  # fmt: skip


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.slow) if name in _SLOW else name for name in BOMBS]
)
def test_a_bomb_does_no_harm(tmp_path: Path, name: str) -> None:
    expected, make = BOMBS[name]
    (tmp_path / "bomb").write_bytes(make())
    found, mebibytes = verdict(tmp_path / "bomb")
    assert found in expected.split(" or ")
    assert mebibytes < 1_536


@pytest.mark.parametrize("mebibytes", [24, pytest.param(1024, marks=pytest.mark.slow)])
@pytest.mark.parametrize(
    ("before", "char", "after"),
    [
        (_CSV, b"x", b",2020-01-02\n"),
        (_CSV + b'"', b"x\n", b'",2020-01-02\n'),
        (b"FN x\nPT P\nTI ", b"x", b"\nER\n"),
        (grant("")[:900], b"x", grant("")[900:]),
        (b'{"a": "', b"x", b'"}'),
        (b'{"patentBag": [{"a": "', b"x", b'"}]}'),
    ],
    ids=["csv", "csv in quotes", "ciw", "xml", "json", "json in a list"],
)
def test_a_cell_of_a_gigabyte(tmp_path: Path, mebibytes: int, before: bytes, char: bytes, after: bytes) -> None:
    """Even where packed files may grow as they like."""
    (tmp_path / "large.gz").write_bytes(packed(mebibytes, char, before, after))
    found, taken = verdict(tmp_path / "large.gz", 10**6)
    assert found == "refused" or mebibytes < 64
    assert taken < 1_536


# -- entities ----------------------------------------------------------------------------------------


@contextmanager
def _server() -> Iterator[tuple[str, list[str]]]:
    """A server, and the paths that it was asked for."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"fetched")

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/", asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.parametrize("kind", ["xml", "xlsx"])
def test_nothing_is_fetched_that_a_file_names(tmp_path: Path, kind: str) -> None:
    """External entities and document types: files are not read, addresses not asked."""
    (tmp_path / "secret.txt").write_text("the secret")
    with _server() as (url, asked):
        doctype = (
            f'<!DOCTYPE w SYSTEM "{url}w.dtd" [<!ENTITY f SYSTEM "{(tmp_path / "secret.txt").as_uri()}">'
            f'<!ENTITY u SYSTEM "{url}entity"><!ENTITY % p SYSTEM "{url}parameter"> %p;]>'
        )
        made = {
            "xml": lambda: grant("&f;&u;", doctype),
            "xlsx": lambda: book(sharedStrings=_strings(doctype, "&f;&u;")),
        }
        (tmp_path / "a").write_bytes(made[kind]())
        lake = Lake(tmp_path / "lake")
        try:
            pipeline.import_files([tmp_path / "a"], lake, settings=Settings(memory_limit="512MiB", threads=1))
        except PingjiangError as error:
            said = str(error)
        else:
            with Session(threads=1) as session:
                said = str(lake.require_current().open(session, "record", "reject"))
                said += str(
                    [table.rows() for table in lake.require_current().open(session, "record", "reject").values()]
                )
    assert asked == []
    assert "the secret" not in said and "fetched" not in said
