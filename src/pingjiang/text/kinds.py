"""What kind of applicant a name is of, from its words alone: rules of `kinds.yaml`. Unknown where none fits."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from pingjiang import definitions
from pingjiang.text.folding import fold
from pingjiang.text.legal import LegalForm
from pingjiang.text.meanings import meanings

KINDS = ("company", "university", "institute", "hospital", "government", "individual")
_SURNAME_FIRST = re.compile(
    r"[^\W\d_][\w'’-]+(?: [^\W\d_][\w'’-]+)?, [^\W\d_][\w'’-]*[.]?(?: [^\W\d_][\w'’-]*[.]?){0,2}"
)
_PATRONYMIC = re.compile(r"\w(ович|евич|овна|евна|ична|ovich|evich|ovna|evna)\b")
_HAN_NAME = re.compile(r"[\u3400-\u9fff]{2,4}")
_HANGUL_NAME = re.compile(r"[\uac00-\ud7a3]{3}")
_JAPANESE_NAME = re.compile(r"[\u3041-\u30ff\u3400-\u9fff]{1,3}[ 　]+[\u3041-\u30ff\u3400-\u9fff]{1,3}")
_TRANSCRIBED = re.compile(r"[\u3400-\u9fff]{1,6}([·•・.][\u3400-\u9fffA-Z]{1,6}){1,3}")
_TITLES = {"dr", "prof", "professor", "mr", "mrs", "ms", "herr", "frau"}


@dataclass(frozen=True)
class _Surnames:
    chinese: frozenset[str]
    compound: frozenset[str]
    korean: frozenset[str]
    brands: frozenset[str]


@cache
def _surnames() -> _Surnames:
    told = definitions.shipped("pingjiang.text", "surnames.yaml")
    return _Surnames(
        frozenset(told["common"] + told["others"]),
        frozenset(told["compound"]),
        frozenset(told["korean"]),
        frozenset(map(fold, told["brands"])),
    )


def _is_person(name: str, folded: str, forms: Sequence[LegalForm]) -> bool:
    """Whether a name is written as those of persons are."""
    if forms or folded in meanings():
        return False
    known = _surnames()
    if _HAN_NAME.fullmatch(folded):
        if folded in known.brands:
            return False
        if _JAPANESE_NAME.fullmatch(name.strip()):
            return True
        compound = folded[:2] in known.compound and len(folded) > 2
        return compound or (folded[0] in known.chinese and len(folded) < 4)
    if _HANGUL_NAME.fullmatch(folded):
        return folded[0] in known.korean
    if _TRANSCRIBED.fullmatch(name.strip()):
        return True
    if " " in folded and (_PATRONYMIC.search(folded) or folded.split(maxsplit=1)[0] in _TITLES):
        return True
    return bool(_SURNAME_FIRST.fullmatch(name.strip())) and not any(word in meanings() for word in folded.split())


@dataclass(frozen=True)
class _Rule:
    """A rule of `kinds.yaml`, but for its words."""

    kind: str
    form: str | None
    person: bool
    signs: re.Pattern[str] | None
    unless: re.Pattern[str] | None


@dataclass(frozen=True)
class _Rules:
    """All rules in order, and words → the places of rules that ask for them.

    phrases   by their first word: (phrase with a space at both ends, rule)
    stems     by their first letters: (stem, rule)
    """

    rules: Sequence[_Rule]
    words: Mapping[str, int]
    phrases: Mapping[str, Sequence[tuple[str, int]]]
    stems: Mapping[str, Sequence[tuple[str, int]]]

    def asked_for(self, folded: str) -> set[int]:
        """The rules whose words stand in a folded name."""
        found: set[int] = set()
        spaced = f" {folded} "
        for word in folded.split():
            if (rule := self.words.get(word)) is not None:
                found.add(rule)
            if word in self.phrases:
                found.update(rule for phrase, rule in self.phrases[word] if phrase in spaced)
            if (stem := word[:_STEM]) in self.stems:
                found.update(rule for whole, rule in self.stems[stem] if word.startswith(whole))
        return found


_STEM = 4  # letters that all stems have


@cache
def _rules() -> _Rules:
    rules: list[_Rule] = []
    words: dict[str, int] = {}
    phrases: dict[str, list[tuple[str, int]]] = {}
    stems: dict[str, list[tuple[str, int]]] = {}
    for place, told in enumerate(definitions.shipped("pingjiang.text", "kinds.yaml")):
        form = told.get("form")
        signs, unless = (re.compile(told[key]) if key in told else None for key in ("signs", "unless"))
        rules.append(_Rule(told["kind"], "" if form == "company" else form, bool(told.get("person")), signs, unless))
        for word in map(fold, map(str, told.get("words", ()))):
            if " " in word:
                phrases.setdefault(word.split(maxsplit=1)[0], []).append((f" {word} ", place))
            else:
                words.setdefault(word, place)
        for stem in map(str, told.get("stems", ())):
            stems.setdefault(stem[:_STEM], []).append((stem, place))
    return _Rules(rules, words, phrases, stems)


def kind_of(name: str, folded: str, forms: Sequence[LegalForm]) -> str | None:
    """One of KINDS, or None. `folded` and `forms` are those of the name."""
    known = _rules()
    asked = known.asked_for(folded)
    form_kinds = {form.kind for form in forms}
    plain = folded.isascii()
    for place, rule in enumerate(known.rules):
        fits = (
            place in asked
            or (rule.form is not None and rule.form in form_kinds)
            or (rule.signs is not None and not plain and bool(rule.signs.search(folded)))
            or (rule.person and _is_person(name, folded, forms))
        )
        if fits and not (rule.unless and rule.unless.search(folded)):
            return rule.kind
    return None
