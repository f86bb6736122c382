"""The benchmark table: `make bench`. Ratios between things measured interleaved in one run on one
machine.

Two private PostgreSQL databases (2,000 and 200,000 generated dossiers), one web worker on each, the
real settings and middleware. R: a bare view that reads one row by primary key and draws ten lines;
M: the same for a signed-in officer. Every line prints median, p95, SQL statements, bytes, the ratio
to its reference and the limit it is held to.
"""

import gzip
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from processes import ROOT, broker, free_port, postgres, spawn, stop, wait_for

SMALL, LARGE = (int(n) for n in os.environ.get("SIZES", "2000,200000").split(","))
ROUNDS = int(os.environ.get("ROUNDS", "60"))


@dataclass
class Sample:
    """One address measured again and again."""

    path: str
    cookie: str = ""
    method: str = "GET"
    times: list[float] = field(default_factory=list)
    queries: int = 0
    size: int = 0

    @property
    def median(self) -> float:
        return statistics.median(self.times)

    @property
    def p95(self) -> float:
        return sorted(self.times)[int(len(self.times) * 0.95) - 1]


class Table:
    """Prints as it goes; remembers whether a limit was broken."""

    def __init__(self) -> None:
        self.broken: list[str] = []
        print(f"{'Việc':<52}{'giữa':>9}{'p95':>9}{'SQL':>5}{'kB':>7}{'tỉ lệ':>9}{'mức':>8}")

    def row(self, title: str, *, median: float | None = None, p95: float | None = None, queries: int | None = None,
            size: int | None = None, ratio: float | None = None, limit: float | None = None, at_least: bool = False,
            most_queries: int | None = None, unit: str = "") -> None:  # fmt: skip
        bad = (
            ratio is not None
            and limit is not None
            and (ratio < limit if at_least else ratio > limit)
        )
        bad = bad or (queries is not None and most_queries is not None and queries > most_queries)
        if bad:
            self.broken.append(title)
        cells = (
            f"{title:<52}"
            f"{f'{median:.1f} ms' if median is not None else '':>9}{f'{p95:.1f} ms' if p95 is not None else '':>9}"
            f"{queries if queries is not None else '':>5}{f'{size / 1000:.1f}' if size is not None else '':>7}"
            f"{f'{ratio:.2f}{unit}' if ratio is not None else '':>9}"
            f"{('≥' if at_least else '≤') + f'{limit:g}' if limit is not None else '':>8}"
        )
        note = "   VƯỢT MỨC" if bad else ""
        if most_queries is not None and queries is not None and queries > most_queries:
            note += f" (SQL ≤ {most_queries})"
        print(cells + note, flush=True)


