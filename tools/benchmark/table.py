"""What is measured, and the table it is written into."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from http.client import HTTPConnection

ROUNDS = 60
# What a page needs before its times count: templates, statements and connections are made.
WARM = 3


@dataclass
class Sample:
    """One address of one web server, measured again and again."""

    port: int
    path: str
    cookie: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    times: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    # Of web and database together.
    work: list[float] = field(default_factory=list)
    statements: list[int] = field(default_factory=list)
    size: int = 0

    @property
    def median(self) -> float:
        return statistics.median(self.times)

    @property
    def p95(self) -> float:
        return sorted(self.times)[int(len(self.times) * 0.95) - 1]

    @property
    def queries(self) -> int:
        """Of the page: without the one that any page asks once in some seconds
        (onestop/versions.py).
        """
        return statistics.median_low(self.statements)

    def against(self, other: Sample) -> float:
        """How many times as long as the other, measured in turn with it."""
        return undisturbed(self.times) / undisturbed(other.times)

    def saves(self, other: Sample) -> float:
        """Which part of the other's CPU is saved, in hundredths. What else runs on the machine changes
        times by more than a trick gains.
        """
        return 100 * (1 - self.works(other))

    def works(self, other: Sample) -> float:
        """How many times as much CPU of web and database as the other: the median of the pairs."""
        pairs = zip(self.work, other.work, strict=True)
        return statistics.median(mine / its for mine, its in pairs)


def undisturbed(times: Iterable[float]) -> float:
    """What a piece of work takes by itself: the mean of the quicker half. Whatever else runs on the
    machine only adds time, and adds most to the slowest.
    """
    found = sorted(times)
    return statistics.fmean(found[: max(len(found) // 2, 1)])


def ask(sample: Sample, headers: dict[str, str] | None = None) -> tuple[int, bytes, dict[str, str]]:
    connection = HTTPConnection("127.0.0.1", sample.port, timeout=120)
    asked = {"Cookie": sample.cookie, "Host": "127.0.0.1", **sample.headers, **(headers or {})}
    connection.request("GET", sample.path, headers=asked)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, body, {name.lower(): value for name, value in answer.getheaders()}


def measure(samples: Iterable[Sample], rounds: int = ROUNDS, warm: int = WARM) -> None:
    """Each sample once a round, in turn, so that what disturbs the machine disturbs all alike."""
    samples = list(samples)
    for number in range(rounds + warm):
        for sample in samples:
            started = time.perf_counter()
            status, body, headers = ask(sample)
            took = (time.perf_counter() - started) * 1000
            if status != 200:
                raise SystemExit(f"{sample.path}: {status}\n{body[:500].decode(errors='replace')}")
            if number >= warm:
                sample.times.append(took)
                sample.cpu.append(float(headers.get("x-cpu", "0")))
                database = float(headers.get("x-cpu-database", "0"))
                sample.work.append(sample.cpu[-1] + database)
                sample.statements.append(int(headers.get("x-queries", "0")))
            sample.size = len(body)


class Table:
    """Prints as it goes; remembers whether a limit was broken."""

    def __init__(self) -> None:
        self.broken: list[str] = []
        self.started = time.monotonic()

    def head(self, title: str) -> None:
        """The next part of the table, and when it began."""
        minutes = (time.monotonic() - self.started) / 60
        print(f"\n{f'{title} (phút {minutes:.1f})':<56}{'giữa':>10}{'p95':>10}{'CPU':>10}{'SQL':>5}{'kB':>8}{'tỉ lệ':>10}{'mức':>8}")  # fmt: skip

    def sample(
        self,
        title: str,
        sample: Sample,
        *,
        ratio: float | None = None,
        limit: float | None = None,
        at_least: bool = False,
        most_queries: int | None = None,
        unit: str = "",
    ) -> None:
        """A line of one measured page."""
        cpu = statistics.median(sample.cpu)
        self.row(title, median=sample.median, p95=sample.p95, cpu=cpu, queries=sample.queries, size=sample.size, ratio=ratio,
                 limit=limit, at_least=at_least, most_queries=most_queries, unit=unit)  # fmt: skip

    def row(self, title: str, *, median: float | None = None, p95: float | None = None,
            cpu: float | None = None, queries: int | None = None,
            size: int | None = None, ratio: float | None = None, limit: float | None = None, at_least: bool = False,
            most_queries: int | None = None, unit: str = "") -> None:  # fmt: skip
        """One line. `cpu`: of the web process, by itself. Times are shown and never held to anything:
        `limit` holds the ratio (`at_least`: from below), `most_queries` the statements."""
        beyond = ratio is not None and limit is not None and (
            ratio < limit if at_least else ratio > limit
        )  # fmt: skip
        too_many = queries is not None and most_queries is not None and queries > most_queries
        if beyond or too_many:
            self.broken.append(title)
        cells = (
            f"{title:<56}{_of(median, ' ms'):>10}{_of(p95, ' ms'):>10}"
            f"{_of(cpu, ' ms'):>10}{'' if queries is None else queries:>5}"
            f"{_of(None if size is None else size / 1000):>8}{_of(ratio, unit, 2):>10}"
            f"{'' if limit is None else ('≥' if at_least else '≤') + f'{limit:g}':>8}"
        )
        note = "   VƯỢT MỨC" if beyond or too_many else ""
        print(cells + note + (f" (SQL ≤ {most_queries})" if too_many else ""), flush=True)


def _of(number: float | None, unit: str = "", decimals: int = 1) -> str:
    return "" if number is None else f"{number:.{decimals}f}{unit}"
