"""Closed lists: what sources write, and the code that it means. Loaded from `codes/*.yaml`.

A word that is on no list is no code: the cell goes to `doubt` with reason `code_unknown`, never to a
default.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources

from pingjiang import definitions
from pingjiang.errors import DefinitionError


@cache
def code_list(name: str) -> Mapping[str, str]:
    """Word as written (lower case) → code, for the list `name`."""
    path = resources.files("pingjiang.schema") / "codes" / f"{name}.yaml"
    if not path.is_file():
        raise DefinitionError(f"the schema has no code list {name!r}")
    words: dict[str, str] = {}
    for code, entry in definitions.parse(path.read_text(encoding="utf-8")).items():
        for word in [code, *entry["words"]]:
            folded = str(word).lower()
            if words.setdefault(folded, code) != code:
                raise DefinitionError(f"schema/codes/{name}.yaml: {word!r} stands for two codes")
    return words


@cache
def code_words(name: str) -> Mapping[str, str]:
    """Code → its first word in Chinese, where it has one."""
    found: dict[str, str] = {}
    for word, code in code_list(name).items():
        if word > "\u2e7f":
            found.setdefault(code, word)
    return found
