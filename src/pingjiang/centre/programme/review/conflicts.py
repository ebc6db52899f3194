"""Who has something to do with which applicant: from declarations, from employers by year, from the lakes.

What no source holds stays unknown, and `Coverage` says so: nobody is taken to be free because nothing was looked at.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.utils import timezone

from pingjiang.bounded import Bounded
from pingjiang.centre.casework.history import canonical
from pingjiang.centre.casework.workflow import Label
from pingjiang.centre.evidence import ties as lakes
from pingjiang.centre.evidence.ties import Firm, Looked, Someone, Tie
from pingjiang.centre.programme.models import (
    Application,
    ApplicationVersion,
    Conflict,
    Declaration,
    Employment,
    Expert,
    Panel,
)
from pingjiang.centre.programme.review.seating import candidates, grounds_of, rules_of
from pingjiang.centre.programme.rulepack import label_of

EMPLOYER, PAID = "employer", "paid"
_HOW: dict[str, Label] = {
    "invented with": ("与其团队成员同为一件专利的发明人", "inventor together with one of its team"),
    "applied with": ("与其同为一件专利的申请人", "applicant together with it"),
    "invented for": (
        "姓名见于其专利的发明人（可能同名）",
        "the name is an inventor's of its patents (perhaps a namesake)",
    ),
    "employer applied with": ("所在单位与其共同申请过专利", "the expert's employer applied together with it"),
}


# Teams by the hash of the version that names them: what a version says never changes, and it is long.
_teams = Bounded(100_000)  # people, of a process


@dataclass(frozen=True)
class Found:
    """A conflict that was found."""

    expert: int
    application: int
    ground: str
    certain: bool
    reason: Label
    source: Label


@dataclass(frozen=True)
class Coverage:
    """Of a ground: what it was looked for in, and what holds nothing of it."""

    label: Label
    looked: Label
    unknown: bool


def team_of(application: Application) -> list[dict[str, str]]:
    """The team as the version that was handed in names it: name and employer of each."""
    known: list[dict[str, str]] | None = getattr(application, "known_team", None)
    return _with_teams([application])[0].known_team if known is None else known  # type: ignore[attr-defined]


def applications_of(panel: Panel) -> list[Application]:
    """All that the panel has, withdrawn ones too, with their teams."""
    rows = Application.objects.filter(entries__panel=panel).select_related("case__owner").order_by("case__number")
    return _with_teams(list(rows))


def _with_teams(applications: list[Application]) -> list[Application]:
    versions = ApplicationVersion.objects.filter(application__in=[each.pk for each in applications]).order_by("number")
    last = {row[0]: row[1:] for row in versions.values_list("application", "pk", "content_hash")}
    teams = {sha256: _teams.peek(sha256) for _pk, sha256 in last.values()}
    new = versions.filter(pk__in=[pk for pk, sha256 in last.values() if teams[sha256] is None])
    for sha256, content in new.values_list("content_hash", "content"):
        people = json.loads(json.loads(content)["sections"].get("team", "{}")).get("people", [])
        teams[sha256] = [row for row in people if isinstance(row, dict)]
        _teams.keep(sha256, teams[sha256], len(people) + 1)
    for each in applications:
        each.known_team = teams[last[each.pk][1]] if each.pk in last else []  # type: ignore[attr-defined]
    return applications


def look(panel: Panel) -> Looked:
    """What the lakes say of its candidates and applicants. Reads files: asked before the transaction that writes."""
    people = [
        Someone(str(each.pk), each.membership.user.name, tuple(row.name for row in employers(each)))
        for each in _with_employers(candidates(panel))
    ]
    firms = [
        Firm(str(each.pk), each.case.owner.name_zh, each.case.owner.credit_code or "",
             tuple(row["name"] for row in team_of(each) if row.get("name")))
        for each in applications_of(panel)
    ]  # fmt: skip
    return lakes.ties(people, firms)


def _with_employers(experts: Sequence[Expert]) -> Sequence[Expert]:
    rows: dict[int, list[Employment]] = {}
    for row in Employment.objects.filter(expert__in=[each.pk for each in experts]):
        rows.setdefault(row.expert_id, []).append(row)
    for each in experts:
        each.known_employments = rows.get(each.pk, [])  # type: ignore[attr-defined]
    return experts


def employers(expert: Expert) -> list[Employment]:
    """What is known of an expert's employers, that of the account last."""
    own = expert.membership.organisation
    known = getattr(expert, "known_employments", None)
    rows = list(expert.employments.all()) if known is None else list(known)
    since = expert.membership.since.year
    here = Employment(expert=expert, name=own.name_zh, credit_code=own.credit_code or "", since=since)
    return [*rows, here]


