"""`python -m benchmarks`: measure, print the table, keep the results in `build/bench/results.json`."""

from __future__ import annotations

import argparse
import json
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks import report
from benchmarks.measures import MEASURES, SLOW
from benchmarks.measuring import Rounds
from benchmarks.store import BENCH
from benchmarks.who_is_who import SIZED


def arguments(given: list[str] | None = None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--only", choices=sorted(MEASURES), action="append", help="one measurement (may be repeated)")
    parser.add_argument("--quick", action="store_true", help="two rounds, and nothing that takes long")
    parser.add_argument("--rounds", type=int, default=5, help="rounds of each measurement (default 5)")
    parser.add_argument(
        "--size",
        type=_size,
        action="append",
        default=[],
        metavar="NAME=N",
        help="how many names, mentions of inventors or documents: names=100000 (may be repeated)",
    )
    parser.add_argument("--results", type=Path, default=report.RESULTS, help="where the results are kept")
    parser.add_argument("--page", type=Path, help="also write the results as a markdown page")
    return parser.parse_args(given)


def main(given: list[str] | None = None) -> int:
    """Run the measurements. 0 where every goal is met, 1 where one is missed."""
    chosen = arguments(given)
    usual, slow = (2, 1) if chosen.quick else (chosen.rounds, min(chosen.rounds, 3))
    rounds = Rounds(usual, slow, dict(chosen.size))
    names = chosen.only or [name for name in MEASURES if not (chosen.quick and name in SLOW)]
    BENCH.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    measured: list[dict[str, Any]] = []
    for name in names:
        _say(f"== {name}")
        told = MEASURES[name](rounds, _say)
        measured.append({**told, "measured_at": datetime.now(UTC).isoformat(timespec="seconds")})
    results = {"machine": report.machine(), "measurements": _with_earlier(chosen.results, measured)}
    chosen.results.parent.mkdir(parents=True, exist_ok=True)
    chosen.results.write_text(json.dumps(results, ensure_ascii=False, indent=1), encoding="utf-8")
    print(report.markdown(results))
    if chosen.page is not None:
        report.write_page(chosen.results, chosen.page)
    _say(f"results: {chosen.results} ({(time.monotonic() - began) / 60:.1f} minutes)")
    return 0 if all(ratio["met"] for one in measured for ratio in one["ratios"]) else 1


def _size(given: str) -> tuple[str, int]:
    name, _, number = given.partition("=")
    if name not in SIZED or not number.isdecimal() or int(number) == 0:
        raise argparse.ArgumentTypeError(f"{given!r}: one of {', '.join(SIZED)}, =, a whole number from 1")
    return name, int(number)


def _with_earlier(file: Path, measured: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The new measurements, and of the others what the file of results holds already; in the usual order."""
    earlier = json.loads(file.read_text(encoding="utf-8"))["measurements"] if file.is_file() else []
    by_name = {one["name"]: one for one in [*earlier, *measured]}
    return [by_name[name] for name in MEASURES if name in by_name]


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
