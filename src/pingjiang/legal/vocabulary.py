"""The one vocabulary of legal events: what the codes and words of each source mean (kinds.yaml, vocabulary/*.yaml).

A code that no vocabulary knows has no kind: it is listed and counted (`legal_unknown_code`), never guessed. Where a
table of codes was imported, the class of a code speaks for it, with what a class can tell (vocabulary/classes.yaml).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from pingjiang import definitions
from pingjiang.errors import DefinitionError

EFFECTS = frozenset(
    {"stage", "reopened", "granted", "end", "final", "void", "narrowed", "annulled", "revive", "corrected_end", "alive",
     "status", "on", "off", "elsewhere", "computed", "none"}
)  # fmt: skip
# A state, and what it comes to: pending, in_force, dead, elsewhere (it goes on as other applications), unknown.
LIVES: Mapping[str, str] = {
    "pending": "pending", "published": "pending", "examining": "pending", "allowed": "pending",
    "in_force": "in_force", "invalid_part": "in_force",
    "lapsed_restorable": "dead", "lapsed": "dead", "expired": "dead", "abandoned": "dead", "invalid_all": "dead",
    "rejected": "dead", "withdrawn": "dead", "deemed_withdrawn": "dead", "ended": "dead",
    "national_phase": "elsewhere", "unknown": "unknown",
}  # fmt: skip
# How far an application has come: what comes later in it is never undone by what comes earlier.
STAGES = ("pending", "published", "examining", "allowed")
OVERLAYS = (
    "licensed", "open_licensed", "pledged", "preserved", "transferred", "in_invalidation", "in_dispute",
)  # fmt: skip
# Marks that number the wordings of one event in the gazette.
_MARKS = re.compile("[\u2460-\u24ff\u2776-\u2793]")
_HAN = re.compile("[\u3400-\u9fff]")
# Details that tell what an event of a general code is; what follows a semicolon names the parties.
_TELLING = re.compile(r"(?:free format text|status)[^:]*: *([^;\n]*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Kind:
    """What an event is. `effect` and the flags: see kinds.yaml."""

    name: str
    effect: str
    zh: str
    en: str
    state: str | None = None
    overlay: str | None = None
    alive: bool = False
    general: bool = False
    reopens: bool = False
    of_application: bool = False

    @property
    def lives(self) -> bool:
        """Whether the right must be in force on its day."""
        return self.alive or self.effect == "alive" or (self.effect == "status" and self.state == "in_force")

    @property
    def revives(self) -> bool:
        """Whether an earlier end, if there was one, is undone by it."""
        return self.lives or self.effect == "revive"

    @property
    def ends(self) -> bool:
        """Whether the application or right has ended, in a way that may be undone."""
        return self.effect == "end" or (self.effect == "status" and LIVES[self.state or ""] == "dead")

    @property
    def stage(self) -> str | None:
        """The stage that the application has reached, where it tells one."""
        return self.state if self.effect in ("stage", "status") and self.state in STAGES else None

    @property
    def bears(self) -> bool:
        """Whether it tells of the state at all."""
        return self.alive or self.effect not in ("none", "on", "off")


@dataclass(frozen=True)
class Vocabulary:
    """The codes and words of one office or source."""

    name: str
    formats: frozenset[str]
    authority: str | None
    codes: Mapping[str, str]
    told_by_words: frozenset[str]
    words: Sequence[tuple[re.Pattern[str], str]]

    def of_words(self, words: str) -> str | None:
        """The kind that words mean, by the first pattern that fits."""
        return next((kind for pattern, kind in self.words if pattern.search(words)), None)


@cache
def load_kinds() -> Mapping[str, Kind]:
    """All kinds by name. DefinitionError names the kind that breaks a rule."""
    found = {}
    for name, told in definitions.shipped("pingjiang.legal", "kinds.yaml").items():
        kind = Kind(name=name, **told)
        if kind.effect not in EFFECTS:
            raise DefinitionError(f"legal/kinds.yaml, {name}: no effect {kind.effect!r}")
        if kind.state is not None and kind.state not in LIVES:
            raise DefinitionError(f"legal/kinds.yaml, {name}: no state {kind.state!r}")
        if (kind.effect in ("on", "off")) != (kind.overlay in OVERLAYS):
            raise DefinitionError(f"legal/kinds.yaml, {name}: an overlay begins or ends, and nothing else has one")
        found[name] = kind
    return found


@cache
def load_vocabularies() -> Mapping[str, Vocabulary]:
    """The vocabularies of offices and sources by name. DefinitionError for a code that stands twice, or no kind."""
    told = {name: definitions.shipped("pingjiang.legal", "vocabulary", f"{name}.yaml") for name in _vocabulary_names()}
    return {name: _parse(name, data, told) for name, data in told.items()}


_LISTS = frozenset({"states", "documents", "classes"})  # beside the vocabularies of offices


def _vocabulary_names() -> list[str]:
    folder = resources.files("pingjiang.legal") / "vocabulary"
    names = (entry.name.removesuffix(".yaml") for entry in folder.iterdir() if entry.name.endswith(".yaml"))
    return sorted(set(names) - _LISTS)


def _parse(name: str, data: Mapping[str, Any], every: Mapping[str, Any]) -> Vocabulary:
    file = f"legal/vocabulary/{name}.yaml"
    codes: dict[str, str] = {}
    for kind, listed in data.get("codes", {}).items():
        for code in map(str, listed):
            if codes.setdefault(code.upper(), _known(kind, file)) != kind:
                raise DefinitionError(f"{file}: code {code!r} stands for {codes[code.upper()]} and {kind}")
    told_by_words = frozenset(data.get("told_by_words", ()))
    if both := told_by_words & codes.keys():
        raise DefinitionError(f"{file}: code {min(both)!r} is told by words and has a kind")
    words = every[data["words_of"]]["words"] if "words_of" in data else data.get("words", ())
    return Vocabulary(
        name=name,
        formats=frozenset(data.get("formats", ())),
        authority=data.get("authority"),
        codes=codes,
        told_by_words=told_by_words,
        words=[(re.compile(entry["match"]), _known(entry["kind"], file)) for entry in words],
    )


def _known(kind: str, file: str) -> str:
    if kind not in load_kinds():
        raise DefinitionError(f"{file}: there is no kind {kind!r} in legal/kinds.yaml")
    return kind


def folded(text: str) -> str:
    """Words for comparison: without marks such as ①②, in one width and case; Chinese without spaces.

    >>> folded("专利权的终止②"), folded("Patented  Case")
    ('专利权的终止', 'patented case')
    """
    plain = " ".join(unicodedata.normalize("NFKC", _MARKS.sub("", text)).lower().split())
    return plain.replace(" ", "") if _HAN.search(plain) else plain


def kind_of(format_: str, authority: str | None, code: str | None, text: str | None, details: str | None) -> str | None:
    """The kind of an event that a source tells; None where no vocabulary knows it."""
    own = [each for each in load_vocabularies().values() if format_ in each.formats]
    office = [each for each in load_vocabularies().values() if not each.formats and each.authority == authority]
    printed = (code or "").strip().upper()
    for vocabulary in (*own, *office):
        if printed in vocabulary.told_by_words:
            return vocabulary.of_words(folded(" ".join([*_TELLING.findall(details or ""), text or ""])))
        if printed in vocabulary.codes:
            return vocabulary.codes[printed]
    if printed and not _HAN.search(text or ""):  # an unknown code is not guessed from the words of another language
        return None
    return next((kind for each in (*own, *office) if (kind := each.of_words(folded(text or "")))), None)


def kind_of_class(authority: str | None, event_class: str | None) -> str | None:
    """The kind that the class of a code in a loaded table means.

    What a national office tells of a European patent ends or revives it there alone.
    """
    if authority == "EP" and event_class in ("H", "K"):
        return {"H": "ended_in_state", "K": "alive_in_state"}[event_class]
    kind = _classes().get((event_class or "").strip())
    return None if kind is None else str(kind)


@cache
def _classes() -> Mapping[str, str]:
    told = definitions.shipped("pingjiang.legal", "vocabulary", "classes.yaml")
    return {str(name): _known(kind, "legal/vocabulary/classes.yaml") for name, kind in told.items()}


@cache
def _states() -> Sequence[tuple[re.Pattern[str], str]]:
    file = "legal/vocabulary/states.yaml"
    told = definitions.shipped("pingjiang.legal", "vocabulary", "states.yaml")
    return [(re.compile(entry["match"]), _known(entry["kind"], file)) for entry in told]


def kind_of_state(words: str) -> str | None:
    """The kind of what an export says of a state; None for words that the list does not know.

    >>> kind_of_state("有效"), kind_of_state("未缴年费专利权终止,等恢复"), kind_of_state("其他")
    ('in_force', 'said_lapsed_restorable', 'said_unknown')
    """
    plain = folded(words)
    return next((kind for pattern, kind in _states() if pattern.fullmatch(plain)), None)


@dataclass(frozen=True, slots=True)
class DocumentKind:
    """A kind of document that announces more than a publication or a grant."""

    authority: str
    kind: str  # a pattern
    since: str
    means: str


@cache
def document_kinds() -> Sequence[DocumentKind]:
    """The list of vocabulary/documents.yaml."""
    file = "legal/vocabulary/documents.yaml"
    told = definitions.shipped("pingjiang.legal", "vocabulary", "documents.yaml")
    return [
        DocumentKind(each["authority"], each["kind"], each["from"].isoformat(), _known(each["means"], file))
        for each in told
    ]
