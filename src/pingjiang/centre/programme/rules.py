"""What the moves of calls and of applications need."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.utils import timezone

from pingjiang.centre.casework import clocks
from pingjiang.centre.casework.models import Case, Clock
from pingjiang.centre.casework.workflow import Label, Need
from pingjiang.centre.programme.checklist import checklist
from pingjiang.centre.programme.content import together
from pingjiang.centre.programme.content.derived import SEAL, derived
from pingjiang.centre.programme.content.open import first, open_of
from pingjiang.centre.programme.content.reading import labels, lines_now, lines_of, said_in, said_now
from pingjiang.centre.programme.models import Application, Call, Panel, PanelEntry
from pingjiang.centre.programme.models.calls import late
from pingjiang.centre.programme.rulepack import held_up, pack_of
from pingjiang.centre.programme.rulepack import open_of as open_lines
from pingjiang.centre.programme.seals import last_seal, standing_seal
from pingjiang.rulebook.policies import Quantity

# The clocks of a return for correction, and of one for a new stamp: only the first counts as a correction.
CORRECTION, RESTAMP = "correction", "new stamp"
# Who applies: kinds of organisations and roles.
APPLICANT_KINDS = frozenset({"firm", "university", "institute", "centre"})
APPLICANT_ROLES = frozenset({"member_user", "centre_manager", "centre_specialist"})


def moment_of(given: Mapping[str, Any]) -> datetime.datetime:
    """When it was asked: as the request came in where its view says so, else now. Who waited for a lock loses nothing.

    Never before now by more than a request may take: what a caller says of its arrival is not taken beyond that.
    """
    now = timezone.now()
    arrived = given.get("arrived")
    if not isinstance(arrived, datetime.datetime):
        return now
    return min(max(arrived, now - _LONGEST_WAIT), now)


# States of an application that end with its call; and those in which it has come to the experts.
BEFORE_REVIEW = ("draft", "district", "submitted", "supplement", "resealing", "accepted")
_REVIEWED = ("reviewing", "reviewed", "proposed", "deferred", "approved", "not_funded")
_LOOKED_AT = ("supplement", "resealing", "accepted", "rejected", *_REVIEWED)
_LONGEST_WAIT = datetime.timedelta(minutes=2)


def clock_of(moment: datetime.datetime) -> str:
    """A moment as people are told it, to the second."""
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M:%S")


def call_complete(case: Case, _given: Mapping[str, Any]) -> Label | None:
    """It says what, when, and for how much; and its times lie ahead."""
    call: Call = case.call
    if not call.guide.strip():
        return "申报指南是空的", "the guide is empty"
    opens, closes, seals = call.opens_at, call.closes_at, call.seals_until
    if opens is None or closes is None or seals is None:
        return "开始、截止、区县推荐截止三个时间须填齐", "say when it opens, closes, and until when districts seal"
    if not opens < closes <= seals:
        return (
            "时间先后不对：开始早于截止，截止不晚于区县推荐截止",
            "it opens before it closes, and closes before seals",
        )
    if closes <= timezone.now():
        return "申报截止已过", "its closing time has passed"
    if not call.tracks.exists():
        return "须至少开放一个类别，并定规则包、资金和名额", "open a track, with its rules, money and places"
    return None


def call_over(case: Case, _given: Mapping[str, Any]) -> Label | None:
    """Its closing time has passed."""
    closes = case.call.closes_at
    over = closes is not None and late(timezone.now(), closes)
    return None if over else ("申报截止时间未到", "it has not closed yet")


def extended_later(case: Case, given: Mapping[str, Any]) -> Label | None:
    """The call still takes applications, and its times become later, none earlier, in their order."""
    call: Call = case.call
    closes, seals = call.closes_at, call.seals_until
    moment, new_closes, new_seals = moment_of(given), given.get("closes_at"), given.get("seals_until")
    if closes is None or seals is None or late(moment, closes):
        told = "—" if closes is None else clock_of(closes)
        return f"申报已于 {told} 截止，不能再延长", f"the call closed at {told}: it cannot be extended any more"
    if not isinstance(new_closes, datetime.datetime) or not isinstance(new_seals, datetime.datetime):
        return "须填写延长后的申报截止和区县推荐截止", "say until when it is extended: for applicants and for districts"
    if late(closes, new_closes) or late(seals, new_seals):
        return "期限只能延后，不能提前", "times may become later, never earlier"
    if not late(new_closes, closes) and not late(new_seals, seals):
        return "与原定时间相同，没有延长", "these are the times as they are: nothing is extended"
    if late(new_closes, new_seals):
        return "申报截止不得晚于区县推荐截止", "it closes for applicants no later than for districts"
    return None


def districts_later(case: Case, given: Mapping[str, Any]) -> Label | None:
    """Districts may still recommend, and their time becomes later."""
    seals, new = case.call.seals_until, given.get("seals_until")
    if seals is None or late(moment_of(given), seals):
        told = "—" if seals is None else clock_of(seals)
        return (
            f"区县推荐已于 {told} 截止，不能再延长",
            f"the districts' time ended at {told}: it cannot be extended",
        )
    if not isinstance(new, datetime.datetime):
        return "须填写延长后的区县推荐截止", "say until when it is extended for districts"
    return None if late(new, seals) else ("期限只能延后，不能提前", "times may become later, never earlier")


def unchecked(case: Case, _given: Mapping[str, Any]) -> Label | None:
    """No formal check has begun on what more time would change: the list, of a district and a track, to which something
    may still be added. Once the bureau looks at a list, it is as long as it is."""
    rows = case.call.applications.select_related("case", "district").order_by("case__number")
    lists = {(row.district_id, row.case.track) for row in rows.filter(case__state="district")}
    begun = Q(checks__isnull=False) | Q(check_answers__isnull=False) | Q(case__state__in=_LOOKED_AT)
    for row in rows.filter(begun).distinct():
        if (row.district_id, row.case.track) in lists:
            return (
                f"{row.case.number} 已开始形式审查，{row.district.name_zh}这一类别的推荐不能再延长",
                f"the formal check of {row.case.number} has begun: no more time for the list of its district",
            )
    return None


def districts_over(case: Case, _given: Mapping[str, Any]) -> Label | None:
    """The districts' time has passed, and whoever asked for more of it in time has been served."""
    until = case.call.seals_until
    over = until is not None and late(timezone.now() - _LONGEST_WAIT, until)
    return None if over else ("区县推荐截止时间未到", "the districts' time is not over yet")


