"""Lists of publications that people tag: what is in one, by whom each is coded, and the file beside the lake.

    LAKE/tagging/<list>.json

A list says what is to be tagged; what people answer are judgements. A file is replaced whole or not at all.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from pingjiang.documents.target import fresh_file
from pingjiang.engine import Lake
from pingjiang.errors import DefinitionError, LakeCorrupt
from pingjiang.judgements import person

FOLDER = "tagging"
_ID = re.compile(r"[^\W_](?:[\w-]{0,38}[^\W_])?")


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag: its id, and how it is called in both languages."""

    id: str
    zh: str
    en: str

    @property
    def label(self) -> str:
        """The heading of its column; the id in angle brackets tells it from any other."""
        return f"{self.zh} {self.en} ‹{self.id}›"


@dataclass(frozen=True, slots=True)
class Item:
    """A publication of a list, by whom it is coded, and why it is in it: 'drawn' or 'suggested'."""

    publication_id: str
    coders: tuple[str, ...]
    why: str = "drawn"


@dataclass(frozen=True, slots=True)
class TagList:
    """A list. `drawn` tells how: release, query, sample, seed. `double`: the share that two experts code.

    exclusive   a publication bears one tag at most: who says yes of one says no of the others
    """

    name: str
    tags: tuple[Tag, ...]
    experts: tuple[str, ...]
    double: float
    due: str | None
    made_by: str
    drawn: Mapping[str, Any]
    items: tuple[Item, ...]
    exclusive: bool = False

    def tag(self, tag_id: str) -> Tag:
        """The tag of that id, or of that Chinese or English name. DefinitionError names those that there are."""
        for tag in self.tags:
            if tag_id in (tag.id, tag.zh, tag.en):
                return tag
        told = ", ".join(tag.id for tag in self.tags)
        raise DefinitionError(
            f"标引任务 {self.name} 没有标签 {tag_id!r}。", f"List {self.name} has no tag {tag_id!r}.",
            remedy=(f"写 {told} 之一。", f"name one of {told}."),
        )  # fmt: skip

    def key(self, tag: Tag) -> str:
        """What judgements of a tag are of: 'list/tag'."""
        return f"{self.name}/{tag.id}"

    def of(self, who: str | None) -> tuple[Item, ...]:
        """The items that a person codes; all of them for None. DefinitionError for somebody who codes none."""
        found = tuple(item for item in self.items if who is None or who in item.coders)
        if not found:
            told = ", ".join(self.experts) or "—"
            raise DefinitionError(
                f"{who} 在标引任务 {self.name} 中没有分到文献；专家：{told}。",
                f"{who} codes nothing of list {self.name}; its experts are: {told}.",
                remedy=("写其中一位；或不写，导出全部。", "Name one of them, or nobody for all of it."),
            )
        return found

    def as_dict(self) -> dict[str, Any]:
        """Plain data."""
        return asdict(self)


def name_of(text: str) -> str:
    """The name of a list, or the id of a tag. DefinitionError for one that is no good as a name of files."""
    if not _ID.fullmatch(text):
        raise DefinitionError(
            f"{text!r} 不能作名称。", f"{text!r} is no name.",
            remedy=(
                "用汉字、字母、数字和中间的 '-'，最多 40 个字符。",
                "use letters (of any script), digits, and '-' between them, 40 at most.",
            ),
        )  # fmt: skip
    return text


def tag_of(text: str) -> Tag:
    """A tag as it is written on the command line: 'id=中文|English', 'id=中文', or the id alone.

    >>> tag_of("solid=固态电解质|solid electrolyte").en
    'solid electrolyte'
    """
    tag_id, _, names = text.partition("=")
    zh, _, en = names.partition("|")
    tag_id = name_of(tag_id.strip())
    return Tag(tag_id, zh.strip() or tag_id, en.strip() or tag_id)


