"""The page as a reader meets it: languages, themes, lists behind numbers, files, keyboard, access."""

from __future__ import annotations

import csv
import io
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from pingjiang.atlas.figures import assemble
from pingjiang.atlas.publish import write_atlas
from pingjiang.chain.tree import load as load_chain
from pingjiang.schema.units import UNITS
from tests.atlas.conftest import Opened
from tests.atlas.made import columns_of, figures_of, meta_of, owners_of, small, small_world
from tests.browsing import AXE, need

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
VIEWS = ("overview", "time", "technology", "places", "organisations", "method")
FIGURES = {
    "overview": ("wards", "trend", "world", "ranking"),
    "time": ("trend-large", "claims", "lag"),
    "technology": ("node-year",),
    "places": ("world-large", "china", "cities", "place-node"),
    "organisations": ("ranking-large", "concentration", "entrants", "network"),
}
FOOT = ("Unit publications", "Cut-off 2022-12-31", "R2026.01-1", "1.0, chain sample 0.1")
ALL_TABLES = ",".join(figure for figures in FIGURES.values() for figure in figures)

# Texts, labels and titles of the page outside of what comes from data.
VISIBLE_WORDS = """() => {
  const out = [];
  const walk = (node) => {
    if (node.nodeType === Node.TEXT_NODE) { out.push(node.data); return; }
    if (node.nodeType !== Node.ELEMENT_NODE || node.matches('[data-raw], script, style, noscript, mark')) return;
    const raw = node.querySelector('[data-raw]') || node.closest('.rk');
    for (const name of ['aria-label', 'title', 'placeholder', 'data-tip']) {
      if (node.hasAttribute(name) && !raw && !node.closest('.net')) out.push(node.getAttribute(name));
    }
    node.childNodes.forEach(walk);
  };
  walk(document.body);
  return out.map((text) => text.trim()).filter(Boolean);
}"""
# Every number of the page that opens a list: what it says, and how many items its list has.
NUMBERS = """() => [...document.querySelectorAll('[data-list]')].map((element) => {
  const said = element.dataset.tip ?? (element.querySelector('.val') ?? element).textContent;
  const numbers = said.match(/[0-9][0-9,]*/g) ?? [];
  const conditions = PJ.parseConditions(element.dataset.list);
  const items = PJ.select(conditions, PJ.S.unit);
  const counted = PJ.ownersCounted(conditions, items, PJ.S.unit);
  const count = counted ? counted.owners.size : items.length;
  return { said, numbers: numbers.map((text) => Number(text.replaceAll(',', ''))), count, list: element.dataset.list };
})"""


@pytest.mark.parametrize(
    ("lang", "theme"),
    [
        ("zh", "light"),
        ("en", "dark"),
        pytest.param("zh", "dark", marks=pytest.mark.slow),
        pytest.param("en", "light", marks=pytest.mark.slow),
    ],
)
def test_every_view_opens_without_complaint_or_request(opened: Opened, lang: str, theme: str) -> None:
    for view in VIEWS:
        for tables in ("", ALL_TABLES):
            page = opened.go(f"v={view}&lang={lang}&theme={theme}&t={tables}&n=proc")
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), view
            main = page.evaluate("(m => [m.scrollWidth, m.clientWidth])(document.getElementById('main'))")
            assert main[0] <= main[1], f"{view}: sideways scroll"
            assert opened.requests[0].startswith("file:")
            assert all(url.startswith(("file:", "data:", "blob:")) for url in opened.requests)
            assert len([url for url in opened.requests if url.startswith("file:")]) == 1
    assert opened.complaints == []


@pytest.fixture(scope="module")
def wide_atlas(tmp_path_factory: pytest.TempPathFactory, vendor: None) -> Path:
    """An atlas of made-up items over a chain of many nodes, with names as long as they come."""
    chain: Any = load_chain("semiconductors").nodes()
    every: Any = [{"id": unit, "items": 3000, "told_apart": True, "note_zh": None, "note_en": None} for unit in UNITS]
    data = small(
        size=3000,
        chain=chain,
        units=every,
        title_zh="半导体产业图谱（示例数据）",
        title_en="Semiconductor industry atlas (sample data)",
    )
    return write_atlas(tmp_path_factory.mktemp("wide"), data)[0]


