"""Where each datum that the rules ask for is said: in which section, under which name, or elsewhere altogether."""

from __future__ import annotations

from functools import lru_cache

from pingjiang.centre.programme.content.derived import DERIVED, SEAL
from pingjiang.centre.programme.content.specs import FACTS
from pingjiang.centre.programme.rulepack import FORMAL, asked_fields, pack_at
from pingjiang.rulebook.policies import Pack, Section

TEXT = "text"  # the name of a section's own text
Placed = dict[str, tuple[str, str]]


def sections_of(pack: Pack, track: str) -> list[Section]:
    """The sections of an application on a track."""
    return [each for each in pack.sections if not each.tracks or track in each.tracks]


def placed(pack: Pack, track: str) -> Placed:
    """Datum → (section, name in it), for what an applicant says. What no section names stands in one of its own."""
    return _placed(pack.id, pack.version, track)


@lru_cache(maxsize=64)
def _placed(name: str, version: str, track: str) -> Placed:
    pack = pack_at(name, version)
    asked = {field.id: field for field in asked_fields(pack, track, FORMAL) if not reckoned(field.id)}
    found: Placed = {}
    for section in sections_of(pack, track):
        own = [each for each in section.fields if each in asked and each not in found]
        is_text = section.form == "text" and len(own) == 1 and asked[own[0]].type == "text"
        found |= {each: (section.id, TEXT if is_text else each) for each in own}
    return found | {each: (FACTS, each) for each in asked if each not in found}


def reckoned(field: str) -> bool:
    """Whether a datum is known from the budget, the schedule, the indicators or the stamp."""
    return field in DERIVED or field == SEAL
