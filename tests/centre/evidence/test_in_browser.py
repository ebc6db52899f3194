"""Evidence pages in a browser, on a small lake: what is typed, pressed, chosen and handed in."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.centre.pages.looking import axe, too_wide
from tests.centre.serving import Site, Visit
from tests.search.conftest import write_rows

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
Open = Callable[..., Visit]


def entered(visit: Open, part: str) -> tuple[Visit, Page]:
    """The manager of the centre at a part of the lake."""
    shown = visit()
    page = shown.enter("one_centre_manager")
    shown.go(f"/evidence/{shown.site.read('small.json')['lake']}/{part}")
    return shown, page


def test_a_query_is_read_while_it_is_typed_and_told_where_it_breaks(filled: Site, visit: Open) -> None:
    shown, page = entered(visit, "search/")
    query = page.locator("textarea[name=q]")
    page.keyboard.press("/")
    expect(query).to_be_focused()
    page.keyboard.type("TI=(电池 AND")
    expect(page.locator("#reading .rd-bad b")).to_be_visible()
    assert page.locator("#reading code").inner_text().startswith("TI=(电池 AND"), "the query, up to where it breaks"
    query.fill("TI=(电池)")
    expect(page.locator("#reading .mono")).to_have_text("标题=电池")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**q=TI**")
    expect(page.locator(".tool > span > b")).to_have_text(str(filled.read("small.json")["query"]))
    assert (axe(page), too_wide(page), shown.complaints) == ([], [], [])


def test_pairs_are_judged_by_keys(filled: Site, visit: Open) -> None:
    shown, page = entered(visit, "identity/review/")
    place = page.locator("h1 small")
    before = place.inner_text()
    pair = page.locator("section.pan tbody tr").first.inner_text()
    assert int(re.findall(r"\d+", before)[-1]) >= 2
    with page.expect_navigation():
        page.keyboard.press("d")
    expect(place).not_to_have_text(before)
    with page.expect_navigation():
        page.keyboard.press("z")
    expect(place).to_have_text(before)
    assert page.locator("section.pan tbody tr").first.inner_text() == pair
    page.keyboard.press("n")
    page.keyboard.type("s")  # a letter of the note, not an answer
    expect(page.locator("#why")).to_have_value("s")
    expect(place).to_have_text(before)
    assert (axe(page), too_wide(page), shown.complaints) == ([], [], [])


def test_a_filter_leads_to_rows_and_back(filled: Site, visit: Open) -> None:
    told = filled.read("small.json")
    assert 0 < told["station"] < told["applications"]
    shown, page = entered(visit, "atlas/")
    expect(page.locator(".bar-f .end")).to_contain_text(f"{told['applications']} 件申请")
    bare = page.url
    page.select_option("select[name=node]", "station")
    page.click(".bar-f form button")
    page.wait_for_url("**node=station**")
    expect(page.locator(".bar-f .end")).to_contain_text(f"{told['station']} 件申请")
    assert (axe(page), too_wide(page)) == ([], [])
    narrowed = page.url
    page.click(".pj-head a.btn.pri")
    page.wait_for_url("**/atlas/items/**")
    assert page.locator("tbody tr").count() == told["station"]
    expect(page.locator(".foot.pg b")).to_have_text(str(told["station"]))
    page.go_back()
    assert page.url == narrowed
    expect(page.locator("select[name=node]")).to_have_value("station")
    page.go_back()
    assert page.url == bare
    expect(page.locator(".bar-f .end")).to_contain_text(f"{told['applications']} 件申请")
    assert shown.complaints == []


def test_a_file_is_handed_in_recognised_and_imported(filled: Site, visit: Open, tmp_path: Path) -> None:
    shown, page = entered(visit, "data/")
    write_rows(tmp_path / "more.csv", 200, 3)
    page.set_input_files("input[name=files]", tmp_path / "more.csv")
    page.click("#upload form[enctype] button")
    expect(page.locator("#waiting")).to_contain_text("more.csv")
    filled.run("pingjiang", "worker", "--drain")  # the site's own is busy with a long job
    expect(page.locator("#waiting button[value=import]")).to_be_enabled(timeout=20_000)
    assert (axe(page), too_wide(page), shown.complaints) == ([], [], [])
    page.click("#waiting button[value=import]")
    page.wait_for_url("**/runs/*/")
    filled.run("pingjiang", "worker", "--drain")
    expect(page.locator("#run header .st")).to_have_text("已完成", timeout=20_000)
    assert page.locator("tbody td.num").all_inner_texts() == ["3", "3", "0", "0", "3"]
    assert page.locator("header.pj-top").count() == 1, "the part that was asked for again, and no page within the page"
    assert (axe(page), too_wide(page), shown.complaints) == ([], [], [])
