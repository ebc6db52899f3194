"""What this room puts into the menu, and who sees its rows."""

from __future__ import annotations

from pingjiang.centre.accounts.membership import manages_all, people_seen_by
from pingjiang.centre.accounts.models import Membership
from pingjiang.centre.casework import access, tasks
from pingjiang.centre.casework.notices import count_unread
from pingjiang.centre.facts.access import may_see as may_see_facts
from pingjiang.centre.money.access import may_see as may_see_money
from pingjiang.centre.pages import menu

access.register(Membership, people_seen_by)

menu.add(menu.Entry("desk", ("工作台", "Desk"), "desk", menu.EVERYONE, key="d"))
menu.add(menu.Entry("todo", ("待办", "To do"), "todo", menu.EVERYONE, key="t", count=tasks.count))
menu.add(menu.Entry("overdue", ("逾期", "Overdue"), "todo", menu.EVERYONE))
_STAFF = frozenset(
    {"programme_officer", "decision_maker", "district_officer", "centre_manager", "centre_specialist", "steward"}
)
menu.add(menu.Entry("notices", ("消息", "Messages"), "notices", menu.EVERYONE, count=count_unread))
menu.add(menu.Entry("undelivered", ("未送达", "Not delivered"), "notices", _STAFF))
# Group → roles whose menu has it, for what every kind of organisation has under another heading.
_MONEY = {
    "programme": {"programme_officer", "decision_maker"}, "match": {"district_officer"}, "products": {"partner"},
    "finance": {"centre_manager", "centre_specialist", "member_user"}, "cases": {"steward"},
}  # fmt: skip
_FACTS = {
    "programme": {"programme_officer", "decision_maker", "district_officer", "centre_manager", "centre_specialist"},
    "mine": {"member_user"}, "orders": {"partner"}, "cases": {"steward"},
}  # fmt: skip
for _group, _roles in _MONEY.items():
    menu.add(menu.Entry("accounts", ("账户与凭证", "Accounts"), _group, frozenset(_roles), allowed=may_see_money))
for _group, _roles in _FACTS.items():
    menu.add(menu.Entry("facts", ("业绩事实", "Facts"), _group, frozenset(_roles), allowed=may_see_facts))
menu.add(menu.Entry("jobs", ("后台任务", "Jobs"), "jobs", frozenset({"steward"})))
menu.add(menu.Entry("rounds", ("定时事务", "Duties by the clock"), "jobs", frozenset({"steward"}), allowed=manages_all))
menu.add(menu.Entry("find", ("全部案件（只读）", "All cases (read only)"), "cases", frozenset({"steward"})))
_ADMITTING = frozenset({"centre_manager", "centre_specialist", "programme_officer", "member_user", "steward"})
menu.add(menu.Entry("people", ("单位与人员", "People"), "people", _ADMITTING))
