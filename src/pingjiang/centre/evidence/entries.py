"""What evidence puts into the menus."""

from __future__ import annotations

from pingjiang.centre.evidence.access import READERS
from pingjiang.centre.pages import menu

menu.add(menu.Entry("evidence", ("数据湖", "Lakes"), "evidence", READERS))
menu.add(menu.Entry("evidence-identity-menu", ("机构", "Organisations"), "evidence", READERS))
menu.add(menu.Entry("evidence-people-menu", ("发明人", "Inventors"), "evidence", READERS))
menu.add(menu.Entry("evidence-review-menu", ("待核队列", "Review queue"), "evidence", READERS))
