"""Redis dead or frozen: pages answer, acts are kept, and the wait is paid once."""

import socket
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest
import time_machine
from celery import current_app
from django.core.cache import cache, caches

from onestop.breaker import Breaker
from onestop.jobs import nudge as nudging
from onestop.jobs.caching import ForgivingRedisCache
from tests.world import MONDAY, make_case, make_office, receive

DEAD = "redis://127.0.0.1:9/0"


@pytest.fixture
def frozen() -> Iterator[tuple[str, socket.socket]]:
    """A server whose kernel takes connections and that never says a word; its address, and its ear
    to count them by.
    """
    with socket.create_server(("127.0.0.1", 0), backlog=20) as ear:
        ear.setblocking(False)
        yield f"redis://127.0.0.1:{ear.getsockname()[1]}/0", ear


def callers(ear: socket.socket) -> int:
    count = 0
    with suppress(BlockingIOError):
        while True:
            ear.accept()[0].close()
            count += 1
    return count


@pytest.fixture
def broker_at() -> Iterator[Callable[[str], None]]:
    """`broker_at(url)`: nudges go there from now on, and are sent for real."""
    conf, before = (
        current_app.conf,
        (current_app.conf.task_always_eager, current_app.conf.broker_url),
    )
    nudging._breaker.answered()

    def go(url: str) -> None:
        conf.task_always_eager, conf.broker_url = False, url

    yield go
    conf.task_always_eager, conf.broker_url = before
    nudging._breaker.answered()


def every_use(mine: ForgivingRedisCache) -> None:
    assert mine.add("n", 0, 60) is True
    assert mine.add("n", 5, 60) is False
    assert mine.incr("n") == 1
    assert mine.get("n") == 1
    mine.set("m", "x", 60)
    assert mine.get_many(["m", "none"]) == {"m": "x"}
    assert mine.touch("m", 60) is True
    assert "m" in mine
    assert mine.delete("m") is True
    assert mine.get("m", "gone") == "gone"
    assert mine.get_or_set("k", 3) == 3
    with pytest.raises(ValueError, match="not found"):
        mine.incr("unknown")
    mine.clear()


def test_the_cache_goes_on_alone_while_redis_is_dead(caplog):
    every_use(ForgivingRedisCache(DEAD, {}))
    assert caplog.text.count("cache not reached") == 1


def test_a_frozen_redis_is_asked_once_and_then_left_alone(frozen):
    url, ear = frozen
    mine = ForgivingRedisCache(url, {})
    every_use(mine)
    assert callers(ear) == 1


def test_a_cache_that_is_back_is_asked_again(frozen):
    url, ear = frozen
    mine = ForgivingRedisCache(url, {})
    mine.get("n")
    mine._breaker._until -= mine._breaker.rest
    mine.get("n")
    assert callers(ear) == 2


@pytest.mark.redis
def test_a_living_redis_is_used(settings):
    mine = ForgivingRedisCache(settings.REDIS_URL, {})
    every_use(mine)
    mine.set("shared", 1, 60)
    assert ForgivingRedisCache(settings.REDIS_URL, {}).get("shared") == 1


def test_a_breaker_closes_by_time_and_by_an_answer():
    now = [100.0]
    breaker = Breaker(15, lambda: now[0])
    assert not breaker.open
    breaker.failed()
    assert breaker.open
    now[0] += 15
    assert not breaker.open
    breaker.failed()
    breaker.answered()
    assert not breaker.open


@pytest.mark.django_db
def test_the_public_looks_a_dossier_up_and_is_still_counted(client, settings):
    """D4: the throttle must neither fail the page nor let everybody ask without end."""
    dossier = receive(make_office(), make_case())
    settings.CACHES = {
        "default": {"BACKEND": "onestop.jobs.caching.ForgivingRedisCache", "LOCATION": DEAD}
    }
    cache.clear()
    with time_machine.travel(MONDAY, tick=False):
        answers = [client.get(f"/tra-cuu/{dossier.code}/").status_code for _ in range(31)]
    assert set(answers[:30]) == {200}
    assert answers[-1] == 429
    caches["default"].clear()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("how", ["dead", "frozen"])
def test_receiving_goes_on_and_asks_a_silent_queue_once(broker_at, frozen, how):
    url, ear = frozen
    broker_at(DEAD if how == "dead" else url)
    office, case = make_office(), make_case()
    dossiers = [receive(office, case) for _ in range(3)]
    assert all(dossier.pk for dossier in dossiers)
    assert nudging._breaker.open
    assert callers(ear) <= 1
