"""The shared cache, and what a process does by itself while Redis is away: nothing that a page
needs hangs on it.

What is counted meanwhile (look-ups per address) is counted in each web process alone, so the bound
is looser, never gone.
"""

import logging
from functools import cached_property
from typing import Any

import redis
from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.backoff import NoBackoff
from redis.retry import Retry

from onestop.breaker import Breaker

logger = logging.getLogger(__name__)
# A cache that needs longer than this is no help; the client's own three attempts with pauses would
# add seconds.
PATIENCE = 0.3
# How long this process goes on alone before it asks again.
REST = 15.0
AWAY = (redis.RedisError, OSError)


class _OneClient(RedisCacheClient):
    """Django makes a client for each question: a table of all commands of Redis, a tenth of a
    look-up. One serves all threads; its pool gives each a connection.
    """

    @cached_property
    def _client_of_all(self) -> Any:
        return super().get_client(write=True)

    def get_client(self, key: Any = None, *, write: bool = False) -> Any:
        return self._client_of_all


class _Shared(RedisCache):
    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = _OneClient


class ForgivingRedisCache(BaseCache):
    """Redis; while it does not answer, a memory of this process. Never an error of the server."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(params)
        quick = {
            "socket_connect_timeout": PATIENCE,
            "socket_timeout": PATIENCE,
            "retry": Retry(NoBackoff(), 0),
        }
        options = {**quick, **params.get("OPTIONS", {})}
        self._shared = _Shared(server, {**params, "OPTIONS": options})
        self._own = LocMemCache("while-redis-is-away", {})
        self._breaker = Breaker(REST)

    def _ask(self, verb: str, *args: Any, **options: Any) -> Any:
        if not self._breaker.open:
            try:
                found = getattr(self._shared, verb)(*args, **options)
            except AWAY as error:
                self._breaker.failed()
                logger.warning(
                    "cache not reached", extra={"error": type(error).__name__, "seconds": REST}
                )
            else:
                self._breaker.answered()
                return found
        return getattr(self._own, verb)(*args, **options)

    def add(
        self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> bool:
        return bool(self._ask("add", key, value, timeout, version))

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return self._ask("get", key, default, version)

    def set(
        self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> None:
        self._ask("set", key, value, timeout, version)

    def touch(self, key: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        return bool(self._ask("touch", key, timeout, version))

    def delete(self, key: Any, version: int | None = None) -> bool:
        return bool(self._ask("delete", key, version))

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> int:
        return int(self._ask("incr", key, delta, version))

    def has_key(self, key: Any, version: int | None = None) -> bool:
        return bool(self._ask("has_key", key, version))

    def clear(self) -> None:
        self._own.clear()
        self._ask("clear")
