"""In which encoding a text is: by its byte order mark, by decoding all of it, and by plausibility.

A text is never decoded into nonsense: where the bytes fit an encoding but the characters are none that
people write, the encoding is not taken. Single bytes that do not fit are marked and cost their row only.
"""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import chain, islice
from typing import BinaryIO, cast

from pingjiang.files.refusals import refusal
from pingjiang.files.source import Source

_CHUNK = 2**20
_SAMPLED_CHUNKS = 4
MARK_ERRORS = "pingjiang.mark"
_KEEP_BYTES = "pingjiang.keep"
BAD_CHARACTER = re.compile("[\udc00-\udcff]")
_BOMS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
_WIDE_CODECS = {"utf-16-le": 2, "utf-16-be": 2, "utf-32-le": 4, "utf-32-be": 4}
# Characters that people write, by blocks: letters from Latin to Arabic, Indic and Thai, Vietnamese, punctuation and
# signs, kana, full-width forms, and whole surrogate pairs. Ideographs and Hangul are looked up one by one.
_WRITTEN = re.compile(
    "[\t\n\r -~\xa0-\u06ff\u0900-\u0e7f\u1e00-\u1eff\u2000-\u23ff\u2460-\u27bf\u3000-\u30ff\u3200-\u33ff"
    "\ufeff\uff01-\uffee\U00010000-\U0003ffff]"
)
_REPERTOIRES = (
    ("gb2312", range(0xB0, 0xF8)),  # simplified, 6,763
    ("big5", range(0xA4, 0xC7)),  # traditional, the 5,401 common ones
    ("euc_jp", range(0xB0, 0xD0)),  # Japanese, the 2,965 common ones
    ("euc_kr", range(0xB0, 0xC9)),  # Hangul, 2,350 of 11,172
)
_NON_ASCII = re.compile(r"[^\x00-\x7f]")
_HIGH_RUN = re.compile(rb"[\x80-\xff]+")
_UNDEFINED_IN_CP1252 = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
# How much of what is not ASCII must look right.
_ENOUGH_COMMON_CHINESE = 0.5
_ENOUGH_WRITTEN = 0.9
_ENOUGH_SHORT_RUNS = 0.8
_SHORT_RUN = 3
_FEW_BAD = 0.02
_FEW_UNDEFINED = 0.1


def _mark(error: UnicodeError) -> tuple[str, int]:
    """A codec error handler: each byte that does not fit becomes a lone surrogate, one of U+DC00–DCFF."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return "".join(chr(0xDC00 + byte) for byte in error.object[error.start : error.end]), error.end


def _keep(error: UnicodeError) -> tuple[str, int]:
    """A codec error handler: a byte stands for the character of its number, as the web reads Windows text."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("latin-1"), error.end


codecs.register_error(MARK_ERRORS, _mark)
codecs.register_error(_KEEP_BYTES, _keep)


@dataclass(frozen=True)
class Encoding:
    """A codec of Python's, the length of the byte order mark, and whether every byte fits."""

    codec: str
    mark_length: int
    clean: bool

    @property
    def _errors(self) -> str:
        # CP1252 leaves five bytes undefined; text that is otherwise plausible keeps them.
        return _KEEP_BYTES if self.codec == "cp1252" else MARK_ERRORS

    def open_text(self, source: Source) -> io.TextIOWrapper:
        """The text from its start; line ends as they are; bytes that do not fit are marked."""
        stream = source.open()
        stream.read(self.mark_length)
        return io.TextIOWrapper(stream, encoding=self.codec, errors=self._errors, newline="")

    def open_utf8(self, source: Source) -> BinaryIO:
        """The same text as UTF-8 bytes; bytes that do not fit stay ill-formed."""
        stream = source.open()
        stream.read(self.mark_length)
        return stream if self.codec == "utf-8" else cast(BinaryIO, _Recoded(stream, self.codec, self._errors))


def encoding_of(source: Source) -> Encoding:
    """The encoding of a whole text. FileDamaged where there is none, or where NUL bytes show it is no text.

    Reads everything once where it is UTF-8 or begins with a mark, twice otherwise.
    """
    codec, mark_length = _by_mark_or_zeros(source.head())
    if codec is not None:
        return Encoding(codec, mark_length, _decodes(source, codec, mark_length))
    if _decodes(source, "utf-8", 0):
        return Encoding("utf-8", 0, True)
    return _judge(source)