# What is wrong in the window: sideways scrolling, names of wards that are cut, wards that lie over others.
WRONG = """() => {
  const out = [];
  for (const each of [document.documentElement, document.getElementById('main')]) {
    if (each.scrollWidth > each.clientWidth) out.push(`sideways ${each.tagName} ${each.scrollWidth}`);
  }
  const boxes = [...document.querySelectorAll('.wd')].map((each) => [each, each.getBoundingClientRect()]);
  for (const [ward, box] of boxes) {
    const name = ward.querySelector('.nm');
    const cut = name.scrollWidth > name.clientWidth + 1 || name.scrollHeight > name.clientHeight + 3;
    if (cut) out.push(`cut ${name.textContent}`);
    const inner = ward.querySelector('span').getBoundingClientRect();
    if (inner.bottom > box.bottom + 1 || inner.right > box.right + 1) out.push(`number of ${name.textContent}`);
    const over = boxes.find(([other, its]) => other !== ward && its.left < box.right - 1 && box.left < its.right - 1
      && its.top < box.bottom - 1 && box.top < its.bottom - 1);
    if (over) out.push(`over ${name.textContent}`);
  }
  const tools = document.getElementById('tools').getBoundingClientRect();
  if (tools.right > innerWidth + 1) out.push('tools beyond the window');
  return out;
}"""


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_nothing_is_cut_at_any_width(wide_atlas: Path, open_file: Callable[[Path], Opened], lang: str) -> None:
    shown = open_file(wide_atlas)
    for width, height in ((1920, 1080), (1366, 768), (1024, 768), (683, 768), (390, 844)):
        shown.page.set_viewport_size({"width": width, "height": height})
        for more in ("", "&wall=1&theme=dark") if width > 1200 else ("",):
            for view in VIEWS:
                page = shown.go(f"v={view}&lang={lang}{more}")
                assert page.evaluate(WRONG) == [], (width, view, more)
    assert shown.complaints == []


@pytest.mark.parametrize("address", ["lang=zh", "lang=en", "lang=zh&wall=1&theme=dark", "lang=en&wall=1&theme=dark"])
def test_the_overview_stands_on_one_screen(wide_atlas: Path, open_file: Callable[[Path], Opened], address: str) -> None:
    page = open_file(wide_atlas).go(address)
    tall, room = page.evaluate("(m => [m.scrollHeight, m.clientHeight])(document.getElementById('main'))")
    # Other machines have other fonts: a line more of two of the figures' feet is no fault.
    assert tall - room <= 40


def test_every_word_has_both_languages_and_the_same_gaps(opened: Opened) -> None:
    words: dict[str, list[str]] = opened.go("").evaluate("PJ.WORDS")
    assert len(words) > 150
    for key, pair in words.items():
        assert len(pair) == 2 and all(text.strip() for text in pair), key
        assert set(re.findall(r"\{\w+\}", pair[0])) == set(re.findall(r"\{\w+\}", pair[1])), key
        assert not re.search(r"[\u4e00-\u9fff]", pair[1]), key


@pytest.mark.parametrize("whole", [False, pytest.param(True, marks=pytest.mark.slow)])
def test_in_english_nothing_is_left_in_chinese(opened: Opened, whole: bool) -> None:
    """The unit and the years are those of the overview, unless the whole is asked for."""
    everywhere = ("", f"&t={ALL_TABLES}", "&u=application&w=tree", "&w=table&y=2008-2015")
    for view in VIEWS:
        for more in everywhere if whole or view == "overview" else everywhere[:2]:
            page = opened.go(f"v={view}&lang=en&n=etch{more}")
            left = [text for text in page.evaluate(VISIBLE_WORDS) if re.search(r"[\u3400-\u9fff]", text)]
            assert left == [], f"{view}{more}"
    page = opened.go("lang=en&l=node%3Aetch")
    left = [text for text in page.evaluate(VISIBLE_WORDS) if re.search(r"[\u3400-\u9fff]", text)]
    assert left == []


