"""A message becomes a filing that waits for the counter, changes one, or is held with what is missing:
one transaction a message, whatever order they come in.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F, Q

from dossiers.acts import filings
from dossiers.intake import online
from dossiers.models import Dossier, OnlineFiling
from exchange.inbox.arriving import RECALLED
from exchange.inbox.mapping import FileIn, Mapped, mapped
from exchange.inbox.reading import envelopes
from exchange.models import IncomingFile, Message
from onestop.accounts.calendars import calendar_of
from onestop.errors import DomainError
from onestop.jobs.nudge import nudge
from onestop.once import alone

if TYPE_CHECKING:
    from onestop.accounts.models import Officer

State, Filing = Message.State, OnlineFiling.State
FETCH = "exchange.fetch_files"
AT_ONCE = 200
OLDER = "Cổng đã gửi nội dung mới hơn."
KNOWN = "Hồ sơ đã được tiếp nhận."
SETTLED = "Hồ sơ không còn chờ tiếp nhận."


def read_new(now: datetime) -> int:
    """Every message that nobody has read yet, the oldest first; how many. One that cannot be read for
    a fault of ours waits for the next run and keeps no other from being read.
    """
    done = 0
    for pk in list(to_read()[:AT_ONCE]):
        read(pk, at=now)
        done += 1
    return done


def to_read() -> Any:
    rows = Message.objects.filter(state=State.NEW).order_by("received_at", "pk")
    return rows.values_list("pk", flat=True)


def read(pk: int, *, at: datetime) -> Message:
    """Read one, new or held: it is taken, or held with what is missing. Read again it does the same
    again; what is done with stays.
    """
    with transaction.atomic():
        # Codes may be listed, typed or sent at the same instant: each sees what the others wrote.
        alone(online.RECORDING)
        message = Message.objects.select_for_update(of=("self",)).get(pk=pk)
        if message.state not in (State.NEW, State.QUARANTINED):
            return message
        message.tries += 1
        try:
            [one] = envelopes(message.raw.encode())
        except DomainError as error:
            # It was read when it came: the limits are narrower since. A person sees it.
            _hold(message, [{"code": error.code, "data": error.data}])
        else:
            if one.service.lower() in RECALLED:
                _recall(message, at)
            else:
                _file(message, mapped(message.door, one.data, now=at), at)
        message.save()
    return message


def _file(message: Message, found: Mapped, at: datetime) -> None:
    message.agency, message.sent_at = found.agency, found.sent_at
    message.notes = found.notes
    if not found.missing:
        filing = _locked(message.foreign_code)
        _against(message, filing, found)
    if found.missing:
        _hold(message, found.missing)
    elif message.state != State.DONE:
        _write(message, filing, found, at)


def _against(message: Message, filing: OnlineFiling | None, found: Mapped) -> None:
    """What is known of this code already."""
    assert found.agency is not None
    if Dossier.objects.filter(code=message.foreign_code).exists():
        if message.is_updating:
            found.lack("missing_received")
        else:
            _end(message, KNOWN)
    elif filing is None:
        return
    elif filing.agency_id != found.agency.pk and filing.is_waiting:
        found.lack("missing_elsewhere", agency=filing.agency.name)
    elif filing.state == Filing.ELSEWHERE:
        found.lack("missing_closed")
    elif _is_older(message, filing):
        message.filing = filing
        _end(message, OLDER)
    elif filing.state == Filing.ANSWERED and not message.is_updating:
        _end(message, SETTLED)


def _is_older(message: Message, filing: OnlineFiling) -> bool:
    """By the sender's own times where both say them; an update goes over what was no update."""
    last = (
        Message.objects.filter(filing=filing)
        .exclude(pk=message.pk)
        .order_by(F("sent_at").desc(nulls_last=True), "-pk")
        .first()
    )
    if last is None:
        return False
    if message.sent_at is not None and last.sent_at is not None:
        return message.sent_at < last.sent_at
    return last.is_updating and not message.is_updating


