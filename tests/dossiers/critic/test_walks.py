"""Random walks over every verb: whatever officers do in whatever order, rows, events, promises,
lists and slips say one thing.

A refused act must leave no trace. Each walk is one dossier; its seed stands in the test's name and
in a failure's message.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from random import Random
from typing import Any

import pytest
from django.db import connection
from django.db.models import Count
from django.test import Client

from dossiers.acts import (
    reception,
    supplements,
)
from dossiers.clock import deadlines
from dossiers.desk.counting import count_desk
from dossiers.desk.timeline import ONE_STOP, control_sheet
from dossiers.desk.work import DEPARTMENT, JOBS, PROPOSED
from dossiers.intake import secrets
from dossiers.ledger import spans, verifying
from dossiers.ledger.history import giving_of
from dossiers.ledger.tables import tables
from dossiers.models import (
    ClockChange,
    Dossier,
    HandOver,
    OfficeSettings,
    Result,
    Return,
    Slip,
    Span,
    Supplement,
)  # fmt: skip
from dossiers.models.legs import WITH_AGENCY, Leg, LegKind, LegState
from dossiers.models.outgoing import OutgoingCounter, OutgoingDocument
from dossiers.models.payment import PaymentRequest
from dossiers.models.querysets import is_due_soon, is_late
from dossiers.models.tax_transfer import TaxTransfer
from dossiers.models.undone import Undoable
from dossiers.states import WAITING, State
from onestop.accounts.calendars import calendar_of
from onestop.accounts.models import Officer, Role
from onestop.errors import DomainError
from onestop.worktime import parse_term
from tests.clock import Clock
from tests.dossiers.critic.walk_verbs import VERBS, Walk
from tests.dossiers.pictures import picture
from tests.world import an_intake, make_case, make_office, make_officer, vn

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
STEPS = 12
# In `make test-long` each of the five blocks goes on until so many steps are done: 2,000 of all.
DONE, MOST_WALKS = 400, 80
# How much more often a step is tried that its block has not done yet.
EAGER = 12
# How often all the pages are opened between two steps.
SHOWN = 0.1
# In `make test` each engine walks its own part of them.
PART = {"sqlite": range(3), "postgresql": range(6, 8)}
TERMS = (
    "3 ngày làm việc", "7 ngày làm việc", "1,5 ngày làm việc", "5 ngày", "1 tháng", "8 giờ làm việc", "24 giờ", "trong ngày",
    "trong ngày (trước 10:00)", "trả ngay", "trả ngay", "không phải trả kết quả",
)  # fmt: skip
STARTS = (
    "23/11/2026 09:00",
    "20/11/2026 15:00",
    "20/11/2026 15:20",
    "21/11/2026 10:00",
    "30/12/2026 16:55",
    "20/12/2027 08:00",
    "23/11/2026 12:15",
)
JUMPS = (1, 5, 40, 200, 600, 1440, 1440, 2880, 4320, 9000)
NAMES = list(VERBS)


def weights(did: Counter[str]) -> list[int]:
    """How often each step is tried, by what the block has done so far."""
    return [weight * (1 if did[name] else EAGER) for name, (weight, _) in VERBS.items()]


@cache
def counted() -> str:
    """How many rows of every table hang on a dossier, and how many of them count no more."""
    found = []
    for model in (table.model for table in tables().values() if table.key == "dossier_id"):
        undone = ", count(undone_at)" if issubclass(model, Undoable) else ""
        name = model._meta.db_table
        found += [
            f"(SELECT {what} FROM {name} WHERE dossier_id = d.id)"
            for what in f"count(*){undone}".split(", ")
        ]
    return ", ".join(found)


def traces(dossier: Dossier) -> tuple[Any, ...]:
    """What an act could leave behind: every column, and how many rows hang on it; one plain
    statement.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {counted()}, d.* FROM dossiers_dossier d WHERE d.id = %s", [dossier.pk]
        )
        found: tuple[Any, ...] = cursor.fetchone()
    return tuple(bytes(value) if isinstance(value, memoryview) else value for value in found)


