"""The files of a filing: fetched or unpacked by a worker, compared with what was declared, checked like
any upload, kept with the filing. What cannot be had is told and may be asked for again.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import io
import logging
from datetime import datetime, timedelta
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from dossiers.acts.sent import awaited
from dossiers.intake.said import FILES
from dossiers.models.sent import FILES as SENT
from dossiers.models.sent import SentPapers
from exchange.inbox import flagging
from exchange.inbox.fetching import NotFetched, fetch
from exchange.inbox.mapping import table_for
from exchange.inbox.named import content_in
from exchange.inbox.reading import envelopes
from exchange.models import IncomingFile
from onestop.errors import DomainError, say
from onestop.files import kinds
from onestop.files.domain import attach, keep
from onestop.files.models import Attachment
from onestop.jobs.nudge import nudge

if TYPE_CHECKING:
    from collections.abc import Callable

    from dossiers.models import OnlineFiling
    from exchange.models import Message
    from onestop.files.domain import Kept

logger = logging.getLogger(__name__)
State = IncomingFile.State
FETCH = "exchange.fetch_files"
# After so many minutes it is tried again; then somebody has to ask for it.
PAUSES = (1, 5, 30, 120, 480)
AT_ONCE = 100


def fetch_due(clock: Callable[[], datetime]) -> tuple[int, int]:
    """Every file whose time has come; how many are kept, how many are missing."""
    kept = missing = 0
    now = clock()
    due = IncomingFile.objects.filter(Q(next_at=None) | Q(next_at__lte=now), state=State.WAITING)
    for pk in list(due.order_by("next_at", "pk").values_list("pk", flat=True)[:AT_ONCE]):
        try:
            state = fetch_one(pk, clock)
        except Exception:
            # A fault of ours keeps no other file from being fetched.
            logger.exception("file not fetched", extra={"of": pk})
            row = IncomingFile.objects.get(pk=pk)
            state = _not_kept(row, "file_fault", {}, at=clock(), again=True)
        kept += state == State.KEPT
        missing += state == State.MISSING
    return kept, missing


def fetch_one(pk: int, clock: Callable[[], datetime]) -> int | None:
    """One file: what became of it; None where another worker has it or it is settled."""
    row = _claimed(pk, clock())
    if row is None:
        return None
    try:
        content = _content(row)
        _compare(row, content)
        kept = keep(content, name=_with_kind(row.name, content))
    except NotFetched as error:
        return _not_kept(row, error.code, error.data, at=clock(), again=error.again)
    except DomainError as error:
        # The check for viruses may be away for a while; what a file is does not change.
        again = error.code in ("file_not_checked", "file_no_room")
        why = say(error.code, error.data)
        return _not_kept(row, "file_refused", {"why": why}, at=clock(), again=again)
    with transaction.atomic():
        is_waited_for = _is_waited_for(row)
        row = IncomingFile.objects.select_for_update(of=("self",)).get(pk=pk)
        if row.state != State.WAITING:
            return None
        if not is_waited_for:
            return _too_late(row, at=clock())
        if row.sent_id is not None:
            return _keep_sent(row, kept, at=clock())
        # An update sends what stands inside once more.
        same = Attachment.objects.of(FILES, row.filing_id).filter(
            name=kept.name, sha256=kept.sha256
        )
        # What comes after the reception stays the filing's, and its page shows it.
        row.attachment = same.first() or attach(
            kept, kind=FILES, object_id=row.filing_id, by=None, at=clock()
        )
        row.state, row.next_at, row.why = State.KEPT, None, {}
        row.save()
    return row.state


def _with_kind(name: str, content: bytes) -> str:
    """What the sender gave no name, or one that says no kind, is named by what it is."""
    if PurePosixPath(name).suffix:
        return name
    found = kinds.sniff(io.BytesIO(content))
    known = [ending for ending, kind in kinds.EXTENSIONS.items() if kind == found]
    return f"{name}.{known[0]}" if known else name


def _is_waited_for(row: IncomingFile) -> bool:
    """Whether the request that it answers is open still; nobody closes it before the transaction ends."""
    if row.sent_id is None:
        return True
    sent = SentPapers.objects.select_related("supplement").get(pk=row.sent_id)
    request = awaited(sent.supplement.dossier_id)
    return request is not None and request.pk == sent.supplement_id


def _keep_sent(row: IncomingFile, kept: Kept, *, at: datetime) -> int:
    """Beside the request, once; what the dossier has already, under its name, it does not get twice."""
    assert row.sent_id is not None
    same = Attachment.objects.filter(name=kept.name, sha256=kept.sha256)
    mine = same.of(SENT, row.sent_id).first()
    whose = row.filing.dossier_id
    is_known = mine is None and whose is not None and same.of("dossier", whose).exists()
    if not is_known:
        row.attachment = mine or attach(kept, kind=SENT, object_id=row.sent_id, by=None, at=at)
    row.state, row.next_at, row.why = State.REPLACED if is_known else State.KEPT, None, {}
    row.save()
    return row.state


def _too_late(row: IncomingFile, *, at: datetime) -> int:
    """The request was closed without it: a person looks at its message, as at all that comes then."""
    row.state, row.next_at, row.why = State.MISSING, None, {"code": "file_no_request", "data": {}}
    row.save()
    message = row.message
    flagging.hold(message, [{"code": "missing_received", "data": {}}], since=at)
    message.save()
    return row.state


def _claimed(pk: int, now: datetime) -> IncomingFile | None:
    """Nobody else takes it while this try may still run."""
    with transaction.atomic():
        rows = IncomingFile.objects.select_for_update(of=("self",), skip_locked=True)
        row = rows.filter(pk=pk).first()
        if row is None or not row.is_due(now):
            return None
        row.tries += 1
        row.next_at = now + timedelta(seconds=settings.EXCHANGE_FETCH_SECONDS + 60)
        row.save(update_fields=["tries", "next_at"])
    return row


def _content(row: IncomingFile) -> bytes:
    most = settings.UPLOAD_MAX_BYTES
    if row.place is None:
        return fetch(row.url, most=min(most, row.size) if row.size else most)
    message = row.message
    text = _inside(message, row.place) if message.raw else ""
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        raise NotFetched("file_no_base64") from None


def _inside(message: Message, place: int) -> str:
    [one] = envelopes(message.raw.encode())
    fields = table_for(message.door, one.data, now=timezone.now()).fields
    return content_in(one.data, fields, place)


def _compare(row: IncomingFile, content: bytes) -> None:
    """With what the sender declared of it."""
    if row.size is not None and len(content) != row.size:
        limit = settings.UPLOAD_MAX_BYTES // (1024 * 1024)
        is_larger = len(content) > row.size
        raise NotFetched("file_larger" if is_larger else "file_smaller", limit=limit)
    if row.sha256 and hashlib.sha256(content).hexdigest() != row.sha256:
        raise NotFetched("file_hash")


def _not_kept(
    row: IncomingFile, code: str, data: dict[str, object], *, at: datetime, again: bool
) -> int:
    is_over = not again or row.tries > len(PAUSES)
    pause = None if is_over else at + timedelta(minutes=PAUSES[max(row.tries, 1) - 1])
    state = State.MISSING if is_over else State.WAITING
    # What was sent anew meanwhile stays as it is.
    IncomingFile.objects.filter(pk=row.pk, state=State.WAITING).update(
        state=state, next_at=pause, why={"code": code, "data": data}
    )
    return state


def ask_again(filing: OnlineFiling) -> int:
    """Tải lại: what is missing is tried anew; how many."""
    missing = IncomingFile.objects.filter(filing=filing, state=State.MISSING)
    count = missing.update(state=State.WAITING, tries=0, next_at=None)
    if count:
        nudge(FETCH)
    return count
