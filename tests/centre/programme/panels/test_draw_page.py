"""The page for everybody, in a browser: from a disk and from the site's policy for scripts, the same as the draw."""

from __future__ import annotations

import functools
import hashlib
import html
import http.server
import json
import random
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page

from pingjiang.centre.pages import middleware
from pingjiang.centre.programme.panels import draw as drawing
from pingjiang.centre.programme.panels import draw_page
from pingjiang.centre.programme.panels.draw import DrawRefused, DrawRules, Left, Roll
from tests.centre.pages.looking import axe, too_wide
from tests.centre.programme.panels.lists import NUMBER, ROLL, RULES, rolls

pytestmark = pytest.mark.browser
ANY = DrawRules(least_seats=1, odd=False, least_digits=1)
TEXT = drawing.write(ROLL)


@pytest.fixture(scope="module")
def opened(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """The one file, from a disk, in a browser without a network."""
    file = tmp_path_factory.mktemp("draw") / "抽签复核.html"
    file.write_text(draw_page.page(TEXT, drawing.list_hash(TEXT), NUMBER), encoding="utf-8")
    context = browser.new_context(viewport={"width": 1366, "height": 768}, offline=True)
    page = context.new_page()
    page.goto(file.as_uri())
    yield page
    context.close()


def shown(page: Page) -> dict[str, list[list[str]]]:
    """Tables of the outcome by caption."""
    found: dict[str, list[list[str]]] = page.evaluate(
        """() => Object.fromEntries([...document.querySelectorAll("#outcome table")].map((table) => [
          table.caption.textContent.split(" · ")[0],
          [...table.rows].slice(1).map((row) => [...row.cells].map((cell) => cell.textContent)),
        ]))"""
    )
    return found


def expected(text: str, number: str, left: list[str]) -> list[dict[str, Any]]:
    """What the script should give, told by the draw itself."""
    drawn = drawing.draw(text, number, ANY)
    panel = drawing.seat(drawn, [Left(code, "declined") for code in left])
    strata = []
    for stratum, seats in zip(drawn.strata, panel, strict=True):
        standing = dict.fromkeys(seats.seated, ("seated", 0))
        standing |= {code: ("following", at) for at, code in enumerate(seats.following, start=1)}
        standing |= {each.code: ("excluded" if each.why == "excluded" else "left", 0) for each in seats.passed}
        rows = [
            {"code": each.code, "excluded": each.excluded, "key": each.key, "place": each.place,
             "standing": standing[each.code][0], "after": standing[each.code][1]}
            for each in stratum.order
        ]  # fmt: skip
        strata.append({"name": stratum.name, "seats": stratum.seats, "vacant": seats.vacant, "rows": rows})
    return strata


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(roll=rolls(), number=st.text("0123456789０８ ,+", min_size=1, max_size=20), dice=st.randoms())
def test_the_script_draws_as_we_do(opened: Page, roll: Roll, number: str, dice: random.Random) -> None:
    text = drawing.write(roll)
    free = [each.code for stratum in roll.strata for each in stratum.candidates if not each.excluded]
    left = dice.sample(drawing.normalise("\n".join(free)).split(), dice.randrange(len(free)))
    try:
        drawing.digits(number)
    except DrawRefused:
        with pytest.raises(Exception, match="号码"):
            opened.evaluate("(given) => pingjiangDraw.digits(given)", number)
        return
    told = opened.evaluate("(given) => pingjiangDraw.draw(...given)", [text, number, left])
    assert told["hash"] == drawing.list_hash(text)
    assert told["number"] == drawing.digits(number)
    assert (told["title"], told["source"]) == (drawing.read(text).title, drawing.read(text).number)
    assert told["strata"] == expected(text, number, left)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=300))
def test_its_sha_256_is_sha_256(opened: Page, text: str) -> None:
    assert opened.evaluate("(text) => pingjiangDraw.sha256(text)", text) == hashlib.sha256(text.encode()).hexdigest()


@pytest.mark.parametrize("length", [0, 55, 56, 63, 64, 65, 119, 120, 1000, 100_000])
def test_its_sha_256_at_the_ends_of_blocks(opened: Page, length: int) -> None:
    text = "a" * length
    assert opened.evaluate("(text) => pingjiangDraw.sha256(text)", text) == hashlib.sha256(text.encode()).hexdigest()


def test_a_filled_page_shows_the_published_order(opened: Page) -> None:
    tables = shown(opened)
    drawn = drawing.draw(TEXT, NUMBER, RULES)
    assert list(tables) == [stratum.name for stratum in drawn.strata]
    for stratum, seats in zip(drawn.strata, drawing.seat(drawn), strict=True):
        rows = tables[stratum.name]
        assert [(row[0], row[1], row[3]) for row in rows] == [(str(e.place), e.code, e.key) for e in stratum.order]
        assert tuple(row[1] for row in rows if row[2].startswith("入选")) == seats.seated
        assert tuple(row[1] for row in rows if row[2].startswith("候补")) == seats.following
    assert any(row[2] == "排除 excluded: 2025年与申报单位同一单位" for row in tables["技术"])
    assert "与公布的摘要一致" in opened.inner_text("#outcome")


