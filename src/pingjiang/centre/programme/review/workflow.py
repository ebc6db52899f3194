"""The two workflows of expert review, as data.

PANEL   draft → published → drawn → locked; dissolved
REVIEW  offered → accepted → writing → locked; declined, excluded, released
"""

from __future__ import annotations

from pingjiang.centre.casework import service
from pingjiang.centre.casework.workflow import Move, State, Workflow
from pingjiang.centre.programme.review import effects, rules, seating

REVIEWER, OFFICER, LEADER, AUDITOR = "reviewer", "officer", "leader", "auditor"
_BUREAU = frozenset({OFFICER, LEADER, AUDITOR})
_ALL = _BUREAU | {REVIEWER}

PANEL = service.register(
    Workflow(
        name="panel",
        label=("专家组", "Panel"),
        parties={OFFICER: ("项目管理员", "Officer"), LEADER: ("局领导", "Leader"), AUDITOR: ("审计", "Auditor")},
        initial="draft",
        along=seating.along,
        states=(
            State("draft", ("组建", "Being made up"), _BUREAU, frozenset({OFFICER})),
            State("published", ("名单已公布", "List published"), _BUREAU),
            State("drawn", ("已抽签", "Drawn"), _BUREAU),
            State("locked", ("已锁定", "Locked"), _BUREAU, end=True),
            State("dissolved", ("已解散", "Dissolved"), _BUREAU, end=True, news="neither"),
        ),
        moves=(
            Move(
                "publish", ("公布名单", "Publish the list"), ("draft",), "published", frozenset({OFFICER}),
                needs=(rules.COMPOSED, rules.RULED, rules.ENOUGH), then=(effects.publish,), official=True,
                effect=(
                    "候选名单连同排除理由和摘要向社会公布，自此不能改动；号码揭晓后抽签。",
                    "The list goes public with the reasons of exclusions and its hash, and stays as it is until drawn.",
                ),
            ),
            Move(
                "recall", ("收回名单", "Take the list back"), ("published",), "draft", frozenset({OFFICER}),
                needs=(rules.NUMBER_UNKNOWN,), then=(effects.recall,), note="required", positive=False, official=True,
                effect=(
                    "号码揭晓之前可以收回重定，理由记入历史。",
                    "Before the number is known it can be taken back; the reason stays in the history.",
                ),
            ),
            Move(
                "draw", ("录入号码并抽签", "Enter the number and draw"), ("published",), "drawn", frozenset({OFFICER}),
                needs=(rules.NUMBER_KNOWN, rules.NUMBER, rules.STILL_ACCEPTED), then=(effects.draw,), official=True,
                effect=(
                    "按公布的名单和号码确定专家并发出邀请；各项申报转入评审。",
                    "List and number decide who is invited; the applications are in review from now on.",
                ),
            ),
            Move(
                "supplement", ("公布补充名单", "Publish a supplementary list"), ("drawn",), "drawn",
                frozenset({OFFICER}), needs=(rules.VACANCY, rules.NUMBER_TO_COME, rules.RULED, rules.ENOUGH_MORE),
                then=(effects.supplement,), official=True,
                effect=(
                    "空缺席位的候选名单和摘要向社会公布；号码揭晓后抽签，原名单和已入选的专家不变。",
                    "A list for the vacant seats alone goes public with its hash; the one before it and who sits stay.",
                ),
            ),
            Move(
                "recall_supplement", ("收回补充名单", "Take the supplementary list back"), ("drawn",), "drawn",
                frozenset({OFFICER}), needs=(rules.SUPPLEMENT_UNKNOWN,), then=(effects.recall_supplement,),
                note="required", positive=False, official=True,
                effect=(
                    "号码揭晓之前可以收回重定，理由记入历史。",
                    "Before the number is known it can be taken back; the reason stays in the history.",
                ),
            ),
            Move(
                "draw_supplement", ("录入号码并抽补充名单", "Enter the number and draw the supplementary list"),
                ("drawn",), "drawn", frozenset({OFFICER}), needs=(rules.SUPPLEMENT_KNOWN, rules.NUMBER),
                then=(effects.draw_supplement,), official=True,
                effect=(
                    "按补充名单和号码确定空缺席位的专家并发出邀请。",
                    "List and number decide who is invited to the vacant seats.",
                ),
            ),
            Move(
                "lock", ("锁定评审", "Lock the panel"), ("drawn",), "locked", frozenset({OFFICER}),
                needs=(rules.ALL_LOCKED, rules.UNTOUCHED), then=(effects.lock,), official=True,
                effect=(
                    "各专家的评分自此启封并汇总，不能再改；各项申报转为已评审。",
                    "The sheets are opened and reckoned, and change no more; the applications are reviewed.",
                ),
            ),
            Move(
                "discard", ("作废", "Discard"), ("draft",), "dissolved", frozenset({OFFICER}),
                then=(effects.dissolve,), positive=False,
            ),
            Move(
                "dissolve", ("解散专家组", "Dissolve the panel"), ("published", "drawn"), "dissolved",
                frozenset({LEADER}), then=(effects.dissolve,), note="required", positive=False, official=True,
                effect=(
                    "已写的评分不再启封；各项申报退回待评审，须另组专家组。",
                    "What was written is never opened; the applications wait for another panel.",
                ),
            ),
        ),
    )
)  # fmt: skip

