"""What can be evaluated: a truth file, a function that measures against it, and the lines that the page shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pingjiang.config import Settings
from pingjiang.errors import DefinitionError, PingjiangError

Answer = dict[str, Any]


@dataclass(frozen=True)
class Line:
    """A figure of the page: where it and its baseline stand in the answer ('located.share').

    n      where the number of labelled things that it rests on stands
    score  figure and baseline are whole scores: precision, recall and f1 with their intervals
    """

    zh: str
    en: str
    figure: str
    baseline: str | None = None
    n: str | None = None
    score: bool = False

    @property
    def places(self) -> tuple[str, ...]:
        """Where its figures stand, one by one: what a bar can be set on."""
        return tuple(f"{self.figure}.{name}" for name in MEASURES) if self.score else (self.figure,)


MEASURES = ("precision", "recall", "f1")


@dataclass(frozen=True)
class Task:
    """One truth file and what is measured on it.

    name             the command, and the heading of its bars: 'organisations'
    truth            the file under PINGJIANG_SAMPLES, or under this package where `ours`
    held_out_zh/_en  what was held out of tuning, and by which rule
    evaluate         (truth file, settings) → the answer: plain data, figures by name
    options          names of what else it may be told, as keywords: 'granted_before'
    """

    name: str
    truth: str
    zh: str
    en: str
    held_out_zh: str
    held_out_en: str
    evaluate: Callable[..., Answer]
    lines: Sequence[Line]
    ours: bool = False
    options: Sequence[str] = ()

    def path(self, settings: Settings) -> Path:
        """Where the truth file lies. DefinitionError where nobody said where samples are."""
        return (Path(__file__).parent if self.ours else samples_folder(settings)) / self.truth


def samples_folder(settings: Settings) -> Path:
    """The folder of real sample files. DefinitionError where it is not set."""
    if settings.samples is None:
        raise DefinitionError(
            "没有指明样本目录。",
            "Nobody said where the sample files are.",
            remedy=("把环境变量 PINGJIANG_SAMPLES 设为样本目录。", "set PINGJIANG_SAMPLES to their folder."),
        )
    return settings.samples


def figure_at(answer: Mapping[str, Any], place: str) -> Any:
    """The value at a dotted place of an answer. PingjiangError where there is none."""
    found: Any = answer
    for part in place.split("."):
        if not isinstance(found, Mapping) or part not in found:
            raise PingjiangError(f"结果中没有 {place}。", f"The answer holds no {place}.")
        found = found[part]
    return found


def measures(zh: str, en: str, place: str, baseline: str | None = None) -> list[Line]:
    """Precision, recall and F1 of one score, as a line."""
    return [Line(zh, en, place, baseline, f"{place}.n", score=True)]