SCOPES = ("", "n=etch", "n=mat&b=inventor", "y=2008-2016", "n=cmp&y=2010-2019&b=inventor")
LONG = [pytest.param(scope, marks=pytest.mark.slow) for scope in SCOPES[:-1]]  # the last has all filters at once


@pytest.mark.parametrize("scope", [*LONG, SCOPES[-1]])
def test_every_number_counts_the_list_that_it_opens(opened: Opened, scope: str) -> None:
    checked = 0
    for view in VIEWS:
        for tables in ("", ALL_TABLES):
            page = opened.go(f"v={view}&{scope}&t={tables}&hl=leaf")
            for number in page.evaluate(NUMBERS):
                if not number["numbers"]:
                    continue
                assert number["count"] in number["numbers"], (view, number)
                checked += 1
    assert checked > 300


def test_a_click_opens_as_many_rows_as_the_number_says(opened: Opened) -> None:
    page = opened.go("")
    for selector in (".wd .v", "#p-ranking .row", "#p-world .row", "#filter .v"):
        button = page.locator(selector).first
        said = button.locator(".val").inner_text() if button.locator(".val").count() else button.inner_text()
        expected = re.search(r"[\d,]+", said)
        assert expected
        button.click()
        assert page.locator("#list [data-total=items]").inner_text() == expected.group()
        page.keyboard.press("Escape")
        expect(page.locator("#list")).to_be_hidden()


def test_a_list_that_the_browser_closes_can_be_opened_again(opened: Opened) -> None:
    page = opened.go("")
    button = page.locator("#filter .v")
    button.click()
    expect(page.locator("#list")).to_be_visible()
    page.evaluate("document.getElementById('list').close()")
    expect(page).not_to_have_url(re.compile("[#&]l="))
    button.click()
    expect(page.locator("#list")).to_be_visible()


# Where a year of a series stands in the window: the middle of its column, and how high its value reaches.
SPOT = """([figure, series, least]) => {
  const holder = document.querySelector(`#p-${figure} .ch`);
  const chart = echarts.getInstanceByDom(holder);
  const option = chart.getOption();
  const values = option.series.map(({ data }) => data.map((each) => each?.value ?? each));
  // A year in which the two series stand apart, so that each can be meant.
  const at = values[series].findIndex((value, i) => value > least
    && (values.length < 2 || Math.abs(chart.convertToPixel({ seriesIndex: 0 }, [i, values[0][i]])[1]
      - chart.convertToPixel({ seriesIndex: 1 }, [i, values[1][i]])[1]) > 14));
  const [x, y] = chart.convertToPixel({ seriesIndex: series }, [at, values[series][at]]);
  const box = holder.getBoundingClientRect();
  return [box.left + x, box.top + y, Number(option.xAxis[0].data[at]), values[series][at]];
}"""


@pytest.mark.parametrize(
    ("figure", "kinds"), [("trend-large", ("filed", "granted")), ("entrants", ("entered", "active"))]
)
def test_bars_and_points_open_their_year(opened: Opened, figure: str, kinds: tuple[str, str]) -> None:
    page = opened.go("v=time" if figure == "trend-large" else "v=organisations")
    dialog = page.locator("#list")
    for series, kind in enumerate(kinds):
        x, y, year, value = page.evaluate(SPOT, [figure, series, 3])
        # A hand is not exact: a point is met some pixels beside it, a bar anywhere in the column of its year.
        for aside, below in ((0, 0), (3, 5), (-3, -5)) if series else ((0, 12), (6, 14)):
            page.mouse.click(x + aside, y + below)
            expect(dialog).to_be_visible()
            assert opened.address.endswith(f"l={kind}:{year}")
            counted = "items" if figure == "trend-large" else "organisations"
            assert dialog.locator(f"[data-total={counted}]").inner_text() == str(value)
            page.keyboard.press("Escape")
            expect(dialog).to_be_hidden()