def wide_encoding(source: Source) -> Encoding | None:
    """The encoding of a text of two or four bytes a character, UTF-16 and UTF-32; None for any other."""
    codec, mark_length = _by_mark_or_zeros(source.head())
    return Encoding(codec, mark_length, True) if codec in _WIDE_CODECS else None


def ascii_view(head: bytes) -> str:
    """The first bytes of a text as far as ASCII goes: all else is some character or other."""
    codec, mark_length = _by_mark_or_zeros(head)
    return head[mark_length:].decode(codec if codec in _WIDE_CODECS else "latin-1", errors="replace")


def _by_mark_or_zeros(head: bytes) -> tuple[str | None, int]:
    """The codec that the first bytes tell, if they do, and the length of its byte order mark."""
    for mark, codec in _BOMS:
        if head.startswith(mark):
            return codec, len(mark)
    return _utf16_without_mark(head), 0


def _chunks(source: Source, skip: int = 0) -> Iterator[bytes]:
    with source.open() as stream:
        stream.read(skip)
        while chunk := stream.read(_CHUNK):
            yield chunk


def _decodes(source: Source, codec: str, skip: int) -> bool:
    """Whether all bytes fit. Refuses NUL characters, naming the line."""
    if codec in _WIDE_CODECS:
        return _decodes_wide(source, codec, skip)
    decoder = codecs.getincrementaldecoder(codec)()
    lines, fits = 1, True
    for chunk in _chunks(source, skip):
        before, nul, _ = chunk.partition(b"\0")
        lines += before.count(b"\n")
        if nul:
            raise refusal("nul_bytes", source.name, at_row=lines)
        if fits:
            fits = _fits(decoder, chunk, final=False)
    return fits and _fits(decoder, b"", final=True)


def _fits(decoder: codecs.IncrementalDecoder, chunk: bytes, *, final: bool) -> bool:
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return False
    return True


def _decodes_wide(source: Source, codec: str, skip: int) -> bool:
    """The same for UTF-16 and UTF-32, where zero bytes mean nothing but zero characters do.

    Refuses a text that ends inside a character: it is cut short, or a byte is missing and shifts all that follows.
    """
    decoder = codecs.getincrementaldecoder(codec)(MARK_ERRORS)
    lines, size, fits = 1, 0, True
    for chunk in chain(_chunks(source, skip), [b""]):
        size += len(chunk)
        before, nul, rest = decoder.decode(chunk, final=not chunk).partition("\0")
        lines += before.count("\n")
        if nul:
            raise refusal("nul_bytes", source.name, at_row=lines)
        fits = fits and BAD_CHARACTER.search(before + rest) is None
    unit = _WIDE_CODECS[codec]
    if size % unit:
        raise refusal("half_character", source.name, at_row=lines, codec=codec[:6].upper(), unit=unit, count=size)
    return fits


def _utf16_without_mark(head: bytes) -> str | None:
    """UTF-16 shows by its line ends, which hold a zero byte, and by characters that people write.

    No text in UTF-8, GB18030 or CP1252 has zero bytes. With bytes in the wrong order no line ends; bytes that are
    no text, or other text with stray zeros, seldom make characters that people write.
    """
    if b"\0" not in head:
        return None
    shares = {codec: _share_written(head, codec) for codec in ("utf-16-le", "utf-16-be")}
    codec = max(shares, key=lambda codec: shares[codec])
    return codec if shares[codec] >= _ENOUGH_WRITTEN else None


def _share_written(head: bytes, codec: str) -> float:
    """The share of characters that people write in a text of several lines; 0 for a text of one line."""
    text = codecs.getincrementaldecoder(codec)(MARK_ERRORS).decode(head)
    if "\n" not in text and "\r" not in text:
        return 0.0
    return sum(_WRITTEN.match(char) is not None or char in _common_letters() for char in text) / len(text)


