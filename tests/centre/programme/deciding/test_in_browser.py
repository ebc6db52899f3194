"""The pack in a browser: sums as they are entered, the decision by keyboard, and that saving keeps it all."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.centre.pages.looking import axe, contrast, too_wide
from tests.centre.serving import Site, Visit

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
Open = Callable[..., Visit]


def test_sums_follow_what_is_entered(visit: Open, browser_site: Site) -> None:
    """Nine million for two of 4.8: both are too much, one amended to 420.00 fits exactly."""
    who, path = browser_site.told["pages"]["decision"]
    shown = visit()
    page = shown.enter(who)
    shown.go(path)
    left, given = page.locator(".fin [data-sum=left]"), page.locator(".sum-d [data-sum=given]")
    first, second = page.locator("[data-asked]").all()
    first.locator("input[value=approve]").check(force=True)
    second.locator("input[value=approve]").check(force=True)
    expect(given).to_have_text("960.00")
    expect(left).to_have_text("\u221260.00")
    assert "over" in (page.locator(".fin").get_attribute("class") or "")
    second.locator("input[value=approve]").focus()
    page.keyboard.press("ArrowRight")  # to the next of the four
    second.locator("[name^=amount-]").fill("420.00")
    expect(left).to_have_text("0.00")
    expect(page.locator("tr .num.b[data-given]").nth(1)).to_have_text("420.00")
    second.locator("[name^=reason-]").fill("压减设备费")
    page.fill("[name=minutes_number]", "示例纪〔2026〕8 号")
    page.click("button[value=save]")
    expect(page.locator("[name=minutes_number]")).to_have_value("示例纪〔2026〕8 号")
    expect(left).to_have_text("0.00")
    says_how_long_it_takes(page)
    assert axe(page) == [] and contrast(page) == [] and too_wide(page) == []
    assert shown.complaints == []


def says_how_long_it_takes(page: Page) -> None:
    """A move that the server takes two seconds and a half to answer."""
    page.evaluate(
        """() => { const told = document.querySelector('[data-busy]'); new MutationObserver(() => {
        if (!told.hidden) sessionStorage.setItem('busy', told.innerText); }).observe(
        told, {attributes: true, childList: true, subtree: true}); }"""
    )
    page.route("**/decisions/*/", _later)
    expect(page.locator("[data-busy]")).to_be_hidden()
    with page.expect_navigation():
        page.locator("#opn-form button[value=decide]").click(no_wait_after=True)
    told = page.evaluate("sessionStorage.getItem('busy')")
    assert "请稍候" in told and told.endswith(" s"), told
    expect(page.locator("[data-busy]")).to_be_hidden()
    page.unroute("**/decisions/*/")


def _later(route: Route) -> None:
    if route.request.method == "POST":
        time.sleep(2.5)
    route.continue_()
