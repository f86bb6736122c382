"""A database beside that of the tests, for programs of their own: SQLite on one leg, PostgreSQL on
the other.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)


@dataclass
class Own:
    """The folder of its programs, and the address of its database."""

    folder: Path
    name: str = field(default_factory=lambda: f"upgrade_{uuid4().hex}")

    @property
    def on_postgres(self) -> bool:
        return "postgresql" in settings.DATABASES["default"]["ENGINE"]

    @property
    def url(self) -> str:
        at = settings.DATABASES["default"]
        if not self.on_postgres:
            return f"sqlite:///{self.folder}/office.sqlite3"
        who = f"{at['USER']}:{at['PASSWORD']}" if at["PASSWORD"] else at["USER"]
        return f"postgres://{who}@{at['HOST']}:{at['PORT']}/{self.name}"

    @property
    def env(self) -> dict[str, str]:
        """Of the tests' programs (`-m tests.…`) and of the product's own alike."""
        usual = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        return usual | {
            "PYTHONUTF8": "1",
            "ONESTOP_TEST_ROOT": str(self.folder),
            "VAR_DIR": str(self.folder),
            "DATABASE_URL": self.url,
            "SECRET_KEY": "only-for-tests-not-a-secret-only-for-tests",
            "LOOKUP_KEY": settings.LOOKUP_KEY,
            "REDIS_URL": os.environ.get("REDIS_URL", ""),
        }

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *command],
            cwd=ROOT,
            env=self.env,
            capture_output=True,
            text=True,
            check=False,
        )

    def server(self, statement: str) -> None:
        import psycopg

        at = settings.DATABASES["default"]
        where: dict[str, Any] = {"host": at["HOST"], "port": at["PORT"], "user": at["USER"]}
        if at["PASSWORD"]:
            where["password"] = at["PASSWORD"]
        with psycopg.connect(dbname="postgres", autocommit=True, **where) as to:
            to.execute(statement)  # type: ignore[call-overload]


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Own]:
    """Empty."""
    made = Own(tmp_path)
    if made.on_postgres:
        made.server(f"CREATE DATABASE {made.name}")
    yield made
    if made.on_postgres:
        made.server(f"DROP DATABASE {made.name} WITH (FORCE)")


@pytest.fixture
def proof(own: Own) -> Callable[..., subprocess.CompletedProcess[str]]:
    """tests/upgrades/proof.py on it."""
    return lambda *arguments: own.run("-m", "tests.upgrades.proof", *arguments)
