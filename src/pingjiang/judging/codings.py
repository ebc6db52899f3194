"""What people said of the tags of a list: who said what, what is agreed, what is open, how far coders agree."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

from pingjiang.judgements import Judgement
from pingjiang.judging.agreement import cohen
from pingjiang.judging.tag_lists import TagList

Key = tuple[str, str]  # tag, publication


@dataclass
class Codings:
    """What is in force of one list.

    said         (tag, publication) → who said what
    adjudicated  (tag, publication) → the decision; where several decided differently, the latest
    exclusive    the tags of which a publication bears one at most; empty where it may bear several
    """

    said: dict[Key, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    adjudicated: dict[Key, str] = field(default_factory=dict)
    exclusive: tuple[str, ...] = ()

    def labels(self) -> dict[str, dict[str, bool]]:
        """tag → publication → whether it bears the tag: what was adjudicated, else what all who coded it say.

        What people differ on, or one is unsure of, has no label: it is open, and neither yes nor no. Where tags are
        exclusive, yes of one is no of those of which nothing was said.
        """
        found: dict[str, dict[str, bool]] = defaultdict(dict)
        for (tag, publication), of in self.said.items():
            verdict = self.adjudicated.get((tag, publication)) or _agreed(of.values())
            if verdict is not None:
                found[tag][publication] = verdict == "yes"
        for (tag, publication), verdict in self.adjudicated.items():
            found[tag][publication] = verdict == "yes"
        for tag in self.exclusive:
            for publication in [each for each, held in found.get(tag, {}).items() if held]:
                for other in self.exclusive:
                    found[other].setdefault(publication, False)
        return dict(found)

    def open(self) -> dict[str, dict[str, str]]:
        """publication → tag → who said what, of all that is coded, not agreed and not adjudicated."""
        found: dict[str, dict[str, str]] = defaultdict(dict)
        for (tag, publication), of in sorted(self.said.items(), key=lambda each: (each[0][1], each[0][0])):
            if (tag, publication) not in self.adjudicated and _agreed(of.values()) is None:
                found[publication][tag] = " · ".join(f"{who} {_SHOWN[verdict]}" for who, verdict in sorted(of.items()))
        return dict(found)

    def agreement(self, told: TagList) -> list[dict[str, Any]]:
        """Cohen's kappa of each tag and each two people who have coded the same publications."""
        found = []
        for tag in told.tags:
            of = {publication: told_by for (name, publication), told_by in self.said.items() if name == tag.id}
            people = sorted({who for told_by in of.values() for who in told_by})
            for one, two in combinations(people, 2):
                both = [told_by for _, told_by in sorted(of.items()) if one in told_by and two in told_by]
                if both:
                    figures = cohen([each[one] for each in both], [each[two] for each in both])
                    found.append({"tag": tag.id, "one": one, "two": two, **figures.as_dict()})
        return found

    def progress(self, told: TagList) -> list[dict[str, Any]]:
        """Of each expert: publications to code, coded for all tags, for some, for none. Without experts: of anybody."""
        found = []
        for who in told.experts or (None,):
            counts = {"whole": 0, "part": 0, "none": 0}
            items = [item for item in told.items if who is None or who in item.coders]
            for item in items:
                done = sum(
                    bool(of) if who is None else who in of
                    for tag in told.tags
                    for of in [self.said.get((tag.id, item.publication_id), {})]
                )
                counts["whole" if done == len(told.tags) else "part" if done else "none"] += 1
            found.append({"who": who, "to_code": len(items), **counts})
        return found


def codings(told: TagList, in_force: Iterable[Judgement]) -> Codings:
    """What judgements in force say of a list, of its own tags and publications alone; the latest of one person."""
    tags = {told.key(tag): tag.id for tag in told.tags}
    held = {item.publication_id for item in told.items}
    made = Codings(exclusive=tuple(tag.id for tag in told.tags) if told.exclusive else ())
    for row in in_force:  # oldest first
        tag = tags.get(row.a)
        if tag is None or row.b not in held or row.verdict is None:
            continue
        if row.subject == "tag":
            made.said[tag, row.b][row.who] = row.verdict
        elif row.subject == "adjudication":
            made.adjudicated[tag, row.b] = row.verdict
    made.said = dict(made.said)
    return made


def said_by(made: Codings, who: str | None) -> Mapping[Key, str]:
    """What one person has said so far, by tag and publication."""
    return {} if who is None else {key: of[who] for key, of in made.said.items() if who in of}


_SHOWN = {"yes": "是 yes", "no": "否 no", "unsure": "不确定 unsure"}


def _agreed(verdicts: Iterable[str]) -> str | None:
    said = set(verdicts)
    return said.pop() if len(said) == 1 and "unsure" not in said else None
