"""What expert review puts into the menus, where its cases are shown, and how what happens in them is called."""

from __future__ import annotations

from pingjiang.centre.accounts.models import Actor
from pingjiang.centre.casework import access
from pingjiang.centre.pages import menu
from pingjiang.centre.pages.cases import name_event
from pingjiang.centre.pages.places import register_page
from pingjiang.centre.programme.models import Expert
from pingjiang.centre.programme.review.workflow import PANEL, REVIEW


def _in_pool(actor: Actor) -> bool:
    return access.visible_to(actor, Expert).filter(membership=actor.membership).exists()


register_page(PANEL.name, "panel")
register_page(REVIEW.name, "review")
_BUREAU = frozenset({"programme_officer", "decision_maker"})
_PANELS, _POOL = ("专家组", "Panels"), ("专家库", "Experts")
menu.add(menu.Entry("panels", _PANELS, "programme", _BUREAU))
menu.add(menu.Entry("experts", _POOL, "programme", _BUREAU))
menu.add(menu.Entry("panels", _PANELS, "cases", frozenset({"steward"})))
menu.add(menu.Entry("experts", _POOL, "cases", frozenset({"steward"})))
menu.add(menu.Entry("reviews", ("专家评审", "Reviews"), "todo", frozenset({"expert"}), key="p"))
menu.add(
    menu.Entry("expert-me", ("任职与回避声明", "Employers and interests"), "recusal", frozenset({"expert"}),
               allowed=_in_pool, pages=r"/experts/\d+/")
)  # fmt: skip
menu.add_public("public-panels", ("专家抽取名单", "Lists of experts"), "publicity")

for _kind, _words in {
    "expert taken in": ("专家入库", "Expert taken in"),
    "expert described": ("修改专家信息", "Expert described"),
    "employment written": ("记任职单位", "Employer written down"),
    "employment corrected": ("更正任职单位", "Employer corrected"),
    "employment struck": ("删去误记的任职单位", "Employer taken out"),
    "interest declared": ("声明利害关系", "Interest declared"),
    "declaration ended": ("撤销声明", "Declaration ended"),
    "panel composed": ("组成专家组", "Panel made up"),
    "conflicts looked for": ("查找利害关系", "Conflicts looked for"),
    "conflict decided": ("核定利害关系", "Conflict decided"),
    "list published": ("公布名单", "List published"),
    "list taken back": ("收回名单", "List taken back"),
    "panel drawn": ("抽签", "Drawn"),
    "candidate passed over": ("跳过候选人", "Candidate passed over"),
    "supplementary list published": ("公布补充名单", "Supplementary list published"),
    "supplementary list drawn": ("抽补充名单", "Supplementary list drawn"),
    "application left out": ("回避单项申报", "Application left out"),
    "review signed": ("签署评审", "Review signed"),
    "panel locked": ("锁定并汇总", "Locked and reckoned"),
}.items():
    name_event(_kind, _words)
