"""Rules as they are written in a chain, read and refused by line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from pingjiang.chain.document import Spot
from pingjiang.chain.queries import read_query
from pingjiang.chain.rule import BLOCKS, SCHEMES, ZONES, Rule
from pingjiang.chain.words import Words, fold_word
from pingjiang.errors import Unfit
from pingjiang.query.symbols import SymbolPattern, parse_pattern
from pingjiang.query.tree import And, Not
from pingjiang.query.tree import Node as Query

LANGUAGES = ("zh", "en")
_RULE_KEYS = ("query", "blocks", "symbols", "except", "within", "also", "without", "scheme", "words", "classifier")
_WORD_KEYS = ("any", "all", "none", "in")
_NONE = Words((), ())


def read_rules(spot: Spot, node_id: str) -> Iterator[Rule]:
    """The rules of a leaf, numbered from 1."""
    entries = spot.items()
    if not entries:
        spot.fail(
            f"末级 '{node_id}' 没有规则。",
            f"leaf '{node_id}' has no rule.",
            (
                "至少写一条规则：symbols、words、query 或 blocks。",
                "add at least one entry with 'symbols', 'words', 'query' or 'blocks'.",
            ),
        )
    for number, entry in enumerate(entries, start=1):
        here = Spot(entry.file, entry.node, f"末级 '{node_id}' 的规则 {number} ", f"rule {number} of leaf '{node_id}'")
        yield _rule(here, number)


def _rule(spot: Spot, number: int) -> Rule:
    entries = spot.mapping(_RULE_KEYS)
    for key, read in (("query", _query_rule), ("blocks", _block_rule)):
        if key in entries:
            _alone(entries, key)
            return replace(read(entries[key], number), classifier=_classifier(entries.get("classifier")))
    lists = {key: _pattern_list(entries.get(key)) for key in ("symbols", "except", "also", "without")}
    words = entries["words"].mapping(_WORD_KEYS) if "words" in entries else {}
    conditions = {key: _words(words[key]) if key in words else _NONE for key in ("any", "all", "none")}
    classifier = _classifier(entries.get("classifier"))
    if not lists["symbols"] and not conditions["any"].both() and not conditions["all"].both() and classifier is None:
        spot.fail(
            f"{spot.zh}只说了排除什么，或什么都没说。",
            f"{spot.en} says only what it leaves out, or nothing.",
            (
                "写出 symbols，或在 any、all 下写词，或写 classifier。",
                "name 'symbols', words under 'any' or 'all', or a 'classifier'.",
            ),
        )
    for key, remedy in (
        (
            "except",
            (
                "except 是从 symbols 里减去；要排除某些专利请用 without。",
                "'except' takes away from 'symbols'; to leave out publications use 'without'.",
            ),
        ),
        (
            "within",
            (
                "within 问 symbols 中的号排在第几；请写出 symbols。",
                "'within' asks where a symbol of 'symbols' stands; name some.",
            ),
        ),
    ):
        if key in entries and not lists["symbols"]:
            entries[key].fail(
                f"{spot.zh}有 '{key}' 而没有 symbols。", f"{spot.en} has '{key}' but no 'symbols'.", remedy
            )
    return Rule(
        number=number,
        symbols=lists["symbols"],
        excepted=lists["except"],
        within=_count(entries["within"]) if "within" in entries else None,
        also=lists["also"],
        without=lists["without"],
        schemes=(_choice(entries["scheme"], SCHEMES),) if "scheme" in entries else SCHEMES,
        any=conditions["any"],
        all=conditions["all"],
        none=conditions["none"],
        zone=_choice(words["in"], ZONES) if "in" in words else "both",
        classifier=classifier,
    )


def _query_rule(spot: Spot, number: int) -> Rule:
    return _asking(number, read_query(spot))


def _block_rule(spot: Spot, number: int) -> Rule:
    """A rule of blocks: what every block holds, less what the exclusions do."""
    entries = spot.mapping(tuple(BLOCKS))
    read = [(name, read_query(entries[name])) for name in BLOCKS if name in entries]
    held = tuple(query for name, query in read if name != "exclusions")
    refused = tuple(Not(query) for name, query in read if name == "exclusions")
    if not held:
        spot.fail(
            f"{spot.zh}只说了排除什么，或什么都没说。",
            f"{spot.en} says only what it leaves out, or nothing.",
            ("写出 anchor、synonyms 或 symbols。", "write an anchor, synonyms or symbols."),
        )
    parts = (*held, *refused)
    return _asking(number, And(parts) if len(parts) > 1 else parts[0], tuple(read))


def _asking(number: int, query: Query, blocks: tuple[tuple[str, Query], ...] = ()) -> Rule:
    none: tuple[SymbolPattern, ...] = ()
    return Rule(number, none, none, None, none, none, SCHEMES, _NONE, _NONE, _NONE, "both", query, blocks)


def _alone(entries: dict[str, Spot], key: str) -> None:
    others = ", ".join(name for name in entries if name not in (key, "classifier"))
    if others:
        zh, en = ("检索式", "a query is a rule") if key == "query" else ("检索块", "blocks are a rule")
        entries[key].fail(
            f"{entries[key].zh}旁边还有 {others}。",
            f"{entries[key].en} stands beside {others}.",
            (f"{zh}单独成一条规则。", f"{en} by itself."),
        )


def _classifier(spot: Spot | None) -> str | None:
    """The name of a classifier: 'list/tag'."""
    if spot is None:
        return None
    name = spot.text()
    if not re.fullmatch(r"[\w-]+/[\w-]+", name):
        spot.fail(
            f"{spot.zh}是 '{name}'。",
            f"{spot.en} is '{name}'.",
            ("写“标引任务/标签”，如 battery/solid。", "write 'list/tag', such as battery/solid."),
        )
    return name


def _pattern_list(spot: Spot | None) -> tuple[SymbolPattern, ...]:
    if spot is None:
        return ()
    found = []
    for entry in spot.texts():
        try:
            found.append(parse_pattern(entry.text()))
        except Unfit as error:
            entry.fail(
                f"{entry.zh}：{error.zh}。",
                f"{entry.en}: {error.en}.",
                ("见 docs/chain.md 的“分类号”。", "see 'class symbols' in docs/chain.md."),
            )
    if not found:
        spot.fail(
            f"{spot.zh}是空列表。",
            f"{spot.en} is an empty list.",
            ("写出分类号，或去掉这个键。", "name class symbols, or take the key out."),
        )
    return tuple(found)


def _words(spot: Spot) -> Words:
    """Words by language. Each language must be spoken of: [] says that there is none on purpose."""
    entries = spot.mapping(LANGUAGES)
    lists: dict[str, tuple[str, ...]] = {}
    for language in LANGUAGES:
        if language not in entries or entries[language].is_empty():
            spot.fail(
                f"{spot.zh}没有 '{language}' 的词。",
                f"{spot.en} has no '{language}' words.",
                (
                    f"标题有两种语言：加上“{language}: […]”；确实没有则写“{language}: []”。",
                    f"titles come in both languages: add '{language}: […]', or '{language}: []' if that is meant.",
                ),
            )
        lists[language] = tuple(_word(entry) for entry in entries[language].texts())
    if not lists["zh"] and not lists["en"]:
        spot.fail(
            f"{spot.zh}在两种语言里都是空的。",
            f"{spot.en} is empty in both languages.",
            ("写出词，或去掉这个键。", "name words, or take the key out."),
        )
    return Words(lists["zh"], lists["en"])


def _word(spot: Spot) -> str:
    try:
        return fold_word(spot.text())
    except Unfit as error:
        spot.fail(
            f"{spot.zh}：{error.zh}。",
            f"{spot.en}: {error.en}.",
            ("见 docs/chain.md 的“词”。", "see 'words' in docs/chain.md."),
        )


def _count(spot: Spot) -> int:
    text = spot.text()
    if not re.fullmatch(r"[1-9]\d{0,3}", text):
        spot.fail(
            f"{spot.zh}是 '{text}'。",
            f"{spot.en} is '{text}'.",
            ("写从 1 起的整数，如 3。", "write a whole number from 1, such as 3."),
        )
    return int(text)


def _choice(spot: Spot, choices: tuple[str, ...]) -> str:
    text = spot.text()
    if text not in choices:
        spot.fail(
            f"{spot.zh}是 '{text}'。",
            f"{spot.en} is '{text}'.",
            (f"写下列之一：{', '.join(choices)}。", f"write one of: {', '.join(choices)}."),
        )
    return text
