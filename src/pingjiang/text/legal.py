"""Legal forms of names: at the end, in front, in the middle; and the countries at which they hint."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from pingjiang import definitions
from pingjiang.text.folding import CJK, fold

_IS_CJK = re.compile(f"[{CJK}]")
_SHORTEST_INSIDE = 3  # letters of a Latin form that is taken out of the middle of a name
# Forms in brackets, as one sign (㈱, ㈜) or written out.
BRACKETED = {"株": "株式会社", "有": "有限会社", "주": "주식회사", "유": "유한회사", "社": "社団法人", "財": "財団法人"}


@dataclass(frozen=True)
class LegalForm:
    """A legal form. `of`: jurisdictions that have it, none where too many do. `kind`: '' is a company's."""

    name: str
    of: frozenset[str]
    kind: str


@dataclass(frozen=True)
class _Places:
    """Folded words → form. Latin and Cyrillic words by their parts, those of CJK scripts as texts, longest first."""

    end: Mapping[tuple[str, ...], LegalForm]
    front: Mapping[tuple[str, ...], LegalForm]
    inside: Mapping[str, LegalForm]
    cjk_end: Mapping[str, LegalForm]
    cjk_front: Mapping[str, LegalForm]
    cjk_inside: Mapping[str, LegalForm]
    longest_end: int
    longest_front: int


@cache
def legal_forms() -> Mapping[str, LegalForm]:
    """All legal forms by name (`legal_forms.yaml`)."""
    return {
        str(name): LegalForm(str(name), frozenset(told["of"]), str(told.get("kind", "")))
        for name, told in definitions.shipped("pingjiang.text", "legal_forms.yaml").items()
    }


@cache
def form_words(key: str) -> Mapping[str, LegalForm]:
    """Folded words that stand 'at' the end of names, or 'before' them → form."""
    shipped = definitions.shipped("pingjiang.text", "legal_forms.yaml")
    words = {fold(str(word)): legal_forms()[str(name)] for name, told in shipped.items() for word in told.get(key, ())}
    return dict(sorted(words.items(), key=lambda word: (-len(word[0]), word[0])))


@cache
def _places() -> _Places:
    shipped = definitions.shipped("pingjiang.text", "legal_forms.yaml")
    inside = {str(name) for name, told in shipped.items() if told.get("inside")}
    at, before = form_words("at"), form_words("before")
    within = {word: form for word, form in {**before, **at}.items() if form.name in inside}

    def parts(words: Mapping[str, LegalForm]) -> dict[tuple[str, ...], LegalForm]:
        return {tuple(word.split()): form for word, form in words.items() if not _IS_CJK.search(word)}

    def texts(words: Mapping[str, LegalForm]) -> dict[str, LegalForm]:
        return {word: form for word, form in words.items() if _IS_CJK.search(word)}

    end, front = parts(at), parts(before)
    return _Places(
        end=end,
        front=front,
        inside={
            words[0]: form for words, form in parts(within).items()
            if len(words) == 1 and len(words[0]) >= _SHORTEST_INSIDE
        },
        cjk_end=texts(at),
        cjk_front=texts(before),
        cjk_inside=texts(within),
        longest_end=max(map(len, end)),
        longest_front=max(map(len, front)),
    )  # fmt: skip


@cache
def _cjk_patterns() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    places = _places()

    def any_of(words: Iterable[str]) -> str:
        return "|".join(map(re.escape, words))

    return (
        re.compile(f"(?<!分)(?:{any_of(places.cjk_end)})$"),
        re.compile(f"^(?:{any_of(places.cjk_front)})"),
        re.compile(any_of(places.cjk_inside)),
    )


def without_forms(folded: str) -> tuple[str, list[LegalForm]]:
    """A folded name without its legal forms, and those. Something is always left of it.

    >>> without_forms("toyota jidosha kabushiki kaisha")[0], without_forms("siemens gmbh osterreich")[0]
    ('toyota jidosha', 'siemens osterreich')
    """
    found: list[LegalForm] = []
    if not folded.isascii() and _IS_CJK.search(folded):
        folded = _without_cjk(folded, found)
    words = folded.split()
    if len(words) > 1:
        words = _without_words(words, found)
    return " ".join(words), found


def _without_words(words: list[str], found: list[LegalForm]) -> list[str]:
    places = _places()
    going = True
    while going and len(words) > 1:
        going = False
        for length in range(min(places.longest_end, len(words) - 1), 0, -1):
            if form := places.end.get(tuple(words[-length:])):
                found.append(form)
                del words[-length:]
                going = True
                break
        while len(words) > 1 and words[-1] == "&":
            del words[-1]
    for length in range(min(places.longest_front, len(words) - 1), 0, -1):
        if form := places.front.get(tuple(words[:length])):
            found.append(form)
            del words[:length]
            break
    if len(words) > 1 and not places.inside.keys().isdisjoint(words):
        found += [places.inside[word] for word in words[1:] if word in places.inside]
        words = [words[0], *(word for word in words[1:] if word not in places.inside)]
    return words


def _without_cjk(text: str, found: list[LegalForm]) -> str:
    places = _places()
    end, front, inside = _cjk_patterns()
    for pattern, forms in ((end, places.cjk_end), (front, places.cjk_front), (end, places.cjk_end)):
        match = pattern.search(text)
        rest = pattern.sub("", text).strip() if match else ""
        if match and rest:
            found.append(forms[match[0]])
            text = rest
    for match in inside.finditer(text):
        found.append(places.cjk_inside[match[0]])
    return inside.sub("", text).strip() or text
