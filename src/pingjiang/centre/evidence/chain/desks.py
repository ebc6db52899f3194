"""The tagging desk: who codes a list, what they have said, what comes next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from pingjiang.centre.accounts.models import Actor, Hat, Membership
from pingjiang.centre.casework import access
from pingjiang.centre.evidence.access import WORKERS, works_on
from pingjiang.centre.evidence.chain.shown import tables_of
from pingjiang.centre.evidence.kept import kept
from pingjiang.centre.evidence.models import DataLake, TaggingAssignment, TaggingList
from pingjiang.centre.evidence.opening import Opened, lake_of
from pingjiang.centre.evidence.persons import name_in_log
from pingjiang.chain.classifier import applied
from pingjiang.chain.classifier import kept as models
from pingjiang.engine.session import quote
from pingjiang.errors import DefinitionError, LakeCorrupt
from pingjiang.judging.codings import Codings
from pingjiang.judging.tag_lists import Item, Tag, TagList
from pingjiang.judging.tagging import TagDesk

SYMBOLS = 12


def eligible(row: DataLake) -> list[Membership]:
    """Who may be given a list of a lake: people who work on it, and experts who tag today."""
    today = timezone.localdate()
    hats = Hat.objects.filter(Q(until=None) | Q(until__gte=today), name="tagger", since__lte=today)
    fitting = Q(organisation=row.owner, role__in=WORKERS) | Q(role="expert", hats__in=hats)
    people = Membership.objects.filter(fitting, user__is_active=True, since__lte=today)
    current = people.filter(Q(until=None) | Q(until__gte=today)).select_related("user", "organisation")
    return list(current.order_by("organisation__name_zh", "user__name", "pk").distinct())


@dataclass(frozen=True)
class Wanted:
    """A list as the form asks for it."""

    name: str
    tags: Sequence[Tag]
    query: str | None
    sample: int | None
    people: Sequence[Membership]
    double: float
    due: date | None
    exclusive: bool
    suggestion: str


def create(row: DataLake, wanted: Wanted, actor: Actor) -> TaggingList:
    """Make a list and give it to people. DefinitionError and QueryRefused as the library says; then nothing is kept."""
    coders = {name_in_log(each.user): each for each in wanted.people}
    with transaction.atomic():
        made, new = TaggingList.objects.get_or_create(
            lake=row, name=wanted.name, defaults={"suggestion": wanted.suggestion, "made_by": actor.membership}
        )
        if not new:
            raise DefinitionError(
                f"已有标引任务“{wanted.name}”。", f"There is a list {wanted.name} already.",
                remedy=("换一个名称。", "Give it another name."),
            )  # fmt: skip
        for coder, membership in coders.items():
            TaggingAssignment.objects.create(
                list=made, membership=membership, coder=coder, assigned_by=actor.membership
            )
        # Last: what the lake holds is not taken back where the database refuses.
        TagDesk(lake_of(row)).create(
            wanted.name, wanted.tags, query=wanted.query, sample=wanted.sample, experts=list(coders),
            double=wanted.double, due=wanted.due, exclusive=wanted.exclusive, who=name_in_log(actor),
        )  # fmt: skip
    return made


def end(assignment: TaggingAssignment) -> None:
    """Take a list away from somebody; what they said stays."""
    TaggingAssignment.objects.filter(pk=assignment.pk, ended_at=None).update(ended_at=timezone.now())


@dataclass(frozen=True)
class Desk:
    """A list before somebody who codes it: their items, and what they have said."""

    row: TaggingList
    told: TagList
    made: Codings
    coder: str
    items: Sequence[Item]

    def said(self, publication: str) -> dict[str, str]:
        """tag → verdict of this person."""
        return {
            tag.id: of[self.coder]
            for tag in self.told.tags
            if self.coder in (of := self.made.said.get((tag.id, publication), {}))
        }

    def is_whole(self, publication: str) -> bool:
        """Whether this person has spoken of all tags."""
        return len(self.said(publication)) == len(self.told.tags)

    @property
    def done(self) -> int:
        """How many items are coded as a whole."""
        return sum(self.is_whole(item.publication_id) for item in self.items)

    def next_open(self, after: int) -> int | None:
        """The place (from 1) of the next item that is open, going round; None where none is."""
        order = [*range(after, len(self.items)), *range(min(after, len(self.items)))]
        return next((at + 1 for at in order if not self.is_whole(self.items[at].publication_id)), None)


def desk(row: TaggingList, actor: Actor) -> Desk | None:
    """The desk of an actor; None where nothing of the list is theirs to code.

    A list that was given to nobody is coded by whoever works on its lake.
    """
    library = TagDesk(lake_of(row.lake))
    told = library.named(row.name)
    mine = row.assignments.filter(membership=actor.membership, ended_at=None).first()
    if mine is None and (told.experts or not works_on(actor, row.lake)):
        return None
    coder = mine.coder if mine is not None else name_in_log(actor)
    items = [item for item in told.items if not told.experts or coder in item.coders]
    return Desk(row, told, library.codings(told), coder, items) if items else None


def lists_of(actor: Actor) -> list[TaggingList]:
    """The lists that an actor codes or sees, newest first."""
    return list(access.visible_to(actor, TaggingList).select_related("lake", "lake__owner"))


@dataclass(frozen=True)
class Shown:
    """A publication as coders read it."""

    publication_id: str
    title: str | None
    title_other: str | None
    abstract: str | None
    date: date | None
    applicants: Sequence[str]
    symbols: Sequence[str]
    claim: str | None


def publication_of(at: Opened, publication: str) -> Shown:
    """What the release says of a publication; of one that it does not hold, its number alone."""
    return kept(at, ("publication", publication), lambda: _read(at, publication))


def _read(at: Opened, publication: str) -> Shown:
    key = quote(publication)
    with at.session() as session:
        tables = tables_of(at, session, "publication", "publication_class", "publication_applicant", "claim")
        rows = tables["publication"].sql(f"select self_.* from self_ where self_.publication_id = {key}").dicts()
        if not rows:
            return Shown(publication, None, None, None, None, (), (), None)
        symbols = tables["publication_class"].sql(
            "select self_.symbol, min(self_.position) as position from self_"
            f" where self_.publication_id = {key} and self_.scheme in ('IPC', 'CPC') and self_.symbol is not null"
            " group by self_.symbol"
        )
        applicants = tables["publication_applicant"].sql(
            f"select self_.name, self_.sequence from self_ where self_.publication_id = {key}"
        )
        claims = tables["claim"].sql(
            f"select self_.text from self_ where self_.publication_id = {key} order by self_.sequence limit 1"
        )
        row = rows[0]
        title = row["title_zh"] or row["title"] or row["title_en"]
        return Shown(
            publication, title, row["title_en"] if row["title_en"] != title else None,
            row["abstract_zh"] or row["abstract_en"], row["publication_date"],
            tuple(dict.fromkeys(name for name, _ in applicants.rows(order_by="sequence"))),
            tuple(symbol for symbol, _ in symbols.rows(order_by="position, symbol"))[:SYMBOLS],
            next((text for (text,) in claims.rows()), None),
        )  # fmt: skip


def suggestion(at: Opened, told: TagList, publication: str) -> list[Mapping[str, Any]]:
    """What the classifier of the list says of a publication, by tag: score, threshold, whether it passes.

    Nothing where the list has no classifier, or it knows no term of the publication.
    """
    try:
        model = models.read(at.lake.folder, told.name)
    except (DefinitionError, LakeCorrupt):
        return []
    key = quote(publication)
    with at.session() as session:
        tables = tables_of(at, session, "publication", "publication_class")
        one = {
            name: each.sql(f"select self_.* from self_ where self_.publication_id = {key}")
            for name, each in tables.items()
        }
        found = applied.documents(applied.documents_table(one["publication"], one["publication_class"]).arrow())
    if not found:
        return []
    scores = model.model.scores(found)
    taken = model.taken(scores)
    return [
        {
            "tag": told.tag(tag), "score": float(scores[0, at_]), "threshold": model.threshold(tag),
            "takes": bool(taken[0, at_]), "terms": [term for term, _ in model.model.reasons(found[0], tag)][:5],
        }
        for at_, tag in enumerate(model.model.tags)
        if scores[0, at_] == scores[0, at_]  # unknown is no score
    ]  # fmt: skip


def tags_from(lines: Iterable[str]) -> list[str]:
    """Lines of a form as they are, without empty ones."""
    return [line.strip() for line in lines if line.strip()]
