"""Has a calendar read by another process, so that no file can take this one's time or memory."""

import json
import os
import subprocess
import sys
from collections.abc import Collection
from datetime import datetime
from pathlib import Path

from tracker.feeds.trouble import FeedTrouble
from tracker.rules.busy_times import Span, Trouble

PROJECT = Path(__file__).resolve().parent.parent.parent
PROGRAM = ["-m", "tracker.feeds"]
SECONDS = 60


def read(
    data: bytes, starts_at: datetime, ends_at: datetime, *, zone: str, email: str, without: Collection[str]
) -> tuple[Span, ...]:
    """Return what ``reading.spans_of`` returns. Raises FeedTrouble, also where it takes too long or too much memory."""
    asked = {"zone": zone, "email": email, "without": sorted(without)}
    asked |= {"starts_at": starts_at.isoformat(), "ends_at": ends_at.isoformat()}
    try:
        done = subprocess.run(  # noqa: S603 - this program itself, by its own interpreter
            [sys.executable, *PROGRAM],
            input=json.dumps(asked).encode() + b"\n" + data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=SECONDS,
            cwd=PROJECT,
            # Nothing of the settings: what reads a stranger's file has no business with them.
            env={"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise FeedTrouble(Trouble.TOO_HARD) from error
    if done.returncode:
        raise FeedTrouble(Trouble.TOO_HARD)
    answer = json.loads(done.stdout)
    if "trouble" in answer:
        raise FeedTrouble(Trouble(answer["trouble"]))
    return tuple(
        Span(datetime.fromisoformat(begins), datetime.fromisoformat(ends), is_tentative)
        for begins, ends, is_tentative in answer["spans"]
    )