def test_years_too_many_for_points_can_still_be_chosen(
    tmp_path: Path, vendor: None, open_file: Callable[[Path], Opened]
) -> None:
    data = small()
    items: Any = data["items"]["publication"]
    filed = items["columns"]["filing_year"]
    # One item filed forty years before all others: lines are then drawn without points.
    number = next(i for i, year in enumerate(filed) if year is None)
    filed[number] = 1965
    data["meta"]["period"][0] = 1965
    rows: Any = data["figures"]["filings_by_year"]["units"]["publication"]["rows"]
    next(row for row in rows if row[0] is None)[1] -= 1
    rows.insert(0, [1965, 1, True])
    shown = open_file(write_atlas(tmp_path, data)[0])
    page = shown.go("v=time")
    x, y, year, value = page.evaluate(SPOT, ["trend-large", 1, 3])
    page.mouse.click(x, y)
    expect(page.locator("#list [data-total=items]")).to_have_text(str(value))
    assert shown.address.endswith(f"l=granted:{year}")


def test_charts_and_their_tables_show_the_same(opened: Opened) -> None:
    page = opened.go("v=time")
    drawn = page.evaluate(
        """() => Object.fromEntries(['trend-large', 'claims', 'lag'].map((id) => {
          const option = echarts.getInstanceByDom(document.querySelector(`#p-${id} .ch`)).getOption();
          return [id, option.series.map((series) => series.data.map((each) => each?.value ?? each))];
        }))"""
    )
    tables = page.evaluate(
        """() => Object.fromEntries(['trend-large', 'claims', 'lag'].map((id) => {
          const { rows } = PJ.figures[id].table(PJ.modelOf(id));
          return [id, rows.filter((row) => row[0] !== null).map((row) => row.map((cell) => cell?.value ?? cell))];
        }))"""
    )
    assert drawn["trend-large"][0] == [row[1] for row in tables["trend-large"]]
    assert drawn["trend-large"][1] == [row[4] for row in tables["trend-large"]]
    # Years of few items are left to the table.
    for figure in ("claims", "lag"):
        sure = [row for row in tables[figure] if row[1] >= 30]
        shown = sure if len(sure) >= 3 else tables[figure]
        for number, series in enumerate(drawn[figure]):
            known = [value for value in series if value is not None]
            assert known and known == [row[3 + number] for row in shown if row[3 + number] is not None]


def test_incomplete_years_are_hatched_and_out_of_growth(opened: Opened) -> None:
    page = opened.go("v=time")
    hatched = page.evaluate(
        """() => {
          const option = echarts.getInstanceByDom(document.querySelector('#p-trend-large .ch')).getOption();
          const years = option.xAxis[0].data.map(Number);
          return option.series[0].data.map((each, i) => [years[i], Boolean(each?.itemStyle?.decal)]);
        }"""
    )
    assert {year for year, on in hatched if on} == {year for year, _ in hatched if year > 2020}
    rows = page.evaluate("PJ.figures['trend-large'].table(PJ.modelOf('trend-large')).rows")
    assert all(row[2] is None for row in rows if row[0] is not None and row[0] > 2020)


