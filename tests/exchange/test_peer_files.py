"""What the recorded peer files is what our door takes, and waits for the counter."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import OperationalError, connection

from dossiers.identity import check_identity, check_phone
from dossiers.models import OnlineFiling
from dossiers.models.dossier import IdentityKind
from exchange.inbox import taking
from exchange.management.commands import fake_portal
from exchange.models import Message
from exchange.peer import filing
from exchange.peer.plays import Applicants
from tests.bench.morning import morning
from tests.clock import MONDAY
from tests.exchange.sent import SECRET, a_door, send
from tests.world import make_case, make_office

if TYPE_CHECKING:
    from django.test import Client


@pytest.mark.django_db
def test_what_the_peer_files_waits_for_the_counter(client: Client, settings: Any) -> None:
    office, case = make_office(), make_case("7 ngày làm việc")
    settings.EXCHANGE_SECRETS = {"cong": SECRET}
    a_door()
    messages = filing.filings(
        2, seed=3, procedure=case.version.code, unit=office.agency.code, at=MONDAY
    )
    assert messages == filing.filings(
        2, seed=3, procedure=case.version.code, unit=office.agency.code, at=MONDAY
    )
    for message in messages:
        body, headers = filing.signed(SECRET, message)
        assert send(client, body, signed=headers["X-Signature"]).json()["error_code"] == 0
    for kept in Message.objects.all():
        taking.read(kept.pk, at=MONDAY)
    waiting = OnlineFiling.objects.filter(agency=office.agency, procedure=case.version.procedure)
    assert set(waiting.values_list("code", flat=True)) == {
        one["data"]["MaHoSo"] for one in messages
    }


@pytest.mark.django_db
def test_a_database_that_is_away_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(procedure: str) -> list[str]:
        raise OperationalError

    asked = {"procedure": "1.000001", "seed": 1, "unit": "H99.1"}
    monkeypatch.setattr(fake_portal, "papers_of", away)
    monkeypatch.setattr(connection, "close", lambda: None)
    nobody = Applicants(lambda _: True, lambda _: "", timedelta(0))
    assert fake_portal.file_one(asked, nobody, "plain", "") is False


@pytest.mark.django_db
def test_what_the_benchmark_sends_waits_for_the_counter() -> None:
    """So that its row measures what it says (tools/benchmark/door.py)."""
    make_office()
    make_case()
    seen: list[int] = []
    count = OnlineFiling.objects.count
    assert morning(3, 3_600_000, each=lambda: seen.append(count()))["filings"] == 3
    assert seen == [1, 2, 3]


def test_the_numbers_of_what_it_files_are_numbers() -> None:
    """Whatever the instant says: one that is none is to be looked at, and there is no one key then."""
    for one in filing.filings(500, seed=1, procedure="1.001022", unit="H99", at=MONDAY):
        said = one["data"]
        assert check_phone(said["SoDienThoai"]).findings == ()
        found = check_identity(IdentityKind.CITIZEN_CARD, said["SoDinhDanh"], MONDAY.date())
        assert found.findings == ()
