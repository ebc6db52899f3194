"""Lists: what the address says, counted against a plain reading of the rows."""

from __future__ import annotations

import io
import re

import openpyxl
import pytest
from django.test import Client, RequestFactory
from django.utils import timezone

from pingjiang.centre.casework.models import Case
from pingjiang.centre.pages.lists import picked
from tests.centre.cast import Cast


@pytest.fixture
def errands(cast: Cast) -> Cast:
    """45 errands of Alice, every third withdrawn; one of them named like a formula."""
    Case.objects.bulk_create(
        Case(
            workflow="errand", state="withdrawn" if number % 3 == 0 else "asked", number=f"E-{number:02}",
            title="=1+1" if number == 7 else f"事项 {number:02}", owner=cast.firm, authority=cast.bureau,
            opened_by=cast.alice.membership, closed_at=timezone.now() if number % 3 == 0 else None,
        )
        for number in range(1, 46)
    )  # fmt: skip
    return cast


@pytest.fixture
def olga(client: Client, errands: Cast) -> Client:
    client.force_login(errands.olga.user)
    return client


def numbers(client: Client, address: str) -> list[str]:
    return re.findall(r'<td class="nw">(E-\d\d)</td>', client.get(address).content.decode())


def test_pages_hold_every_row_once(olga: Client) -> None:
    seen = [number for page in (1, 2, 3) for number in numbers(olga, f"/cases/?sort=number&page={page}")]
    assert seen == [f"E-{number:02}" for number in range(1, 46)]
    assert numbers(olga, "/cases/?sort=number&page=99") == seen[40:]  # beyond the last: the last
    assert len(numbers(olga, "/cases/?size=50")) == 45
    assert len(numbers(olga, "/cases/?size=7")) == 20  # not offered: as if not said


def test_order_both_ways_and_never_by_what_is_not_offered(olga: Client) -> None:
    assert numbers(olga, "/cases/?sort=-number")[0] == "E-45"
    usual = numbers(olga, "/cases/")
    for wrong in ("opened_by__user__password", "owner__credit_code", "", "--number", "state"):
        assert numbers(olga, f"/cases/?sort={wrong}") == usual


def test_filters_and_words_count_right(olga: Client) -> None:
    assert len(numbers(olga, "/cases/?open=no&size=50")) == 15
    assert len(numbers(olga, "/cases/?open=yes&size=50")) == 30
    assert numbers(olga, "/cases/?q=%E4%BA%8B%E9%A1%B9+1&sort=number")[0] == "E-10"
    page = olga.get("/cases/?q=E-07&open=no").content.decode()  # E-07 is open: nothing fits
    assert "没有符合条件的行" in page
    assert "去掉“办理＝已办结”有 1 行" in page and "去掉“E-07”有 15 行" in page


def test_links_of_a_list_keep_what_the_address_says(olga: Client) -> None:
    page = olga.get("/cases/?open=yes&q=E-&sort=-number&size=20").content.decode()
    after = re.search(r'href="([^"]+)" rel="next"', page)
    assert after is not None
    follow = after[1].replace("&amp;", "&")
    assert {"open=yes", "q=E-", "sort=-number", "page=2"} <= set(follow.split("?")[1].split("&"))
    assert len(numbers(olga, follow)) == 10


def test_columns_are_chosen_and_the_fixed_one_stays(olga: Client) -> None:
    heads = re.findall(
        r"<th scope=\"col\".*?>(?:<a[^>]*>)?([^<]+)", olga.get("/cases/?cols=&cols=closed").content.decode()
    )
    assert [head.strip() for head in heads] == ["案件", "办结"]


def test_the_workbook_holds_all_pages_as_texts(olga: Client) -> None:
    answer = olga.get("/cases/?open=yes&sort=number&export=xlsx")
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    sheet = book["cases"]
    rows = list(sheet.iter_rows(values_only=True))
    assert len(rows) == 31 and rows[0][:2] == ("案件", "编号")
    formula = next(row for row in sheet.iter_rows() if row[1].value == "E-07")
    assert (formula[0].value, formula[0].data_type) == ("=1+1", "s")
    said = [row[0] for row in book["about"].iter_rows(values_only=True)]
    assert said[0] == "案件" and "办理: 在办" in said and "共 30 行" in said
    Case.objects.filter(number="E-01").update(synthetic=True)
    marked = openpyxl.load_workbook(io.BytesIO(olga.get("/cases/?export=xlsx").content))
    assert str(marked["about"]["A1"].value).startswith("示例数据")


def test_a_list_shows_only_what_the_actor_sees(client: Client, errands: Cast) -> None:
    client.force_login(errands.charlie.user)
    page = client.get("/cases/?size=100").content.decode()
    assert "还没有内容" in page and "E-" not in page
    book = openpyxl.load_workbook(io.BytesIO(client.get("/cases/?export=xlsx").content))
    assert book["cases"].max_row == 1


@pytest.mark.parametrize(
    "query", ["page=0", "page=-1", "page=x", "page=" + "9" * 40, "q=%00", "q=" + "x" * 300, "sort=%27%3Cxss%3E",
              "cols=%22%3E%3Cxss%3E", "open=%22%3E%3Cxss%3E", "q=%22%3E%3Cxss%3E", "%22%3E%3Cxss%3E=1", "size=1e9",
              "export=pdf"],
)  # fmt: skip
def test_nonsense_in_the_address_is_as_if_not_said(olga: Client, query: str) -> None:
    answer = olga.get(f"/cases/?{query}")
    assert answer.status_code == 200 and b"<xss" not in answer.content


@pytest.mark.django_db
def test_queries_do_not_grow_with_rows(olga: Client, django_assert_max_num_queries: object) -> None:
    with django_assert_max_num_queries(22):  # type: ignore[operator]
        olga.get("/cases/?size=50")


def test_rows_that_were_picked_are_exported_and_nothing_beside_them(olga: Client, errands: Cast) -> None:
    keys = dict(Case.objects.values_list("number", "pk"))
    assert len(re.findall(r'name="pick" value="\d+"', olga.get("/cases/").content.decode())) == 20
    answer = olga.get(f"/cases/?export=xlsx&sort=number&pick={keys['E-03']}&pick={keys['E-02']}&pick=x&pick=99999999")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content))["cases"]
    assert [row[1].value for row in sheet.iter_rows(min_row=2)] == ["E-02", "E-03"]
    olga.force_login(errands.charlie.user)  # a stranger picks what is not his
    answer = olga.get(f"/cases/?export=xlsx&pick={keys['E-03']}")
    assert openpyxl.load_workbook(io.BytesIO(answer.content))["cases"].max_row == 1


def test_a_batch_action_takes_keys_of_what_is_seen_and_a_bounded_number(rf: RequestFactory, errands: Cast) -> None:
    keys = [str(key) for key in Case.objects.values_list("pk", flat=True)]
    seen = Case.objects.filter(state="asked")
    request = rf.post("/", {"pick": [*keys, "1e3", "٣", "-1", "9" * 40]})
    assert set(picked(request, seen)) == set(seen)
    assert picked(rf.post("/"), seen).count() == 0
