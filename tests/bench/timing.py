"""Times of the same work done again and again, and what is not disturbed by other work: CPU."""

import statistics
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from django.db import connection


def undisturbed(times: Sequence[float]) -> float:
    """The mean of the quicker half, as in tools/benchmark/table.py (which runs without the product)."""
    return statistics.fmean(sorted(times)[: max(len(times) // 2, 1)])


def in_pairs(these: Sequence[float], those: Sequence[float]) -> float:
    """How many times as much as those that were measured in turn with them: the median of the pairs."""
    return statistics.median(one / other for one, other in zip(these, those, strict=True))


def busy() -> float:
    """Seconds of CPU so far of this process and of PostgreSQL for it."""
    return time.process_time() + of_database()


def of_database() -> float:
    """Seconds of CPU so far of the process that PostgreSQL has for our connection (Linux)."""
    if connection.vendor == "postgresql":
        connection.ensure_connection()
        pid = connection.connection.info.backend_pid
        with suppress(OSError, ValueError):
            return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1_000_000_000
    return 0.0
