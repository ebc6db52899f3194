"""The two workflows of this app, as data."""

from __future__ import annotations

from pingjiang.centre.announcements import effects, rules
from pingjiang.centre.casework import service
from pingjiang.centre.casework.workflow import Move, State, Workflow

EDITOR, APPROVER, ADDRESSEE, AUDITOR, CLOCK = "editor", "approver", "addressee", "auditor", "clock"
ASKER, DESK, PUBLISHER = "asker", "desk", "publisher"

_HOUSE = frozenset({EDITOR, APPROVER, AUDITOR})
_READERS = _HOUSE | {ADDRESSEE}

ANNOUNCEMENT = service.register(
    Workflow(
        name="announcement",
        label=("通知公告", "Announcement"),
        parties={
            EDITOR: ("拟稿人员", "Editor"), APPROVER: ("签发人", "Approver"), ADDRESSEE: ("发布对象", "Addressee"),
            AUDITOR: ("审计", "Auditor"), CLOCK: ("到期", "Time"),
        },
        initial="draft",
        states=(
            State("draft", ("拟稿", "Draft"), _HOUSE, frozenset({EDITOR, APPROVER})),
            State("review", ("待签发", "In review"), _HOUSE, frozenset({APPROVER})),
            State("published", ("已发布", "Published"), _READERS | {CLOCK}),
            State("withdrawn", ("已撤回", "Withdrawn"), _READERS, end=True, news="neither"),
            State("expired", ("已失效", "Expired"), _READERS, end=True, news="neither"),
            State("discarded", ("已作废", "Discarded"), _HOUSE, end=True, news="neither"),
        ),
        moves=(
            Move(
                "submit", ("送签", "Submit"), ("draft",), "review", frozenset({EDITOR}),
                needs=(rules.COMPLETE,), then=(effects.done, effects.ask_for_review),
            ),
            Move(
                "back", ("退回修改", "Hand back"), ("review",), "draft", frozenset({APPROVER}),
                then=(effects.hand_back,), note="required", positive=False,
            ),
            Move(
                "publish", ("签发", "Publish"), ("draft", "review"), "published", frozenset({APPROVER}),
                needs=(rules.COMPLETE,), then=(effects.publish,), official=True,
                effect=(
                    "发给所列对象，勾选公开的同时向社会公布，并生成带查验编号的文书。",
                    "It goes to all addressees, to everyone where it is public, and becomes a paper with a code.",
                ),
            ),
            Move(
                "withdraw", ("撤回", "Withdraw"), ("published",), "withdrawn", frozenset({APPROVER}),
                then=(effects.withdraw,), note="required", official=True, positive=False,
                effect=(
                    "撤回文书，并告知收到通知的各单位。",
                    "The paper is recalled, and all who had the announcement are told.",
                ),
            ),
            Move(
                "expire", ("到期失效", "Expire"), ("published",), "expired", frozenset({CLOCK}),
                needs=(rules.EXPIRED,), note="none",
            ),
            Move(
                "discard", ("作废", "Discard"), ("draft",), "discarded", frozenset({EDITOR, APPROVER}),
                then=(effects.done,), positive=False,
            ),
        ),
    )
)  # fmt: skip

_ALL = frozenset({ASKER, DESK, PUBLISHER, AUDITOR})

CONSULTATION = service.register(
    Workflow(
        name="consultation",
        label=("咨询", "Consultation"),
        parties={
            ASKER: ("咨询单位", "Asker"), DESK: ("承办单位", "Desk"), PUBLISHER: ("发布单位", "Publisher"),
            AUDITOR: ("审计", "Auditor"), CLOCK: ("到期", "Time"),
        },
        initial="asked",
        states=(
            State("asked", ("待受理", "Asked"), _ALL, frozenset({ASKER})),
            State("assigned", ("办理中", "In hand"), _ALL, frozenset({DESK})),
            State("handed", ("已转办", "Handed on"), _ALL),
            State("answered", ("已答复", "Answered"), _ALL | {CLOCK}),
            State("closed", ("已办结", "Closed"), _ALL, end=True),
            State("withdrawn", ("已撤回", "Withdrawn"), _ALL, end=True, news="neither"),
        ),
        moves=(
            Move(
                "assign", ("受理", "Take in hand"), ("asked", "handed"), "assigned", frozenset({DESK}),
                needs=(rules.OF_THE_DESK,), then=(effects.assign,),
            ),
            Move(
                "reassign", ("改派", "Give to another"), ("assigned",), "assigned", frozenset({DESK}),
                needs=(rules.OF_THE_DESK,), then=(effects.assign,),
            ),
            Move(
                "hand_on", ("转办", "Hand on"), ("asked", "assigned", "handed"), "handed", frozenset({DESK}),
                needs=(rules.ANOTHER_DESK,), then=(effects.hand_on,), note="required", positive=False,
            ),
            Move(
                "answer", ("答复", "Answer"), ("assigned",), "answered", frozenset({DESK}),
                needs=(rules.ANSWERED,), then=(effects.answer,),
            ),
            Move(
                "ask_again", ("追问", "Ask again"), ("answered",), "assigned", frozenset({ASKER}),
                then=(effects.ask_again,), note="required", positive=False,
            ),
            Move("close", ("办结", "Close"), ("answered",), "closed", frozenset({ASKER}), then=(effects.end,)),
            Move(
                "lapse", ("到期办结", "Close in time"), ("answered",), "closed", frozenset({CLOCK}),
                needs=(rules.LONG_ANSWERED,), then=(effects.end,), note="none",
            ),
            Move(
                "withdraw", ("撤回咨询", "Withdraw"), ("asked", "assigned", "handed"), "withdrawn", frozenset({ASKER}),
                then=(effects.end,), positive=False,
            ),
        ),
    )
)  # fmt: skip
