"""Make the pictures of the manual: `make pictures`."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import sync_playwright

from tools.pictures.studio import Studio
from tools.pictures.walks import Walks
from tools.servers import ROOT, free_port

OUT = ROOT / "src" / "pingjiang" / "centre" / "manual" / "static" / "manual"
_CHROMIUM = os.environ.get("PINGJIANG_CHROMIUM", "/usr/bin/chromium")
_ACCOUNT = re.compile(r"^(\w+)\s+((?:[0-9a-f]{4}-){3}[0-9a-f]{4})\s", re.MULTILINE)
_PATIENCE = 120  # seconds until the site answers


def main() -> None:
    """All of them, in place of those that there are."""
    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright:
        folder, out = Path(place, "site"), Path(place, "pictures")
        around = {**os.environ, "PINGJIANG_SITE_MODE": "demo", "PINGJIANG_SITE_FOLDER": str(folder)}
        done = _run(around, "pingjiang", "demo", "--folder", str(folder), "--no-serve")
        with _served(around, Path(place, "log")) as url:
            browser = playwright.chromium.launch(executable_path=_CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
            studio = Studio(browser, url, dict(_ACCOUNT.findall(done)), out)
            Walks(studio, folder, lambda step: _run(around, "tools.pictures.stage", step)).all()
            browser.close()
        for language in ("zh", "en"):
            shutil.rmtree(OUT / language, ignore_errors=True)
            shutil.copytree(out / language, OUT / language)
    sys.stderr.write(f"{len(studio.made)} pictures, {sum(studio.made.values()) / 1e6:.1f} MB\n")


def _run(around: dict[str, str], *module: str) -> str:
    return subprocess.run([sys.executable, "-m", *module], env=around, cwd=ROOT, check=True, capture_output=True,
                          text=True).stdout  # fmt: skip


@contextmanager
def _served(around: dict[str, str], log: Path) -> Iterator[str]:
    """The site from when it answers until the walk is over."""
    port = free_port()
    command = [sys.executable, "-m", "pingjiang", "serve", "--port", str(port), "--workers", "1"]
    with log.open("wb") as out:
        server = subprocess.Popen(command, env=around, cwd=ROOT, stdout=out, stderr=out)
    try:
        until = time.monotonic() + _PATIENCE
        while b"http://" not in log.read_bytes():
            if server.poll() is not None or time.monotonic() > until:
                raise RuntimeError(log.read_text(errors="replace"))
            time.sleep(0.2)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(timeout=60)


if __name__ == "__main__":
    main()
