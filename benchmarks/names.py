"""`python -m benchmarks.names`: names linked end to end, against folding the same names in SQL and nothing else.

Synthetic names. Goal: at most 80 times the folding, 6 GB at its peak, for a million distinct names. Beside the seconds
the CPU's are told, which other work on the machine does not change.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from collections.abc import Callable

import pyarrow as pa

from benchmarks.generate.names import names
from pingjiang.engine import Session, Table
from pingjiang.identities.organisations.link import link_names
from pingjiang.text import organisation_key_sql

MOST_TIMES = 80
MOST_BYTES = 6 * 2**30


def main(given: list[str] | None = None) -> int:
    """0 where both goals are met, 1 where one is missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.names", description=__doc__)
    parser.add_argument("--names", type=int, default=1_000_000)
    chosen = parser.parse_args(given)
    with Session(threads=2, memory_limit="3GB") as session:
        table = session.from_arrow(pa.table({"name": names(chosen.names)}))
        folding = _timed(
            lambda: session.materialise(f"select n.name, {organisation_key_sql('n.name')} from n", n=table)
        )
        linking = _timed(lambda: link_names(session, table))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    for what, (seconds, cpu) in (("folding", folding), ("linking", linking)):
        print(f"{what}: {seconds:.1f} s, {cpu:.1f} s of CPU")
    times, of_cpu = linking[0] / folding[0], linking[1] / folding[1]
    print(f"{chosen.names:,} names: {times:.0f} times the folding ({of_cpu:.0f} of CPU), {peak / 2**30:.1f} GB")
    return 0 if times <= MOST_TIMES and peak <= MOST_BYTES else 1


def _timed(work: Callable[[], Table]) -> tuple[float, float]:
    began, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - began, time.process_time() - cpu


if __name__ == "__main__":
    sys.exit(main())
