"""Reports and dashboards read from a streaming replica where `REPLICA_URL` names one, so that their
long statements do not stand beside the counter's (docs/adr/0031).

Asked before each use, by positions in PostgreSQL's log (never by its clocks alone): the replica
streams from this very database, and has what this browser saved last. Else, and while it does not
answer, the database itself is read: nobody waits for a replica, and none shows a page from before
one's own save. A dashboard may be some seconds old and says so from `REPLICA_SAY_SECONDS` on; a
report counts as of an instant, and reads only from a replica that has all up to then.
"""

from __future__ import annotations

import logging
import select
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, TypeVar

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import DatabaseError, InterfaceError, OperationalError, connection, connections
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from psycopg.pq import ExecStatus

from onestop.breaker import Breaker
from onestop.engines import REPLICA, reading_from

logger = logging.getLogger(__name__)
T = TypeVar("T")
View = Callable[..., HttpResponseBase]

# The browser's last write: a position in the log. Kept for longer than any replica that is read lags.
COOKIE, COOKIE_SECONDS = "vi_tri_ghi", 3600
# How long one that did not answer is left alone; how long it may take to say where it stands.
REST, ANSWER = 15.0, 1.0
# How long pages ask without waiting after one that waited in vain.
SOON = 5.0
# How long a page, and a worker or a command, waits for what is on its way.
PAGE_WAIT, WORK_WAIT = 0.3, 10.0
# One remembered position a second, for an hour.
SAMPLE_EVERY, SAMPLES = timedelta(seconds=1), 3600
NOWHERE = 0
BEYOND_ALL = 2**64 - 1
SAFE = frozenset({"GET", "HEAD"})

breaker = Breaker(REST)
# While open no page waits: what was waited for a moment ago did not come.
behind = Breaker(SOON)
_samples: deque[tuple[datetime, int]] = deque(maxlen=SAMPLES)

_WRITTEN = """SELECT pg_current_wal_insert_lsn()::text, clock_timestamp(),
    (SELECT system_identifier FROM pg_control_system())::text"""
_REPLAYED = b"""SELECT pg_is_in_recovery(), pg_last_wal_replay_lsn()::text,
    extract(epoch FROM pg_last_xact_replay_timestamp())::text,
    (SELECT system_identifier FROM pg_control_system())::text"""


class Unusable(Exception):
    """The replica cannot be read now; the text says why, in the words of /san-sang/."""


@dataclass(frozen=True, slots=True)
class Stand:
    """The replica has all that was written until `until`; `lag`: how long ago that was, by the clock
    of the database itself.
    """

    until: datetime
    lag: timedelta

    @property
    def is_told(self) -> bool:
        return self.lag > timedelta(seconds=settings.REPLICA_SAY_SECONDS)


def is_used() -> bool:
    return REPLICA in settings.DATABASES


