"""What becomes of a filing that waits for the counter: received as a dossier, answered at the counter
(form 02 or 03), marked as settled on the portal; and back again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.dispatch import Signal
from django.utils import timezone

from dossiers import rules
from dossiers.acts import helping
from dossiers.intake import online, said
from dossiers.models import AnsweredRound, CounterVisit, OnlineFiling, OnlineSource
from dossiers.states import State as Stand
from onestop.accounts.calendars import calendar_of
from onestop.accounts.models import Agency, Role
from onestop.accounts.rules import stands_on_top
from onestop.errors import DomainError, require
from onestop.files.domain import adopt
from onestop.files.models import Attachment
from onestop.results import ALLOWED, Answer, Denied

if TYPE_CHECKING:
    from dossiers.intake.brought import Intake
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
        end(filed.filing, State.RECEIVED, by=life.by.officer, at=life.at)
    if filed.filing is None or filed.filing.procedure_id is None:
        helping.tie_received(dossier, filed.filed_at)


def receive_handed(life: Life, intake: Intake) -> int:
    """Inside the receiving transaction: what a partner office handed in waits no longer; how many files
    came with it. Errors: DomainError("partner_gone", "online_revised", "partner_channel").
    """
    assert life.by is not None
    assert intake.handed_in is not None
    filing = locked(intake.handed_in.filing_id)
    if not (filing.is_handed and filing.is_waiting and filing.agency_id == intake.agency.pk):
        raise DomainError("partner_gone", taken=filing.code)
    if intake.handed_in.seen and intake.handed_in.seen != online.content_of(filing):
        raise DomainError("online_revised")
    if filing.channel != intake.channel:
        # Reports count it by the way it came, whatever is easier to choose here.
        raise DomainError("partner_channel", field="channel", way=filing.get_channel_display())
    filing.dossier = life.dossier
    brought = _take_files(life, filing)
    end(filing, State.RECEIVED, by=life.by.officer, at=life.at)
    return brought


def handed_facts(intake: Intake) -> dict[str, object]:
    """What the event of reception keeps of who handed it in: the code, which names nobody."""
    return {"handed_in": intake.handed_in.code} if intake.handed_in is not None else {}


def handed_words(data: Mapping[str, Any]) -> tuple[str, ...]:
    """The same, as the timeline says it."""
    code = data.get("handed_in", "")
    return (f"Đơn vị gửi hộ nộp, mã gửi hộ {code}",) if code else ()


def _take_files(life: Life, filing: OnlineFiling) -> int:
    """What came with it becomes the dossier's, and its event says so; how many files."""
    brought = [row.pk for row in Attachment.objects.of(said.FILES, filing.pk)]
    if not brought:
        return 0
    whose = life.dossier.pk
    adopt(brought, from_kind=said.FILES, from_id=filing.pk, kind="dossier", object_id=whose)
    for row in Attachment.objects.of("dossier", whose).filter(pk__in=brought):
        life.added(row)
    return len(brought)


def answer(code: str, visit: CounterVisit, *, by: Officer, at: datetime) -> None:
    """Inside the transaction of a visit's slip: the filing of this code was guided or refused.
    Nothing where no list named it.
    """
    filing = OnlineFiling.objects.select_for_update().filter(code=code, state=State.WAITING).first()
    if filing is not None and filing.agency_id == visit.agency_id:
        filing.visit = visit
        end(filing, State.ANSWERED, by=by, at=at, reason=visit.reason)


def settle_elsewhere(pk: int, *, reason: str, by: Desk, at: datetime) -> OnlineFiling:
    """Đã xử lý trên Cổng: somebody answered it there. Errors: DomainError("online_reason",
    "online_not_waiting", "not_your_counter").
    """
    if not reason.strip():
        raise DomainError("online_reason", field="reason")
    with transaction.atomic():
        filing = locked(pk)
        require(may_settle(by, filing.agency))
        if not filing.is_waiting:
            raise not_waiting(filing)
        end(filing, State.ELSEWHERE, by=by.officer, at=at, reason=reason)
    return filing


def reopen(pk: int, *, by: Desk, at: datetime) -> OnlineFiling:
    """Hoàn tác: it waits again, by the time it was filed. What was received stays received, but for a
    partner's hand-in whose reception was voided: that one is received under a new code; the slip
    of a guidance or refusal stays valid. Errors: DomainError("online_cannot_undo",
    "not_your_counter").
    """
    with transaction.atomic():
        filing = locked(pk)
        require(may_settle(by, filing.agency))
        if not may_wait_again(filing):
            raise DomainError("online_cannot_undo")
        was_answered = filing.state == State.ANSWERED
        # The same round goes on, by the hours that it had.
        put_back(filing)
        filing.save()
        if was_answered:
            filing_waits_again.send(sender=OnlineFiling, filing=filing, at=at)
    return filing


def may_wait_again(filing: OnlineFiling) -> bool:
    """Answered, settled; or a partner's hand-in that was received by mistake: its files stay with the
    voided dossier.
    """
    dossier = filing.dossier
    voided = filing.is_handed and dossier is not None and dossier.state == Stand.VOIDED
    return voided or filing.state in (State.ELSEWHERE, State.ANSWERED)


def recall(filing: OnlineFiling, *, at: datetime) -> None:
    """Inside the transaction of a message: it was taken back where it was handed in."""
    who = "Đơn vị gửi hộ rút hồ sơ." if filing.is_handed else "Người nộp rút hồ sơ trên Cổng."
    end(filing, State.ELSEWHERE, by=None, at=at, reason=who)


def wait_again(filing: OnlineFiling) -> None:
    """Filed anew: it waits again; not saved. Effects: a row of how it was answered, for the shares."""
    for answered in rounds_of([filing]):
        answered.save()
    put_back(filing)


def rounds_of(filings: Iterable[OnlineFiling]) -> list[AnsweredRound]:
    """What the counter answered to these so far, of portals: not yet written. What the applicant took
    back, or somebody settled on the portal in time, was answered by nobody here.
    """
    return [
        AnsweredRound(
            filing=one, agency=one.agency, accept_by=one.accept_by, answered_at=one.ended_at
        )
        for one in filings
        if one.ended_at is not None
        and one.channel in online.CHANNELS
        and (one.state == State.ANSWERED or one.is_settled_late)
    ]


def put_back(filing: OnlineFiling) -> None:
    """As it stood before it was ended; not saved."""
    filing.state, filing.ended_at, filing.ended_by = State.WAITING, None, None
    filing.reason, filing.visit, filing.dossier = "", None, None


def not_waiting(filing: OnlineFiling) -> DomainError:
    who = filing.ended_by.full_name if filing.ended_by is not None else "hệ thống"
    at = timezone.localtime(filing.ended_at) if filing.ended_at else None
    return DomainError("online_not_waiting", who=who, at=f"{at:%H:%M %d/%m/%Y}" if at else "")


def locked(pk: int) -> OnlineFiling:
    """Its row, held until the end of the transaction."""
    rows = OnlineFiling.objects.select_related("agency", "ended_by", "source")
    return rows.select_for_update(of=("self",)).get(pk=pk)


def end(
    filing: OnlineFiling, state: State, *, by: Officer | None, at: datetime, reason: str = ""
) -> None:
    filing.state, filing.ended_by, filing.ended_at = state, by, at
    filing.reason = " ".join(reason.split())[:300]
    filing.save()
    filing_ended.send(sender=OnlineFiling, filing=filing, at=at)
