"""What becomes of a filing that waits for the counter: received as a dossier, answered at the counter
(form 02 or 03), marked as settled on the portal; and back again.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.dispatch import Signal
from django.utils import timezone

from dossiers import rules
from dossiers.intake import online, said
from dossiers.models import CounterVisit, OnlineFiling, OnlineSource
from onestop.accounts.calendars import calendar_of
from onestop.accounts.models import Agency, Role
from onestop.accounts.rules import stands_on_top
from onestop.errors import DomainError, require
from onestop.files.domain import adopt
from onestop.files.models import Attachment
from onestop.results import ALLOWED, Answer, Denied

if TYPE_CHECKING:
    from dossiers.ledger.writer import Life
    from onestop.accounts.desk import Desk
    from onestop.accounts.models import Officer

State = OnlineFiling.State
# (filing, at): it waits no longer, and what became of it; inside the transaction. Who has to tell its portal
# listens.
filing_ended = Signal()
# (filing, at): its guidance or refusal was taken back; inside the transaction.
filing_waits_again = Signal()


def may_settle(desk: Desk, agency: Agency) -> Answer:
    """A clerk of the counter, or a controller of the agency or of one above it."""
    controls = any(agency.is_under(path) for path in desk.paths_as(Role.CONTROLLER))
    return ALLOWED if controls else rules.may_stand_at(desk, agency.pk)


def may_keep_source(desk: Desk, source: OnlineSource) -> Answer:
    """Who changes a source: an administrator or controller of its agency or of one above; of
    everybody's, of an agency that nobody stands above.
    """
    roles = (Role.ADMINISTRATOR, Role.CONTROLLER)
    if source.agency is None:
        keeps = stands_on_top(desk, *roles)
    else:
        keeps = any(source.agency.is_under(path) for path in desk.paths_as(*roles))
    return ALLOWED if keeps else Denied("not_allowed")


def receive(life: Life, filed: online.Filed) -> None:
    """Inside the receiving transaction: the dossier keeps where and when it was filed, and its line
    waits no longer.
    """
    assert life.by is not None
    dossier = life.dossier
    calendar = calendar_of(dossier.received_by_agency_id)
    row = online.origin_of(filed, at=life.at, calendar=calendar)
    row.dossier = dossier
    life.add(row)
    if filed.filing is not None:
        filed.filing.dossier = dossier
        _take_files(life, filed.filing)
        _end(filed.filing, State.RECEIVED, by=life.by.officer, at=life.at)


def _take_files(life: Life, filing: OnlineFiling) -> None:
    """What came with it from the portal becomes the dossier's, and its event says so."""
    brought = [row.pk for row in Attachment.objects.of(said.FILES, filing.pk)]
    if not brought:
        return
    whose = life.dossier.pk
    adopt(brought, from_kind=said.FILES, from_id=filing.pk, kind="dossier", object_id=whose)
    for row in Attachment.objects.of("dossier", whose).filter(pk__in=brought):
        life.added(row)


def answer(code: str, visit: CounterVisit, *, by: Officer, at: datetime) -> None:
    """Inside the transaction of a visit's slip: the filing of this code was guided or refused.
    Nothing where no list named it.
    """
    filing = OnlineFiling.objects.select_for_update().filter(code=code, state=State.WAITING).first()
    if filing is not None and filing.agency_id == visit.agency_id:
        filing.visit = visit
        _end(filing, State.ANSWERED, by=by, at=at, reason=visit.reason)


def settle_elsewhere(pk: int, *, reason: str, by: Desk, at: datetime) -> OnlineFiling:
    """Đã xử lý trên Cổng: somebody answered it there. Errors: DomainError("online_reason",
    "online_not_waiting", "not_your_counter").
    """
    if not reason.strip():
        raise DomainError("online_reason", field="reason")
    with transaction.atomic():
        filing = _locked(pk)
        require(may_settle(by, filing.agency))
        if not filing.is_waiting:
            raise not_waiting(filing)
        _end(filing, State.ELSEWHERE, by=by.officer, at=at, reason=reason)
    return filing


def reopen(pk: int, *, by: Desk, at: datetime) -> OnlineFiling:
    """Hoàn tác: it waits again, by the time it was filed. What was received stays received; the slip
    of a guidance or refusal stays valid. Errors: DomainError("online_cannot_undo",
    "not_your_counter").
    """
    with transaction.atomic():
        filing = _locked(pk)
        require(may_settle(by, filing.agency))
        if filing.state not in (State.ELSEWHERE, State.ANSWERED):
            raise DomainError("online_cannot_undo")
        was_answered = filing.state == State.ANSWERED
        wait_again(filing)
        filing.save()
        if was_answered:
            filing_waits_again.send(sender=OnlineFiling, filing=filing, at=at)
    return filing


def recall(filing: OnlineFiling, *, at: datetime) -> None:
    """Inside the transaction of a portal's message: the applicant took it back there."""
    _end(filing, State.ELSEWHERE, by=None, at=at, reason="Người nộp rút hồ sơ trên Cổng.")


def wait_again(filing: OnlineFiling) -> None:
    """As it stood before it was ended; not saved."""
    filing.state, filing.ended_at, filing.ended_by = State.WAITING, None, None
    filing.reason, filing.visit = "", None


def not_waiting(filing: OnlineFiling) -> DomainError:
    who = filing.ended_by.full_name if filing.ended_by is not None else "hệ thống"
    at = timezone.localtime(filing.ended_at) if filing.ended_at else None
    return DomainError("online_not_waiting", who=who, at=f"{at:%H:%M %d/%m/%Y}" if at else "")


def _locked(pk: int) -> OnlineFiling:
    rows = OnlineFiling.objects.select_related("agency", "ended_by", "source")
    return rows.select_for_update(of=("self",)).get(pk=pk)


def _end(
    filing: OnlineFiling, state: State, *, by: Officer | None, at: datetime, reason: str = ""
) -> None:
    filing.state, filing.ended_by, filing.ended_at = state, by, at
    filing.reason = " ".join(reason.split())[:300]
    filing.save()
    filing_ended.send(sender=OnlineFiling, filing=filing, at=at)