def test_a_year_without_filings_is_zero_and_families_say_from_when_they_count(
    tmp_path: Path, vendor: None, open_file: Callable[[Path], Opened]
) -> None:
    world = small_world()
    for item in world.items:
        item.filing_year = 2012 if item.filing_year == 2013 else item.filing_year
    unit = {"id": "simple_family", "items": 400, "told_apart": True, "note_zh": None, "note_en": None}
    data = assemble(
        meta=meta_of(world, units=[unit]),
        chain=world.chain,
        figures=figures_of(world, ["simple_family"]),
        items={"simple_family": columns_of(world.items)},
        **owners_of(world),
        places=world.places,
    )
    page = open_file(write_atlas(tmp_path, data)[0]).go("v=time")
    table = page.evaluate("PJ.figures['trend-large'].table(PJ.modelOf('trend-large')).rows")
    rows = {row[0]: (row[1]["value"], row[2], row[3]) for row in table}
    years = page.evaluate("PJ.modelOf('trend-large').years")
    bars = page.evaluate(
        "echarts.getInstanceByDom(document.querySelector('#p-trend-large .ch')).getOption().series[0].data"
    )
    assert rows[2012][0] >= 30 and rows[2013] == (0, -1, True) and rows[2014][1] is None
    assert rows[years[0]][1] is None
    assert bars[years.index(2013)] == 0
    lag = page.evaluate("PJ.footText(PJ.figures.lag, PJ.modelOf('lag'))")
    assert "同族从最早优先权日起算" in lag


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_marks_of_the_ward_map_are_explained(opened: Opened, lang: str) -> None:
    page = opened.go(f"lang={lang}")
    world = small_world()

    def filed(years: range, leaf: int | None) -> int:
        return sum(item.filing_year in years and (leaf is None or leaf in item.nodes) for item in world.items)

    last, before = range(2018, 2021), range(2015, 2018)
    whole = filed(last, None) / filed(before, None)
    for index, node in enumerate(world.chain):
        if not node["is_leaf"] or node["node_id"] == "empty":
            continue
        a, b = filed(last, index), filed(before, index)
        ward = page.locator(f".wd:has([data-node={node['node_id']}])")
        ward.hover(force=True)
        told = page.locator("#tip").inner_text()
        mark = "▲" if a / b > 1.1 * whole else "▼" if a / b < whole / 1.1 else "－"
        assert ward.locator("s").inner_text() == mark and mark in told
        assert re.findall(r"\d+\.\d\d", told) == [f"{a / b:.2f}", f"{whole:.2f}"], told
        assert all(re.search(rf"\b{count}\b", told) for count in (a, b)), told
    page.locator("[data-define=wards]").first.click()
    assert ("本页自定" if lang == "zh" else "page's own") in page.locator("#define").inner_text()
    page = opened.go(f"lang={lang}&v=method")
    assert ("本页自定" if lang == "zh" else "page's own") in page.locator(".marks").inner_text()


def test_language_theme_and_wall_keep_the_rest(opened: Opened) -> None:
    page = opened.go("n=etch&y=2008-2015&v=organisations")
    page.click("[data-set='lang=en']")
    assert page.locator("html").get_attribute("lang") == "en"
    assert "etch" in opened.address and "2008-2015" in opened.address
    page.click("[data-set='theme=dark']")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(17, 24, 26)"
    assert page.locator("#p-ranking-large h2").inner_text().startswith("Etching 2008–2015")
    page.click("[data-wall]")
    assert not page.locator("#nav").is_visible()
    page.keyboard.press("ArrowRight")
    assert page.locator(".v-method").count() == 1
    page.keyboard.press("Escape")
    assert page.locator("#nav").is_visible() and "n=etch" in opened.address


def test_back_goes_back_and_a_link_says_all(opened: Opened) -> None:
    page = opened.go("")
    page.click(".wd [data-node=etch]", force=True)
    page.click("#nav a >> nth=4")
    page.locator("#p-ranking-large .row").first.click()
    link = opened.address
    total = page.locator("#list [data-total=items]").inner_text()
    page.go_back()
    expect(page.locator("#list")).to_be_hidden()
    page.go_back()
    expect(page.locator(".v-overview .wd.on")).to_have_count(1)
    page.go_back()
    expect(page.locator(".wd.on")).to_have_count(0)
    fresh = opened.go(link.removeprefix("#"))
    assert fresh.locator("#list [data-total=items]").inner_text() == total


def test_the_list_sorts_filters_turns_pages_and_exports(opened: Opened) -> None:
    page = opened.go("l=all%3A1")
    dialog = page.locator("#list")
    assert dialog.locator("tbody tr").count() == 20
    dialog.get_by_role("button", name="50", exact=True).click()
    assert dialog.locator("tbody tr").count() == 50
    dialog.locator("th button", has_text="公开号").click()
    numbers = dialog.locator("tbody .id").all_inner_texts()
    assert numbers == sorted(numbers) and numbers[0] == "CN900000000A"
    dialog.locator("footer nav button", has_text="2").first.click()
    assert dialog.locator("tbody .id").first.inner_text() == "CN900000050A"
    dialog.locator("input").fill("方法 39")
    assert dialog.locator("tbody tr").count() == 11  # 39, 390…399
    with page.expect_download() as download:
        dialog.locator("[data-list-csv]").click()
    text = Path(download.value.path()).read_bytes().decode("utf-8")
    assert text.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(text[1:])))
    assert len(rows[0]) == 1 and "合成数据" in rows[0][0] and "R2026.01-1" in rows[0][0]
    assert len(rows) == 2 + 11