def start(walk: Walk) -> None:
    """Received: what the screen previewed, the row, the first event and the slip give one promise."""
    term = walk.dice.choice(TERMS)
    case = make_case(term, supplement_mode=walk.dice.choice([1, 2]))
    shown = deadlines.preview(walk.at, parse_term(term), calendar_of(walk.office.agency.pk))
    asked = an_intake(walk.office, case, return_by_post=True)
    desk = walk.office.desk(walk.office.clerk, walk.at)
    at_once = term == "trả ngay" and walk.dice.random() < 0.6
    walk.dossier = (
        reception.receive_and_return(asked, by=desk, at=walk.at)
        if at_once
        else reception.receive(asked, by=desk, at=walk.at)
    )
    walk.dossier.refresh_from_db()
    slip = Slip.objects.get(dossier=walk.dossier, slug="tiep-nhan")
    assert walk.dossier.due_at == walk.dossier.legal_due_at == walk.dossier.first_due_at == shown.at
    assert (walk.dossier.late_from, walk.dossier.warn_at) == (shown.late_from, shown.warn_at)
    assert promised(slip) == shown.at
    walk.done.append(f"{term} {walk.at:%d/%m/%Y %H:%M}")


def check_legs(dossier: Dossier) -> None:
    """As many are open as the dossier says, none once it has ended; on paper the first is with its
    agency and the others wait (R-60).
    """
    rows = Leg.objects.open().filter(dossier=dossier).order_by("number")
    found = list(rows.values_list("kind", "state"))
    assert len(found) == dossier.open_legs
    assert dossier.is_open or not found
    on_paper = [state for kind, state in found if kind == LegKind.ORDERED]
    assert all(state in WITH_AGENCY for state in on_paper[:1])
    assert all(state == LegState.WAITING for state in on_paper[1:])


def promised(slip: Slip) -> datetime | None:
    text = slip.snapshot["promised_at"]
    return datetime.fromisoformat(text) if text else None


