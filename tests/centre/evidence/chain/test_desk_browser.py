"""The tagging desk and the tree in a browser, by keyboard alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.centre.pages.looking import axe, too_wide
from tests.centre.serving import Site, Visit

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
Open = Callable[..., Visit]


@pytest.mark.slow
def test_a_list_is_tagged_by_keyboard_alone(filled: Site, visit: Open) -> None:
    shown = visit()
    page = shown.sign_in("one_expert")
    shown.go("/evidence/tagging/")
    assert (axe(page), too_wide(page)) == ([], [])
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/code/")
    assert (axe(page), too_wide(page)) == ([], [])
    heading = page.locator("h1 small")
    first = page.locator("#publication").inner_text()
    page.keyboard.press("1")
    page.keyboard.press("2")
    page.keyboard.press("2")  # not so, after all
    page.keyboard.press("Enter")
    page.wait_for_url("**at=2**")
    expect(heading).to_contain_text("已标 1")
    page.keyboard.press("u")
    page.wait_for_url("**at=3**")
    page.keyboard.press("z")
    page.wait_for_url("**at=2**")
    expect(heading).to_contain_text("已标 1")
    page.keyboard.press("[")
    page.wait_for_url("**at=1**")
    expect(page.locator("#publication")).to_have_text(first)
    expect(page.locator("[data-tag='1'] input[value=yes]")).to_be_checked()
    expect(page.locator("[data-tag='2'] input[value=no]")).to_be_checked()
    page.keyboard.press("]")
    page.wait_for_url("**at=2**")
    page.keyboard.press("2")
    page.keyboard.press("u")  # of the tag that was touched
    expect(page.locator("[data-tag='2'] input[value=unsure]")).to_be_checked()
    page.keyboard.press("Enter")
    page.wait_for_url("**at=3**")
    page.keyboard.press("0")
    page.wait_for_url("**at=4**")
    page.keyboard.press("0")
    expect(heading).to_contain_text("已标 4")
    assert shown.complaints == []


def test_the_tree_is_opened_and_closed_by_keyboard(filled: Site, visit: Open) -> None:
    shown = visit()
    page = shown.sign_in("one_centre_manager")
    shown.go("/evidence/chain/")
    page.wait_for_url("**/evidence/*/chain/")
    assert (axe(page), too_wide(page)) == ([], [])
    rows = page.locator("tr[data-node]:visible")
    before = rows.count()
    page.keyboard.press("j")
    page.keyboard.press("ArrowLeft")
    assert rows.count() < before
    page.keyboard.press("ArrowRight")
    assert rows.count() == before
    page.locator("a[data-row]:has-text('battery'), a[data-row]").last.press("Enter")
    page.wait_for_url("**/node/**")
    assert (axe(page), too_wide(page)) == ([], [])
    assert shown.complaints == []
