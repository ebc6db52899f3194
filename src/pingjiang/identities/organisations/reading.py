"""Names → nodes: spellings that have the same words in the same order are one node from here on."""

from __future__ import annotations

import re
from functools import cache

import pyarrow as pa

from pingjiang.engine import Session, Table
from pingjiang.identities.organisations.words import (
    NAME,
    kept_apart,
    leading_place,
    noise,
    phrases,
    provinces_of,
    short_places,
    titles,
    word_classes,
)
from pingjiang.text import NameRead, fold, read_name
from pingjiang.text.bodies import whole_name
from pingjiang.text.brands import brand_words
from pingjiang.text.folding import plain
from pingjiang.text.legal import form_words
from pingjiang.text.meanings import meanings, meant_words, read_words
from pingjiang.text.transliteration import likeness

_ELISION = re.compile(r"\b([dlDL])['’´`](\w{3,})")
_ABBREVIATION = re.compile("[a-z]{3,8}")
_EMPTY = frozenset({"function", "form", "nation", "boilerplate"})
_STATAL = "statal"  # "Oregon State University" is not the University of Oregon
_PATRONYMIC = re.compile(r"(vich|vna|evic|ovic)$")
_SHORTEST_BRACKET = 2
_MOST_WORDS_OF_PERSON = 5


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    return re.compile("|".join(noise())), re.compile("|".join(phrases()))


def class_of(word: str) -> str:
    """The class of a word of a name; single letters and patronymics are parts of names of persons."""
    found = word_classes().get(word)
    if found is not None:
        return found
    if word.isdigit():
        return "common"
    if (len(word) == 1 and word.isascii()) or _PATRONYMIC.search(word):
        return "given"
    return NAME


def identity_words(read: NameRead) -> list[str]:
    """The words by which a name is compared: without those that only bind, of the office that is meant.

    What stands in brackets comes last: a place, or an abbreviation of the name.
    """
    words, at = read.words, 0
    for found in _patterns()[1].finditer(read.core):
        if any(class_of(word) not in _EMPTY for word in read.core[found.end() :].split()):
            at = found.end()
    if at:
        words = [meaning or word for word, meaning in read_words(read.core[at:].strip(), read.parts)]
    elif whole_name(words) is None and any(word in read.core for word in kept_apart()):
        words = [
            word if word in kept_apart() or meaning is None else meaning
            for word, meaning in read_words(read.core, read.parts)
        ]
    brackets = [
        word for bracket in read.brackets if len(bracket) >= _SHORTEST_BRACKET
        for word in (bracket.split() if bracket.isascii() else meant_words(bracket))
    ]  # fmt: skip
    kept = [word for word in _parted([*words, *brackets]) if class_of(word) != "function"] or list(words)
    for place, word in enumerate(kept[1:], start=1):
        if kept[place - 1] == "state" and word in {"university", "college"}:
            kept[place - 1] = _STATAL
    return kept


def _parted(words: list[str]) -> list[str]:
    """Chinese words with the places in front of them apart, each as it is called in short, and a province left out
    before one of its cities: 北京东方新星 → 北京, 东方新星; 山东省泰安市农业 → 泰安, 农业.
    """
    parted: list[str] = []
    for each in words:
        word = each
        while not word.isascii() and class_of(word) == NAME and (found := leading_place().match(word)):
            parted.append(found[1])
            word = word[found.end() :]
        parted += meant_words(" ".join(brand)) if (brand := brand_words(word)) else [word]
    short = [short_places().get(word, word) for word in parted]
    return [word for word, after in zip(short, [*short[1:], ""], strict=False) if word not in provinces_of(after)]


def initials_of(text: str) -> str:
    """The first letters of the words of a name as it is written, for those in Latin letters."""
    return "".join(word[0] for word in text.split() if class_of(word) != "function" and word.isascii())


def written_out(name: str) -> str:
    """The name in brackets where what stands in front abbreviates it: "UNIST (Ulsan National Institute of …)"."""
    found = _IN_BRACKETS.fullmatch(name)
    if found is None or len(short := fold(found[1]).split()) > _MOST_ABBREVIATIONS:
        return name
    words = fold(found[2]).split()
    whole = len(words) >= _LEAST_WRITTEN_OUT and any(
        word_classes().get(meanings().get(word, word)) == "kind" for word in words
    )
    return found[2] if whole and all(_abbreviates(word, words) for word in short) else name


def _abbreviates(short: str, words: list[str]) -> bool:
    """Whether the letters of a short word stand among those of others in their order, the first at a word's begin."""
    starts = [place for place, word in enumerate(words) if word[0] == short[0]]
    letters = iter("".join(words[starts[0] :]) if starts else "")
    return 2 <= len(short) <= _LONGEST_ABBREVIATION and all(letter in letters for letter in short)


_LONGEST_ABBREVIATION = 8


_IN_BRACKETS = re.compile(r"\s*([A-Za-z][\w &.-]*?)\s*\(([A-Za-z][^()]*)\)\s*", re.ASCII)
_MOST_ABBREVIATIONS = 2
_LEAST_WRITTEN_OUT = 3


def without_abbreviation(words: list[str], initials: str) -> tuple[list[str], str | None]:
    """Words without a last one that abbreviates the others: ([…, "scientifique", "cnrs"] → […], "cnrs")."""
    last = words[-1] if len(words) > 2 else ""
    if _ABBREVIATION.fullmatch(last) and class_of(last) == NAME and last in initials:
        return words[:-1], last
    return words, None