def check(walk: Walk, name: str) -> None:
    dossier, at = walk.dossier, walk.at
    state = State(dossier.state)
    fault = verifying._look_again(
        dossier.pk
    )  # chain, table, last event against columns, promise folded anew
    assert fault == [], str(fault)

    rows = list(Span.objects.filter(dossier=dossier, gone_known=None).order_by("id"))
    assert [row.to_at for row in rows[:-1]] == [row.from_at for row in rows[1:]]
    begun = dossier.ended_at if state == State.VOIDED else dossier.received_at
    assert (rows[0].from_at, rows[-1].to_at) == (begun, None)
    assert rows[-1].group == spans.group_of(state)
    assert rows[-1].verdict == dossier.verdict
    if dossier.is_open:
        assert rows[-1].promise == dossier.legal_due_at

    walk.stood[dossier.event_seq] = picture(dossier)

    pending = list(HandOver.objects.filter(dossier=dossier, confirmed_at=None, undone_at=None))
    found = [(row.receiver_department_id, row.receiver_id) for row in pending]
    assert found == (
        [(dossier.pending_department_id, dossier.pending_officer_id)]
        if dossier.pending_department_id
        else []
    )
    assert dossier.is_open or state == State.FINISHED or not pending
    confirmed = (
        HandOver.objects.standing()
        .filter(dossier=dossier, confirmed_at__isnull=False)
        .order_by("-seq")
        .first()
    )
    if any(giving_of(row).kind == "replace_lead" for row in pending):
        assert dossier.holder_department_id is None  # nobody has it where another agency leads
    else:
        assert dossier.holder_department_id == (
            confirmed.receiver_department_id if confirmed else walk.office.counter.pk
        )

    sheet, given = (
        control_sheet(dossier),
        HandOver.objects.filter(dossier=dossier, undone_at=None).count(),
    )
    assert len(sheet) in (given, given + 1)
    # Where another agency leads, the counter is called with its own.
    assert not sheet or sheet[0].giver_unit.startswith(ONE_STOP)
    if (
        sheet
        and state == State.FINISHED
        and dossier.holder_department_id == walk.office.counter.pk
        and not pending
    ):
        assert sheet[-1].receiver_unit.startswith(ONE_STOP)

    check_legs(dossier)
    waits_of = Supplement.objects.awaited().filter(dossier=dossier)
    waits = waits_of.count()
    open_lines = ClockChange.objects.filter(
        dossier=dossier, end=None, undone_at=None, kind__in=("pause", "restart")
    ).count()
    assert state in WAITING or not dossier.late_while_waiting
    if dossier.is_open:
        waited = waits_of.filter(mode=supplements.RUNS).exists()  # a second round: the term runs on
        assert (waits, open_lines + waited) == (
            (1, 1) if state == State.AWAITING_PAPERS else (0, 0)
        )
        money = [
            rows.filter(dossier=dossier).count()
            for rows in (TaxTransfer.objects.unanswered(), PaymentRequest.objects.unpaid())
        ]
        assert sum(money) == (1 if state == State.AWAITING_PAYMENT else 0)
    assert (dossier.returned_at is not None) == (state == State.RETURNED)
    if state in (State.FINISHED, State.RETURNED):
        assert Result.objects.filter(dossier=dossier, replaced_at=None, undone_at=None).exists()
    assert Return.objects.filter(dossier=dossier, undone_at=None).exists() == (
        state == State.RETURNED
    )

    mine = Dossier.objects.filter(pk=dossier.pk)
    edges = [edge for edge in (dossier.late_from, dossier.warn_at) if edge is not None]
    instants = [
        at,
        at + timedelta(days=walk.dice.randint(0, 40)),
        *edges,
        *(edge - timedelta(microseconds=1) for edge in edges),
    ]
    told = mine.aggregate(
        **{f"late{n}": Count("pk", filter=is_late(when)) for n, when in enumerate(instants)},
        **{f"soon{n}": Count("pk", filter=is_due_soon(when)) for n, when in enumerate(instants)},
    )
    calendar = calendar_of(dossier.agency_id)
    if dossier.calendar_key == calendar.key():
        anew = Dossier.objects.get(pk=dossier.pk)
        deadlines.refold(anew, calendar)
        for column in (
            "first_due_at",
            "late_from",
            "warn_at",
            "sort_due",
            "late_while_waiting",
            "provisional",
            "undetermined",
        ):
            assert getattr(anew, column) == getattr(dossier, column), column
    for n, when in enumerate(instants):
        late = bool(told[f"late{n}"])
        assert late == dossier.is_late(when)
        assert not (late and told[f"soon{n}"])
        if dossier.is_open and when >= at:  # a wait knows nothing of the time before it
            kind = deadlines.left(dossier, when, calendar).kind
            assert (kind == "late") == late, (kind, when)

    done = Supplement.objects.issued().filter(dossier=dossier).order_by("completed_at").last()
    if name == "complete" and done is not None and done.mode != supplements.RUNS:
        assert (
            promised(Slip.objects.filter(dossier=dossier, slug="tiep-nhan").latest("id"))
            == dossier.due_at
        )
    if walk.dice.random() < 0.8:
        return
    desk = walk.desk()
    counts = count_desk(desk, at)
    for job in (*JOBS, PROPOSED, DEPARTMENT):
        assert counts[job.count] == job.rows(desk, at).count(), job.key


