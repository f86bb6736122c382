"""What the machines outside are told to do: compose file, image, locks, the public commands."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SECRETS = [
    "SECRET_KEY",
    "LOOKUP_KEY",
    "POSTGRES_PASSWORD",
    "REDIS_PASSWORD",
    "PUBLIC_URL",
    "ALLOWED_HOSTS",
]


def compose(
    tmp_path: Path, names: list[str], *more: str, profile: str = ""
) -> subprocess.CompletedProcess[str]:
    env_file = tmp_path / "env"
    env_file.write_text("".join(f"{name}=x\n" for name in names))
    program = Path(sys.executable).parent / "docker-compose"
    return subprocess.run(
        [program, "-f", ROOT / "docker-compose.yml", "--env-file", env_file, *(["--profile", profile] if profile else []), "config", *(more or ["-q"])],
        capture_output=True, text=True, check=False, cwd=tmp_path, env={"PATH": "/usr/bin:/bin", "HOME": str(tmp_path)},
    )  # fmt: skip


def test_compose_accepts_the_file(tmp_path):
    done = compose(tmp_path, SECRETS)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", SECRETS)
def test_nothing_starts_with_a_secret_that_was_not_set(tmp_path, name):
    done = compose(tmp_path, [other for other in SECRETS if other != name])
    assert done.returncode != 0
    assert f"đặt {name}" in done.stderr


def test_what_is_drawn_gives_way_to_the_pages(tmp_path):
    """Slips by workers of a lower priority, all else by the others: see tools/run.py."""
    said = json.loads(compose(tmp_path, SECRETS, "--format", "json").stdout)["services"]
    commands = [service["command"] for service in said.values() if service.get("command")]
    assert {
        command[command.index("-Q") + 1]: command[0] == "nice"
        for command in commands
        if "-Q" in command
    } == {"default": False, "slips": True}


def test_the_virus_check_starts_only_where_it_is_asked_for(tmp_path):
    plain = json.loads(compose(tmp_path, SECRETS, "--format", "json").stdout)["services"]
    assert "clamav" not in plain
    assert plain["web"]["environment"]["CLAMD_URL"] == ""
    said = compose(tmp_path, [*SECRETS, "COMPOSE_PROFILES"], "--format", "json")
    assert "clamav" not in json.loads(said.stdout)["services"]  # another profile
    with_it = compose(tmp_path, SECRETS, "--format", "json", profile="clamav")
    assert "clamav" in json.loads(with_it.stdout)["services"]


def test_every_part_of_the_product_knows_the_store_of_files(tmp_path):
    said = json.loads(compose(tmp_path, SECRETS, "--format", "json").stdout)["services"]
    for name in ("migrate", "web", "worker", "slips", "beat"):
        given = said[name]["environment"]
        assert {"STORAGE_URL", "STORAGE_BEFORE", "AWS_ACCESS_KEY_ID"} <= given.keys()


def test_backups_lie_on_a_volume_of_their_own(tmp_path):
    """Whoever asks for one, makes one or looks whether it is there sees the same folder; it is no
    folder of the container, which goes with it.
    """
    said = json.loads(compose(tmp_path, SECRETS, "--format", "json").stdout)["services"]
    for name in ("web", "worker", "beat"):
        folder = said[name]["environment"]["BACKUP_DIR"]
        mounts = {one["target"]: one["source"] for one in said[name]["volumes"]}
        assert mounts[folder] == "backups"
    assert f" {folder}" in (ROOT / "Dockerfile").read_text()


def test_the_example_names_every_setting_compose_asks_for():
    example = (ROOT / ".env.example").read_text("utf-8")
    for name in SECRETS:
        assert re.search(rf"^{name}=$", example, re.MULTILINE), name


def test_the_image_runs_without_root_and_with_all_print_packages():
    from onestop import pdf

    dockerfile = (ROOT / "Dockerfile").read_text()
    assert re.search(r"^USER motcua$", dockerfile, re.MULTILINE)
    for package in pdf.SYSTEM_PACKAGES:
        assert package in dockerfile
        assert package in (ROOT / "tools" / "bootstrap.sh").read_text()


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_locks_hold_hashes_and_no_addresses(name):
    text = (ROOT / name).read_text()
    assert not re.search(r"https?://|file:|--index-url|--find-links", text)
    for block in re.findall(r"^[a-z0-9].*?(?=^[a-z0-9]|\Z)", text, re.MULTILINE | re.DOTALL):
        assert "--hash=sha256:" in block, block.splitlines()[0]


def test_every_dependency_is_in_both_locks():
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    locked = {
        re.split(r"[=\[ ]", line)[0]
        for line in (ROOT / "requirements.lock").read_text().splitlines()
        if line[:1].isalnum()
    }
    for requirement in project["project"]["dependencies"]:
        assert re.split(r"[<>=\[ ]", requirement)[0].lower() in locked, requirement


def test_continuous_integration_calls_the_two_commands():
    text = (ROOT / ".ci" / "run").read_text()
    assert "make check" in text
    assert "make test" in text
