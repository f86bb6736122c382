"""Locks on PostgreSQL: who closes an account and who gives to it wait for each other in one
direction only.
"""

import threading
from datetime import timedelta

import pytest
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from dossiers.acts import guiding, handovers, visits
from dossiers.acts.handovers import NextStep
from dossiers.intake.brought import Person
from dossiers.intake.wanted import declared
from dossiers.models import CounterVisit, Dossier, HandOver
from onestop.accounts.domain import signing_in
from onestop.accounts.domain.officers import close_account
from onestop.accounts.domain.substitutions import substitute
from onestop.accounts.models import Officer, Role
from onestop.errors import DomainError
from tests.proofs.forks import somebody_waits
from tests.world import MONDAY, make_case, make_office, make_officer, receive

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def test_giving_to_an_officer_goes_on_while_that_account_is_locked() -> None:
    """The foreign key of the hand-over must not wait for the lock of an act on the account, which
    may wait for the dossier.
    """
    office = make_office()
    dossier = receive(office, make_case())
    problems: list[BaseException] = []

    def give() -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '3s'")
            step = NextStep(order=2, name="Xử lý")
            handovers.hand_over(
                dossier,
                to=office.room,
                receiver=office.specialist,
                step=step,
                by=office.desk(office.clerk),
                at=MONDAY,
            )
        except BaseException as problem:
            problems.append(problem)
        finally:
            connections.close_all()

    with transaction.atomic():
        substitute(
            absent=office.specialist, by_whom=office.second_specialist, from_date=MONDAY.date(), to_date=MONDAY.date(), reason="Ốm",
            by=None, at=MONDAY,
        )  # fmt: skip
        other = threading.Thread(target=give)
        other.start()
        other.join()  # a lock that never comes ends it
    assert not problems
    assert HandOver.objects.filter(dossier=dossier).count() == 1


def test_every_lock_of_an_account_or_a_dossier_leaves_its_key_free() -> None:
    office = make_office()
    administrator = make_officer("Vũ Thị Mai", office.agency, (Role.ADMINISTRATOR, None))
    receive(office, make_case())
    with CaptureQueriesContext(connection) as seen:
        signing_in.prove(
            username=office.head.username, password="Mat-khau-1", at=MONDAY + timedelta(minutes=1)
        )
        close_account(
            officer=office.clerk,
            successor=make_officer("Kế Nhiệm", office.agency, (Role.CLERK, office.counter)),
            by=administrator,
            at=MONDAY,
        )
    # No row refers to an officer's usual addresses: nobody waits for the key of one.
    locks = [
        query["sql"]
        for query in seen.captured_queries
        if " FOR " in query["sql"] and "usualaddress" not in query["sql"]
    ]
    assert len(locks) >= 3
    assert all("FOR NO KEY UPDATE" in lock for lock in locks)
    assert Dossier.objects.get().holder != office.clerk
    assert not Officer.objects.get(pk=office.clerk.pk).is_active


def test_who_waited_for_a_question_that_went_to_another_meanwhile_does_not_answer_it() -> None:
    """R-44: the head presses while the counter puts the guidance before the leader."""
    office, case = make_office(), make_case()
    said = visits.Said(
        CounterVisit.Kind.COMPLETE, agency=office.agency, version=case.version, case=case,
        owner=Person("Nguyễn Văn Ân", identity_number="001087000123"),
        items=declared("Ngày sinh"), reason="Chưa đủ", approver=office.head, approval_reason="Văn bản mới",
    )  # fmt: skip
    for hour in (0, 1):
        at = MONDAY + timedelta(hours=hour)
        visit = visits.record(said, by=office.desk(office.clerk, at), at=at)
    at = MONDAY + timedelta(hours=2)
    row, head, clerk = visit.approval, office.desk(office.head, at), office.desk(office.clerk, at)
    refused: list[str] = []

    def answer() -> None:
        try:
            guiding.answer(row.pk, agreed=True, words="", by=head, at=at)
        except DomainError as error:
            refused.append(error.code)
        finally:
            connections.close_all()

    other = threading.Thread(target=answer)
    with transaction.atomic():
        guiding.put_again(visit.pk, approver=office.leader, reason="Vắng", by=clerk, at=at)
        other.start()
        while other.is_alive() and not somebody_waits():
            other.join(0.05)
    other.join()
    row.refresh_from_db()
    assert (refused, row.approver, row.agreed) == (["guidance_gone"], office.leader, None)
