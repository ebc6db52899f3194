"""What a translation gives: the tree, what it does not say, and what it says with another meaning."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pingjiang.query.echo import echo
from pingjiang.query.tree import Node


@dataclass(frozen=True, slots=True)
class Item:
    """A part of the query, where it stands (from 1), and what is to be said of it; `set`: of its hole."""

    text: str
    position: int
    zh: str
    en: str
    set: str | None = None


@dataclass(frozen=True, slots=True)
class Translation:
    """The tree, what it does not say, and what it says with another meaning.

    `assumed`: the manual of the dialect was not at hand, codes are taken to be those of its kin.
    """

    tree: Node
    untranslated: tuple[Item, ...]
    changed: tuple[Item, ...]
    assumed: bool = False

    def as_dict(self) -> dict[str, Any]:
        """As plain data, for `--json`."""

        def plain(item: Item) -> dict[str, Any]:
            told = {"text": item.text, "position": item.position, "zh": item.zh, "en": item.en}
            return told if item.set is None else {**told, "set": item.set}

        return {
            "query": echo(self.tree),
            "query_zh": echo(self.tree, "zh"),
            "complete": not self.untranslated,
            "assumed": self.assumed,
            "untranslated": [plain(item) for item in self.untranslated],
            "changed": [plain(item) for item in self.changed],
        }
