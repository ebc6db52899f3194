"""A weekly file of grants as large as wanted: the samples again and again, each time with another number.

The content is the USPTO's own (public domain); the numbers are not, so the file is synthetic and stays in build/.
"""

from __future__ import annotations

import os
import re
from dataclasses import asdict, dataclass
from pathlib import Path

_SAMPLES = ("xml2004/US06859910.xml", "xml2004/US06970935.xml", "xml2014/US08926509.xml", "xml2014/US08927118.xml")
_NUMBER = re.compile(rb"(<publication-reference>.*?<doc-number>)(\d+)(</doc-number>)", re.DOTALL)
_APPLICATION = re.compile(rb"(<application-reference.*?<doc-number>)(\d+)(</doc-number>)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Parameters:
    """What decides every byte of the file."""

    megabytes: int
    first_number: int = 9_000_000
    version: int = 1

    def as_dict(self) -> dict[str, int]:
        """The parameters as plain data, for the hash that decides on reuse."""
        return asdict(self)


def samples() -> list[bytes]:
    """The sample documents, in turn. Needs PINGJIANG_SAMPLES."""
    folder = Path(os.environ["PINGJIANG_SAMPLES"]) / "formats" / "uspto"
    return [(folder / name).read_bytes() for name in _SAMPLES]


def generate(folder: Path, parameters: Parameters) -> int:
    """Write `folder/weekly.xml`. Returns the number of documents."""
    originals, written, number = samples(), 0, parameters.first_number
    with (folder / "weekly.xml").open("wb") as stream:
        while written < parameters.megabytes * 1_000_000:
            document = originals[number % len(originals)]
            own = str(number).encode()
            document = _NUMBER.sub(rb"\g<1>" + own + rb"\g<3>", document, count=1)
            # Applications of series 17: no two documents share one.
            document = _APPLICATION.sub(rb"\g<1>" + str(number + 8_000_000).encode() + rb"\g<3>", document, count=1)
            written += stream.write(document)
            number += 1
    return number - parameters.first_number
