"""Who leaves hands on the parts of other agencies' dossiers with the desk: what the leaver has, and what
was given and not taken yet (R-60).
"""

import re
from collections.abc import Callable
from datetime import date
from html import unescape
from typing import Any
from uuid import uuid4

import pytest

from dossiers.acts import handovers, leg_work
from dossiers.acts.desks import count_legs, hand_desk_over, take_desk_back
from dossiers.acts.many import Seen
from dossiers.ledger.verifying import verify
from dossiers.models import Dossier
from dossiers.models.legs import Leg, LegState
from dossiers.route.steps import NextStep
from onestop.accounts.domain.officers import work_left
from onestop.accounts.models import Officer, Role, RoleGrant
from onestop.errors import DomainError
from onestop.outbox.models import Message
from tests.dossiers.legs.office import Linked, make_linked, seen
from tests.world import MONDAY, Office, make_case, make_officer, receive

pytestmark = pytest.mark.django_db
SignIn = Callable[[Officer], Any]
STEP = NextStep(order=2, name="Thẩm định", minutes=480)


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
    Officer.objects.filter(pk=there.specialist.pk).update(is_active=False)
    with pytest.raises(DomainError) as refused:
        leg_work.take_back(seen(has), by=there.desk(there.head), at=MONDAY)
    assert refused.value.code == "leaver_closed"
    has.refresh_from_db()
    assert has.holder == successor
    Officer.objects.filter(pk=there.specialist.pk).update(is_active=True)
    leg_work.take_back(seen(has), by=there.desk(there.head), at=MONDAY)
    has.refresh_from_db()
    assert has.holder == there.specialist
    assert list(verify(now=MONDAY).misfits) == []


def grant(officer: Officer, role: Role, at: Office) -> None:
    RoleGrant.objects.create(
        officer=officer,
        role=role,
        agency=at.agency,
        department=at.room,
        valid_from=date(2018, 1, 1),
    )


def test_the_successor_can_do_what_is_handed_on(linked: Linked) -> None:
    """Who cannot work at the agency of a part does not get it; who can has it in a room there."""
    there, elsewhere = linked.others
    for office, officer, role in (
        (elsewhere, there.specialist, Role.SPECIALIST),
        (elsewhere, there.leader, Role.LEADER),
    ):
        grant(officer, role, office)
    leg = linked.send(1)[0]
    by = elsewhere.desk(elsewhere.clerk)
    leg_work.pass_on(seen(leg), elsewhere.room, there.specialist, by=by, at=MONDAY)
    leg_work.receive(seen(leg), by=there.desk(there.specialist), at=MONDAY)
    cashier = make_officer("Vi Thị Thu", there.agency, (Role.CASHIER, there.room))
    grant(cashier, Role.CASHIER, elsewhere)
    here_only = make_officer("Vi Thị Kế", there.agency, (Role.SPECIALIST, there.room))
    for unfit in (cashier, here_only):
        with pytest.raises(DomainError) as refused:
            move(there, unfit, there.leader)
        assert (refused.value.code, refused.value.field) == ("leg_successor", "successor")
    assert count_legs(there.specialist) == 1
    grant(here_only, Role.SPECIALIST, elsewhere)
    move(there, here_only, there.leader)
    leg.refresh_from_db()
    assert (leg.holder, leg.holder_department) == (here_only, elsewhere.room)


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


def undo_of(page: Any) -> str:
    [undo] = re.findall(r'data-toast>.*?<form action="([^"]+)"', page.content.decode(), flags=re.S)
    return unescape(undo)


