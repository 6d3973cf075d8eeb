"""When a mail is tried again, and when it is given up for a person to look at."""

from datetime import datetime, timedelta
from random import SystemRandom

FIRST = timedelta(minutes=1)
LONGEST = timedelta(hours=4)
PATIENCE = timedelta(days=3)
# A mail that waited out a long standstill of the server still gets its fair number of tries.
FEWEST_ATTEMPTS = 10

_random = SystemRandom()


def pause(failures: int, first: timedelta = FIRST, longest: timedelta = LONGEST) -> timedelta:
    """Return how long to wait after so many failures (1 or more): doubling, with full jitter.

    Jitter spreads what failed together, so that a server that comes back is not run down.
    """
    most = min(longest.total_seconds(), first.total_seconds() * 2.0 ** min(failures - 1, 30))
    return timedelta(seconds=_random.uniform(0, most))


def is_spent(attempts: int, created_at: datetime, now: datetime) -> bool:
    """Whether a mail was tried long and often enough."""
    return attempts >= FEWEST_ATTEMPTS and now - created_at > PATIENCE