def along(case: Case) -> list[int]:
    """The cases that moves of a call move along: of the applications on it, which end with it."""
    return list(case.call.applications.values_list("case", flat=True))


def none_reviewed(case: Case, _given: Mapping[str, Any]) -> Label | None:
    """No application on it has come to the experts: what they began is decided, and not called off."""
    begun = Case.objects.filter(application__call=case.call, state__in=_REVIEWED).order_by("number").first()
    if begun is None:
        return None
    return (
        f"{begun.number} 已进入专家评审，通知不能再撤回",
        f"{begun.number} is with the experts or beyond: the call cannot be withdrawn any more",
    )


def call_withdrawn(case: Case, _given: Mapping[str, Any]) -> Label | None:
    """Its call was withdrawn."""
    gone = case.application.call.case.state == "withdrawn"
    return None if gone else ("申报通知没有撤回", "its call was not withdrawn")


def in_time(case: Case, given: Mapping[str, Any]) -> Label | None:
    """The call takes applications. A second late is late."""
    call: Call = case.application.call
    moment = moment_of(given)
    if call.case.state == "withdrawn":
        return "这一申报通知已撤回", "the call was withdrawn"
    if call.closes_at is None or late(moment, call.closes_at):
        closes = "—" if call.closes_at is None else clock_of(call.closes_at)
        return (
            f"申报已于 {closes} 截止，服务器收到时为 {clock_of(moment)}",
            f"the call closed at {closes}; the server received this at {clock_of(moment)}",
        )
    return None


