"""Locks on PostgreSQL: who closes an account and who gives to it wait for each other in one
direction only.
"""

import threading
from datetime import timedelta

import pytest
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from dossiers.acts import handovers
from dossiers.acts.handovers import NextStep
from dossiers.models import Dossier, HandOver
from onestop.accounts.domain import signing_in
from onestop.accounts.domain.officers import close_account
from onestop.accounts.domain.substitutions import substitute
from onestop.accounts.models import Officer, Role
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
