"""The site in a browser: access, width, keys, both themes and languages, first visit, printing."""

from __future__ import annotations

import gzip
import io
import re
import urllib.request
from collections.abc import Callable
from xml.etree import ElementTree

import openpyxl
import pytest
from playwright.sync_api import expect

from tests.centre.pages.looking import axe, too_wide
from tests.centre.serving import Site, Visit

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
Open = Callable[..., Visit]


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
    page = shown.enter("olga")
    shown.go("/cases/")
    page.evaluate("document.body.dataset.same = 'yes'")
    page.select_option("select[name=open]", "no")
    page.fill(".bar-f input[name=q]", "没有这样的案件")
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
    expect(page.locator("thead th:not(.pick)")).to_have_count(5)
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
    page.wait_for_url(re.compile(r"/(cases|calls|applications)/\d+/$"))


def test_tabbing_begins_with_the_skip_link_and_shows_where_one_is(visit: Open) -> None:
    shown = visit()
    page = shown.enter("olga")
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


def test_a_case_is_taken_from_the_list_to_its_move_by_keyboard_alone(visit: Open) -> None:
    """No pointer: list, rows, case, reason, move; and on to the next of the list."""
    shown = visit()
    page = shown.enter("olga")
    shown.go("/cases/?sort=number&q=%E7%A4%BA%E4%BE%8B%E4%BA%8B%E9%A1%B9")
    for key in "jjjj":  # errands 1, 2, 3, 4: two is to be taken
        page.keyboard.press(key)
    page.keyboard.press("k")
    page.keyboard.press("k")
    expect(page.locator("[data-row]").nth(1)).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/cases/2/")
    expect(page.locator(".canal li.now")).to_have_text(re.compile("已提出"))
    for _ in range(60):
        if page.evaluate("document.activeElement.id") == "opn-note":
            break
        page.keyboard.press("Tab")
    page.keyboard.type("材料齐全，受理")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".msgs")).to_have_text(re.compile("已办理：受理"))
    expect(page.locator(".canal li.now")).to_have_text(re.compile("办理中"))
    page.keyboard.press("]")
    page.wait_for_url("**/cases/3/")
    page.keyboard.press("[")
    page.wait_for_url("**/cases/2/")
    assert shown.complaints == []


def test_a_move_that_wants_a_reason_says_so_before_it_is_sent(visit: Open) -> None:
    shown = visit()
    page = shown.enter("olga")
    shown.go("/cases/7/")
    page.click("button[value=back]")
    assert page.evaluate("document.querySelector('#opn-note').validationMessage") != ""
    page.fill("#opn-note", "好" * 512)  # kept, however long
    expect(page.locator(".left-of.over")).to_have_text(re.compile("512 / 500 ■ 超 12"))
    page.locator("#opn-note").press("Control+Enter")
    expect(page.locator("[role=alert]")).to_have_text(re.compile("多出 12 字"))
    expect(page.locator("#opn-note")).to_have_value("好" * 512)


def test_rows_are_picked_by_key_and_the_bar_tells_how_many(visit: Open) -> None:
    shown = visit()
    page = shown.enter("olga")
    shown.go("/cases/?sort=number")
    expect(page.locator(".batch")).to_be_hidden()
    for key in ("x", "j", "x", "j", "j", "x"):  # without a row under it, x does nothing
        page.keyboard.press(key)
    expect(page.locator(".batch [data-picked]")).to_have_text("2")
    page.keyboard.press("x")
    expect(page.locator(".batch [data-picked]")).to_have_text("1")
    with page.expect_download() as waiting:
        page.click(".batch button[name=export]")
    assert openpyxl.load_workbook(io.BytesIO(waiting.value.path().read_bytes()))["cases"].max_row == 2
    page.check("[data-pick-all]")
    expect(page.locator(".batch [data-picked]")).to_have_text("20")
    page.click("[data-pick-none]")
    expect(page.locator(".batch")).to_be_hidden()
    assert shown.complaints == []


