"""Data that came or went late, or stand otherwise at the portal, proposed as the cause (R-58)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from dossiers.acts import supplements
from dossiers.acts.many import Seen
from dossiers.intake.brought import OnlineIn
from dossiers.models import Dossier, OnlineFiling
from exchange.inbox import taking
from exchange.inbox.lagging import lags_of
from exchange.models import Delivery, Line, Message
from exchange.outbox import messages
from procedures.channels import Channel
from reports.models import LateCause
from reports.models.cause import Cause
from reports.proposing import Proposal, proposed
from tests.clock import Clock
from tests.dossiers.online.filed import a_list
from tests.exchange.sent import a_door, body_of, came, code_of, data_of
from tests.exchange.world import said as a_peer
from tests.reports.conftest import Province, finish, province
from tests.reports.test_causes import counted
from tests.reports.test_proposing import ask
from tests.world import make_case, receive, vn

pytestmark = pytest.mark.django_db
# Received on Monday 2/11 with three working days: late from 6/11 00:00 on.
RECEIVED, NOW = vn("02/11/2026 09:00"), vn("16/11/2026 09:00")


@pytest.fixture
def place() -> Province:
    return province()


def online(
    place: Province,
    filed: str = "20261020080000",
    *,
    came_at: str = "02/11/2026 08:00",
    number: int = 1,
    term: str = "3 ngày làm việc",
) -> Dossier:
    """Handed in on the portal, brought by a message, received on Monday."""
    office, case = place.first, make_case(term)
    came(a_door(), body_of(data_of(office, case, number, NgayNopHoSo=filed)), vn(came_at))
    filing = OnlineIn(code_of(office, number), reason="Cổng gửi chậm")
    return receive(office, case, at=RECEIVED, channel=Channel.ONLINE_FULL, online=filing)


@pytest.fixture
def peer(settings: Any) -> None:
    settings.EXCHANGE_PEERS = [a_peer("B")]


def a_line(dossier: Dossier, **there: Any) -> Line:
    row = {"peer": "cong-b", "code": dossier.code, "dossier": dossier, "agency": dossier.agency}
    day = timezone.localdate(dossier.received_at)
    return Line.objects.create(**row, day=day, state=Line.State.LEVEL, **there)


def told(line: Line, state: int, at: datetime, until: datetime | None) -> None:
    kind, stands = Delivery.Kind.DOSSIER, Delivery.State
    Delivery.objects.create(
        line=line, kind=kind, payload={"state": state}, created_at=at, settled_at=until,
        state=stands.SENT if until else stands.WAITING,
    )  # fmt: skip


def said(dossier: Dossier, at: datetime = NOW) -> Proposal:
    return proposed([dossier.pk], at)[dossier.pk]


def test_what_came_late_is_proposed_and_counted_once_somebody_says_so(
    place: Province, clock: Clock, signed_in: Any
) -> None:
    """Handed in on 20/10, received on paper on 2/11 before its data came on 11/11: of its term they
    were as long on their way as it is late on 14/11.
    """
    dossier = online(place)
    message = Message.objects.get()
    late = vn("11/11/2026 09:00")
    Message.objects.update(received_at=late)
    OnlineFiling.objects.update(arrived_at=late)
    clock.now = vn("14/11/2026 09:00")
    found = said(dossier, clock.now)
    assert (found.cause, found.department) == (Cause.SYNC, place.first.counter)
    assert found.detail == (
        f"Nộp trên Cổng 20/10/2026 08:00, thông điệp {message.pk} đến 11/11/2026 09:00:"
        " chậm 9 ngày theo lịch"
    )
    here = f"/bao-cao/nguyen-nhan/{dossier.code}/"
    client = signed_in(place.first.leader)
    assert found.words in client.get(here).content.decode()
    # Nothing is written by itself.
    assert not LateCause.objects.exists()
    assert counted(place, "16/11/2026 09:00")["13"] == 1
    room = place.first.counter.pk
    sent = {"cause": found.cause, "department": room, "detail": found.detail}
    assert client.post(here, sent).status_code == 302
    assert LateCause.objects.get().cause == Cause.SYNC
    assert counted(place, "16/11/2026 09:00") == {"3": 1, "5": 1, "12": 1}
    # Later still than it was on its way: something else made it late.
    assert said(dossier, vn("20/11/2026 09:00")).cause == Cause.DELAY
    # Where a list had brought it there was nothing to wait for.
    OnlineFiling.objects.update(listed_in=a_list(place.first))
    assert said(dossier, clock.now).cause == Cause.DELAY


def test_what_came_late_before_its_term_took_nothing_of_it(place: Province) -> None:
    """The term begins at the reception (R-36), however long it was on its way until then."""
    assert said(online(place)).cause == Cause.DELAY


def test_a_small_part_of_the_term_made_nothing_late(place: Province) -> None:
    """A day and a half of thirty working days; late for less than that."""
    dossier = online(place, "20261031200000", term="30 ngày làm việc")
    late = dossier.due_at
    assert late is not None
    found = said(dossier, late + timedelta(days=1))
    assert found.cause == Cause.DELAY


def test_what_could_not_be_read_tells_so_and_excuses_no_later_delay(place: Province) -> None:
    office, case = place.first, make_case("3 ngày làm việc")
    data = data_of(office, case, NgayNopHoSo="20261023080000", MaTTHC="2.000001")
    held = came(a_door(), body_of(data), vn("23/10/2026 08:10"))
    Message.objects.update(raw=held.raw.replace("2.000001", case.version.code))
    taking.read(held.pk, at=vn("02/11/2026 08:30"))
    filing = OnlineIn(code_of(office), reason="Chưa đọc được")
    dossier = receive(office, case, at=RECEIVED, channel=Channel.ONLINE_FULL, online=filing)
    assert said(dossier, vn("10/11/2026 09:00")).cause == Cause.DELAY
    came_late = lags_of([dossier])[dossier.pk].came
    assert came_late is not None
    expected = "đến 23/10/2026 08:10, chưa đọc được, vào danh sách chờ 02/11/2026 08:30"
    assert expected in came_late.words


def test_a_request_that_the_portal_has_late_is_no_wait_for_the_applicant(
    place: Province, peer: None
) -> None:
    """Asked on 6/11 after the promise; at the portal from 14/11 on, the applicant could read it."""
    dossier = online(place, "20261102070000")
    ask(place.first, dossier, vn("06/11/2026 09:00"))
    line = a_line(dossier)
    told(line, 2, RECEIVED, RECEIVED)
    told(line, 5, vn("06/11/2026 09:00"), vn("14/11/2026 10:00"))
    found = said(dossier)
    assert found.cause == Cause.SYNC
    assert found.detail == (
        "“Yêu cầu bổ sung giấy tờ” báo 06/11/2026 09:00,"
        " Cổng Dịch vụ công quốc gia có từ 14/11/2026 10:00: chậm 9 ngày theo lịch sau hạn"
    )
    # Told within the hour it is the applicant who is waited for, and at a desk it always was.
    line.deliveries.filter(payload__state=5).update(settled_at=vn("06/11/2026 09:10"))
    assert said(dossier).cause == Cause.APPLICANT
    # Given up at once, because the portal had it otherwise: nobody knows of a lag.
    line.deliveries.filter(payload__state=5).update(state=Delivery.State.CLOSED)
    assert said(dossier).cause == Cause.APPLICANT
    line.deliveries.filter(payload__state=5).update(settled_at=None, state=Delivery.State.WAITING)
    assert said(dossier).cause == Cause.SYNC
    Dossier.objects.filter(pk=dossier.pk).update(channel=Channel.DIRECT)
    assert said(dossier).cause == Cause.APPLICANT


def test_what_was_answered_before_it_was_told_was_waited_for_so_long(
    place: Province, peer: None
) -> None:
    dossier = online(place, "20261102070000")
    at, back = vn("06/11/2026 09:00"), vn("07/11/2026 09:00")
    ask(place.first, dossier, at)
    supplements.complete(Seen(dossier.pk), by=place.first.desk(place.first.clerk, back), at=back)
    line = a_line(dossier)
    told(line, 5, at, vn("14/11/2026 10:00"))
    told(line, 4, back, vn("14/11/2026 10:01"))
    assert said(dossier).cause == Cause.DELAY


def test_what_the_portal_holds_otherwise(place: Province, peer: None) -> None:
    dossier = online(place, "20261102070000")
    line = a_line(
        dossier, accepted_at=RECEIVED, accepted_state=2, accepted_due=vn("30/11/2026 17:00")
    )
    found = said(dossier)
    assert found.cause == Cause.SYNC
    assert "ghi hẹn trả 30/11/2026 17:00 từ 02/11/2026 09:00, ở đây 05/11/2026" in found.detail
    # A day that is over there too excuses nothing; ended there, it does.
    Line.objects.filter(pk=line.pk).update(accepted_due=vn("10/11/2026 17:00"))
    assert said(dossier).cause == Cause.DELAY
    Line.objects.filter(pk=line.pk).update(accepted_due=None, accepted_state=7)
    assert "ghi “Công dân yêu cầu rút hồ sơ”" in said(dossier).detail


def test_what_is_late_there_only_is_no_late_dossier_here(place: Province, peer: None) -> None:
    """It stands on the page of what differs (`messages.LATE_AWAY` and its like), in no late table."""
    dossier = online(place, "20261102070000")
    finish(place.first, dossier, vn("04/11/2026 09:00"))
    line = a_line(dossier, accepted_at=RECEIVED, accepted_state=2, accepted_due=dossier.due_at)
    told(line, 9, vn("04/11/2026 09:00"), None)
    assert proposed([dossier.pk], NOW) == {}
    assert messages.LATE_AWAY.startswith("Dữ liệu đồng bộ")


def test_three_more_queries_for_many(place: Province, peer: None, queries: Any) -> None:
    many = [online(place, number=number) for number in range(1, 5)]
    for one in many:
        told(a_line(one), 5, RECEIVED, None)
    for ids in ([many[0].pk], [one.pk for one in many]):
        with queries() as asked:
            assert {one.cause for one in proposed(ids, NOW).values()} == {Cause.SYNC}
        assert len(asked) == 8
