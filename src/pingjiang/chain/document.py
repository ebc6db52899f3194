"""A YAML document read with its line numbers, so that every complaint names file, line and remedy.

Scalars are taken as they are written: `no`, `1.10` and `2026-01-01` stay text. Anchors (`&name [a, b]`,
later `*name`) work: no reader here descends deeper than the definition it knows, so none can explode.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import yaml

from pingjiang.errors import DefinitionError

MAX_BYTES = 4_000_000


@dataclass(frozen=True, slots=True)
class Spot:
    """A value in the document. `what` names it to the reader of a complaint ("rule 2 of leaf 'eda'")."""

    file: str
    node: yaml.Node
    what: str

    @property
    def line(self) -> int:
        """The line of the value; the first line is 1."""
        return int(self.node.start_mark.line) + 1

    def fail(self, message: str, remedy: str) -> NoReturn:
        """Raise DefinitionError at this line."""
        raise DefinitionError(complaint(self.file, self.line, message, remedy))

    def is_empty(self) -> bool:
        """Whether nothing stands here (`key:` without a value, `~`, or '')."""
        node = self.node
        return isinstance(node, yaml.ScalarNode) and (node.value.strip() == "" or node.tag == "tag:yaml.org,2002:null")

    def mapping(self, allowed: Collection[str], required: Collection[str] = ()) -> dict[str, Spot]:
        """The entries of a mapping; unknown, doubled or missing keys are refused by name."""
        if not isinstance(self.node, yaml.MappingNode):
            self.fail(
                f"{self.what} should be a set of 'key: value' lines.",
                f"write the keys {_listed(allowed)} below it, indented.",
            )
        found: dict[str, Spot] = {}
        for key_node, value_node in self.node.value:
            key = str(key_node.value) if isinstance(key_node, yaml.ScalarNode) else "?"
            entry = Spot(self.file, key_node, f"'{key}' of {self.what}")
            if key not in allowed:
                near = difflib.get_close_matches(key, list(allowed), n=1)
                hint = f"did you mean '{near[0]}'? " if near else ""
                entry.fail(f"{self.what} has an unknown key '{key}'.", f"{hint}known keys: {_listed(allowed)}.")
            if key in found:
                entry.fail(f"{self.what} has the key '{key}' twice.", "keep one of them.")
            found[key] = Spot(self.file, value_node, entry.what)
        for key in required:
            if key not in found or found[key].is_empty():
                self.fail(f"{self.what} has no '{key}'.", f"add '{key}: …' to it.")
        return found

    def items(self) -> list[Spot]:
        """The entries of a list."""
        if not isinstance(self.node, yaml.SequenceNode):
            self.fail(f"{self.what} should be a list.", "write '- ' before each entry, or [a, b, c].")
        return [
            Spot(self.file, node, f"entry {number} in {self.what}")
            for number, node in enumerate(self.node.value, start=1)
        ]

    def text(self) -> str:
        """A text that is not empty, as written, without spaces at its ends."""
        if not isinstance(self.node, yaml.ScalarNode):
            self.fail(f"{self.what} should be a text.", "write one text after the colon.")
        if self.is_empty():
            self.fail(f"{self.what} is empty.", "write a text, or take the line out.")
        return str(self.node.value).strip()

    def texts(self) -> list[Spot]:
        """A list of texts; a single text counts as a list of one."""
        if isinstance(self.node, yaml.ScalarNode) and not self.is_empty():
            return [self]
        return self.items()


def read(path: Path) -> tuple[Spot, bytes]:
    """The document of a YAML file and the file's bytes. DefinitionError where it cannot be read as YAML."""
    name = str(path)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise DefinitionError(
            f"{name}: cannot be opened ({error.strerror or error}). Remedy: check the path and its permissions."
        ) from error
    if len(data) > MAX_BYTES:
        raise DefinitionError(
            f"{name}: {len(data)} bytes are too many for a definition. "
            f"Remedy: keep it under {MAX_BYTES} bytes; is this the right file?"
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise DefinitionError(
            complaint(name, line, "this is not UTF-8 text.", "save the file with encoding UTF-8.")
        ) from error
    return Spot(name, _compose(name, text), "the file"), data


def _compose(name: str, text: str) -> yaml.Node:
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        remedy = "check indentation (spaces, never tabs), colons followed by a space, and closed quotes."
        raise DefinitionError(complaint(name, line, f"this is not YAML: {error.problem}.", remedy)) from error
    except yaml.YAMLError as error:
        raise DefinitionError(
            f"{name}: this is not YAML: {error}. Remedy: save it as plain UTF-8 text without control characters."
        ) from error
    except RecursionError as error:
        raise DefinitionError(
            f"{name}: brackets are nested too deep. Remedy: a definition needs a handful of levels."
        ) from error
    if node is None:
        raise DefinitionError(f"{name}: the file is empty. Remedy: write a definition, see docs/chain.md.")
    return node


def complaint(file: str, line: int, message: str, remedy: str) -> str:
    """The one form of all complaints about a definition."""
    return f"{file}, line {line}: {message} Remedy: {remedy}"


def _listed(keys: Collection[str]) -> str:
    return ", ".join(f"'{key}'" for key in keys)
