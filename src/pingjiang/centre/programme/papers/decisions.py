"""Papers of a decision: the pack for the meeting, what it decided, the public notice, the final list, replies."""

from __future__ import annotations

import datetime
import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.utils import timezone

from pingjiang.centre.accounts.roles import TRACKS
from pingjiang.centre.casework.service import workflow_of
from pingjiang.centre.documents.papers import Block, Heading, Paragraph, Said, Table, paragraphs
from pingjiang.centre.programme.deciding import sums
from pingjiang.centre.programme.models import Decision, DecisionItem, Objection, Verdict
from pingjiang.centre.programme.models.decisions import GIVES, recused
from pingjiang.centre.programme.rulepack import pack_at
from pingjiang.definitions import shipped

_WORDS: dict[str, str] = {
    name: str(text) for name, text in shipped("pingjiang.centre.programme.papers", "decision_words.yaml").items()
}
_NONE = "—"


def word(name: str, **gaps: object) -> str:
    """A text by its name, its gaps filled. KeyError for a name or a gap that there is not."""
    return _WORDS[name].format(**gaps) if gaps else _WORDS[name]


def _heads(*names: str) -> tuple[str, ...]:
    return tuple(map(word, names))


def pack_paper(decision: Decision) -> Said:
    """All that the meeting is shown: money, ranked items with proposal and reason, stability, exclusions."""
    items = sums.standing(decision, "application__case__owner", "application__district", "version")
    body: list[Block] = [
        _ground(decision), _ranking(decision), Heading(word("money")),
        _money(decision, [sums.proposed(item) for item in items]), Heading(word("proposed_rows")),
        _pack_rows(decision, items), Heading(word("proposed_reasons")), *_reasons(items),
        *_left_out(decision), Heading(word("stability")), *_stability(decision, items), Heading(word("exclusions")),
        _exclusions(decision),
    ]  # fmt: skip
    return _said(decision, "pack", body, note="note_pack", number=decision.case.number)


def result_paper(decision: Decision, verdicts: Sequence[Verdict]) -> Said:
    """What the meeting decided, item by item, with who was there and who was recused."""
    session = verdicts[0].session
    members = word("between").join(name for name in session.present.splitlines() if name.strip())
    head = word("decided_on", day=day_of(session.held_on), minutes=session.minutes_number, title=title_of(decision))
    body: list[Block] = [
        Paragraph(head), Heading(word("decided_rows")), _verdict_rows(verdicts), Heading(word("money")),
        _money(decision, [each.amount for each in verdicts]), Heading(word("meeting")),
        Paragraph(word("present", members=members)), _recusals(decision, recused(session.recusals)),
    ]  # fmt: skip
    return _said(decision, "result", body, note="note_result", number=decision.case.number)


def notice_paper(decision: Decision, verdicts: Sequence[Verdict]) -> Said:
    """The public notice: names, amounts as decided, days, how to object."""
    first, until = decision.notice_from, decision.notice_until
    if first is None or until is None:
        raise ValueError("a notice has its days")
    day = day_of(verdicts[0].session.held_on)
    body: list[Block] = [
        Paragraph(word("notice_head", policy=_policy(decision), day=day, title=title_of(decision))),
        Heading(word("listed")), _listed(verdicts), Heading(word("notice_days")),
        Paragraph(word("days", first=day_of(first), n=decision.notice_days, until=day_of(until))),
        Heading(word("objections")), Paragraph(word("how_to_object")),
    ]  # fmt: skip
    if decision.call.contact:
        body.append(Paragraph(word("contact", contact=decision.call.contact)))
    return _said(decision, "notice", body, note="note_public")


def final_paper(decision: Decision, verdicts: Sequence[Verdict]) -> Said:
    """The final list."""
    body: list[Block] = [
        Paragraph(word("final_head", title=title_of(decision))), Heading(word("final_listed")), _listed(verdicts),
        Heading(word("others")), Paragraph(word("final_foot")),
    ]  # fmt: skip
    return _said(decision, "final", body, note="note_public")


def reply_letter(objection: Objection, reasons: str, *, upheld: bool) -> Said:
    """What became of an objection, to who signed it."""
    case, about = objection.case, objection.item.application.case.title
    said = "reply_upheld" if upheld else "reply_dismissed"
    body: list[Block] = [
        Paragraph(word(said, day=day_of(objection.received_on), title=about, number=case.number)),
        Heading(word("reason")), *paragraphs(reasons),
    ]  # fmt: skip
    if upheld:
        body += [Heading(word("remedy")), Paragraph(word(f"remedy_{objection.remedy}"))]
    issuer = objection.decision.case.owner.name_zh
    return Said(
        issuer, word("reply"), tuple(body), issuer, timezone.localdate(),
        addressee=f"{objection.organisation}{objection.signed_by}", synthetic=case.synthetic,
    )  # fmt: skip


