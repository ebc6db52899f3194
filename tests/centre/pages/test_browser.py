"""The site in a browser: access, width, keys, both themes and languages, first visit, printing."""

from __future__ import annotations

import gzip
import re
import urllib.request
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browsing import AXE, need
from tests.centre.pages.conftest import Site, Visit

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
PAGES = ("/", "/todo/", "/cases/", "/cases/3/", "/cases/?q=nowhere&open=no", "/components/", "/nothing/")
OWN = ("/me/", "/people/", "/people/invite/", "/me/password/", "/me/second-factor/")
Open = Callable[..., Visit]


def axe(page: Page) -> list[str]:
    """What axe-core finds against WCAG 2 A and AA: rule and place."""
    need(AXE, "axe-core")
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    return list(
        page.evaluate(
            """async () => (await axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']}))
            .violations.flatMap((each) => each.nodes.map((node) => `${each.id}: ${node.html.slice(0, 160)}`))"""
        )
    )


def too_wide(page: Page) -> list[str]:
    """What scrolls sideways."""
    return list(
        page.evaluate(
            """() => [document.documentElement, document.getElementById('main')]
            .filter((each) => each && each.scrollWidth > each.clientWidth)
            .map((each) => `${each.tagName} ${each.scrollWidth} > ${each.clientWidth}`)"""
        )
    )


def look_at(visit: Open, language: str, theme: str, olga: tuple[str, ...], alice: tuple[str, ...]) -> None:
    guest = visit(language)
    guest.keep("pj_theme", theme)
    guest.go("/sign-in/")
    assert (axe(guest.page), too_wide(guest.page)) == ([], [])
    for who, paths in (("olga", olga), ("alice", alice)):
        shown = visit(language)
        page = shown.sign_in(who)
        shown.keep("pj_theme", theme)
        for path in paths:
            shown.go(path)
            assert page.evaluate("document.documentElement.dataset.bsTheme") == theme
            assert page.evaluate("document.documentElement.lang") == language
            assert axe(page) == [], path
            assert too_wide(page) == [], path
        # Neither the content policy nor a script complains; a page that is not there is told by the browser too.
        assert [text for text in shown.complaints if "404" not in text] == []


@pytest.mark.parametrize(
    ("language", "theme"), [("zh-CN", "light"), pytest.param("en", "dark", marks=pytest.mark.slow)]
)
def test_pages_are_accessible_and_as_wide_as_the_window(visit: Open, language: str, theme: str) -> None:
    look_at(visit, language, theme, ("/", "/cases/", "/cases/3/", "/components/"), ("/me/", "/people/invite/"))


@pytest.mark.slow
@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_page_is_so(visit: Open, language: str, theme: str) -> None:
    look_at(visit, language, theme, PAGES, OWN)


def test_what_is_not_accessible_is_found(visit: Open) -> None:
    """The measure itself: a page that we break."""
    page = visit().go("/sign-in/")
    page.evaluate(
        """() => { document.querySelector('label').remove();
        document.querySelector('.pj-public p').style.color = '#ddd'; }"""
    )
    assert {each.split(":")[0] for each in axe(page)} == {"label", "color-contrast"}


@pytest.mark.parametrize("width", [1920, 1024, 683])
def test_nothing_scrolls_sideways_at_other_widths(visit: Open, width: int) -> None:
    shown = visit(width=width)
    page = shown.sign_in("olga")
    for path in ("/", "/cases/", "/cases/3/"):
        shown.go(path)
        assert too_wide(page) == [], path


def test_a_list_changes_in_place_and_its_address_with_it(visit: Open) -> None:
    shown = visit()
    page = shown.sign_in("olga")
    shown.go("/cases/")
    page.evaluate("document.body.dataset.same = 'yes'")
    page.select_option("select[name=open]", "no")
    page.click(".bar-f button.btn:has-text('筛选')")
    expect(page.locator(".emp b")).to_have_text("没有符合条件的行")
    assert "open=no" in page.url and page.evaluate("document.body.dataset.same") == "yes"
    page.click(".emp .btn")
    expect(page.locator("tbody tr")).to_have_count(20)
    page.click("th a:has-text('编号')")
    expect(page.locator("th[aria-sort=ascending]")).to_have_text(re.compile("编号"))
    page.go_back()
    expect(page.locator("th[aria-sort=descending]")).to_have_text(re.compile("立卷"))
    page.click(".cols summary")
    page.uncheck(".cols input[value=owner]")
    page.click(".cols button")
    expect(page.locator("thead th")).to_have_count(5)
    with page.expect_download() as waiting:
        page.keyboard.press("e")
    assert waiting.value.suggested_filename.endswith(".xlsx")
    assert shown.complaints == []


