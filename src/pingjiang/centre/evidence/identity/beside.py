"""Two columns of facts, and points that add up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp

from django.utils.translation import gettext as _

from pingjiang.centre.evidence.identity import links, words
from pingjiang.centre.evidence.opening import Opened
from pingjiang.identities.inventors.linking import POINTS as PERSON_POINTS
from pingjiang.identities.organisations.points import POINTS as NAME_POINTS
from pingjiang.judging.facts import Facts, Side

_NEAR = 0.005  # by which a score may differ from what its points make, rounding aside


@dataclass(frozen=True)
class Line:
    """A row of the comparison; `points` as text with its sign, empty where a fact is not scored."""

    label: str
    a: str
    b: str
    points: str = ""


@dataclass(frozen=True)
class Columns:
    """What stands side by side.

    scored  rows with points; `total` is the sum of the points that are shown
    facts   rows that are for people, and add nothing
    note    why the score is another than the points make
    """

    scored: list[Line]
    total: str
    facts: list[Line]
    note: str
    by_letters: bool  # listed for its letters: the score is their likeness, not what the points come to
    url_a: str | None
    url_b: str | None


def columns(at: Opened, facts: Facts) -> Columns:
    """The comparison of a pair."""
    person = facts.pair.level == "inventor"
    order: Sequence[str] = PERSON_POINTS if person else NAME_POINTS
    scored, total = [], 0.0
    for name in order:
        if name not in facts.points:
            continue
        points = facts.points[name]
        total += round(points or 0.0, 1)
        point = _("不归并") if points is None else _signed(points)
        scored.append(Line(words.feature(name), *_scored(name, facts), point))
    page = "evidence-person" if person else "evidence-organisation"
    urls = [None if side.id is None else links.page(at, page, side.id) for side in (facts.a, facts.b)]
    said = _signed(total) if scored else ""
    return Columns(scored, said, _told(facts, person), _note(facts), _by_letters(facts), urls[0], urls[1])


def _signed(points: float) -> str:
    return f"{points:+.1f}".replace("-", "\u2212")


def _scored(name: str, facts: Facts) -> tuple[str, str]:
    """What of either side a row of points is about, where it can be shown."""
    a, b = facts.a, facts.b
    shown = {
        "country": (words.country(a.country), words.country(b.country)),
        "kind": (words.kind(a.kind), words.kind(b.kind)),
        "register": (a.credit_code or "", b.credit_code or ""),
        "name": (a.name.partition("/")[2], b.name.partition("/")[2]),
    }
    return shown.get(name, ("", ""))


def _by_letters(facts: Facts) -> bool:
    if not facts.points:
        return False
    if None in facts.points.values():
        return True
    made = 1 / (1 + exp(-sum(points or 0.0 for points in facts.points.values())))
    return facts.pair.score > made + _NEAR


def _note(facts: Facts) -> str:
    if not facts.points:
        return _("本版本由较早的程序构建，没有得分构成；重新构建后可见。")
    if None in facts.points.values():
        return _("名录中是两家：得分为零，因字面相近而列出。")
    if _by_letters(facts):
        return _("各分合计低于存疑线，只因字面相近而列出，请人判断。")
    return ""


def _told(facts: Facts, person: bool) -> list[Line]:
    a, b = facts.a, facts.b
    rows = [Line(_("中文"), a.name_zh or "", b.name_zh or ""), Line(_("拉丁字母"), a.name_en or "", b.name_en or "")]
    if not person:
        rows += [
            Line(_("国别"), words.country(a.country), words.country(b.country)),
            Line(_("类型"), words.kind(a.kind), words.kind(b.kind)),
            Line(_("信用代码"), a.credit_code or "", b.credit_code or ""),
            Line(_("地址"), _listed(a, "address", a.addresses), _listed(b, "address", b.addresses)),
        ]
    people = _("共同发明人") if person else _("发明人")
    partners = _("申请人") if person else _("共同申请人")
    rows += [
        Line(_shared(people, facts, "person"), _listed(a, "person", a.people), _listed(b, "person", b.people)),
        Line(_shared(partners, facts, "partner"), _listed(a, "partner", a.partners), _listed(b, "partner", b.partners)),
        Line(_shared(_("分类"), facts, "class"), _listed(a, "class", a.classes), _listed(b, "class", b.classes)),
        Line(_("件申请"), str(a.applications), str(b.applications)),
        Line(_("申请年"), _years(a), _years(b)),
    ]
    return [row for row in rows if row.a or row.b]


def _shared(label: str, facts: Facts, kind: str) -> str:
    count = facts.shared.get(kind, 0)
    return _("%(label)s（同 %(n)s）") % {"label": label, "n": count} if count else label


def _listed(side: Side, kind: str, rows: list[tuple[str, int]]) -> str:
    if kind == "address" and side.kind == "individual":
        return ""
    shown = "；".join(text for text, _times in rows)
    every = side.counts.get(kind, 0)
    return _("%(shown)s 等 %(n)s") % {"shown": shown, "n": every} if every > len(rows) else shown


def _years(side: Side) -> str:
    return "" if side.first_year is None else f"{side.first_year}–{side.last_year}"
