"""The web worker: gunicorn's process with waitress inside (docs/adr). A request reaches Django when
all of it has arrived.

Sync workers alone belong to whoever opened a connection, however slowly he speaks: four silent ones
stopped a counter. Here one loop holds the connections of a process and reads from all of them; a
thread is taken for a whole request only. Gunicorn goes on to start, count, watch and replace the
processes. Threads beside each other only bridge waits (a locked row, a slow disk): while one is
free the process takes new connections, else it leaves them to the other processes.
"""

import copy
import os
import resource
import socket
import time
from contextlib import suppress
from typing import Any

from gunicorn.workers.base import Worker
from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import TcpWSGIServer
from waitress.task import ErrorTask, ThreadedTaskDispatcher
from waitress.utilities import RequestEntityTooLarge

from onestop.uploads import most_of_program

# Seconds for a whole head, and for a whole request and the reading of its answer (a scan over a
# weak line).
HEAD_SECONDS, REQUEST_SECONDS = 20, 600
# Connections a process holds; when there are more, the one that has waited longest without a whole
# request makes room.
MOST_CONNECTIONS = 2000
HEAD_BYTES = 64 * 1024
# What a request without the cookie of a session may bring, so that fewer strangers' bodies fill a disk. A
# program that signs what it sends has no session; the view that it sends to says how much it may bring.
# Neither cookie nor signature is proven before the whole body lies here.
STRANGER_BYTES, SESSION_COOKIE = 1024 * 1024 + 1, "sessionid="
# How long the end of a process waits for requests of which only a part has come.
PATIENCE_AT_END = 3.0
TOO_LARGE = "Dữ liệu gửi lên lớn hơn mức máy chủ nhận trong một lần. Hãy gửi ít tệp hơn trong mỗi lần, rồi thử lại."


class OneRequest(HTTPRequestParser):
    """One request a connection: kept connections stick to one process, busy or not, while the
    others are idle.
    """

    adj: Adjustments

    def parse_header(self, header_plus: bytes) -> None:
        super().parse_header(header_plus)
        self.headers["CONNECTION"] = "close"
        if SESSION_COOKIE in self.headers.get("COOKIE", ""):
            return
        most = STRANGER_BYTES
        if self.chunked or self.content_length >= STRANGER_BYTES:
            most = max(most, most_of_program(self.path, self.headers) + 1)
        if self.adj.max_request_body_size > most:
            self.adj = copy.copy(self.adj)
            self.adj.max_request_body_size = most


class Refusal(ErrorTask):
    """What is refused before Django sees it; the one that an office meets is said in its language."""

    def execute(self) -> None:
        if isinstance(self.request.error, RequestEntityTooLarge):
            body = TOO_LARGE.encode()
            self.status = "413 Request Entity Too Large"
            self.response_headers.append(("Content-Type", "text/plain; charset=utf-8"))
            self.set_close_on_finish()
            self.content_length = len(body)
            self.write(body)
        else:
            super().execute()


class Channel(HTTPChannel):
    """A connection: open `since`; `began` is when a thread took its request."""

    parser_class = OneRequest
    error_task_class = Refusal
    began: float | None = None

    def __init__(self, *args: Any, **options: Any) -> None:
        self.since = time.monotonic()  # a clock that is set right closes nobody's connection
        super().__init__(*args, **options)

    def service(self) -> None:
        self.began = time.monotonic()
        try:
            super().service()
        finally:
            self.began = None

    def is_overdue(self, now: float) -> bool:
        """Silent, or so slow that it would hold its place for ever. Never while a thread works for
        it.
        """
        if self.requests:
            return False
        head_is_due = not self.total_outbufs_len and (
            self.request is None or not self.request.headers_finished
        )
        return now - self.since > (HEAD_SECONDS if head_is_due else REQUEST_SECONDS)