def results_of(decision: Decision) -> dict[str, Any]:
    """What was taken from the panels beside the rows. A pack of before rankings could be chosen says nothing of it."""
    return {"method": "trimmed", "panels": 1, **json.loads(decision.results)}


def row_of(item: DecisionItem) -> dict[str, Any]:
    """What was taken from the panels of an item; None for what an earlier pack did not take."""
    blank: dict[str, Any] = {"by": {}, "z": None, "borda": None, "group_rank": None, "group_size": 0}
    return {**blank, **json.loads(item.result)}


def title_of(decision: Decision) -> str:
    """The call and its track, and the how-manieth decision on it where it is not the first."""
    again = word("again", n=decision.round) if decision.round > 1 else ""
    return word("title", call=decision.call.case.title, track=TRACKS[decision.case.track][0], again=again)


# ── parts


def _said(decision: Decision, what: str, body: Sequence[Block], *, note: str, number: str = "") -> Said:
    case = decision.case
    return Said(
        case.owner.name_zh, f"{title_of(decision)}{word(what)}", tuple(body), case.owner.name_zh, timezone.localdate(),
        number=number, note=word(note), synthetic=case.synthetic,
    )  # fmt: skip


def _policy(decision: Decision) -> str:
    pack = pack_at(decision.pack, decision.pack_version)
    return word("policy", number=pack.number, title=pack.zh)


def day_of(day: datetime.date) -> str:
    """A day as papers write it."""
    return word("day", year=day.year, month=day.month, day=day.day)


def _ground(decision: Decision) -> Paragraph:
    kept = results_of(decision)
    locked = day_of(datetime.date.fromisoformat(kept["locked_on"]))
    digest = decision.results_digest[:16]
    return Paragraph(
        word("ground", policy=_policy(decision), version=decision.pack_version, day=locked, experts=kept["experts"],
             digest=digest)
    )  # fmt: skip


def _ranking(decision: Decision) -> Paragraph:
    """By what it is ranked, who said so, and what the numbers of several panels do not say."""
    kept = results_of(decision)
    method = word(f"method_{kept['method']}")
    said = word("ranked_chosen", method=method, reason=decision.ranking_reason) if decision.ranked_by else word(
        "ranked_by_pack", method=method
    )  # fmt: skip
    return Paragraph(said + (word("of_several", n=kept["panels"]) if kept["panels"] > 1 else ""))


def _left_out(decision: Decision) -> list[Block]:
    """What waits still and is not in the pack, with its reason."""
    here = decision.items.values("application")
    rows = decision.left_out.exclude(application__in=here).select_related("application__case__owner")
    table = tuple(
        (
            each.application.case.number,
            word("item_of", title=each.application.case.title, unit=each.application.case.owner.name_zh),
            workflow_of(each.application.case).state(each.application.case.state).label[0], each.reason,
        )
        for each in rows
    )  # fmt: skip
    heads = _heads("number", "project_of", "state", "reason")
    return [Heading(word("left_out")), Table(heads, table, (1.6, 2.6, 0.9, 2.2))] if table else []


def _money(decision: Decision, amounts: Sequence[Decimal | None]) -> Table:
    room = sums.room(decision)
    given, count = sums.total(amounts)
    rows = (
        (word("money_row"), sums.wan(room.budget), sums.wan(given), sums.wan(room.budget - given)),
        (word("places_row"), str(room.places), str(count), str(room.places - count)),
    )
    return Table(("", *_heads("there_is", "this_time", "left")), rows, (1.2, 1, 1, 1))


def number(text: str | None) -> str:
    """A number as it is kept, to be read: with a minus sign; a dash for none."""
    return text.replace("-", "\u2212") if text else _NONE


def scored_by(method: str) -> str:
    """Of which method the scores of a ranking are shown: Kemeny's is an order, without any."""
    return "trimmed" if method == "kemeny" else method


