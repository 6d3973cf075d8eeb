"""When a mail is tried again, and when it is given up for a person to look at."""

from datetime import datetime, timedelta
from random import SystemRandom

from tracker.mail.times import Times

_random = SystemRandom()


def pause(failures: int, first: timedelta, longest: timedelta) -> timedelta:
    """Return how long to wait after so many failures (1 or more): doubling, with full jitter.

    Jitter spreads what failed together, so that a server that comes back is not run down.
    """
    most = min(longest.total_seconds(), first.total_seconds() * 2.0 ** min(failures - 1, 30))
    return timedelta(seconds=_random.uniform(0, most))


def is_spent(attempts: int, created_at: datetime, now: datetime, times: Times) -> bool:
    """Whether a mail was tried long and often enough."""
    return attempts >= times.fewest_attempts and now - created_at > times.patience
