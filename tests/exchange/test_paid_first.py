"""Case F58: where the procedure asks for payment first, a filing counts since it was paid; once it does,
no later message moves that, whether it names another payment or none.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from dossiers.acts import filings
from dossiers.intake.brought import OnlineIn
from dossiers.intake.said import said_of
from dossiers.models import CounterVisit, OnlineFiling
from exchange.inbox import telling
from exchange.models import Mapping, Message
from procedures.channels import Channel
from procedures.models import Case
from tests.exchange.sent import a_door, body_of, came, code_of, data_of
from tests.world import Office, make_case, make_office, receive, vn

pytestmark = pytest.mark.django_db
# Handed in on Friday at 16:00.
PAID, PAID_AT = "20261120165000", vn("20/11/2026 16:50")
LATER = vn("23/11/2026 08:31")


@pytest.fixture
def office() -> Office:
    return make_office()


@pytest.fixture
def case() -> Case:
    made = make_case()
    Mapping.objects.create(
        door=a_door(), foreign=made.version.code, paid_is_filed=True, valid_from=date(2026, 1, 1)
    )
    return made


def pays(office: Office, case: Case, **more: Any) -> OnlineFiling:
    data = data_of(office, case, **{"NgayThanhToan": PAID, **more})
    filed = came(a_door(), body_of(data), PAID_AT)
    assert filed.state == Message.State.MAPPED
    return OnlineFiling.objects.get()


def updates(office: Office, case: Case, **more: Any) -> Message:
    data = data_of(office, case, **{"NgayCapNhat": "20261123083000", **more})
    return came(a_door(), body_of(data, updating=True), LATER)


def times_of(filing: OnlineFiling) -> tuple[Any, ...]:
    filing.refresh_from_db()
    handed_in_at = said_of(filing).handed_in_at
    return filing.filed_at, handed_in_at, filing.accept_by, filing.warn_at


def test_a_fee_paid_later_moves_nothing_and_is_told(office: Office, case: Case) -> None:
    filing = pays(office, case)
    before = times_of(filing)
    assert before[:2] == (PAID_AT, vn("20/11/2026 16:00"))
    message = updates(office, case, NgayThanhToan="20261123082500")
    assert message.state == Message.State.MAPPED
    assert times_of(filing) == before
    said = [one for one in telling.beside(filing) if one.label == "Lưu ý"]
    [note] = said
    assert "thanh toán lúc 20261123082500: giờ nộp và hạn trả lời giữ nguyên" in note.text
    # It may still be received by one key.
    assert not note.is_odd


def test_an_update_that_does_not_repeat_the_payment_is_taken(office: Office, case: Case) -> None:
    filing = pays(office, case)
    before = times_of(filing)
    message = updates(office, case, SoDienThoai="0987654321")
    assert (message.state, message.notes) == (Message.State.MAPPED, [])
    assert times_of(filing) == before
    assert filing.phone == "0987654321"


def test_paid_before_it_was_handed_in_it_counts_since_it_was_handed_in(
    office: Office, case: Case
) -> None:
    filing = pays(office, case, NgayThanhToan="20261120155000")
    before = times_of(filing)
    assert before[:2] == (vn("20/11/2026 16:00"), None)
    updates(office, case, NgayThanhToan="20261123082500")
    assert times_of(filing) == before


def test_what_was_held_though_paid_is_not_waited_for_as_unpaid(office: Office, case: Case) -> None:
    held = came(a_door(), body_of(data_of(office, case, NgayThanhToan=PAID, ChuHoSo=None)), PAID_AT)
    assert held.is_held
    message = updates(office, case)
    assert message.state == Message.State.MAPPED
    filing = OnlineFiling.objects.get()
    assert times_of(filing)[:2] == (PAID_AT, vn("20/11/2026 16:00"))


def test_sent_again_after_guidance_it_has_hours_of_its_own(office: Office, case: Case) -> None:
    filing = pays(office, case)
    visit = CounterVisit.objects.create(
        kind=CounterVisit.Kind.COMPLETE, agency=office.agency, version=case.version, owner_name="Hà",
        reason="Thiếu", officer=office.clerk, at=vn("23/11/2026 08:00"),
    )  # fmt: skip
    filings.answer(filing.code, visit, by=office.clerk, at=vn("23/11/2026 08:00"))
    assert updates(office, case).state == Message.State.MAPPED
    filing.refresh_from_db()
    # The 24th is a day off.
    assert (filing.filed_at, filing.accept_by) == (
        vn("23/11/2026 08:30"), vn("25/11/2026 08:30"),
    )  # fmt: skip


def test_handed_in_anew_it_counts_by_its_own_payment(office: Office, case: Case) -> None:
    filing = pays(office, case)
    updates(office, case, NgayNopHoSo="20261123080000", NgayThanhToan="20261123081500")
    assert times_of(filing)[:2] == (vn("23/11/2026 08:15"), vn("23/11/2026 08:00"))


def test_after_reception_the_clerk_looks_at_it_within_the_hours(office: Office, case: Case) -> None:
    pays(office, case)
    receive(office, case, channel=Channel.ONLINE_FULL, online=OnlineIn(code_of(office)))
    message = updates(office, case, SoDienThoai="0987654321")
    assert [one["code"] for one in message.missing] == ["missing_received"]
    assert message.answer_by is not None
