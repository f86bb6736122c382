"""`manage.py due` and the manners that every command shares: help, JSON, exit codes."""

import json
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError

from onestop.commands import Refused, UsageError, table


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("due", *arguments, stdout=out)
    return out.getvalue()


def test_it_prints_the_explanation_and_the_promise() -> None:
    lines = run("2026-11-20 14:00", "5 ngày làm việc").splitlines()
    assert lines[0] == "Tiếp nhận lúc 14:00 thứ Sáu 20/11/2026. Thời hạn: 5 ngày làm việc."
    assert lines[-1] == "Hẹn trả kết quả: 17:00 thứ Hai 30/11/2026."


def test_json_has_the_instant_and_the_lines() -> None:
    answer = json.loads(run("2026-11-20 14:00", "5 ngày làm việc", "--json"))
    assert answer["due"] == "2026-11-30T17:00:00+07:00"
    assert len(answer["lines"]) == 13
    assert answer["provisional"] is False
    assert json.loads(run("20/11/2026 14:00", "không phải trả kết quả", "--json"))["due"] is None


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--sessions", "07:30-11:30,13:30-16:30"], "2026-11-30T16:30:00+07:00"),
        (["--pause", "2026-11-23 10:00", "2026-11-26 15:00"], "2026-12-02T17:00:00+07:00"),
        (
            [
                "--pause",
                "2026-11-23 10:00",
                "2026-11-25 15:00",
                "--pause",
                "2026-11-25 16:00",
                "2026-11-26 15:00",
            ],
            "2026-12-02T17:00:00+07:00",
        ),
        (["--restart", "2026-11-25 10:00"], "2026-12-02T17:00:00+07:00"),
        (
            ["--pause", "2026-12-01 10:00", "2026-12-03 15:00", "--restart", "2026-12-03 15:00"],
            "2026-11-30T17:00:00+07:00",
        ),  # asked too late
    ],
)
def test_options_reach_the_engine(options: list[str], expected: str) -> None:
    assert (
        json.loads(run("2026-11-20 14:00", "5 ngày làm việc", "--json", *options))["due"]
        == expected
    )


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["2026-11-20 14:00", "5"], "Không đọc được thời hạn “5”"),
        (["hôm qua", "5 ngày"], "Không đọc được thời điểm"),
        (["2031-11-20 14:00", "5 ngày"], "Chưa có lịch làm việc năm 2031"),
        (
            ["2026-11-20 14:00", "5 ngày", "--pause", "2026-11-26 15:00", "2026-11-23 10:00"],
            "không được trước",
        ),
        (
            ["2026-11-20 14:00", "5 ngày", "--restart", "2026-11-19 15:00"],
            "không được trước lúc tiếp nhận",
        ),
    ],
)
def test_refusals_are_sentences_with_exit_code_1(arguments: list[str], words: str) -> None:
    with pytest.raises(Refused, match=words) as refused:
        run(*arguments)
    assert refused.value.returncode == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ["2026-11-20 14:00"],
        ["2026-11-20 14:00", "5 ngày", "--sessions", "sáng"],
        ["2026-11-20 14:00", "5 ngày", "--sessions", ""],
        ["2026-11-20 14:00", "5 ngày", "--pause", "2026-11-20 15:00"],
        ["2026-11-20 14:00", "5 ngày", "--sessions", "07:00-11:00", "--agency", "X"],
    ],
)
def test_wrong_usage_has_exit_code_2(arguments: list[str]) -> None:
    with pytest.raises(UsageError) as refused:
        run(*arguments)
    assert refused.value.returncode == 2


@pytest.mark.django_db
def test_an_unknown_agency_is_refused_and_a_known_one_uses_its_calendar() -> None:
    from onestop.accounts.calendars import load_national_calendar
    from onestop.accounts.models import Agency, Level, WorkingWeek

    with pytest.raises(Refused, match="Không có cơ quan mã"):
        run("2026-11-20 14:00", "5 ngày", "--agency", "không có")
    load_national_calendar()
    agency = Agency.objects.create(
        code="X01", name="UBND xã Thử", short_name="Xã Thử", level=Level.COMMUNE
    )
    hours = ["07:30-11:30,13:00-16:15"] * 5 + ["", ""]
    WorkingWeek.objects.create(agency=agency, effective_from="2020-01-01", sessions=hours)
    assert (
        json.loads(run("2026-11-20 14:00", "5 ngày làm việc", "--agency", "X01", "--json"))["due"]
        == "2026-11-30T16:15:00+07:00"
    )


def shell(*arguments: str) -> subprocess.CompletedProcess[str]:
    manage = Path(settings.BASE_DIR) / "manage.py"
    return subprocess.run(
        [sys.executable, str(manage), "due", *arguments],
        capture_output=True,
        text=True,
        check=False,
    )


def test_from_the_shell_the_exit_codes_are_0_1_2_and_the_help_is_vietnamese() -> None:
    refused = shell("2026-11-20 14:00", "5")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr.startswith("Không đọc được thời hạn “5”.")
    wrong = shell("2026-11-20 14:00")
    assert wrong.returncode == 2
    assert wrong.stderr.startswith("Sai cách dùng: thiếu tham số THỜI_HẠN")
    helped = shell("--help")
    assert helped.returncode == 0
    assert helped.stdout.startswith("Cách dùng: manage.py due")
    assert not any(
        word in helped.stdout for word in ("usage:", "options:", "positional", "show this", "Print")
    )


def test_tables_align_and_put_numbers_to_the_right() -> None:
    assert table(["Mã", "Số"], [["a", 5], ["bcd", 12]]) == [
        "Mã   Số",
        "---  --",
        "a     5",
        "bcd  12",
    ]
    assert issubclass(Refused, CommandError)