def find(panel: Panel, looked: Looked) -> list[Found]:
    """All conflicts between its candidates and its applications, each ground of a pair once, the certain one first."""
    experts, applications = list(_with_employers(candidates(panel))), applications_of(panel)
    found = [*_declared(experts, applications), *_employed(panel, experts, applications)]
    known = set(grounds_of(panel))
    found += [each for each in map(_of_tie, looked.ties) if each.ground in known]
    once: dict[tuple[int, int, str], Found] = {}
    for each in sorted(found, key=lambda one: not one.certain):
        once.setdefault((each.expert, each.application, each.ground), each)
    return sorted(once.values(), key=lambda one: (one.expert, one.application, one.ground))


def write(panel: Panel, looked: Looked, *, anew: bool) -> list[Conflict]:
    """Write down what was found: in place of all before, or beside it where the list has been published."""
    if anew:
        panel.conflicts.all().delete()
    made = _kept(panel, looked)
    panel.conflicts_at = timezone.now()
    panel.looked = canonical({"read": list(looked.read), "unread": list(looked.unread)})
    panel.save(update_fields=["conflicts_at", "looked"])
    return made


def write_declared(panel: Panel) -> list[Conflict]:
    """Write down what declarations and employers tell by now, beside what is known: asked whenever a seat is filled."""
    return _kept(panel, Looked((), (), ()))


def told_since(panel: Panel) -> bool:
    """Whether declarations and employers tell by now what was not written down when conflicts were looked for."""
    return bool(_new(panel, Looked((), (), ())))


def _new(panel: Panel, looked: Looked) -> list[Found]:
    before = {(row.expert_id, row.application_id, row.ground) for row in panel.conflicts.all()}
    return [each for each in find(panel, looked) if (each.expert, each.application, each.ground) not in before]


def _kept(panel: Panel, looked: Looked) -> list[Conflict]:
    made = [
        Conflict(
            panel=panel, expert_id=each.expert, application_id=each.application, ground=each.ground,
            certain=each.certain, reason_zh=each.reason[0], reason_en=each.reason[1], source_zh=each.source[0][:200],
            source_en=each.source[1][:200],
        )
        for each in _new(panel, looked)
    ]  # fmt: skip
    Conflict.objects.bulk_create(made)
    return made


def coverage(panel: Panel) -> list[Coverage]:
    """For each ground of the pack, what it was looked for in: said on the page, so that unknown stays unknown."""
    found = []
    for ground in rules_of(panel).grounds:
        places, unknown = [("声明", "declarations")], False
        if "data" in ground.seen_in:
            data, unknown = _data(panel, ground.id)
            places.append(data)
        zh, en = zip(*places, strict=True)
        found.append(Coverage(label_of(ground), ("；".join(zh), "; ".join(en)), unknown))
    return found


_OWN_DATA: dict[str, Label] = {
    EMPLOYER: ("任职年份、账号单位", "employers by year, the account's organisation"),
    PAID: ("任职年份", "employers by year"),
}
_IN_LAKES = frozenset({"co_inventor", "co_applicant"})


