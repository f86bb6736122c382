"""A message becomes a filing that waits for the counter, changes one, or is held with what is missing:
one transaction a message, whatever order they come in.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F, Q

from dossiers.acts import filings, helping, sent
from dossiers.intake import online
from dossiers.intake.said import noted, said_of
from dossiers.models import OnlineFiling
from dossiers.models.sent import SentPapers
from exchange.inbox import after_reception, tax, unread
from exchange.inbox.arriving import is_recall
from exchange.inbox.files import FETCH
from exchange.inbox.flagging import hold
from exchange.inbox.known import became, is_ours
from exchange.inbox.mapping import mapped, says_of_files, table_for
from exchange.inbox.named import FileIn
from exchange.inbox.places import Told
from exchange.inbox.times import hours, possible
from exchange.models import IncomingFile, Message
from onestop.errors import DomainError
from onestop.jobs.nudge import nudge
from onestop.once import alone

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from exchange.inbox.meaning import Mapped
    from exchange.inbox.reading import Envelope

logger = logging.getLogger(__name__)
State, Filing = Message.State, OnlineFiling.State
AT_ONCE = 200
# After so many tries that a fault of ours ended, a person sees it.
MOST_TRIES = 20
OLDER = "Cổng đã gửi nội dung mới hơn."
KNOWN = "Hồ sơ đã được tiếp nhận."
ANSWERS = "Bổ sung đã đến hồ sơ đang chờ bổ sung."
SETTLED = "Hồ sơ không còn chờ tiếp nhận."
TO_COME = "Chưa có hồ sơ này ở đây; khi đến sẽ ghi là đã rút."
# Content of what was received, or settled, here, or said again: its filing has had its answer.
OF_WHAT_IS_KNOWN = frozenset({"missing_received", "missing_closed", "missing_again"})


def read_new(now: datetime) -> int:
    """Every message that nobody has read yet, the oldest first; how many. One that cannot be read for
    a fault of ours waits for the next run and keeps no other from being read.
    """
    done = 0
    for pk in list(to_read()[:AT_ONCE]):
        done += tried(pk, at=now).state != State.NEW
    return done


def to_read() -> Any:
    """What a fault kept from being read comes after the others."""
    rows = Message.objects.filter(state=State.NEW).order_by("tries", "received_at", "pk")
    return rows.values_list("pk", flat=True)


def tried(pk: int, *, at: datetime) -> Message:
    """Read it; what a fault of ours ends is undone and stays as it was, to be tried again."""
    try:
        return read(pk, at=at)
    except Exception:
        logger.exception("message not read", extra={"of": pk})
    with transaction.atomic():
        message = Message.objects.select_for_update(of=("self",)).get(pk=pk)
        message.tries += 1
        if message.state == State.NEW and message.tries >= MOST_TRIES:
            hold(message, [{"code": "missing_fault", "data": {}}])
        message.save()
    return message


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
        counter = message.agency_id
        try:
            one = unread.said(message)
            is_known, keeps = unread.name(message, one, at)
        except DomainError as error:
            # Nobody could read it when it came, or the limits are narrower since. A person sees it.
            hold(message, [unread.lack(error)])
        else:
            if is_known:
                _end(message, unread.KNOWN)
            elif keeps is not None:
                _hold_nameless(message, one, keeps, at)
            elif is_recall(one.service):
                fields = table_for(message.door, one.data, now=at).fields
                message.sent_at = possible(Told(one.data, fields), "sent_at", at)
                _recall(message, at)
            elif tax.is_tax(one.service):
                fields = table_for(message.door, one.data, now=at).fields
                tax.take(message, Told(one.data, fields))
            else:
                _file(message, one.data, at)
        if message.state == State.DONE:
            message.ended_at = message.ended_at or at
        elif message.is_held:
            after_reception.tell(message, at=at)
        if message.agency_id != counter:
            # Whose counter it turns out to be has been told nothing yet.
            message.soon_flagged = message.late_flagged = False
        message.save()
    return message


def _hold_nameless(message: Message, one: Envelope, keeps: dict[str, Any], at: datetime) -> None:
    """No code: at the counter that it names, with what else it lacks."""
    missing, since = [keeps], None
    if not is_recall(one.service):
        found = mapped(message.door, one.data, now=at)
        message.agency, since = found.agency, found.counts_from or found.filed_at
        missing += [lack for lack in found.missing if lack["code"] != "missing_pattern"]
    hold(message, missing, since=since)


def _file(message: Message, data: dict[str, Any], at: datetime) -> None:
    filing = _locked(message.foreign_code)
    came = filing is not None and filing.arrived_at is not None and is_ours(message, filing)
    found = mapped(message.door, data, now=at, before=filing if came else None)
    message.agency, message.sent_at = found.agency, found.sent_at
    message.notes, message.owner_card = found.notes, found.owner_card
    if filing is not None and _answers(message, filing, found, at):
        return
    if not found.missing:
        _against(message, filing, found)
    if found.missing:
        if filing is not None and is_ours(message, filing):
            # Its page says that there is newer content which nobody could read.
            message.filing, message.agency = filing, found.agency or filing.agency
        hold(message, found.missing, since=_counts_from(message, filing, found))
        if _is_taken_back(message, filing):
            # Nobody waits for it any longer.
            message.answer_by = message.warn_at = None
    elif message.state != State.DONE:
        _write(message, filing, found, at)
        if filing is None and was_recalled(message):
            assert message.filing is not None
            filings.recall(message.filing, at=at)
            message.refresh_from_db(fields=["state", "ended_at"])


def _answers(message: Message, filing: OnlineFiling, found: Mapped, at: datetime) -> bool:
    """New files for a dossier of ours that waits for papers: the answer to the request, whatever else it
    says or lacks, for the dossier stands by what was received. The counter looks at it and completes
    (acts/sent.py). What was sent before the request, or brings no file that is not here, is none.
    """
    if filing.dossier_id is None or message.is_again or not is_ours(message, filing):
        return False
    request = sent.awaited(filing.dossier_id)
    if request is None or request.issued_at is None:
        return False
    said_at = message.sent_at or message.received_at
    is_later = message.is_updating or message.sent_at is not None
    if not is_later or said_at < request.issued_at:
        return False
    known = {_same(one) for one in _standing(filing)}
    row = SentPapers.objects.filter(supplement=request).first()
    is_new = any(one.place is not None or _same(one) not in known for one in found.files)
    if not is_new and (row is None or says_of_files(found.notes)):
        return False
    message.filing, message.agency = filing, request.dossier.received_by_agency
    _end(message, ANSWERS)
    if is_new:
        row = sent.arrive(request, message.door.source, sent_at=said_at, at=at)
        message.save()
        _name_files(message, filing, found.files, row)
    return True


def _standing(filing: OnlineFiling) -> QuerySet[IncomingFile]:
    """The files that it has or waits for."""
    states = IncomingFile.State
    rows: QuerySet[IncomingFile] = IncomingFile.objects.filter(filing=filing)
    return rows.exclude(state__in=(states.REPLACED, states.MISSING))


def _counts_from(message: Message, filing: OnlineFiling | None, found: Mapped) -> datetime | None:
    """From when the hours of what is held run (R-40): as its filing's would; of its own where that one
    was answered before.
    """
    counted, filed_at = found.counts_from or found.filed_at, found.filed_at
    if any(one["code"] in OF_WHAT_IS_KNOWN for one in found.missing):
        return message.received_at
    ended_at = filing.ended_at if filing is not None else None
    if counted is None or filed_at is None or ended_at is None or filed_at >= ended_at:
        return counted
    return max(filed_at, message.sent_at or message.received_at)


def _is_taken_back(message: Message, filing: OnlineFiling | None) -> bool:
    """Whether the applicant has taken back what this one says."""
    if filing is None:
        return was_recalled(message)
    ended_at = filing.ended_at
    return filing.is_taken_back and ended_at is not None and ended_at >= message.received_at


def was_recalled(message: Message) -> bool:
    """Whether the applicant took it back before it came, or while it was held. A withdrawal that was here
    first, of which no times say which was sent later, took back what was here by then; only where that
    was nothing is it of what comes.
    """
    same = Message.objects.filter(door=message.door, foreign_code=message.foreign_code)
    rows = list(same.order_by("pk").values_list("pk", "service", "sent_at"))
    contents = [pk for pk, service, _ in rows if not is_recall(service)]
    for pk, service, sent_at in rows:
        if not is_recall(service):
            continue
        if sent_at is not None and message.sent_at is not None:
            counts = sent_at >= message.sent_at
        else:
            counts = pk > message.pk or contents[0] > pk
        if counts:
            return True
    return False


def _against(message: Message, filing: OnlineFiling | None, found: Mapped) -> None:
    """What is known of this code already."""
    assert found.agency is not None
    dossier = became(message, filing)
    received_at = dossier.received_at if dossier is not None else None
    if received_at is not None:
        if message.is_updating or (message.sent_at is not None and message.sent_at > received_at):
            found.lack("missing_received")
        else:
            _end(message, KNOWN)
    elif filing is not None:
        _against_filing(message, filing, found, found.agency.pk)


def _against_filing(message: Message, filing: OnlineFiling, found: Mapped, agency: int) -> None:
    # What a list of a wrong source brought and was undone belongs to whoever sends it.
    if filing.state != Filing.RECALLED and not is_ours(message, filing):
        found.lack("missing_other_source", source=filing.source.name)
    elif filing.is_waiting and filing.agency_id != agency:
        found.lack("missing_elsewhere", agency=filing.agency.name)
    elif filing.state == Filing.ELSEWHERE and filing.agency_id == agency:
        found.lack("missing_closed")
    elif _is_older(message, filing):
        message.filing = filing
        _end(message, OLDER)
    elif filing.state == Filing.ANSWERED and not (
        message.is_updating or _is_anew(message, filing, found)
    ):
        _end(message, SETTLED)
    elif message.is_again:
        # Late, or meant: nobody but a person knows.
        found.lack("missing_again")


def _is_anew(message: Message, filing: OnlineFiling, found: Mapped) -> bool:
    """Handed in again after it was guided or refused, though it does not say that it is an update."""
    filed_at: datetime = found.columns["filed_at"]
    sent_at, ended_at = message.sent_at, filing.ended_at
    is_later = sent_at is not None and ended_at is not None and sent_at > ended_at
    return is_later or filed_at > filing.filed_at


def _is_older(message: Message, filing: OnlineFiling) -> bool:
    """By the sender's own times where both say them; an update goes over what was no update; else by
    the order in which they came.
    """
    last = (
        Message.objects.filter(filing=filing)
        # What is held, or was closed so, changed nothing.
        .exclude(Q(pk=message.pk) | Q(state__in=(State.QUARANTINED, State.REFUSED)))
        .order_by(F("sent_at").desc(nulls_last=True), "-pk")
        .first()
    )
    if last is None:
        return False
    if message.sent_at is not None and last.sent_at is not None:
        return message.sent_at < last.sent_at
    if last.is_updating != message.is_updating:
        return last.is_updating
    return last.pk > message.pk


def _write(message: Message, filing: OnlineFiling | None, found: Mapped, at: datetime) -> None:
    """The filing as the message says, and the files it names."""
    row = filing or OnlineFiling(code=message.foreign_code, source=message.door.source)
    if filing is not None and not filing.is_waiting:
        # Guided or recalled before, sent again: it waits anew, by hours of its own.
        since = row.ended_at
        filings.wait_again(row)
        _begin_anew(found, message, since)
    elif filing is not None and (anew_at := said_of(filing).anew_at) is not None:
        # Changed while it waits so: by the hours that it has, not by those of what was answered.
        _count_from(found, anew_at)
    # A list that named it first said no more than its line.
    row.arrived_at = row.arrived_at or at
    row.agency = found.agency  # type: ignore[assignment]
    row.source = message.door.source
    if filing is not None:
        found.columns["said"] = noted(filing) | found.columns["said"]
    for name, value in found.columns.items():
        setattr(row, name, value)
    row.soon_flagged = row.late_flagged = False
    row.missing_from = None
    row.save()
    helping.tie([row])
    # What came before with less, or was held for what this one says, is done with.
    before = Message.objects.filter(door=message.door, foreign_code=message.foreign_code)
    newer = Q(sent_at__gt=message.sent_at) if message.sent_at else Q(sent_at__isnull=False)
    held = Q(state=State.QUARANTINED, pk__lt=message.pk) & ~newer
    if filing is not None and not found.files and not says_of_files(found.notes):
        # What names no files takes none away, nor what is told of them.
        for one in before.filter(state=State.MAPPED).exclude(pk=message.pk):
            message.notes = [*message.notes, *says_of_files(one.notes)]
    before.exclude(pk=message.pk).filter(Q(state=State.MAPPED) | held).update(
        state=State.DONE, ended_at=at, reason=OLDER
    )
    message.filing, message.state, message.missing = row, State.MAPPED, []
    message.save()
    _name_files(message, row, found.files)


def _begin_anew(found: Mapped, message: Message, since: datetime | None) -> None:
    filed_at = found.columns["filed_at"]
    if since is not None and filed_at < since:
        _count_from(found, max(filed_at, message.sent_at or message.received_at))


def _count_from(found: Mapped, at: datetime) -> None:
    """By hours of its own, unless it was handed in later."""
    if found.columns["filed_at"] < at:
        found.said = replace(found.said, anew_at=at)
        hours(found, found.said, at)


def _name_files(
    message: Message, row: OnlineFiling, files: list[FileIn], answer: SentPapers | None = None
) -> None:
    """What is named anew is fetched; what stands with the filing already is not fetched twice. `answer`:
    what they belong to where they answer a request.
    """
    named = {_same(one) for one in files}
    known, over, states = set(), [], IncomingFile.State
    for one in IncomingFile.objects.filter(filing=row).exclude(state=states.REPLACED):
        is_awaited = one.state == states.WAITING and _same(one) not in named
        is_of_this = one.sent_id == (answer.pk if answer is not None else None)
        if files and is_of_this and (one.state == states.MISSING or is_awaited):
            # What an earlier message named in vain stands no more: this one says which there are.
            over.append(one.pk)
        elif one.state != states.MISSING:
            known.add(_same(one))
    if over:
        IncomingFile.objects.filter(pk__in=over).update(state=states.REPLACED)
    new = [
        IncomingFile(
            message=message,
            filing=row,
            sent=answer,
            name=one.name,
            paper_code=one.paper_code,
            url=one.url,
            place=one.place,
            size=one.size,
            sha256=one.sha256,
        )
        for one in files
        if one.place is not None or _same(one) not in known
    ]
    if new:
        IncomingFile.objects.bulk_create(new)
        nudge(FETCH)


def _same(one: FileIn | IncomingFile) -> tuple[str, str, str, int | None]:
    """By what a file is known when it is named once more."""
    return one.name, one.url, one.sha256, one.size


def _recall(message: Message, at: datetime) -> None:
    """The applicant took it back on the portal: it waits no longer; once received a person has to act,
    until the result is handed over.
    """
    filing = _locked(message.foreign_code)
    if filing is not None and not is_ours(message, filing):
        hold(message, [{"code": "missing_other_source", "data": {"source": filing.source.name}}])
        return
    message.filing = filing
    message.agency = filing.agency if filing is not None else None
    dossier = became(message, filing)
    if dossier is not None and dossier.is_with_somebody:
        message.agency = dossier.received_by_agency
        code = "missing_recalled" if dossier.is_open else "missing_recalled_done"
        hold(message, [{"code": code, "data": {}}])
        return
    if filing is not None and filing.is_waiting and message.is_again:
        # Put back here, or sent anew: a retry that comes late must not undo that.
        hold(message, [{"code": "missing_recalled_again", "data": {}}])
        return
    # Nobody waits for what was held of it.
    held = Message.objects.filter(door=message.door, foreign_code=message.foreign_code)
    if message.sent_at is not None:
        held = held.exclude(sent_at__gt=message.sent_at)
    held = held.filter(state=State.QUARANTINED).exclude(pk=message.pk)
    held.update(answer_by=None, warn_at=None)
    if filing is not None and filing.is_waiting:
        filings.recall(filing, at=at)
        _end(message, "")
    else:
        _end(message, TO_COME if filing is None and dossier is None else SETTLED)


def _locked(code: str) -> OnlineFiling | None:
    rows = OnlineFiling.objects.filter(code=code).select_related("agency", "source")
    return rows.select_for_update(of=("self",)).first()


def _end(message: Message, reason: str) -> None:
    message.state, message.missing, message.reason = State.DONE, [], reason


def settle(filing: OnlineFiling, *, at: datetime) -> None:
    """What brought a filing is done with as soon as the filing is."""
    Message.objects.filter(filing=filing, state=State.MAPPED).update(state=State.DONE, ended_at=at)
