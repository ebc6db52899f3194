"""A browser on a made-up atlas. Without a Chromium or the chart library the tests skip; in CI they fail."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from pingjiang.atlas.publish import write_atlas
from tests.atlas.made import small
from tests.browsing import need

VENDOR = Path(__file__).parents[2] / "src" / "pingjiang" / "atlas" / "page" / "vendor" / "echarts.min.js"


@dataclass
class Opened:
    """A page and what it complained of or asked the network for."""

    page: Page
    url: str
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    @property
    def address(self) -> str:
        """What stands after the `#`, asked of the page itself: the browser tells its driver later."""
        return str(self.page.evaluate("decodeURIComponent(location.hash)"))

    def go(self, address: str) -> Page:
        """Open the atlas afresh with `address` after the `#`."""
        self.page.goto("about:blank")
        self.requests.clear()
        self.page.goto(f"{self.url}#{address}")
        self.page.wait_for_selector("body[data-ready]")
        return self.page


@pytest.fixture(scope="session")
def vendor() -> None:
    """The chart library, without which no page can be written."""
    need(VENDOR, "the chart library")


@pytest.fixture(scope="session")
def small_atlas(tmp_path_factory: pytest.TempPathFactory, vendor: None) -> Path:
    """The page of the small made-up atlas."""
    return write_atlas(tmp_path_factory.mktemp("atlas"), small())[0]


@pytest.fixture
def opened(browser: Browser, small_atlas: Path) -> Iterator[Opened]:
    """The small atlas in a window of 1366 × 768."""
    yield from _open(browser, small_atlas)


@pytest.fixture
def open_file(browser: Browser) -> Iterator[Callable[[Path], Opened]]:
    """Opens any atlas file."""
    iterators: list[Iterator[Opened]] = []

    def open_one(path: Path) -> Opened:
        iterator = _open(browser, path)
        iterators.append(iterator)
        return next(iterator)

    yield open_one
    for iterator in iterators:
        next(iterator, None)


def _open(browser: Browser, path: Path) -> Iterator[Opened]:
    context = browser.new_context(viewport={"width": 1366, "height": 768}, accept_downloads=True)
    page = context.new_page()
    shown = Opened(page, path.as_uri())

    def complain(message: Any) -> None:
        if message.type in ("error", "warning"):
            shown.complaints.append(message.text)

    page.on("console", complain)
    page.on("pageerror", lambda error: shown.complaints.append(str(error)))
    page.on("request", lambda request: shown.requests.append(request.url))
    yield shown
    context.close()