def _write(message: Message, filing: OnlineFiling | None, found: Mapped, at: datetime) -> None:
    """The filing as the message says, and the files it names."""
    row = filing or OnlineFiling(code=message.foreign_code, source=message.door.source)
    if filing is not None and not filing.is_waiting:
        # Guided or recalled before, sent again: it waits anew, by hours of its own.
        since = row.ended_at
        filings.wait_again(row)
        _begin_anew(found, message, since)
    # A list that named it first said no more than its line.
    row.arrived_at = row.arrived_at or at
    row.agency = found.agency  # type: ignore[assignment]
    for name, value in found.columns.items():
        setattr(row, name, value)
    row.soon_flagged = row.late_flagged = False
    row.missing_from = None
    row.save()
    # What came before with less, or was held for what this one says, is done with.
    before = Message.objects.filter(door=message.door, foreign_code=message.foreign_code)
    held = Q(state=State.QUARANTINED, pk__lt=message.pk)
    before.exclude(pk=message.pk).filter(Q(state=State.MAPPED) | held).update(
        state=State.DONE, ended_at=at, reason=OLDER
    )
    message.filing, message.state, message.missing = row, State.MAPPED, []
    message.save()
    _name_files(message, row, found.files)


def _begin_anew(found: Mapped, message: Message, since: datetime | None) -> None:
    sent_at = message.sent_at or message.received_at
    filed_at = found.columns["filed_at"]
    if since is not None and filed_at < since:
        assert found.agency is not None
        filed_at = max(filed_at, sent_at)
        promise = online.clock(filed_at, calendar_of(found.agency.pk))
        found.columns |= {
            "filed_at": filed_at,
            "accept_by": promise.at,
            "warn_at": promise.warn_at,
        }


def _name_files(message: Message, row: OnlineFiling, files: list[FileIn]) -> None:
    """What is named anew is fetched; what stands with the filing already is not fetched twice."""
    known = {
        (one.name, one.url, one.sha256, one.size)
        for one in IncomingFile.objects.filter(filing=row).exclude(state=IncomingFile.State.MISSING)
    }
    new = [
        IncomingFile(
            message=message,
            filing=row,
            name=one.name,
            paper_code=one.paper_code,
            url=one.url,
            place=one.place,
            size=one.size,
            sha256=one.sha256[:64],
        )
        for one in files
        if one.place is not None or (one.name, one.url, one.sha256, one.size) not in known
    ]
    if new:
        IncomingFile.objects.bulk_create(new)
        nudge(FETCH)


def _recall(message: Message, at: datetime) -> None:
    """The applicant took it back on the portal: it waits no longer; once received, a person has to
    act.
    """
    filing = _locked(message.foreign_code)
    message.filing = filing
    message.agency = filing.agency if filing is not None else None
    dossier = Dossier.objects.filter(code=message.foreign_code).first()
    if dossier is not None and dossier.is_open:
        message.agency = dossier.received_by_agency
        _hold(message, [{"code": "missing_recalled", "data": {}}])
        return
    if filing is not None and filing.is_waiting:
        filings.recall(filing, at=at)
    message.ended_at = at
    _end(message, "" if filing is not None else SETTLED)


def _locked(code: str) -> OnlineFiling | None:
    rows = OnlineFiling.objects.filter(code=code).select_related("agency")
    return rows.select_for_update(of=("self",)).first()


def _hold(message: Message, missing: list[dict[str, Any]]) -> None:
    message.state, message.missing = State.QUARANTINED, missing


def _end(message: Message, reason: str) -> None:
    message.state, message.missing, message.reason = State.DONE, [], reason
    message.ended_at = message.ended_at or message.received_at


def close(pk: int, *, reason: str, by: Officer, at: datetime) -> Message:
    """Đóng: a person has done what it asks, or nothing is to be done. Errors:
    DomainError("exchange_reason", "exchange_not_held").
    """
    if not reason.strip():
        raise DomainError("exchange_reason", field="reason")
    with transaction.atomic():
        message = Message.objects.select_for_update(of=("self",)).get(pk=pk)
        if not message.is_held:
            raise DomainError("exchange_not_held")
        message.state, message.ended_at, message.ended_by = State.REFUSED, at, by
        message.reason = " ".join(reason.split())[:300]
        message.save()
    return message


def settle(filing: OnlineFiling, *, at: datetime) -> None:
    """What brought a filing is done with as soon as the filing is."""
    Message.objects.filter(filing=filing, state=State.MAPPED).update(state=State.DONE, ended_at=at)
