"""A holiday week and both changes of the clock in fast motion. The lists are read as their readers would, in golden/:

TRACKER_WRITE_GOLDEN=1 .venv/bin/python -m pytest tests/demo/test_fast_motion.py

Nobody does anything in these weeks, so that the chase is at its loudest.
"""

import os
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from tests.conftest import TestClock
from tests.demo.fast_motion import Read, watched
from tests.mail import server
from tracker.pipeline import staffing

GOLDEN = Path(__file__).parent / "golden"
WEEKS = {
    # Good Friday and Easter Monday in Berlin and London, none in Seattle; summer time begins on the Sunday between.
    "spring": (datetime(2027, 3, 25, 7, tzinfo=UTC), datetime(2027, 3, 31, 9, tzinfo=UTC)),
    # Summer time ends in Europe on Sunday 25 October, in America a week later: New York is an hour nearer meanwhile.
    "autumn": (datetime(2026, 10, 23, 7, tzinfo=UTC), datetime(2026, 10, 27, 12, tzinfo=UTC)),
}
HOLIDAYS = {"spring": ("26 Mar", "29 Mar"), "autumn": ()}


@pytest.mark.parametrize("week", WEEKS)
def test_what_everybody_is_sent(week: str, tmp_path: Path, at: TestClock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staffing, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    with server.running() as post:
        read = list(watched(tmp_path, post, at, *WEEKS[week]))
    _check(read, HOLIDAYS[week])
    found = "".join(f"{each.line}\n" for each in read)
    path = GOLDEN / f"{week}.txt"
    if os.environ.get("TRACKER_WRITE_GOLDEN"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(found, encoding="utf-8")
    assert found == path.read_text(encoding="utf-8"), (
        f"the mails of this week changed: is golden/{week}.txt still right?"
    )


def _check(read: list[Read], holidays: tuple[str, ...]) -> None:
    """What must hold of any such week, whatever the story."""
    nudges = [each for each in read if not each.subject.startswith("Reminder")]
    at_once = [each for each in nudges if each.at.hour in (23, 0)]
    assert {each.subject.split(":")[0] for each in at_once} == {"Overdue promise"}, "nothing else comes at night"
    by_day = [each for each in nudges if each not in at_once and not each.subject.startswith("Write your scorecard")]
    assert {each.at.hour for each in by_day} == {9}, "all else comes in the morning"
    assert not any(each.at.weekday() > 4 for each in by_day), "on business days"
    assert not any(f"{each.at:%d %b}" in holidays for each in nudges), "and on nobody's holidays"
    mornings = Counter((each.reader, each.at.date()) for each in nudges if each.at.hour == 9)
    assert set(mornings.values()) == {1}, "one e-mail in a morning"
    assert len({each.line for each in read}) == len(read), "nothing comes twice"