def _data(panel: Panel, ground: str) -> tuple[Label, bool]:
    """Which data a ground was looked for in, and whether something of it is unknown."""
    if ground in _OWN_DATA:
        return _OWN_DATA[ground], False
    if ground not in _IN_LAKES:
        return ("数据：登记簿中尚无此类事实，未知", "data: the register holds no such facts, unknown"), True
    if panel.conflicts_at is None:
        return ("数据湖：尚未查找", "lakes: not looked into yet"), True
    looked = json.loads(panel.looked)
    read, unread = looked.get("read", []), looked.get("unread", [])
    if not read:
        return ("数据湖：没有可查的版本，未知", "lakes: no release to look into, unknown"), True
    zh, en = f"{len(read)} 个数据湖的最新版本", f"the newest release of {len(read)} lakes"
    if unread:
        return (f"{zh}；另有 {len(unread)} 个读不出", f"{en}; {len(unread)} more could not be read"), True
    return (zh, en), False


def _declared(experts: Sequence[Expert], applications: Sequence[Application]) -> Iterator[Found]:
    rows = Declaration.objects.filter(expert__in=[each.pk for each in experts], end__isnull=True)
    for row in rows.select_related("by"):
        own = row.by_id == row.expert.membership_id
        source = (
            (f"专家本人声明 {row.at:%Y-%m-%d}", f"declared by the expert {row.at:%Y-%m-%d}")
            if own
            else (f"管理员声明 {row.at:%Y-%m-%d}", f"declared by the officer {row.at:%Y-%m-%d}")
        )
        for application in applications:
            owner = application.case.owner
            named = row.application_id is None and _same(
                row.organisation, row.credit_code, owner.name_zh, owner.credit_code or ""
            )
            if row.application_id == application.pk or named:
                zh, en = (row.text, row.text) if row.text else ("声明有利害关系", "declared")
                reason = (f"{zh}（{owner.name_zh}）"[:300], f"{en} ({owner.name_zh})"[:300])
                yield Found(row.expert_id, application.pk, row.ground, True, reason, source)


def _employed(panel: Panel, experts: Sequence[Expert], applications: Sequence[Application]) -> Iterator[Found]:
    """The same employer as applicant or team, as far back as the pack reaches."""
    ground = next((each for each in rules_of(panel).grounds if each.id == EMPLOYER), None)
    if ground is None:
        return
    earliest = timezone.localdate().year - (ground.years if ground.years is not None else 0)
    theirs = [(each, list(_places(each))) for each in applications]
    for expert in experts:
        for row in employers(expert):
            if row.until is not None and row.until < earliest:
                continue
            for application, places in theirs:
                match = next((place for place in places if _same(row.name, row.credit_code, *place)), None)
                if match is not None:
                    years = f"{row.since}–{row.until or ''}"
                    account = row.pk is None
                    yield Found(
                        expert.pk, application.pk, EMPLOYER, True,
                        (f"{match[0]}，{years}", f"{match[0]}, {years}"),
                        ("账号所属单位", "the account's organisation") if account
                        else ("专家库任职年份", "employers by year of the pool"),
                    )  # fmt: skip


def _places(application: Application) -> Iterable[tuple[str, str]]:
    owner = application.case.owner
    yield owner.name_zh, owner.credit_code or ""
    for name in sorted({row.get("employer", "") for row in team_of(application)} - {""}):
        yield name, ""


def _same(name: str, code: str, other: str, other_code: str) -> bool:
    """One organisation: the same code where both tell one, else the same name."""
    if code and other_code:
        return code == other_code
    return bool(name) and lakes.folded(name) == lakes.folded(other)


def _of_tie(tie: Tie) -> Found:
    zh, en = _HOW[tie.how]
    more = f"（{tie.other}）" if tie.other else ""
    until = (f"，至 {tie.year} 年", f", up to {tie.year}") if tie.year else ("，年份未知", ", year unknown")
    return Found(
        int(tie.someone), int(tie.firm), tie.ground, tie.certain, (f"{zh}{more}{until[0]}", f"{en}{more}{until[1]}"),
        (f"{tie.whose[0]}的数据湖 {tie.release}", f"lake of {tie.whose[1]} {tie.release}"),
    )  # fmt: skip
