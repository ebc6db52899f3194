"""The lists of a panel, their draws, and who sits on it: list, number, and who has left, by `panels.draw`.

Where a stratum is used up, a supplementary list for the vacant seats is published and drawn: its order follows.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence

from django.db.models import QuerySet
from django.utils import timezone

from pingjiang.centre.accounts.models import Membership
from pingjiang.centre.casework.models import Case
from pingjiang.centre.casework.workflow import Label
from pingjiang.centre.programme.models import (
    Conflict,
    ConflictRuling,
    Expert,
    Panel,
    PanelEntry,
    Review,
    SupplementaryList,
)
from pingjiang.centre.programme.models.panels import OFF_THE_PANEL
from pingjiang.centre.programme.panels import draw as drawing
from pingjiang.centre.programme.panels.draw import Candidate, DrawRules, Left, Roll, Seats, Stratum
from pingjiang.centre.programme.review.grounds import loaded
from pingjiang.centre.programme.review.sheets import pack_of
from pingjiang.centre.programme.rulepack import label_of
from pingjiang.rulebook.policies import Panel as PanelRules

LEFT = frozenset({"declined", "excluded"})
BETWEEN = "、"  # stands between two grounds
RECUSED: Label = ("回避", "Recused")  # this and the next are reasons that are no grounds of a pack; lists have Chinese
GONE = "已不在专家库 no longer in the pool"


def rules_of(panel: Panel) -> PanelRules:
    """What the pack says of panels. DefinitionError is the pack's: a call with experts needs one."""
    found = pack_of(panel).panel
    if found is None:
        raise LookupError(f"pack {panel.pack} {panel.pack_version} says nothing of panels")
    return found


def draw_rules(panel: Panel) -> DrawRules:
    """What a draw of this panel needs."""
    found = rules_of(panel)
    return DrawRules(found.least, found.odd, int(str(pack_of(panel).parameter("draw_digits").value)))


def strata_of(panel: Panel) -> dict[str, Label]:
    """Stratum → words."""
    return {each.id: label_of(each) for each in rules_of(panel).strata}


def by_name(panel: Panel) -> dict[str, tuple[str, Label]]:
    """Name of a stratum as lists have it → its id and words."""
    return {words[0]: (name, words) for name, words in strata_of(panel).items()}


def pool(bureau: int) -> QuerySet[Expert]:
    """Experts of a bureau who can be drawn today: in force, and with an account that is; `load` is their reviews that
    were not declined."""
    there = Membership.objects.in_force().filter(user__is_active=True, role="expert")
    found = Expert.objects.filter(bureau=bureau, in_force=True, membership__in=there)
    return loaded(found.select_related("membership__user", "membership__organisation"))


def candidates(panel: Panel) -> list[Expert]:
    """Whom the panel can draw: of the strata that it has seats for."""
    strata = list(panel.seats.values_list("stratum", flat=True))
    return list(pool(panel.case.owner_id).filter(stratum__in=strata).order_by("code"))


def rulings_of(panel: Panel) -> dict[tuple[int, int, str], ConflictRuling]:
    """The last word on each uncertain match, by expert, application and ground."""
    rows = panel.rulings.select_related("by__user").order_by("pk")
    return {(each.expert_id, each.application_id, each.ground): each for each in rows}


def key_of(conflict: Conflict) -> tuple[int, int, str]:
    """By which a ruling is found."""
    return conflict.expert_id, conflict.application_id, conflict.ground


def excluded(panel: Panel) -> dict[int, list[Conflict]]:
    """Expert → conflicts that exclude: the certain ones, and those of which the officer said so."""
    ruled = rulings_of(panel)
    found: dict[int, list[Conflict]] = {}
    for each in panel.conflicts.select_related("expert"):
        ruling = ruled.get(key_of(each))
        if each.certain or (ruling is not None and ruling.excludes):
            found.setdefault(each.expert_id, []).append(each)
    return found


def grounds_of(panel: Panel) -> dict[str, Label]:
    """Ground of recusal → words."""
    return {each.id: label_of(each) for each in rules_of(panel).grounds}


def named_grounds(panel: Panel, conflicts: Iterable[Conflict]) -> str:
    """The grounds alone, as the published list gives them: whose application it is stays in the file."""
    words = grounds_of(panel)
    return BETWEEN.join(dict.fromkeys(words.get(each.ground, (each.ground, ""))[0] for each in conflicts))


def keeps_off(panel: Panel) -> bool:
    """Whether an interest in one application keeps an expert off the whole panel."""
    return panel.recusal == OFF_THE_PANEL