def from_replica(*, whole: bool = False) -> Callable[[View], View]:
    """Decorates a view that only reads, below `officer_required`: rights were asked where they are
    written. `whole`: only from a replica that lacks nothing. One statement of either database more.

    One that fails in the middle is asked nothing more for a while, and the page is made again.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            def made(stand: Stand | None) -> HttpResponseBase:
                request.figures = stand  # type: ignore[attr-defined]
                return view(request, *args, **kwargs)

            if request.method not in SAFE:
                return made(None)
            return read(made, after=saved_by(request), whole=whole, wait=PAGE_WAIT)

        return answered

    return decorate


def read(
    work: Callable[[Stand | None], T], *, after: int = NOWHERE, whole: bool = True, wait: float
) -> T:
    """What `work` gives, with all its reads from the replica where that can be used, else from the
    database itself. It is given where the replica stands, or None, and must bear being begun again.
    """
    stand = look(after=after, whole=whole, wait=wait)
    if stand is None:
        return work(None)
    try:
        with reading_from(REPLICA), patient(wait):
            return work(stand)
    except (OperationalError, InterfaceError) as error:
        _failed(type(error).__name__)
    return work(None)


@contextmanager
def patient(wait: float) -> Iterator[None]:
    """A worker's statements run as long as on the database itself; a page's are cut off by the time
    that the connection begins with (onestop/engines.py).
    """
    if wait < WORK_WAIT:
        yield
        return
    with connections[REPLICA].cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
    try:
        yield
    finally:
        with suppress(DatabaseError, InterfaceError), connections[REPLICA].cursor() as cursor:
            cursor.execute("RESET statement_timeout")


def look(*, after: int = NOWHERE, whole: bool = False, wait: float = 0) -> Stand | None:
    """Where the replica stands; None where it is not to be read now."""
    if not is_used() or breaker.open:
        return None
    written = _written()
    if after > written.position:
        # Of no save of this database: nothing ever has it.
        return None
    after = max(after, written.position if whole else NOWHERE)
    until = time.monotonic() + (0 if wait < WORK_WAIT and behind.open else wait)
    try:
        while (found := _replayed(written)).position < after:
            if time.monotonic() >= until:
                behind.failed()
                return None
            time.sleep(0.01)
    except Unusable as error:
        _failed(str(error))
        return None
    breaker.answered()
    if after:
        behind.answered()
    most = timedelta(seconds=settings.REPLICA_MOST_SECONDS)
    stand = found.stand(written)
    return stand if stand.lag <= most else None


def standing() -> Stand:
    """The same for /san-sang/, asked also while it rests. Errors: Unusable."""
    written = _written()
    return _replayed(written).stand(written)


@dataclass(frozen=True, slots=True)
class _Written:
    position: int
    at: datetime
    system: str


@dataclass(frozen=True, slots=True)
class _Replayed:
    position: int
    # When the newest transaction that it has was committed, by the clock of the database itself.
    newest: datetime | None

    def stand(self, written: _Written) -> Stand:
        """By the positions that this process has seen: an idle database is not an old one."""
        if self.position >= written.position:
            return Stand(written.at, timedelta(0))
        seen = (at for at, position in reversed(_samples.copy()) if position <= self.position)
        known = [at for at in (next(seen, None), self.newest) if at is not None]
        never = datetime.fromtimestamp(0, written.at.tzinfo)
        until = min(max(known, default=never), written.at)
        return Stand(until, written.at - until)


def _written() -> _Written:
    with connection.cursor() as cursor:
        cursor.execute(_WRITTEN)
        text, at, system = cursor.fetchone()
    position = _number(text)
    if not _samples or at - _samples[-1][0] >= SAMPLE_EVERY:
        _samples.append((at, position))
    return _Written(position, at, system)


def _replayed(written: _Written) -> _Replayed:
    """Errors: Unusable."""
    try:
        with connections[REPLICA].wrap_database_errors:
            standby, position, newest, system = _asked()
    except (DatabaseError, InterfaceError, OSError) as error:
        # What is half asked or cut off answers nothing any more.
        with suppress(DatabaseError, InterfaceError):
            connections[REPLICA].close()
        raise Unusable("không trả lời") from error
    if standby != "t" or system != written.system or not position:
        raise Unusable("không phải bản sao của cơ sở dữ liệu này")
    at = datetime.fromtimestamp(float(newest), written.at.tzinfo) if newest else None
    return _Replayed(_number(position), at)


def _asked() -> list[str | None]:
    """Its answer, waited for no longer than `ANSWER`: a machine that hangs refuses no connection."""
    replica = connections[REPLICA]
    replica.ensure_connection()
    raw = replica.connection.pgconn
    raw.send_query(_REPLAYED)
    until = time.monotonic() + ANSWER
    while raw.flush() or raw.is_busy():
        left = until - time.monotonic()
        if left <= 0 or not select.select([raw.socket], [], [], left)[0]:
            raise OperationalError("no answer in time")
        raw.consume_input()
    answer = raw.get_result()
    while raw.get_result() is not None:
        pass
    if answer is None or answer.status != ExecStatus.TUPLES_OK:
        raise OperationalError("refused")
    values = [answer.get_value(0, column) for column in range(answer.nfields)]
    return [None if value is None else value.decode() for value in values]


def _failed(why: str) -> None:
    breaker.failed()
    logger.warning("replica not read", extra={"error": why, "seconds": REST})
    with suppress(DatabaseError, InterfaceError):
        connections[REPLICA].close()


def _number(text: str) -> int:
    high, low = text.split("/")
    return int(high, 16) << 32 | int(low, 16)


def saved_by(request: HttpRequest) -> int:
    """The position of this browser's last save; where it cannot be read, one that none reaches."""
    said = request.COOKIES.get(COOKIE, "")
    if not said:
        return NOWHERE
    try:
        return int(said, 16)
    except ValueError:
        return BEYOND_ALL


class RemembersSaves:
    """After whatever may have written for this browser: the position of the log, sent back with each
    request that follows. No secret, and whoever forges it reads the database itself.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        if not is_used():
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request.method in SAFE or settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return response
        position = BEYOND_ALL
        with suppress(DatabaseError, InterfaceError):
            position = _written().position
        response.set_cookie(
            COOKIE,
            f"{position:x}",
            max_age=COOKIE_SECONDS,
            httponly=True,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )
        return response


def told(stand: Stand | None) -> str:
    """“Số liệu đến …”, where a reader has to know; else nothing."""
    if stand is None or not stand.is_told:
        return ""
    at = timezone.localtime(stand.until)
    return f"{at:%H:%M:%S}" if stand.lag < timedelta(hours=12) else f"{at:%H:%M:%S ngày %d/%m/%Y}"
