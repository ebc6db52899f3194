"""An analyst's work in one go, in a browser, on four real exports: from files to figures, numbers as the library's.

With PINGJIANG_SCREENSHOTS the folder named there gets a picture of each page that was walked.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Browser, Page, expect

from pingjiang import judgements, search
from pingjiang.atlas import filtered
from pingjiang.atlas.filters import Filter, Node, Years
from pingjiang.engine import Session
from pingjiang.judgements import Log
from pingjiang.judging.tagging import TagDesk
from tests.centre.evidence.walking import PATIENCE, Walk, is_done, number
from tests.centre.pages.looking import axe, too_wide
from tests.centre.serving import served, visiting

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.xdist_group("browser")]
EXPORTS = (
    "cn_exports/ai/incopat_chatbot_2798.xlsx",
    "cn_exports/autodriving/patentics_cruise_920.csv",
    "cn_exports/autodriving/patentics_thundersoft_511_with_address.xlsx",
    "formats/lens2021_3779.csv",
)
DAMAGED = 3  # rows of the last one whose number was taken away
MERGES, TAGGED = 60, 24
LEAF = ["3", "thermal-imaging", "红外与热成像", "Thermal imaging", "用红外看路与人。", "Sees by infrared."]
RULE = "{words: {any: {zh: [红外, 热成像, 夜视], en: [infrared, thermal imag*, night vision]}, in: title}}"


@pytest.fixture
def walk(browser: Browser, tmp_path: Path) -> Iterator[Walk]:
    site = served(tmp_path / "site", "tests.centre.evidence.fill_journey")
    with site as there, visiting(browser, there) as opens:
        yield Walk(there, opens, tmp_path)


def test_from_four_exports_to_figures(walk: Walk, samples: Path) -> None:
    steps = (partial(imports, samples=samples), cleans, builds_a_chain, judges_a_leaf, tags, draws, searches, releases)
    for step in steps:
        step(walk)
    looks_at_all(walk)


def exports(walk: Walk, samples: Path) -> list[Path]:
    """The four, the last with a few rows that cannot be taken."""
    *whole, last = (samples / name for name in EXPORTS)
    with last.open(encoding="utf-8-sig", newline="") as file:
        head, *rows = list(csv.reader(file))
    for row in rows[:DAMAGED]:
        row[head.index("Publication Number")] = row[head.index("Application Number")] = ""
    damaged = walk.folder / last.name
    with damaged.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([head, *rows])
    return [*whole, damaged]


def imports(walk: Walk, samples: Path) -> None:
    """The manager makes a lake, the analyst hands files in: receipts add up, rejected rows come back as a file."""
    page = walk.go("one_centre_manager", "/evidence/new/")
    page.fill("#id_name_zh", "智能网联汽车")
    page.fill("#id_name_en", "Connected cars")
    page.select_option("#id_chain", "intelligent-connected-vehicles")
    page.click("#main button.pri")
    page.wait_for_url("**/data/")
    walk.lake = number(page.url.partition("/evidence/")[2])
    page = walk.go("sam", "data/")
    page.set_input_files("input[name=files]", exports(walk, samples))
    page.click("#upload form[enctype] button")
    expect(page.locator("#waiting button.pri")).to_be_enabled(timeout=PATIENCE)
    assert page.locator("#waiting .st").all_inner_texts() == [
        "incoPat 导出", "Patentics 导出（csv）", "Patentics 导出（xlsx）", "Lens 导出"
    ]  # fmt: skip
    page.click("#waiting button.pri")
    page.wait_for_url("**/runs/*/")
    walk.note("sam")
    is_done(page, 3)
    told = [
        [number(cell) for cell in row.locator("td.num").all_inner_texts()] for row in page.locator("tbody tr").all()
    ]
    assert all(read == taken + merged + rejected for read, taken, merged, rejected, _written in told)
    assert [row[0] for row in told] == [2798, 920, 511, 3779] and [row[3] for row in told] == [0, 0, 0, DAMAGED]
    receipts = walk.held.require_current().info["sources"]
    parts = ("rows_read", "accepted", "merged", "rejected", "publications_written")
    assert sorted(told) == sorted([each[part] for part in parts] for each in receipts)
    left = walk.saved(page, lambda: page.click("text=下载退出的行"))
    assert len(left.read_text(encoding="utf-8-sig").strip().splitlines()) == 1 + DAMAGED


def cleans(walk: Walk) -> None:
    """Sixty proposed merges are approved by one key each, one is taken back and given again."""
    page = walk.go("sam", "identity/review/")
    for _ in range(MERGES):
        with page.expect_navigation():
            page.keyboard.press("s")
    before = page.locator("h1 small").inner_text()
    with page.expect_navigation():
        page.keyboard.press("z")
    assert page.locator("h1 small").inner_text() != before
    with page.expect_navigation():
        page.keyboard.press("s")
    assert page.locator("h1 small").inner_text() == before
    standing = judgements.in_force(Log(walk.held.judgements).read().rows)
    assert len(standing) >= MERGES and {row.who.partition(" ")[0] for row in standing} == {"Sam"}
    assert number(page.locator("section:has(h2:text('等待构建'))").inner_text()) >= MERGES + 2


def builds_a_chain(walk: Walk) -> None:
    """The outline goes out, gets a leaf with a rule, comes back as version 1.2; the lake is built by it."""
    page = walk.go("sam", "chain/versions/")
    outline = walk.saved(page, lambda: page.click("text=导出大纲"))
    book = openpyxl.load_workbook(outline)
    sheet = book.worksheets[0]
    names = [cell.value for cell in sheet["B"]]
    sheet.cell(names.index("intelligent-connected-vehicles") + 1, 10).value = "1.2"
    at = names.index("lidar") + 2
    sheet.insert_rows(at)
    for column, value in enumerate([*LEAF, None, None, None, RULE], start=1):
        sheet.cell(at, column).value = int(value) if column == 1 and value else value
    book.save(outline)
    page.set_input_files("input[name=file]", outline)
    page.click("button.pri:has-text('检查')")
    expect(page.locator("#main dl.kv dd").first).to_have_text("thermal-imaging")
    walk.note("sam")
    page.fill("input[name=why]", "增加红外")
    page.click("button.pri")
    page.click("button:has-text('重新构建')")
    page.wait_for_url("**/runs/*/")
    is_done(page, 2)
    assert walk.held.require_current().info["chain"]["version"] == "1.2"
    page = walk.go("sam", "chain/")
    shown = {
        row.get_attribute("data-node"): number(row.locator("td.num").first.inner_text())
        for row in page.locator("tr[data-node]").all()
    }
    assert len(shown) == 57 and shown == walk.ask(on_nodes, shown)
    assert shown["thermal-imaging"] > 0


def on_nodes(session: Session, nodes: Iterable[str]) -> dict[str, int]:
    """How many publications the library finds on each node, or below it."""
    return {node: filtered.count(session, Filter("publication", (Node(node),))) for node in nodes}


def judges_a_leaf(walk: Walk) -> None:
    """The sample of a leaf is judged by keys: precision is told, and the leaf is released."""
    page = walk.go("sam", "chain/")
    page.locator("tr[data-node]:has(.st) a[data-row]").first.click()
    page.wait_for_url("**/node/**")
    walk.note("sam")
    sample = page.locator("table:not([data-rows]) tbody tr").count()
    page.click(".pj-head a.btn.pri")
    page.wait_for_url("**/judge/**")
    walk.note("sam")
    for nth in range(sample):
        with page.expect_navigation():
            page.keyboard.press("2" if nth % 10 == 9 else "1")
    wrong = sample // 10
    page = walk.go("sam", page.url.removeprefix(walk.site.url).replace("/judge/", "/"))
    expect(page.locator("#main dl.kv").last).to_contain_text(f"{sample - wrong}/{sample} = ")
    page.fill("form[action*=release] input[name=why]", "样本已判读")
    page.click("form[action*=release] button")
    expect(page.locator("h1 .st").last).to_have_text("已发布")


def tags(walk: Walk) -> None:
    """A list goes to three experts, who tag by keys; differences are told, and decided."""
    page = walk.go("sam", "chain/tags/")
    page.fill("#id_name", "疑难件")
    page.fill("#id_tags", "voice=语音|voice\nsight=图像|image")
    page.fill("#id_sample", str(TAGGED))
    page.fill("#id_double", "100")
    for name in ("One_expert", "Erna", "Emil"):
        page.check(f"label:has-text('{name}') input[name=assigned]")
    page.select_option("#id_suggestion", "never")
    page.click("form button.pri:has-text('新建标引任务')")
    page.wait_for_url("**/evidence/tagging/*/")
    walk.note("sam")
    at = page.url
    for who, every in (("one_expert", 2), ("erna", 2), ("emil", 3)):
        codes(walk, who, every)
    page.goto(at)
    desk = TagDesk(walk.held)
    told = desk.named("疑难件")
    made = desk.codings(told)
    expected = [
        "—" if each["kappa"] is None else f"{each['kappa']:.3f}" for each in made.agreement(told)
    ]  # fmt: skip
    rows = page.locator("section:has(h2:text('一致性')) tbody tr")
    assert len(expected) == rows.count() == 6, "two tags, three pairs of people"
    assert [row.locator("td.num").last.inner_text().partition(" ")[0] for row in rows.all()] == expected
    page.click("a:has-text('裁定')")
    walk.note("sam")
    while (rest := page.locator("button[value=yes]")).count():
        rest.first.click()
        page.wait_for_load_state()
    assert desk.codings(told).open() == {}


def codes(walk: Walk, who: str, every: int) -> None:
    """Tag all that was given to somebody: the first tag at each so-many-th, none elsewhere."""
    page = walk.go(who, "/evidence/tagging/")
    page.click("a[data-row]")
    page.wait_for_url("**/code/**")
    walk.note(who)
    while True:
        bar = page.locator("progress")
        done, of = (int(bar.get_attribute(name) or 0) for name in ("value", "max"))
        if done == of:
            return
        numeral = sum(map(ord, page.locator("#publication").inner_text()))
        with page.expect_navigation():
            if numeral % every:
                page.keyboard.press("0")
            else:
                page.keyboard.press("1")
                page.keyboard.press("Enter")


def draws(walk: Walk) -> None:
    """Trend, map, matrix and network under filters; each number leads to as many rows; figures come as files."""
    page = walk.go("sam", "atlas/")
    every = walk.ask(filtered.count, Filter("application"))
    assert number(page.locator(".bar-f .end").inner_text()) == every
    under = Filter("application", (Node("midstream"), Years("filing", 2012, 2020)))
    page.select_option("select[name=node]", "midstream")
    page.fill("input[name=from]", "2012")
    page.fill("input[name=to]", "2020")
    page.click(".bar-f form button")
    page.wait_for_url("**node=midstream**")
    narrow = walk.ask(filtered.count, under)
    assert 0 < narrow < every and number(page.locator(".bar-f .end").inner_text()) == narrow
    walk.note("sam")
    for view in ("时间", "地域", "节点", "申请人", "合作网络"):
        page.click(f".tabs a:has-text('{view}')")
        page.wait_for_load_state()
        walk.note("sam")
        assert number(page.locator(".bar-f .end").inner_text()) == narrow, view
    files(walk, page)
    page.click(".tabs a:has-text('节点')")
    ward = page.locator(".wd .v").first
    told = number(ward.inner_text())
    ward.click()
    page.wait_for_url("**/items/**")
    walk.note("sam")
    expect(page.locator(".foot.pg b")).to_have_text(f"{told:,}")
    page.go_back()
    assert "node=midstream" in page.url and "/nodes/" in page.url


def files(walk: Walk, page: Page) -> None:
    """The trend as PNG, SVG and a workbook whose numbers add up to what is counted."""
    page.click(".tabs a:has-text('时间')")
    figure = page.locator("[data-figure=filings_by_year]")

    def downloaded(what: str) -> Path:
        figure.locator("details").evaluate("(each) => { each.open = true; }")
        return walk.saved(page, lambda: figure.locator(what).click())

    png, svg, xlsx = (downloaded(what) for what in ("[data-save=png]", "[data-save=svg]", "a[download]"))
    assert png.read_bytes().startswith(b"\x89PNG") and "<svg" in svg.read_text(encoding="utf-8")
    sheet = openpyxl.load_workbook(xlsx).worksheets[-1]
    rows = [row for row in sheet.iter_rows(min_row=2, values_only=True) if isinstance(row[1], int | float)]
    assert sum(int(row[1]) for row in rows) == number(page.locator(".bar-f .end").inner_text())


def searches(walk: Walk) -> None:
    """A query that breaks is told where; one that does not finds what the library finds, and goes out whole."""
    page = walk.go("sam", "search/")
    page.fill("textarea[name=q]", "TI=(语音 AND")
    expect(page.locator("#reading .rd-bad b")).to_be_visible()
    page.fill("textarea[name=q]", "TI=(语音) NOT TI=(车)")
    expect(page.locator("#reading .mono")).to_contain_text("语音")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**q=**")
    walk.note("sam")
    total = search.find(walk.held, "TI=(语音) NOT TI=(车)").total
    assert total > 20 and number(page.locator(".tool > span > b").inner_text()) == total
    page.click("summary:has-text('存为集合')")
    page.fill("input[name=name]", "语音")
    page.click("form[action*='sets/keep'] button")
    page.click("summary:has-text('导出全部')")
    page.click("button[value=xlsx]")
    expect(page.locator("a[download].pri")).to_be_visible(timeout=PATIENCE)
    walk.note("sam")
    book = openpyxl.load_workbook(walk.saved(page, lambda: page.click("a[download].pri")), read_only=True)
    assert max(sum(1 for _ in sheet.iter_rows()) for sheet in book.worksheets) == total + 1
    page = walk.go("sam", "search/?q=%23%23语音")
    assert number(page.locator(".tool > span > b").inner_text()) == total, "the set, by its name"
    page.locator("td a[href*='/publication/']").first.click()
    walk.note("sam")
    for tab in page.locator(".tabs a").all()[1:]:
        walk.seen[tab.get_attribute("href") or ""] = "sam"
    page.click(".pj-head a:has-text('相似文献')")
    expect(page.locator("a[href*='/publication/']").first).to_be_visible(timeout=PATIENCE)
    walk.note("sam")
    walk.go("sam", "search/history/")


def releases(walk: Walk) -> None:
    """The manager shows the release to other houses: they see figures, and no lake."""
    release = walk.held.require_current().id
    page = walk.go("one_centre_manager", f"data/sharing/?release={release}")
    page.click("button[value=others]")
    expect(page.locator("main h3, #main h3").first).to_have_text("向其他单位公开")
    other = walk.go("one_district_officer", "/evidence/shared/")
    other.click("td a")
    walk.note("one_district_officer")
    expect(other.locator("[data-figure]").first).to_be_visible()
    assert walk.go("one_district_officer", "data/", note=False).title().startswith("找不到"), "not found for others"
    walk.go("sam", "data/changes/")
    walk.go("sam", "identity/").locator("td a[data-row]").first.click()
    walk.note("sam")
    walk.go("sam", "data/")
    walk.go("sam", "/")


def looks_at_all(walk: Walk) -> None:
    """Each page that was walked: no breach of access rules, nothing sideways, in both languages and themes."""
    folder = os.environ.get("PINGJIANG_SCREENSHOTS")
    found: dict[tuple[str, str], list[str]] = {}
    assert len(walk.seen) > 25
    for nth, (path, who) in enumerate(walk.seen.items()):
        shown = walk.visits[who]
        for language, theme in (("zh-hans", "light"), ("en", "dark")):
            shown.keep("django_language", language)
            shown.keep("pj_theme", theme)
            wrong = [*axe(shown.go(path)), *too_wide(shown.page)]
            if wrong:
                found[path, language] = wrong
            if folder:
                shown.page.screenshot(path=f"{folder}/{nth:02}-{language[:2]}-{theme}.png")
    assert found == {}
    assert [line for each in walk.visits.values() for line in each.complaints if "status of 404" not in line] == []