REVIEW = service.register(
    Workflow(
        name="review",
        label=("专家评审", "Expert review"),
        parties={
            REVIEWER: ("评审专家", "Reviewer"), OFFICER: ("项目管理员", "Officer"), LEADER: ("局领导", "Leader"),
            AUDITOR: ("审计", "Auditor"),
        },
        initial="offered",
        states=(
            State("offered", ("已邀请", "Offered"), _ALL),
            State("accepted", ("已接受", "Accepted"), _ALL),
            State("writing", ("评审中", "Being written"), _ALL, frozenset({REVIEWER})),
            State("locked", ("已锁定", "Locked"), _ALL, end=True),
            State("declined", ("已谢绝", "Declined"), _ALL, end=True, news="neither"),
            State("excluded", ("已回避", "Excluded"), _ALL, end=True, news="neither"),
            State("released", ("专家组已解散", "Released"), _ALL, end=True, news="neither"),
        ),
        moves=(
            Move(
                "accept", ("接受评审", "Accept"), ("offered",), "accepted", frozenset({REVIEWER}),
                needs=(rules.PANEL_SITS, rules.NO_INTEREST), then=(effects.accepted,),
            ),
            Move(
                "decline", ("谢绝", "Decline"), ("offered", "accepted"), "declined", frozenset({REVIEWER}),
                then=(effects.replace,), positive=False,
            ),
            Move(
                "recuse", ("申请回避", "Recuse"), ("offered", "accepted", "writing"), "excluded",
                frozenset({REVIEWER}), then=(effects.replace,), note="required", positive=False,
            ),
            Move(
                "begin", ("开始评审", "Begin"), ("accepted",), "writing", frozenset({REVIEWER}),
                needs=(rules.PANEL_SITS,), note="none",
            ),
            Move(
                "lock", ("签署并锁定", "Sign and lock"), ("writing",), "locked", frozenset({REVIEWER}),
                needs=(rules.PANEL_SITS, rules.WHOLE), then=(effects.sign,), note="none", official=True,
                effect=(
                    "全部评分和评语自此不能改动；专家组全部锁定之前，任何人都看不到。",
                    "Marks and comments change no more; until the whole panel has locked nobody reads them.",
                ),
            ),
            Move(
                "exclude", ("令其回避", "Exclude"), ("offered", "accepted", "writing"), "excluded",
                frozenset({OFFICER}), then=(effects.replace,), note="required", positive=False, official=True,
                effect=(
                    "按同一名单由下一位递补；理由记入历史。",
                    "The next on the same list follows; the reason stays in the history.",
                ),
            ),
            Move(
                "release", ("随专家组解散", "Release"), ("offered", "accepted", "writing"), "released",
                frozenset({OFFICER, LEADER}), needs=(rules.DISSOLVED,), then=(effects.released,), positive=False,
            ),
        ),
    )
)  # fmt: skip
