"""A rule of a leaf: its conditions, and how it is told."""

from __future__ import annotations

from dataclasses import dataclass

from pingjiang.chain.words import Words
from pingjiang.query import echo
from pingjiang.query.symbols import SymbolPattern
from pingjiang.query.tree import Node as Query

SCHEMES = ("IPC", "CPC")
ZONES = ("title", "abstract", "both")
# The blocks of a search strategy: what the topic is, in which words, under which symbols, and what is not meant.
BLOCKS = {
    "anchor": ("主题", "topic anchor"),
    "synonyms": ("同义词", "synonyms"),
    "symbols": ("分类号", "symbols"),
    "exclusions": ("排除", "exclusions"),
}
# The parts of a rule as they are shown: a classifier is none that is written among the blocks.
PARTS = {**BLOCKS, "classifier": ("分类器", "classifier")}


@dataclass(frozen=True, slots=True)
class Rule:
    """One way into a leaf; all its conditions must hold. A leaf takes what any of its rules takes.

    `symbols` less `excepted`: one such symbol stands on the publication (no symbols: not asked); with
    `within`, among the first so many of its scheme as the source lists them, tags and indexing codes not
    counted. `also`: one of these stands on it too. `without`: none of these does. Then words in `zone`:
    one of `any`, all of one language of `all`, none of `none`. Or a `query` in their place; written as `blocks`
    it holds what each of them but the exclusions does, less what those do. And the `classifier` ('list/tag') of the
    lake takes it, where one is named.
    """

    number: int
    symbols: tuple[SymbolPattern, ...]
    excepted: tuple[SymbolPattern, ...]
    within: int | None
    also: tuple[SymbolPattern, ...]
    without: tuple[SymbolPattern, ...]
    schemes: tuple[str, ...]
    any: Words
    all: Words
    none: Words
    zone: str
    query: Query | None = None
    blocks: tuple[tuple[str, Query], ...] = ()
    classifier: str | None = None

    def has_words(self) -> bool:
        """Whether texts must be read to decide."""
        return bool(self.any.both() or self.all.both() or self.none.both())

    def text(self) -> str:
        """The rule in words, both languages, on one line."""
        asked = "" if self.classifier is None else f"; classifier 分类器: {self.classifier}"
        if self.blocks:
            told = "; ".join(f"{name} {BLOCKS[name][0]}: {echo(query)}" for name, query in self.blocks)
            return f"#{self.number} blocks 检索块: {told}{asked}"
        if self.query is not None:
            return f"#{self.number} query 检索式: {echo(self.query)}{asked}"
        parts = []
        if self.symbols:
            scheme = "" if self.schemes == SCHEMES else f"{self.schemes[0]} "
            parts.append(scheme + _patterns(self.symbols))
        if self.within is not None:
            parts.append(f"within first 前 {self.within}")
        for label, patterns in (
            ("except 不含", self.excepted),
            ("also 且有", self.also),
            ("without 且无", self.without),
        ):
            if patterns:
                parts.append(f"{label} {_patterns(patterns)}")
        zone = {"title": "title 标题", "abstract": "abstract 摘要", "both": "title/abstract 标题/摘要"}[self.zone]
        for label, words in (("any 任一", self.any), ("all 全部", self.all), ("none 均无", self.none)):
            if words.both():
                by_language = (", ".join(each) for each in (words.zh, words.en) if each)
                parts.append(f"{zone} {label}: {' / '.join(by_language)}")
        return f"#{self.number} " + ("; ".join(parts) + asked).removeprefix("; ")


def _patterns(patterns: tuple[SymbolPattern, ...]) -> str:
    return " | ".join(pattern.text for pattern in patterns)
