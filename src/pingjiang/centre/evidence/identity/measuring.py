"""What the judgements of a lake tell of the machine's scores: pairs on either side of a line, precision and recall."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from pingjiang import judgements
from pingjiang.centre.evidence.identity.review import Asked, Queue, rows
from pingjiang.centre.evidence.models import JudgedPair
from pingjiang.centre.evidence.opening import Opened
from pingjiang.judging.measured import Judged, Measured, Share, by_folding, by_line, judged_pairs
from pingjiang.judging.pairs import Pair

_SURE = 30  # judged pairs below which a share is told as a count


@dataclass(frozen=True)
class Side:
    """Pairs of one side of the line: in doubt, not judged yet, and those that were judged, by what was said."""

    label: str
    doubted: int
    waiting: int
    same: int
    different: int
    unsure: int


@dataclass(frozen=True)
class Told:
    """A row of the table of measures: whose figures they are, on which pairs, precision and recall as text, n."""

    label: str
    under: str
    precision: str
    recall: str
    n: int


def sides(queue: Queue, asked: Asked, told: Sequence[Judged]) -> list[Side]:
    """Below, between and above the two scores that are asked for."""
    parts = [
        (f"0–{asked.low - 1}", 0, asked.low - 1),
        (f"{asked.low}–{asked.high}", asked.low, asked.high),
        (f"{asked.high + 1}–100", asked.high + 1, 100),
    ]
    return [_side(label, low, high, queue, told) for label, low, high in parts if low <= high]


def _side(label: str, low: int, high: int, queue: Queue, told: Sequence[Judged]) -> Side:
    def within(score: float) -> bool:
        return low <= round(100 * score) <= high

    said = [row.same for row in told if within(row.score)]
    return Side(
        label,
        sum(within(pair.score) for pair in queue.doubted),
        sum(within(pair.score) for pair in queue.pairs),
        said.count(True), said.count(False), said.count(None),
    )  # fmt: skip


def judged(at: Opened, level: str, queue: Queue) -> list[Judged]:
    """The pairs of a level that were judged, with the scores that they had: in this release, or when they were judged.

    A build knows what was judged before, and doubts it no more: such a pair has the score that was kept.
    """
    kept = list(JudgedPair.objects.filter(lake=at.row, level=level))
    pairs = {row.row_id: Pair(row.row_id, level, row.name_a, row.name_b, row.score, (), 0) for row in kept}
    pairs |= {pair.row_id: pair for pair in queue.doubted if pair.row_id not in pairs}
    standing = judgements.in_force(rows(at))
    return judged_pairs(pairs.values(), standing, {row.row_id: row.drawn for row in kept})


def measures(told: Sequence[Judged], line: int) -> list[Told]:
    """Rows of the table: all pairs that were judged, then those alone that chance picked; each with its baseline."""
    found = []
    drawn = [row for row in told if row.drawn]
    for part, where in ((told, _("判过的对")), (drawn, _("其中按抽样次序判的"))):
        count = sum(row.same is not None for row in part)
        if part is drawn and not count:
            continue
        found.append(_told(_("归并线移到 %(n)s") % {"n": line}, where, by_line(part, (line - 0.5) / 100), count))
        found.append(_told(_("基线：折叠后字面相同"), where, by_folding(part), count))
    return found


def _told(label: str, under: str, measured: Measured, count: int) -> Told:
    return Told(label, under, shown(measured.precision), shown(measured.recall), count)


def shown(share: Share) -> str:
    """A share as text: of few a count, of none nothing."""
    if share.value is None or share.interval is None:
        return "—"
    counted = f"{share.hits} / {share.of}"
    if share.of < _SURE:
        return counted
    low, high = share.interval
    return f"{100 * share.value:.1f} % ({100 * low:.0f}–{100 * high:.0f}) · {counted}"
