"""`python -m tests.upgrades.record NAME`: today's database, with data, as a base for later proofs.

The rows are made on SQLite; the tables of PostgreSQL are read from a private server.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from typing import Any


def main() -> int:
    [name] = sys.argv[1:]
    with tempfile.TemporaryDirectory(prefix="motcua-base-") as root:
        os.environ |= {"ONESTOP_TEST_ROOT": root, "DJANGO_SETTINGS_MODULE": "tests.settings"}
        os.environ.pop("DATABASE_URL", None)
        os.environ.pop("REDIS_URL", None)
        base = made()
    from tests.upgrades import kept

    size = kept.write(name, base)
    rows = sum(len(table["rows"]) for table in base["rows"].values())
    print(f"{name}: {rows} rows, {len(base['pages'])} pages, {size / 1000:.0f} kB")
    return 0


def made() -> dict[str, Any]:
    import logging

    import django

    django.setup()
    logging.disable()
    from django.test.utils import setup_databases, setup_test_environment

    setup_test_environment()
    with ExitStack() as stack:
        from tools.processes import postgres

        setup_databases(verbosity=0, interactive=False)
        from dossiers.ledger.verifying import verify
        from tests.upgrades import database, world

        pages = world.make()
        misfits = [str(one) for one in verify(now=world.NOW).misfits]
        assert misfits == [], misfits
        rows = database.read()
        server = stack.enter_context(postgres())
        return {
            "now": world.NOW.isoformat(),
            "migrations": [row[1:3] for row in rows["django_migrations"]["rows"]],
            "schema": {"sqlite": database.schema(), "postgresql": _told_by(server)},
            "rows": rows,
            "pages": pages,
        }


def _told_by(server: str) -> str:
    """The tables as the migrations make them there, by a process of that engine."""
    program = "import django; django.setup(); from django.core.management import call_command;"
    program += "call_command('migrate', verbosity=0); from tests.upgrades import database;"
    program += "print(database.schema())"
    return subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "DATABASE_URL": server, "PYTHONUTF8": "1"},
        check=True,
        capture_output=True,
        text=True,
    ).stdout


if __name__ == "__main__":
    sys.exit(main())
