"""How what the tables hold is said: kinds, reasons, countries, features, states."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pingjiang.atlas.layouts import country_names
from pingjiang.centre.pages.words import said
from pingjiang.identities.inventors.model import CATEGORIES
from pingjiang.identities.organisations.told import REASONS
from pingjiang.legal.words import STATE_WORDS
from pingjiang.schema.units import Unit

Words = tuple[str, str]
KINDS: Mapping[str, Words] = {
    "company": ("企业", "Company"),
    "university": ("高校", "University"),
    "institute": ("科研院所", "Institute"),
    "hospital": ("医院", "Hospital"),
    "government": ("政府", "Government"),
    "individual": ("个人", "Individual"),
}
UNITS: Mapping[Unit, Words] = {
    "publication": ("件公开", "publications"),
    "application": ("件申请", "applications"),
    "simple_family": ("项简单同族", "simple families"),
    "extended_family": ("项扩展同族", "extended families"),
}
LEVELS: Mapping[str, Words] = {
    "organisation": ("机构（法人）", "Legal entities"),
    "group": ("集团", "Groups"),
    "inventor": ("发明人", "Inventors"),
}
VERDICTS: Mapping[str, Words] = {
    "same": ("同一家", "Same"),
    "different": ("不同", "Different"),
    "unsure": ("不定", "Unsure"),
}
UNKNOWN: Words = ("未知", "unknown")
_FEATURES: Mapping[str, Words] = {
    "start": ("起点", "Start"),
    "words": ("共同词语", "Words in common"),
    "letters": ("字母相近", "Letters alike"),
    "rest": ("各自多出的词语", "Words of one alone"),
    "abbreviation": ("缩写", "Abbreviation"),
    "trade": ("行业词", "Words of trades"),
    "place": ("地名", "Names of places"),
    "country": ("国别", "Country"),
    "kind": ("类型", "Kind"),
    "evidence": ("名称之外的证据", "Evidence beyond names"),
    "register": ("名录", "Register"),
    "line": ("归并所需", "Asked for joining"),
}


def kind(code: str | None) -> str:
    """A kind of organisation; empty where it is not known."""
    return said(KINDS[code]) if code is not None and code in KINDS else ""


def unit(name: Unit) -> str:
    """A counting unit."""
    return said(UNITS[name])


def country(code: str | None) -> str:
    """A country by its code; the code where no name is known, empty where there is none."""
    if not code:
        return ""
    return said(country_names().get(code, (code, code)))


def feature(name: str) -> str:
    """What points are for."""
    if name in _FEATURES:
        return said(_FEATURES[name])
    zh, en = CATEGORIES[name]
    return said((zh, en[0].upper() + en[1:]))


def reasons(names: Iterable[str] | None) -> list[str]:
    """Reasons as the tables hold them: a word of the closed list, or 'Chinese · English'."""
    return [_reason(name) for name in names or ()]


def _reason(name: str) -> str:
    head = name.split(" ", 1)[0]
    if name in REASONS or head == "judgement":
        return said(REASONS[head])
    zh, dot, en = name.partition(" · ")
    return said((zh, en)) if dot else name


def state(code: str) -> str:
    """A legal state."""
    return said(STATE_WORDS.get(code, UNKNOWN))
