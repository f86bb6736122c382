"""How often a stranger may ask: counted in the cache per address and per code, in fixed windows of
time.
"""

import hashlib
from dataclasses import dataclass

from django.core.cache import cache
from django.utils import timezone


@dataclass(frozen=True, slots=True)
class Limit:
    """So many in a window of so many seconds. `name` keeps the counters of different limits apart."""

    name: str
    times: int
    seconds: int

    def spend(self, who: str, count: int = 1) -> int:
        """Count one, or so many; 0 while within the limit, else the seconds until the window ends."""
        key, rest = self._window(who)
        cache.add(key, 0, rest + 5)
        try:
            used = cache.incr(key, count)
        except ValueError:  # the window ended between the two calls
            return 0
        return rest if used > self.times else 0

    def _window(self, who: str) -> tuple[str, int]:
        now = int(timezone.now().timestamp())
        return (
            f"throttle:{self.name}:{_digest(who)}:{now // self.seconds}",
            self.seconds - now % self.seconds,
        )


@dataclass(frozen=True, slots=True)
class Known:
    """Who did right lately: remembered in the cache for so many seconds."""

    name: str
    seconds: int

    def remember(self, who: str) -> None:
        cache.set(f"known:{self.name}:{_digest(who)}", True, self.seconds)

    def has(self, who: str) -> bool:
        return bool(cache.get(f"known:{self.name}:{_digest(who)}"))


def _digest(who: str) -> str:
    # Neither addresses nor codes stand in the cache.
    return hashlib.sha256(who.encode()).hexdigest()[:32]
