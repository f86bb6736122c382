"""Wake a worker after the commit. Nothing depends on it: what a nudge loses, the scheduler's sweep
finds.

A request waits for a broker that is away at most PATIENCE, and only the first one of its process in
REST seconds.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from celery import current_app
from django.db import transaction
from kombu.connection import Connection
from kombu.pools import producers

from onestop.breaker import Breaker

logger = logging.getLogger(__name__)
PATIENCE = 0.3
REST = 15.0
_breaker = Breaker(REST)


def nudge(task: str, *args: Any) -> None:
    """Queue the task of that name once the surrounding transaction has committed; a dead broker is
    only a log line.

    Arguments are ids. By name, so that a domain module never imports a tasks module.
    """
    transaction.on_commit(lambda: _send(task, args), robust=True)


def _send(task: str, args: tuple[Any, ...]) -> None:
    eager = current_app.conf.task_always_eager
    if _breaker.open and not eager:
        return
    try:
        with _producer() as options:
            known = current_app.tasks.get(task)
            if known is None:
                current_app.send_task(task, args=args, **options)
            else:
                known.apply_async(args=args, **options)
    except Exception as error:
        if eager:
            raise
        _breaker.failed()
        logger.warning(
            "worker not reached",
            extra={"task": task, "error": type(error).__name__, "seconds": REST},
        )
    else:
        _breaker.answered()


@contextmanager
def _producer() -> Iterator[dict[str, Any]]:
    """What a task is sent with: a connection of our own that gives up soon; the workers' own is
    patient.
    """
    url: str = current_app.conf.broker_url
    if current_app.conf.task_always_eager or not url.startswith("redis"):
        yield {}
        return
    with producers[_connection(url)].acquire(block=True, timeout=PATIENCE) as producer:
        yield {"producer": producer, "retry": False}


@lru_cache(maxsize=4)
def _connection(url: str) -> Any:
    quick = {
        "socket_connect_timeout": PATIENCE,
        "socket_timeout": PATIENCE,
        "max_retries": 0,
        "connect_retries_timeout": PATIENCE,
    }
    return Connection(url, transport_options={**current_app.conf.broker_transport_options, **quick})  # type: ignore[no-untyped-call]
