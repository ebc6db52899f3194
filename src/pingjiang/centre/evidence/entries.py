"""What evidence puts into the menus."""

from __future__ import annotations

from pingjiang.centre.evidence.access import READERS, WORKERS, codes
from pingjiang.centre.pages import menu

menu.add(menu.Entry("evidence", ("数据湖", "Lakes"), "evidence", READERS))
menu.add(menu.Entry("evidence-chain-menu", ("产业链", "Chain"), "evidence", READERS))
menu.add(menu.Entry("evidence-tagging", ("标引任务", "Tagging lists"), "evidence", WORKERS))
menu.add(menu.Entry("evidence-tagging", ("标引任务", "Tagging lists"), "todo", frozenset({"expert"}), allowed=codes))