def district_in_time(case: Case, given: Mapping[str, Any]) -> Label | None:
    """Districts may still recommend. A second late is late."""
    limit, moment = case.application.call.seals_until, moment_of(given)
    if limit is None or late(moment, limit):
        told = "—" if limit is None else clock_of(limit)
        return (
            f"区县推荐已于 {told} 截止，服务器收到时为 {clock_of(moment)}",
            f"districts could recommend until {told}; the server received this at {clock_of(moment)}",
        )
    return None


def correction_in_time(case: Case, _given: Mapping[str, Any]) -> Label | None:
    """The clock of the correction has not run out."""
    clock = running(case)
    if clock is None:
        return "没有补正期限在计时", "no time for a correction is running"
    reading = clocks.read(clock)
    if reading.overdue:
        return f"补正期限已于 {reading.due_on} 届满", f"the time for the correction ended on {reading.due_on}"
    return None


def running(case: Case) -> Clock | None:
    """The clock of a correction, or of a new stamp, that is running."""
    return Clock.objects.filter(case=case, name__in=(CORRECTION, RESTAMP), ended_on__isnull=True).first()


def not_corrected_before(case: Case, _given: Mapping[str, Any]) -> Label | None:
    """It goes back for correction once."""
    again = Clock.objects.filter(case=case, name=CORRECTION).exists()
    return ("补正以一次为限", "an application goes back for correction once") if again else None


# What to do about a void stamp, by the state of the application: for whoever has it, or wants to move others with it.
_STAMP_AGAIN: Label = ("请重新打印、盖章并上传", "print, stamp and upload again")
_SENT_BACK: Label = (
    "请在其申报页办理“退回重新盖章”，写明理由；该项不再列入，其余照常",
    "send it back for a new stamp on its page, with the reason; it is left out, the others go on",
)
_MENDED: Mapping[str, Label] = {
    **dict.fromkeys(("accepted", "reviewing", "reviewed"), _SENT_BACK),
    "submitted": ("请退回补正，重新盖章", "return it for correction, to be stamped anew"),
    "deferred": (
        "请在其申报页先办理“重新评审”，再“退回重新盖章”，然后更新审定包；其余照常",
        "on its page have it reviewed anew, then send it back for a new stamp; make the pack anew; the others go on",
    ),
    "proposed": (
        "请复议该项，或退回处室后在其申报页办理“退回重新盖章”",
        "decide it anew, or hand the pack back and send it back for a new stamp on its page",
    ),
}


def stamp_is_void(case: Case, _given: Mapping[str, Any]) -> Label | None:
    """What was stamped is not what it says now: one that holds is not stamped anew."""
    void = last_seal(case.application) is not None and standing_seal(case.application) is None
    return None if void else ("盖章有效，不必重新盖章", "its stamp holds: it needs no new one")


def sealed(case: Case, _given: Mapping[str, Any]) -> Label | None:
    """The district's stamp stands on exactly what the application says now."""
    return _unsealed(case.application)


def _unsealed(application: Application) -> Label | None:
    if standing_seal(application) is not None:
        return None
    if last_seal(application) is not None:
        zh, en = _MENDED.get(application.case.state, _STAMP_AGAIN)
        return f"盖章后内容有改动，原盖章已失效：{zh}", f"what was stamped has changed, and the stamp is void: {en}"
    return "尚未上传盖章件：请打印、盖章并上传扫描件", "no stamped scan: print, stamp and upload it"


def recommended(case: Case, _given: Mapping[str, Any]) -> Label | None:
    """The district has said what it thinks, where it ranks, what it adds, and by which letter."""
    said = getattr(case.application, "recommendation", None)
    if said is None or not said.comment.strip():
        return "推荐意见是空的", "the district's opinion is empty"
    if said.rank is None:
        return "须排定本区次序", "rank it among the district's own"
    if said.match is None or said.letter_id is None or not said.policy.strip():
        return "配套经费、配套政策文号和配套承诺函须齐备", "say the matching money, its policy, and upload the letter"
    return None


PUT_FORWARD = Q(submitted_at__isnull=False) & ~Q(case__state="withdrawn")  # what counts against a district's quota


