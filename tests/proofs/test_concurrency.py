"""Many processes at once on PostgreSQL: codes stay distinct and consecutive; two officers on one
dossier get one act, one conflict.
"""

import os
from uuid import UUID, uuid4

import pytest
from celery import current_app
from django.db.models import Count

from dossiers.acts import handovers, reception
from dossiers.acts.many import Seen
from dossiers.ledger.verifying import verify
from dossiers.models import Dossier, HandOver
from onestop.errors import Conflict
from tests.proofs.forks import fork, wait
from tests.world import MONDAY, an_intake, make_case, make_office, receive

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

# `make test-long` receives 4,000.
PROCESSES, EACH = 8, 500 if os.environ.get("LONG") else 40


@pytest.mark.heavy
def test_eight_counters_receive_at_once_into_consecutive_codes() -> None:
    office, case = make_office(), make_case(papers=2)

    def work() -> None:
        current_app.conf.task_always_eager = False  # slips are left to workers, as in an office
        clerk = office.desk(office.clerk)
        for _ in range(EACH):
            reception.receive(an_intake(office, case, token=uuid4()), by=clerk, at=MONDAY)

    children = [fork(work) for _ in range(PROCESSES)]
    assert [wait(pid) for pid in children] == [0] * PROCESSES
    codes = sorted(Dossier.objects.values_list("code", flat=True))
    unit = office.agency.dossier_code
    assert codes == [
        f"{unit}-261123-{n:04d}" for n in range(1, PROCESSES * EACH + 1)
    ]
    assert sorted(Dossier.objects.values_list("register_number", flat=True)) == list(
        range(1, PROCESSES * EACH + 1)
    )


def test_a_double_click_from_two_processes_is_one_dossier() -> None:
    office, case = make_office(), make_case()
    token = UUID(int=7)

    def work() -> None:
        reception.receive(
            an_intake(office, case, token=token), by=office.desk(office.clerk), at=MONDAY
        )

    children = [fork(work) for _ in range(4)]
    assert [wait(pid) for pid in children] == [0] * 4
    assert Dossier.objects.count() == 1
    assert Dossier.objects.get().code.endswith("-0001")


def test_two_officers_act_at_once_and_one_gets_a_conflict() -> None:
    office, case = make_office(), make_case()
    for _ in range(5):
        dossier = receive(office, case)
        seen = Seen(dossier.pk, dossier.row_version)

        def give(to_room: bool, seen: Seen = seen) -> None:
            room = office.room if to_room else office.second_room
            _, (done,) = handovers.hand_over_many(
                [seen], to=room, receiver=None, step=None, by=office.desk(office.clerk), at=MONDAY
            )
            if done.error is not None:
                assert isinstance(done.error, Conflict)
                raise SystemExit(3)

        children = [fork(lambda: give(True)), fork(lambda: give(False))]
        codes = sorted(wait(pid) for pid in children)
        assert codes == [0, 1]
        assert HandOver.objects.filter(dossier=dossier).count() == 1


def test_two_presses_on_the_same_dossiers_give_each_of_them_once() -> None:
    """Picked in another order, they wait for each other and never both; who comes second is told of
    each.
    """
    office, case = make_office(), make_case()
    for _ in range(5):
        dossiers = [receive(office, case) for _ in range(8)]
        seen = [Seen(dossier.pk, dossier.row_version) for dossier in dossiers]

        def give(to_room: bool, seen: list[Seen] = seen) -> None:
            room = office.room if to_room else office.second_room
            picked = seen[:6] if to_room else seen[:1:-1]
            _, done = handovers.hand_over_many(
                picked, to=room, receiver=None, step=None, by=office.desk(office.clerk), at=MONDAY
            )
            refused = [one.error for one in done if one.error is not None]
            assert [type(error) for error in refused] in ([], [Conflict] * 4)

        children = [fork(lambda: give(True)), fork(lambda: give(False))]
        assert [wait(pid) for pid in children] == [0, 0]
        given = HandOver.objects.filter(dossier__in=dossiers)
        assert sorted(given.values_list("dossier", flat=True)) == [one.pk for one in dossiers]
        lists = given.order_by().values_list("batch").annotate(n=Count("pk"))
        assert sorted(n for _, n in lists) == [2, 6]
    assert verify(now=MONDAY).misfit is None