@dataclass
class _Seen:
    """Counts over what is not ASCII in a text: characters that fit, and how they look."""

    utf8_characters: int = 0
    utf8_bad: int = 0
    gb_characters: int = 0
    gb_common: int = 0
    gb_bad: int = 0
    high_bytes: int = 0
    in_short_runs: int = 0
    undefined: int = 0

    def add(self, lines: bytes) -> None:
        """Count whole lines."""
        # Marking errors one by one would take long where there is nothing else.
        text = lines.decode("utf-8", "replace")
        bad = text.count("\ufffd")
        self.utf8_bad += bad
        self.utf8_characters += len(_NON_ASCII.findall(text)) - bad
        characters = _NON_ASCII.findall(lines.decode("gb18030", "replace"))
        bad = characters.count("\ufffd")
        self.gb_bad += bad
        self.gb_characters += len(characters) - bad
        self.gb_common += sum(char in _common_chinese() for char in characters)
        runs = [len(run) for run in _HIGH_RUN.findall(lines)]
        self.high_bytes += sum(runs)
        self.in_short_runs += sum(run for run in runs if run <= _SHORT_RUN)
        self.undefined += len(_UNDEFINED_IN_CP1252.findall(lines))


def _judge(source: Source) -> Encoding:
    """The most plausible encoding of a text that is not clean UTF-8."""
    seen = _Seen()
    # Whole lines, so that no character is cut in two: no encoding here has a line end inside a character.
    with_high_bytes = (lines for lines in _whole_lines(source) if _HIGH_RUN.search(lines))
    for lines in islice(with_high_bytes, _SAMPLED_CHUNKS):
        seen.add(lines)
    # Bytes of another encoding make valid UTF-8 by rare chance only.
    if seen.utf8_characters > 2 * seen.utf8_bad:
        return Encoding("utf-8", 0, False)
    if seen.gb_common >= _ENOUGH_COMMON_CHINESE * max(1, seen.gb_characters + seen.gb_bad):
        clean = _decodes(source, "gb18030", 0)
        if clean or seen.gb_bad <= _FEW_BAD * seen.gb_characters:
            return Encoding("gb18030", 0, clean)
    short = seen.in_short_runs >= _ENOUGH_SHORT_RUNS * seen.high_bytes
    if short and seen.undefined <= _FEW_UNDEFINED * seen.high_bytes:
        return Encoding("cp1252", 0, clean=True)
    raise refusal("encoding", source.name, at_row=_first_line_not_utf8(source))


def _whole_lines(source: Source) -> Iterator[bytes]:
    """The text in pieces of about a chunk that end with a line (a line beyond a chunk is cut)."""
    rest = b""
    for chunk in _chunks(source):
        end = chunk.rfind(b"\n") + 1
        if end:
            yield rest + chunk[:end]
            rest = chunk[end:]
        else:
            yield rest
            rest = chunk
    yield rest


def _first_line_not_utf8(source: Source) -> int:
    line = 1
    for lines in _whole_lines(source):
        try:
            lines.decode("utf-8")
        except UnicodeDecodeError as error:
            return line + lines.count(b"\n", 0, error.start)
        line += lines.count(b"\n")
    return line


@cache
def _common_chinese() -> frozenset[str]:
    """The 3,755 characters of GB 2312's first level, and its punctuation and full-width signs."""
    return _repertoire("gb2312", [*range(0xA1, 0xA4), *range(0xB0, 0xD8)])


@cache
def _common_letters() -> frozenset[str]:
    """The ideographs and Hangul that the national standards of East Asia hold for common: some 11,000."""
    return frozenset().union(*(_repertoire(codec, rows) for codec, rows in _REPERTOIRES))


def _repertoire(codec: str, rows: Iterable[int]) -> frozenset[str]:
    """The characters of some rows of a two-byte code."""
    cells = [*range(0x40, 0x7F), *range(0xA1, 0xFF)] if codec == "big5" else range(0xA1, 0xFF)
    return frozenset(bytes((row, cell)).decode(codec, errors="ignore") for row in rows for cell in cells) - {""}


class _Recoded(io.RawIOBase):
    """A stream of another encoding as UTF-8."""

    def __init__(self, stream: BinaryIO, codec: str, errors: str) -> None:
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder(codec)(errors)
        self._ready = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        while not self._ready:
            chunk = self._stream.read(_CHUNK)
            # What did not fit stays what fits nowhere: whoever reads on refuses it, and nothing is made up.
            self._ready = self._decoder.decode(chunk, final=not chunk).encode("utf-8", "surrogatepass")
            if not chunk:
                break
        size = min(len(buffer), len(self._ready))
        buffer[:size] = self._ready[:size]
        self._ready = self._ready[size:]
        return size

    def close(self) -> None:
        self._stream.close()
        super().close()