def manage(env: dict[str, str], *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=env,
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise SystemExit(f"manage.py {' '.join(arguments)}:\n{done.stderr[-3000:]}")
    return done.stdout


@contextmanager
def office(url: str, name: str, count: int, redis: str) -> Iterator[dict[str, str]]:
    """A migrated database of its own with demo office, catalogue and generated dossiers (0: empty);
    yields its environment.
    """
    import psycopg

    base = url.rsplit("/", 1)[0]
    with psycopg.connect(url.replace("postgres://", "postgresql://"), autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"')
    with tempfile.TemporaryDirectory(prefix=f"motcua-{name}-") as var:
        env = {
            **os.environ,
            "DATABASE_URL": f"{base}/{name}", "REDIS_URL": redis, "VAR_DIR": var, "DEBUG": "0", "TESTING": "0", "DEMO": "1",
            "SECRET_KEY": "bench-" + "x" * 40, "LOOKUP_KEY": "Zm9yLXRlc3RzLW9ubHktMzItYnl0ZXMtbG9uZy0hISE=", "EMAIL_URL": "dummymail://",
            "DJANGO_SETTINGS_MODULE": "tests.bench.settings",
        }  # fmt: skip
        manage(env, "migrate", "-v", "0")
        if not count:
            yield env
            return
        manage(env, "demo", "--organisation-only")
        started = time.monotonic()
        manage(env, "generate_dossiers", "--count", str(count), "--seed", "7")
        rate = count / (time.monotonic() - started)
        print(f"generate_dossiers {count}: {rate:.0f} hồ sơ/giây", flush=True)
        with psycopg.connect(
            env["DATABASE_URL"].replace("postgres://", "postgresql://"), autocommit=True
        ) as server:
            server.execute("VACUUM ANALYZE")
        manage(env, "collectstatic", "--noinput", "-v", "0")
        yield env


@contextmanager
def web(env: dict[str, str], port: int, workers: int = 1) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "gunicorn", "onestop.wsgi:application", "--bind", f"127.0.0.1:{port}", "--workers", str(workers),
               "--preload", "--no-control-socket", "--timeout", "60", "--worker-class", "onestop.web_worker.BufferedWorker"]  # fmt: skip
    process = spawn(
        command, cwd=ROOT, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        if not wait_for(lambda: _answers(port), seconds=30, process=process):
            raise SystemExit("Máy chủ web không khởi động được.")
        yield process
    finally:
        stop(process)


def _answers(port: int) -> bool:
    try:
        return _get(port, Sample("/song/"))[0] == 200
    except OSError:
        return False


def _get(
    port: int, sample: Sample, headers: dict[str, str] | None = None
) -> tuple[int, bytes, dict[str, str]]:
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    all_headers = {"Cookie": sample.cookie, "Host": "127.0.0.1", **(headers or {})}
    connection.request(sample.method, sample.path, headers=all_headers)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, body, {k.lower(): v for k, v in answer.getheaders()}


def measure(samples: list[tuple[int, Sample]], rounds: int = ROUNDS) -> None:
    """Each sample once a round, in turn, so that what disturbs the machine disturbs all alike."""
    for number in range(rounds + 3):
        for port, sample in samples:
            started = time.perf_counter()
            status, body, headers = _get(port, sample)
            took = (time.perf_counter() - started) * 1000
            if status != 200:
                raise SystemExit(f"{sample.path}: {status}\n{body[:500].decode(errors='replace')}")
            if number >= 3:
                sample.times.append(took)
            sample.queries, sample.size = int(headers.get("x-queries", "0")), len(body)


def inside(env: dict[str, str], what: str) -> Any:
    """Run a function of tests.bench.probes in a process of that environment; gives its JSON."""
    code = f"import django, json; django.setup(); from tests.bench import probes; print('\\n' + json.dumps(probes.{what}))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=env, check=False, capture_output=True, text=True
    )
    if done.returncode:
        raise SystemExit(f"{what}:\n{done.stderr[-3000:]}")
    return json.loads(done.stdout.strip().splitlines()[-1])


def pages(table: Table, port: int, known: dict[str, Any]) -> None:
    cookie = known["cookie"]
    bare, officer = Sample(f"/do/r/{known['pk']}/"), Sample(f"/do/m/{known['pk']}/", cookie)
    rows: list[tuple[str, Sample, Sample, float | None, int | None]] = [
        ("Tra cứu theo mã", Sample(f"/tra-cuu/{known['code']}/"), bare, 2.5, 4),
        (
            "Tra cứu theo mã hồ sơ và mã tra cứu",
            Sample(f"/tra-cuu/{known['code']}/?k={known['secret']}"),
            bare,
            2.5,
            4,
        ),
        ("Việc của tôi, 50 dòng và mọi số đếm", Sample(known["queue"], cookie), officer, 3.5, 8),
        (
            "Điều hành, một cơ quan",
            Sample(known["board"], known["board_cookie"]),
            officer,
            None,
            10,
        ),
        ("Trang hồ sơ", Sample(f"/ho-so/{known['code']}/", cookie), officer, None, 12),
        (
            "Phiếu tiếp nhận, 10 giấy tờ",
            Sample(known["form"], known["clerk_cookie"]),
            officer,
            5.0,
            None,
        ),
        (
            "Tìm thủ tục khi đang gõ",
            Sample(known["procedure_search"], known["clerk_cookie"]),
            officer,
            None,
            None,
        ),
        (
            "Tìm người theo tên không dấu",
            Sample(known["person_search"], cookie),
            officer,
            None,
            None,
        ),
    ]
    measure([(port, bare), (port, officer), *((port, row[1]) for row in rows)])
    table.row(
        "R: đọc một dòng, vẽ mười dòng",
        median=bare.median,
        p95=bare.p95,
        queries=bare.queries,
        size=bare.size,
    )
    table.row(
        "M: như R, cán bộ đã đăng nhập",
        median=officer.median,
        p95=officer.p95,
        queries=officer.queries,
        size=officer.size,
    )
    for title, sample, reference, limit, most in rows:
        table.row(title, median=sample.median, p95=sample.p95, queries=sample.queries, size=sample.size,
                  ratio=sample.median / reference.median, limit=limit, most_queries=most,
                  unit=" R" if reference is bare else " M")  # fmt: skip


def growth(
    table: Table, ports: tuple[int, int], known: tuple[dict[str, Any], dict[str, Any]]
) -> None:
    """The same address on 2,000 and on 200,000 dossiers, interleaved."""
    titles: list[tuple[str, Callable[[dict[str, Any]], Sample]]] = [
        ("Tra cứu", lambda k: Sample(f"/tra-cuu/{k['code']}/")),
        ("Việc của tôi", lambda k: Sample(k["queue"], k["cookie"])),
        ("Tìm thủ tục", lambda k: Sample(k["procedure_search"], k["clerk_cookie"])),
        ("Tìm người", lambda k: Sample(k["person_search"], k["cookie"])),
        ("Điều hành", lambda k: Sample(k["board"], k["board_cookie"])),
    ]
    pairs = [(title, make(known[0]), make(known[1])) for title, make in titles]
    measure(
        [(port, sample) for _, *both in pairs for port, sample in zip(ports, both, strict=True)]
    )
    for title, small, large in pairs:
        table.row(f"{title}: {LARGE:,} so với {SMALL:,} hồ sơ".replace(",", "."), median=large.median, p95=large.p95,
                  queries=large.queries, size=large.size, ratio=large.median / small.median, limit=1.3)  # fmt: skip


def weights(table: Table, port: int, known: dict[str, Any]) -> None:
    """Bytes over the wire, compressed as a browser asks."""
    asked = {"Accept-Encoding": "br, gzip"}
    for title, sample in (
        ("Trang Việc của tôi, tài nguyên đã có sẵn", Sample(known["queue"], known["cookie"])),
        ("Trang tiếp nhận", Sample(known["form"], known["clerk_cookie"])),
        ("Trang tra cứu", Sample(f"/tra-cuu/{known['code']}/?k={known['secret']}")),
    ):
        _, body, _ = _get(port, sample, asked)
        table.row(f"{title} (kB)", size=len(body), ratio=len(body) / 1000, limit=100, unit=" kB")
    scripts = sum(len(gzip.compress((ROOT / path).read_bytes(), 9)) for path in known["scripts"])
    table.row(
        "JavaScript cả thảy, nén gzip", size=scripts, ratio=scripts / 1000, limit=40, unit=" kB"
    )


def memory(
    table: Table, env: dict[str, str], known: dict[str, Any], requests: int = 10_000
) -> None:
    """One web worker through mixed requests: its memory in the middle and at the end."""
    port = free_port()
    with web(env, port) as process:
        signed_in = [
            (f"/ho-so/{known['code']}/", "cookie"),
            (known["queue"], "cookie"),
            (known["person_search"], "cookie"),
        ]
        mixed = [
            Sample(path, known[who]) for path, who in [*signed_in, (known["form"], "clerk_cookie")]
        ]
        mixed.append(Sample(f"/tra-cuu/{known['code']}/"))
        sizes = []
        for number in range(requests):
            _get(port, mixed[number % len(mixed)])
            if number + 1 in (requests // 2, requests):
                sizes.append(_rss(process.pid))
    table.row(
        f"Bộ nhớ một tiến trình web sau {requests} yêu cầu", ratio=sizes[1], limit=200, unit=" MB"
    )
    table.row("  so với nửa chừng", ratio=sizes[1] / sizes[0], limit=1.05)


def _rss(master: int) -> float:
    """MB of the largest child of gunicorn's master."""
    children = subprocess.run(
        ["ps", "-o", "rss=", "--ppid", str(master)], stdout=subprocess.PIPE, text=True, check=True
    ).stdout.split()
    return max(int(kb) for kb in children) / 1000


def main() -> int:
    import psycopg  # noqa: F401 (fails early when the environment is not ready)

    with ExitStack() as stack:
        url = stack.enter_context(postgres(durable=True, shared_buffers="512MB"))
        redis = stack.enter_context(broker())
        small = stack.enter_context(office(url, "nho", SMALL, redis))
        large = stack.enter_context(office(url, "lon", LARGE, redis))
        known = (inside(small, "known()"), inside(large, "known()"))
        ports = (free_port(), free_port())
        with web(small, ports[0]), web(large, ports[1]):
            table = Table()
            pages(table, ports[1], known[1])
            growth(table, ports, known)
            weights(table, ports[1], known[1])
        memory(table, small, known[0])
        receiving = inside(small, "receiving()")
        table.row(
            "Tiếp nhận một hồ sơ, 1 giấy tờ",
            median=receiving["one_ms"],
            queries=receiving["one"],
            most_queries=25,
        )
        table.row(
            "Tiếp nhận một hồ sơ, 50 giấy tờ",
            median=receiving["fifty_ms"],
            queries=receiving["fifty"],
            most_queries=25,
        )
        slips = inside(small, "printing()")
        table.row(
            "Phiếu mẫu 01 trọn việc so với WeasyPrint trần",
            median=slips["task_ms"],
            ratio=slips["ratio"],
            limit=1.25,
        )
        table.row(
            "Hai tiến trình làm phiếu so với một",
            ratio=slips["two_workers"],
            limit=1.4,
            at_least=True,
        )
        due = inside(small, "due_rate()")
        table.row(
            "Hàm tính hẹn, 20 ngày làm việc (nghìn lần/giây)",
            ratio=due / 1000,
            limit=20,
            at_least=True,
        )
        quarter = inside(large, "quarter()")
        table.row(
            "II.06a cả tỉnh, một quý, so với SQL trần",
            median=quarter["ms"],
            queries=quarter["statements"],
            ratio=quarter["ratio"],
            limit=2,
            most_queries=1,
        )
        first, second = inside(stack.enter_context(office(url, "trong", 0, redis)), "imports()")
        table.row("import_procedures 330 bản ghi, lần đầu (giây)", ratio=first, limit=10)
        table.row("import_procedures lần hai (giây)", ratio=second, limit=3)
    if table.broken:
        print("\nVượt mức: " + "; ".join(table.broken))
        return 1
    return 0


if __name__ == "__main__":
    if "--large" in sys.argv:
        SMALL, LARGE = 1_000_000, 5_000_000
    sys.path.insert(0, str(Path(ROOT)))
    sys.exit(main())
