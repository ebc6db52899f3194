"""Which row is the header, and what stands above it."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pingjiang.files.header import ROWS_SEARCHED, HeaderPlace, find_header
from tests.files.made import HEADER, known


def found(*cells: Sequence[str]) -> HeaderPlace:
    """The header of rows numbered from 1, empty ones left out as the callers leave them out."""
    return find_header([(at, row) for at, row in enumerate(cells, 1) if any(row)], known)


TITLES = st.lists(
    st.sampled_from([["检索结果"], ["共 2 条", "", "第 1 页"], ["导出日期：", "2020-01-02"], []]), max_size=20
)


@given(titles=TITLES, header=st.permutations([*HEADER, "别的"]))
def test_title_rows_are_the_preamble_of_the_first_row_of_names(titles: list[list[str]], header: list[str]) -> None:
    place = found(*titles, header, ["CN1A", "题", "2020-01-02", "x"], ["CN2A", "题", "2020-01-02", "y"])
    assert place.header == tuple(header)
    assert place.header_row == len(titles) + 1
    assert [len(row) for row in place.preamble] == [len(row) for row in titles if row]


def test_names_beyond_the_rows_searched_are_not_found() -> None:
    titles = [["a title"]] * ROWS_SEARCHED
    assert found(*titles[:-1], HEADER, ["CN1A", "x", "2020"]).header == tuple(HEADER)
    assert found(*titles, HEADER, ["CN1A", "x", "2020"]).header == ("a title",)


def test_header_cells_are_cleaned_and_empty_ones_at_the_end_left_out() -> None:
    place = found(["\ufeff 公开号 ", "标\u3000题", "申请日\n", "", " "], ["CN1A", "题", "2020"])
    assert place.header == ("公开号", "标 题", "申请日")


def test_repeated_names_stay_as_they_are() -> None:
    place = found(["公开号", "标题", "标题", "申请日"], ["CN1A", "x", "y", "2020-01-02"])
    assert place.header == ("公开号", "标题", "标题", "申请日")
    assert place.data_from == 1


def test_a_header_given_twice_is_one_header() -> None:
    place = found(HEADER, HEADER, ["CN1A", "题", "2020-01-02"])
    assert place.header == tuple(HEADER)
    assert place.data_from == 2


def test_a_header_repeated_among_the_data_is_left_to_who_reads_them() -> None:
    assert found(HEADER, ["CN1A", "题", "2020-01-02"], HEADER, ["CN2A", "题", "2020-01-02"]).data_from == 1


@pytest.mark.parametrize(
    ("upper", "lower", "labels"),
    [
        # groups above known names: the names alone, and the groups are title rows
        (["公开信息", "", "申请信息"], ["公开号", "标题", "申请日"], ["公开号", "标题", "申请日"]),
        # cells merged downwards beside a group: the names of either row
        (["公开号", "标题", "申请", ""], ["", "", "申请日", "别的"], ["公开号", "标题", "申请日", "别的"]),
        # one name under several groups
        (["公开号", "标题", "甲", "", "乙", "", "丙"], ["", "", "名称", "地址", "名称", "地址", "名称"],
         ["公开号", "标题", "甲 / 名称", "甲 / 地址", "乙 / 名称", "乙 / 地址", "丙 / 名称"]),
    ],
)  # fmt: skip
def test_merged_cells_make_a_header_of_two_rows(upper: list[str], lower: list[str], labels: list[str]) -> None:
    place = found(upper, lower, ["CN1A", "电池", "2020-01-02", "w", "x", "y", "z"][: len(labels)])
    assert list(place.header) == labels
    assert (place.header_row, place.data_from) == (2, 2)


def test_without_known_names_the_first_full_row_of_words_is_the_header() -> None:
    place = found(["Search results"], ["number", "title", "filed"], ["X1", "words", "2020-01-02"])
    assert place.header == ("number", "title", "filed")
    assert place.preamble == (("Search results",),)


def test_a_table_of_numbers_has_no_header() -> None:
    place = found(["1234567", "2.5"], ["2345678", "3.5"])
    assert (place.header, place.header_row, place.data_from) == ((), 0, 0)


def test_years_head_columns_and_dates_do_not() -> None:
    assert found(["region", "2019", "2020年"], ["x", "1", "2"]).header == ("region", "2019", "2020年")
    assert found(["x", "2020-01-02"], ["y", "2020-01-03"]).header == ()


def test_a_row_that_is_all_data_is_no_header_though_a_cell_is_a_name() -> None:
    rows = [["标题", "申请日", "100012345", "2020-01-01", "3.5"], HEADER, ["CN1A", "题", "2020-01-02"]]
    assert found(*rows).header_row == 2
