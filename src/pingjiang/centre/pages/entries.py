"""What this room puts into the menu, and who sees its rows."""

from __future__ import annotations

from pingjiang.centre.accounts.membership import people_seen_by
from pingjiang.centre.accounts.models import Membership
from pingjiang.centre.casework import access, tasks
from pingjiang.centre.pages import menu

access.register(Membership, people_seen_by)

menu.add(menu.Entry("desk", ("工作台", "Desk"), "desk", menu.EVERYONE, key="d"))
menu.add(menu.Entry("todo", ("待办", "To do"), "todo", menu.EVERYONE, key="t", count=tasks.count))
menu.add(menu.Entry("find", ("全部案件（只读）", "All cases (read only)"), "cases", frozenset({"steward"})))
_ADMITTING = frozenset({"centre_manager", "centre_specialist", "programme_officer", "member_user", "steward"})
menu.add(menu.Entry("people", ("单位与人员", "People"), "people", _ADMITTING))