class Server(TcpWSGIServer):
    channel_class = Channel
    next_channel_cleanup: float = 0

    @property
    def busy(self) -> list[Channel]:
        """Connections with a whole request: in a thread, or waiting for one."""
        return [channel for channel in list(self.active_channels.values()) if channel.requests]

    def readable(self) -> bool:
        now = time.monotonic()
        if now >= self.next_channel_cleanup:
            self.next_channel_cleanup = now + self.adj.cleanup_interval
            self.maintenance(now)
        return bool(self.accepting) and len(self.busy) < self.adj.threads

    def handle_accept(self) -> None:
        super().handle_accept()
        if len(self.active_channels) > MOST_CONNECTIONS:
            waiting = [
                channel
                for channel in self.active_channels.values()
                if not channel.requests and not channel.total_outbufs_len
            ]
            if waiting:
                min(waiting, key=lambda channel: channel.since).handle_close()

    def maintenance(self, now: float) -> None:
        for channel in list(self.active_channels.values()):
            if channel.is_overdue(now):
                channel.will_close = True

    def unfinished(self) -> tuple[int, int]:
        """How many are served or read their answer, and of how many a part of the request has come."""
        channels = list(self.active_channels.values())
        served = sum(1 for channel in channels if channel.requests or channel.total_outbufs_len)
        return served, sum(1 for channel in channels if channel.request is not None)


class Dispatcher(ThreadedTaskDispatcher):
    """Waitress's threads, which count what they were given."""

    given = 0

    def add_task(self, task: Any) -> None:
        self.given += 1
        super().add_task(task)


class BufferedWorker(Worker):
    """See above. Settings of gunicorn that count: threads, timeout, max_requests, graceful_timeout."""

    def run(self) -> None:
        _allow_files(MOST_CONNECTIONS * 2)
        adjusted = Adjustments(
            threads=self.cfg.threads,
            ident=None,
            # onestop.accounts.access counts our proxies itself
            clear_untrusted_proxy_headers=False,
            max_request_header_size=HEAD_BYTES,
            max_request_body_size=int(os.environ.get("REQUEST_MAX_BYTES") or 110 * 1024 * 1024),
            cleanup_interval=1,
            backlog=self.cfg.backlog,
        )
        held: dict[int, Any] = {}
        threads = Dispatcher()
        threads.set_thread_count(adjusted.threads)
        servers = [
            _server(self.wsgi, held, listener.sock, threads, adjusted) for listener in self.sockets
        ]
        while self.alive and self.ppid == os.getppid():
            self._look_after(servers, threads)
            wasyncore.poll2(0.5, held)
        self._end(servers, threads, held)

    def _look_after(self, servers: list[Server], threads: Dispatcher) -> None:
        """Tell the master that all is well, unless a request has taken longer than the timeout:
        then it replaces us.
        """
        self.nr = threads.given
        if self.nr >= self.max_requests:
            self.log.info("Autorestarting worker after current request.")
            self.alive = False
        now = time.monotonic()
        began = [
            channel.began
            for server in servers
            for channel in server.busy
            if channel.began is not None
        ]
        if not self.timeout or all(now - start < self.timeout for start in began):
            self.notify()

    def _end(self, servers: list[Server], threads: Dispatcher, held: dict[int, Any]) -> None:
        """Take nothing new, finish what is there, and go."""
        for server in servers:
            server.accepting = False
            server.del_channel(held)
            server.socket.close()
        started = time.monotonic()
        while (age := time.monotonic() - started) < self.cfg.graceful_timeout:
            served = any(server.unfinished()[0] for server in servers)
            partly = any(server.unfinished()[1] for server in servers) and age < PATIENCE_AT_END
            if not served and not partly:
                break
            self.notify()
            wasyncore.poll2(0.1, held)
        threads.shutdown(timeout=1)


def _server(
    application: Any,
    held: dict[int, Any],
    listener: socket.socket,
    threads: Dispatcher,
    adjusted: Adjustments,
) -> Server:
    about = (listener.family, listener.type, listener.proto, listener.getsockname())
    listener.setblocking(False)
    return Server(
        application,
        held,
        True,
        listener,
        dispatcher=threads,
        adj=adjusted,
        bind_socket=False,
        sockinfo=about,
    )


def _allow_files(wanted: int) -> None:
    """A connection is an open file; the usual limit of 1,024 is far below what the machine can
    hold.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < most:
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
