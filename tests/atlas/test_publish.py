"""The two files: whole, offline, the same for the same data; the workbook read back."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from pingjiang.atlas import publish, sheets
from pingjiang.atlas.figures import rows_of
from pingjiang.errors import DefinitionError, PingjiangError
from tests.atlas.made import small


def test_files_are_whole_and_the_same_again(tmp_path: Path, vendor: None) -> None:
    data = small(size=80)
    first = publish.write_atlas(tmp_path / "a", data)
    second = publish.write_atlas(tmp_path / "b", data)
    assert [path.name for path in first] == ["atlas.html", "atlas.xlsx"]
    for one, other in zip(first, second, strict=True):
        assert one.read_bytes() == other.read_bytes()
    assert sorted(path.name for path in (tmp_path / "a").iterdir()) == ["atlas.html", "atlas.xlsx"]


def test_the_page_names_no_outside_address(vendor: None) -> None:
    text = publish.html(small(size=80))
    without_data = re.sub(r"<script type=.application/octet-stream.*?</script>", "", text, flags=re.DOTALL)
    addresses = set(re.findall(r"https?://[\w./-]+", without_data))
    assert {address for address in addresses if "www.w3.org" not in address} <= {"https://echarts.apache.org/examples"}
    assert not re.search(r"<(link|script|img)[^>]+(src|href)=.(?!data:)", without_data)
    assert "sourceMappingURL" not in text
    assert not re.search(r"\b\d+(\.\d+)?px;?\}", text.split("</style>")[0].split("1px")[0])


def test_broken_data_write_nothing(tmp_path: Path, vendor: None) -> None:
    data = small(size=80)
    data["figures"].pop("cagr")
    with pytest.raises(DefinitionError):
        publish.write_atlas(tmp_path, data)
    assert list(tmp_path.iterdir()) == []


def test_a_failed_write_leaves_the_last_good_files(
    tmp_path: Path, vendor: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    html, xlsx = publish.write_atlas(tmp_path, small(size=80))
    before = xlsx.read_bytes()

    def fail(path: Path, *_: object, **__: object) -> None:
        path.write_bytes(b"half")
        raise OSError("disk full")

    monkeypatch.setattr(publish, "write_workbook", fail)
    with pytest.raises(OSError, match="disk full"):
        publish.write_atlas(tmp_path, small(size=80))
    assert xlsx.read_bytes() == before and html.exists()
    assert len(list(tmp_path.iterdir())) == 2


def test_without_the_chart_library_the_remedy_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publish, "_SCRIPTS", ("vendor/none.js",))
    with pytest.raises(PingjiangError, match="make setup"):
        publish.html(small(size=80))


def test_lengths_grow_with_the_root_but_hairlines_do_not() -> None:
    folder = Path(publish.__file__).parent / "page"
    css = publish._style(folder, "atlas.css")
    assert "font:.875rem" in css or "font:0.875rem" in css
    assert "border-bottom:1px solid" in css and "@media (min-width:1600px)" in css
    assert "url(data:image/svg+xml;base64," in css and ".svg)" not in css


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory, vendor: None) -> Any:
    path = publish.write_atlas(tmp_path_factory.mktemp("book"), small(size=80))[1]
    return openpyxl.load_workbook(path)


def test_a_method_sheet_a_sheet_a_figure_the_names_and_the_list(book: Any) -> None:
    data = small(size=80)
    assert len(book.sheetnames) == 1 + len(data["figures"]) + 2
    names = [[cell.value for cell in row] for row in book["机构写法"].iter_rows() if row[2].value == "SAMPLE WORKZ 0"]
    assert names == [
        ["Sample Works 0", "示例集团 0", "SAMPLE WORKZ 0", 3, 0.87, "拼写相近 spelled alike；词语相同 the same words"]
    ]
    assert book.sheetnames[0] == "说明 Method"
    for name in book.sheetnames:
        page = book[name]
        assert "合成数据" in page["A1"].value and "Synthetic" in page["A1"].value
        assert page.freeze_panes and page.auto_filter.ref
        lines = " ".join(str(page.cell(row=i, column=1).value) for i in range(2, 7))
        assert "R2026.01-1" in lines and "2022-12-31" in lines, name


def test_figures_and_numbers_agree_with_the_data(book: Any) -> None:
    data = small(size=80)
    figure = data["figures"]["filings_by_year"]
    page = book["申请趋势"]
    rows = [[cell.value for cell in row] for row in page.iter_rows()]
    head = next(i for i, row in enumerate(rows) if row[0] == "计数单位 Unit")
    told = [row for row in rows[head + 1 :] if row[0] == "件公开 publications"]
    stand_in = [row for row in rows[head + 1 :] if row[0] == "件申请 applications *"]
    want = [[r["year"], r["value"], r["complete"]] for r in rows_of(figure, "publication")]
    assert [row[1:4] for row in told] == want == [row[1:4] for row in stand_in]
    assert "n = 80" in rows[2][0] and "未知 unknown" in rows[2][0]
    assert any("没有申请号" in str(row[0]) for row in rows[:head])


def test_each_sheet_says_the_period_and_the_items_of_its_own_rows() -> None:
    data = small(size=80)
    lines = {sheet.name_zh: sheet.lines for sheet in sheets.sheets(data)}

    def figure(name: str) -> tuple[str, list[dict[str, object]]]:
        return data["figures"][name]["name_zh"], rows_of(data["figures"][name], "publication")

    for name, column in (("grants_by_year", "value"), ("grant_lag", "items")):
        zh, rows = figure(name)
        years = [int(str(row["year"])) for row in rows]
        granted = sum(int(str(row[column])) for row in rows)
        assert 0 < granted < 80 and max(years) > data["meta"]["period"][1]
        assert f"n = {granted} 件公开，有授权日 with a date of grant" in lines[zh][0]
        assert lines[zh][1].startswith(f"期间 period {min(years)}–{max(years)} · ")
    assert "授权天数未知 days unknown 0" in lines[zh][0]
    zh, rows = figure("growth_by_year")
    years = [int(str(row["year"])) for row in rows]
    assert f"n = {sum(int(str(row['value'])) for row in rows)} 件公开，完整年内 of complete years" in lines[zh][0]
    assert lines[zh][1].startswith(f"期间 period {min(years)}–{max(years)} · ") and max(years) == 2020
    zh, rows = figure("claim_counts")
    unknown = sum(int(str(row["unknown"])) for row in rows)
    assert unknown and f"n = 80 件公开 (权利要求数未知 number of claims unknown {unknown})" in lines[zh][0]


def test_a_figure_without_rows_claims_no_period() -> None:
    data = small(size=80)
    for part in data["figures"]["grants_by_year"]["units"].values():
        part["rows"] = []
    [sheet] = [each for each in sheets.sheets(data) if each.name_zh == data["figures"]["grants_by_year"]["name_zh"]]
    assert sheet.lines[0].startswith("n = 0 件公开") and "期间 period — · " in sheet.lines[1]


def test_patent_numbers_are_text_and_formulas_are_not(book: Any) -> None:
    page = book["清单 件公开"]
    cells = {cell.value: cell for row in page.iter_rows() for cell in row if isinstance(cell.value, str)}
    assert cells["CN900000000A"].data_type == "s" and cells["CN900000000A"].number_format == "@"
    assert cells["=一种示例结构"].data_type == "s"


def test_codes_are_read_as_names(book: Any) -> None:
    countries = [cell.value for row in book["国家和地区"].iter_rows() for cell in row if isinstance(cell.value, str)]
    assert "TW 中国台湾 Taiwan, China" in countries and "未知 unknown" in countries
    nodes = [cell.value for row in book["节点数量"].iter_rows() for cell in row if isinstance(cell.value, str)]
    assert "刻蚀 Etching" in nodes and "未归入任何节点 in no node" in nodes


def test_growth_from_hardly_anything_is_left_out() -> None:
    data = small(size=400)
    figure = rows_of(data["figures"]["growth_by_year"], "publication")
    [sheet] = [each for each in sheets.sheets(data) if each.name_en == "Growth by year"]
    told = {row[1]: row[-1] for row in sheet.rows if row[0] == "件公开 publications"}
    few = {row["year"] for row in figure if int(str(row["previous"] or 0)) < 30}
    assert few and few != set(told)
    assert told == {row["year"]: None if row["year"] in few else row["growth"] for row in figure}
    assert any("30" in line for line in sheet.lines)


def test_what_is_unknown_is_said_in_the_list(book: Any) -> None:
    page = book["清单 件公开"]
    owners = [row[4].value for row in page.iter_rows(min_row=6)]
    nodes = [row[5].value for row in page.iter_rows(min_row=6)]
    assert "未知 unknown" in owners and "未归入任何节点 in no node" in nodes
    assert all(owners) and all(nodes)


def test_growth_is_a_percentage() -> None:
    for sheet in sheets.sheets(small(size=80)):
        if sheet.name_en in ("Growth by year", "Compound annual growth"):
            assert sheet.columns[-1][1] == "share"
