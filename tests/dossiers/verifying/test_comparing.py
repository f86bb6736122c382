"""`compare_digests`: a letter or a printed hash against what today's database gives."""

from __future__ import annotations

import io
import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from dossiers.ledger import digests
from dossiers.models import AgencyDigest, Event
from onestop.guards import unguarded
from onestop.outbox.models import Message
from tests.dossiers.verifying.test_verifying import remove
from tests.world import MONDAY, Office, make_case, make_office, receive

pytestmark = pytest.mark.django_db
THURSDAY = MONDAY + timedelta(days=3)


@pytest.fixture
def office() -> Office:
    """An office with two closed days, and another one beside it."""
    office, case = make_office(), make_case()
    for day in (0, 1):
        receive(office, case, at=MONDAY + timedelta(days=day))
    receive(make_office("Ủy ban nhân dân xã Tân Lập"), case)
    digests.daily_digest(THURSDAY)
    return office


@pytest.fixture
def letter(office: Office, tmp_path: Path) -> str:
    file = tmp_path / "thu.txt"
    letters = Message.objects.filter(kind=digests.LETTER, object_kind="agency")
    sent = letters.get(to_officer=office.controller)
    file.write_text(f"{sent.subject}\n\n{sent.body}", encoding="utf-8")
    return str(file)


def compare(*arguments: str) -> str:
    out = io.StringIO()
    call_command("compare_digests", *arguments, stdout=out)
    return out.getvalue()


def refused(*arguments: str) -> CommandError:
    with pytest.raises(CommandError) as said:
        compare(*arguments)
    return said.value


def test_the_letter_fits_while_nothing_was_touched(office: Office, letter: str) -> None:
    lines = compare(letter).splitlines()
    assert len(lines) == 2
    assert all(
        line.startswith(f"Khớp: cơ quan {office.agency.code}, ngày 2{day}/11/2026, 1 mục")
        for line, day in zip(lines, (3, 4), strict=True)
    )


def test_a_removed_dossier_makes_its_day_and_the_later_ones_differ(
    office: Office, letter: str
) -> None:
    """Though whoever removed it wrote the digests anew as well."""
    first = Event.objects.filter(agency=office.agency).order_by("pk")[0]
    remove(first.dossier)
    with unguarded():
        AgencyDigest.objects.all()._raw_delete("default")
    digests.daily_digest(THURSDAY)
    said = refused(letter)
    assert said.returncode == 1
    assert str(said).count("Không khớp: mã") == 2
    assert "thư ghi ngày 23/11/2026, 1 mục" in str(said)


def test_a_hash_read_from_paper_may_be_cut_off_and_broken_by_blanks(office: Office) -> None:
    row = AgencyDigest.objects.filter(agency=office.agency).order_by("day")[0]
    typed = f"{row.hash[:8]} {row.hash[8:16].upper()}"
    assert "ngày 23/11/2026" in compare("--digest", typed)
    assert "ngày 23/11/2026" in compare(
        "--digest", typed, "--day", "23/11/2026", "--agency", office.agency.code
    )
    assert refused("--digest", typed, "--day", "24/11/2026").returncode == 1
    assert refused("--digest", "0" * 64).returncode == 1


def test_json_says_the_same(office: Office, letter: str) -> None:
    said = json.loads(compare(letter, "--json"))
    assert said["ok"] is True
    assert [one["found"]["day"] for one in said["compared"]] == ["2026-11-23", "2026-11-24"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "Chưa có mã băm nào để so"),
        (("--digest", "xyz"), "không phải mã băm"),
        (("khong-co.txt",), "Không đọc được tệp khong-co.txt"),
        (("--digest", "0" * 64, "--agency", "KHONG.CO"), "Không có cơ quan nào mang mã KHONG.CO"),
    ],
)
def test_wrong_usage_is_told(office: Office, arguments: tuple[str, ...], words: str) -> None:
    said = refused(*arguments)
    assert said.returncode == 2
    assert words in str(said)
