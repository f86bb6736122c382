"""The measured offices: databases of their own with generated dossiers, and web workers on them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

from benchmark.table import Sample, ask
from processes import ROOT, broker, free_port, postgres, spawn, stop, wait_for


class Office:
    """A migrated database with the demo's organisation and catalogue and so many generated dossiers
    (None: nothing at all), made when it is first asked for.
    """

    def __init__(
        self, stack: ExitStack, server: str, redis: str, name: str, count: int | None
    ) -> None:
        self.stack, self.server, self.redis, self.name = stack, server, redis, name
        self.has_organisation, self.count = count is not None, count or 0

    @cached_property
    def env(self) -> dict[str, str]:
        import psycopg

        var = self.stack.enter_context(tempfile.TemporaryDirectory(prefix=f"motcua-{self.name}-"))
        env = {
            **os.environ,
            "DATABASE_URL": f"{self.server.rsplit('/', 1)[0]}/{self.name}", "REDIS_URL": self.redis, "VAR_DIR": var,
            "DEBUG": "0", "TESTING": "0", "DEMO": "1", "SECRET_KEY": "bench-" + "x" * 40,
            "LOOKUP_KEY": "Zm9yLXRlc3RzLW9ubHktMzItYnl0ZXMtbG9uZy0hISE=", "EMAIL_URL": "dummymail://",
            "DJANGO_SETTINGS_MODULE": "tests.bench.settings",
        }  # fmt: skip
        with psycopg.connect(_plain(self.server), autocommit=True) as server:
            server.execute(f'CREATE DATABASE "{self.name}"')
        manage(env, "migrate", "-v", "0")
        if self.has_organisation:
            manage(env, "demo", "--organisation-only")
        if self.count:
            self._fill(env)
        return env

    def _fill(self, env: dict[str, str]) -> None:
        import psycopg

        started = time.monotonic()
        manage(env, "generate_dossiers", "--count", str(self.count), "--seed", "7")
        rate = self.count / (time.monotonic() - started)
        print(f"generate_dossiers {self.count}: {rate:.0f} hồ sơ/giây", flush=True)
        with psycopg.connect(_plain(env["DATABASE_URL"]), autocommit=True) as server:
            server.execute("VACUUM ANALYZE")
        manage(env, "collectstatic", "--noinput", "-v", "0")

    @cached_property
    def known(self) -> dict[str, Any]:
        """Addresses and cookies of what is measured (tests.bench.probes.known)."""
        found: dict[str, Any] = self.ask("known()")
        return found

    @cached_property
    def port(self) -> int:
        """Of a web server with one worker, started when first asked for."""
        assert self.known  # made before the server: it puts the desks of both sizes on a par
        port, _ = self.stack.enter_context(web(self.env))
        return port

    def page(self, path: str, cookie: str = "", **headers: str) -> Sample:
        """An address of this office; `path` and `cookie` by their names in `known`."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return Sample(
            self.port, self.known.get(path, path), self.known[cookie] if cookie else "", named
        )

    def ask(self, what: str) -> Any:
        """Run a function of tests.bench.probes in a process of this office; gives its JSON."""
        code = f"import django, json; django.setup(); from tests.bench import probes; print('\\n' + json.dumps(probes.{what}))"
        done = _run(self.env, "-c", code)
        if done.returncode:
            raise SystemExit(f"{what}:\n{done.stderr[-3000:]}")
        return json.loads(done.stdout.strip().splitlines()[-1])


class Offices:
    """`small` and `large` for what grows, `empty` and `taking` for what is brought in."""

    def __init__(self, stack: ExitStack, small: int, large: int) -> None:
        server = stack.enter_context(postgres(durable=True, shared_buffers="512MB"))
        redis = stack.enter_context(broker())
        self.small = Office(stack, server, redis, "nho", small)
        self.large = Office(stack, server, redis, "lon", large)
        # Nobody puts its desks on a par (`known`), so that its ledger holds.
        self.proven = Office(stack, server, redis, "so", small)
        self.empty = Office(stack, server, redis, "trong", None)
        self.taking = Office(stack, server, redis, "nhan", 0)


def manage(env: dict[str, str], *arguments: str) -> str:
    done = _run(env, "manage.py", *arguments)
    if done.returncode:
        raise SystemExit(f"manage.py {' '.join(arguments)}:\n{done.stderr[-3000:]}")
    return done.stdout


@contextmanager
def web(env: dict[str, str]) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """One web worker as in production; yields its port and gunicorn's master."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "onestop.wsgi:application", "--bind", f"127.0.0.1:{port}", "--workers", "1",
               "--preload", "--no-control-socket", "--timeout", "60", "--worker-class", "onestop.web_worker.BufferedWorker"]  # fmt: skip
    process = spawn(
        command, cwd=ROOT, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        if not wait_for(lambda: _answers(port), seconds=60, process=process):
            raise SystemExit("Máy chủ web không khởi động được.")
        yield port, process
    finally:
        stop(process)


def _answers(port: int) -> bool:
    try:
        return ask(Sample(port, "/song/"))[0] == 200
    except OSError:
        return False


def _run(env: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=Path(ROOT),
        env=env,
        check=False,
        capture_output=True,
        text=True,
    )


def _plain(url: str) -> str:
    return url.replace("postgres://", "postgresql://")
