"""A notice is new until it is read, the dossier is opened, or its matter is over; its useful part
comes first.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from dossiers.acts import handovers
from dossiers.acts.many import Seen
from dossiers.clock import flags, settled
from dossiers.models import Dossier
from dossiers.states import State
from onestop.accounts.models import Officer, Role
from onestop.outbox.models import Message
from tests.clock import Clock
from tests.dossiers.flags.test_flags import LATE, SOON, in_the_room
from tests.world import MONDAY, Office, make_case, make_office, make_officer, receive

pytestmark = pytest.mark.django_db
Enter = Callable[[Officer], Any]


@pytest.fixture
def office() -> Office:
    return make_office()


def new(officer: Officer) -> list[str]:
    rows = Message.objects.bell_of(officer).unread().order_by("pk")
    return list(rows.values_list("kind", flat=True))


def test_what_ended_is_no_longer_new_for_anybody(office: Office) -> None:
    one, other = (in_the_room(office, make_case()) for _ in range(2))
    flags.flag_overdue(LATE)
    Dossier.objects.filter(pk=one.pk).update(ended_at=LATE, state=State.WITHDRAWN)
    assert settled.settle(LATE) == 2
    assert [m.object_id for m in Message.objects.filter(to_officer=office.head).unread()] == [
        other.pk
    ]


def test_late_takes_the_place_of_soon(office: Office) -> None:
    in_the_room(office, make_case())
    flags.flag_overdue(SOON)
    assert new(office.specialist) == ["soon"]
    flags.flag_overdue(LATE)
    assert new(office.specialist) == new(office.head) == ["late"]


def test_a_moved_promise_is_told_anew(office: Office) -> None:
    dossier = in_the_room(office, make_case())
    flags.flag_overdue(LATE)
    Dossier.objects.filter(pk=dossier.pk).update(soon_flagged=False, late_flagged=False)
    assert settled.settle(LATE) == 2
    assert new(office.specialist) == []


def test_what_somebody_took_over_since_is_handled(office: Office) -> None:
    dossier = in_the_room(office, make_case())
    flags.flag_overdue(LATE)
    given = LATE + timedelta(minutes=10)
    by = office.desk(office.specialist, given)
    handovers.hand_over(dossier, to=office.second_room, by=by, at=given)
    settled.settle(given)
    assert new(office.specialist) == ["late"]  # on its way: it can be recalled
    taker = make_officer("Vũ Thị Mai", office.agency, (Role.SPECIALIST, office.second_room))
    there = office.desk(taker, given)
    handovers.confirm(Seen(dossier.pk), by=there, at=given + timedelta(minutes=5))
    settled.settle(given + timedelta(minutes=5))
    assert new(office.specialist) == []


def test_a_confirmed_hand_over_is_no_longer_unconfirmed(office: Office, signed_in: Enter) -> None:
    dossier = in_the_room(office, make_case(), receiver=False)
    at = MONDAY + timedelta(days=2)
    flags.flag_overdue(at)
    assert new(office.head) == ["unconfirmed"]
    handovers.confirm(Seen(dossier.pk), by=office.desk(office.specialist, at), at=at)
    # The bell does not wait for the scheduler.
    page = signed_in(office.head).get("/thong-bao/")
    assert page.context["unread"] == 0
    assert "notice-unread" not in page.content.decode()


def test_a_dossier_that_is_opened_makes_its_notices_read(
    office: Office, signed_in: Enter, clock: Clock, queries: Callable[[], Any]
) -> None:
    """Of the reader, of this dossier; the number on the page is that of the bell."""
    one, other = (in_the_room(office, make_case()) for _ in range(2))
    clock.now = LATE
    flags.flag_overdue(LATE)
    client = signed_in(office.specialist)
    page = client.get(one.get_absolute_url())
    assert page.context["rail_counts"]["thong-bao"] == 1
    assert [m.object_id for m in Message.objects.filter(to_officer=office.specialist).unread()] == [
        other.pk
    ]
    assert new(office.head) == ["late", "late"]
    with queries() as plain:
        signed_in(office.leader).get(one.get_absolute_url())
    assert not any("UPDATE" in one["sql"] and "outbox" in one["sql"] for one in plain)


def test_the_useful_part_comes_first_and_a_long_name_is_cut(office: Office) -> None:
    """When, where, and last of which procedure: names of the catalogue have up to 1,500 letters."""
    case = make_case(name="Thủ tục " + "rất dài " * 60)
    dossier = in_the_room(office, case)
    receive(office, case)
    flags.flag_overdue(LATE)
    notice = Message.objects.get(to_officer=office.specialist, kind="late", object_id=dossier.pk)
    first, second, third, fourth = notice.body.splitlines()
    assert first.startswith(f"Hồ sơ {dossier.code} hẹn trả 17:00 thứ Năm 03/12/2026 (quá ")
    assert second == f"Đang ở: {office.room}, {office.specialist}."
    assert third.startswith("Thủ tục: Thủ tục rất dài")
    assert len(third) < 160
    assert fourth == "Chưa xin lỗi người dân thì xin lỗi ngay."
