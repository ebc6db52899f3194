"""The entry of the menu that is marked on a page of evidence."""

from __future__ import annotations

import pytest
from django.utils import translation

from pingjiang.centre.evidence.access import READERS
from pingjiang.centre.pages import menu
from tests.centre.cast import Cast

pytestmark = pytest.mark.django_db
MARKED = {
    "/evidence/": "数据湖",
    "/evidence/new/": "数据湖",
    "/evidence/7/data/": "数据",
    "/evidence/7/data/sharing/": "数据",
    "/evidence/7/atlas/": "产业图谱",
    "/evidence/7/atlas/items/": "产业图谱",
    "/evidence/7/search/publication/CN110000000A/": "检索",
    "/evidence/7/chain/": "产业链",
    "/evidence/7/chain/node/energy/judge/": "产业链",
    "/evidence/7/identity/": "机构",
    "/evidence/7/identity/organisations/ab12/rights/": "机构",
    "/evidence/7/identity/register/": "机构",
    "/evidence/7/identity/people/": "发明人",
    "/evidence/7/identity/people/ab12/": "发明人",
    "/evidence/7/identity/review/": "待核队列",
    "/evidence/tagging/": "标引任务",
    "/evidence/shared/3/time/": "已发布图谱",
}


@pytest.mark.parametrize("path", MARKED)
def test_a_page_marks_its_own_entry_and_no_other(cast: Cast, path: str) -> None:
    with translation.override("zh-hans"):
        drawn = menu.menu_of(cast.everyone["centre_manager"], path)
    marked = [(group.label, line.label) for group in drawn for line in group.lines if line.current]
    assert marked == [("大数据中心", MARKED[path])]


def test_the_key_of_search_leads_readers_of_lakes_to_publications_and_others_to_the_lists(cast: Cast) -> None:
    for role, actor in cast.everyone.items():
        [jump] = [each for each in menu.jumps_of(actor) if each.key == "s"]
        assert jump.url == ("/evidence/search/" if role in READERS else "/cases/"), role
