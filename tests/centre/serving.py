"""The site as a browser meets it: served by the command itself, from a database file that was filled before."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page
from tools.servers import free_port

from tests.browsing import need

ROOT = Path(__file__).parents[2]
STYLES = ROOT / "src" / "pingjiang" / "centre" / "pages" / "static" / "vendor" / "tabler.min.css"
PASSWORD = "correct horse battery"


@dataclass
class Site:
    """A served site, and what was told by who filled it."""

    url: str
    folder: Path
    values: dict[str, str]

    def run(self, *command: str) -> None:
        """Run a module on its database, such as one of the tests that adds to what it holds."""
        subprocess.run([sys.executable, "-m", *command], env=self.values, cwd=ROOT, check=True)

    @cached_property
    def told(self) -> dict[str, Any]:
        """Sessions of the cast, and addresses of pages."""
        return self.read("browser.json")

    def read(self, name: str) -> dict[str, Any]:
        """What a filler left beside the database."""
        found: dict[str, Any] = json.loads((self.folder / name).read_text(encoding="utf-8"))
        return found


@dataclass
class Visit:
    """A browser of one person, and what its pages complained of."""

    site: Site
    context: BrowserContext
    page: Page
    language: str = "zh-hans"
    complaints: list[str] = field(default_factory=list)

    def go(self, path: str) -> Page:
        """Open a page of the site."""
        self.page.goto(self.site.url + path)
        return self.page

    def keep(self, name: str, value: str) -> None:
        """A cookie of this browser."""
        self.context.add_cookies([{"name": name, "value": value, "url": self.site.url}])

    def enter(self, who: str) -> Page:
        """As one of the cast who is signed in; nobody for ''. Quicker than by the page."""
        self.context.clear_cookies()
        self.keep("django_language", self.language)
        if who:
            self.keep("sessionid", self.site.told["sessions"][who])
        return self.page

    def sign_in(self, who: str) -> Page:
        """As one of the cast by the page, in the language of the browser."""
        page = self.go("/sign-in/")
        page.fill("#id_username", who)
        page.fill("#id_password", PASSWORD)
        page.click("button.pri")
        page.wait_for_selector("body.pj")
        self.keep("django_language", self.language)
        return self.go("/")


@contextmanager
def served(folder: Path, filled_by: str, settings: str = "tests.centre.pages.live_settings") -> Iterator[Site]:
    """A site in a folder that does not exist yet, filled by a module and served by the command with its worker."""
    need(STYLES, "the site's style sheet (make frontend)")
    # The program of this folder, wherever another one is installed.
    paths = os.pathsep.join([str(ROOT), str(ROOT / "src"), os.environ.get("PYTHONPATH", "")])
    values = {
        **os.environ, "PINGJIANG_SITE_MODE": "test", "PINGJIANG_SITE_FOLDER": str(folder),
        "DJANGO_SETTINGS_MODULE": settings, "PYTHONPATH": paths,
        "PINGJIANG_SITE_SECRET": "a key for tests alone: 0123456789 abcdefghijklmnopqrstuvwxyz",
    }  # fmt: skip
    values.pop("PINGJIANG_SITE_DATABASE", None)
    subprocess.run([sys.executable, "-m", filled_by], env=values, cwd=ROOT, check=True)
    port = free_port()
    command = [sys.executable, "-m", "pingjiang", "serve", "--port", str(port), "--workers", "1"]
    with answering(command, values, folder.with_name("serve.log")):
        yield Site(f"http://127.0.0.1:{port}", folder, values)


@contextmanager
def answering(command: list[str], values: dict[str, str], log: Path) -> Iterator[None]:
    """A server from when it says its address into its log, until it is interrupted."""
    with log.open("wb") as out:
        server = subprocess.Popen(command, env=values, cwd=ROOT, stdout=out, stderr=out)
    try:
        until = time.monotonic() + 120
        while b"http://" not in log.read_bytes():
            assert server.poll() is None and time.monotonic() < until, log.read_text(errors="replace")
            time.sleep(0.1)
        yield
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(timeout=30)


@contextmanager
def visiting(browser: Browser, site: Site) -> Iterator[Callable[..., Visit]]:
    """Opens browsers of their own, 1366 × 768."""
    contexts: list[BrowserContext] = []

    def open_one(language: str = "zh-CN", **more: int) -> Visit:
        size = {"width": more.get("width", 1366), "height": more.get("height", 768)}
        # Without motion: a colour that is on its way to another is no colour to measure.
        context = browser.new_context(viewport=size, locale=language, reduced_motion="reduce")  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        made = Visit(site, context, page, "en" if language == "en" else "zh-hans")
        page.on("console", lambda message: made.complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: made.complaints.append(str(error)))
        return made

    yield open_one
    for context in contexts:
        context.close()
