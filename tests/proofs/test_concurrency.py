"""Many processes at once on PostgreSQL: codes stay distinct and consecutive; two officers on one
dossier get one act, one conflict.
"""

import os
from contextlib import suppress
from multiprocessing import get_context
from threading import BrokenBarrierError
from typing import Any
from unittest import mock
from uuid import UUID, uuid4

import pytest
from celery import current_app
from django.db.models import Count

from dossiers.acts import approval, endings, handovers, outgoing, reception
from dossiers.acts.endings import EndingIn
from dossiers.acts.many import Seen
from dossiers.intake import codes
from dossiers.ledger.verifying import verify
from dossiers.models import Dossier, HandOver, Result, Slip
from dossiers.models.handover import LIST_SLUG
from dossiers.models.outgoing import OutgoingDocument
from onestop.accounts.models import Department, DepartmentKind, Role, RoleGrant
from onestop.errors import Conflict
from tests.dossiers.domain.test_deciding import REFUSED, later, submitted
from tests.dossiers.domain.test_outgoing import approved
from tests.proofs.forks import fork, wait
from tests.world import MONDAY, Office, an_intake, make_case, make_office, make_officer, receive

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


def refused_at(office: Office, *, handled_by: Office) -> Seen:
    """A refusal that waits for the leader of this office, of a dossier that another may handle."""
    dossier = submitted(office, REFUSED)
    Dossier.objects.filter(pk=dossier.pk).update(agency=handled_by.agency)
    return Seen(dossier.pk)


def test_two_who_number_for_the_same_two_offices_never_wait_for_each_other() -> None:
    """The one numbers a list of its own office, then the slip of another's dossier; the other, whose
    desk is at both, has begun with that slip and comes to that list.
    """
    one, two = make_office(), make_office()
    RoleGrant.objects.create(
        officer=one.leader, role=Role.LEADER, agency=two.agency,
        department=two.leadership, valid_from=MONDAY,
    )  # fmt: skip
    alone = [refused_at(two, handled_by=one)]
    both = [refused_at(one, handled_by=one), refused_at(two, handled_by=two)]
    Dossier.objects.filter(pk=both[1].dossier_id).update(pending_officer=None)
    # Whose turn it would be is decided here, not by who is quicker.
    meeting = get_context("fork").Barrier(2)

    def approve(office: Office, asked: list[Seen], numbered: str) -> None:
        take = codes.next_slip

        def takes(**key: Any) -> int:
            number = take(**key)
            if key["slug"] == numbered:
                with suppress(BrokenBarrierError):
                    meeting.wait(timeout=2)
            return number

        with mock.patch.object(codes, "next_slip", takes):
            by = office.desk(office.leader)
            done = approval.approve_many(asked, by=by, at=later(60))
        assert [one.error for one in done] == [None] * len(asked)

    children = [
        fork(lambda: approve(two, alone, LIST_SLUG)),
        fork(lambda: approve(one, both, "tu-choi")),
    ]
    assert [wait(pid) for pid in children] == [0, 0]
    numbers = Slip.objects.filter(slug="tu-choi").order_by("agency", "number")
    assert list(numbers.values_list("agency", "number")) == [
        (one.agency.pk, 1),
        (one.agency.pk, 2),
        (two.agency.pk, 1),
    ]


def test_two_writers_of_one_register_of_documents_leave_no_gap_and_no_double() -> None:
    office = make_office()
    room = Department.objects.create(
        agency=office.agency, name="Văn thư", kind=DepartmentKind.CLERICAL
    )
    stamper = make_officer("Đào Thị Thư", office.agency, (Role.DOCUMENTS, room))
    said = EndingIn("", "Thôi", "", "12/QĐ", "Tuấn", "Không thu")
    case, by = make_case(), office.desk(office.leader)
    for _ in range(12):
        endings.stop(Seen(receive(office, case).pk), said, by=by, at=MONDAY)
    slips = list(Slip.objects.filter(slug="dung").order_by("pk").values_list("pk", flat=True))

    def work(mine: list[int]) -> None:
        for pk in mine:
            outgoing.number_letters([pk], by=office.desk(stamper), at=MONDAY)

    # Each has all of them, in another order: who comes second is told so.
    children = [fork(lambda order=order: work(slips[::order])) for order in (1, -1)]
    assert [wait(pid) for pid in children] == [0, 0]
    numbers = OutgoingDocument.objects.order_by("number").values_list("number", flat=True)
    assert list(numbers) == list(range(1, 13))
    assert verify(now=MONDAY).misfit is None


def test_two_who_number_and_hand_over_at_once_number_each_once_and_give_it_once() -> None:
    """ "Cấp số và chuyển ra quầy": two people with drafts of their own, each press sent twice, in another
    order. Nobody waits for somebody who waits for him; no number is left out or given twice, each
    dossier lies on its way once, and who comes second is told of each.
    """
    office = make_office()
    room = Department.objects.create(
        agency=office.agency, name="Văn thư", kind=DepartmentKind.CLERICAL
    )
    stampers = [
        make_officer(name, office.agency, (Role.DOCUMENTS, room)) for name in ("Đào Thư", "Lê Bút")
    ]
    mine = [[approved(office, who, room) for _ in range(4)] for who in stampers]

    def work(who: int, order: int) -> None:
        seen = [Seen(one.pk) for one in mine[who]][::order]
        by, press = office.desk(stampers[who]), uuid4()
        done = outgoing.number_results(seen, "GXN", by=by, at=MONDAY, press=press, to_counter=True)
        refused = [one.error for one in done if one.error is not None]
        assert len(refused) in (0, 4)
        if refused:
            raise SystemExit(3)

    children = [
        fork(lambda who=who, order=order: work(who, order)) for who in (0, 1) for order in (1, -1)
    ]
    ends = [wait(pid) for pid in children]
    assert [sum(map(bool, ends[:2])), sum(map(bool, ends[2:]))] == [1, 1]
    numbers = OutgoingDocument.objects.order_by("number").values_list("number", flat=True)
    assert list(numbers) == list(range(1, 9))
    assert Result.objects.current().exclude(number="").count() == 8
    ids = sorted(one.pk for drafts in mine for one in drafts)
    way = HandOver.objects.on_the_way().filter(dossier__in=ids)
    assert sorted(way.values_list("dossier", flat=True)) == ids
    assert verify(now=MONDAY).misfit is None