def _pack_rows(decision: Decision, items: Sequence[DecisionItem]) -> Table:
    scored = scored_by(results_of(decision)["method"])
    ranks = [row_of(item)["rank"] for item in items]
    rows = []
    for item, rank in zip(items, ranks, strict=True):
        found, case = row_of(item), item.application.case
        score = number(found[scored]) + (word("tied") if rank is not None and ranks.count(rank) > 1 else "")
        rows.append((
            str(item.position), word("item_of", title=case.title, unit=case.owner.name_zh), score,
            _NONE if found["probability"] is None else f"{found['probability']}%", sums.wan(item.asked),
            sums.wan(item.match), word(f"proposal_{item.proposal}") if item.proposal else _NONE,
            sums.wan(sums.proposed(item)),
        ))  # fmt: skip
    heads = _heads("position", "project_of", f"method_{scored}", "chance", "asked", "matched", "proposal", "proposed")
    return Table(heads, tuple(rows), (0.5, 2.6, 1.2, 1, 1, 1, 1.3, 1))


def _reasons(items: Sequence[DecisionItem]) -> list[Block]:
    return [
        Paragraph(
            word("reason_of", position=item.position, title=item.application.case.title, reason=item.proposed_reason)
            + _condition(item.conditions)
        )
        for item in items
    ]


def _condition(text: str) -> str:
    return word("on_condition", text=text) if text else ""


def _stability(decision: Decision, items: Sequence[DecisionItem]) -> list[Block]:
    kept = results_of(decision)
    results = [(item, row_of(item)) for item in items]
    several = kept["panels"] > 1
    rows = tuple(
        (
            str(item.position), item.application.case.title, found["mean"] or _NONE, number(found["z"]),
            _span(found["ranks"]), str(found["valid"]), _firm(found, several=several),
            word("yes_word" if found["discuss"] else "no_word"),
        )
        for item, found in results
    )  # fmt: skip
    known = any(found["probability"] is not None for _item, found in results)
    foot = word("drawn", draws=kept["draws"], seed=kept["seed"]) if known else word(
        "no_chance" if several else "no_draw"
    )  # fmt: skip
    firm = "in_group" if several else "standing"
    heads = _heads("position", "project", "mean", "z", "ranks", "valid", firm, "discuss")
    return [Table(heads, rows, (0.5, 2.6, 0.9, 0.8, 1, 0.8, 1, 0.8)), Paragraph(foot)]


def _firm(found: dict[str, Any], *, several: bool) -> str:
    """How firmly it is in; of several panels its place in its own."""
    if several:
        return word("place_of", place=found["group_rank"] or _NONE, of=found["group_size"])
    return word(f"standing_{found['standing']}") if found["standing"] else _NONE


def _span(ranks: Sequence[int] | None) -> str:
    if not ranks:
        return _NONE
    return str(ranks[0]) if ranks[0] == ranks[1] else f"{ranks[0]}–{ranks[1]}"


def _exclusions(decision: Decision) -> Block:
    rows = results_of(decision)["exclusions"]
    if not rows:
        return Paragraph(word("no_exclusions"))
    table = tuple((row["expert"], row["application"], row["reason"]) for row in rows)
    return Table(_heads("expert", "recused_from", "reason"), table, (1, 2, 2.4))


def _verdict_rows(verdicts: Sequence[Verdict]) -> Table:
    rows = tuple(
        (
            str(each.item.position), each.item.application.case.title, each.item.application.case.owner.name_zh,
            word(f"verdict_{each.kind}"), sums.wan(each.amount), each.reason + _condition(each.conditions),
        )
        for each in verdicts
    )  # fmt: skip
    return Table(_heads("position", "project", "unit", "decision", "wan", "reason"), rows, (0.5, 2.2, 1.8, 0.8, 1, 2))


def _recusals(decision: Decision, rows: Sequence[dict[str, Any]]) -> Block:
    if not rows:
        return Paragraph(word("no_recusal"))
    names = {
        item.pk: word("numbered", position=item.position, title=item.application.case.title)
        for item in decision.items.select_related("application__case")
    }
    table = tuple((row["member"], names.get(row["item"], _NONE), row["reason"]) for row in rows)
    return Table(_heads("member", "project", "reason"), table, (1, 2.4, 2))


def _listed(verdicts: Sequence[Verdict]) -> Block:
    rows = tuple(
        (
            str(number), each.item.application.case.title, each.item.application.case.owner.name_zh,
            each.item.application.district.name_zh, sums.wan(each.amount),
        )
        for number, each in enumerate((each for each in verdicts if each.kind in GIVES), start=1)
    )  # fmt: skip
    if not rows:
        return Paragraph(word("nothing_listed"))
    return Table(_heads("position", "project", "holder", "district", "given"), rows, (0.5, 2.6, 2.2, 1.1, 1.5))
