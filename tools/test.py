"""The whole suite: on SQLite, then on PostgreSQL + Redis what asks the database, the browser and the
heavy proofs. `make test` calls this.

Of what both engines are asked, PostgreSQL answers all and SQLite every fourth test, so that both fit
into half an hour; the others are SQLite's in --shifted, and with LONG=1.

Private servers on free ports in temporary folders, started and stopped here. A missing engine ends
the run: nothing is skipped in silence. With --sqlite, --postgres, --heavy or --shifted only that
part; what follows goes to pytest.

--shifted is the quick part of the SQLite leg at other clocks: two fixed ones, or with LONG=1 two
random ones, which are printed (SHIFTED="2027-02-05T16:50:00+00:00" repeats one).
"""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import SystemRandom

from processes import ROOT, broker, postgres

LONG = bool(os.environ.get("LONG"))
ONLY_SQLITE = "not postgres and not redis and not browser and not heavy"
BY_TURNS = ONLY_SQLITE if LONG else f"{ONLY_SQLITE} and not left_to_postgres"
# Nothing is asked twice whose answer cannot depend on the engine.
ON_POSTGRES = "heavy or postgres or redis or browser or not (no_database or one_engine)"
# The last minutes before Tết 2027 in Vietnam; the night that ends 29 February 2028 in Greenwich.
FIXED = ("2027-02-05T16:50:00+00:00", "2028-02-29T23:30:00+00:00")
YEARS = 6
# What a test must not inherit: engines and folders of somebody's own, and the wish that Python write
# down no compiled modules, by which each worker of each leg would compile all tests again.
NOT_OURS = (
    "DATABASE_URL",
    "REDIS_URL",
    "VAR_DIR",
    "ONESTOP_TEST_ROOT",
    "PYTHONDONTWRITEBYTECODE",
)


@dataclass(frozen=True)
class Leg:
    """One run of pytest: its title, what it selects, and what it adds to the environment."""

    title: str
    marker: str
    servers: bool = True
    env: dict[str, str] = field(default_factory=dict)


LEGS = {
    "sqlite": Leg("SQLite", BY_TURNS, servers=False),
    "postgres": Leg("PostgreSQL + Redis", ON_POSTGRES),
    # A part of the one above; whole in make test-long.
    "heavy": Leg("Phép thử nặng, PostgreSQL + Redis", "heavy or slow" if LONG else "heavy"),
}
USUAL = ("sqlite", "postgres")


def shifted() -> Iterator[Leg]:
    """What is quick, at other clocks: all of it has a clock of its own, so that nothing may change."""
    for text in clocks():
        at = datetime.fromisoformat(text)
        seconds = (at - datetime.now(UTC)).total_seconds()
        env = {"CLOCK_SHIFT": f"{seconds:.0f}", "PYTHONPATH": str(ROOT / "tools" / "shifted")}
        yield Leg(f"SQLite, đồng hồ {text}", f"{ONLY_SQLITE} and not slow", servers=False, env=env)


def clocks() -> list[str]:
    if given := os.environ.get("SHIFTED"):
        return [given]
    if not LONG:
        return list(FIXED)
    dice, start = SystemRandom(), datetime.now(UTC).replace(microsecond=0)
    return [
        (start + timedelta(seconds=dice.randrange(YEARS * 366 * 86400))).isoformat() for _ in FIXED
    ]


def main() -> int:
    asked = [
        argument.removeprefix("--")
        for argument in sys.argv[1:]
        if argument.removeprefix("--") in (*LEGS, "shifted")
    ]
    extra = [
        argument
        for argument in sys.argv[1:]
        if argument.removeprefix("--") not in (*LEGS, "shifted")
    ]
    legs = [LEGS[name] for name in asked or USUAL if name in LEGS]
    if "shifted" in asked:
        legs += shifted()
    servers_needed = any(leg.servers for leg in legs)
    for program, package in (
        ("chromium", "chromium"),
        ("redis-server", "redis-server"),
        ("pdftotext", "poppler-utils"),
    ):
        if (
            servers_needed
            and shutil.which(program) is None
            and not (program == "chromium" and shutil.which("google-chrome"))
        ):
            print(f"Thiếu {program}. Chạy: sudo apt-get install -y {package}", file=sys.stderr)
            return 1
    outcomes: list[tuple[str, int, float]] = []
    with ExitStack() as servers:
        engines: dict[str, str] = {}
        if servers_needed:
            engines = {
                "DATABASE_URL": servers.enter_context(postgres()),
                "REDIS_URL": servers.enter_context(broker()),
            }
        for leg in legs:
            print(f"\n=== {leg.title}: pytest -m '{leg.marker}'", flush=True)
            started = time.monotonic()
            code = run(leg, engines, extra)
            outcomes.append((leg.title, code, time.monotonic() - started))
    print("\nThời gian của từng phần:")
    for title, code, seconds in outcomes:
        print(f"  {title:<46} {seconds:7.0f} giây   {'đạt' if code == 0 else 'HỎNG'}")
    print(f"  {'Tổng cộng':<46} {sum(seconds for *_, seconds in outcomes):7.0f} giây")
    return max((code for _, code, _ in outcomes), default=1)


def run(leg: Leg, engines: dict[str, str], extra: list[str]) -> int:
    clean = {name: value for name, value in os.environ.items() if name not in NOT_OURS}
    options = [
        "-n",
        os.environ.get("JOBS", "2"),
        "--dist",
        "worksteal",
        "--reuse-db",
        "--create-db",
        "--durations",
        "12",
    ]
    # Plain tracebacks: drawing the source of a failed browser test can exceed the recursion limit
    # and end the whole run.
    options += ["--tb", "native", "--durations-min", "0.5"] + (
        ["-o", "faulthandler_timeout=14400"] if LONG else []
    )
    drawn = {"PICTURES": "1" if LONG else "0"}  # a tenth of a browser test, and nothing reads them
    code = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", *options, "-m", leg.marker, *extra],
        cwd=ROOT, env={**drawn, **clean, **(engines if leg.servers else {}), **leg.env}, check=False,
    ).returncode  # fmt: skip
    # Nothing collected: fine only when a part was asked for.
    return 0 if code == 5 and extra else code


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
