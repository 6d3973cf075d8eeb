"""A brake for forms that strangers send: so many from one address within a while, counted in this process's memory.

It keeps a careless script from filling the database; it is no defence against many addresses.
"""

import threading
from collections import defaultdict, deque
from datetime import datetime, timedelta

KEYS = 10_000


class Throttle:
    """Allows ``most`` acts of one key within ``window``."""

    def __init__(self, most: int, window: timedelta) -> None:
        self.most = most
        self.window = window
        self._acts: dict[str, deque[datetime]] = defaultdict(deque)
        self._lock = threading.Lock()

    def allows(self, key: str, now: datetime) -> bool:
        """Note one act and return whether it is within the limit."""
        with self._lock:
            if key not in self._acts and len(self._acts) >= KEYS:
                self._forget(now)
            acts = self._acts[key]
            while acts and acts[0] <= now - self.window:
                acts.popleft()
            if len(acts) >= self.most:
                return False
            acts.append(now)
            return True

    def _forget(self, now: datetime) -> None:
        for key in [key for key, acts in self._acts.items() if not acts or acts[-1] <= now - self.window]:
            del self._acts[key]
        if len(self._acts) >= KEYS:
            self._acts.clear()
