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

from pingjiang.errors import DefinitionError, Words

MAX_BYTES = 4_000_000


@dataclass(frozen=True, slots=True)
class Spot:
    """A value in the document. `zh` and `en` name it in a complaint ("末级 'eda' 的规则 2", "rule 2 of leaf 'eda'")."""

    file: str
    node: yaml.Node
    zh: str
    en: str

    @property
    def line(self) -> int:
        """The line of the value; the first line is 1."""
        return int(self.node.start_mark.line) + 1

    def fail(self, zh: str, en: str, remedy: tuple[str, str]) -> NoReturn:
        """Raise DefinitionError at this line."""
        raise DefinitionError(zh, en, file=self.file, row=self.line, remedy=remedy)

    def is_empty(self) -> bool:
        """Whether nothing stands here (`key:` without a value, `~`, or '')."""
        node = self.node
        return isinstance(node, yaml.ScalarNode) and (node.value.strip() == "" or node.tag == "tag:yaml.org,2002:null")

    def mapping(self, allowed: Collection[str], required: Collection[str] = ()) -> dict[str, Spot]:
        """The entries of a mapping; unknown, doubled or missing keys are refused by name."""
        if not isinstance(self.node, yaml.MappingNode):
            keys = _listed(allowed)
            self.fail(
                f"{self.zh}应为若干行“键: 值”。",
                f"{self.en} should be a set of 'key: value' lines.",
                (f"在它下面缩进写这些键：{keys}。", f"write the keys {keys} below it, indented."),
            )
        found: dict[str, Spot] = {}
        for key_node, value_node in self.node.value:
            key = str(key_node.value) if isinstance(key_node, yaml.ScalarNode) else "?"
            entry = Spot(self.file, key_node, f"{self.zh}的 '{key}' ", f"'{key}' of {self.en}")
            if key not in allowed:
                near = difflib.get_close_matches(key, list(allowed), n=1)
                entry.fail(
                    f"{self.zh}有不认识的键 '{key}'。",
                    f"{self.en} has an unknown key '{key}'.",
                    (
                        (f"是否指 '{near[0]}'？" if near else "") + f"认得的键：{_listed(allowed)}。",
                        (f"did you mean '{near[0]}'? " if near else "") + f"known keys: {_listed(allowed)}.",
                    ),
                )
            if key in found:
                entry.fail(
                    f"{self.zh}的键 '{key}' 出现两次。",
                    f"{self.en} has the key '{key}' twice.",
                    ("只保留一个。", "keep one of them."),
                )
            found[key] = Spot(self.file, value_node, entry.zh, entry.en)
        for key in required:
            if key not in found or found[key].is_empty():
                self.fail(
                    f"{self.zh}没有 '{key}'。",
                    f"{self.en} has no '{key}'.",
                    (f"加上“{key}: …”。", f"add '{key}: …' to it."),
                )
        return found

    def items(self) -> list[Spot]:
        """The entries of a list."""
        if not isinstance(self.node, yaml.SequenceNode):
            self.fail(
                f"{self.zh}应为列表。",
                f"{self.en} should be a list.",
                ("每项前写“- ”，或写成 [a, b, c]。", "write '- ' before each entry, or [a, b, c]."),
            )
        return [
            Spot(self.file, node, f"{self.zh}的第 {number} 项", f"entry {number} in {self.en}")
            for number, node in enumerate(self.node.value, start=1)
        ]

    def text(self) -> str:
        """A text that is not empty, as written, without spaces at its ends."""
        if not isinstance(self.node, yaml.ScalarNode):
            self.fail(
                f"{self.zh}应为一段文字。",
                f"{self.en} should be a text.",
                ("在冒号后写一段文字。", "write one text after the colon."),
            )
        if self.is_empty():
            self.fail(
                f"{self.zh}是空的。",
                f"{self.en} is empty.",
                ("写一段文字，或去掉这一行。", "write a text, or take the line out."),
            )
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
            f"无法打开（{error.strerror or error}）。",
            f"It cannot be opened ({error.strerror or error}).",
            file=name,
            remedy=("请检查路径和权限。", "check the path and its permissions."),
        ) from error
    if len(data) > MAX_BYTES:
        raise DefinitionError(
            f"{len(data)} 字节，作为定义文件太大。",
            f"{len(data)} bytes are too many for a definition.",
            file=name,
            remedy=(
                f"请控制在 {MAX_BYTES} 字节以内；是否给错了文件？",
                f"keep it under {MAX_BYTES} bytes; is this the right file?",
            ),
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise DefinitionError(
            "不是 UTF-8 文字。",
            "this is not UTF-8 text.",
            file=name,
            row=line,
            remedy=("请以 UTF-8 编码另存。", "save the file with encoding UTF-8."),
        ) from error
    return Spot(name, _compose(name, text), "文件", "the file"), data


def _compose(name: str, text: str) -> yaml.Node:
    def refused(zh: str, en: str, remedy: Words, line: int | None = None) -> DefinitionError:
        return DefinitionError(zh, en, file=name, row=line, remedy=remedy)

    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        raise refused(
            f"不是 YAML：{error.problem}。",
            f"this is not YAML: {error.problem}.",
            (
                "请检查缩进（用空格，不用制表符）、冒号后的空格和引号是否成对。",
                "check indentation (spaces, never tabs), colons followed by a space, and closed quotes.",
            ),
            error.problem_mark.line + 1 if error.problem_mark else 1,
        ) from error
    except yaml.YAMLError as error:
        raise refused(
            f"不是 YAML：{error}。",
            f"this is not YAML: {error}.",
            ("请另存为不含控制字符的 UTF-8 纯文本。", "save it as plain UTF-8 text without control characters."),
        ) from error
    except RecursionError as error:
        raise refused(
            "括号嵌套太深。",
            "brackets are nested too deep.",
            ("定义文件只需几层。", "a definition needs a handful of levels."),
        ) from error
    if node is None:
        raise refused("文件是空的。", "the file is empty.", ("请写入定义。", "write a definition into it."))
    return node


def _listed(keys: Collection[str]) -> str:
    return ", ".join(f"'{key}'" for key in keys)