def test_the_list_of_an_organisation_shows_its_names_and_why(opened: Opened) -> None:
    dialog = opened.go("l=org%3Ao000").locator("#list")
    dialog.locator(".aka summary", has_text="2 种写法合为一个机构").click()
    cells = [row.locator("th,td").all_inner_texts() for row in dialog.locator(".aka tbody tr").all()]
    assert cells == [
        ["Sample Works 0", "41", "1.00", "词语相同"],
        ["SAMPLE WORKZ 0", "3", "0.87", "拼写相近；词语相同"],
    ]
    tops = [dialog.locator(part).bounding_box() for part in (".bar-l", ".aka summary", ".aka .names", ".rows")]
    assert [box["y"] for box in tops if box] == sorted({box["y"] for box in tops if box}), "one below the other"
    dialog.get_by_role("button", name="50", exact=True).click()
    assert dialog.locator(".aka details[open]").count() == 1, "it stays open while the list turns"
    english = opened.go("lang=en&o=group&l=org%3Ag000").locator("#list")
    english.locator(".aka summary", has_text="2 organisations with 3 names held for one group").click()
    assert "Sample Works 0" in english.locator(".aka tbody tr").first.inner_text()
    for address in ("l=all%3A1", "l=org%3Ao039", "l=org%3A%3F"):
        assert opened.go(address).locator(".aka details").count() == 0


@pytest.mark.slow
def test_files_of_a_figure(opened: Opened) -> None:
    for view, figures in FIGURES.items():
        page = opened.go(f"v={view}&theme=dark&lang=en&n=mat")
        for figure in figures:
            title = page.locator(f"#h-{figure}").inner_text()
            files = {ending: _download(page, figure, ending) for ending in ("svg", "csv")}
            _check_svg(files["svg"], title)
            rows = list(csv.reader(io.StringIO(files["csv"].decode("utf-8")[1:])))
            assert files["csv"].startswith(b"\xef\xbb\xbf")
            for part in ("Synthetic", title, *FOOT):
                assert part in rows[0][0], (figure, part)
            assert len({len(row) for row in rows[1:]}) == 1, figure
            assert not any(cell.startswith(("=", "+", "@")) for row in rows for cell in row)
    image = _download(opened.go("theme=dark"), "trend", "png")
    assert image.startswith(b"\x89PNG") and len(image) > 10_000


def _download(page: Page, figure: str, ending: str) -> bytes:
    page.click(f"#p-{figure} .menu summary")
    with page.expect_download() as download:
        page.click(f"#p-{figure} [data-ending={ending}]")
    assert re.fullmatch(rf"pingjiang-{figure}-R2026\.01-1\.{ending}", download.value.suggested_filename)
    return Path(download.value.path()).read_bytes()


def _check_svg(content: bytes, title: str) -> None:
    """White ground whatever the theme, the title, the whole foot."""
    root = ET.fromstring(content)
    ground = root[0]
    assert ground.attrib["fill"] == "#FFFFFF" and ground.attrib["width"] == "1200"
    texts = " ".join("".join(element.itertext()) for element in root.iter() if element.tag.endswith("text"))
    assert title in texts and "Synthetic data" in texts
    for part in ("publications", "2022-12-31", "R2026.01-1", "n ="):
        assert part in texts


def test_keyboard(opened: Opened) -> None:
    page = opened.go("")
    page.keyboard.press("/")
    page.keyboard.type("方法 12")
    page.keyboard.press("Enter")
    assert page.locator("#list").is_visible()
    assert page.locator("#list tbody tr").count() == 11
    page.keyboard.press("Escape")
    page.locator("#main").focus()
    page.keyboard.press("4")
    assert page.locator(".v-places").count() == 1
    tile = page.locator("#p-world-large g[role=button]").first
    tile.focus()
    page.keyboard.press("Enter")
    assert "p=" in opened.address
    page.keyboard.press("1")
    page.locator(".wd .nm").first.focus()
    page.keyboard.press("Enter")
    assert page.locator(".wd.on").count() == 1
    assert page.evaluate("document.activeElement.dataset.node") == "wafer"


