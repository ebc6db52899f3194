"""What evidence puts into the menus."""

from __future__ import annotations

from pingjiang.centre.evidence.access import READERS
from pingjiang.centre.pages import menu

menu.add(menu.Entry("evidence", ("数据湖", "Lakes"), "evidence", READERS))
menu.add(menu.Entry("evidence-data-menu", ("数据", "Data"), "evidence", READERS))
