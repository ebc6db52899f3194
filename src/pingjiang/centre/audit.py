"""Whether what the site holds is what was written: history, books, facts, files. The first bad one of each is named."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pingjiang.centre.casework import history
from pingjiang.centre.casework.history import Verdict
from pingjiang.centre.documents import proof as of_files
from pingjiang.centre.documents.models import Content
from pingjiang.centre.facts import proof as of_facts
from pingjiang.centre.facts.models import Fact
from pingjiang.centre.money import proof as of_books
from pingjiang.centre.money.models import Journal

Problem = tuple[str, str]


@dataclass(frozen=True)
class Part:
    """What was found of one room: how many things there are, and the first that is wrong (zh, en)."""

    name: str
    words: tuple[str, str]
    unit: tuple[str, str]
    count: int
    problem: Problem | None
    more: str = ""

    @property
    def whole(self) -> bool:
        """Whether nothing is wrong."""
        return self.problem is None


@dataclass(frozen=True)
class Findings:
    """All parts; `history` is the verdict on the chain of events."""

    history: Verdict
    parts: tuple[Part, ...]

    @property
    def whole(self) -> bool:
        """Whether nothing is wrong anywhere."""
        return all(part.whole for part in self.parts)

    def as_dict(self) -> dict[str, Any]:
        """As plain data, for `--json`."""
        verdict = self.history
        return {
            "whole": self.whole, "events": verdict.events, "head": verdict.head, "broken_at": verdict.broken_at,
            "problem": _both(verdict.problem),
            "parts": {
                part.name: {"whole": part.whole, "count": part.count, "problem": _both(part.problem)}
                for part in self.parts
            },
        }  # fmt: skip


def verify(known: str | None = None) -> Findings:
    """Walk and recount everything; `known` is a digest of the history noted earlier. Reads every file that is kept."""
    verdict = history.verify(known)
    more = f" · 链头 head {verdict.head}" if verdict.whole else f" at {verdict.broken_at}"
    return Findings(
        verdict,
        (
            Part("history", ("办理记录", "history"), ("条", "events"), verdict.events, verdict.problem, more),
            Part("money", ("账目", "books"), ("张", "journals"), Journal.objects.count(), _first(of_books.problems())),
            Part("facts", ("事实", "facts"), ("条", "facts"), Fact.objects.count(), _first(of_facts.problems())),
            Part("files", ("文件", "files"), ("个", "files"), Content.objects.count(), _first(of_files.problems())),
        ),
    )


def _first(problems: Iterator[Problem]) -> Problem | None:
    return next(problems, None)


def _both(problem: Problem | None) -> dict[str, str] | None:
    return None if problem is None else {"zh": problem[0], "en": problem[1]}
