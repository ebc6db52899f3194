"""Reviewing in a browser: a sheet that saves itself, another window, and every page whole in both languages."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.centre.pages.looking import at_twice_the_size, axe, contrast, too_wide
from tests.centre.serving import Site, Visit

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
Open = Callable[..., Visit]


def test_a_sheet_saves_itself_and_tells_of_another_window(visit: Open, browser_site: Site) -> None:
    who, path = browser_site.told["pages"]["review-sheet"]
    one = visit()
    page = one.enter(who)
    page.clock.install()
    one.go(path)
    page.fill("[name=comment-G1]", "自动保存的评语")
    page.clock.run_for(19_000)
    assert "自动保存" not in page.locator("[data-saved]").inner_text()
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.clock.run_for(1_500)
    expect(page.locator("[data-saved]")).to_contain_text("已自动保存")
    two = visit()
    other = two.enter(who)
    two.go(path)
    assert other.input_value("[name=comment-G1]") == "自动保存的评语"
    other.fill("[name=comment-G1]", "另一处先存的")
    other.click("button[value=stay]")
    page.fill("[name=comment-G1]", "这一处后写的")
    with page.expect_response(lambda answer: answer.status == 409):
        page.clock.run_for(21_000)
    expect(page.locator("[data-conflict]")).to_be_visible()
    assert page.input_value("[name=comment-G1]") == "这一处后写的"
    page.click("button[value=stay]")  # both are shown, and saving again decides
    expect(page.locator("small.seal-void", has_text="另一处先存的")).to_have_count(1)
    page.get_by_role("button", name="用本页").click()
    two.go(path)
    assert other.input_value("[name=comment-G1]") == "这一处后写的"


def test_the_downloaded_page_repeats_the_draw(visit: Open, browser_site: Site, tmp_path: Path) -> None:
    """As anybody gets it, opened without the site: the order is that of the public page."""
    _who, path = browser_site.told["pages"]["public-panel"]
    shown = visit()
    page = shown.enter("")
    shown.go(path)
    seated = [row.split("\t") for row in page.locator("tr", has_text="抽中").all_inner_texts()]
    with page.expect_download() as download:
        page.get_by_text("下载复核脚本").click()
    kept = tmp_path / "draw.html"
    download.value.save_as(kept)
    page.goto(kept.as_uri())
    page.click("#compute")
    text = page.inner_text("#outcome")
    assert len(seated) == 5
    for row in seated:
        assert row[2].strip() in text


def test_pages_are_whole(visit: Open, browser_site: Site) -> None:
    """Width, axe and contrast of every page of experts, panels and reviews."""
    chinese, english = visit(), visit("en")
    told = browser_site.told["pages"]
    reviewer = told["review"][0]
    pages = [told[name] for name in told if name.startswith(("expert", "panel", "public-panel", "review"))]
    pages += [
        ("olga", "/experts/"), ("olga", "/experts/new/"), ("olga", "/panels/"), ("olga", "/panels/new/"),
        (reviewer, "/reviews/"), (reviewer, "/experts/me/"), ("", "/public/panels/"),
        ("olga", told["panel-compose"][1].replace("compose/", "")),
        ("olga", told["panel-results"][1].replace("results/", "")),
    ]  # fmt: skip
    wrong: dict[str, list[str]] = {}
    for who, path in pages:
        for shown, theme in ((chinese, "light"), (english, "dark")):
            shown.enter(who)
            shown.keep("pj_theme", theme)
            shown.go(path)
            found = [*too_wide(shown.page), *axe(shown.page), *contrast(shown.page), *at_twice_the_size(shown.page)]
            if found:
                wrong[f"{path} {theme}"] = found
    assert wrong == {}