def test_no_key_signs_or_returns_and_saving_has_one(visit: Open, site: Site) -> None:
    shown = visit()
    leader = site.told["pages"]["announcement"][0]
    page = shown.enter(leader)
    shown.go(site.told["pages"]["announcement"][1])
    here, state = page.url, page.locator(".canal li.now").inner_text()
    page.focus("#id_note")
    page.keyboard.type("同意")
    page.keyboard.press("Control+Enter")
    page.keyboard.press("Escape")
    for key in [*"123456789xehl[]jk", "Enter", "Delete", "Backspace"]:
        page.keyboard.press(key)
    page.wait_for_load_state()
    assert page.url == here and page.locator(".canal li.now").inner_text() == state
    shown.enter("olga")
    shown.go(site.told["pages"]["announcement-edit"][1])
    foot = page.locator(".ft [role=status]")
    expect(page.locator(".ft .pri")).to_be_in_viewport()  # in sight, however long the form is
    expect(foot).to_have_text("已保存，可以送审", use_inner_text=True)
    page.fill("#id_title", "关于征集项目的通知（改）")
    expect(foot).to_have_text("有改动，未保存", use_inner_text=True)
    page.keyboard.press("Control+s")
    expect(page.locator("h1")).to_have_text(re.compile("（改）"))


def test_an_official_act_is_asked_once_more_and_its_effect_is_named(visit: Open, site: Site) -> None:
    shown = visit()
    page = shown.enter(site.told["pages"]["announcement"][0])
    shown.go(site.told["pages"]["announcement"][1])
    page.fill("#id_note", "同意签发")
    page.click("button[name=move][value=publish]")
    told = page.locator("[role=alert]")
    expect(told).to_have_text(re.compile("将正式办理：签发 发给所列对象.*不能撤销"))
    expect(page.locator(".canal li.now")).not_to_have_text(re.compile("已发布"))
    expect(page.locator("#id_note")).to_have_value("同意签发")
    assert page.locator(".opn button").count() == 1, "nothing else can be pressed"
    expect(page.locator(".opn .btn.act")).to_have_css("background-color", "rgb(176, 42, 31)")
    page.click(".opn .btn.quiet")  # back: nothing was done
    expect(page.locator(".canal li.now")).not_to_have_text(re.compile("已发布"))
    page.click("button[name=move][value=publish]")
    page.click(".opn .btn.act")
    expect(page.locator(".msgs")).to_have_text(re.compile("已办理：签发"))
    expect(page.locator(".canal li.now")).to_have_text(re.compile("已发布"))
    assert shown.complaints == []


def test_provenance_opens_on_focus_and_under_the_pointer_and_closes(visit: Open) -> None:
    shown = visit()
    page = shown.enter("olga")
    shown.go("/components/")
    card = page.locator(".prov-room .prov")
    expect(card).to_be_hidden()
    page.hover(".prov-room summary")
    expect(card).to_be_visible()
    page.mouse.move(5, 5)
    expect(card).to_be_hidden()
    page.locator("[data-figure=places] .dl summary").focus()
    for _ in range(3):
        if page.evaluate("document.activeElement.matches('.pv summary')"):
            break
        page.keyboard.press("Tab")
    expect(card).to_be_visible()
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()


def test_a_figure_and_its_table_are_twins(visit: Open) -> None:
    shown = visit()
    page = shown.enter("olga")
    shown.go("/components/")
    expect(page.locator("[data-figure=trend] .chart svg")).to_be_visible()
    page.click("[data-figure=trend] [data-show=table]")
    expect(page.locator("[data-figure=trend] .chart")).to_be_hidden()
    expect(page.locator("[data-figure=trend] .twin tbody tr")).to_have_count(7)
    expect(page.locator("[data-figure=trend] .twin .unk")).to_have_text("未知")
    assert shown.complaints == []


