"""The route of a dossier as one value: asked in plain questions, read once an act or page."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dossiers.acts import handovers
from dossiers.acts.many import Seen
from dossiers.models import Dossier, HandOver
from dossiers.models.handover import Purpose
from dossiers.route import Position, positions_of, route_of
from dossiers.route.steps import Process, Receiver
from onestop.accounts.models import Department, DepartmentKind
from procedures.models import Step, StepRole
from tests.world import MONDAY, Office, make_case, make_office, receive

ROLES = (
    StepRole.COUNTER,
    StepRole.HEAD,
    StepRole.SPECIALIST,
    StepRole.HEAD,
    StepRole.LEADER,
    StepRole.DOCUMENTS,
    StepRole.COUNTER,
)
PROCESS = Process(
    tuple(
        Step(pk=order, order=order, role=role, task=f"Bước {order}")
        for order, role in enumerate(ROLES, 1)
    )
)


def at(order: int, *, at_once: bool = False) -> Position:
    return Position(process=PROCESS, order=order, at_once=at_once, room_id=None)


def orders(steps: Any) -> list[int]:
    return [step.order for step in steps]


def test_a_head_who_shares_work_out_does_not_approve() -> None:
    assert orders(PROCESS.approving) == [4, 5]
    assert orders(at(2).approvals) == [4, 5]
    assert at(2, at_once=True).approvals == ()  # signed while the citizen waits
    assert PROCESS.end == 7


def test_what_comes_next_is_told_of_every_place_in_the_process() -> None:
    assert [at(order).next.order for order in range(8)] == [1, 2, 3, 4, 5, 6, 7, 7]
    assert (at(4).next.purpose, at(5).next.purpose) == (Purpose.APPROVE, Purpose.STAMP)
    found = [step.order if (step := at(order).next_approval) else None for order in range(8)]
    assert found == [None, None, None, 4, 5, None, None, None]


def test_a_room_does_its_own_handling_without_giving_it_on() -> None:
    def next_desk(order: int, *, in_room: bool) -> int:
        step = at(order).next_desk(in_room=in_room)
        assert step is not None
        return step.order

    assert [next_desk(order, in_room=True) for order in (1, 2, 3)] == [4, 4, 4]
    assert [next_desk(order, in_room=False) for order in (1, 2, 3)] == [2, 3, 4]
    assert at(7).next_desk(in_room=True) is None


@pytest.mark.parametrize(
    ("order", "kind", "is_head", "back"),
    [
        (5, DepartmentKind.PROFESSIONAL, None, 3),
        (5, DepartmentKind.PROFESSIONAL, False, 3),
        (5, DepartmentKind.PROFESSIONAL, True, 2),
        (5, DepartmentKind.ONE_STOP, None, 1),
        (5, DepartmentKind.CLERICAL, None, 3),  # a desk that did nothing: before the approval
        (2, DepartmentKind.CLERICAL, None, 2),  # nothing was approved: it stays
    ],
)
def test_what_goes_back_lies_before_its_approval(
    order: int, kind: DepartmentKind, is_head: bool | None, back: int
) -> None:
    assert PROCESS.back_from(order, Receiver(Department(kind=kind), is_head)) == back


@pytest.fixture
def office(db: None) -> Office:
    return make_office()


def statements(run: Callable[[], Any], table: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as seen:
        run()
    return sum(f'FROM "{table}"' in one["sql"] for one in seen)


def test_each_process_is_read_once_for_many(office: Office) -> None:
    cases = [make_case(), make_case()]
    ids = [receive(office, cases[number % 2]).pk for number in range(8)]
    found = Dossier.objects.filter(pk__in=ids).select_related(
        "agency", "version__procedure", "case"
    )
    dossiers = list(found)
    route_of(dossiers[0])  # the default process is made on first use
    with CaptureQueriesContext(connection) as one:
        positions_of(dossiers[:1])
    with CaptureQueriesContext(connection) as many:
        positions_of(dossiers)
    assert len(many) == 2 * len(one) <= 6


def test_the_page_of_giving_reads_each_process_once(office: Office, client: Any) -> None:
    case = make_case()
    dossiers = [receive(office, case) for _ in range(5)]
    client.force_login(office.clerk)
    chosen = {"chon": [f"{d.pk}.{d.row_version}" for d in dossiers]}
    client.post("/ban-giao/giao/", chosen)
    read = statements(lambda: client.post("/ban-giao/giao/", chosen), "procedures_step")
    assert read == 1


def test_giving_many_reads_their_process_once(office: Office) -> None:
    case = make_case()
    given = [Seen(receive(office, case).pk) for _ in range(5)]

    def give() -> None:
        handovers.hand_over_many(
            given, to=office.room, receiver=None, step=None, by=office.desk(office.clerk), at=MONDAY
        )

    assert statements(give, "procedures_step") == 1
    assert HandOver.objects.on_the_way().count() == 5


def test_a_route_counts_what_stands_and_numbers_what_was_recalled(office: Office) -> None:
    dossier, clerk = receive(office, make_case()), office.desk(office.clerk)
    for _ in range(2):
        dossier.refresh_from_db()
        handovers.hand_over(dossier, to=office.room, by=clerk, at=MONDAY)
        handovers.recall(Seen(dossier.pk), by=clerk, at=MONDAY)
    route = route_of(dossier)
    assert (route.hand_overs, route.last, route.last_seq, route.result) == ((), None, 2, None)
    assert [step.role for step in route.left_out_at_end] == [StepRole.LEADER]
