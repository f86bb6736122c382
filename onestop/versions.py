"""Whose database this is: one that a newer version has migrated refuses this program.

A program that does not know the newest columns would read half of what stands there and write the
other half. Each way in asks at its start (`refuse`); who serves asks again every few seconds
(`Watch`), because a database may be migrated under a program that runs: one statement then, never
one a page.
"""

import logging
import sys
import time
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from django.db import DatabaseError, InterfaceError, connection, connections
from django.db.migrations.loader import MigrationLoader

logger = logging.getLogger(__name__)
# How often who serves asks again; and when the database did not answer, for which a page waits.
SECONDS, AWAY_SECONDS = 2.0, 30.0
Names = frozenset[tuple[str, str]]
View = TypeVar("View", bound=Callable[..., Any])


def sentence(unknown: str) -> str:
    return (
        f"Cơ sở dữ liệu này do phiên bản Một cửa mới hơn tạo ra ({unknown}); phiên bản đang chạy không dùng được. "
        "Hãy cập nhật phần mềm lên phiên bản mới rồi khởi động lại."
    )


def known() -> Names:
    """Every migration that this version has, or that one of it replaces."""
    loader = MigrationLoader(None, load=False)
    loader.load_disk()
    found = loader.disk_migrations
    return frozenset(found).union(*(migration.replaces for migration in found.values()))


def unknown(applied: Iterable[tuple[str, str]], known: Names) -> list[str]:
    """Those of a newer version: "app.name"."""
    return sorted(f"{app}.{name}" for app, name in {*applied} - known)


class Watch:
    """What this process knows of the database. Threads share it: the worst is that two ask."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self.newer = ""
        self._known: Names | None = None
        self._last = 0
        self._next = float("-inf")

    @property
    def is_kept(self) -> bool:
        return self._known is not None

    def keep(self) -> str:
        """Begin, or begin anew after a fork. Out: the first unknown migration, or nothing."""
        self._known, self._last = known(), 0
        return self.look()

    def look(self) -> str:
        """Ask now. A database that does not answer, or has no tables yet, is no newer one."""
        if self._known is None:
            return ""
        self._next = self.clock() + SECONDS
        try:
            rows = _applied_since(self._last)
        except (DatabaseError, InterfaceError):
            self._next = self.clock() + AWAY_SECONDS
            return self.newer
        if rows:
            self._last = max(self._last, *(number for number, *_ in rows))
            found = unknown(((app, name) for _, app, name in rows), self._known)
            self.newer = self.newer or (found[0] if found else "")
        return self.newer

    def seen(self) -> str:
        """The same, asked at most once in SECONDS; the log is told the first time."""
        if self.newer or not self.is_kept or self.clock() < self._next:
            return self.newer
        if self.look():
            logger.error(sentence(self.newer))
        return self.newer


def _applied_since(last: int) -> list[tuple[int, str, str]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, app, name FROM django_migrations WHERE id > %s", [last])
        return list(cursor.fetchall())


watch = Watch()


def newer() -> str:
    """The first unknown migration of this database now, or nothing; also where nobody keeps watch."""
    return watch.look() if watch.is_kept else Watch().keep()


def answers_anyway(view: View) -> View:
    """A view that a newer database does not silence: it tells how this server is."""
    view.answers_anyway = True  # type: ignore[attr-defined]
    return view


def refuse() -> None:
    """At a way in: ends the process with a sentence and code 1 where the database is newer. Leaves
    no connection behind, so that children may be forked.
    """
    found = watch.keep()
    connections.close_all()
    if found:
        sys.stderr.write(sentence(found) + "\n")
        sys.stderr.flush()
        sys.exit(1)
