"""A call as an official paper."""

from __future__ import annotations

import datetime
from decimal import Decimal

from django.utils import timezone

from pingjiang.centre.accounts.roles import TRACKS
from pingjiang.centre.documents.papers import Block, Heading, Paragraph, Said, Table, paragraphs
from pingjiang.centre.programme.extensions import Extension
from pingjiang.centre.programme.models import Call
from pingjiang.centre.programme.papers.words import word, words
from pingjiang.centre.programme.rulepack import pack_of

_TEN_THOUSAND = Decimal(10_000)


def call_paper(call: Call) -> Said:
    """What the call says: its guide, its tracks, its times, what is to be handed in. Signed today."""
    case = call.case
    body: list[Block] = [
        *paragraphs(call.guide),
        Heading(word("tracks_and_money")),
        _tracks(call),
        Heading(word("times")),
        *_times(call),
    ]
    if call.materials:
        body += [Heading(word("more_materials")), *(Paragraph(line) for line in _materials(call))]
    if call.contact:
        body += [Heading(word("contact")), Paragraph(call.contact)]
    return Said(
        case.owner.name_zh, case.title, tuple(body), case.owner.name_zh, timezone.localdate(),
        number=call.document_number, addressee=word("to_all"), note=word("public"), synthetic=case.synthetic,
    )  # fmt: skip


def extension_paper(call: Call, extension: Extension) -> Said:
    """The notice of change: each time that became later, as it was and as it is, and why. Signed today."""
    case = call.case
    number = f"（{call.document_number}）" if call.document_number else ""
    body: list[Block] = [
        Paragraph(word("extended", title=case.title, number=number)),
        Heading(word("extended_times")),
        Table(
            words("deadline", "was_due", "is_due"),
            tuple((word(_NAMES[each.name]), _clock(each.before), _clock(each.after)) for each in extension.times),
            (1.2, 2, 2),
        ),
        Heading(word("extended_why")),
        *paragraphs(extension.reason),
        Paragraph(word("extended_rest_closed" if case.state == "closed" else "extended_rest")),
    ]
    return Said(
        case.owner.name_zh, word("extension"), tuple(body), case.owner.name_zh, timezone.localdate(),
        addressee=word("to_all"), note=word("public"), synthetic=case.synthetic,
    )  # fmt: skip


_NAMES = {"closes_at": "closes", "seals_until": "seals_until"}


def _clock(moment: datetime.datetime) -> str:
    there = timezone.localtime(moment)
    return word("clock", year=there.year, month=there.month, day=there.day, clock=f"{there:%H:%M:%S}")


def _tracks(call: Call) -> Table:
    rows = tuple(
        (
            TRACKS[row.track][0], f"{row.budget / _TEN_THOUSAND:,.2f}", str(row.places),
            word("no_limit") if row.district_quota is None else str(row.district_quota),
            word("pack_version", number=pack_of(row).number, version=row.pack_version),
        )
        for row in call.tracks.all()
    )  # fmt: skip
    return Table(words("kind", "money", "places", "per_district", "pack"), rows, (1, 1.3, 0.8, 1.2, 2))


def _times(call: Call) -> list[Paragraph]:
    times = (("opens", call.opens_at), ("closes", call.closes_at), ("seals_until", call.seals_until))
    return [Paragraph(_moment(word(name), moment)) for name, moment in times if moment is not None]


def _moment(label: str, moment: datetime.datetime) -> str:
    """A moment as papers write it, to the second, in the time of the place."""
    return word("moment", label=label, clock=_clock(moment))


def _materials(call: Call) -> list[str]:
    return [
        f"{number}. {row['label']}{'' if row['required'] else word('optional')}"
        for number, row in enumerate(call.materials, start=1)
    ]
