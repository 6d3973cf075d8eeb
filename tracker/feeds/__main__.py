"""Reads one calendar in a process of its own: what is too hard to work out ends with this process alone.

On standard input a line of JSON (see ``apart.py``) and then the calendar file; on standard output a line of JSON.
"""

import json
import resource
import sys
from datetime import datetime

from tracker.feeds.reading import spans_of
from tracker.feeds.trouble import FeedTrouble
from tracker.rules.busy_times import Trouble

CPU_SECONDS = 20
MEMORY = 1024 * 1024 * 1024


def main() -> None:
    """Read, and tell the times or what the trouble is."""
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    asked = json.loads(sys.stdin.buffer.readline())
    sys.stdout.write(json.dumps(_answer(asked, sys.stdin.buffer.read())))


def _answer(asked: dict[str, object], data: bytes) -> dict[str, object]:
    starts_at, ends_at = (datetime.fromisoformat(str(asked[name])) for name in ("starts_at", "ends_at"))
    without = asked["without"]
    try:
        spans = spans_of(
            data,
            starts_at,
            ends_at,
            zone=str(asked["zone"]),
            email=str(asked["email"]),
            without=frozenset(without if isinstance(without, list) else ()),
        )
    except FeedTrouble as trouble:
        return {"trouble": trouble.trouble.value}
    except MemoryError:
        return {"trouble": Trouble.TOO_HARD.value}
    except Exception:
        # Whatever a stranger's file does to the libraries that read it, it is no calendar that can be used.
        return {"trouble": Trouble.NO_CALENDAR.value}
    return {"spans": [[each.starts_at.isoformat(), each.ends_at.isoformat(), each.is_tentative] for each in spans]}


if __name__ == "__main__":
    main()
