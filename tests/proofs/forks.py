"""Work in child processes with database connections of their own."""

import asyncio.events
import os
import signal
import sys
import traceback
from collections.abc import Callable
from typing import Any

from django.db import connection, connections


class KillBefore:
    """A database wrapper that kills its process before the n-th statement (0: never), of those that
    begin with `of`.
    """

    def __init__(self, number: int, of: str = "") -> None:
        self.number = number
        self.of = of
        self.seen = 0

    def __call__(
        self,
        execute: Callable[..., Any],
        sql: str,
        params: Any,
        many: bool,
        context: dict[str, Any],
    ) -> Any:
        self.seen += sql.startswith(self.of)
        if self.seen == self.number:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(sql, params, many, context)


_inherited: list[Any] = []


def _open_own_connections(held: dict[str, Any]) -> None:
    """Let go of what came from the parent without closing it: closing would say goodbye on the
    parent's socket.

    Beside Playwright's event loop Django keeps a second set of connections, which the child, where
    no loop runs, does not see: `held` are those that the parent saw.
    """
    for each in [*connections.all(initialized_only=True), *held.values()]:
        _inherited.append(each.connection)
        each.connection = None
    for alias, wrapper in held.items():
        connections[alias] = wrapper


def close_connections() -> None:
    """All of this thread, of both sets."""
    connections.close_all()
    loop = asyncio.events._get_running_loop()
    asyncio.events._set_running_loop(None)
    try:
        connections.close_all()
    finally:
        asyncio.events._set_running_loop(loop)


def fork(work: Callable[[], object]) -> int:
    """Run `work` in a child; returns its pid. The child never returns into the test."""
    close_connections()
    held = {alias: connections[alias] for alias in connections}
    pid = os.fork()
    if pid:
        return pid
    code = 0
    try:
        _open_own_connections(held)
        work()
    except BaseException:
        traceback.print_exc()
        code = 1
    finally:
        sys.stderr.flush()
        os._exit(code)


def wait(pid: int) -> int:
    """The child's exit code; negative for the signal that killed it."""
    _, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status)


def killed_before(number: int, work: Callable[[], object], of: str = "") -> bool:
    """Run `work` in a child that dies before its n-th statement (of those that begin with `of`);
    True if it died, False if it came through.
    """

    def dying() -> None:
        with connection.execute_wrapper(KillBefore(number, of)):
            work()

    code = wait(fork(dying))
    assert code in (0, -signal.SIGKILL), f"the child failed by itself ({code})"
    return code != 0


def somebody_waits() -> bool:
    """Whether a connection to this database waits for a lock of another, on PostgreSQL."""
    with connection.cursor() as cursor:
        # Inside a transaction PostgreSQL looks once and says the same ever after.
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT COUNT(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        ((count,),) = cursor.fetchall()
    return bool(count)
