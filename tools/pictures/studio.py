"""Browsers in which the accounts of the demo look at the site in both languages, and pictures of what they see."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page

WIDTH, HEIGHT = 1366, 900
LANGUAGES = {"zh": "zh-hans", "en": "en"}
_EDGE = 8  # pixels around what is spoken of
_COLOURS = 64
Act = Callable[[Page], object]


@dataclass
class Studio:
    """Where the site is, who has which password, and the folder whose `zh` and `en` the pictures go into."""

    browser: Browser
    url: str
    passwords: dict[str, str]
    out: Path
    made: dict[str, int] = field(default_factory=dict)
    _pages: dict[tuple[str, str], Page] = field(default_factory=dict)
    _sessions: dict[str, str] = field(default_factory=dict)

    def page(self, who: str, language: str = "zh") -> Page:
        """The browser of an account ('' for nobody) in a language. Both languages are one session."""
        if (who, language) not in self._pages:
            context = self.browser.new_context(
                viewport={"width": WIDTH, "height": HEIGHT}, reduced_motion="reduce", device_scale_factor=1,
                locale="zh-CN" if language == "zh" else "en",
            )  # fmt: skip
            context.set_default_timeout(15_000)
            self._cookie(context.new_page(), who, language)
            self._pages[who, language] = context.pages[0]
        return self._pages[who, language]

    def _cookie(self, page: Page, who: str, language: str) -> None:
        kept = {"django_language": LANGUAGES[language]}
        if who:
            if who not in self._sessions:
                page.goto(f"{self.url}/sign-in/")
                page.fill("#id_username", who)
                page.fill("#id_password", self.passwords[who])
                page.click("main button.pri")
                page.wait_for_selector("body.pj")
                cookies = page.context.cookies()
                self._sessions[who] = next(str(each["value"]) for each in cookies if each["name"] == "sessionid")
            kept["sessionid"] = self._sessions[who]
        page.context.clear_cookies()
        page.context.add_cookies([{"name": name, "value": value, "url": self.url} for name, value in kept.items()])

    def go(self, who: str, path: str, language: str = "zh") -> Page:
        """An account opens an address."""
        page = self.page(who, language)
        page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
        page.goto(self.url + path)
        return page

    def take(
        self, name: str, who: str, path: str, of: str | Sequence[str] = "#main", *, act: Act | None = None,
        tall: int = HEIGHT, most: int = 0,
    ) -> None:  # fmt: skip
        """A picture in each language.

        `of`: selectors of what is taken, all of it; `act`: what is done on the page before, in either language, so that
        it may change nothing; `most`: pixels of height at which it is cut.
        """
        for language in LANGUAGES:
            page = self.go(who, path, language)
            page.set_viewport_size({"width": WIDTH, "height": tall})
            if act is not None:
                act(page)
            self.keep(name, language, page, (of,) if isinstance(of, str) else of, most)

    def keep(self, name: str, language: str, page: Page, of: Sequence[str], most: int = 0) -> None:
        """A picture of a page as it stands."""
        # A field that is written in shows a caret and a frame: the picture is of the page, not of who looks at it.
        page.evaluate("document.activeElement && document.activeElement.blur()")
        page.mouse.move(0, 0)
        boxes = [box for selector in of if (box := page.locator(selector).first.bounding_box()) is not None]
        if len(boxes) < len(of):
            raise LookupError(f"{name}: not on {page.url}: {of}")
        edge = 0 if tuple(of) == ("#main",) else _EDGE
        left = max(min(box["x"] for box in boxes) - edge, 0)
        top = max(min(box["y"] for box in boxes) - edge, 0)
        right = min(max(box["x"] + box["width"] for box in boxes) + edge, WIDTH)
        view = page.viewport_size or {"height": HEIGHT}
        bottom = min(max(box["y"] + box["height"] for box in boxes) + edge, view["height"])
        if most:
            bottom = min(bottom, top + most)
        clip = {"x": left, "y": top, "width": right - left, "height": bottom - top}
        taken = page.screenshot(animations="disabled", caret="hide", clip=clip)  # type: ignore[arg-type]
        file = self.out / language / f"{name}.png"
        file.parent.mkdir(parents=True, exist_ok=True)
        self.made[f"{language}/{name}.png"] = save(taken, file)


def save(taken: bytes, file: Path) -> int:
    """Write a picture with few colours, as text and lines have them. Its size."""
    image = Image.open(io.BytesIO(taken)).convert("RGB")
    image.quantize(_COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(file, optimize=True)
    return file.stat().st_size


def press(page: Page, selector: str) -> None:
    """Press what leads on, and wait for the page that comes."""
    with page.expect_navigation():
        page.locator(selector).first.click()
