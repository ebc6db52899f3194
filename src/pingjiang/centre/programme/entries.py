"""What this app puts into the menus, where its cases are shown, and how what happens in them is called."""

from __future__ import annotations

from pingjiang.centre.pages import menu
from pingjiang.centre.pages.cases import name_event
from pingjiang.centre.pages.places import register_page
from pingjiang.centre.programme.deciding.workflow import DECISION, OBJECTION
from pingjiang.centre.programme.services.simulating import may_simulate
from pingjiang.centre.programme.workflow import APPLICATION, CALL

register_page(CALL.name, "call")
register_page(APPLICATION.name, "application")
register_page(DECISION.name, "decision")
register_page(OBJECTION.name, "objection")
_BUREAU = frozenset({"programme_officer", "decision_maker", "centre_manager", "centre_specialist"})
_CALLS, _APPLICATIONS = ("申报通知", "Calls"), ("项目申报", "Applications")
menu.add(menu.Entry("calls", _CALLS, "programme", _BUREAU | {"district_officer"}))
menu.add(menu.Entry("applications", _APPLICATIONS, "programme", _BUREAU, key="p"))
menu.add(
    menu.Entry(
        "district-applications", ("本区申报与排序", "Our applications"), "programme", frozenset({"district_officer"}),
        key="p",
    )
)  # fmt: skip
menu.add(menu.Entry("calls", _CALLS, "apply", frozenset({"member_user"})))
menu.add(menu.Entry("applications", ("我的申报", "My applications"), "apply", frozenset({"member_user"}), key="p"))
menu.add(menu.Entry("applications", _APPLICATIONS, "cases", frozenset({"steward"}), key="p"))
menu.add_public("public-calls", _CALLS, "notices")
_DECISIONS, _OBJECTIONS = ("审定与公示", "Decisions"), ("公示异议", "Objections")
_DECIDING = frozenset({"programme_officer", "decision_maker"})
menu.add(menu.Entry("decisions", _DECISIONS, "programme", _DECIDING))
menu.add(menu.Entry("objections", _OBJECTIONS, "programme", _DECIDING))
menu.add(menu.Entry("simulation", ("规则模拟", "What-if of rules"), "programme", _DECIDING, allowed=may_simulate))
menu.add(menu.Entry("decisions", _DECISIONS, "cases", frozenset({"steward"})))
menu.add(menu.Entry("objections", _OBJECTIONS, "cases", frozenset({"steward"})))
menu.add(menu.Entry("objections", _OBJECTIONS, "apply", frozenset({"member_user"})))
menu.add_public("public-decisions", ("审定公示", "Notices of decisions"), "publicity")

for _kind, _words in {
    "call revised": ("修改申报通知", "Call revised"),
    "call extended": ("期限改为延后", "Times made later"),
    "call answered": ("公开答复", "Question answered"),
    "application copied": ("沿用往年申报", "Copied from an older one"),
    "renamed": ("更改名称", "Renamed"),
    "attachment aside": ("移出附件", "Attachment taken out"),
    "attachment back": ("放回附件", "Attachment put back"),
    "figure cited": ("引用数据", "Figure cited"),
    "printed for the stamp": ("打印待盖章", "Printed for the stamp"),
    "sealed": ("盖章件核对相符", "Stamp checked"),
    "ranking chosen": ("选定排序方法", "Ranking chosen"),
    "left out": ("写明未列入的理由", "Left out of the pack"),
    "pack made anew": ("更新审定包", "Pack made anew"),
    "proposals saved": ("保存拟办意见", "Proposals saved"),
    "meeting entered": ("记录会议决定", "Meeting entered"),
    "objection received": ("收到异议", "Objection received"),
}.items():
    name_event(_kind, _words)
