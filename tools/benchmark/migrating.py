"""What a new office's tables cost: all migrations, on SQLite, in processes of their own."""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile

from benchmark.offices import Offices
from benchmark.table import Table
from processes import ROOT

TURNS = 2
# Times the work of the quick way.
LEAST = 1.25


def migrating(table: Table, _: Offices) -> None:
    """In turn with copied fields (onestop/migrating.py) and with Django's own."""
    plain, quick = 0.0, 0.0
    for _turn in range(TURNS):
        quick += _seconds()
        plain += _seconds("plain")
    table.row(
        "Dựng mọi bảng: cách thường so với sao chép trường",
        cpu=1000 * quick / TURNS,
        ratio=plain / quick,
        limit=LEAST,
        at_least=True,
    )


def _seconds(*how: str) -> float:
    """Of the processor."""
    with tempfile.TemporaryDirectory(prefix="motcua-bang-") as var:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(
            [sys.executable, "-m", "tests.bench.migrating", var, *how], cwd=ROOT, check=True
        )
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
