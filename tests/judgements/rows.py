"""Judgements for tests: names are single letters, moments are seconds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from pingjiang.judgements import Judgement, judge

NAMES = "abcdefg"
START = datetime(2026, 11, 1, tzinfo=UTC)


def row(a: str, b: str, verdict: str | None, second: int = 0, who: str = "张伟", subject: str = "organisation",
        undoes: str | None = None) -> Judgement:  # fmt: skip
    return judge(subject, a, b, verdict, who=who, at=START + timedelta(seconds=second), undoes=undoes)


@st.composite
def histories(draw: st.DrawFn, *, subjects: tuple[str, ...] = ("organisation",), most: int = 12) -> list[Judgement]:
    """A history: judgements of pairs, and rows that undo any earlier one."""
    rows: list[Judgement] = []
    for second in range(draw(st.integers(0, most))):
        if rows and draw(st.integers(0, 3)) == 0:
            undone = draw(st.sampled_from(rows))
            rows.append(row(undone.a, undone.b, None, second, subject=undone.subject, undoes=undone.judgement_id))
        else:
            a, b = draw(st.lists(st.sampled_from(NAMES), min_size=2, max_size=2, unique=True))
            verdict = draw(st.sampled_from(["same", "same", "different", "unsure"]))
            who = draw(st.sampled_from(["张伟", "李娜"]))
            rows.append(row(a, b, verdict, second, who, draw(st.sampled_from(subjects))))
    return rows
