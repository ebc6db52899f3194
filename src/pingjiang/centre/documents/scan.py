"""The malware scanner: ClamAV's daemon by its socket. Where none was named and none is there, nothing is scanned and
that is said; where one was named and does not answer, nothing is taken.
"""

from __future__ import annotations

import socket
import struct
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from pingjiang.errors import PingjiangError

_USUAL = (Path("/run/clamav/clamd.ctl"), Path("/var/run/clamav/clamd.ctl"), Path("/run/clamd.scan/clamd.sock"))
_PIECE = 2**17
_SECONDS = 60
_LONGEST = 4096


class ScannerSilent(PingjiangError):
    """The scanner that the settings name does not answer as one."""

    def __init__(self, detail: str) -> None:
        super().__init__(
            f"查毒程序没有应答（{detail}），文件没有收下。",
            f"The malware scanner does not answer ({detail}): the file was not taken.",
            remedy=("请稍后再传；管理员请检查 clamd。", "Try again later; administrators: see to clamd."),
        )


@dataclass(frozen=True)
class Verdict:
    """'clean', 'infected' or 'not_scanned'; by which program; what was found."""

    verdict: str
    engine: str = ""
    found: str = ""


def scan(path: Path) -> Verdict:
    """What the scanner says of a file. ScannerSilent where one is named and does not answer."""
    named: str = settings.SITE_CLAMD
    address = named or next((str(usual) for usual in _USUAL if usual.is_socket()), "")
    if not address:
        return Verdict("not_scanned")
    try:
        engine = _ask(address, b"zVERSION\0")
        answer = _ask(address, b"zINSTREAM\0", path)
    except OSError as error:
        if named:
            raise ScannerSilent(error.strerror or type(error).__name__) from error
        return Verdict("not_scanned")
    if answer == "stream: OK":
        return Verdict("clean", engine[:120])
    if answer.endswith(" FOUND"):
        return Verdict("infected", engine[:120], answer.removeprefix("stream: ").removesuffix(" FOUND"))
    raise ScannerSilent(answer[:100])


def _connected(address: str) -> socket.socket:
    if address.startswith("/"):
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(_SECONDS)
        connection.connect(address)
        return connection
    host, _, port = address.rpartition(":")
    return socket.create_connection((host, int(port)), timeout=_SECONDS)


def _ask(address: str, command: bytes, path: Path | None = None) -> str:
    """One command, with a file after it in pieces of a stated length; the answer ends with a zero byte."""
    with closing(_connected(address)) as connection:
        connection.sendall(command)
        if path is not None:
            with path.open("rb") as handle:
                while piece := handle.read(_PIECE):
                    connection.sendall(struct.pack("!I", len(piece)) + piece)
            connection.sendall(struct.pack("!I", 0))
        answer = b""
        while not answer.endswith(b"\0") and len(answer) < _LONGEST:
            piece = connection.recv(_LONGEST)
            if not piece:
                break
            answer += piece
    return answer.rstrip(b"\0").decode("utf-8", "replace").strip()
