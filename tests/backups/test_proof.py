"""One command proves that a backup can be restored, and leaves a record (R-148)."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError
from django.utils import timezone

from dossiers.models import Dossier, Event
from onestop.accounts.models import AccessEvent
from onestop.backups import proving
from onestop.backups.models import RestoreProof
from onestop.errors import DomainError
from onestop.files.domain import attach, keep
from onestop.keeping.writing import write_backup
from tests.clock import MONDAY
from tests.keeping.places import stored_in
from tests.samples import a_pdf
from tests.world import Office, make_case, make_office, receive

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(tmp_path: Path, settings: Any) -> Iterator[Office]:
    """Two dossiers and a scan."""
    (tmp_path / "var").mkdir()
    settings.VAR_DIR = tmp_path / "var"
    with stored_in(tmp_path / "live"):
        office, case = make_office(), make_case(papers=2)
        for _ in range(2):
            receive(office, case)
        attach(keep(a_pdf(), name="don.pdf"), kind="draft", object_id=1, by=office.clerk, at=MONDAY)
        yield office


# It starts the product three times: once, on PostgreSQL, whose archives are tried on SQLite too.
@pytest.mark.heavy
@pytest.mark.true_clock
@pytest.mark.django_db(transaction=True)
def test_a_backup_is_proven_and_written_down(office: Office, tmp_path: Path, capsys: Any) -> None:
    """And an altered one is refused and written down as well; of either trial nothing is left."""
    path = tmp_path / "motcua-1.saoluu"
    manifest = write_backup(path)
    call_command("prove_restore", str(path), by=office.clerk.username)
    said = capsys.readouterr().out
    assert "Khôi phục được" in said
    proof = RestoreProof.objects.get()
    assert proof.ok, proof.detail
    assert (proof.by, proof.file_name, proof.digest) == (office.clerk, path.name, manifest.digest)
    assert proof.rows >= manifest.rows
    assert proof.files == manifest.files.count + len(manifest.files.others) >= 1
    assert proof.dossiers == 2
    assert proof.events == Event.objects.count()
    assert proof.made_at == manifest.made_at
    line = AccessEvent.objects.get(object_kind="restore_proof")
    assert (line.object_id, line.detail) == (proof.pk, "thử khôi phục: được")

    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(CommandError, match="hỏng") as refused:
        call_command("prove_restore", str(path))
    assert "Đã ghi lần thử" in str(refused.value)
    proof = RestoreProof.objects.latest("pk")
    assert not proof.ok
    assert "hỏng" in proof.detail
    assert not list((tmp_path / "var").iterdir())
    assert Dossier.objects.count() == 2


def _no_restore(place: Path, manifest: dict[str, Any], *, fails: str = "", says: str = "") -> Any:
    """The commands of the trial answer, as if they had restored what lies there; `fails` names one
    that ends with 1.
    """

    def run(_env: dict[str, str], command: str, *_: str) -> Any:
        said: dict[str, Any] = manifest if command == "restore" else {"dossiers": 1, "events": 1}
        with closing(sqlite3.connect(place / "motcua.sqlite3")) as at, at:
            at.execute("CREATE TABLE IF NOT EXISTS one (id)")
            at.execute("CREATE TABLE IF NOT EXISTS dossiers_codecounter (agency_id, day, last)")
        return CompletedProcess([], int(command == fails), json.dumps(said), says)

    return run


EMPTY: dict[str, Any] = {"files": {"count": 0, "others": []}, "tables": {}, "numbers": {}}


@pytest.mark.parametrize("says", ["", '{"level": "ERROR"}\n'])
@pytest.mark.parametrize("command", ["restore", "verify_events"])
def test_a_command_that_fails_without_a_word_proves_nothing(
    command: str, says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its exit code is enough; a line of the log is no word for people."""
    monkeypatch.setattr(proving, "_run", _no_restore(tmp_path, EMPTY, fails=command, says=says))
    found = proving._tried(tmp_path / "x", None, tmp_path, lambda _: None)
    assert found.faults == [f"Lệnh {command} dừng với mã 1, không nói vì sao."]


def test_what_the_restore_itself_did_not_see_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows that are not there, and a counter that would give a number twice."""
    manifest = {
        "files": {"count": 0, "others": []},
        "tables": {"one": {"rows": 3}},
        "numbers": {"dossiers_codecounter": {"rows": 1, "given": 7, "sha256": "0" * 64}},
    }
    monkeypatch.setattr(proving, "_run", _no_restore(tmp_path, manifest))
    found = proving._tried(tmp_path / "x", None, tmp_path, lambda _: None)
    assert found.faults == [
        "Bảng one: bản kê ghi 3 dòng, khôi phục được 0 dòng.",
        "Bảng đếm dossiers_codecounter không đúng với bản kê: số tiếp theo có thể trùng.",
    ]


def test_nothing_to_prove_is_no_proof(tmp_path: Path) -> None:
    with pytest.raises(DomainError, match="backup_missing"):
        proving.prove(tmp_path / "none", clock=timezone.now)
    with pytest.raises(CommandError, match="Không có tài khoản"):
        call_command("prove_restore", str(tmp_path / "none"), by="nobody")
    assert not RestoreProof.objects.exists()


def test_a_record_stays_as_it_was_written(tmp_path: Path) -> None:
    proof = RestoreProof.objects.create(at=MONDAY, ended_at=MONDAY, file_name="x", ok=False)
    with pytest.raises(IntegrityError):
        RestoreProof.objects.filter(pk=proof.pk).update(ok=True)
