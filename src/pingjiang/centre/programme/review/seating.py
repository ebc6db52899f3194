"""The list of a panel, its draw, and who sits on it: one list, one number, and who has left, by `panels.draw`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import QuerySet
from django.utils import timezone

from pingjiang.centre.accounts.models import Membership
from pingjiang.centre.casework.models import Case
from pingjiang.centre.casework.workflow import Label
from pingjiang.centre.programme.models import Conflict, ConflictRuling, Expert, Panel, PanelEntry, Review
from pingjiang.centre.programme.panels import draw as drawing
from pingjiang.centre.programme.panels.draw import Candidate, DrawRules, Left, Roll, Seats, Stratum
from pingjiang.centre.programme.review.grounds import loaded
from pingjiang.centre.programme.review.sheets import pack_of
from pingjiang.rulebook.policies import Panel as PanelRules

LEFT = frozenset({"declined", "excluded"})


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
    return {each.id: (each.zh, each.en) for each in rules_of(panel).strata}


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
    return {each.id: (each.zh, each.en) for each in rules_of(panel).grounds}


def named_grounds(panel: Panel, conflicts: Iterable[Conflict]) -> str:
    """The grounds alone, as the published list gives them: whose application it is stays in the file."""
    words = grounds_of(panel)
    return "、".join(dict.fromkeys(words.get(each.ground, (each.ground, ""))[0] for each in conflicts))


def roll_of(panel: Panel) -> Roll:
    """The list as it would be published now. ValueError where the day of the number is not said."""
    if panel.due is None:
        raise ValueError("a panel says when its number is due")
    out, words = excluded(panel), strata_of(panel)
    found = candidates(panel)
    strata = []
    for seat in panel.seats.order_by("pk"):
        here = [each for each in found if each.stratum == seat.stratum]
        named = tuple(Candidate(each.code, named_grounds(panel, out.get(each.pk, ()))) for each in here)
        strata.append(Stratum(words[seat.stratum][0], seat.seats, named))
    return Roll(f"{panel.case.number} {panel.case.title}", panel.number_words, timezone.localtime(panel.due),
                tuple(strata))  # fmt: skip


def drawn(panel: Panel) -> drawing.Draw:
    """The draw of a panel, repeated from what was published and entered."""
    return drawing.draw(panel.list_text, panel.public_number, draw_rules(panel))


def left(panel: Panel) -> list[Left]:
    """Who is out since the draw: who declined or was excluded, and who was passed over when their turn came."""
    gone = panel.reviews.filter(case__state__in=LEFT).select_related("expert", "case")
    passed = panel.passed_over.select_related("expert")
    return [*map(_left, gone), *(Left(each.expert.code, "excluded", each.reason) for each in passed)]


def hindrance(panel: Panel, code: str) -> str:
    """Why a candidate cannot be offered the seat now, though the list was free of it: '' for nothing."""
    expert = pool(panel.case.owner_id).filter(code=code).first()
    if expert is None:
        return "已不在专家库 no longer in the pool"
    return named_grounds(panel, excluded(panel).get(expert.pk, ()))


def _left(review: Review) -> Left:
    declined = review.case.state == "declined"
    return Left(review.expert.code, "declined") if declined else Left(review.expert.code, "excluded", "回避")


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
