"""Certified copies beyond the day: an hour and a day by written agreement (NĐ 23/2015 Đ7, Đ21); numbers on
the long path; eighty people in a row.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from dossiers.acts import agreed_time, certifying, endings
from dossiers.acts.endings import ResultIn
from dossiers.acts.many import Seen
from dossiers.acts.taking_back import take_back
from dossiers.ledger.numbers import of_outgoing
from dossiers.ledger.verifying import verify
from dossiers.models import Dossier, Result, Slip
from dossiers.models.decision import ClockDecision
from dossiers.models.outgoing import OutgoingDocument
from dossiers.slips import issuing
from onestop.accounts.models import CalendarDay, CalendarYear
from onestop.errors import DomainError, sentence
from tests.clock import Clock
from tests.dossiers.intake.pages import errors
from tests.dossiers.intake.test_counts import statements
from tests.dossiers.intake.test_immediate import PAGE, a_line, copies
from tests.world import MONDAY, Office, make_case, receive, vn

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db
AGREED = "10:00 26/11/2026"


def the_one() -> Dossier:
    return Dossier.objects.latest("pk")


def test_hour_and_day_are_typed_and_promised_with_their_slip(clerk: Client, office: Office) -> None:
    case = copies()
    sent = a_line(case, signer="", agreed=AGREED)
    answer = clerk.post(PAGE, sent, follow=True)
    assert errors(answer) == ""
    assert "Đã nhận và hẹn trả" in answer.content.decode()
    dossier, until = the_one(), vn("26/11/2026 10:00")
    assert (dossier.due_at, dossier.legal_due_at) == (until, until)
    # Certification is late by the day, as always.
    assert dossier.late_from == vn("27/11/2026 00:00")
    row = ClockDecision.objects.get(dossier=dossier)
    assert (row.ends, row.extra, row.basis) == (until, "2 ngày làm việc", agreed_time.BASIS)
    slip = issuing.html(Slip.objects.get(slug="tiep-nhan", dossier=dossier))
    assert "10 giờ 00 phút" in slip
    assert "hẹn theo thỏa thuận bằng văn bản" in slip
    assert "Điều 7" in slip
    why = clerk.get(f"{dossier.get_absolute_url()}vi-sao/").content.decode()
    assert "Hẹn theo thỏa thuận (Điều 7" in why
    assert (
        "Thỏa thuận với người dân: Hẹn 26/11/2026 10:00"
        in clerk.get(dossier.get_absolute_url()).content.decode()
    )
    # Sent twice it is one.
    clerk.post(PAGE, sent, follow=True)
    assert ClockDecision.objects.count() == Dossier.objects.count() == 1
    # Back, and another hour or none: that was never received, and is not said to be.
    for other in ("14:00 26/11/2026", ""):
        answer = clerk.post(PAGE, sent | {"agreed": other, "signer": "Phan Văn Lộc"})
        assert answer.status_code == 422, other
        assert dossier.code in errors(answer)
    assert ClockDecision.objects.count() == Dossier.objects.count() == 1
    assert verify(now=MONDAY).misfit is None
    # Taken back, the promise is the law's again.
    take_back(Seen(dossier.pk), by=office.desk(office.clerk), at=MONDAY)
    assert timezone.localdate(the_one().due_at) == MONDAY.date()
    # With a slip of its own again.
    assert Slip.objects.standing().filter(slug="tiep-nhan", dossier=dossier).count() == 1
    assert verify(now=MONDAY).misfit is None


def test_an_hour_alone_is_of_the_next_working_day(clerk: Client) -> None:
    clerk.post(PAGE, a_line(copies(), signer="", agreed="09:30"))
    assert the_one().due_at == vn("25/11/2026 09:30")  # 24/11 is a holiday


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("mai", "Chưa đọc được giờ"),
        ("16:00 23/11/2026", "phải sau ngày hẹn theo quy định"),
        ("10:00 24/11/2026", "trong giờ làm việc"),
        ("12:15 26/11/2026", "trong giờ làm việc"),
        ("10:00 26/11/2027", "xa quá 60 ngày"),
        ("26/11/2036 10:00", "xa quá 60 ngày"),
    ],
)
def test_what_cannot_be_agreed_is_said_and_nothing_is_received(
    clerk: Client, typed: str, said: str
) -> None:
    answer = clerk.post(PAGE, a_line(copies(), signer="", agreed=typed))
    assert answer.status_code == 422
    assert said in errors(answer)
    assert not Dossier.objects.exists()


def test_on_the_last_day_before_a_year_without_calendar(
    office: Office, signed_in: Callable[..., Client], clock: Clock
) -> None:
    """An hour alone has no day to be of, a day of that year no calendar: both are said."""
    CalendarDay.objects.filter(date__year=2027).delete()
    CalendarYear.objects.filter(year=2027).delete()
    clock.now = vn("31/12/2026 09:00")
    clerk, case = signed_in(office.clerk), copies()
    for typed, said in {
        "09:30": "phải sau ngày hẹn theo quy định",
        "09:30 04/01/2027": "Chưa có lịch làm việc",
    }.items():
        answer = clerk.post(PAGE, a_line(case, signer="", agreed=typed))
        assert answer.status_code == 422
        assert said in errors(answer)
    assert not Dossier.objects.exists()


def test_only_certifications_of_the_own_counter_in_time(office: Office) -> None:
    by, until = office.desk(office.clerk), vn("26/11/2026 10:00")
    dossier = receive(office, make_case())
    with pytest.raises(DomainError) as error:
        agreed_time.agree_time(Seen(dossier.pk), until, by=by, at=MONDAY)
    assert error.value.code == "agree_not_certified"
    assert sentence(error.value)
    line = receive(office, copies())
    late = vn("25/11/2026 09:00")
    with pytest.raises(DomainError) as error:
        agreed_time.agree_time(Seen(line.pk), until, by=office.desk(office.clerk, late), at=late)
    assert error.value.code == "agree_late"


def test_on_the_long_path_it_is_numbered_when_it_ends_signed(office: Office, clerk: Client) -> None:
    """A certification of several days: one number, of who signed the result; a refusal has none."""
    case = make_case(term="2 ngày làm việc", name="Chứng thực hợp đồng, giao dịch về tài sản")
    by = office.desk(office.clerk)
    for kind, numbers in ((Result.Kind.GRANTED, [1]), (Result.Kind.REFUSED, [1])):
        dossier = receive(office, case)
        result = ResultIn(
            kind=kind, number="5/2026", issued_on=MONDAY.date(), signer="Phan Văn Lộc", reason="Thiếu",
        )  # fmt: skip
        endings.record_result(Seen(dossier.pk), result, by=by, at=MONDAY)
        endings.finish(Seen(dossier.pk), by=by, at=MONDAY, note="Ký trên giấy")
        rows = OutgoingDocument.objects.filter(kind="SCT/HĐ,GD").order_by("number")
        assert [row.number for row in rows] == numbers
    assert {row.signer for row in rows} == {"Phan Văn Lộc"}
    first = rows[0].dossier
    assert certifying.is_entered(first.pk)
    page = clerk.get(first.get_absolute_url()).content.decode()
    assert "<strong>01, sổ chứng thực hợp đồng, giao dịch</strong>" in page
    assert list(of_outgoing(None)) == []
    take_back(Seen(first.pk), by=by, at=MONDAY)
    assert not certifying.is_entered(first.pk)
    assert verify(now=MONDAY).misfit is None


def test_eighty_people_in_a_row_cost_the_same_each(
    clerk: Client, queries: Callable[[], Any]
) -> None:
    """A line and the page after it: exactly so many statements for the second and for the last."""
    case = copies()
    clerk.post(PAGE, a_line(case))
    counts = []
    for number in (2, 3, 80):
        if number == 80:
            _fill(number - 4)
        with queries() as sent:
            clerk.post(PAGE, a_line(case, f"Người thứ {number}"))
        with queries() as shown:
            page = clerk.get(PAGE)
        counts.append((statements(sent), statements(shown)))
    # The last sixty stand on the page; the sums are of all.
    assert len(page.context["rows"]) == 60
    assert page.context["totals"].lines == 80
    assert len(set(counts)) == 1
    assert counts[0][0] <= 25


def test_what_one_person_pays_is_added_up(clerk: Client) -> None:
    case = copies()
    clerk.post(PAGE, a_line(case, pages="2"))
    assert clerk.get(PAGE).context["person"] is None
    clerk.post(PAGE, a_line(case, copies="3"))
    page = clerk.get(PAGE)
    assert page.context["person"] == {"label": "Lò Thị Mai, 2 dòng", "fees": 10_000}
    assert "10.000 đồng" in page.content.decode()
    clerk.post(PAGE, a_line(case, "Vi Văn Hải"))
    assert clerk.get(PAGE).context["person"] is None
    # One of the same name after somebody else is another.
    clerk.post(PAGE, a_line(case))
    assert clerk.get(PAGE).context["person"] is None


def _fill(many: int) -> None:
    """More people of this morning, as rows."""
    last = the_one()
    for number in range(many):
        last.pk = None
        last.code = f"{last.code[:-4]}{8000 + number}"
        last.intake_token = f"00000000-0000-0000-0000-{number:012d}"
        last.register_number = 8000 + number
        last.received_at = MONDAY + timedelta(seconds=number)
        last.save(force_insert=True)
