"""A walk through the evidence pages: who is where, on which lake, and what the library says of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Download, Page, expect

from pingjiang.config import Settings
from pingjiang.engine import Lake, Release, open_engine
from tests.centre.serving import Site, Visit

PATIENCE = 1_800_000  # milliseconds for a job: a build of some thousands on a machine that is busy


@dataclass
class Walk:
    """Where the walk is: the lake, who walks, and which pages were seen by whom."""

    site: Site
    opens: Callable[..., Visit]
    folder: Path
    lake: int = 0
    seen: dict[str, str] = field(default_factory=dict)  # address → who saw it
    visits: dict[str, Visit] = field(default_factory=dict)

    def as_(self, who: str) -> Page:
        """The browser of somebody, signed in."""
        if who not in self.visits:
            self.visits[who] = self.opens()
            self.visits[who].enter(who)
        return self.visits[who].page

    def go(self, who: str, part: str, note: bool = True) -> Page:
        """Somebody at a part of the lake, or at a whole address."""
        page = self.as_(who)
        self.visits[who].go(part if part.startswith("/") else f"/evidence/{self.lake}/{part}")
        if note:
            self.note(who)
        return page

    def note(self, who: str) -> None:
        """Keep the page for the look at all of them in the end."""
        self.seen[self.as_(who).url.removeprefix(self.site.url)] = who

    def saved(self, page: Page, click: Callable[[], Any]) -> Path:
        """A file that a click brings."""
        with page.expect_download() as coming:
            click()
        download: Download = coming.value
        path = self.folder / download.suggested_filename
        download.save_as(path)
        return path

    @property
    def held(self) -> Lake:
        """The lake as the library opens it."""
        (folder,) = (self.site.folder / "lakes").glob("[!.]*")  # beside it lies what is being handed in
        return Lake(folder)

    def ask(self, question: Callable[..., Any], *arguments: object) -> Any:
        """What the library answers on the newest release: `question(session, …)`."""
        release: Release = self.held.require_current()
        session = open_engine(Settings.from_environment(), self.held.folder)
        try:
            session.name_tables(release.open(session))
            return question(session, *arguments)
        finally:
            session.close()


def number(text: str) -> int:
    """The first number of a text, as pages write it."""
    return int(re.findall(r"\d[\d,]*", text)[0].replace(",", ""))


def is_done(page: Page, kinds: int) -> None:
    """Wait until all runs of a page are done."""
    done = page.locator("#run header .st:has-text('已完成')")
    bad = page.locator("#run header .st:has-text('失败')")
    expect(done.nth(kinds - 1).or_(bad.first)).to_be_visible(timeout=PATIENCE)
    assert bad.count() == 0, page.locator("#run").inner_text()
    assert page.locator("header.pj-top").count() == 1
