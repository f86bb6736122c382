"""Procedures of two stages: the applicant is called to a step before the result; both appointments
stand on the slip, on the control sheet and in the look-up, and the promise does not move.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from dossiers.acts.many import Seen
from dossiers.acts.taking_back import take_back
from dossiers.intake import secrets
from dossiers.ledger.verifying import verify
from dossiers.models import Dossier, Slip
from dossiers.models.appointments import StepAppointment
from onestop.accounts.models import Officer
from tests.clock import Clock
from tests.dossiers.work.test_acts import fresh
from tests.world import Office, vn

Enter = Callable[[Officer], Any]
STEP = {"what": "Kiểm tra thực địa", "meet_at": "24/11/2026 08:30", "place": "Thôn 2"}


@pytest.fixture
def dossier(office: Office, at_room: Callable[..., Dossier]) -> Dossier:
    return at_room()


def sent(dossier: Dossier, **changes: str) -> dict[str, str]:
    return STEP | {"seen": str(fresh(dossier).row_version)} | changes


def page_of(dossier: Dossier) -> str:
    return f"{dossier.get_absolute_url()}hen-buoc/"


def test_both_appointments_are_told_and_the_promise_stays(
    office: Office, dossier: Dossier, signed_in: Enter, clock: Clock
) -> None:
    holder = signed_in(office.specialist)
    due = fresh(dossier).due_at
    assert due is not None
    page = holder.get(page_of(dossier)).content.decode()
    assert "Lần 2, trả kết quả" in page
    done = holder.post(page_of(dossier), sent(dossier, bring="Căn cước"))
    assert done.status_code == 302
    row = StepAppointment.objects.get()
    assert (row.meet_at, row.promised_at) == (vn("24/11/2026 08:30"), due)
    assert fresh(dossier).due_at == due
    slip = Slip.objects.get(dossier=dossier, slug="hen-buoc")
    assert slip.snapshot["step"] == "Kiểm tra thực địa"
    told = holder.get(dossier.get_absolute_url()).content.decode()
    for words in ("Hẹn lần 1: Kiểm tra thực địa", "Hẹn lần 2, trả kết quả"):
        assert words in told
    sheet = holder.post(
        f"{dossier.get_absolute_url()}phieu/kiem-soat/lap/", follow=True
    ).content.decode()
    assert "Hẹn lần 1 (Kiểm tra thực địa): 24/11/2026 08:30, tại Thôn 2" in sheet
    secret = secrets.secret_of(fresh(dossier))
    seen = Client().get(f"/tra-cuu/{dossier.code}/?k={secret}", follow=True).content.decode()
    for words in ("Hẹn trước khi trả kết quả", "Kiểm tra thực địa", "Thôn 2", "Căn cước"):
        assert words in seen
    assert "Thôn 2" not in Client().get(f"/tra-cuu/{dossier.code}/").content.decode()
    assert list(verify(now=clock.now).misfits) == []


def test_it_is_taken_back(office: Office, dossier: Dossier, signed_in: Enter, clock: Clock) -> None:
    holder = signed_in(office.specialist)
    holder.post(page_of(dossier), sent(dossier))
    take_back(Seen(dossier.pk), by=office.desk(office.specialist, clock.now), at=clock.now)
    assert not StepAppointment.objects.standing().exists()
    assert not Slip.objects.standing().filter(slug="hen-buoc").exists()
    assert list(verify(now=clock.now).misfits) == []


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("what", "", "việc người dân"),
        ("place", "", "nơi hẹn"),
        ("meet_at", "20/11/2026 08:00", "sau lúc này"),
        ("meet_at", "mai", "Không đọc được"),
        ("meet_at", "24/11/2028 08:30", "trước ngày hẹn trả"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_made(
    office: Office, dossier: Dossier, signed_in: Enter, field: str, value: str, words: str
) -> None:
    said = signed_in(office.specialist).post(page_of(dossier), sent(dossier, **{field: value}))
    assert (said.status_code, words in said.content.decode()) == (422, True)
    assert not StepAppointment.objects.exists()


def test_only_who_holds_it_makes_one(office: Office, dossier: Dossier, signed_in: Enter) -> None:
    for officer in (office.clerk, office.second_specialist, office.controller):
        said = signed_in(officer).post(page_of(dossier), sent(dossier))
        assert said.status_code in (302, 403, 404, 422)
    old = sent(dossier, seen=str(fresh(dossier).row_version - 1))
    signed_in(office.specialist).post(page_of(dossier), old)
    assert not StepAppointment.objects.exists()


def test_form_01_is_made_anew_with_both_appointments(
    office: Office, dossier: Dossier, signed_in: Enter, clock: Clock
) -> None:
    """The applicant's receipt says both days (form 01, item 5); the one before it is named, and
    stands again when the appointment is taken back.
    """
    holder = signed_in(office.specialist)
    [old] = Slip.objects.filter(dossier=dossier, slug="tiep-nhan")
    assert "first" not in old.snapshot
    holder.post(page_of(dossier), sent(dossier))
    new = Slip.objects.filter(dossier=dossier, slug="tiep-nhan").latest("pk")
    assert f"số {old.number}/TNHS" in new.snapshot["replaces"]
    paper = holder.get(f"{dossier.get_absolute_url()}phieu/tiep-nhan/?lien=1").content.decode()
    for words in (
        "Hẹn lần 1, kiểm tra thực địa: <strong>08 giờ 30 phút, ngày 24 tháng 11 năm 2026</strong>",
        "tại Thôn 2",
        "5. Thời gian trả kết quả giải quyết hồ sơ (hẹn lần 2):",
    ):
        assert words in paper
    take_back(Seen(dossier.pk), by=office.desk(office.specialist, clock.now), at=clock.now)
    assert list(Slip.objects.standing().filter(slug="tiep-nhan")) == [old]
    paper = holder.get(f"{dossier.get_absolute_url()}phieu/tiep-nhan/?lien=1").content.decode()
    assert "hẹn lần 2" not in paper.casefold()


def test_a_receipt_made_later_keeps_the_first_appointment(
    office: Office, dossier: Dossier, signed_in: Enter, clock: Clock
) -> None:
    """A new day for the result changes the second appointment only; a later call takes the place of
    the first.
    """
    holder = signed_in(office.specialist)
    holder.post(page_of(dossier), sent(dossier))
    holder.post(page_of(dossier), sent(dossier, what="Nhận thông báo"))
    new = Slip.objects.filter(dossier=dossier, slug="tiep-nhan").latest("pk")
    assert new.snapshot["first"]["what"] == "Nhận thông báo"
    assert new.snapshot["promised_at"] is not None
    assert list(verify(now=clock.now).misfits) == []
