"""An office's folder as `make run` prepares it, tables and static files: made once a run of the
tests, because all migrations are a quarter of a minute of work, and copied by whoever needs one.
"""

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)
DATABASE = "motcua.sqlite3"
# Beside the folders of the workers (tests/settings.py).
PLACE = Path(settings.VAR_DIR).parent / "prepared"


def prepare(var: Path) -> subprocess.CompletedProcess[str]:
    """tools/prepare.py, without the demo province."""
    env = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    env |= {
        "VAR_DIR": str(var),
        "DATABASE_URL": "",
        "REDIS_URL": "",
        "SECRET_KEY": "x" * 50,
        "LOOKUP_KEY": settings.LOOKUP_KEY,
        "PYTHONUTF8": "1",
        "DEMO": "0",
    }
    return subprocess.run(
        [sys.executable, "tools/prepare.py"],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )


def copy_to(var: Path) -> Path:
    """A folder of one's own; must not be there yet."""
    return Path(shutil.copytree(_folder(), var))


def database() -> Path:
    """With all tables and no row of anybody; to be copied only."""
    return _folder() / DATABASE


def _folder() -> Path:
    """Whoever comes second waits."""
    half = PLACE.with_suffix(".half")
    with PLACE.with_suffix(".lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not PLACE.exists():
            shutil.rmtree(half, ignore_errors=True)
            half.mkdir()
            done = prepare(half)
            assert (done.returncode, done.stderr) == (0, ""), done.stderr
            half.rename(PLACE)
    return PLACE