def test_a_layman_pastes_and_sees(browser: Browser, tmp_path: Path) -> None:
    """By keyboard, into the empty page: list, number, a decline; another list is told; a broken one, too."""
    file = tmp_path / "draw.html"
    file.write_text(draw_page.page(), encoding="utf-8")
    page = browser.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(file.as_uri())
    assert page.inner_text("#outcome") == ""
    page.get_by_label("公布的名单", exact=False).first.fill(TEXT.replace("\n", "\r\n\r\n"))
    page.get_by_label("揭晓的公开号码", exact=False).fill("０５ 11 17 23 28 33、09")
    before = shown(page)
    seated = [row[1] for row in before["技术"] if row[2].startswith("入选")]
    page.get_by_label("已谢绝", exact=False).fill(seated[0])
    after = [row[1] for row in shown(page)["技术"] if row[2].startswith("入选")]
    assert after[:2] == seated[1:] and len(after) == 3
    page.fill("#published", "0" * 64)
    assert "与公布的摘要不一致" in page.inner_text("#outcome")
    page.fill("#left", "nobody")
    assert "名单里没有“nobody”" in page.inner_text("#problem")
    page.fill("#list", "something else")
    assert "第 1 行" in page.inner_text("#problem") and shown(page) == {}
    assert problems == []
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(opened: Page, scheme: Any) -> None:
    opened.emulate_media(color_scheme=scheme)
    assert (axe(opened), too_wide(opened)) == ([], [])


def test_its_text_is_text(browser: Browser, tmp_path: Path) -> None:
    file = tmp_path / "draw.html"
    wicked = TEXT.replace("2026年", "</textarea></script><script>document.title='x'</script>\"")
    file.write_text(draw_page.page(wicked, '"><b>', "051117", ["<i>"]), encoding="utf-8")
    page = browser.new_page()
    page.goto(file.as_uri())
    assert page.input_value("#list") == wicked
    assert page.input_value("#published") == '"><b>'
    assert page.input_value("#left") == "<i>"
    assert page.title().startswith("专家抽签复核")
    page.close()


class _Strict(http.server.SimpleHTTPRequestHandler):
    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", middleware.POLICY)
        super().end_headers()

    def log_message(self, *told: object) -> None:
        pass


def test_linked_it_works_under_the_policy_of_the_site(browser: Browser, tmp_path: Path) -> None:
    """Script and style under the names of a site that keeps static files by digest; filled in by the server."""
    for name in ("draw.js", "draw.css"):
        shutil.copy(draw_page.FOLDER / name, tmp_path / name.replace(".", ".0123456789ab."))
    linked = draw_page.page(TEXT, links=("draw.0123456789ab.css", "draw.0123456789ab.js"))
    assert "<style" not in linked and "<script>" not in linked
    (tmp_path / "draw.html").write_text(linked, encoding="utf-8")
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Strict, directory=str(tmp_path)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    page = browser.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if "Content Security" in message.text else None)
    try:
        page.goto(f"http://127.0.0.1:{server.server_port}/draw.html")
        page.fill("#number", NUMBER)
        drawn = drawing.seat(drawing.draw(TEXT, NUMBER, RULES))
        assert tuple(row[1] for row in shown(page)["技术"] if row[2].startswith("入选")) == drawn[0].seated
        assert complaints == []
    finally:
        page.close()
        server.shutdown()
        server.server_close()


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(roll=rolls())
def test_the_program_on_the_page_gives_the_same(opened: Page, tmp_path: Path, roll: Roll) -> None:
    program, listed = tmp_path / "draw.py", tmp_path / "list.txt"
    program.write_text(html.unescape(opened.inner_text("#program") or opened.text_content("#program") or ""), "utf-8")
    text = drawing.write(roll)
    listed.write_text(text, "utf-8")
    command = [sys.executable, "-X", "utf8", str(program), str(listed), *NUMBER.split()]
    said = subprocess.run(command, capture_output=True, check=True).stdout.decode().splitlines()
    lines = [f"list hash {drawing.list_hash(text)}"]
    for stratum in expected(text, NUMBER, []):
        lines.append(stratum["name"])
        for row in stratum["rows"]:
            lines.append(f"{row['code']} {row['standing'].replace('following', 'follows')} {row['key']}")
    assert said == lines


def test_the_parts_are_whole() -> None:
    """One file needs nothing beside it."""
    made = draw_page.page(TEXT)
    assert "src=" not in made and "href=" not in made and "http" not in made
    with pytest.raises(ValueError, match="has no"), mock.patch.object(draw_page, "BODY", draw_page.FOLDER / "draw.css"):
        draw_page.page(TEXT)
    assert json.dumps(TEXT, ensure_ascii=False)[1:30] in json.dumps(made, ensure_ascii=False)
