"""What people hand in to be kept, not to be read: what it is, by its content, and whether it is safe to hand on.

    kind = inspect(path, "附件.docx", allowed=…, settings=…)

Nothing is executed, drawn or written. Packed kinds are unpacked once, without being kept, within the limits of the
settings; what an archive holds must itself be of an allowed kind.
"""

from __future__ import annotations

import mmap
import shutil
import tempfile
import zipfile
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pingjiang.config import Settings
from pingjiang.files.archives import Archive, check_names, members, read_archive
from pingjiang.files.encodings import ascii_view, encoding_of
from pingjiang.files.inflate import ERRORS, ZIP_ERRORS
from pingjiang.files.kinds import is_markup
from pingjiang.files.refusals import refusal
from pingjiang.files.source import Source
from pingjiang.files.workbook_guard import check_workbook

_HEAD = 64 * 1024
_TAIL = 2048
_PIECE = 2**20
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_XML_SUFFIXES = (".xml", ".rels", ".vml")


@dataclass(frozen=True)
class UploadKind:
    """A kind of file: its name, the suffix and media type under which it is handed out, and words."""

    name: str
    suffix: str
    media: str
    words: tuple[str, str]


_OFFICE = "application/vnd.openxmlformats-officedocument."
KINDS: Mapping[str, UploadKind] = {
    kind.name: kind
    for kind in (
        UploadKind("pdf", ".pdf", "application/pdf", ("PDF", "PDF")),
        UploadKind("ofd", ".ofd", "application/ofd", ("OFD 版式文件", "OFD")),
        UploadKind("docx", ".docx", f"{_OFFICE}wordprocessingml.document", ("Word 文档", "Word")),
        UploadKind("xlsx", ".xlsx", f"{_OFFICE}spreadsheetml.sheet", ("Excel 表格", "Excel")),
        UploadKind("pptx", ".pptx", f"{_OFFICE}presentationml.presentation", ("演示文稿", "PowerPoint")),
        UploadKind("doc", ".doc", "application/msword", ("Word 97 文档", "Word 97")),
        UploadKind("xls", ".xls", "application/vnd.ms-excel", ("Excel 97 表格", "Excel 97")),
        UploadKind("ppt", ".ppt", "application/vnd.ms-powerpoint", ("97 演示文稿", "PowerPoint 97")),
        UploadKind("png", ".png", "image/png", ("PNG 图片", "PNG")),
        UploadKind("jpeg", ".jpg", "image/jpeg", ("JPEG 图片", "JPEG")),
        UploadKind("text", ".txt", "text/plain", ("文本", "plain text")),
        UploadKind("zip", ".zip", "application/zip", ("ZIP 压缩包", "ZIP")),
    )
}
# The part by which an Office Open XML or OFD package is known.
_PACKAGES = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx", "ppt/presentation.xml": "pptx", "OFD.xml": "ofd"}
# The stream by which an OLE2 container is known; names stand in its directory as UTF-16.
_STREAMS = {"WordDocument": "doc", "Workbook": "xls", "Book": "xls", "PowerPoint Document": "ppt"}
_STARTS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "pdf"), (b"\x89PNG\r\n\x1a\n", "png"), (b"\xff\xd8\xff", "jpeg"),
)  # fmt: skip
# What is known well enough to be named when it is refused.
_OTHERS: tuple[tuple[bytes, tuple[str, str]], ...] = (
    (b"MZ", ("Windows 程序", "a Windows program")), (b"\x7fELF", ("程序", "a program")),
    (b"#!", ("脚本", "a script")), (b"Rar!\x1a\x07", ("RAR 压缩包", "RAR")),
    (b"7z\xbc\xaf\x27\x1c", ("7z 压缩包", "7z")), (b"\x1f\x8b", ("gzip 压缩包", "gzip")),
    (b"GIF8", ("GIF 图片", "GIF")), (b"{\\rtf", ("RTF 文档", "RTF")),
    (b"SQLite format 3\0", ("数据库文件", "a database file")),
)  # fmt: skip


def inspect(path: Path, name: str, *, allowed: Collection[str], settings: Settings) -> UploadKind:
    """The kind of the file at `path`, which its owner calls `name`. InputRefused says why it is not taken."""
    source = Source(name, lambda: path.open("rb"), settings, path)
    kind = KINDS[_recognised(source, path, allowed)]
    if kind.name not in allowed:
        raise _not_allowed(name, kind.words, allowed)
    if kind.name == "zip":
        _check_zip(source, path, allowed)
    elif kind.suffix in (".docx", ".xlsx", ".pptx", ".ofd"):
        _check_package(source, path)
    elif kind.name == "pdf":
        _check_end(path, name, b"%%EOF")
    elif kind.name == "png":
        _check_end(path, name, b"IEND")
    elif kind.name == "text":
        encoding_of(source)
    return kind


