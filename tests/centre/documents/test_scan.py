"""The scanner, against a server that speaks clamd's protocol."""

from __future__ import annotations

import socket
import socketserver
import struct
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pingjiang.centre.documents import scan

# The test file of the anti-virus industry, in two halves: whole, it would be found in this file too.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-" + b"STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class Clamd(socketserver.StreamRequestHandler):
    """INSTREAM and VERSION as the manual of clamd has them: pieces of a stated length, ended by one of none."""

    def handle(self) -> None:
        command = b""
        while not command.endswith(b"\0"):
            command += self.rfile.read(1)
        if command == b"zVERSION\0":
            self.wfile.write(b"ClamAV 1.4.2/27500\0")
            return
        assert command == b"zINSTREAM\0"
        content = b""
        while size := struct.unpack("!I", self.rfile.read(4))[0]:
            content += self.rfile.read(size)
        found = b"stream: Win.Test.EICAR_HDB-1 FOUND\0" if EICAR in content else b"stream: OK\0"
        self.wfile.write(b"INSTREAM size limit exceeded. ERROR\0" if len(content) > 500_000 else found)


@pytest.fixture(params=["unix", "tcp"])
def clamd(request: Any, tmp_path: Path, settings: Any) -> Iterator[None]:
    if request.param == "unix":
        server: socketserver.BaseServer = socketserver.ThreadingUnixStreamServer(str(tmp_path / "s"), Clamd)
        settings.SITE_CLAMD = str(tmp_path / "s")
    else:
        server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Clamd)
        settings.SITE_CLAMD = f"127.0.0.1:{server.server_address[1]}"
    with server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield
        server.shutdown()
        thread.join()


@pytest.mark.usefixtures("clamd")
def test_what_the_scanner_says(tmp_path: Path) -> None:
    file = tmp_path / "f"
    file.write_bytes(b"x" * 300_000)
    assert scan.scan(file) == scan.Verdict("clean", "ClamAV 1.4.2/27500")
    file.write_bytes(b"x" * 200_000 + EICAR)
    assert scan.scan(file) == scan.Verdict("infected", "ClamAV 1.4.2/27500", "Win.Test.EICAR_HDB-1")
    file.write_bytes(b"x" * 600_000)
    with pytest.raises(scan.ScannerSilent, match="size limit"):
        scan.scan(file)


def test_without_a_scanner_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan, "_USUAL", (tmp_path / "none",))
    (tmp_path / "f").write_bytes(EICAR)
    assert scan.scan(tmp_path / "f").verdict == "not_scanned"


def test_a_scanner_that_was_named_and_is_silent_lets_nothing_in(tmp_path: Path, settings: Any) -> None:
    (tmp_path / "f").write_bytes(b"x")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        settings.SITE_CLAMD = f"127.0.0.1:{free.getsockname()[1]}"
        with pytest.raises(scan.ScannerSilent):
            scan.scan(tmp_path / "f")