def test_undo_gives_back_dossiers_and_parts_and_nothing_worked_on_since(
    linked: Linked, signed_in: SignIn
) -> None:
    there, has, given = two_of(linked)
    successor = make_officer("Vi Thị Kế", there.agency, (Role.SPECIALIST, there.room))
    dossier = receive(there, make_case())
    clerk, specialist = there.desk(there.clerk), there.desk(there.specialist)
    handovers.hand_over(
        dossier, to=there.room, receiver=there.specialist, step=STEP, by=clerk, at=MONDAY
    )
    handovers.confirm(Seen(dossier.pk), by=specialist, at=MONDAY)
    head = signed_in(there.head)
    sent = {"leaver": there.specialist.pk, "successor": successor.pk, "reason": "Nghỉ hưu"}
    undo = undo_of(head.post("/ban-giao/ban-lam-viec/", sent, follow=True))
    # Who did not press takes nothing back.
    signed_in(there.leader).post(undo)
    assert count_legs(successor) == 2
    linked.take(given, successor)
    said = head.post(undo, follow=True).content.decode()
    assert "Đã hoàn tác việc bàn giao: 1 hồ sơ." in said
    assert "Đã hoàn tác việc bàn giao: 1/2 phần phối hợp." in said
    assert ": Không hoàn tác được: sau việc của bạn" in said
    for leg in (has, given):
        leg.refresh_from_db()
    assert Dossier.objects.get(pk=dossier.pk).holder == has.holder == there.specialist
    assert given.holder == successor
    assert list(verify(now=MONDAY).misfits) == []


def test_undo_asks_as_much_of_two_parts_as_of_six(
    linked: Linked, queries: Callable[[], Any]
) -> None:
    there, has, given = two_of(linked)
    for _ in range(4):
        linked.dossier = receive(linked.lead, make_case())
        [leg] = linked.send(0)
        by = there.desk(there.clerk)
        leg_work.pass_on(seen(leg), there.room, there.specialist, by=by, at=MONDAY)
    successor = make_officer("Vi Thị Kế", there.agency, (Role.SPECIALIST, there.room))
    mine = there.desk(there.leader)
    asked = []
    for kept in (6, 2):
        press = uuid4()
        hand_desk_over(
            there.specialist, successor, by=mine, at=MONDAY, reason="Nghỉ hưu", press=press
        )
        assert count_legs(successor) == 6
        # What somebody has worked on since is refused: it costs no more either.
        for leg in Leg.objects.exclude(pk__in=(has.pk, given.pk))[: 6 - kept]:
            linked.take(leg, successor)
        with queries() as seen_queries:
            _, parts = take_desk_back(press, by=mine, at=MONDAY)
        assert [one.error is None for one in parts].count(True) == kept
        asked.append(len(seen_queries))
    assert asked[0] == asked[1]
    assert count_legs(successor) == 4
    assert list(verify(now=MONDAY).misfits) == []


def test_a_desk_of_parts_only_is_taken_back_too(linked: Linked, signed_in: SignIn) -> None:
    there, has, given = two_of(linked)
    successor = make_officer("Vi Thị Kế", there.agency, (Role.SPECIALIST, there.room))
    head = signed_in(there.head)
    sent = {"leaver": there.specialist.pk, "successor": successor.pk, "reason": "Nghỉ hưu"}
    undo = undo_of(head.post("/ban-giao/ban-lam-viec/", sent, follow=True))
    Officer.objects.filter(pk=there.specialist.pk).update(is_active=False)
    assert "đã đóng" in head.post(undo, follow=True).content.decode()
    Officer.objects.filter(pk=there.specialist.pk).update(is_active=True)
    said = head.post(undo, follow=True).content.decode()
    assert "Đã hoàn tác việc bàn giao: 2 phần phối hợp." in said
    for leg in (has, given):
        leg.refresh_from_db()
    assert (has.holder, given.pending_officer) == (there.specialist, there.specialist)


def test_closing_an_account_counts_parts_and_hands_them_on(
    linked: Linked, signed_in: SignIn
) -> None:
    there, _, _ = two_of(linked)
    successor = make_officer("Vi Thị Kế", there.agency, (Role.SPECIALIST, there.room))
    admin = signed_in(make_officer("Đặng Quản Trị", there.agency, (Role.ADMINISTRATOR, None)))
    address = f"/quan-tri/can-bo/{there.specialist.pk}/thoi-viec/"
    assert "2 hồ sơ, phần phối hợp" in admin.get(address).content.decode()
    page = admin.post(address, {"successor": successor.pk})
    assert page.context["done"]
    assert page.context["lists"] == []
    assert count_legs(successor) == 2
