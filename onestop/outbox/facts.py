"""What other systems must know, written down in the transaction of the act it tells about. Where no
system listens nothing is written and nothing is asked.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from onestop.jobs.nudge import nudge
from onestop.outbox.models import Fact


@dataclass(frozen=True, slots=True)
class Listener:
    """`wants`: whether any system is connected just now, without a query; `task` is woken."""

    wants: Callable[[], bool]
    task: str


_listeners: dict[str, Listener] = {}


def listen(topic: str, wants: Callable[[], bool], task: str) -> None:
    """Listing the same again changes nothing."""
    _listeners[topic] = Listener(wants, task)


def wanted(topic: str) -> bool:
    listener = _listeners.get(topic)
    return listener is not None and listener.wants()


def say(topic: str, told: Iterable[tuple[str, Mapping[str, Any]]], *, at: datetime) -> None:
    """Write (key, payload) of one transaction, in the order in which they happened, in one
    statement; a worker is nudged after the commit. Nothing where no system listens.
    """
    if not wanted(topic):
        return
    facts = [Fact(topic=topic, key=key, payload=payload, created_at=at) for key, payload in told]
    if facts:
        Fact.objects.bulk_create(facts)
        nudge(_listeners[topic].task)
