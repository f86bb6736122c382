"""tools/bootstrap.sh: readable whatever the installers print, and the next run mends what was cut
off. Python is a stand-in here.
"""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.skipif(
    shutil.which("dpkg-query") is None, reason="the script serves Debian and Ubuntu"
)

# Answers as the real one does; `-m venv` puts itself into the environment, `-m pip install` does
# what the test wants.
PYTHON = """#!/bin/sh
case "$*" in
    *"-m venv "*) mkdir -p .venv/bin && cp "$0" .venv/bin/python ;;
    *"-m pip install"*)
        echo "$*" >>calls
        echo "WARNING: The directory '/home/canbo/.cache/pip' is not writable"
        echo "DEPRECATION: something of the installer's own future" >&2
        if [ -e network-is-away ]; then echo "ERROR: No matching distribution" >&2; exit 1; fi
        if [ -e machine-goes-down ]; then kill -KILL $PPID; exit 1; fi ;;
esac
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "tools").mkdir()
    shutil.copy(ROOT / "tools" / "bootstrap.sh", tmp_path / "tools")
    for lock in ("requirements.lock", "requirements-dev.lock"):
        (tmp_path / lock).write_text(lock)
    python = tmp_path / "python"
    python.write_text(PYTHON)
    python.chmod(0o755)
    return tmp_path


def bootstrap(project: Path, mode: str = "run") -> tuple[int, str]:
    env = {**os.environ, "PYTHON": str(project / "python")}
    done = subprocess.run(
        ["sh", "tools/bootstrap.sh", mode],
        cwd=project,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


def calls(project: Path) -> int:
    return len((project / "calls").read_text().splitlines())


def test_what_the_installer_says_goes_to_the_log(project: Path) -> None:
    code, said = bootstrap(project)
    assert (code, said) == (0, "Đang cài thư viện Python (một lần, khoảng một phút)…\n")
    log = (project / "build" / "install.log").read_text()
    assert "WARNING: The directory" in log
    assert "DEPRECATION" in log
    assert bootstrap(project) == (0, "")
    assert calls(project) == 1


def test_a_failure_is_one_sentence_that_names_the_log_and_what_to_do(project: Path) -> None:
    (project / "network-is-away").touch()
    code, said = bootstrap(project)
    assert code == 1
    *_, sentence = said.splitlines()
    assert sentence == (
        "Không cài được thư viện Python: hãy kiểm tra kết nối mạng và chỗ trống trên đĩa rồi chạy lại make run; "
        "chi tiết ở build/install.log."
    )
    assert "No matching distribution" not in said
    assert "No matching distribution" in (project / "build" / "install.log").read_text()
    (project / "network-is-away").unlink()
    assert bootstrap(project)[0] == 0
    assert bootstrap(project) == (0, "")


def test_an_installation_that_was_cut_off_is_made_anew(project: Path) -> None:
    (project / "machine-goes-down").touch()
    assert bootstrap(project)[0] != 0
    (project / "machine-goes-down").unlink()
    half = project / ".venv" / "half-a-package"
    half.touch()
    code, said = bootstrap(project)
    assert code == 0
    assert said.startswith("Lần cài thư viện trước bị dừng giữa chừng")
    assert not half.exists()
    assert bootstrap(project) == (0, "")


@pytest.mark.parametrize("left", ["folder", "file", "no_program", "broken_link"])
def test_an_environment_that_does_not_work_is_made_anew(project: Path, left: str) -> None:
    venv = project / ".venv"
    if left == "file":
        venv.touch()
    else:
        (venv / "bin").mkdir(parents=True)
    if left == "no_program":
        (venv / "bin" / "python").write_text("#!/bin/false\n")
        (venv / "bin" / "python").chmod(0o755)
    if left == "broken_link":
        (venv / "bin" / "python").symlink_to("/nowhere/python3")
    code, said = bootstrap(project)
    assert code == 0
    assert "tạo lại" in said
    assert (venv / ".stamp").is_file()


def test_another_lock_is_installed_and_the_tests_environment_serves_the_run_too(
    project: Path,
) -> None:
    assert bootstrap(project)[0] == 0
    assert bootstrap(project, "test")[0] == 0
    assert bootstrap(project)[1] == ""
    (project / "requirements.lock").write_text("newer")
    assert bootstrap(project, "test")[1] == ""
    (project / "requirements-dev.lock").write_text("newer")
    assert "Đang cài" in bootstrap(project)[1]
    assert calls(project) == 3
