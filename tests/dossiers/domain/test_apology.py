"""An apology without a new date (R-54): repeated as often as needed, it moves nothing and heals
nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from dossiers import registry
from dossiers.acts import apology, endings, re_appointment
from dossiers.acts.endings import ResultIn, Taking
from dossiers.acts.many import Seen
from dossiers.acts.taking_back import take_back
from dossiers.desk import timeline
from dossiers.desk.dossier import parts_of
from dossiers.intake import secrets
from dossiers.ledger.verifying import verify
from dossiers.models import Dossier, Event, Slip, Span
from dossiers.models.apology import Apology
from dossiers.models.outcome import Outcome
from dossiers.slips import issuing
from onestop.accounts.models import Officer
from onestop.errors import Conflict, DomainError
from onestop.worktime import parse_term
from tests.clock import Clock
from tests.dossiers.pictures import picture
from tests.world import IN_PERSON, MONDAY, Office, make_case, make_office, receive, vn

pytestmark = pytest.mark.django_db
# Received Monday 23/11 with 3 working days: promised for 27/11 17:00 (24/11 is a holiday).
IN_TIME, LATE = vn("25/11/2026 09:00"), vn("30/11/2026 09:00")


@pytest.fixture
def office() -> Office:
    return make_office()


@pytest.fixture
def dossier(office: Office) -> Dossier:
    return receive(office, make_case("3 ngày làm việc"), at=MONDAY)


def sorry(
    office: Office, dossier: Dossier, at: datetime, by: Officer | None = None, **more: Any
) -> Apology:
    said = {"reason": "Chờ xác minh nơi cư trú."} | more
    by = by or office.leader
    return apology.apologise(Seen(dossier.pk), by=office.desk(by, at), at=at, **said)


def end(office: Office, dossier: Dossier, at: datetime) -> None:
    clerk = office.desk(office.clerk, at)
    result = ResultIn(number="1", issued_on=at.date(), signer="Tuấn")
    endings.record_result(Seen(dossier.pk), result, by=clerk, at=at)
    endings.finish(Seen(dossier.pk), by=clerk, at=at, note="Sở ký")


def letter_of(dossier: Dossier) -> str:
    slip = Slip.objects.filter(dossier=dossier, slug="thu-xin-loi").latest("pk")
    return " ".join(issuing.html(slip).split())


def test_it_moves_no_promise_and_no_interval(office: Office, dossier: Dossier) -> None:
    before, spans = picture(dossier), list(Span.objects.order_by("pk").values())
    first, second = sorry(office, dossier, IN_TIME), sorry(office, dossier, LATE)
    assert (first.late, second.late) == (False, True)  # the later one is marked
    assert first.promised_at == vn("27/11/2026 17:00")
    after = Dossier.objects.get(pk=dossier.pk)
    assert (after.due_at, after.state, after.late_from) == (
        dossier.due_at, dossier.state, dossier.late_from,
    )  # fmt: skip
    assert list(Span.objects.order_by("pk").values()) == spans
    for _ in range(2):
        take_back(Seen(dossier.pk), by=office.desk(office.leader, LATE), at=LATE)
    assert picture(dossier) == before
    assert verify(now=LATE).misfit is None


def test_the_letter_by_state(office: Office, dossier: Dossier) -> None:
    """Before the promise it will be missed, afterwards it was; of what has ended, it came late."""
    sorry(office, dossier, IN_TIME)
    text = letter_of(dossier)
    assert "Do chờ xác minh nơi cư trú, " in text
    assert "chưa thể trả kết quả" in text
    assert "sự chậm trễ nói trên" not in text
    sorry(office, dossier, LATE)
    assert "Đến nay, " in letter_of(dossier)
    assert "vì sự chậm trễ nói trên" in letter_of(dossier)
    end(office, dossier, LATE)
    sorry(office, dossier, LATE)
    assert "hồ sơ mới có kết quả, chậm so với thời gian đã hẹn" in letter_of(dossier)
    assert "kính mời Ông/Bà nhận tại" in letter_of(dossier)
    clerk = office.desk(office.clerk, LATE)
    endings.give_back(
        Seen(dossier.pk), Taking(name="Nguyễn Văn Ân", told=IN_PERSON), by=clerk, at=LATE
    )
    sorry(office, dossier, LATE)
    assert "nhận tại" not in letter_of(dossier)
    assert [one.late for one in Apology.objects.order_by("pk")] == [False, True, True, True]
    assert verify(now=LATE).misfit is None


def test_a_company_is_addressed_as_one_by_the_agency_that_handles(office: Office) -> None:
    dossier = receive(office, make_case("3 ngày làm việc"), at=MONDAY)
    Dossier.objects.filter(pk=dossier.pk).update(owner_name="Công ty TNHH Hoa Đào")
    sorry(office, dossier, LATE, by=office.head)
    text = letter_of(dossier)
    assert "Kính gửi: Công ty TNHH Hoa Đào" in text
    assert "Quý Công ty" in text
    assert office.leader.full_name in text  # a head asks, the leader signs
    snapshot = Slip.objects.get(slug="thu-xin-loi").snapshot
    assert snapshot["office"]["desk"] == office.agency.name  # no counter in its head
    assert snapshot["capacity"]


def test_what_ended_in_time_needs_none(office: Office, dossier: Dossier) -> None:
    end(office, dossier, IN_TIME)
    assert Dossier.objects.get(pk=dossier.pk).verdict != Outcome.LATE
    with pytest.raises(DomainError, match="nothing_to_apologise"):
        sorry(office, dossier, LATE)


def test_a_re_appointed_day_does_not_make_it_early(office: Office, dossier: Dossier) -> None:
    """The promise of before decides; re-appointed or not, one may apologise again."""
    leader, term = office.desk(office.leader, IN_TIME), parse_term("10 ngày làm việc")
    re_appointment.re_appoint(
        Seen(dossier.pk), extra=term, reason="Chờ xác minh", by=leader, at=IN_TIME
    )
    assert not Dossier.objects.get(pk=dossier.pk).is_late(LATE)
    row = sorry(office, dossier, LATE)
    assert row.late
    assert row.promised_at == vn("11/12/2026 17:00")
    with pytest.raises(DomainError, match="already_reappointed"):
        re_appointment.re_appoint(
            Seen(dossier.pk), extra=term, reason="Nữa", by=office.desk(office.leader), at=LATE
        )


def test_who_may_and_what_must_be_said(office: Office, dossier: Dossier) -> None:
    for by in (office.clerk, office.specialist, office.controller):
        with pytest.raises(DomainError):
            sorry(office, dossier, LATE, by=by)
    with pytest.raises(DomainError, match="reason_missing"):
        sorry(office, dossier, LATE, reason=" ")
    with pytest.raises(DomainError, match="signer_not_leader"):
        sorry(office, dossier, LATE, signer=office.clerk)
    with pytest.raises(Conflict):
        apology.apologise(
            Seen(dossier.pk, dossier.row_version + 1),
            reason="Chậm", by=office.desk(office.leader), at=LATE,
        )  # fmt: skip
    assert not Apology.objects.exists()


def test_the_look_up_tells_it_behind_the_secret(
    office: Office, dossier: Dossier, client: Any, clock: Clock
) -> None:
    clock.now = LATE
    sorry(office, dossier, LATE)
    here = f"/tra-cuu/{dossier.code}/"
    assert "xin lỗi" not in client.get(here).content.decode()
    told = client.get(here, {"k": secrets.secret_of(dossier)}).content.decode()
    assert "không trả kết quả đúng hẹn: chờ xác minh nơi cư trú." in told
    take_back(Seen(dossier.pk), by=office.desk(office.leader, LATE), at=LATE)
    told = client.get(here, {"k": secrets.secret_of(dossier)}).content.decode()
    assert "không trả kết quả đúng hẹn" not in told


def test_the_page_and_the_timeline(
    office: Office, dossier: Dossier, signed_in: Callable[..., Any], clock: Clock
) -> None:
    clock.now = LATE
    client, here = signed_in(office.leader), f"{dossier.get_absolute_url()}xin-loi/"
    assert f'href="{here}"' in client.get(dossier.get_absolute_url()).content.decode()
    assert "được ghi là gửi muộn" in client.get(here).content.decode()
    assert client.post(here, {"reason": "", "signer": office.leader.pk}).status_code == 422
    told = client.post(here, {"reason": "Chờ Sở", "signer": office.leader.pk}, follow=True)
    assert "Đã lập thư xin lỗi. Ghi là xin lỗi muộn" in told.content.decode()
    assert "Đã xin lỗi 1 lần trước đó" in client.get(here).content.decode()
    events = list(Event.objects.filter(dossier=dossier).order_by("seq"))
    rows = {"apologies": {row["id"]: row for row in parts_of(dossier).told["apologies"]}}
    newest = timeline.timeline(events, rows)[0]
    assert newest.title == "Xin lỗi"
    assert newest.lines[1:] == ("Lý do: Chờ Sở", "Xin lỗi sau khi đã quá hạn")
    clerk = signed_in(office.clerk)
    assert f'href="{here}"' not in clerk.get(dossier.get_absolute_url()).content.decode()
    assert clerk.post(here, {"reason": "Chậm", "signer": office.leader.pk}).status_code != 302
    assert Apology.objects.count() == 1
    assert registry.slip_names()["thu-xin-loi"] == "Thư xin lỗi"
