"""How a decision and an objection go, as data.

DECISION   drafting → tabled → decided → publicity → final; back to tabled where it is decided anew
OBJECTION  received → investigating → upheld | dismissed
"""

from __future__ import annotations

from pingjiang.centre.casework import service
from pingjiang.centre.casework.workflow import Move, State, Workflow
from pingjiang.centre.programme.deciding import effects, rules, sums

OFFICER, LEADER, AUDITOR, OBJECTOR = "officer", "leader", "auditor", "objector"

_BUREAU = frozenset({OFFICER, LEADER, AUDITOR})
_OFFICER, _LEADER = frozenset({OFFICER}), frozenset({LEADER})

DECISION = service.register(
    Workflow(
        name="decision",
        label=("审定与公示", "Decision"),
        parties={
            OFFICER: ("项目管理员", "Officer"), LEADER: ("局领导（党组）", "Decision maker"),
            AUDITOR: ("审计", "Auditor"),
        },
        initial="drafting",
        along=sums.along,
        states=(
            State("drafting", ("拟办", "Being prepared"), _BUREAU, _OFFICER),
            State("tabled", ("党组会议审定", "Before the meeting"), _BUREAU, _LEADER),
            State("decided", ("已审定", "Decided"), _BUREAU),
            State("publicity", ("公示中", "Public notice"), _BUREAU),
            State("final", ("已印发名单", "Final list issued"), _BUREAU, end=True),
            State("withdrawn", ("已撤销", "Withdrawn"), _BUREAU, end=True, news="neither"),
        ),
        moves=(
            Move(
                "table", ("提交审定", "Table"), ("drafting",), "tabled", _OFFICER, needs=rules.PACK_WHOLE,
                then=(effects.table,),
            ),
            Move(
                "drop", ("撤销", "Drop"), ("drafting",), "withdrawn", _OFFICER, then=(effects.withdraw,),
                note="required", positive=False,
            ),
            Move(
                "hand_back", ("退回处室", "Hand back"), ("tabled",), "drafting", _LEADER, then=(effects.hand_back,),
                note="required", positive=False,
            ),
            Move(
                "decide", ("签发审定结果", "Issue the decision"), ("tabled",), "decided", _LEADER, needs=rules.DECIDED,
                then=(effects.decide,), official=True,
                effect=(
                    "按会议决定生成审定文书，逐项写入记录；此后只能经复议改动。",
                    "A paper of the decision is issued and each item goes on record; only a new decision changes it.",
                ),
            ),
            Move(
                "publicise", ("发布公示", "Publish the notice"), ("decided",), "publicity", _OFFICER,
                then=(effects.publicise,), official=True,
                effect=(
                    "向社会公示拟支持名单和金额，公示期自次日起按工作日计算，期间接受实名异议。",
                    "The list and its amounts are shown to everybody; working days run, signed objections are taken.",
                ),
            ),
            Move(
                "reconsider", ("复议", "Decide anew"), ("decided", "publicity"), "tabled", _LEADER,
                then=(effects.reconsider,), note="required", positive=False, official=True,
                effect=(
                    "撤回审定文书和公示，重新审定；公示期届时重新计算。",
                    "Decision and notice are recalled and it is decided anew; the days of the notice begin anew then.",
                ),
            ),
            Move(
                "issue", ("印发最终名单", "Issue the final list"), ("publicity",), "final", _LEADER,
                needs=rules.ISSUABLE, then=(effects.issue,), official=True,
                effect=(
                    "印发最终名单；各项目分别转为立项、不予支持或缓议。",
                    "The final list is issued; each application is approved, not funded or put off.",
                ),
            ),
            Move(
                "withdraw", ("撤销审定", "Withdraw"), ("tabled", "decided", "publicity"), "withdrawn", _LEADER,
                then=(effects.withdraw,), note="required", positive=False, official=True,
                effect=(
                    "撤回全部文书，各项目退回待审定；可以重新拟办。",
                    "All papers are recalled, the applications go back to be tabled; a new pack may be prepared.",
                ),
            ),
        ),
    )
)  # fmt: skip

_ALL = _BUREAU | {OBJECTOR}
_OPEN = ("received", "investigating")

OBJECTION = service.register(
    Workflow(
        name="objection",
        label=("公示异议", "Objection"),
        parties={
            OBJECTOR: ("异议人", "Objector"), OFFICER: ("项目管理员", "Officer"),
            LEADER: ("局领导（党组）", "Decision maker"), AUDITOR: ("审计", "Auditor"),
        },
        initial="received",
        states=(
            State("received", ("已收到", "Received"), _ALL, frozenset({OFFICER, OBJECTOR})),
            State("investigating", ("核查中", "Being looked into"), _ALL, _OFFICER),
            State("upheld", ("异议成立", "Upheld"), _ALL, end=True),
            State("dismissed", ("异议不成立", "Dismissed"), _ALL, end=True, news="bad"),
            State("withdrawn", ("已撤回", "Withdrawn"), _ALL, end=True, news="neither"),
        ),
        moves=(
            Move(
                "investigate", ("受理核查", "Look into it"), ("received",), "investigating", _OFFICER,
                then=(effects.investigate,),
            ),
            Move(
                "uphold", ("异议成立", "Uphold"), ("investigating",), "upheld", _LEADER,
                needs=(rules.FOUND_OUT, rules.REMEDY), then=(effects.answer,), note="required", official=True,
                effect=(
                    "向异议人发出答复函；名单须经复议，最终名单在此之前不能印发。",
                    "A letter answers the objector; the list is decided anew before it can be final.",
                ),
            ),
            Move(
                "dismiss", ("异议不成立", "Dismiss"), ("investigating",), "dismissed", _LEADER,
                needs=(rules.FOUND_OUT,), then=(effects.answer,), note="required", official=True, positive=False,
                effect=("向异议人发出答复函，写明理由。", "A letter with the reasons answers the objector."),
            ),
            Move(
                "withdraw", ("撤回异议", "Withdraw"), _OPEN, "withdrawn", frozenset({OBJECTOR}),
                then=(effects.objection_gone,), note="required", positive=False,
            ),
            Move(
                "take_out", ("登记撤回", "Enter a withdrawal"), _OPEN, "withdrawn", _OFFICER,
                needs=(rules.ON_PAPER,), then=(effects.objection_gone,), note="required", positive=False,
            ),
        ),
    )
)  # fmt: skip
