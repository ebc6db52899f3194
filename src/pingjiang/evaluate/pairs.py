"""How well predicted clusters agree with labelled ones: pairwise and B³, set-based, never pair by pair.

Items have a predicted cluster, perhaps a label, and a weight: the number of mentions that an item stands for,
or 1 where distinct names are compared. A pair counts where it touches a labelled item; an unlabelled item counts as
another entity than every labelled one. So a predicted pair of a labelled item and a stranger is false, a pair of two
strangers is nobody's business.

    both       Σ over clusters and labels of C(n, 2), n the weight of a label in a cluster
    predicted  Σ over clusters of C(N, 2) − C(u, 2), N its weight, u that of its unlabelled items
    actual     Σ over labels of C(N, 2)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pingjiang.engine import Table
from pingjiang.intervals import Interval, bootstrap, wilson, wilson_f1

# What a label adds to each sum. A predicted pair of two labels is shared by both, half each: so the sums are exact,
# and labelled clusters can be drawn anew as wholes.
_PARTS = """
with cell as (
  select i.cluster, i.label, cast(sum(i.weight) as double) as weight from items i group by i.cluster, i.label
), cluster as (
  select c.cluster, sum(c.weight) as weight, sum(case when c.label is not null then c.weight else 0 end) as labelled
  from cell c group by c.cluster
), label as (
  select c.label, sum(c.weight) as weight from cell c where c.label is not null group by c.label
)
select
  c.label,
  sum(c.weight * (c.weight - 1) / 2) as both,
  sum(
    c.weight * (c.weight - 1) / 2
    + c.weight * (k.labelled - c.weight) / 2
    + c.weight * (k.weight - k.labelled)
  ) as predicted,
  max(l.weight * (l.weight - 1) / 2) as actual,
  max(l.weight) as weight,
  sum(c.weight * c.weight / k.weight) as b_precision,
  sum(c.weight * c.weight / l.weight) as b_recall,
  sum(c.weight * (k.weight - k.labelled)) as strangers
from cell c
join cluster k on k.cluster = c.cluster
join label l on l.label = c.label
where c.label is not null
group by c.label
order by c.label
"""


@dataclass(frozen=True)
class Score:
    """Sums over labelled clusters, and the measures that follow from them. A measure is None where it is 0 of 0.

    labels, weight   how many labelled clusters, and what their items weigh
    """

    labels: int
    weight: float
    both: float
    predicted: float
    actual: float
    b_precision: float | None
    b_recall: float | None
    intervals: Mapping[str, Interval | None]

    @property
    def precision(self) -> float | None:
        """Of the predicted pairs, the share that is right."""
        return ratio(self.both, self.predicted)

    @property
    def recall(self) -> float | None:
        """Of the labelled pairs, the share that was predicted."""
        return ratio(self.both, self.actual)

    @property
    def f1(self) -> float | None:
        """The harmonic mean of both."""
        return ratio(2 * self.both, self.predicted + self.actual)

    def as_dict(self) -> dict[str, Any]:
        """The measures as plain data, rounded to six digits, with what they were made of."""
        b_f1 = None
        if self.b_precision and self.b_recall:
            b_f1 = 2 * self.b_precision * self.b_recall / (self.b_precision + self.b_recall)
        return {
            "precision": rounded(self.precision),
            "recall": rounded(self.recall),
            "f1": rounded(self.f1),
            "intervals": {name: shown(interval) for name, interval in self.intervals.items()},
            "pairs": {"both": round(self.both), "predicted": round(self.predicted), "actual": round(self.actual)},
            "b_cubed": {
                "precision": rounded(self.b_precision),
                "recall": rounded(self.b_recall),
                "f1": rounded(b_f1),
            },
            "labels": self.labels,
            "n": round(self.weight),
        }


def score(items: Table, *, intervals: bool = True) -> Score:
    """The measures of `items` (cluster, label or null, weight), with `intervals` or without.

    Several rows may share cluster and label. Raises QueryFailed where a column is missing.
    """
    parts = parts_of(items)
    both, predicted, actual, weight, b_precision, b_recall, _ = summed(parts)
    ends = bootstrap([part[:3] for part in parts], (_precision, _recall, _f1)) if intervals else (None, None, None)
    return Score(
        len(parts), weight, both, predicted, actual, ratio(b_precision, weight), ratio(b_recall, weight),
        dict(zip(("precision", "recall", "f1"), ends, strict=True)),
    )  # fmt: skip


def parts_of(items: Table) -> list[tuple[float, ...]]:
    """What each label adds: both, predicted, actual, weight, B³ precision and recall, predicted pairs with strangers.

    Of `items` as for `score`; in the order of the labels.
    """
    return [tuple(map(float, row[1:])) for row in items.session.rows(_PARTS, items=items)]


def summed(parts: Sequence[Sequence[float]]) -> list[float]:
    """The sums of parts; zeros of none."""
    return [sum(column) for column in zip(*parts, strict=True)] if parts else [0.0] * 7


def _precision(sums: Sequence[float]) -> float | None:
    return ratio(sums[0], sums[1])


def _recall(sums: Sequence[float]) -> float | None:
    return ratio(sums[0], sums[2])


def _f1(sums: Sequence[float]) -> float | None:
    return ratio(2 * sums[0], sums[1] + sums[2])


def score_verdicts(verdicts: Iterable[tuple[bool, bool]]) -> Score:
    """The measures over single labelled pairs: (the same by prediction, the same by label) each."""
    given = list(verdicts)
    both = sum(predicted and actual for predicted, actual in given)
    predicted, actual = (sum(each[side] for each in given) for side in (0, 1))
    intervals = {
        "precision": wilson(both, predicted),
        "recall": wilson(both, actual),
        "f1": wilson_f1(both, predicted, actual),
    }
    return Score(len(given), len(given), both, predicted, actual, None, None, intervals)


def ratio(part: float, whole: float) -> float | None:
    """A share; None of nothing."""
    return part / whole if whole else None


def rounded(value: float | None) -> float | None:
    """A measure as it is stored."""
    return None if value is None else round(value, 6)


def shown(interval: Interval | None) -> list[float] | None:
    """An interval as it is stored."""
    return None if interval is None else [round(end, 6) for end in interval]