def within_quota(case: Case, _given: Mapping[str, Any]) -> Label | None:
    """The district has put forward fewer than it may in this track, and none of the same rank."""
    application: Application = case.application
    standing = Application.objects.filter(
        PUT_FORWARD, call=application.call_id, case__track=case.track, district=application.district_id
    ).exclude(pk=application.pk)
    track = application.call.tracks.filter(track=case.track).first()
    quota = track.district_quota if track is not None else None
    if quota is not None and standing.count() >= quota:
        return f"本区这一类别限推荐 {quota} 项，已满", f"your district may put forward {quota} in this track"
    rank = application.recommendation.rank
    if standing.filter(recommendation__rank=rank).exists():
        return f"本区已有排第 {rank} 的项目", f"your district has another that ranks {rank}"
    return None


def time_is_up(case: Case, _given: Mapping[str, Any]) -> Label | None:
    """What was not handed in has run out of time: by the call, by the district's day, by the clock of a correction."""
    application, now = case.application, timezone.now()
    limit = application.call.closes_at if case.state == "draft" else application.call.seals_until
    if case.state in ("draft", "district"):
        over = limit is not None and late(now - _LONGEST_WAIT, limit)  # whoever asked in time has been served
    else:
        clock = running(case)
        over = clock is not None and clocks.read(clock).overdue
    return None if over else ("期限未到", "there is time left")


def complete(case: Case, _given: Mapping[str, Any]) -> Label | None:
    """Nothing is open in any step."""
    return first(open_of(case.application))


def eligible(case: Case, _given: Mapping[str, Any]) -> Label | None:
    """No hard rule fails or cannot be told. The stamp is not asked for yet: the district gives it after this."""
    lines = [line for line in lines_now(case.application) if line.missing != (SEAL,)]
    found = held_up(lines)
    return labels(found) if found else None


def match_covers(case: Case, _given: Mapping[str, Any]) -> Label | None:
    """The district adds no less than the budget counts on."""
    application: Application = case.application
    planned = planned_match(application)
    promised = application.recommendation.match
    if planned is not None and promised is not None and promised < planned:
        return (
            f"承诺配套 {promised:f} 万元，少于预算所列 {planned:f} 万元",
            f"{promised:f} are promised, fewer than the {planned:f} of the budget (CNY 10,000)",
        )
    return None


def planned_match(application: Application) -> Decimal | None:
    """What the budget counts on from the local government, in ten thousand yuan; None where it does not say."""
    found = derived(pack_of(application), said_now(application)).get("local_money")
    return Decimal(found.value) if isinstance(found, Quantity) else None


def checked(case: Case, _given: Mapping[str, Any]) -> Label | None:
    """The officer has run the rules on what was handed in, and everything holds or was waived."""
    return _unchecked(case.application)


def _unchecked(application: Application) -> Label | None:
    version = application.versions.first()
    run = application.checks.first()
    if run is None or version is None or run.version_id != version.pk:
        return "尚未对现版本运行形式审查", "the formal check was not run on this version"
    now = lines_of(application, said_in(version), seal=standing_seal(application))
    if [line.kept() for line in now] != json.loads(run.outcomes)["outcomes"]:  # which the letter will say
        return "运行形式审查之后有放宽或盖章变化，请重新运行", "waivers or the stamp changed since: run the check again"
    found = open_lines(now)
    return labels(found) if found else None


def items_hold(case: Case, _given: Mapping[str, Any]) -> Label | None:
    """Every item of the checklist was looked at, and holds."""
    return _item_open(case.application)


def _item_open(application: Application) -> Label | None:
    version = application.versions.first()
    if version is None:
        return "没有报送的版本", "nothing was handed in"
    for item in checklist(application, version):
        if item.answer is None:
            return f"未核对“{item.label[0]}”", f"{item.label[1]} was not looked at"
        if not item.answer.holds:
            return (
                f"“{item.label[0]}”不合格：{item.answer.reason}",
                f"{item.label[1]} does not hold: {item.answer.reason}",
            )
    return None