def is_person(read: NameRead, words: list[str]) -> bool:
    """Whether a name is that of a person, as far as names tell."""
    if read.kind == "individual":
        return True
    if read.kind is not None or read.forms or not 2 <= len(words) <= _MOST_WORDS_OF_PERSON:
        return False
    classes = {class_of(word) for word in words}
    return classes <= {"given", NAME, "shared", "place"} and ("given" in classes or words[0] in titles())


def _bare(name: str) -> str:
    """A name without what stands beside it and is another writing of it, or an address behind a Chinese one."""
    name = _LOST.sub("", name)
    if name.isascii():
        return written_out(name) if name.endswith(")") else name
    return _original(_ADDRESS.sub("", name))


# A letter that some tool could not write. What is left of the word is spelled like the whole.
_LOST = re.compile(r"(?<=[^\W\d_])[?�]+|(?<!\S)[?�]+(?=[^\W\d_])")


_ADDRESS = re.compile(r"(?<=[司学院会所校])\s+\S*[市縣县區区]\S*[路街號号段巷樓楼].*$")


def _without_address(read: NameRead, name: str) -> str:
    """A name without what stands behind its legal form and is an address: "Ford Motor Company 100", "… Inc,US"."""
    words = read.folded.split()
    for at in range(2, len(words)):
        if words[at - 1] not in form_words("at"):
            continue
        rest = words[at:]
        if any(word in form_words("at") for word in rest):
            continue
        told = sum(_of_address(word) for word in rest)
        numbers = sum(any(sign.isdigit() for sign in word) for word in rest)
        coded = len(rest) == 1 and _CODED.search(name) is not None
        if coded or (told == len(rest) > 1) or (numbers and told >= len(rest) - 1 and rest[0][0].isdigit()):
            return " ".join(words[:at])
    return name


def _of_address(word: str) -> bool:
    return word.isdigit() or word in _CODES or class_of(meanings().get(word, word)) in ("place", "nation")


_CODED = re.compile(',(US|JP|CN|KR|DE|GB|FR|TW|CA|NL|CH|SE|IL)"?$')
_CODES = frozenset({"us", "de", "jp", "gb", "fr", "cn", "kr", "va", "vsta", "st", "v", "a"})


# The sound of a name in katakana with the name itself behind it: ザ・ボーイング・カンパニーThe Boeing Company.
_BILINGUAL = re.compile(r"([^a-z]*[ァ-ヺ][^a-z]*?)[\s,]*([a-z][a-z\s.,&'’/-]{3,})")
_LEAST_LIKENESS = 0.2  # a letter: the two are glued together, which says as much


def _original(name: str) -> str:
    """A name without the katakana in front that write its sound."""
    found = None if name.isascii() else _BILINGUAL.fullmatch(plain(name))
    if found is None:
        return name
    parts = [part for part in _KATAKANA.findall(found[1]) if part not in meanings() or meanings()[part]]
    words = [word for word in read_name(found[2], sounding=False).core.split() if class_of(word) != "function"]
    if not parts or not words or len(parts[0]) <= 2 or not words[0].isascii() or not words[0].isalpha():
        return name
    return found[2] if likeness([parts[0]], [words[0]], "kana")[0] >= _LEAST_LIKENESS else name


_KATAKANA = re.compile("[ァ-ヺー]+")


def _elided(found: re.Match[str]) -> str:
    """The article apart from a word that is known (l'Air, d'Etude), not from a name (L'Oréal)."""
    known = found[1] in "dD" or class_of(fold(found[2])) != NAME
    return f"{found[1]} {found[2]}" if known else found[1] + found[2]


_NO_LETTER = re.compile("[ &+]+")
_COLUMNS = {
    "words": pa.list_(pa.string()),
    "forms": pa.list_(pa.string()),
    "countries": pa.list_(pa.string()),
    "kind": pa.string(),
    "script": pa.string(),
    "initials": pa.string(),
    "short": pa.string(),
    "letters": pa.string(),
}


def _read(names: pa.Table) -> pa.Table:
    noisy = _patterns()[0]
    rows: list[tuple[object, ...]] = []
    for name in names["name"].to_pylist():
        read = read_name(_ELISION.sub(_elided, _bare(name)), sounding=False)
        if noisy.search(read.folded):
            read = read_name(noisy.sub(" ", read.folded), sounding=False)
        if read.script == "latin" and (shorter := _without_address(read, name)) != name:
            read = read_name(shorter, sounding=False)
        initials = initials_of(read.core)
        words, short = without_abbreviation(identity_words(read), f"{initials} {initials_of(read.folded)}")
        kind = "individual" if is_person(read, words) else read.kind
        letters = _NO_LETTER.sub("", read.core + "".join(read.brackets)) if read.script == "latin" else None
        rows.append((words, read.forms, read.countries, kind, read.script, initials, short, letters))
    for place, (column, kind) in enumerate(_COLUMNS.items()):
        names = names.append_column(column, pa.array([row[place] for row in rows], kind))
    return names


def read_spellings(session: Session, names: Table) -> Table:
    """Distinct names (name, mentions) with words, forms, countries, kind, script, initials, short and letters.

    letters  of a Latin name, as it is written, without legal forms and spaces
    """
    return session.mapped(names, _read)
