"""Everything a change must satisfy before its tests are even looked at. `make check` calls this;
all steps run, all failures show.
"""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from processes import ROOT

BIN = Path(sys.executable).parent
PY = str(BIN / "python")
STEPS: dict[str, list[str]] = {
    "mypy": [str(BIN / "mypy")],
    "nội quy mã nguồn": [PY, "-m", "pytest", "-q", "tests/house", "-m", "not heavy"],
    "ruff": [str(BIN / "ruff"), "check", "."],
    "ruff format": [str(BIN / "ruff"), "format", "--check", "-q", "."],
    "djlint lint": [str(BIN / "djlint"), "--quiet", "--lint", "templates"],
    "djlint format": [str(BIN / "djlint"), "--check", "templates"],
    "phụ thuộc giữa các ứng dụng": [str(BIN / "lint-imports"), "--no-cache"],
    "migration": [PY, "manage.py", "makemigrations", "--check", "--dry-run"],
    "django check": [PY, "manage.py", "check", "--fail-level", "WARNING"],
}

# Of a failed step its last lines; run the tool itself for the rest.
LINES = 60


def run(name: str) -> tuple[str, int, float, str]:
    started = time.monotonic()
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    for chosen in ("DATABASE_URL", "REDIS_URL", "VAR_DIR"):
        env.pop(chosen, None)
    if name == "nội quy mã nguồn":
        env.pop("DJANGO_SETTINGS_MODULE")
    done = subprocess.run(
        STEPS[name],
        cwd=ROOT,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return name, done.returncode, time.monotonic() - started, done.stdout


def main() -> int:
    failed = 0
    with ThreadPoolExecutor(2) as pool:
        for name, code, seconds, output in pool.map(run, STEPS):
            print(f"{'đạt ' if code == 0 else 'HỎNG'} {name} ({seconds:.0f} giây)", flush=True)
            if code:
                failed += 1
                print("\n".join(output.rstrip().splitlines()[-LINES:]), flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
