"""A walk through the programme: who is where, the moves they make, the clock, the forms and the papers.

With PINGJIANG_SCREENSHOTS the folder named there gets a picture of each page and paper that was walked.
"""

from __future__ import annotations

import datetime
import os
import re
import struct
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pypdfium2
from playwright.sync_api import Download, Page, expect

from pingjiang.centre.programme.content.shape import flatten
from tests.centre.pages.looking import axe, too_wide
from tests.centre.programme.fill_journey import ahead_of
from tests.centre.serving import Site, Visit

_LOOKS = (("zh-hans", "light"), ("en", "dark"))
_USUAL = {"width": 1366, "height": 768}
CODE = re.compile(r"PJ\d\d-[2-9A-Z]{4}-[2-9A-Z]{4}")


def picture(sheet: Any) -> bytes:
    """A page of a PDF as PNG, in shades of grey."""
    made = sheet.render(scale=1.2, grayscale=True).to_numpy()
    high, wide = made.shape[:2]
    lines = b"".join(b"\0" + made[row].tobytes() for row in range(high))

    def piece(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = piece(b"IHDR", struct.pack(">IIBBBBB", wide, high, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + piece(b"IDAT", zlib.compress(lines)) + piece(b"IEND", b"")


def there(page: Page) -> str:
    """The address of a page within the site."""
    return re.sub(r"^https?://[^/]+", "", page.url)


def press(page: Page, what: str) -> None:
    """Click on what leads to another page, or to the same one again, and be there."""
    with page.expect_navigation():
        page.click(what)


@dataclass
class Walk:
    """Who walks, what was found wrong with the pages on the way, and how many were seen."""

    site: Site
    opens: Callable[..., Visit]
    folder: Path
    visits: dict[str, Visit] = field(default_factory=dict)
    wrong: dict[str, list[str]] = field(default_factory=dict)
    seen: int = 0
    ahead: int = 0
    complaints: list[str] = field(default_factory=list)

    # ── people and time

    def as_(self, who: str) -> Page:
        """The browser of somebody, who signed in by the page; nobody for ''."""
        if who not in self.visits:
            self.visits[who] = self.opens()
            if who:
                self.visits[who].sign_in(who)
        return self.visits[who].page

    def go(self, who: str, path: str, *, note: bool = True) -> Page:
        """Somebody at an address of the site."""
        page = self.as_(who)
        self.visits[who].go(path)
        if note:
            self.note(who)
        return page

    def elsewhere(self, who: str, path: str) -> Page:
        """The same person at another machine."""
        other = self.opens()
        other.sign_in(who)
        return other.go(path)

    def later(self, **by: float) -> None:
        """So much later by every clock of the site. Sessions end meanwhile: who comes back signs in again."""
        self.ahead += int(datetime.timedelta(**by).total_seconds())
        ahead_of(self.site.folder).write_text(str(self.ahead))
        for visit in self.visits.values():
            self.complaints += visit.complaints
            visit.context.close()
        self.visits.clear()

    def now(self) -> datetime.datetime:
        """What the site's clock shows."""
        return datetime.datetime.now().astimezone() + datetime.timedelta(seconds=self.ahead)

    # ── looks

    def note(self, who: str, name: str = "") -> None:
        """Look at the page as it is saved, in both languages and themes: nothing breaks access rules, or is too wide.
        What was typed and not saved is gone after that."""
        visit = self.visits[who]
        for language, theme in _LOOKS:
            visit.keep("django_language", language)
            visit.keep("pj_theme", theme)
            visit.page.reload()
            self.look(visit.page, f"{name or who}-{language[:2]}-{theme}")
        visit.keep("django_language", "zh-hans")
        visit.keep("pj_theme", "light")
        visit.page.reload()
        self.seen += 1

    def look(self, page: Page, name: str) -> None:
        """Look at a page as it is now."""
        wrong = [*axe(page), *too_wide(page)]
        if wrong:
            self.wrong[f"{page.url.removeprefix(self.site.url)} {name}"] = wrong
        if folder := os.environ.get("PINGJIANG_SCREENSHOTS"):
            inner = page.evaluate(
                "() => Math.max(document.documentElement.scrollHeight, 0,"
                " (document.getElementById('main')?.scrollHeight || 0) + 80)"
            )
            page.set_viewport_size({"width": 1366, "height": min(max(inner, 768), 4000)})
            page.screenshot(path=f"{folder}/{self.seen:03}-{name}.png")
            page.set_viewport_size(_USUAL)  # type: ignore[arg-type]

    # ── what people do

    def move(self, who: str, name: str, note: str = "", *, refused: str = "") -> Page:
        """Make a move from the page that is open; an official act is asked once more. `refused`: what is told when a
        rule says no."""
        page = self.as_(who)
        if note:
            page.fill("#opn-note", note)
        press(page, f"#opn-form button[name=move][value={name}]")
        if page.locator("#opn-form input[name=confirmed]").count():
            self.look(page, f"{who}-{name}-confirm")
            press(page, f"#opn-form button.act[value={name}]")
        told = page.locator("#opn-form .note.p")
        if refused:
            expect(told).to_contain_text(refused)
        else:
            assert told.count() == 0, told.inner_text()
        return page

    def fill(self, page: Page, section: str, content: Mapping[str, Any]) -> None:
        """Fill a section in, field by field; what the page holds and the content does not say is emptied."""
        flat = flatten(content)
        for control in page.locator(f":is(input, textarea, select)[name^='{section}-']").all():
            name = str(control.get_attribute("name"))
            value = flat.get(name.removeprefix(f"{section}-"), "")
            kind = control.evaluate("each => each.type")
            if kind == "checkbox":
                control.set_checked(control.get_attribute("value") in value)
            elif kind == "select-one":
                control.select_option(str(value))
            else:
                control.fill(str(value))
        named = {
            f"{section}-{name}" for name in flat
        } - {str(each.get_attribute("name")) for each in page.locator(f"[name^='{section}-']").all()}  # fmt: skip
        assert not named, f"no field for {sorted(named)} on {page.url}"

    # ── papers

    def paper(self, page: Page, href: str, name: str) -> str:
        """A paper as PDF: its text, without ends of lines; its pages as pictures."""
        with page.expect_download() as coming:
            page.evaluate("href => { const a = document.createElement('a'); a.href = href; a.click() }", href)
        download: Download = coming.value
        path = self.folder / f"{name}.pdf"
        download.save_as(path)
        document, texts = pypdfium2.PdfDocument(path), []
        for number, sheet in enumerate(document, start=1):
            texts.append(sheet.get_textpage().get_text_range())
            if folder := os.environ.get("PINGJIANG_SCREENSHOTS"):
                Path(folder, f"paper-{name}-{number:02}.png").write_bytes(picture(sheet))
        return re.sub(r"\s*\n", "", "\n".join(texts))

    def papers(self, page: Page, name: str) -> dict[str, str]:
        """All papers that a page offers: code → text, each with its code on it."""
        links = page.locator("a[href$='.pdf']").all()
        found = {}
        for number, href in enumerate(dict.fromkeys(str(each.get_attribute("href")) for each in links)):
            text = self.paper(page, href, f"{name}-{number}")
            code = CODE.search(href)
            if code is not None:
                assert code.group() in text, (href, text[:200])
            found[code.group() if code else href] = text
        return found
