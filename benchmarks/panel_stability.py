"""A panel's scores side by side and their stability: `python -m benchmarks.panel_stability [--applications 200]`.

Synthetic marks of worth, severity and noise, one sheet in twenty left out; a budget for a quarter of what is asked.
Each step is timed so many times in one process, which nothing else is asked of; told are the median and the worst.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import time
from collections.abc import Callable
from decimal import Decimal

from pingjiang.centre.programme.panels import scores, stability
from pingjiang.centre.programme.panels.scores import METHODS, Band, Criterion, ScoreRules, Totals
from pingjiang.centre.programme.panels.stability import Funding

GOAL_SECONDS = 2.0
SHEET = tuple(
    Criterion(code, Decimal(weight), Decimal(weight), Decimal("0.5"))
    for code, weight in (("industry", 30), ("operator", 20), ("goals", 15), ("plan", 20), ("budget", 10), ("risk", 5))
)
RULES = ScoreRules(5, Decimal(10), "population", (Band("pass", Decimal(60)), Band("good", Decimal(75))))
LIMITS = (Decimal("0.1"), Decimal("0.9"))
Marks = dict[str, dict[str, dict[str, Decimal]]]


def made(applications: int, experts: int, seed: int = 9) -> Marks:
    """Marks in half points: a worth for each application, a severity for each expert, noise for each mark."""
    chance = random.Random(seed)
    worth = {f"A{n:03}": chance.gauss(0.72, 0.08) for n in range(applications)}
    marks: Marks = {}
    for expert in range(experts):
        severity = chance.gauss(0, 0.04)
        marks[f"E{expert}"] = {
            application: {
                criterion.code: _mark(criterion, share + severity + chance.gauss(0, 0.09)) for criterion in SHEET
            }
            for application, share in worth.items()
            if chance.random() > 0.05
        }
    return marks


def _mark(criterion: Criterion, share: float) -> Decimal:
    steps = round(min(max(share, 0.0), 1.0) * float(criterion.highest / criterion.step))
    return criterion.step * steps


def timed(work: Callable[[], object], times: int) -> tuple[float, float]:
    """Median and worst seconds."""
    found = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        found.append(time.perf_counter() - began)
    return statistics.median(found), max(found)


def steps(marks: Marks, totals: Totals, funding: Funding, draws: int) -> dict[str, Callable[[], object]]:
    """What is timed, by name."""
    found: dict[str, Callable[[], object]] = {
        "totals of all sheets": lambda: scores.totals(SHEET, marks),
        "all methods side by side, with Kemeny": lambda: scores.side_by_side(totals, RULES),
    }
    for method in METHODS:

        def stable(method: scores.Method = method) -> object:
            left = stability.leave_one_out(totals, RULES, method, funding)
            drawn = stability.bootstrap(totals, RULES, method, funding, draws=draws, seed="benchmark", limits=LIMITS)
            return left, drawn

        found[f"stability: {method}"] = stable
    return found


def main() -> int:
    """Measure. 0 where the goal is met, 1 where it is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--applications", type=int, default=200)
    parser.add_argument("--experts", type=int, default=7)
    parser.add_argument("--draws", type=int, default=1000)
    parser.add_argument("--times", type=int, default=5)
    chosen = parser.parse_args()
    marks = made(chosen.applications, chosen.experts)
    totals = scores.totals(SHEET, marks)
    asked = {each: Decimal(random.Random(each).randrange(200, 500)) * 10_000 for each in totals.applications}
    budget = Decimal(sum(asked.values())) / 4
    funding = Funding(budget, asked, "skip", None, Decimal(60))
    print(f"{chosen.applications} applications × {chosen.experts} experts, {chosen.draws} draws\n")
    print("| step | median s | worst s |\n|---|--:|--:|")
    missed = False
    for name, work in steps(marks, totals, funding, chosen.draws).items():
        middle, worst = timed(work, chosen.times)
        print(f"| {name} | {middle:.3f} | {worst:.3f} |", flush=True)
        missed |= worst > GOAL_SECONDS
    order = scores.by_kemeny(totals, RULES)
    above = order.disagreements / order.bound - 1 if order.bound else 0.0
    print(f"\nKemeny: {order.disagreements} disagreements, bound {order.bound} ({above:.2%} above it at most).")
    print(f"Goal: < {GOAL_SECONDS} s: {'missed' if missed else 'met'}.")
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
