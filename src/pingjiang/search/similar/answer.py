"""What is similar to a publication or to a text, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from pingjiang.config import Settings
from pingjiang.engine import Lake
from pingjiang.errors import DefinitionError
from pingjiang.identifiers import NumberUnreadable, parse
from pingjiang.search.similar.arrays import Numbers
from pingjiang.search.similar.asking import Asked, lists, of_publication, of_text
from pingjiang.search.similar.build import Progress
from pingjiang.search.similar.method import METHODS, SYMBOLS, TERMS, VECTORS, Method, shipped_method
from pingjiang.search.similar.opened import Index
from pingjiang.search.similar.ranking import Ranked, fused
from pingjiang.search.similar.store import ensure, silent
from pingjiang.text.embeddings import Encoder, shipped_encoder

LISTED = 50
MOST_CHARACTERS = 5_000
_SHARED = 10  # terms and symbols that a hit tells
_KIN = {3: "application", 2: "simple_family", 1: "extended_family", 0: None}
_WITHOUT_MODEL = (
    "没有安装向量模型，未用向量；中英文之间只能靠分类号",
    "the model is not installed: vectors were not used, and between Chinese and English symbols alone compare",
)
_NOT_WANTED = ("按要求未用向量", "vectors were not wanted")
_NOTHING = {
    TERMS: ("没有可比的词", "no word to go by"),
    VECTORS: ("没有可比的文字", "no text to go by"),
    SYMBOLS: ("没有分类号", "no class symbol to go by"),
}


@dataclass(frozen=True)
class Similar:
    """Publications in order, the most similar first.

    release       the current one; index_release: the one that was built, of which the index is
    publication   the one that was asked for; None for a text
    lists         what each method found, by its name
    groups        of each publication the number of what is listed once: itself, or its family
    """

    release: str
    index: Index
    publication: dict[str, Any] | None
    asked: Asked
    lists: Mapping[str, Ranked]
    fused: Ranked
    groups: Numbers
    kin: np.ndarray[Any, np.dtype[np.int8]] | None
    method: Method
    has_encoder: bool
    with_model: bool

    def methods(self) -> list[dict[str, Any]]:
        """Each method: whether it was used, with which weight, how many it found among its first; else why not."""
        told = []
        for name in METHODS:
            one: dict[str, Any] = {"method": name, "used": name in self.lists}
            if name in self.lists:
                one |= {"weight": self.method.fusing.weights[name], "found": len(self.lists[name].ordinals)}
            else:
                why = _NOTHING[name]
                if name == VECTORS and not self.with_model:
                    why = _NOT_WANTED
                elif name == VECTORS and (
                    self.index.model is None or (self.publication is None and not self.has_encoder)
                ):
                    why = _WITHOUT_MODEL
                one["why_zh"], one["why_en"] = why
            told.append(one)
        return told

    def hits(self, most: int = LISTED) -> list[dict[str, Any]]:
        """The first so many, each with its rank by each method, the methods that brought it, and what it shares."""
        first = self.fused.first(most)
        ranks = {
            name: {group: at for at, group in enumerate(self.groups[one.ordinals].tolist(), start=1)}
            for name, one in self.lists.items()
        }
        found = []
        for rank, (ordinal, score, row) in enumerate(
            zip(first.ordinals.tolist(), first.scores.tolist(), self.index.shown(first.ordinals.tolist()), strict=True),
            start=1,
        ):
            by = {name: ranks[name].get(int(self.groups[ordinal])) for name in self.lists}
            found.append(
                {
                    "rank": rank,
                    **{name: row[name] for name in _SHOWN},
                    "kin": None if self.kin is None else _KIN[int(self.kin[ordinal])],
                    "score": score,
                    "ranks": by,
                    "brought_by": self._brought_by(by),
                    "shared_terms": _shared(self.index.terms, self.asked.said, ordinal),
                    "shared_symbols": _finest(_shared(self.index.symbols, self.asked.symbols, ordinal, most=None)),
                }
            )
        return found

    def _brought_by(self, by: Mapping[str, int | None]) -> list[str]:
        """The methods that found it, that which adds most to its score first."""
        fusing = self.method.fusing
        adds = {name: fusing.weights[name] / (fusing.constant + rank) for name, rank in by.items() if rank is not None}
        return sorted(adds, key=lambda name: (-adds[name], METHODS.index(name)))

    def as_dict(self, most: int = LISTED) -> dict[str, Any]:
        """As plain data."""
        return {
            "publication": self.publication,
            "release": self.release,
            "index_release": self.index.release,
            "stale": self.release != self.index.release,
            "publications": self.index.publications,
            "model": self.index.model,
            "methods": self.methods(),
            "candidates": len(self.fused.ordinals),
            "hits": self.hits(most),
        }


_SHOWN = ("publication_id", "title", "title_zh", "title_en", "publication_date", "standing")


def _shared(weights: Any, mine: frozenset[int], ordinal: int, most: int | None = _SHARED) -> list[str]:
    """What a document shares, that which weighs most in it first."""
    theirs = weights.of(ordinal)
    both = sorted(mine & theirs.keys(), key=lambda number: (-theirs[number], number))
    return [weights.name(number) for number in both[:most]]


def _finest(symbols: list[str]) -> list[str]:
    """Without those groups and subclasses of which a finer symbol is shared too."""
    groups = {symbol.partition("/")[0] for symbol in symbols if "/" in symbol}
    coarse = groups | {symbol[:4] for symbol in symbols if len(symbol) > 4}
    return [symbol for symbol in symbols if symbol not in coarse][:_SHARED]


def find_similar(
    lake: Lake,
    *,
    publication: str | None = None,
    text: str | None = None,
    families: bool = True,
    one_per_family: bool = False,
    settings: Settings | None = None,
    method: Method | None = None,
    encoder: Encoder | None = None,
    with_model: bool = True,
    progress: Progress = silent,
) -> Similar:
    """What is similar to a publication of the current release, or to a text of 5,000 characters at most.

    The publication itself is never among them; `families`: whether others of its application and families are (they
    are marked). `one_per_family`: of each extended family one alone is listed and ranked,
    the one that a method puts highest. `with_model`: whether vectors are
    used, where their model is there. A text is not stored.

    Raises DefinitionError for a number that is none, not in the lake or of several publications, for a text that is
    too long or says nothing, and where not one of the two is given.
    """
    method = method or shipped_method()
    encoder = (encoder or shipped_encoder()) if with_model else None
    _require_one(publication, text)
    index, release = ensure(lake, settings or Settings.from_environment(), method, encoder, progress)
    return similar_in(
        index, release.id, publication=publication, text=text, families=families, one_per_family=one_per_family,
        method=method, encoder=encoder, with_model=with_model,
    )  # fmt: skip


def similar_in(
    index: Index,
    release: str,
    *,
    publication: str | None = None,
    text: str | None = None,
    families: bool = True,
    one_per_family: bool = False,
    method: Method | None = None,
    encoder: Encoder | None = None,
    with_model: bool = True,
) -> Similar:
    """The same in an index that is open; `release` is told as the current one."""
    method = method or shipped_method()
    _require_one(publication, text)
    allowed = np.ones(index.publications, dtype=np.bool_)
    kin = shown = None
    if publication is not None:
        ordinal = _ordinal(index, publication)
        asked = of_publication(index, ordinal, method)
        kin = index.related(ordinal)
        allowed[ordinal] = False
        allowed &= families | (kin == 0)
        [row] = index.shown([ordinal])
        shown = {name: row[name] for name in _SHOWN}
    else:
        asked = of_text(index, text or "", method, encoder)
    if not with_model:
        asked = replace(asked, vector=None)
    found = lists(index, asked, allowed, method.fusing.depth)
    groups = np.arange(index.publications)
    if one_per_family:
        groups = index.families
        found = {name: one.one_each(groups) for name, one in found.items()}
    whole = fused(found, method.fusing, groups)
    return Similar(release, index, shown, asked, found, whole, groups, kin, method, encoder is not None, with_model)


def _require_one(publication: str | None, text: str | None) -> None:
    if (publication is None) == (text is None):
        raise DefinitionError(
            "请给出一件公开号，或者一段文字。",
            "Give either a publication or a text.",
            remedy=("写公开号，或用 --text。", "Write a number, or use --text."),
        )
    if text is not None:
        _require_text(text)


def _require_text(text: str) -> None:
    if len(text) > MOST_CHARACTERS:
        raise DefinitionError(
            f"文字有 {len(text):,} 个字符，最多 {MOST_CHARACTERS:,} 个。",
            f"The text has {len(text):,} characters; {MOST_CHARACTERS:,} is the most.",
            remedy=("请只留要点，如技术方案一段。", "Keep what matters, such as the paragraph on the solution."),
        )
    if not any(char.isalnum() for char in text):
        raise DefinitionError(
            "文字里没有字词。", "The text holds no word.", remedy=("请写几个字词。", "Write some words.")
        )


def _ordinal(index: Index, text: str) -> int:
    """The publication that a number means."""
    try:
        number = parse(text, what="publication")
    except NumberUnreadable as refusal:
        raise DefinitionError(
            f"{text!r} 不是公开号（{refusal.code}）。",
            f"{text!r} is no publication number ({refusal.code}).",
            remedy=("请写公开号，带国别代码；一段文字请用 --text。", "Give it with its office; a text goes by --text."),
        ) from None
    exact = index.ordinal(number.id)
    if exact is not None:
        return exact
    found = index.of_number(number.authority, number.number) if number.kind is None else []
    if len(found) == 1:
        return found[0]
    if not found:
        raise DefinitionError(
            f"版本 {index.release} 中没有 {text}。",
            f"Release {index.release} holds no {text}.",
            remedy=(
                "请核对号码和文献种类代码（pingjiang find 可查），或重新构建。",
                "Check number and kind code (`pingjiang find` knows), or build anew.",
            ),
        )
    names = ", ".join(row["publication_id"] for row in index.shown(found))
    raise DefinitionError(
        f"{text} 有几件公开：{names}。",
        f"{text} means several publications: {names}.",
        remedy=("请写明是哪一件。", "Say which one."),
    )
