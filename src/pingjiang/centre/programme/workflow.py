"""The two workflows of this part of the programme, as data.

CALL         draft → review → open → closed → ended, which time does, to the second: first for applicants, then for
             districts
APPLICATION  draft → district → submitted (→ supplement → resealing → submitted) → accepted | rejected;
             called_off with a call that is withdrawn;
             accepted → reviewing → reviewed, as its panel is drawn and locks; → resealing where its stamp is void;
             reviewed → proposed → approved | not_funded | deferred, as the bureau decides
"""

from __future__ import annotations

from pingjiang.centre.casework import service
from pingjiang.centre.casework.workflow import Move, State, Workflow
from pingjiang.centre.programme import effects, rules
from pingjiang.centre.programme.deciding import rules as deciding

EDITOR, APPROVER, READER, AUDITOR, CLOCK = "editor", "approver", "reader", "auditor", "clock"
APPLICANT, DISTRICT, OFFICER, LEADER = "applicant", "district", "officer", "leader"

_HOUSE = frozenset({EDITOR, APPROVER, AUDITOR})
_ALL = _HOUSE | {READER}

CALL = service.register(
    Workflow(
        name="call",
        label=("申报通知", "Call for applications"),
        parties={
            EDITOR: ("拟稿人员", "Editor"), APPROVER: ("签发人", "Approver"), READER: ("各单位", "Everybody"),
            AUDITOR: ("审计", "Auditor"), CLOCK: ("到期", "Time"),
        },
        initial="draft",
        along=rules.along,
        states=(
            State("draft", ("拟稿", "Draft"), _HOUSE, frozenset({EDITOR, APPROVER})),
            State("review", ("待签发", "In review"), _HOUSE, frozenset({APPROVER})),
            State("open", ("已发布", "Published"), _ALL | {CLOCK}),
            State("closed", ("已截止", "Closed"), _ALL | {CLOCK}),
            State("ended", ("区县推荐已截止", "Districts' time is over"), _ALL, end=True),
            State("withdrawn", ("已撤回", "Withdrawn"), _ALL, end=True, news="neither"),
            State("discarded", ("已作废", "Discarded"), _HOUSE, end=True, news="neither"),
        ),
        moves=(
            Move(
                "submit", ("送签", "Submit"), ("draft",), "review", frozenset({EDITOR}),
                needs=(rules.CALL_COMPLETE,), then=(effects.ask_for_review,),
            ),
            Move(
                "back", ("退回修改", "Hand back"), ("review",), "draft", frozenset({APPROVER}),
                then=(effects.hand_back,), note="required", positive=False,
            ),
            Move(
                "publish", ("签发", "Issue"), ("draft", "review"), "open", frozenset({APPROVER}),
                needs=(rules.CALL_COMPLETE,), then=(effects.publish,), official=True,
                effect=(
                    "向社会公布并生成带查验编号的文书；规则包和材料清单自此不再改动，时间只能延后。",
                    "It is published as a paper with a code; rules and materials stay, its times can only be extended.",
                ),
            ),
            Move(
                "extend", ("延长期限", "Extend"), ("open",), "open", frozenset({APPROVER}),
                needs=(rules.LATER,), then=(effects.extend,), note="required", official=True,
                effect=(
                    "公布带查验编号的延期通知，写明原定和延长后的时间及理由，并告知各区县、各单位；不能再提前。",
                    "A notice with a code tells both times and the reason to everybody; no time is made earlier again.",
                ),
            ),
            Move(
                "withdraw", ("撤回", "Withdraw"), ("open",), "withdrawn", frozenset({APPROVER}),
                needs=(rules.NONE_REVIEWED,), then=(effects.call_back,), note="required", official=True, positive=False,
                effect=(
                    "撤回文书，不再收受申报；在办的申报随之终止，并告知各单位。",
                    "The paper is recalled; applications on it end with it, none is taken any more, all are told.",
                ),
            ),
            Move(
                "close", ("截止", "Close"), ("open",), "closed", frozenset({CLOCK}),
                needs=(rules.CALL_OVER,), note="none",
            ),
            Move(
                "extend_districts", ("延长区县推荐", "Extend the districts' time"), ("closed",), "closed",
                frozenset({APPROVER}), needs=(rules.DISTRICTS_LATER, rules.UNCHECKED),
                then=(effects.extend_districts,), note="required", official=True,
                effect=(
                    "公布带查验编号的延期通知，写明原定和延长后的时间及理由，并告知各区县；申报截止不变，不能再提前。",
                    "A notice with a code tells both times and the reason, to every district; the call stays closed.",
                ),
            ),
            Move(
                "end", ("区县推荐截止", "End the districts' time"), ("closed",), "ended", frozenset({CLOCK}),
                needs=(rules.DISTRICTS_OVER,), note="none",
            ),
            Move(
                "discard", ("作废", "Discard"), ("draft",), "discarded", frozenset({EDITOR, APPROVER}),
                then=(effects.done,), positive=False,
            ),
        ),
    )
)  # fmt: skip