def _recognised(source: Source, path: Path, allowed: Collection[str]) -> str:
    name = source.name
    with path.open("rb") as handle:
        head = handle.read(_HEAD)
    if not head:
        raise refusal("empty", name)
    for magic, kind in _STARTS:
        if head.startswith(magic):
            return kind
    if head.startswith(_ZIP):
        parts = set(read_archive(source).names)
        return next((kind for part, kind in _PACKAGES.items() if part in parts), "zip")
    if head.startswith(_OLE):
        return _ole_kind(path, name, allowed)
    for magic, words in _OTHERS:
        if head.startswith(magic):
            raise _not_allowed(name, words, allowed)
    if b"\0" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise refusal("unknown_kind", name, **_told(allowed))
    if is_markup(ascii_view(head)):
        raise _not_allowed(name, ("网页或 XML", "a web page or XML"), allowed)
    return "text"


def _not_allowed(name: str, words: tuple[str, str], allowed: Collection[str]) -> Exception:
    return refusal("not_allowed", name, what_zh=words[0], what=words[1], **_told(allowed))


def _told(allowed: Collection[str]) -> dict[str, Any]:
    words = [kind.words for kind in KINDS.values() if kind.name in allowed]
    return {"allowed_zh": "、".join(zh for zh, _ in words), "allowed": ", ".join(en for _, en in words)}


def _ole_kind(path: Path, name: str, allowed: Collection[str]) -> str:
    with path.open("rb") as handle, mmap.mmap(handle.fileno(), 0, access=mmap.ACCESS_READ) as data:

        def has(stream: str) -> bool:
            return data.find(stream.encode("utf-16-le")) >= 0

        if has("EncryptedPackage"):
            raise refusal("encrypted", name)
        if has("_VBA_PROJECT"):
            raise refusal("macros", name)
        for stream, kind in _STREAMS.items():
            if has(stream):
                return kind
    raise refusal("unknown_kind", name, **_told(allowed))


def _check_package(source: Source, path: Path) -> None:
    """An Office or OFD package: unpacks within the limits, holds no macros, and its XML declares nothing."""
    archive = read_archive(source)
    check_names(source, archive)
    check_workbook(path, source.name, source.settings)
    if any(part.lower().endswith(("vbaproject.bin", "vbadata.xml")) for part in archive.names):
        raise refusal("macros", source.name)
    with zipfile.ZipFile(path) as packed:
        for info in archive.infos:
            if info.filename.lower().endswith(_XML_SUFFIXES) and _declares(packed, info, source.name):
                raise refusal("declares", source.name, member=info.filename)


def _declares(packed: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> bool:
    """Whether an XML part holds a document type, in whichever width of characters."""
    wanted = [text.encode(codec) for text in ("<!DOCTYPE", "<!ENTITY") for codec in ("ascii", "utf-16-le", "utf-16-be")]
    tail = b""
    try:
        with packed.open(info) as part:
            for piece in _pieces(part):
                seen = tail + piece
                if any(text in seen for text in wanted):
                    return True
                tail = seen[-32:]
    except (*ERRORS, *ZIP_ERRORS, NotImplementedError) as error:
        raise refusal("cut_short", name, detail=f"{info.filename}: {error}") from error
    return False


def _pieces(stream: object) -> Iterator[bytes]:
    while piece := stream.read(_PIECE):  # type: ignore[attr-defined]
        yield piece


def _check_zip(source: Source, path: Path, allowed: Collection[str]) -> None:
    """An archive: within the limits, and each member of a kind that is allowed and no archive itself."""
    archive: Archive = read_archive(source)
    for member in members(source, path, archive):
        with tempfile.NamedTemporaryFile(dir=source.settings.temp_dir) as unpacked:
            with member.open() as stream:
                shutil.copyfileobj(stream, unpacked, _PIECE)
            unpacked.flush()
            inner = Path(unpacked.name)
            if inner.stat().st_size == 0:
                continue
            inspect(inner, member.name, allowed=set(allowed) - {"zip"}, settings=source.settings)


def _check_end(path: Path, name: str, mark: bytes) -> None:
    size = path.stat().st_size
    with path.open("rb") as handle:
        handle.seek(max(0, size - _TAIL))
        if mark not in handle.read():
            raise refusal("cut_short", name, detail=f"no {mark.decode()}")