def test_keys(visit: Open) -> None:
    shown = visit()
    page = shown.sign_in("olga")
    page.keyboard.press("/")
    expect(page.locator("input[name=q]")).to_be_focused()
    page.keyboard.type("gt?")  # in a field, keys are letters
    expect(page.locator("input[name=q]")).to_have_value("gt?")
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    page.keyboard.press("t")
    page.wait_for_url("**/todo/")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(page.locator("[data-row]").first).to_be_focused()
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    page.check("#keys-off")
    page.keyboard.press("Escape")
    expect(page.locator("#keys")).to_be_hidden()
    page.keyboard.press("j")
    page.locator("body").press("g")
    page.locator("body").press("d")
    assert page.url.endswith("/todo/"), "keys are switched off"
    page.locator("[data-row]").first.press("Enter")
    page.wait_for_url("**/cases/*/")


def test_tabbing_begins_with_the_skip_link_and_shows_where_one_is(visit: Open) -> None:
    shown = visit()
    page = shown.sign_in("olga")
    shown.go("/cases/3/")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    for _ in range(12):
        page.keyboard.press("Tab")
        outlines = page.evaluate(
            """() => [document.activeElement, document.activeElement.closest('.pj-find') ?? document.activeElement]
            .map((each) => getComputedStyle(each).outlineWidth)"""
        )
        assert {"2px", "3px"} & set(outlines), page.evaluate("document.activeElement.outerHTML")


def test_an_errand_is_worked_off_by_keyboard(visit: Open) -> None:
    shown = visit()
    page = shown.sign_in("olga")
    shown.go("/cases/7/")
    page.click("button[value=back]")
    assert page.evaluate("document.querySelector('#opn-note').validationMessage") != ""
    page.fill("#opn-note", "材料齐全")
    page.locator("#opn-note").press("Control+Enter")
    expect(page.locator(".msgs")).to_have_text(re.compile("已办理：办结"))
    expect(page.locator(".canal li.now")).to_have_text(re.compile("已办结"))
    assert shown.complaints == []


def test_provenance_opens_on_focus_and_under_the_pointer_and_closes(visit: Open) -> None:
    shown = visit()
    page = shown.sign_in("olga")
    shown.go("/components/")
    card = page.locator(".prov")
    expect(card).to_be_hidden()
    page.hover(".pv summary")
    expect(card).to_be_visible()
    page.mouse.move(5, 5)
    expect(card).to_be_hidden()
    page.locator("[data-show=table]").focus()
    for _ in range(3):
        if page.evaluate("document.activeElement.matches('.pv summary')"):
            break
        page.keyboard.press("Tab")
    expect(card).to_be_visible()
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()


def test_a_figure_and_its_table_are_twins(visit: Open) -> None:
    shown = visit()
    page = shown.sign_in("olga")
    shown.go("/components/")
    expect(page.locator(".chart svg")).to_be_visible()
    page.click("[data-show=table]")
    expect(page.locator(".chart")).to_be_hidden()
    expect(page.locator(".twin tbody tr")).to_have_count(7)
    expect(page.locator(".twin .unk")).to_have_text("未知")
    assert shown.complaints == []


def test_switches_keep_the_page_without_a_script(visit: Open) -> None:
    shown = visit()
    page = shown.sign_in("olga")
    shown.go("/cases/?sort=number&open=yes")
    page.click("button[name=theme]")
    assert page.url.endswith("/cases/?sort=number&open=yes")
    assert page.evaluate("document.documentElement.dataset.bsTheme") == "dark"
    page.click("button[name=language]")
    assert page.url.endswith("/cases/?sort=number&open=yes")
    expect(page.locator("h1")).to_have_text("Case")
    page.click("button[name=language]")


def test_print_shows_the_case_alone(visit: Open) -> None:
    shown = visit()
    page = shown.sign_in("olga")
    shown.go("/cases/3/")
    page.emulate_media(media="print")
    for hidden in (".pj-top", ".pj-nav", ".opn", ".skip"):
        expect(page.locator(hidden)).to_be_hidden()
    expect(page.locator(".canal")).to_be_visible()
    expect(page.locator(".pj-ribbon")).to_be_visible()