def made(
    name: str,
    tags: Sequence[Tag],
    publications: Sequence[str],
    *,
    experts: Sequence[str],
    double: float,
    due: date | None,
    made_by: str,
    drawn: Mapping[str, Any],
    exclusive: bool = False,
) -> TagList:
    """A new list of publications; who codes what follows from list, publication and experts alone.

    DefinitionError for no tag, one that stands twice, or a share to be coded twice with fewer than two experts.
    """
    told = [tag.id for tag in tags]
    people = tuple(dict.fromkeys(person(each) for each in experts))
    if not told or len(set(told)) < len(told):
        raise DefinitionError(
            "没有标签，或标签重复。", "There is no tag, or one stands twice.",
            remedy=("用 --tag 逐个写出，各一次。", "Name each by --tag, once."),
        )  # fmt: skip
    if not 0 <= double <= 1 or (double > 0 and len(people) < 2):
        raise DefinitionError(
            f"双人标引比例 {double} 需要在 0 与 1 之间，且至少有两位专家。",
            f"A share of {double} coded twice wants to be between 0 and 1, and two experts at least.",
            remedy=("用 --expert 写出专家，或去掉 --double。", "Name experts by --expert, or leave --double out."),
        )
    items = _shared_out(name, publications, people, double, "drawn")
    until = None if due is None else due.isoformat()
    return TagList(name_of(name), tuple(tags), people, double, until, made_by, drawn, items, exclusive)


def extended(told: TagList, publications: Sequence[str]) -> TagList:
    """The list with more publications, shared out alike; those that it holds already are left out."""
    known = {item.publication_id for item in told.items}
    fresh = [each for each in dict.fromkeys(publications) if each not in known]
    more = _shared_out(told.name, fresh, told.experts, told.double, "suggested")
    return replace(told, items=(*told.items, *more))


def _shared_out(
    name: str, publications: Sequence[str], people: Sequence[str], double: float, why: str
) -> tuple[Item, ...]:
    order = sorted(publications, key=lambda each: hashlib.sha256(f"{name}\n{each}".encode()).hexdigest())
    twice = round(double * len(order))
    coders = {
        each: () if not people else tuple(people[(at + turn) % len(people)] for turn in range(2 if at < twice else 1))
        for at, each in enumerate(order)
    }
    return tuple(Item(each, coders[each], why) for each in publications)


# -- the file ----------------------------------------------------------------------------------------


def names(lake: Lake) -> list[str]:
    """The lists of a lake."""
    return sorted(path.stem for path in (lake.folder / FOLDER).glob("*.json"))


def write(lake: Lake, told: TagList) -> None:
    """Write a new list. DefinitionError where one of its name is there."""
    with fresh_file(_path(lake, told.name), overwrite=False) as unfinished:
        unfinished.write_text(_text(told), encoding="utf-8")


def extend(lake: Lake, name: str, publications: Sequence[str]) -> TagList:
    """Put more publications into a list, read anew while nobody else writes it."""
    path = _path(lake, read(lake, name).name)
    with fresh_file(path, overwrite=True) as unfinished:
        longer = extended(read(lake, name), publications)
        unfinished.write_text(_text(longer), encoding="utf-8")
    return longer


def _text(told: TagList) -> str:
    return json.dumps(told.as_dict(), ensure_ascii=False, indent=1) + "\n"


def read(lake: Lake, name: str) -> TagList:
    """The list of that name. DefinitionError names those that there are; LakeCorrupt where its file is none."""
    path = _path(lake, name)
    if not path.is_file():
        there = ", ".join(names(lake)) or "—"
        raise DefinitionError(
            f"没有标引任务 {name!r}；现有：{there}。", f"There is no list {name!r}; there are: {there}.",
            remedy=("用 pingjiang tag create 新建。", "Make it by `pingjiang tag create`."),
        )  # fmt: skip
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        told["tags"] = tuple(Tag(**each) for each in told["tags"])
        told["items"] = tuple(
            Item(each["publication_id"], tuple(each["coders"]), each["why"]) for each in told["items"]
        )
        return TagList(**told | {"experts": tuple(told["experts"])})
    except (ValueError, KeyError, TypeError) as error:
        raise LakeCorrupt(
            "标引任务的文件已损坏；判断不在其中，仍完好。",
            "The file of this list is damaged; what was judged is not in it, and whole.",
            file=str(path), remedy=("从备份恢复该文件。", "Restore the file from a backup."),
        ) from error  # fmt: skip


def _path(lake: Lake, name: str) -> Path:
    return lake.folder / FOLDER / f"{name_of(name)}.json"