def test_a_figure_goes_out_as_svg_and_png_on_white_with_its_whole_foot(visit: Open) -> None:
    shown = visit()
    page = shown.enter("olga")
    shown.keep("pj_theme", "dark")
    shown.go("/components/")
    files = {}
    for ending in ("svg", "png"):
        page.click("[data-figure=places] .dl summary")
        with page.expect_download() as waiting:
            page.click(f"[data-figure=places] [data-save={ending}]")
        assert waiting.value.suggested_filename == f"pingjiang-places-R2026.11-1.{ending}"
        files[ending] = waiting.value.path().read_bytes()
    drawn = ElementTree.fromstring(files["svg"])
    ground = drawn[0]
    assert (ground.tag.split("}")[1], ground.get("fill"), ground.get("width")) == ("rect", "#FFFFFF", "1200")
    texts = " ".join(text for text in drawn.itertext())
    for part in ("示例数据", "各区同族数", "单位 同族", "2019—2024", "截止 2024-06-30", "R2026.11-1", "浅底斜纹＝未知"):
        assert part in texts, part
    assert b"<pattern" in files["svg"], "what is not known is hatched"
    assert files["png"][:8] == b"\x89PNG\r\n\x1a\n"
    width, height = (int.from_bytes(files["png"][at : at + 4]) for at in (16, 20))
    assert (width, height) == (2400, 2 * round(float(drawn.get("height", 0))))
    assert shown.complaints == []


def test_a_wall_fills_the_window_and_escape_leaves_it(visit: Open) -> None:
    shown = visit()
    page = shown.enter("olga")
    shown.go("/components/")
    page.click("text=大屏")
    page.wait_for_url("**/components/?wall=1")
    expect(page.locator(".pj-nav")).to_have_count(0)
    assert page.evaluate("getComputedStyle(document.querySelector('h1')).fontFamily").startswith("STZhongsong")
    expect(page.locator(".chart svg").first).to_be_visible()
    page.keyboard.press("Escape")
    page.wait_for_url("**/components/")
    expect(page.locator(".pj-nav")).to_be_visible()
    assert shown.complaints == []


def test_switches_keep_the_page_without_a_script(visit: Open) -> None:
    shown = visit()
    page = shown.enter("olga")
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
    page = shown.enter("olga")
    shown.go("/cases/3/")
    page.emulate_media(media="print")
    for hidden in (".pj-top", ".pj-nav", ".opn", ".skip"):
        expect(page.locator(hidden)).to_be_hidden()
    expect(page.locator(".canal")).to_be_visible()
    expect(page.locator(".pj-ribbon")).to_be_visible()


def test_the_first_visit_takes_less_than_600_kilobytes(site: Site) -> None:
    """Everything that the desk and the page of parts (with charts) fetch, as it travels."""

    def fetched(path: str, packing: str = "gzip") -> tuple[int, bytes, str]:
        request = urllib.request.Request(site.url + path, headers={"Accept-Encoding": packing})
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
    assert len(assets) >= 8
    assert not any("echarts" in path for path in assets), "only where a figure stands"
    ordinary = set(assets)
    laid_out = site.folder.with_name(".site.static")
    for name in ("vendor/echarts.min.*.js", "vendor/drawing.*.js", "pages/charts.*.js"):
        (path,) = laid_out.glob(name)
        assets.add(f"/static/{path.relative_to(laid_out).as_posix()}")
    for path in assets:
        sizes[path], _body, cached = fetched(path)
        assert re.search(r"\.[0-9a-f]{12}\.", path), f"{path} has no digest in its name"
        assert "immutable" in cached
    assert sum(sizes.values()) < 600_000, sizes
    packed = {path: fetched(path, "br, gzip")[0] for path in assets}
    assert all(packed[path] < sizes[path] for path in assets if path.endswith(("css", "js")))
    print("gzip", sum(sizes.values()), "ordinary page, brotli", sum(packed[path] for path in ordinary) + page[0])
    assert not any(b"sourceMappingURL" in fetched(path)[1] for path in assets)


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
