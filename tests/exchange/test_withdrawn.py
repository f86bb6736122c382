"""Withdrawn on the portal after the counter has answered: the citizen and the counter read the same."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from dossiers.acts import filings
from dossiers.models import CounterVisit, OnlineFiling
from exchange.inbox import telling
from exchange.models import Mapping
from procedures.models import Case
from tests.exchange.sent import a_door, body_of, came, data_of
from tests.world import MONDAY, Office, make_case, make_office, vn

pytestmark = pytest.mark.django_db
LATER = vn("23/11/2026 10:00")


@pytest.fixture
def office() -> Office:
    return make_office()


def withdraws(**data: Any) -> None:
    came(a_door(), body_of(data, service="RutHoSoDVCQG"), LATER)


def test_withdrawn_after_it_was_guided_it_is_no_longer_to_be_completed(
    office: Office, client: Client, signed_in: Any
) -> None:
    """In the look-up, and before it is taken in by one key."""
    case = make_case()
    filing = _guided(office, case)
    address = f"/tra-cuu/{filing.code}/"
    page = reverse("online_filing", args=[filing.pk])
    assert "đã hướng dẫn bổ sung" in client.get(address).content.decode()
    withdraws(MaHoSo=filing.code)
    shown = client.get(address).content.decode()
    assert "Hồ sơ đã được người nộp rút trên Cổng lúc 10:00" in shown
    assert "Nộp lại ở đó" not in shown
    filing.refresh_from_db()
    # The counter's answer stays counted as its own.
    assert filing.state == OnlineFiling.State.ANSWERED
    clerk = signed_in(office.clerk)
    assert "đã rút hồ sơ trên Cổng lúc 10:00" in clerk.get(page).content.decode()
    filings.reopen(filing.pk, by=office.desk(office.clerk), at=LATER)
    filing.refresh_from_db()
    assert any("đã rút hồ sơ" in one.text and one.is_odd for one in telling.beside(filing))
    # Sent again, it waits, and what was taken back before is the past.
    again = data_of(office, case, NgayCapNhat="20261123140000")
    came(a_door(), body_of(again, updating=True), vn("23/11/2026 14:00"))
    filing.refresh_from_db()
    assert not any(one.is_odd for one in telling.beside(filing))
    assert "đang chờ Bộ phận Một cửa tiếp nhận" in client.get(address).content.decode()


@pytest.mark.parametrize(("own", "place"), [({}, "NgayCapNhat"), ({"sent_at": "GioGui"}, "GioGui")])
def test_a_withdrawal_that_is_older_than_what_was_guided_says_nothing(
    office: Office, client: Client, own: dict[str, str], place: str
) -> None:
    """By the source's own place of that time, where the table says one."""
    Mapping.objects.create(door=a_door(), fields=own, valid_from=date(2026, 11, 1))
    filing = _guided(office, make_case(), **{place: "20261123083000"})
    withdraws(MaHoSo=filing.code, **{place: "20261123080000"})
    assert "đã hướng dẫn bổ sung" in client.get(f"/tra-cuu/{filing.code}/").content.decode()


def _guided(office: Office, case: Case, **more: Any) -> OnlineFiling:
    came(a_door(), body_of(data_of(office, case, **more)), MONDAY)
    filing = OnlineFiling.objects.get()
    visit = CounterVisit.objects.create(
        kind=CounterVisit.Kind.COMPLETE, agency=office.agency, version=case.version, owner_name="Hà",
        reason="Thiếu tờ khai", officer=office.clerk, at=MONDAY,
    )  # fmt: skip
    filings.answer(filing.code, visit, by=office.clerk, at=MONDAY)
    filing.refresh_from_db()
    return filing
