"""A criteria sheet as experts fill it in: which scores it takes, and where it wants a comment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from pingjiang.errors import FactRefused
from pingjiang.rulebook.policies.model import Criterion, Sheet, Words


@dataclass(frozen=True, slots=True)
class SheetFault:
    """Why a sheet cannot be locked as it is: the criterion, and what it lacks."""

    criterion: str
    words: Words


def wants_comment(sheet: Sheet, criterion: Criterion, score: Decimal) -> bool:
    """Whether a score lies at an end of its criterion."""
    low = criterion.points * sheet.comment_at_or_below_percent / 100
    high = criterion.points * sheet.comment_at_or_above_percent / 100
    return score <= low or score >= high


def sheet_faults(
    sheet: Sheet, scores: Mapping[str, Decimal | int | None], comments: Mapping[str, str]
) -> list[SheetFault]:
    """What keeps a sheet from being locked, in its order; an empty list: nothing does.

    FactRefused for a criterion that the sheet does not have, or a score that is neither int nor Decimal.
    """
    known = {criterion.id for criterion in sheet.criteria}
    for name in (*scores, *comments):
        if name not in known:
            raise FactRefused(
                f"评分表没有“{name}”。", f"The sheet has no {name!r}.", remedy=(f"可用：{known}。", f"Use: {known}.")
            )
    faults = ((each.id, _fault(sheet, each, scores.get(each.id), comments.get(each.id, ""))) for each in sheet.criteria)
    return [SheetFault(name, words) for name, words in faults if words is not None]


def _fault(sheet: Sheet, criterion: Criterion, score: Decimal | int | None, comment: str) -> Words | None:
    if score is None:
        return Words(f"“{criterion.zh}”未评分。", f"'{criterion.en}' has no score.")
    if isinstance(score, bool) or not isinstance(score, int | Decimal):
        raise FactRefused(
            f"“{criterion.zh}”的分数不能是 {score!r}。",
            f"The score of '{criterion.en}' cannot be {score!r}.",
            remedy=("给出整数或 Decimal。", "Give an int or a Decimal."),
        )
    number = Decimal(score)
    if not number.is_finite() or not 0 <= number <= criterion.points or number % sheet.step != 0:
        return Words(
            f"“{criterion.zh}”的分数应为 0 至 {criterion.points} 之间、以 {sheet.step} 分为一档。",
            f"The score of '{criterion.en}' lies between 0 and {criterion.points}, in steps of {sheet.step}.",
        )
    if wants_comment(sheet, criterion, number) and not comment.strip():
        return Words(
            f"“{criterion.zh}”的分数在高低两端，须写评语。", f"A score at either end needs a comment: '{criterion.en}'."
        )
    return None


def total(sheet: Sheet, scores: Mapping[str, Decimal | int]) -> Decimal:
    """The points of a whole sheet. KeyError where a criterion has none."""
    return sum((Decimal(scores[criterion.id]) for criterion in sheet.criteria), Decimal(0))
