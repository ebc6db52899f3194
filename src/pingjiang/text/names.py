"""What a name of an organisation says: its core, legal forms, place in brackets, words by meaning, sound, kind.

A kernel over distinct names: a table of four thousand characters in SQL's translate() is read anew for every row
and takes some hundred times as long.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

import pyarrow as pa

from pingjiang import definitions
from pingjiang.engine import Session, Table
from pingjiang.schema.codes import code_list
from pingjiang.text.bodies import whole_name
from pingjiang.text.folding import CJK, fold, fold_plain, plain
from pingjiang.text.kinds import kind_of
from pingjiang.text.legal import BRACKETED, LegalForm, without_forms
from pingjiang.text.meanings import meanings, read_words
from pingjiang.text.sounds import sound

_BRACKETS = re.compile(r"[(\[{【〔<《〈]([^()\[\]{}【】〔〕<>《》〈〉]*)[)\]}】〕>》〉]")
_SCRIPTS = (
    ("hangul", re.compile(r"[\uac00-\ud7a3]")),
    ("kana", re.compile(r"[\u3041-\u30fa]")),
    ("han", re.compile(r"[\u3400-\u9fff]")),
    ("cyrillic", re.compile(r"[\u0400-\u052f]")),
    ("latin", re.compile(r"[a-z]")),
)
_IS_CJK = re.compile(f"[{CJK}]")
# What parts words: a dot wherever it stands, a space between Korean words and those in katakana. In Chinese a space may
# stand anywhere.
_PARTED = re.compile("[가-힣ァ-ヺー]+|[㐀-鿿ァ-ヺー]+(?:[·・‧•・][㐀-鿿ァ-ヺー]+)+")
_DOTS = re.compile("[·・‧•・]")


@dataclass(frozen=True, slots=True)
class NameRead:
    """A name as it was read. All texts are folded (`folding.fold`).

    folded     the whole name
    core       without legal forms, brackets and marks of origin; never empty where `folded` is not
    brackets   what stands in brackets: a place, a short name; it tells legal entities apart
    words      the words of the core in order, those of known meaning by it ("motor")
    parts      the words of scripts that part them by dots or spaces, which the core does not show
    rest       the words of the core without a known meaning, in order
    meanings   the known meanings, sorted
    reading    `rest` in Latin letters as it sounds, without spaces
    forms      names of the legal forms
    countries  where a country is hinted at: by its legal forms, a code in brackets, a mark of origin
    kind       one of KINDS, or None where nothing says
    script     han, kana, hangul, cyrillic, latin, or None; the first that occurs in this order: hangul, kana, han …
    """

    folded: str
    core: str
    brackets: list[str]
    words: list[str]
    parts: list[str]
    rest: str
    meanings: list[str]
    reading: str
    forms: list[str]
    countries: list[str]
    kind: str | None
    script: str | None


def read_name(name: str, *, sounding: bool = True) -> NameRead:
    """What one name says. `sounding`: its reading too, which takes as long as the rest; else it is ''."""
    text = plain(name)
    inner: list[str] = []
    countries: set[str] = set()

    def bracket(found: re.Match[str]) -> str:
        content = found[1].strip()
        if content in _bracketed():
            return f" {_bracketed()[content]} "
        if (code := _country_codes().get(content)) is not None:
            countries.add(code)
        elif folded_content := fold_plain(content):
            inner.append(folded_content)
        return " "

    outside = fold_plain(_BRACKETS.sub(bracket, text)) if _BRACKETS.search(text) else fold_plain(text)
    if not outside:  # a name that stands in brackets as a whole
        outside, inner = fold_plain(text), []
    stripped, forms = without_forms(outside)
    core = _without_origin(stripped, countries)
    parts = [part for run in _PARTED.findall(text) for part in _DOTS.split(run) if part] if not text.isascii() else []
    pieces = read_words(core, parts)
    words = [meaning or word for word, meaning in pieces]
    if known := whole_name(words):
        words, pieces = known, [(word, meanings().get(word)) for word in known]
    rest = " ".join(word for word, meaning in pieces if meaning is None)
    of_forms = [form.of for form in forms if form.of]
    countries |= frozenset.intersection(*of_forms) or frozenset.union(*of_forms) if of_forms else set()
    folded = fold_plain(text) if "(" in text or _BRACKETS.search(text) else outside
    return NameRead(
        folded=folded,
        core=core,
        brackets=inner,
        words=words,
        parts=parts,
        rest=rest,
        meanings=sorted({meaning for _, meaning in pieces if meaning}),
        reading=sound(rest).replace(" ", "") if sounding else "",
        forms=_names(forms),
        countries=sorted(countries),
        kind=kind_of(name, outside, forms),
        script=_script(folded),
    )


def _script(folded: str) -> str | None:
    if folded.isascii():
        return "latin" if _SCRIPTS[-1][1].search(folded) else None
    return next((script for script, signs in _SCRIPTS if signs.search(folded)), None)


def _names(forms: list[LegalForm]) -> list[str]:
    return list(dict.fromkeys(form.name for form in forms))


@cache
def _bracketed() -> dict[str, str]:
    return {plain(short): fold(form) for short, form in BRACKETED.items()}


@cache
def _country_codes() -> dict[str, str]:
    """Two-letter codes in lower case, as tools put them behind names: "[JP]", "(CN)"."""
    return {word: code for word, code in code_list("country").items() if re.fullmatch("[a-z]{2}", word)}


@cache
def _origins() -> tuple[re.Pattern[str], dict[str, str]]:
    words = {fold(str(w)): str(c) for w, c in definitions.shipped("pingjiang.text", "origins.yaml")["of_firms"].items()}
    return re.compile("^(" + "|".join(sorted(words, key=len, reverse=True)) + ")(?=..)"), words


def _without_origin(core: str, countries: set[str]) -> str:
    pattern, words = _origins()
    found = pattern.match(core) if _IS_CJK.match(core) else None
    if found is None:
        return core
    countries.add(words[found[1]])
    return core[found.end() :].strip()


_TEXTS = pa.list_(pa.string())
_COLUMNS = {
    "folded": pa.string(), "core": pa.string(), "brackets": _TEXTS, "words": _TEXTS, "rest": pa.string(),
    "meanings": _TEXTS, "reading": pa.string(), "forms": _TEXTS, "countries": _TEXTS, "kind": pa.string(),
    "script": pa.string(),
}  # fmt: skip


def read_names(session: Session, names: Table) -> Table:
    """Distinct names (column `name`) with the columns of NameRead beside them."""
    return session.mapped(names, _read_column)


def _read_column(names: pa.Table) -> pa.Table:
    read = [read_name(name) for name in names["name"].to_pylist()]
    for column, kind in _COLUMNS.items():
        names = names.append_column(column, pa.array([getattr(each, column) for each in read], kind))
    return names
