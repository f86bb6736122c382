"""The whole suite: on SQLite, again on PostgreSQL + Redis, and the heavy proofs once. `make test` calls this.

Private servers on free ports in temporary folders, started and stopped here. A missing engine ends the run: nothing is
skipped in silence. With --sqlite, --postgres or --heavy only that part; what follows goes to pytest.
"""

import os
import shutil
import subprocess
import sys
import time
from contextlib import ExitStack

from processes import ROOT, broker, postgres

LEGS = {
    "sqlite": ("SQLite", "not postgres and not redis and not browser and not heavy"),
    "postgres": ("PostgreSQL + Redis", "not heavy"),
    "heavy": ("Phép thử nặng, PostgreSQL + Redis", "heavy"),
}


def main() -> int:
    wanted = [name for name in LEGS if f"--{name}" in sys.argv] or list(LEGS)
    extra = [argument for argument in sys.argv[1:] if argument.removeprefix("--") not in LEGS]
    for program, package in (("chromium", "chromium"), ("redis-server", "redis-server"), ("pdftotext", "poppler-utils")):
        if wanted != ["sqlite"] and shutil.which(program) is None and not (program == "chromium" and shutil.which("google-chrome")):
            print(f"Thiếu {program}. Chạy: sudo apt-get install -y {package}", file=sys.stderr)
            return 1
    clean = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL", "VAR_DIR", "ONESTOP_TEST_ROOT")}
    outcomes: list[tuple[str, int, float]] = []
    with ExitStack() as servers:
        engines: dict[str, str] = {}
        if wanted != ["sqlite"]:
            engines = {"DATABASE_URL": servers.enter_context(postgres()), "REDIS_URL": servers.enter_context(broker())}
        for name in wanted:
            title, marker = LEGS[name]
            print(f"\n=== {title}: pytest -m '{marker}'", flush=True)
            started = time.monotonic()
            options = ["-n", os.environ.get("JOBS", "2"), "--dist", "worksteal", "--reuse-db", "--create-db", "--durations", "12"]
            options += ["--durations-min", "0.5"] + (["-o", "faulthandler_timeout=14400"] if os.environ.get("LONG") else [])
            code = subprocess.run(
                [sys.executable, "-m", "pytest", "-q", *options, "-m", marker, *extra],
                cwd=ROOT, env={**clean, **({} if name == "sqlite" else engines)}, check=False,
            ).returncode  # fmt: skip
            if code == 5 and extra:  # nothing collected: fine only when a part was asked for
                code = 0
            outcomes.append((title, code, time.monotonic() - started))
    print("\nThời gian của từng phần:")
    for title, code, seconds in outcomes:
        print(f"  {title:<40} {seconds:7.0f} giây   {'đạt' if code == 0 else 'HỎNG'}")
    print(f"  {'Tổng cộng':<40} {sum(seconds for *_, seconds in outcomes):7.0f} giây")
    return max((code for _, code, _ in outcomes), default=1)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
