"""Words and values of evidence pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from django import template

from pingjiang.centre.evidence.data import runs
from pingjiang.centre.evidence.models import LakeRun
from pingjiang.centre.evidence.models.data import RUN_KINDS
from pingjiang.centre.evidence.rows import cell_of
from pingjiang.centre.jobs.models import JobLine
from pingjiang.centre.pages.words import is_english, said
from pingjiang.engine import Release
from pingjiang.sources.receipt import REASONS

register = template.Library()


@register.filter
def told(row: Mapping[str, Any], prefix: str) -> str:
    """`prefix_zh` or `prefix_en` of plain data, `zh` or `en` without a prefix, in the language of the page."""
    stem = f"{prefix}_" if prefix else ""
    return str(row[f"{stem}{'en' if is_english() else 'zh'}"])


@register.filter
def of(row: Mapping[Any, Any], key: Any) -> Any:
    """The value of a key; None where there is none."""
    return row.get(key)


@register.filter
def told_words(job: Any) -> str:
    """What a job is doing."""
    return str(job.words_en if is_english() else job.words_zh)


@register.filter
def told_problem(job: Any) -> str:
    """Why a job failed."""
    return str(job.problem_en if is_english() else job.problem_zh)


@register.filter
def broken_off(run: LakeRun) -> list[JobLine]:
    """The attempts of a run that ended with their worker."""
    return runs.broken_off(run)


@register.filter
def made_by(release: Release) -> str:
    """What a release came from: an import, a build."""
    name = str(release.info["made_by"])
    return said(RUN_KINDS.get(name, (name, name)))


@register.filter
def titled(titles: Mapping[str, tuple[str, str]], name: str) -> str:
    """What a format is called; its name where nobody calls it anything (any more)."""
    return said(titles[name]) if name in titles else name


@register.filter
def listed(parts: Iterable[object]) -> str:
    """Words one after another, as the language of the page parts them."""
    return (", " if is_english() else "、").join(map(str, parts))


@register.simple_tag
def colon() -> str:
    """What stands between a label and what it labels."""
    return ": " if is_english() else "："


@register.filter
def reason(name: str) -> str:
    """A reason of a receipt in words."""
    return said(REASONS[name])


@register.filter
def source_place(row: str | None) -> str:
    """The file and row that something was read from, in words; '' where it is not known."""
    return cell_of(row)


@register.filter
def file_name(path: str) -> str:
    """The last part of a path."""
    return Path(path).name