def test_small_samples_get_no_rank_and_no_growth(opened: Opened) -> None:
    page = opened.go("n=etch&y=2005-2008&v=organisations&lang=en")
    n = page.evaluate("PJ.inScope().n")
    assert 0 < n < 30
    assert page.locator("#p-ranking-large .no").all_inner_texts() == [""] * page.locator("#p-ranking-large li").count()
    assert f"small sample (n = {n})" in page.locator("#p-ranking-large .foot").inner_text()


def test_a_stand_in_unit_says_so(opened: Opened) -> None:
    page = opened.go("u=application")
    assert "没有申请号" in page.locator(".unit-note").inner_text()
    assert "代用" in page.locator("#p-trend .foot").inner_text()
    assert "没有申请号" in page.evaluate("PJ.footText(PJ.figures.trend, PJ.modelOf('trend'))")


def test_a_list_that_travels_in_part_says_so_and_counts_nothing(
    tmp_path: Path, vendor: None, open_file: Callable[[Path], Opened]
) -> None:
    data = small()
    items: Any = data["items"]["publication"]
    items["listed"] = 100
    items["columns"] = {name: column[:100] for name, column in items["columns"].items()}
    shown = open_file(write_atlas(tmp_path, data)[0])
    page = shown.go("n=etch")
    assert "前 100 件（共 400 件）" in page.locator("#filter").inner_text()
    assert page.locator("[data-year]").count() == 0
    # Filings of a node are in the release; its grants are not, and are left out.
    assert page.evaluate("PJ.modelOf('trend').noGrants") is True
    assert page.evaluate("PJ.get('concentration').missing") is True
    page.locator(".wd .v").first.click()
    assert "共 400 件" in page.locator("#list .total").inner_text()
    assert shown.complaints == []


@pytest.mark.parametrize(("lang", "says"), [("zh", "构建之后又导入了文件"), ("en", "imported after the build")])
def test_the_method_page_says_that_more_was_imported(
    tmp_path: Path, vendor: None, open_file: Callable[[Path], Opened], lang: str, says: str
) -> None:
    data = small(size=80)
    page = open_file(write_atlas(tmp_path, data)[0]).go(f"lang={lang}&v=method")
    assert page.locator(".method .stale").count() == 0
    data["meta"]["stale"] = True
    page = open_file(write_atlas(tmp_path, data)[0]).go(f"lang={lang}&v=method")
    assert says in page.locator(".method .stale").inner_text()


AXE_RUN = """async () => {
  const found = await axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] });
  const where = ({ nodes }) => nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(' | ');
  return found.violations.map((each) => `${each.id}: ${where(each)}`);
}"""


_SLOW = pytest.mark.slow


PLAIN = tuple(f"v={view}" for view in VIEWS)
# With each figure's table open, and what opens over a page.
FULL = (
    *(f"v={view}&t={ALL_TABLES}&n=etch" for view in VIEWS[:-1]),
    "v=method", "w=tree", "l=all%3A1", "l=org%3Ao000", "wall=1&theme=dark",
)  # fmt: skip


@pytest.mark.parametrize(
    ("lang", "theme", "pages"),
    [
        ("zh", "light", FULL),
        ("en", "dark", PLAIN),
        pytest.param("zh", "light", PLAIN, marks=_SLOW),
        pytest.param("en", "light", PLAIN, marks=_SLOW),
        pytest.param("zh", "dark", PLAIN, marks=_SLOW),
    ],
    ids=lambda value: value if isinstance(value, str) else f"{len(value)} pages",
)
def test_axe_finds_nothing(opened: Opened, lang: str, theme: str, pages: tuple[str, ...]) -> None:
    need(AXE, "axe-core")
    source = AXE.read_text(encoding="utf-8")
    for address in pages:
        page = opened.go(f"lang={lang}&theme={theme}&{address}" if "wall" not in address else address)
        page.evaluate(source)
        assert page.evaluate(AXE_RUN) == [], address