_OWN = frozenset({APPLICANT, AUDITOR})
_NEAR = _OWN | {DISTRICT}
_BUREAU = _NEAR | {OFFICER, LEADER}

APPLICATION = service.register(
    Workflow(
        name="application",
        label=("项目申报", "Application"),
        parties={
            APPLICANT: ("申报单位", "Applicant"), DISTRICT: ("区县主管部门", "District"),
            OFFICER: ("项目管理员", "Officer"), LEADER: ("局领导", "Leader"), AUDITOR: ("审计", "Auditor"),
            CLOCK: ("到期", "Time"),
        },
        initial="draft",
        states=(
            State("draft", ("填报", "Draft"), _OWN | {CLOCK}, frozenset({APPLICANT})),
            State("district", ("区县审核", "With the district"), _NEAR | {CLOCK}, frozenset({DISTRICT})),
            State("submitted", ("形式审查", "Formal check"), _BUREAU | {CLOCK}, frozenset({OFFICER})),
            State("supplement", ("补正", "In correction"), _BUREAU | {CLOCK}, frozenset({APPLICANT})),
            State("resealing", ("补正后盖章", "To be stamped anew"), _BUREAU | {CLOCK}, frozenset({DISTRICT})),
            State("accepted", ("已受理", "Accepted"), _BUREAU | {CLOCK}),
            State("reviewing", ("专家评审", "In review"), _BUREAU),
            State("reviewed", ("已评审", "Reviewed"), _BUREAU),
            State("proposed", ("审定与公示", "Being decided"), _BUREAU),
            State("deferred", ("缓议", "Put off"), _BUREAU),
            State("approved", ("立项", "Approved"), _BUREAU, end=True),
            State("not_funded", ("不予支持", "Not funded"), _BUREAU, end=True, news="bad"),
            State("rejected", ("不予受理", "Not accepted"), _BUREAU, end=True, news="bad"),
            State("withdrawn", ("已撤回", "Withdrawn"), _BUREAU, end=True, news="neither"),
            State("lapsed", ("逾期终止", "Lapsed"), _BUREAU, end=True, news="bad"),
            State("called_off", ("随通知终止", "Ended with its call"), _BUREAU, end=True, news="neither"),
        ),
        moves=(
            Move(
                "send", ("报送区县", "Send to the district"), ("draft",), "district", frozenset({APPLICANT}),
                needs=(rules.IN_TIME, *rules.WHOLE), then=(effects.send,),
            ),
            Move(
                "take_back", ("取回修改", "Take back"), ("district",), "draft", frozenset({APPLICANT}),
                needs=(rules.IN_TIME,), then=(effects.take_back,), positive=False,
            ),
            Move(
                "return", ("退回修改", "Return"), ("district",), "draft", frozenset({DISTRICT}),
                needs=(rules.IN_TIME,), then=(effects.to_applicant,), note="required", positive=False,
            ),
            Move(
                "recommend", ("推荐上报", "Put forward"), ("district",), "submitted", frozenset({DISTRICT}),
                needs=(rules.DISTRICT_IN_TIME, rules.RECOMMENDED, rules.MATCH, rules.SEALED, rules.WITHIN_QUOTA),
                then=(effects.submit,), official=True,
                effect=(
                    "连同盖章件报市局；内容自此不能改动。",
                    "It goes to the bureau with the stamped scan; what it says stays as it is.",
                ),
            ),
            Move(
                "correct", ("退回补正", "Return for correction"), ("submitted",), "supplement", frozenset({OFFICER}),
                needs=(rules.NOT_CORRECTED_BEFORE,), then=(effects.correct,), note="required", positive=False,
                official=True,
                effect=(
                    "发出补正通知书并开始计算工作日；补正以一次为限，内容改动后须重新盖章。",
                    "A notice is issued and working days run; it goes back once, and is stamped anew where it changes.",
                ),
            ),
            Move(
                "resend", ("补正报送", "Send the correction"), ("supplement",), "resealing", frozenset({APPLICANT}),
                needs=(rules.CORRECTION_IN_TIME, *rules.WHOLE), then=(effects.resend,),
            ),
            Move(
                "return_again", ("退回修改", "Return"), ("resealing",), "supplement", frozenset({DISTRICT}),
                needs=(rules.CORRECTION_IN_TIME,), then=(effects.return_again,), note="required", positive=False,
            ),
            Move(
                "reseal", ("补正上报", "Put forward again"), ("resealing",), "submitted", frozenset({DISTRICT}),
                needs=(rules.CORRECTION_IN_TIME, rules.RECOMMENDED, rules.MATCH, rules.SEALED),
                then=(effects.submit,),
                official=True,
                effect=(
                    "连同新的盖章件报市局。", "It goes to the bureau with the new stamped scan.",
                ),
            ),
            Move(
                "accept", ("受理", "Accept"), ("submitted",), "accepted", frozenset({OFFICER}),
                needs=(rules.SEALED, *rules.CHECKED), then=(effects.decide,), official=True,
                effect=(
                    "发出受理通知书，进入专家评审。", "A notice of acceptance is issued; experts review it next.",
                ),
            ),
            Move(
                "reject", ("不予受理", "Do not accept"), ("submitted",), "rejected", frozenset({OFFICER}),
                then=(effects.decide,), note="required", official=True, positive=False,
                effect=(
                    "发出不予受理通知书，写明理由，申报就此结束。",
                    "A notice with the reasons is issued, and the application ends.",
                ),
            ),
            Move(
                "restamp", ("退回重新盖章", "Send back for a new stamp"), ("accepted", "reviewing", "reviewed"),
                "resealing", frozenset({OFFICER}), needs=(rules.VOID,), then=(effects.restamp,), note="required",
                official=True, positive=False,
                effect=(
                    "所在专家组不再评它，不列入其排序，其余申报照常；区县在补正期限的工作日内重新盖章，再经形式审查，"
                    "另行评审。",
                    "Its panel leaves it out and goes on with the others; the district stamps it anew within the days "
                    "of a correction, then it is checked and reviewed again.",
                ),
            ),
            Move(
                "begin_review", ("进入评审", "Begin the review"), ("accepted",), "reviewing", frozenset({OFFICER}),
                needs=(rules.SEALED, rules.DRAWN), note="none",
            ),
            Move(
                "finish_review", ("完成评审", "Finish the review"), ("reviewing",), "reviewed", frozenset({OFFICER}),
                needs=(rules.SEALED, rules.REVIEWED), note="none",
            ),
            Move(
                "leave_review", ("退回待评审", "Leave the review"), ("reviewing",), "accepted",
                frozenset({OFFICER, LEADER}), needs=(rules.NO_PANEL,), note="required", positive=False,
            ),
            Move(
                "propose", ("列入审定", "Put into a pack"), ("reviewed", "deferred"), "proposed", frozenset({OFFICER}),
                needs=(rules.SEALED, *rules.CHECKED, rules.REVIEWED, deciding.IN_PACK), then=(effects.done,),
                note="none",
            ),
            Move(
                "untable", ("退出审定", "Take out of the pack"), ("proposed",), "reviewed",
                frozenset({OFFICER, LEADER}), needs=(deciding.PACK_GONE,), positive=False,
            ),
            Move(
                "approve", ("立项", "Approve"), ("proposed",), "approved", frozenset({LEADER}),
                needs=(rules.SEALED, *rules.CHECKED, rules.REVIEWED, deciding.APPROVED), then=(effects.done,),
                official=True,
                effect=("列入支持项目名单。", "It stands in the final list."),
            ),
            Move(
                "not_fund", ("不予支持", "Do not fund"), ("proposed",), "not_funded", frozenset({LEADER}),
                needs=(deciding.NOT_FUNDED,), then=(effects.done,), positive=False, official=True,
                effect=("不列入支持项目名单，申报就此结束。", "It is not in the final list, and ends."),
            ),
            Move(
                "defer", ("缓议", "Put off"), ("proposed",), "deferred", frozenset({LEADER}),
                needs=(deciding.DEFERRED,), then=(effects.done,), positive=False, official=True,
                effect=("留待以后再提交审定。", "It may be tabled again."),
            ),
            Move(
                "review_again", ("重新评审", "Review anew"), ("deferred",), "accepted", frozenset({OFFICER}),
                note="required", positive=False,
            ),
            Move(
                "withdraw", ("撤回申报", "Withdraw"),
                (
                    "draft", "district", "submitted", "supplement", "resealing", "accepted", "reviewing", "reviewed",
                    "proposed", "deferred",
                ), "withdrawn",
                frozenset({APPLICANT}), then=(effects.end,), note="required", positive=False,
            ),
            Move(
                "lapse", ("逾期终止", "Lapse"), ("draft", "district", "supplement", "resealing"), "lapsed",
                frozenset({CLOCK}), needs=(rules.TIME_IS_UP,), then=(effects.end,), note="none",
            ),
            Move(
                "call_off", ("随通知终止", "End with its call"), rules.BEFORE_REVIEW, "called_off", frozenset({CLOCK}),
                needs=(rules.CALL_WITHDRAWN,), then=(effects.end,),
            ),
        ),
    )
)  # fmt: skip
