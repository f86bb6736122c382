"""The counter's pages while a portal sends what a province files in a morning."""

from __future__ import annotations

import statistics
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from benchmark.offices import Office, Offices
from benchmark.table import Sample, Table, measure
from processes import ROOT, spawn, stop

# 5,000 dossiers between eight and nine: four times as many as in a morning of four hours.
AN_HOUR, ENOUGH = 5_000, 5_000
# So many wait before anything is measured: the list shows about as much in both measurements.
WAITING = 100
BUSY = 1.2
PAGES = [
    ("Phiếu tiếp nhận", "form", "clerk_cookie"),
    ("Việc của tôi", "queue", "cookie"),
    ("Trang hồ sơ", "dossier", "cookie"),
    ("Chờ tiếp nhận trực tuyến", "/tiep-nhan/truc-tuyen/", "clerk_cookie"),
]


def door(table: Table, offices: Offices) -> None:
    office = offices.large
    quiet, busy = _pages(office), _pages(office)
    office.ask(f"morning({WAITING}, 10**9)")
    measure(quiet)
    with arriving(office):
        measure(busy)
    for (title, _, _), alone, meanwhile in zip(PAGES, quiet, busy, strict=True):
        table.sample(
            f"{title}: khi Cổng gửi {AN_HOUR} hồ sơ một giờ so với khi không",
            meanwhile,
            # All rounds count: what disturbs the quicker ones least is what is to be measured.
            ratio=statistics.fmean(meanwhile.times) / statistics.fmean(alone.times),
            limit=BUSY,
        )


def _pages(office: Office) -> list[Sample]:
    return [office.page(path, cookie) for _, path, cookie in PAGES]


@contextmanager
def arriving(office: Office) -> Iterator[None]:
    """Dossiers arrive and are read by a worker of their own, for as long as this lasts: the first one is
    there when it begins.
    """
    code = (
        "import django; django.setup(); from tests.bench.morning import morning;"
        f" morning({ENOUGH}, {AN_HOUR}, first=lambda: print('đến', flush=True))"
    )
    process = spawn(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=office.env,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert process.stdout is not None
    try:
        is_there = bool(process.stdout.readline())
        if is_there:
            yield
        if not is_there or process.poll() is not None:
            raise SystemExit("Hồ sơ của Cổng không đến được.")
    finally:
        stop(process)
