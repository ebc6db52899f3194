"""Writing an application in a browser: saved by itself, two windows, sums as typed, counts, and without scripts."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.centre.pages.looking import at_twice_the_size, axe, contrast, too_wide
from tests.centre.serving import Site, Visit

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
Open = Callable[..., Visit]


@pytest.fixture
def steps(browser_site: Site) -> Callable[[str], str]:
    """The address of a page of the application that is being written."""
    budget = str(browser_site.told["pages"]["application-step"][1])
    return lambda name: budget.replace("budget", name)


def writing(visit: Open, who: str, path: str, *, still: bool = False) -> Page:
    shown = visit()
    page = shown.enter(who)
    if still:
        page.clock.install()
    shown.go(path)
    return page


def test_it_saves_itself_after_twenty_seconds_and_is_there_elsewhere(visit: Open, steps: Any) -> None:
    page = writing(visit, "alice", steps("risk"), still=True)
    page.fill("[name=risk-text]", "自动保存的一稿")
    page.clock.run_for(19_000)
    assert "自动保存" not in page.locator("[data-saved]").inner_text()
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.clock.run_for(1_500)
    expect(page.locator("[data-saved]")).to_contain_text("已自动保存")
    other = writing(visit, "bob", steps("risk"))
    assert other.input_value("[name=risk-text]") == "自动保存的一稿"


def test_two_windows_show_both_texts_and_lose_none(visit: Open, steps: Any) -> None:
    one = writing(visit, "alice", steps("integration"), still=True)
    other = writing(visit, "bob", steps("integration"))
    other.fill("[name=lasting-text]", "乙先存的")
    other.click("button[value=stay]")
    one.fill("[name=lasting-text]", "甲后写的")
    with one.expect_response(lambda answer: answer.status == 409):
        one.clock.run_for(21_000)
    notice = one.locator("[data-conflict]")
    expect(notice).to_be_visible()
    assert one.input_value("[name=lasting-text]") == "甲后写的"  # what is typed stays
    notice.get_by_text("逐项比较").click()
    expect(one.locator(".oth").first).to_contain_text("乙先存的")
    assert one.input_value("[name=lasting-text]") == "甲后写的"
    one.get_by_role("button", name="用本页").click()
    other.goto(other.url)
    assert other.input_value("[name=lasting-text]") == "甲后写的"
    other.get_by_text("历次草稿").click()
    expect(other.get_by_text("另存，未采用")).to_have_count(1)


def test_sums_and_rules_as_it_is_typed(visit: Open, steps: Any) -> None:
    page = writing(visit, "alice", steps("budget"))
    sums = page.locator("#reckoned tr.sum td")
    expect(sums.nth(1)).to_have_text("480.00")
    page.fill("[name=budget-amount-data-municipal]", "300.01")
    expect(sums.nth(1)).to_have_text("500.01")
    expect(page.locator("#reckoned")).to_contain_text("申请 500.01 万元，超过 500 万元。")
    expect(page.locator("#reckoned")).to_contain_text("少于市级经费")
    page.fill("[name=budget-amount-data-municipal]", "二百")
    expect(page.locator("#reckoned .note")).to_contain_text("不是数字")
    page.goto(page.url)  # nothing of it was saved
    assert page.input_value("[name=budget-amount-data-municipal]") == "280.00"


@pytest.mark.parametrize(("text", "count"), [("字" * 3, 3), ("𠮷𠮷", 2), ("e\u0301", 2), ("一\n二", 3), ("👩‍👩‍👧", 5)])
def test_characters_are_counted_as_the_server_counts_them(visit: Open, steps: Any, text: str, count: int) -> None:
    page = writing(visit, "alice", steps("goals"))
    page.fill("[name=goals-text]", text)
    assert len(text) == count
    expect(page.locator("[name=goals-text] + div")).to_have_text(re.compile(rf"^{count} / 1,500"))
    page.fill("[name=goals-text]", "字" * 1_502)
    expect(page.locator("[name=goals-text] + div")).to_contain_text("超 2")


def test_all_of_it_works_without_scripts(browser: Browser, browser_site: Site, steps: Any) -> None:
    context = browser.new_context(java_script_enabled=False, locale="zh-CN")
    cookies = {"sessionid": browser_site.told["sessions"]["alice"], "django_language": "zh-hans"}
    context.add_cookies([{"name": name, "value": value, "url": browser_site.url} for name, value in cookies.items()])
    page = context.new_page()
    page.goto(browser_site.url + steps("plan"))
    page.fill("[name=plan-text]", "没有脚本也能写")
    page.click("button[value=next]")
    assert page.url.endswith("/plan_data/")
    page.click("button[value=back]")
    assert page.input_value("[name=plan-text]") == "没有脚本也能写"
    page.goto(browser_site.url + steps("team"))
    rows = page.locator("tbody tr").count()
    page.click("button[value=add]")
    assert page.locator("tbody tr").count() == rows + 3
    page.goto(browser_site.url + browser_site.told["pages"]["call"][1])
    assert "服务器时间" in page.inner_text("[data-clock]")
    context.close()


def test_the_time_left_is_the_servers(visit: Open, browser_site: Site) -> None:
    page = writing(visit, "alice", browser_site.told["pages"]["call"][1])
    left = page.locator("[data-left]")
    expect(left).to_contain_text("距截止")
    told = left.inner_text()
    expect(left).not_to_have_text(told)  # it runs


def test_pages_are_whole(visit: Open, browser_site: Site, steps: Any) -> None:
    """Width, axe and contrast of every page of the programme, its steps too."""
    chinese, english = visit(), visit("en")
    told = browser_site.told["pages"]
    pages = [told[name] for name in told if name.startswith(("call", "public-call", "application"))]
    names = ("unit", "strategic", "evidence", "indicators", "schedule", "team", "attachments")
    wrong: dict[str, list[str]] = {}
    for who, path in [*pages, *(("alice", steps(name)) for name in names)]:
        for shown, theme in ((chinese, "light"), (english, "dark")):
            shown.enter(who)
            shown.keep("pj_theme", theme)
            shown.go(path)
            found = [*too_wide(shown.page), *axe(shown.page), *contrast(shown.page), *at_twice_the_size(shown.page)]
            if found:
                wrong[f"{path} {theme}"] = found
    assert wrong == {} and chinese.complaints == english.complaints == []