def shown(walk: Walk, signed_in: Callable[[Officer], Client]) -> None:
    """Whatever happened, its pages open for those who may see it, and for the citizen."""
    dossier, officer = walk.dossier, walk.dice.choice(walk.people)
    code, mine = dossier.code, walk.office.desk(officer, walk.at)
    is_seen = Dossier.objects.visible_to(mine).filter(pk=dossier.pk).exists()
    desk, answer = signed_in(officer), 200 if is_seen else 404
    for address in (f"/ho-so/{code}/", f"/ho-so/{code}/vi-sao/"):
        assert desk.get(address).status_code == answer, address
    assert desk.get(f"/tim/?q={code}").status_code in (200, 302)
    # Not everybody reads the log.
    assert desk.get(f"/ho-so/{code}/nhat-ky/").status_code in (answer, 403)
    citizen = Client(REMOTE_ADDR=f"10.{walk.dice.randrange(250)}.{walk.dice.randrange(250)}.1")
    for secret in ({}, {"k": secrets.secret_of(dossier)}):
        page = citizen.get(f"/tra-cuu/{code}/", secret)
        assert page.status_code == 200, secret
        assert State(dossier.state) != State.VOIDED or "hủy" in page.content.decode().lower()


def registers() -> None:
    """Numbers of outgoing documents begin with 1 and leave no gap, whatever was taken back."""
    for row in OutgoingCounter.objects.all():
        lines = OutgoingDocument.objects.filter(agency=row.agency_id, kind=row.kind, year=row.year)
        numbers = sorted(lines.values_list("number", flat=True))
        assert numbers == list(range(1, row.last + 1)), row.kind


@pytest.mark.parametrize("block", range(5))
def test_walks(block: int, signed_in: Callable[[Officer], Client], clock: Clock) -> None:
    office = make_office()
    all_rounder = make_officer(
        "Năm Vai",
        office.agency,
        (Role.CLERK, office.counter),
        (Role.SPECIALIST, office.room),
        (Role.LEADER, office.leadership),
        (Role.DOCUMENTS, office.room),
    )
    other_clerk = make_officer("Ngô Thị Lan", office.agency, (Role.CLERK, office.counter))
    people = [
        office.clerk,
        office.clerk,
        office.specialist,
        office.specialist,
        office.second_specialist,
        office.head,
        office.leader,
    ]
    # Who keeps the stamp works in the leader's room, and in the first room as whoever does it all.
    stamper = make_officer("Đào Thị Thư", office.agency, (Role.DOCUMENTS, office.leadership))
    people += [all_rounder, all_rounder, other_clerk, office.controller, stamper]
    if block % 2:
        OfficeSettings.objects.create(agency=office.agency, self_approval_decision="12/QĐ-UBND")
    stranger = make_office("Ủy ban nhân dân xã Tân Lập")
    did: Counter[str] = Counter()
    is_long = bool(os.environ.get("LONG"))
    for number in range(MOST_WALKS) if is_long else PART[connection.vendor]:
        if is_long and did.total() >= DONE:
            break
        seed = block * 1000 + number
        dice = Random(seed)
        walk = Walk(office, list(people), dice, vn(dice.choice(STARTS)))
        start(walk)
        try:
            check(walk, "receive")
            for _ in range(STEPS):
                walk.at += timedelta(minutes=dice.choice(JUMPS))
                before = traces(walk.dossier)
                for name in dice.choices(NAMES, weights(did), k=10):
                    try:
                        VERBS[name][1](walk)
                    except DomainError:
                        walk.dossier.refresh_from_db()
                        assert traces(walk.dossier) == before, (
                            f"{name} was refused and left a trace"
                        )
                        continue
                    walk.dossier.refresh_from_db()
                    walk.done.append(name)
                    did[name] += 1
                    check(walk, name)
                    if dice.random() < SHOWN:
                        clock.now = walk.at
                        shown(walk, signed_in)
                    break
        except Exception as broken:
            broken.add_note(f"seed {seed}: {' → '.join(walk.done)}")
            raise
        assert not Dossier.objects.visible_to(office.desk(stranger.clerk)).exists()
    registers()
    assert verifying.verify(now=vn("01/06/2028 09:00")).misfit is None
    if is_long:
        never = set(NAMES) - set(did)
        assert did.total() >= DONE
        assert len(never) <= 2, f"never done: {never}"
