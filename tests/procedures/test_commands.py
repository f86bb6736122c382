"""The two import commands as people script them."""

import json
import os
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from onestop.errors import DomainError
from procedures.domain.sources import read_source
from procedures.models import InternalProcess, Procedure, ProcedureVersion
from tests.procedures.conftest import CATALOGUE, PROCESSES, method, record


def as_json(capsys: pytest.CaptureFixture[str], *arguments: Any) -> dict[str, Any]:
    capsys.readouterr()
    call_command(*map(str, arguments), "--json")
    answer: dict[str, Any] = json.loads(capsys.readouterr().out)
    return answer


def refused_by(*arguments: Any) -> str:
    """The sentence of a command that exits with 1."""
    with pytest.raises(CommandError) as refused:
        call_command(*map(str, arguments))
    assert refused.value.returncode == 1
    return str(refused.value)


def test_import_procedures_prints_counts_and_reasons(db: None, file_of, capsys) -> None:
    path = file_of(record(), record("1.000002", methods=[method(time_text="1")]), record("hỏng"))
    refused_by("import_procedures", path)
    out = capsys.readouterr().out
    for words in (
        "new",
        "needs_decision",
        "rejected",
        "bản ghi 2 1.000002",
        "bản ghi 3 hỏng",
        "sai mẫu",
    ):
        assert words in out


def test_import_procedures_as_json(db: None, file_of, capsys) -> None:
    path = file_of(record(), record("hỏng"))
    refused_by("import_procedures", path, "--json")
    first = json.loads(capsys.readouterr().out)
    assert (first["new"], first["rejected"], first["dry_run"]) == (1, 1, False)
    assert first["problems"] == [
        {
            "place": 2,
            "code": "hỏng",
            "kind": "rejected",
            "reason": "mã thủ tục sai mẫu (đúng: 1.001193)",
        }
    ]
    refused_by("import_procedures", path, "--json")
    assert json.loads(capsys.readouterr().out)["unchanged"] == 1


@pytest.mark.parametrize("records", [["hỏng"], ["hỏng", "1.000001"]])
def test_something_refused_exits_with_one_and_the_others_are_in(
    db: None, file_of, records: list[str]
) -> None:
    path = file_of(*(record(code) for code in records))
    said = refused_by("import_procedures", path, "--dry-run")
    assert said.startswith("1 bản ghi bị từ chối, chưa ghi gì.")
    assert not Procedure.objects.exists()
    said = refused_by("import_procedures", path)
    assert said.startswith("1 bản ghi bị từ chối, các bản ghi khác đã nhập.")
    assert Procedure.objects.count() == len(records) - 1


def test_processes_refused_exit_with_one_too(db: None, file_of) -> None:
    assert refused_by("import_processes", file_of(text='[{"code": ""}]')).startswith(
        "1 bản ghi bị từ chối"
    )


@pytest.mark.parametrize("day", ["2026-13-01", "hôm qua", "2026-02-30", "20260230"])
def test_a_day_that_is_none_is_said_in_our_words(db: None, file_of, day: str) -> None:
    with pytest.raises(CommandError) as refused:
        call_command(
            "import_procedures",
            str(file_of(record())),
            "--decision",
            "1",
            "--signed",
            day,
            "--effective",
            "2026-02-01",
        )
    assert refused.value.returncode == 2
    assert f"tham số --signed: “{day}” không phải một ngày có thật, dạng 2026-01-20" in str(
        refused.value
    )


def test_dry_run_writes_nothing(db: None, file_of, capsys) -> None:
    assert as_json(capsys, "import_procedures", file_of(record()), "--dry-run")["new"] == 1
    assert not Procedure.objects.exists()


def test_the_decision_options_go_together(db: None, file_of) -> None:
    with pytest.raises(CommandError) as refused:
        call_command("import_procedures", str(file_of(record())), "--decision", "1/QĐ-UBND")
    assert refused.value.returncode == 2
    call_command(
        "import_procedures",
        str(file_of(record())),
        "--decision",
        "1/QĐ-UBND",
        "--signed",
        "2026-01-20",
        "--effective",
        "2026-02-01",
    )
    assert not ProcedureVersion.objects.get().unverified


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "không phải JSON"),
        ("mã;tên\n1;2", "không phải JSON"),
        ('[{"code": "1.000001", "name": "Thủ tục', "bị cắt ngang"),
        ('{"code": "1.000001"}', "danh sách"),
        ("[]", "không có bản ghi"),
        ("[" * 100_000 + "]", "không phải JSON"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_a_sentence(
    db: None, file_of, text: str, words: str
) -> None:
    for command in ("import_procedures", "import_processes"):
        with pytest.raises(CommandError) as refused:
            call_command(command, str(file_of(text=text)))
        assert words in str(refused.value)
        assert refused.value.returncode == 1


def test_the_catalogue_cut_short_anywhere_is_refused(db: None, file_of) -> None:
    text = CATALOGUE.read_text(encoding="utf-8")
    for length in (1, 1000, len(text) // 2, len(text) - 3):
        with pytest.raises(DomainError):
            read_source(file_of(text=text[:length]))


def test_a_missing_file_and_a_folder_are_refused(db: None, tmp_path: Path) -> None:
    for path in (tmp_path / "khong-co.json", tmp_path):
        with pytest.raises(CommandError) as refused:
            call_command("import_procedures", str(path))
        assert "Không mở được" in str(refused.value)


def test_a_hundred_megabytes_are_refused_before_a_byte_is_read(db: None, tmp_path: Path) -> None:
    path = tmp_path / "lon.json"
    with path.open("wb") as file:
        file.write(b"[")
        os.truncate(path, 100 * 1024 * 1024)
    tracemalloc.start()
    try:
        with pytest.raises(CommandError) as refused:
            call_command("import_procedures", str(path))
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert "100 MB" in str(refused.value)
    assert most < 10 * 1024 * 1024


def test_not_utf8_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_bytes('["Thủ tục"]'.encode("utf-16"))
    with pytest.raises(DomainError) as refused:
        read_source(path)
    assert refused.value.code == "procedures.file_not_json"


def test_import_processes_twice(db: None, capsys) -> None:
    first = as_json(capsys, "import_processes", PROCESSES)
    assert (first["new"], first["rejected"], first["needs_decision"]) == (24, 0, 4)
    assert as_json(capsys, "import_processes", PROCESSES)["unchanged"] == 24
    assert InternalProcess.objects.count() == 24