def test_the_first_visit_takes_less_than_600_kilobytes(site: Site) -> None:
    """Everything that the desk and the page of parts (with charts) fetch, as it travels."""

    def fetched(path: str) -> tuple[int, bytes, str]:
        request = urllib.request.Request(site.url + path, headers={"Accept-Encoding": "gzip"})
        with urllib.request.urlopen(request) as answer:
            body = answer.read()
            packed = answer.headers.get("Content-Encoding") == "gzip"
            return len(body), gzip.decompress(body) if packed else body, answer.headers.get("Cache-Control", "")

    sizes = {}
    page = fetched("/sign-in/")
    sizes["/sign-in/"] = page[0]
    assets = set(re.findall(r'(?:href|src)="(/static/[^"#]+)', page[1].decode()))
    more = {
        path
        for css in [each for each in assets if each.endswith(".css")]
        for path in re.findall(rb"url\((?:\"|')?(\.\./[^)\"'#]+)", fetched(css)[1])
    }
    assets |= {"/static/" + path.decode().removeprefix("../") for path in more}
    charts = next(iter((site.folder.with_name(".site.static") / "vendor").glob("echarts.min.*.js")))
    assets.add(f"/static/vendor/{charts.name}")
    assert len(assets) >= 9
    for path in assets:
        sizes[path], _body, cached = fetched(path)
        assert re.search(r"\.[0-9a-f]{12}\.", path), f"{path} has no digest in its name"
        assert "immutable" in cached
    assert sum(sizes.values()) < 600_000, sizes
    print(sum(sizes.values()), sizes)
    assert not any(b"sourceMappingURL" in fetched(path)[1] for path in assets)


# What belongs to the daily round, by who looks; one session each for all of them.
DAILY = {
    "olga": ("/overdue/", "/facts/counts/?by=kind", "/notices/"),
    "alice": ("/money/", "/money/1/", "/money/journals/", "/money/journals/40/", "/facts/", "/facts/27/", "/jobs/",
              "/jobs/1/", "/jobs/3/", "/notices/2/", "/me/tokens/", "/me/tokens/new/"),
    "stella": ("/notices/undelivered/", "/rounds/", "/rounds/mail/", "/facts/counted/?part=aside", "/money/journals/"),
}  # fmt: skip


def look_at_daily(visit: Open, language: str, themes: tuple[str, ...]) -> None:
    for who, paths in DAILY.items():
        shown = visit(language)
        page = shown.sign_in(who)
        for path in paths:
            for theme in themes:
                shown.keep("pj_theme", theme)
                shown.go(path)
                assert page.evaluate("document.documentElement.lang") == language
                assert axe(page) == [], (path, theme)
                assert too_wide(page) == [], path
        assert shown.complaints == []


def test_pages_of_the_daily_round_are_accessible_and_as_wide_as_the_window(visit: Open) -> None:
    look_at_daily(visit, "zh-CN", ("light",))


@pytest.mark.slow
@pytest.mark.parametrize(("language", "themes"), [("zh-CN", ("dark",)), ("en", ("light", "dark"))])
def test_they_are_so_in_both_languages_and_themes(visit: Open, language: str, themes: tuple[str, ...]) -> None:
    look_at_daily(visit, language, themes)


def test_a_job_shows_by_itself_how_far_it_is_and_ends_by_keyboard(visit: Open) -> None:
    """The worker beside the pages works on it; the page asks for it every two seconds."""
    shown = visit()
    page = shown.sign_in("alice")
    shown.go("/jobs/1/")
    page.evaluate("document.body.dataset.same = 'yes'")
    bar = page.locator("#job progress")
    expect(bar).to_be_visible(timeout=15_000)
    before = bar.get_attribute("value")
    assert before is not None
    expect(bar).not_to_have_attribute("value", before, timeout=15_000)
    assert page.evaluate("document.body.dataset.same") == "yes"
    page.locator("button[value=cancel]").press("Enter")
    expect(page.locator("#job dd .st").first).to_have_text("已取消", timeout=15_000)
    expect(page.locator("button[value=retry]")).to_be_visible()
    assert page.locator("#job[hx-trigger]").count() == 0 and shown.complaints == []


def test_messages_are_read_by_keyboard_and_the_number_follows(visit: Open) -> None:
    shown = visit()
    page = shown.sign_in("olga")
    shown.go("/notices/?sort=at")
    unread = int(page.locator(".pj-tools a[href='/notices/'] .cnt").inner_text())
    page.keyboard.press("j")
    page.locator("tbody button[name=notice]").first.press("Enter")
    expect(page.locator(".pj-tools a[href='/notices/'] .cnt")).to_have_text(str(unread - 1))
    assert page.url.endswith("/notices/?sort=at")
    page.locator("tbody [data-row]").first.press("Enter")
    page.wait_for_url(re.compile(r"/notices/\d+/"))
    assert shown.complaints == []
