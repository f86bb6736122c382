"""`import_dossiers` as people and scripts call it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from dossiers.models import Dossier
from tests.dossiers.importing.conftest import CODE, line

pytestmark = pytest.mark.django_db
Write = Callable[..., Path]


@pytest.fixture(autouse=True)
def _organisation(organisation: None) -> None:
    """Every test imports into a fresh organisation."""


def test_it_says_what_it_did_in_words_and_json(
    write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    path = str(write(line(), separator=";", bom=True))
    call_command("import_dossiers", path, "--confirmed-by", "quantri", "--json")
    said = json.loads(capsys.readouterr().out)
    assert (said["new"], said["refused"], said["dry_run"]) == (1, 0, False)
    call_command("import_dossiers", path, "--confirmed-by", "quantri")
    assert "đã có, không đổi" in capsys.readouterr().out


def test_refused_lines_exit_with_1_and_the_others_are_in(
    write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    path = str(write(line(), line(code="X-1", status="3")))
    with pytest.raises(CommandError, match="1 dòng bị từ chối, các dòng khác đã nhập") as refused:
        call_command("import_dossiers", path, "--confirmed-by", "quantri", "--json")
    assert refused.value.returncode == 1
    (problem,) = json.loads(capsys.readouterr().out)["problems"]
    assert (problem["line"], problem["code"], problem["column"]) == (3, "X-1", "status")
    assert Dossier.objects.get().code == CODE


def test_a_dry_run_writes_nothing(write: Write, capsys: pytest.CaptureFixture[str]) -> None:
    call_command(
        "import_dossiers", str(write(line())), "--dry-run", "--confirmed-by", "quantri", "--json"
    )
    said = json.loads(capsys.readouterr().out)
    assert (said["new"], said["dry_run"]) == (1, True)
    assert not Dossier.objects.exists()


@pytest.mark.parametrize("username", ["tiepnhan", "khong-co"])
def test_only_an_administrator_confirms(write: Write, username: str) -> None:
    with pytest.raises(CommandError, match="không phải tài khoản quản trị") as refused:
        call_command("import_dossiers", str(write(line())), "--confirmed-by", username)
    assert refused.value.returncode == 1


def test_wrong_usage_exits_with_2() -> None:
    with pytest.raises(CommandError) as refused:
        call_command("import_dossiers")
    assert refused.value.returncode == 2
    with pytest.raises(CommandError) as refused:
        call_command("import_dossiers", "x.csv", "--counts", "mai")
    assert refused.value.returncode == 2
