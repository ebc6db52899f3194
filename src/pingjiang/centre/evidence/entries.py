"""What evidence puts into the menus."""

from __future__ import annotations

from pingjiang.centre.evidence.access import READERS, WORKERS, codes
from pingjiang.centre.pages import menu

_OTHERS = frozenset({"district_officer", "member_user", "expert", "partner"})


def _entry(url: str, zh: str, en: str, below: str, key: str = "") -> None:
    """An entry for those who read lakes; its pages stand below the lake's address."""
    pages = rf"/evidence/\d+/{below}/" if below else ""
    menu.add(menu.Entry(url, (zh, en), "evidence", READERS, key=key, pages=pages))


_entry("evidence", "数据湖", "Lakes", "")
_entry("evidence-data-menu", "数据", "Data", "data")
_entry("evidence-atlas-menu", "产业图谱", "Atlas", "atlas", "a")
_entry("evidence-search-menu", "检索", "Search", "search", "s")
_entry("evidence-chain-menu", "产业链", "Chain", "chain")
_entry("evidence-identity-menu", "机构", "Organisations", "identity")
_entry("evidence-people-menu", "发明人", "Inventors", "identity/people")
_entry("evidence-rosters-menu", "名单", "Rosters", "rosters")
_entry("evidence-review-menu", "待核队列", "Review queue", "identity/review")
menu.add(menu.Entry("evidence-tagging", ("标引任务", "Tagging lists"), "evidence", WORKERS))
menu.add(menu.Entry("evidence-tagging", ("标引任务", "Tagging lists"), "todo", frozenset({"expert"}), allowed=codes))
# Figures that were shown to others.
menu.add(menu.Entry("evidence-shared", ("已发布图谱", "Released atlases"), "evidence", READERS | _OTHERS))
menu.add_public("public-atlases", ("产业图谱", "Atlas"), "evidence")
