"""Who leaves hands on the parts of other agencies' dossiers with the desk: what the leaver has, and what
was given and not taken yet (R-60).
"""

from collections.abc import Callable
from typing import Any

import pytest

from dossiers.acts import leg_work
from dossiers.acts.desks import count_legs, hand_desk_over
from dossiers.ledger.verifying import verify
from dossiers.models.legs import Leg, LegState
from onestop.accounts.domain.officers import work_left
from onestop.accounts.models import Officer, Role
from onestop.errors import DomainError
from onestop.outbox.models import Message
from tests.dossiers.legs.office import Linked, make_linked, seen
from tests.world import MONDAY, Office, make_case, make_officer, receive

pytestmark = pytest.mark.django_db
SignIn = Callable[[Officer], Any]


@pytest.fixture
def linked() -> Linked:
    return make_linked(2)


def move(there: Office, to: Officer, by: Officer) -> None:
    desk = there.desk(by)
    hand_desk_over(there.specialist, to, by=desk, at=MONDAY, reason="Nghỉ hưu")


def two_of(linked: Linked) -> tuple[Office, Leg, Leg]:
    """One that the specialist has, one that was given there and not taken."""
    there = linked.others[0]
    has, given = linked.send(0)[0], None
    linked.dossier = receive(linked.lead, make_case())
    given = linked.send(0)[0]
    for leg in (has, given):
        by = there.desk(there.clerk)
        leg_work.pass_on(seen(leg), there.room, there.specialist, by=by, at=MONDAY)
    linked.take(has, there.specialist)
    return there, has, given


def test_what_a_leaver_has_and_was_given_goes_to_the_successor(linked: Linked) -> None:
    there, has, given = two_of(linked)
    successor = make_officer("Vi Thị Kế", there.agency, (Role.SPECIALIST, there.room))
    assert count_legs(there.specialist) == work_left(there.specialist) == 2
    move(there, successor, there.leader)
    assert (count_legs(there.specialist), count_legs(successor)) == (0, 2)
    has.refresh_from_db()
    assert (has.holder, has.holder_department, has.state) == (
        successor, there.room, LegState.WORKING.value,
    )  # fmt: skip
    told = Message.objects.filter(to_officer=successor, kind="leg_passed")
    assert told.count() == 2
    linked.take(given, successor)
    linked.answer(has, by=successor)
    linked.dossier = has.dossier
    assert linked.now.open_legs == 0
    assert list(verify(now=MONDAY).misfits) == []


def test_who_may_move_them_and_that_the_mover_takes_one_back(linked: Linked) -> None:
    """The head of the room, the leader; not the counter, nobody of the agency that leads."""
    there, has, _ = two_of(linked)
    successor = make_officer("Vi Thị Kế", there.agency, (Role.SPECIALIST, there.room))
    for other in (there.clerk, there.second_specialist):
        with pytest.raises(DomainError):
            move(there, successor, other)
    with pytest.raises(DomainError) as refused:
        desk = linked.lead.desk(linked.lead.leader)
        hand_desk_over(there.specialist, successor, by=desk, at=MONDAY, reason="Nghỉ")
    assert refused.value.code == "not_desk_mover"
    move(there, successor, there.head)
    leg_work.take_back(seen(has), by=there.desk(there.head), at=MONDAY)
    has.refresh_from_db()
    assert has.holder == there.specialist
    assert list(verify(now=MONDAY).misfits) == []


def test_the_page_says_how_many_go_with_the_desk(linked: Linked, signed_in: SignIn) -> None:
    there, has, _ = two_of(linked)
    successor = make_officer("Vi Thị Kế", there.agency, (Role.SPECIALIST, there.room))
    head = signed_in(there.head)
    page = head.get("/ban-giao/ban-lam-viec/", {"can-bo": there.specialist.pk}).content.decode()
    assert "đang giữ 2 phần phối hợp" in page
    sent = {"leaver": there.specialist.pk, "successor": successor.pk, "reason": "Nghỉ hưu"}
    said = head.post("/ban-giao/ban-lam-viec/", sent, follow=True).content.decode()
    assert "Đã bàn giao 2 phần phối hợp" in said
    has.refresh_from_db()
    assert has.holder == successor