def _panels_of(cases: Sequence[Case]) -> dict[int, Panel]:
    """Key of a case → the last panel that was drawn for its application, and stands: it may be reviewed anew."""
    entries = PanelEntry.objects.filter(
        application__case__in=[case.pk for case in cases], panel__case__state__in=("drawn", "locked"), left_out=""
    )
    rows = list(entries.order_by("panel").values_list("application__case", "panel"))
    panels = Panel.objects.select_related("case").in_bulk({panel for _case, panel in rows})
    return {case: panels[panel] for case, panel in rows}


def drawn(cases: Sequence[Case]) -> dict[int, Label]:
    """A panel was drawn for it."""
    there = _under_review(cases)
    return {
        case.pk: ("还没有为它抽签组成专家组", "no panel was drawn for it") for case in cases if case.pk not in there
    }


def _under_review(cases: Sequence[Case]) -> set[int]:
    """Cases of applications that are on a panel which was drawn and has not ended."""
    entries = PanelEntry.objects.filter(
        application__case__in=[case.pk for case in cases], panel__case__state="drawn", left_out=""
    )
    return set(entries.values_list("application__case", flat=True))


def reviewed(cases: Sequence[Case]) -> dict[int, Label]:
    """Its panel has locked: every expert who sits on it has signed, and all was opened and reckoned."""
    of = _panels_of(cases)
    wrong = {pk: _not_reviewed(panel) for pk, panel in {each.pk: each for each in of.values()}.items()}
    none = "专家组还没有锁定评审", "its panel has not locked"
    told = {case.pk: wrong[of[case.pk].pk] if case.pk in of else none for case in cases}
    return {pk: refusal for pk, refusal in told.items() if refusal is not None}


def _not_reviewed(panel: Panel) -> Label | None:
    if panel.case.state != "locked" or not panel.lock_hash:
        return "专家组还没有锁定评审", "its panel has not locked"
    signed = panel.reviews.filter(case__state="locked")
    if not signed.exists() or signed.filter(opened__isnull=True).exists() or not panel.results.exists():
        return "评审还没有启封汇总", "its reviews were not opened and reckoned"
    return None


def no_panel(cases: Sequence[Case]) -> dict[int, Label]:
    """Its panel was dissolved."""
    return dict.fromkeys(_under_review(cases), ("专家组还在", "its panel stands"))


def _of_content(
    name: str,
    test: Callable[[Case, Mapping[str, Any]], Label | None],
    of: Callable[[Application], Label | None],
    read: Callable[[Sequence[Case]], list[Application]],
) -> Need:
    """A need that looks at what applications say, and reads those of many at once."""

    def of_many(cases: Sequence[Case]) -> dict[int, Label]:
        return {row.case_id: refusal for row in read(cases) if (refusal := of(row)) is not None}

    return Need(name, test, of_many=of_many)


CALL_COMPLETE = Need("complete", call_complete)
CALL_OVER = Need("over", call_over)
LATER = Need("later", extended_later)
DISTRICTS_LATER = Need("later", districts_later)
UNCHECKED = Need("checking", unchecked)
DISTRICTS_OVER = Need("over", districts_over)
NONE_REVIEWED = Need("reviewed", none_reviewed)
CALL_WITHDRAWN = Need("call", call_withdrawn)
IN_TIME = Need("deadline", in_time)
DISTRICT_IN_TIME = Need("district deadline", district_in_time)
CORRECTION_IN_TIME = Need("correction deadline", correction_in_time)
NOT_CORRECTED_BEFORE = Need("corrected once", not_corrected_before)
VOID = Need("void", stamp_is_void)
SEALED = _of_content("seal", sealed, _unsealed, together.stamped)
RECOMMENDED = Need("recommendation", recommended)
MATCH = Need("match", match_covers)
WHOLE = (Need("complete", complete), Need("eligible", eligible))
CHECKED = (
    _of_content("checked", checked, _unchecked, together.checked),
    _of_content("checklist", items_hold, _item_open, together.checked),
)  # fmt: skip
WITHIN_QUOTA = Need("quota", within_quota)
TIME_IS_UP = Need("time", time_is_up)
DRAWN = Need.set_based("drawn", drawn)
REVIEWED = Need.set_based("reviewed", reviewed)
NO_PANEL = Need.set_based("no panel", no_panel)
