"""Small chains, publications and class symbols for the tests of the room, and a matcher that is no SQL."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from pingjiang.engine import Session, Table

PUBLICATION = {
    "publication_id": "VARCHAR",
    "title": "VARCHAR",
    "title_zh": "VARCHAR",
    "title_en": "VARCHAR",
    "abstract_zh": "VARCHAR",
    "abstract_en": "VARCHAR",
}
CLASS = {"publication_id": "VARCHAR", "scheme": "VARCHAR", "symbol": "VARCHAR", "position": "BIGINT"}


@dataclass(frozen=True)
class Paper:
    """A publication with its symbols: (scheme, symbol, position)."""

    id: str
    title: str | None = None
    title_zh: str | None = None
    title_en: str | None = None
    abstract_zh: str | None = None
    abstract_en: str | None = None
    symbols: tuple[tuple[str, str, int | None], ...] = ()


def tables(session: Session, papers: Sequence[Paper]) -> tuple[Table, Table]:
    """`publication` and `publication_class` of some papers."""
    rows = [(p.id, p.title, p.title_zh, p.title_en, p.abstract_zh, p.abstract_en) for p in papers]
    classes = [(paper.id, *symbol) for paper in papers for symbol in paper.symbols]
    return session.from_rows(PUBLICATION, rows), session.from_rows(CLASS, classes)


def chain_text(leaves: Mapping[str, Sequence[Mapping[str, Any]]]) -> str:
    """A chain with one segment whose leaves have these rules, as YAML."""
    return yaml.safe_dump(
        {
            "chain": "made",
            "version": "1",
            "name": {"zh": "合成", "en": "made"},
            "nodes": [
                {
                    "id": "all",
                    "name": {"zh": "全部", "en": "all"},
                    "nodes": [
                        {
                            "id": leaf,
                            "name": {"zh": leaf, "en": leaf},
                            "definition": {"zh": "定义", "en": "definition"},
                            "rules": [dict(rule) for rule in rules],
                        }
                        for leaf, rules in leaves.items()
                    ],
                }
            ],
        },
        allow_unicode=True,
        sort_keys=False,
    )


def write(folder: Path, text: str, name: str = "chain.yaml") -> Path:
    """The text as a file."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


# -- the other way to decide: plain Python, string by string ----------------------------------------


def symbol_in(symbol: str, pattern: str) -> bool:
    """Whether a symbol falls into a pattern, read from the pattern's letters (no sort keys)."""
    if pattern.startswith("="):
        return symbol == pattern[1:]
    if "-" in pattern:
        first, last = pattern.split("-")
        return _order(first) <= _order(symbol) and (_order(symbol) <= _order(last) or symbol_in(symbol, last))
    if "/" in pattern or len(pattern) <= 4:
        return symbol.startswith(pattern)
    return symbol == pattern or symbol.startswith(pattern + "/")


def _order(symbol: str) -> tuple[str, int, str]:
    main, _, sub = symbol[4:].partition("/")
    return symbol[:4], int(main) if main else -1, sub


def words_in(text: str, word: str) -> bool:
    """Whether a text holds a word: looked for letter by letter, without a regular expression."""
    folded = "".join(unicodedata.normalize("NFKC", c) if "！" <= c <= "～" or c == "　" else c for c in text).lower()
    return any(_stands_at(folded, start, word.lower().replace("-", " ")) for start in range(len(folded) + 1))


def _stands_at(text: str, start: int, word: str) -> bool:
    ends = {start}
    parts = [part for part in word.split(" ") if part]
    if _latin(parts[0][0]) and start > 0 and _latin(text[start - 1]):
        return False
    for index, part in enumerate(parts):
        if index:
            ends = {after for end in ends for after in _gaps(text, end)}
        stem = part.removesuffix("*")
        ends = {end + len(stem) for end in ends if text.startswith(stem, end)}
        if part.endswith("*"):
            ends = {after for end in ends for after in _run(text, end)}
    return any(not (_latin(text[end - 1]) and end < len(text) and _latin(text[end])) for end in ends)


def _gaps(text: str, start: int) -> set[int]:
    end, found = start, set()
    while end < len(text) and text[end] in " -\t\n":
        end += 1
        found.add(end)
    return found


def _run(text: str, start: int) -> set[int]:
    end, found = start, {start}
    while end < len(text) and _latin(text[end]):
        end += 1
        found.add(end)
    return found


def _latin(character: str) -> bool:
    return ("0" <= character <= "9") or "LATIN" in unicodedata.name(character, "")


def rule_holds(rule: Mapping[str, Any], paper: Paper) -> bool:
    """Whether a rule, as written in YAML, takes a paper."""
    schemes = (rule["scheme"],) if "scheme" in rule else ("IPC", "CPC")
    standing = _standing(paper)
    mine = [(scheme, symbol) for scheme, symbol, _ in paper.symbols if scheme in schemes]

    def any_of(key: str) -> bool:
        return any(symbol_in(symbol, pattern) for _, symbol in mine for pattern in rule.get(key, ()))

    def enters(scheme: str, symbol: str) -> bool:
        return (
            any(symbol_in(symbol, pattern) for pattern in rule["symbols"])
            and not any(symbol_in(symbol, pattern) for pattern in rule.get("except", ()))
            and ("within" not in rule or standing.get((scheme, symbol), 10**9) <= rule["within"])
        )

    if "symbols" in rule and not any(enters(*each) for each in mine):
        return False
    if "also" in rule and not any_of("also"):
        return False
    return not any_of("without") and _words_hold(rule.get("words", {}), paper)


def _standing(paper: Paper) -> dict[tuple[str, str], int]:
    places: dict[tuple[str, str], int] = {}
    for wanted in ("IPC", "CPC"):
        counted = sorted(
            (position, symbol)
            for scheme, symbol, position in paper.symbols
            if scheme == wanted and position is not None and symbol[0] != "Y" and not _is_index(symbol)
        )
        places |= {(wanted, symbol): number for number, (_, symbol) in enumerate(counted, start=1)}
    return places


def _is_index(symbol: str) -> bool:
    main = symbol[4:].partition("/")[0]
    return main != "" and int(main) >= 2000


def _words_hold(words: Mapping[str, Any], paper: Paper) -> bool:
    titles = [text for text in (paper.title, paper.title_zh, paper.title_en) if text]
    abstracts = [text for text in (paper.abstract_zh, paper.abstract_en) if text]
    texts = {"title": titles, "abstract": abstracts, "both": titles + abstracts}[words.get("in", "both")]

    def found(word: str) -> bool:
        return any(words_in(text, word) for text in texts)

    if "any" in words and not any(found(word) for word in words["any"]["zh"] + words["any"]["en"]):
        return False
    if "all" in words and not any(
        words["all"][language] and all(found(word) for word in words["all"][language]) for language in ("zh", "en")
    ):
        return False
    return not ("none" in words and any(found(word) for word in words["none"]["zh"] + words["none"]["en"]))
