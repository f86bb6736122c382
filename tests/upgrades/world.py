"""A small world with rows in every table, and a page for each address of the matrix.

It is made of what other tests stand on: lives by dice (tests/lives), a row of every kept table
(tests/dossiers/verifying), each address's own object (tests/matrix.py). record.py writes down what
came of it; no proof of an upgrade makes anything here.
"""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from uuid import uuid4

import time_machine
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

import tests.dossiers.addresses
import tests.lives.world
import tests.world
from dossiers import tasks as of_dossiers
from dossiers.acts.endings import EndingIn, stop, withdraw
from dossiers.acts.many import Seen
from dossiers.acts.payment import Obligation, ask_payment
from dossiers.importing.reading import open_source
from dossiers.importing.run import Order, administrator, import_dossiers
from dossiers.intake.brought import SubmitterIn
from dossiers.models import Dossier, Draft
from onestop.accounts.domain.signing_in import change_own_password
from onestop.accounts.models import Officer, Role
from onestop.errors import DomainError
from onestop.jobs import tasks as of_jobs
from procedures.models import Procedure
from reports import tasks as of_reports
from reports.models import ReportRun
from tests import matrix
from tests.clock import MONDAY, vn
from tests.dossiers.own import seeded
from tests.dossiers.verifying.test_outside import everything_at
from tests.lives import acts
from tests.upgrades.pages import Page
from tests.world import make_case, make_office, receive

# Who opens the pages, and when: after everything that happened.
NOW = vn("21/12/2026 10:00")
LAST = vn("18/12/2026 16:00")
LIVES, STEPS, TRIES = 20, 14, 8
JUMPS = (5, 40, 60, 200, 600, 1440, 2880)
# Whose content is in the store of files, which no migration touches and no base keeps.
FILES = frozenset(
    {"intake_draft_file", "dossier_file", "online_filing_file", "procedures:upload_file"}
)
DRAWN = frozenset({"slip_pdf", "visit_slip_pdf"})
# Their matrix makes an object past the acts, which no verification lets pass.
MADE_UP = frozenset({"calendar_calls"})


def make() -> list[dict[str, Any]]:
    """Fill the empty database. Out: the pages that an upgraded one has to answer."""
    with one_row_of_numbers(), time_machine.travel(MONDAY, tick=False):
        everything_at()
        seldom()
        for seed in range(LIVES):
            live(seed)
        asked = pages()
        bring_in()
        reports = ReportRun.objects.get()
        reports.askers.add(reports.by)
    with time_machine.travel(NOW, tick=False):
        nights_work()
        return [asdict(Page(**one, status=Page(**one, status=0).ask())) for one in asked]


@contextmanager
def one_row_of_numbers() -> Iterator[None]:
    """Each life begins its numbers anew, because it is rolled back; these stay beside each other."""
    numbers, usual = count(5000), tests.lives.world.count
    tests.lives.world.count = lambda _start: numbers  # type: ignore[assignment]
    tests.world._numbers = tests.dossiers.addresses._CODES = numbers  # type: ignore[assignment]
    try:
        yield
    finally:
        tests.lives.world.count = usual


def seldom() -> None:
    """States and rows that hardly a life comes to; and who signed in, with a password of his own."""
    office, case = make_office("Ủy ban nhân dân xã Hiếm"), make_case()
    clerk = office.desk(office.clerk)
    seeded(receive(office, case), office, MONDAY)
    owes = Obligation("Lệ phí", 500_000, "Điều 19", "Thuế cơ sở 3", date(2026, 12, 20))
    ask_payment(Seen(receive(office, case).pk), owes, by=clerk, at=MONDAY)
    withdraw(Seen(receive(office, case).pk), EndingIn("", "Thôi"), by=clerk, at=MONDAY)
    said = EndingIn("", "Thôi", "", "12/QĐ", "Lê Văn Chủ", "Không thu")
    stop(Seen(receive(office, case).pk), said, by=office.desk(office.leader), at=MONDAY)
    submitter = SubmitterIn("Lò Thị Mai", "Giấy ủy quyền số 6", identity_number="001187000125")
    receive(office, case, submitter=submitter)
    Draft.objects.create(officer=office.clerk, token=uuid4(), updated_at=MONDAY)
    sent = {"username": office.leader.username, "password": "Mat-khau-1"}
    assert Client().post(reverse("accounts:sign_in"), sent).status_code == 302
    change_own_password(officer=office.head, old="Mat-khau-1", new="Mat-khau-22", at=MONDAY)


def live(seed: int) -> None:
    """One dossier, in an office of its own, until these days are over."""
    with transaction.atomic():
        life = tests.lives.world.begin(tests.lives.world.make_place(), seed)
        if life.at > MONDAY:
            transaction.set_rollback(True)
            return
    for step in range(STEPS):
        life.throw(step)
        life.at += timedelta(minutes=life.dice.choice(JUMPS))
        if life.at > LAST:
            return
        with time_machine.travel(life.at, tick=False):
            for number, name in enumerate(acts.likely(life, TRIES)):
                life.throw(step, number)
                try:
                    acts.ACTS[name][1](life)
                    break
                except DomainError:
                    continue
        life.dossier = Dossier.objects.get(pk=life.dossier.pk)


def pages() -> list[dict[str, Any]]:
    """Each address that is read, with an object of its own, as the first role that may open it."""
    world = matrix.make_world()
    asked = []
    for address in matrix.addresses():
        if address.method != "get" or address.name in FILES | DRAWN | MADE_UP:
            continue
        role = min(address.roles, default=None)
        officer = world.officers[Role(role)].username if role and not address.public else ""
        asked.append(
            {
                "name": address.name,
                "arguments": {name: str(value) for name, value in address.own(world).items()},
                "data": {name: str(value) for name, value in address.data(world).items()},
                "officer": officer,
            }
        )
    return asked


def bring_in() -> None:
    """A dossier of an earlier system."""
    somebody = Officer.objects.get(username__startswith=f"vai.{Role.ADMINISTRATOR.value}.")
    line = {
        "code": "CU-1",
        "agency": somebody.agency.code,
        "procedure": Procedure.objects.filter(versions__status=1).order_by("pk")[0].code,
        "owner": "Lò Văn Cũ",
        "received_at": "2026-11-02T09:00:00+07:00",
        "status": "4",
    }
    text = io.StringIO()
    writer = csv.DictWriter(text, [*line])
    writer.writeheader()
    writer.writerow(line)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "cu.csv"
        path.write_text(text.getvalue(), encoding="utf-8")
        now = timezone.now()
        order = Order(open_source(path), now, confirmed_by=administrator(somebody.username, now))
        report = import_dossiers(order)
    assert report.new == 1, report.problems


def nights_work() -> None:
    """What the scheduler does, so that its rows are there too."""
    for task in (
        of_dossiers.flag_overdue,
        of_dossiers.daily_digest,
        of_dossiers.verify,
        of_dossiers.sweep_slips,
        of_reports.draft_owed,
        of_jobs.heartbeat,
    ):
        task()
