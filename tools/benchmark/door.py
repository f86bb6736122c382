"""The counter's pages while a portal sends what a province files in a morning."""

from __future__ import annotations

import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from benchmark.offices import Office, Offices
from benchmark.table import Sample, Table, measure
from processes import ROOT, spawn, stop

# 5,000 dossiers between eight and nine: four times as many as in a morning of four hours.
AN_HOUR, ENOUGH = 5_000, 5_000
# So many wait before anything is measured.
WAITING = 50
# With and without in turn, so that what disturbs the machine and what grows disturbs both alike; so many
# rounds that dossiers come while a turn lasts also on a quick machine.
TURNS, ROUNDS = 5, 60
BUSY = 1.2
# title, address and cookie by their names in `known`, most statements
PAGES: list[tuple[str, str, str, int | None]] = [
    ("Phiếu tiếp nhận", "form", "clerk_cookie", None),
    ("Việc của tôi", "queue", "cookie", None),
    ("Trang hồ sơ", "dossier", "cookie", None),
    ("Chờ tiếp nhận trực tuyến", "/tiep-nhan/truc-tuyen/", "clerk_cookie", 8),
    ("Chờ tiếp nhận trực tuyến, đầu mối", "/tiep-nhan/truc-tuyen/", "controller_cookie", 8),
]


def door(table: Table, offices: Offices) -> None:
    # How pages grow with the archive is measured by itself.
    office = offices.small
    quiet, busy = _pages(office), _pages(office)
    office.ask(f"morning({WAITING}, 10**9)")
    measure(quiet, rounds=0)
    with arriving(office) as portal:
        for _ in range(TURNS):
            portal.rests()
            measure(quiet, ROUNDS, warm=1)
            portal.goes_on()
            measure(busy, ROUNDS, warm=1)
    table.row(f"Hồ sơ Cổng gửi đến ({portal.came} hồ sơ), một giờ", ratio=portal.an_hour)
    for (title, _, _, most), alone, meanwhile in zip(PAGES, quiet, busy, strict=True):
        table.sample(
            f"{title}: khi Cổng gửi {AN_HOUR} hồ sơ một giờ so với khi không",
            meanwhile,
            # All rounds of a turn count: what disturbs the quicker ones least is what is measured.
            ratio=statistics.median(
                statistics.fmean(here) / statistics.fmean(there)
                for here, there in zip(_turns(meanwhile), _turns(alone), strict=True)
            ),
            limit=BUSY,
            most_queries=most,
        )


def _pages(office: Office) -> list[Sample]:
    return [office.page(path, cookie) for _, path, cookie, _ in PAGES]


def _turns(sample: Sample) -> list[list[float]]:
    return [sample.times[begin : begin + ROUNDS] for begin in range(0, len(sample.times), ROUNDS)]


@dataclass
class Portal:
    """A process in which dossiers arrive and are read, as long as it does not rest."""

    process: subprocess.Popen[bytes]
    came: int = 0
    seconds: float = 0.0
    began: float = 0.0

    @property
    def an_hour(self) -> float:
        return self.came / self.seconds * 3600 if self.seconds else 0.0

    def rests(self) -> None:
        self.process.send_signal(signal.SIGSTOP)
        if self.began:
            self.seconds += time.monotonic() - self.began

    def goes_on(self) -> None:
        self.began = time.monotonic()
        self.process.send_signal(signal.SIGCONT)


@contextmanager
def arriving(office: Office) -> Iterator[Portal]:
    """Dossiers arrive and are read by a worker of their own, for as long as this lasts: the first one is
    there when it begins.
    """
    code = (
        "import django; django.setup(); from tests.bench.morning import morning;"
        f" morning({ENOUGH}, {AN_HOUR}, each=lambda: print('đến', flush=True))"
    )
    process = spawn(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=office.env,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert process.stdout is not None
    portal = Portal(process)
    try:
        is_there = bool(process.stdout.readline())
        if is_there:
            yield portal
            portal.seconds += time.monotonic() - portal.began
        if not is_there or process.poll() is not None:
            raise SystemExit("Hồ sơ của Cổng không đến được.")
    finally:
        process.send_signal(signal.SIGCONT)
        stop(process)
        portal.came = len(process.stdout.read().splitlines())
