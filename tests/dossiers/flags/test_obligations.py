"""Reminders of a financial obligation, once each: to the counter, and to whoever has to pay."""

from datetime import date

import pytest

from dossiers.acts import payment, tax_transfer
from dossiers.acts.many import Seen
from dossiers.clock.obligations import remind
from dossiers.models import Dossier
from onestop.outbox.models import Message
from tests.world import MONDAY, Office, make_case, make_office, receive, vn

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Office:
    return make_office()


def told(officer: int | None) -> list[str]:
    rows = Message.objects.filter(kind="obligation", to_officer=officer).order_by("pk")
    return [row.subject.partition(":")[0] for row in rows]


def test_a_payment_is_reminded_before_and_after_its_last_day(office: Office) -> None:
    dossier = receive(office, make_case())
    Dossier.objects.filter(pk=dossier.pk).update(email="an@example.vn")
    what = payment.Obligation("Lệ phí", 1000, "Điều 19", "Thuế cơ sở 3", date(2026, 12, 4))
    payment.ask_payment(Seen(dossier.pk), what, by=office.desk(office.clerk), at=MONDAY)
    assert remind(vn("30/11/2026 09:00")) == 0
    assert remind(vn("01/12/2026 09:00")) > 0
    assert remind(vn("02/12/2026 09:00")) == 0
    assert told(office.clerk.pk) == ["Sắp hết hạn nộp tiền"]
    assert told(None) == ["Nhắc nộp tiền"]
    assert Message.objects.get(to_officer=None, kind="obligation").to_email == "an@example.vn"
    remind(vn("05/12/2026 09:00"))
    assert told(office.clerk.pk) == ["Sắp hết hạn nộp tiền", "Quá hạn nộp tiền"]
    assert told(None) == ["Nhắc nộp tiền"]


def test_what_is_paid_or_answered_is_reminded_of_no_more(office: Office) -> None:
    dossier, clerk = receive(office, make_case()), office.desk(office.clerk)
    sent = tax_transfer.Transfer("Thuế cơ sở 3", "Lệ phí", "Điều 19", date(2026, 11, 25))
    tax_transfer.send(Seen(dossier.pk), sent, by=clerk, at=MONDAY)
    assert remind(vn("25/11/2026 09:00")) == 0
    assert remind(vn("26/11/2026 09:00")) > 0
    assert remind(vn("27/11/2026 09:00")) == 0
    assert told(office.clerk.pk) == ["Cơ quan thuế chưa trả lời"]
    at = vn("27/11/2026 10:00")
    answer = tax_transfer.Answer("1", at.date())
    tax_transfer.record_nothing_due(Seen(dossier.pk), answer, by=clerk, at=at)
    Message.objects.all().delete()
    assert remind(vn("30/11/2026 09:00")) == 0
