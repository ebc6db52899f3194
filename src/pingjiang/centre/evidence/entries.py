"""What evidence puts into the menus."""

from __future__ import annotations

from pingjiang.centre.evidence.access import READERS
from pingjiang.centre.pages import menu

menu.add(menu.Entry("evidence", ("数据湖", "Lakes"), "evidence", READERS))
menu.add(
    menu.Entry(
        "evidence-atlas-menu", ("产业图谱", "Atlas"), "evidence", READERS, key="a", pages=r"/evidence/\d+/atlas/"
    )
)
# Figures that were shown to others.
_OTHERS = frozenset({"district_officer", "member_user", "expert", "partner"})
menu.add(menu.Entry("evidence-shared", ("已发布图谱", "Released atlases"), "evidence", READERS | _OTHERS))
menu.add_public("public-atlases", ("产业图谱", "Atlas"), "evidence")
menu.add(menu.Entry("evidence-search-menu", ("检索", "Search"), "evidence", READERS, pages=r"/evidence/\d+/search/"))
menu.add(
    menu.Entry(
        "evidence-identity-menu", ("机构", "Organisations"), "evidence", READERS, pages=r"/evidence/\d+/identity/"
    )
)
menu.add(menu.Entry("evidence-people-menu", ("发明人", "Inventors"), "evidence", READERS))
menu.add(menu.Entry("evidence-review-menu", ("待核队列", "Review queue"), "evidence", READERS))
