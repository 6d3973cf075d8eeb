"""The loop planner measured: time, memory, cost and proof, beside people's habits and a general solver.

    python -m bench.planner                              all parts; some minutes
    python -m bench.planner --parts one batch            some of them
    python -m bench.planner --parts year --weeks 48      a year of loops, and how evenly they fall
    python -m bench.planner --cases 40 --solved 5        how many loops; how many the solver is asked

Seconds are of the processor. Every plan is judged by ``bench/planner/judge.py``, which shares nothing with the planner;
a plan that breaks a rule, or whose cost is not the one that the planner says, ends the run.
"""

import argparse
from collections.abc import Callable
from multiprocessing import get_context

from bench.planner import batches, singles, year

PARTS: dict[str, Callable[[int], None]] = {
    "one": singles.one,
    "raw": singles.raw,
    "repair": singles.repair,
    "none": singles.none,
    "habits": singles.habits,
    "solver": singles.solver,
    "batch": batches.middle,
    "large": batches.large,
    "year": year.fairness,
}


def main() -> None:
    """Run the parts, each in a process of its own, so that none pays for another's memory."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--parts", nargs="+", default=list(PARTS), choices=list(PARTS))
    parser.add_argument("--cases", type=int, default=40)
    parser.add_argument("--solved", type=int, default=5)
    parser.add_argument("--batches", type=int, default=3)
    parser.add_argument("--weeks", type=int, default=48)
    chosen = parser.parse_args()
    counts = {"solver": chosen.solved, "batch": chosen.batches, "large": 1, "year": chosen.weeks}
    for name in chosen.parts:
        process = get_context("spawn").Process(target=PARTS[name], args=(counts.get(name, chosen.cases),))
        process.start()
        process.join()
        if process.exitcode:
            raise SystemExit(1)


if __name__ == "__main__":
    main()
