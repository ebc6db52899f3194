"""A zip of stored members of which every byte follows from their names, sizes and contents.

Any program opens it as a zip. Here it is written and read in one layout alone: members one behind the other
from the first byte on, no comment, no extra field but that of zip64, no date, no flag; then the list, then the end.
A reader who knows names, sizes and checksums therefore knows the whole file but the contents, and compares it byte
for byte: nothing can be hidden before, between or behind the members, and no two readers see different ones.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

PIECE = 2**20
# From here on a size or a place stands in the field of zip64. Smaller only where a test wants to see that.
WIDE_FROM = 0xFFFF_FFFF
_MANY_FROM = 0xFFFF
_MARK32, _MARK16 = 0xFFFF_FFFF, 0xFFFF
_DATE = 0x21  # 1980-01-01, the first day that a zip can name
_PLAIN, _WIDE = 20, 45  # versions of the format
_UNIX_FILE = 0o100644 << 16
_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")
_WIDE_END = struct.Struct("<4sQ2H2I4Q")
_WIDE_PLACE = struct.Struct("<4sIQI")
_LONGEST_NAME = 255


class LayoutDiffers(Exception):
    """The bytes are not those that this layout has. `str()` says where, in both languages."""


@dataclass(frozen=True, slots=True)
class Member:
    """A stored member: its name (ASCII), its size in bytes and its CRC-32."""

    name: str
    size: int
    crc32: int


def header(member: Member) -> bytes:
    """What stands before the content of a member."""
    name = member.name.encode("ascii")
    wide = member.size >= WIDE_FROM
    extra = struct.pack("<2H2Q", 1, 16, member.size, member.size) if wide else b""
    size = _MARK32 if wide else member.size
    version = _WIDE if wide else _PLAIN
    return (
        _LOCAL.pack(b"PK\x03\x04", version, 0, 0, 0, _DATE, member.crc32, size, size, len(name), len(extra))
        + name
        + extra
    )


def tail(members: Sequence[Member]) -> Iterator[bytes]:
    """What stands behind the last content: the list of members, and the end."""
    place = length = 0
    for member in members:
        entry = _entry(member, place)
        length += len(entry)
        place += len(header(member)) + member.size
        yield entry
    count = len(members)
    if place >= WIDE_FROM or length >= WIDE_FROM or count >= _MANY_FROM:
        yield _WIDE_END.pack(b"PK\x06\x06", 44, _WIDE, _WIDE, 0, 0, count, count, length, place)
        yield _WIDE_PLACE.pack(b"PK\x06\x07", 0, place + length, 1)
    few = min(count, _MARK16)
    start = _MARK32 if place >= WIDE_FROM else place
    size = _MARK32 if length >= WIDE_FROM else length
    yield _END.pack(b"PK\x05\x06", 0, 0, few, few, size, start, 0)


def _entry(member: Member, place: int) -> bytes:
    """A member's line in the list."""
    name = member.name.encode("ascii")
    wide, far = member.size >= WIDE_FROM, place >= WIDE_FROM
    fields = [member.size, member.size] * wide + [place] * far
    extra = struct.pack(f"<2H{len(fields)}Q", 1, 8 * len(fields), *fields) if fields else b""
    version = _WIDE if fields else _PLAIN
    size = _MARK32 if wide else member.size
    return (
        _CENTRAL.pack(
            b"PK\x01\x02", 0x300 | version, version, 0, 0, 0, _DATE, member.crc32, size, size,
            len(name), len(extra), 0, 0, 0, _UNIX_FILE, _MARK32 if far else place,
        )
        + name
        + extra
    )  # fmt: skip


def total_size(members: Sequence[Member]) -> int:
    """Bytes of the whole file."""
    return sum(len(header(member)) + member.size for member in members) + sum(map(len, tail(members)))


# -- reading -----------------------------------------------------------------------------------------


def read_first(stream: BinaryIO, name: str, most: int) -> tuple[Member, bytes]:
    """The next member, which must be called `name` and have no more than `most` bytes: itself and its content.

    For members whose size nothing has told yet. LayoutDiffers where the bytes are others.
    """
    length = _LOCAL.size + len(name)
    found = stream.read(length)
    if len(found) < length:
        raise LayoutDiffers(f"文件不完整：缺 {name} · the file is cut short: {name} is missing")
    fields = _LOCAL.unpack_from(found)
    member = Member(name, fields[8], fields[6])
    if member.size > most or found != header(member):
        raise LayoutDiffers(f"{name} 之前的字节不是数据包的格式 · the bytes before {name} are not those of a package")
    content = stream.read(member.size)
    if len(content) < member.size or zlib.crc32(content) != member.crc32:
        raise LayoutDiffers(f"{name} 不完整或已改变 · {name} is cut short or was changed")
    return member, content


def read_member(stream: BinaryIO, member: Member) -> Iterator[bytes]:
    """The content of the next member, which must be this one, in pieces. Its CRC-32 is checked behind the last."""
    expect(stream, header(member), member.name)
    left, crc = member.size, 0
    while left:
        piece = stream.read(min(left, PIECE))
        if not piece:
            raise LayoutDiffers(f"文件不完整：{member.name} 中断 · the file is cut short inside {member.name}")
        left -= len(piece)
        crc = zlib.crc32(piece, crc)
        yield piece
    if crc != member.crc32:
        raise LayoutDiffers(f"{member.name} 已改变 · {member.name} was changed")


def read_end(stream: BinaryIO, members: Sequence[Member]) -> None:
    """What stands behind the last content, which must be the list of these members and nothing else."""
    for part in tail(members):
        expect(stream, part, "目录 the list at the end")
    if stream.read(1):
        raise LayoutDiffers("文件末尾有多余的内容 · there is more behind the end")


def expect(stream: BinaryIO, wanted: bytes, what: str) -> None:
    """LayoutDiffers where the next bytes are others."""
    found = stream.read(len(wanted))
    if found != wanted:
        cut = len(found) < len(wanted)
        raise LayoutDiffers(
            f"{what} 处{'中断' if cut else '的字节已改变'} · "
            f"{'the file is cut short' if cut else 'bytes were changed'} at {what}"
        )
