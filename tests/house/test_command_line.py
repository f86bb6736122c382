"""The command line on a machine where nothing was set up yet, and into a pipe whose reader has
gone.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def manage(tmp_path: Path, *arguments: str, **given: str) -> subprocess.CompletedProcess[str]:
    """One command in a fresh clone's environment: no keys, no database, no .env."""
    env = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    # What a developer's own .env would say is as if it said nothing.
    env |= {
        "VAR_DIR": str(tmp_path),
        "DATABASE_URL": "",
        "REDIS_URL": "",
        "SECRET_KEY": "",
        "LOOKUP_KEY": "",
        "PYTHONUTF8": "1",
    } | given
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )


KEYS = {
    "SECRET_KEY": "only-for-tests",
    "LOOKUP_KEY": "Zm9yLXRlc3RzLW9ubHktMzItYnl0ZXMtbG9uZy0hISE=",
}


@pytest.mark.skipif((ROOT / ".env").exists(), reason="a developer's own .env holds keys")
@pytest.mark.parametrize("command", ["verify_events", "demo", "no_such_command"])
def test_without_keys_a_sentence_says_what_to_do(tmp_path: Path, command: str) -> None:
    done = manage(tmp_path, command)
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith("Chưa có SECRET_KEY. Hãy chạy make run một lần")
    assert "Traceback" not in done.stderr


def test_due_needs_neither_keys_nor_a_database(tmp_path: Path) -> None:
    done = manage(tmp_path, "due", "2026-11-20 14:00", "5 ngày làm việc")
    assert (done.returncode, done.stderr) == (0, "")
    assert "Hẹn trả kết quả: 17:00 thứ Hai 30/11/2026." in done.stdout
    assert not list(tmp_path.iterdir())


def test_help_needs_neither(tmp_path: Path) -> None:
    done = manage(tmp_path, "verify_events", "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert "Kiểm tra nhật ký" in done.stdout


@pytest.mark.parametrize(
    ("command", "database"),
    [
        (("verify_events",), ""),
        (("demo",), ""),
        (("due", "2026-11-20 14:00", "5 ngày làm việc", "--agency", "H37.01"), ""),
        (("flag_overdue",), "postgres://nobody@127.0.0.1:1/none"),
    ],
)
def test_without_a_database_too(tmp_path: Path, command: tuple[str, ...], database: str) -> None:
    done = manage(tmp_path, *command, **KEYS, DATABASE_URL=database)
    assert done.returncode == 1
    assert "make run" in done.stderr
    assert "Traceback" not in done.stderr
    assert "no such table" not in done.stderr
    assert "connection" not in done.stderr


def test_a_setting_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    done = manage(tmp_path, "verify_events", **KEYS, TRUSTED_PROXIES="hai")
    assert done.returncode == 1
    assert done.stderr.startswith("Cấu hình trong môi trường hoặc trong .env chưa đúng")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "command", [("due", "2026-11-20 14:00", "1 năm"), ("verify_events", "--help")]
)
def test_a_reader_that_has_gone_is_no_error(tmp_path: Path, command: tuple[str, ...]) -> None:
    env = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ} | {
        "VAR_DIR": str(tmp_path),
        **KEYS,
    }
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=ROOT,
        env=env,
        stdout=writing,
        stderr=subprocess.PIPE,
        check=False,
    )
    os.close(writing)
    assert done.stderr == b""
    assert done.returncode == 141
