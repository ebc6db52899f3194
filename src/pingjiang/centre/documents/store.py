"""Bytes in the site's folder, by their SHA-256: uploads/ab/abcd…. Under its name a file is whole, or not there.

Who is killed on the way leaves a file that ends in .part, which `sweep` takes away; a row of the database is written
after its file, never before.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from pingjiang.centre.documents.models import Content

_DIGEST = re.compile(r"[0-9a-f]{64}")
_PIECE = 2**20
_OLD = 24 * 3600  # seconds after which an unfinished file belongs to nobody


class TooBig(Exception):
    """More bytes came than may."""


@dataclass(frozen=True)
class Incoming:
    """Bytes that have come and are not kept yet."""

    path: Path
    sha256: str
    size: int


def root() -> Path:
    """The folder of all of them."""
    return Path(settings.SITE_FOLDER) / "uploads"


def path_of(sha256: str) -> Path:
    """Where bytes lie. ValueError for what is no digest: no name leads out of the folder."""
    if not _DIGEST.fullmatch(sha256):
        raise ValueError("a SHA-256 has 64 hexadecimal digits")
    return root() / sha256[:2] / sha256


@contextmanager
def receive(pieces: Iterable[bytes], limit: int | None = None) -> Iterator[Incoming]:
    """Bytes into a temporary file, counted and summed. TooBig beyond the limit. At the end the file is gone or kept."""
    root().mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=root(), suffix=".part")
    path = Path(name)
    try:
        digest, size = hashlib.sha256(), 0
        with os.fdopen(handle, "wb") as stream:
            for piece in pieces:
                size += len(piece)
                if limit is not None and size > limit:
                    raise TooBig
                digest.update(piece)
                stream.write(piece)
            stream.flush()
            os.fsync(stream.fileno())
        yield Incoming(path, digest.hexdigest(), size)
    finally:
        path.unlink(missing_ok=True)


def keep(incoming: Incoming, kind: str) -> Content:
    """Put them under their name, safe from a loss of power, and note them. The same bytes twice are kept once."""
    target = path_of(incoming.sha256)
    if not target.exists() or target.stat().st_size != incoming.size:
        target.parent.mkdir(exist_ok=True)
        incoming.path.chmod(0o440)
        incoming.path.replace(target)
        for folder in (target.parent, root()):
            _sync(folder)
    content, _ = Content.objects.get_or_create(
        sha256=incoming.sha256, defaults={"size": incoming.size, "kind": kind}
    )  # fmt: skip
    return content


def keep_bytes(data: bytes, kind: str) -> Content:
    """The same for bytes at hand."""
    with receive([data]) as incoming:
        return keep(incoming, kind)


def open_content(content: Content) -> BinaryIO:
    """The bytes of a content."""
    return path_of(content.sha256).open("rb")


def damaged() -> Iterator[tuple[Content, str]]:
    """Contents whose file is gone or says something else: ('missing' | 'changed'). Reads all of them."""
    for content in Content.objects.order_by("sha256").iterator(chunk_size=1000):
        path = path_of(content.sha256)
        if not path.is_file():
            yield content, "missing"
        elif _sum(path) != content.sha256:
            yield content, "changed"


def sweep(now: float | None = None) -> int:
    """Take away what was left unfinished a day ago or more. How many there were."""
    old = (time.time() if now is None else now) - _OLD
    found = [path for path in root().glob("*.part") if path.stat().st_mtime < old]
    for path in found:
        path.unlink(missing_ok=True)
    return len(found)


def _sum(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as handle:
        while piece := handle.read(_PIECE):
            digest.update(piece)
    return digest.hexdigest()


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
