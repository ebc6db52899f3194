"""Zip archives: their members as sources. Nothing is written to disk."""

from __future__ import annotations

import re
import stat
import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from pingjiang.files.inflate import ZIP_ERRORS
from pingjiang.files.refusals import refusal
from pingjiang.files.source import Source, check_expansion, member_source

_MOST_MEMBERS = 1000
_MADE_BY_SYSTEMS = re.compile(r"(^|/)(__MACOSX/|\._|\.DS_Store$|Thumbs\.db$|desktop\.ini$)", re.IGNORECASE)
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}  # others are rare, and ask for memory as they like
_DRIVE = re.compile(r"[A-Za-z]:")


@dataclass(frozen=True)
class Archive:
    """What a zip lists."""

    infos: tuple[zipfile.ZipInfo, ...]

    @property
    def names(self) -> list[str]:
        """The names of all members as they stand in the archive."""
        return [info.filename for info in self.infos]


def read_archive(source: Source) -> Archive:
    """The list of a zip. FileDamaged where it is cut short."""
    try:
        with source.open() as stream, zipfile.ZipFile(stream) as archive:
            return Archive(tuple(archive.infolist()))
    except ZIP_ERRORS as error:
        raise refusal("cut_short", source.name, detail=str(error)) from error


def members(source: Source, path: Path, archive: Archive) -> list[Source]:
    """The files in the zip at `path`, in its order, without what operating systems put in.

    Refuses names that point outside, links, passwords, rare methods, too many members and too much growth.
    """
    found = []
    for info in archive.infos:
        name = _name(info)
        _check_name(source, info, name)
        if info.is_dir() or _MADE_BY_SYSTEMS.search(name):
            continue
        if info.flag_bits & 1:
            raise refusal("encrypted", f"{source.name}/{name}")
        if info.compress_type not in _METHODS:
            raise refusal("archive", f"{source.name}/{name}", what=f"zip, method {info.compress_type}")
        found.append((info, name))
    if len(found) > _MOST_MEMBERS:
        raise refusal("many_members", source.name, count=len(found))
    # Members may lie one in another: packed they are never larger than the archive.
    packed = min(sum(info.compress_size for info, _ in found), path.stat().st_size)
    check_expansion(source.name, packed, sum(info.file_size for info, _ in found), source.settings)
    return [member_source(source, path, info, name) for info, name in found]


def check_names(source: Source, archive: Archive) -> None:
    """Refuse names that point outside, and links."""
    for info in archive.infos:
        _check_name(source, info, _name(info))


def _name(info: zipfile.ZipInfo) -> str:
    """A member's name. Chinese systems write it in GBK without saying so."""
    if info.flag_bits & 0x800 or info.filename.isascii():
        return info.filename
    try:
        raw = info.filename.encode("cp437")
    except UnicodeEncodeError:
        return info.filename
    for codec in ("utf-8", "gb18030"):
        try:
            return raw.decode(codec)
        except UnicodeDecodeError:
            continue
    return info.filename


def _check_name(source: Source, info: zipfile.ZipInfo, name: str) -> None:
    if not name:
        raise refusal("cut_short", source.name, detail="a member without a name")
    parts = PurePosixPath(name.replace("\\", "/"))
    outside = parts.is_absolute() or ".." in parts.parts or _DRIVE.match(name) is not None
    if outside or stat.S_ISLNK(info.external_attr >> 16):
        raise refusal("unsafe_name", source.name, member=repr(name))
