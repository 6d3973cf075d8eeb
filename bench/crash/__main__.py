"""Kill, freeze and cut off senders, and compare the books.

python -m bench.crash                                    5,000 kills and 500 of each other blow on each database
python -m bench.crash --kills 200 --others 20 --databases sqlite --seed 7
python -m bench.crash --prove                            senders that are wrong on purpose: each must be found out
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from bench.crash import wrong
from bench.crash.books import Books
from bench.crash.campaign import Campaign, Counts
from bench.pages import database


def main() -> int:
    """Run the campaigns; 0 where the books are in order, and under ``--prove`` where no wrong sender's are."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=5_000)
    parser.add_argument(
        "--others", type=int, default=500, help="freezes, SIGTERMs, cuts, and kills an hour ahead: each"
    )
    parser.add_argument("--databases", nargs="+", default=["sqlite", "postgresql"], choices=["sqlite", "postgresql"])
    parser.add_argument("--workers", type=int, default=3, help="at once")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--prove", action="store_true", help="run the wrong senders")
    chosen = parser.parse_args()
    if chosen.prove:
        return _prove(chosen)
    others = chosen.others
    counts = Counts(chosen.kills, others, others, others, others)
    is_fine = True
    for kind in chosen.databases:
        began = time.monotonic()
        books = _run(kind, counts, chosen.workers, chosen.seed)
        print(f"\n{kind}: {counts}, seed {chosen.seed}, {time.monotonic() - began:.0f} s")
        _print(books)
        is_fine = is_fine and not books.faults
    return 0 if is_fine else 1


def _run(kind: str, counts: Counts, workers: int, seed: int, sender: str | None = None) -> Books:
    with tempfile.TemporaryDirectory(prefix="tracker-crash-") as folder, database(kind, Path(folder)) as url:
        if sender is None:
            return Campaign(url, Path(folder), seed, counts, workers).run()
        spoiled = wrong.SENDERS[sender]
        return Campaign(url, Path(folder), seed, counts, workers, spoiled.spoil, spoiled.blows).run()


def _print(books: Books) -> None:
    print(f"  kills {books.kills:,}, mails {books.mails:,}, facts made untrue {books.untrue:,}")
    print(
        f"  lost {books.count('lost')}, stale {books.count('stale')}, twice {books.count('twice')}, "
        f"out of order {books.count('out of order')}, other bytes {books.count('other bytes')}"
    )
    print(f"  copies, byte for byte the same, where no mail system can help it: {dict(books.window) or 'none'}")
    print(f"  asked a person: {books.asked}")
    for kind, found in books.faults.items():
        print(f"  FAULT {kind}: {len(found)}, like {found[:5]}")


def _prove(chosen: argparse.Namespace) -> int:
    missed = []
    for name, sender in wrong.SENDERS.items():
        for kind in chosen.databases if "postgresql" in chosen.databases and sender.needs_both else ["sqlite"]:
            books = _run(kind, sender.counts, chosen.workers, chosen.seed, name)
            found = {each: len(what) for each, what in books.faults.items()}
            print(f"{name:32} {kind:10} {found or 'NOT FOUND OUT'}", flush=True)
            if not books.count(*sender.faults):
                missed.append(name)
    print(f"not found out: {', '.join(missed)}" if missed else "every wrong sender was found out")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