def roll_of(panel: Panel) -> Roll:
    """The list as it would be published now. ValueError where the day of the number is not said."""
    if panel.due is None:
        raise ValueError("a panel says when its number is due")
    words = strata_of(panel)
    seats = [(seat.stratum, words[seat.stratum][0], seat.seats) for seat in panel.seats.order_by("pk")]
    title = f"{panel.case.number} {panel.case.title}"
    return Roll(title, panel.number_words, timezone.localtime(panel.due), _strata(panel, seats, candidates(panel)))


def _strata(panel: Panel, seats: Sequence[tuple[str, str, int]], found: Sequence[Expert]) -> tuple[Stratum, ...]:
    """Strata with their candidates. Who stays off the panel stands there with the grounds; whose interest is in one
    application alone stands like everybody else."""
    out = excluded(panel) if keeps_off(panel) else {}
    here: dict[str, list[Candidate]] = {stratum: [] for stratum, _name, _count in seats}
    for each in found:
        if each.stratum in here:
            here[each.stratum].append(Candidate(each.code, named_grounds(panel, out.get(each.pk, ()))))
    return tuple(Stratum(name, count, tuple(here[stratum])) for stratum, name, count in seats)


def supplement_roll(panel: Panel, number: int, words: str, due: datetime.datetime) -> Roll:
    """A supplementary list as it would be published now: the vacant seats, and who stood in no list before."""
    names = by_name(panel)
    seats = [(names[each.name][0], each.name, each.vacant) for each in vacant(panel)]
    listed = {each.code for stratum in drawn(panel).strata for each in stratum.order}
    found = [each for each in candidates(panel) if each.code not in listed]
    title = f"{panel.case.number} {panel.case.title} 补充名单{number} supplement {number}"
    return Roll(title, words, timezone.localtime(due), _strata(panel, seats, found))


def filled(panel: Panel) -> int:
    """Seats that somebody holds."""
    return sum(len(each.seated) for each in seats(panel))


def pending(panel: Panel) -> SupplementaryList | None:
    """The supplementary list that was published and waits for its number."""
    return panel.supplements.filter(public_number="").first()


def drawn(panel: Panel) -> drawing.Draw:
    """The draw of a panel, repeated from what was published and entered, with those of its supplementary lists."""
    rules = draw_rules(panel)
    first = drawing.draw(panel.list_text, panel.public_number, rules)
    return drawing.join(first, [draw_of(panel, each) for each in panel.supplements.exclude(public_number="")])


def draw_of(panel: Panel, supplement: SupplementaryList) -> drawing.Draw:
    """The draw of a supplementary list alone."""
    # What a whole panel needs was asked when the list was published.
    rules = drawing.DrawRules(0, odd=False, least_digits=draw_rules(panel).least_digits)
    return drawing.draw(supplement.list_text, supplement.public_number, rules)


def left(panel: Panel) -> list[Left]:
    """Who is out since the draw: who declined or was excluded, and who was passed over when their turn came."""
    gone = panel.reviews.filter(case__state__in=LEFT).select_related("expert", "case")
    passed = panel.passed_over.select_related("expert")
    return [*map(_left, gone), *(Left(each.expert.code, "excluded", each.reason) for each in passed)]


def hindrance(panel: Panel, code: str) -> str:
    """Why a candidate cannot be offered the seat now, though the list was free of it: '' for nothing."""
    expert = pool(panel.case.owner_id).filter(code=code).first()
    if expert is None:
        return GONE
    return named_grounds(panel, excluded(panel).get(expert.pk, ())) if keeps_off(panel) else ""


def _left(review: Review) -> Left:
    declined = review.case.state == "declined"
    return Left(review.expert.code, "declined") if declined else Left(review.expert.code, "excluded", RECUSED[0])


def seats(panel: Panel) -> tuple[Seats, ...]:
    """Each stratum as it stands: seated, following, passed over with reasons, vacant."""
    return drawing.seat(drawn(panel), left(panel))


def sitting(panel: Panel) -> list[Review]:
    """Reviews that count: of those who have not left."""
    rows = panel.reviews.exclude(case__state__in=(*LEFT, "released")).select_related("case", "expert__membership__user")
    return list(rows.order_by("expert__code"))


def along(case: Case) -> list[int]:
    """The cases that moves of a panel move along: of its applications and of its reviews."""
    applications = PanelEntry.objects.filter(panel=case.panel).values_list("application__case", flat=True)
    return [*applications, *Review.objects.filter(panel=case.panel).values_list("case", flat=True)]


def vacant(panel: Panel) -> Sequence[Seats]:
    """Strata whose list is used up."""
    return [each for each in seats(panel) if each.vacant]
