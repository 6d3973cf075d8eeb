"""What the worker raises in a random year, against what an oracle says that it must.

    python -m bench.model --seeds 1000

Each seed is a year: deadlines of four kinds open, move, pause, run again, are extended, met and called off; holidays
are entered late and accepted; people go away and come back early; limits, recruiters and managers change; the worker
stands still for days. After each event all nudges raised since are compared: moment, receiver, deadline, step.
"""

import argparse
import logging
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask

from bench.model.story import live
from bench.model.year import Difference
from bench.pages import application_on, database
from tracker.db import db

FAST = Path("/dev/shm")  # noqa: S108 - in memory where there is such a place


@contextmanager
def migrated(folder: Path) -> Iterator[Path]:
    """An empty, migrated database, to be copied for each seed."""
    with database("sqlite", folder) as url:
        yield Path(url.removeprefix("sqlite:///"))


def on_copy(template: Path, folder: Path, seed: int) -> Flask:
    """The tracker on a database of its own."""
    path = folder / f"{seed}.sqlite"
    shutil.copy(template, path)
    return application_on(f"sqlite:///{path}", folder)


def report(done: int, raised: int, differ: int, began: float) -> None:
    """Print how it stands."""
    print(f"{done} seeds, {raised:,} nudges, {differ} differ, {time.perf_counter() - began:.0f} s", flush=True)


def main() -> int:
    """Run the seeds; return 1 where one of them differs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=1000)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--events", type=int, default=40)
    chosen = parser.parse_args()
    logging.disable(logging.WARNING)
    began, raised, differ, done = time.perf_counter(), 0, 0, 0
    with tempfile.TemporaryDirectory(dir=FAST if FAST.is_dir() else None) as name, migrated(Path(name)) as template:
        for seed in range(chosen.first, chosen.first + chosen.seeds):
            app = on_copy(template, Path(name), seed)
            try:
                raised += live(app, seed, chosen.events)
            except Difference as found:
                differ += 1
                print(f"seed {seed}: {found}", flush=True)
            with app.app_context():
                db.engine.dispose()
            (Path(name) / f"{seed}.sqlite").unlink()
            done += 1
            if not done % 10:
                print(
                    f"{done} seeds, {raised:,} nudges, {differ} differ, {time.perf_counter() - began:.0f} s", flush=True
                )
    print(f"{done} seeds, {raised:,} nudges, {differ} differ, {time.perf_counter() - began:.0f} s")
    return 1 if differ else 0


if __name__ == "__main__":
    sys.exit(main())
