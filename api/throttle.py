"""A patient clerk: so many attempts in so much time for one name, then a while of waiting."""

from __future__ import annotations

import time
from collections import OrderedDict, deque
from threading import Lock

from api.errors import TooMany

#: Names remembered at once; the oldest is forgotten first, so that a flood of names cannot fill the memory.
REMEMBERED = 100_000


class Throttle:
    """Count attempts by name in this process; it locks nobody out for longer than its own span."""

    def __init__(self, attempts: int, seconds: float):
        self.attempts, self.seconds = attempts, seconds
        self._seen: OrderedDict[str, deque[float]] = OrderedDict()
        self._lock = Lock()

    def count(self, name: str) -> None:
        """Count one attempt, or raise TooMany with the seconds to wait; a refused attempt is not counted."""
        now = time.monotonic()
        with self._lock:
            seen = self._seen.setdefault(name, deque())
            self._seen.move_to_end(name)
            while seen and now - seen[0] >= self.seconds:
                seen.popleft()
            if len(seen) >= self.attempts:
                raise TooMany(retry_after=int(self.seconds - (now - seen[0])) + 1)
            seen.append(now)
            if len(self._seen) > REMEMBERED:
                self._seen.popitem(last=False)

    def forget(self, name: str) -> None:
        """Start again for a name, after a success."""
        with self._lock:
            self._seen.pop(name, None)
