"""Printed editions of notice boards and leaflets: asked for by an officer, drawn by a worker, kept
until the board says something else. The same asked twice is one edition; a failed one is tried three
times; one whose worker died is taken up again.

    waiting → running → done | waiting (a pause, then again) | failed (a person asks anew)
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from onestop.accounts.models import Agency, Officer
from onestop.errors import DomainError, say
from onestop.jobs.leases import Clock, Hold, Lost
from onestop.jobs.nudge import nudge
from onestop.jobs.runs import why
from procedures.domain import drawing
from procedures.domain.notices import Board, Changes, board, changes
from procedures.models import NoticeEdition, ProcedureUse

logger = logging.getLogger(__name__)
DRAW, SWEEP = "procedures.draw_edition", "procedures.sweep_editions"
FOLDER = "notices"
TRIES = 3
PAUSES = (timedelta(minutes=1), timedelta(minutes=5))
# Longer than the largest board takes: one not heard of for so long lost its worker.
LEASE = timedelta(minutes=5)
# Of those most used at a counter, as many as a leaflet may hold.
MOST_USED = 9
State, Kind = NoticeEdition.State, NoticeEdition.Kind


def hanging(agency: Agency) -> NoticeEdition | None:
    """The board as it was printed last; one query."""
    rows = NoticeEdition.objects.filter(agency=agency, state=State.DONE)
    return rows.filter(kind__in=NoticeEdition.BOARDS).order_by("-at", "-pk").first()


def since(edition: NoticeEdition, today: Board) -> Changes:
    """What changed after it was printed."""
    return changes(today, edition.said)


def kept_board(agency: Agency, today: Board, kind: str) -> NoticeEdition | None:
    """The whole board as it is today, where it was drawn: what everybody may fetch. One query."""
    digest = _digest(today, kind, [])
    rows = NoticeEdition.objects.filter(agency=agency, kind=kind, digest=digest, state=State.DONE)
    return rows.exclude(kept="").defer("said").order_by("-at", "-pk").first()


def drawn_kinds(agency: Agency) -> list[str]:
    """Of which sizes a whole board lies drawn, as it was last; one query."""
    rows = NoticeEdition.objects.filter(agency=agency, kind__in=NoticeEdition.BOARDS, fields=[])
    drawn = rows.filter(state=State.DONE).exclude(kept="").order_by()
    return sorted(set(drawn.values_list("kind", flat=True)))


def ask(
    agency: Agency,
    kind: NoticeEdition.Kind,
    *,
    only_changed: bool = False,
    by: Officer,
    at: datetime,
) -> NoticeEdition:
    """Have it drawn; what is under way or stands printed with the same words is the same edition.
    Errors: DomainError("procedures.notice_empty", "notice_unchanged", "notice_take_off",
    "leaflet_nothing").
    """
    today = _content(agency, kind, at)
    fields: list[str] = []
    if only_changed and kind in NoticeEdition.BOARDS:
        fields = _stale(agency, today)
    digest = _digest(today, kind, fields, at)
    newest = NoticeEdition.objects.filter(agency=agency, kind=kind).order_by("-at", "-pk").first()
    if newest is not None and newest.digest == digest and (newest.is_open or newest.is_ready):
        return newest
    edition = NoticeEdition(
        agency=agency, kind=kind, fields=fields, said=_said(today), digest=digest, by=by, at=at, due_at=at
    )  # fmt: skip
    try:
        with transaction.atomic():
            edition.save(force_insert=True)
            nudge(DRAW, edition.pk)
    except IntegrityError:
        # Somebody asked for the same at the same moment.
        return NoticeEdition.objects.get(
            agency=agency, kind=kind, digest=digest, state__in=NoticeEdition.OPEN
        )
    return edition


def _content(agency: Agency, kind: str, at: datetime) -> Board:
    on = timezone.localdate(at)
    if kind != Kind.LEAFLET:
        whole = board(agency, on)
        if not whole.sheets:
            raise DomainError("procedures.notice_empty")
        return whole
    codes = most_used(agency)
    found = board(agency, on, codes=codes)
    if not found.sheets:
        raise DomainError("procedures.leaflet_nothing")
    return found


def most_used(agency: Agency) -> list[str]:
    """The procedures most often received at this counter in the year counted last night, most first.
    One query.
    """
    rows = ProcedureUse.objects.filter(agency=agency, received__gt=0)
    rows = rows.order_by("-received", "procedure__code")
    return list(rows.values_list("procedure__code", flat=True)[:MOST_USED])


def _stale(agency: Agency, today: Board) -> list[str]:
    edition = hanging(agency)
    stale = since(edition, today).fields if edition is not None else ()
    fields = _there(stale, today)
    if not fields:
        raise DomainError(f"procedures.{'notice_take_off' if stale else 'notice_unchanged'}")
    return fields


def _there(fields: Iterable[str], today: Board) -> list[str]:
    """A field that went altogether has no sheet to print: its old one is taken off."""
    there = {sheet.field for sheet in today.sheets}
    return sorted(there & set(fields))


def _said(today: Board) -> dict[str, list[str]]:
    """By code: the digest of what is said, on which sheet, under which name."""
    return {
        entry.code: [entry.digest, sheet.field, entry.name]
        for sheet in today.sheets
        for entry in sheet.entries
    }


def _digest(today: Board, kind: str, fields: list[str], at: datetime | None = None) -> str:
    """Of all that the paper says. `at`: of a leaflet, which says more than its procedures."""
    place = today.agency
    about = f"{kind} {place.pk} {place.name} {settings.PUBLIC_URL} {today.digest} {fields}"
    if kind == Kind.LEAFLET and at is not None:
        about += f" {drawing.beside(place, most_used(place), at=at)}"
    return hashlib.sha256(about.encode()).hexdigest()


def work(pk: int, clock: Clock) -> bool:
    """Draw it, if it is due and nobody else has it; True when it was drawn. Safe to call any number
    of times.
    """
    token = uuid4().hex
    if not _claim(pk, token, clock()):
        return False
    edition = NoticeEdition.objects.select_related("agency", "by").get(pk=pk)
    hold = _Hold(edition, token, clock)
    try:
        hold.close(_drawn(edition, hold))
    except Lost:
        logger.warning("notice edition lost", extra={"edition": pk})
        return False
    except Exception as error:  # whatever it is, the edition says it and is tried again
        logger.exception("notice edition failed", extra={"edition": pk, "tries": edition.tries})
        _failed(hold, error)
        return False
    return True


def _claim(pk: int, token: str, now: datetime) -> bool:
    due = NoticeEdition.objects.filter(pk=pk, state__in=NoticeEdition.OPEN, due_at__lte=now)
    fresh = {"holder": token, "due_at": now + LEASE, "error": ""}
    if due.filter(tries__lt=TRIES).update(state=State.RUNNING, tries=F("tries") + 1, **fresh):
        return True
    _give_up(due.filter(tries__gte=TRIES), say("procedures.edition_killed", {"tries": TRIES}), now)
    return False


class _Hold(Hold[NoticeEdition]):
    running = State.RUNNING

    def close(self, made: dict[str, Any]) -> None:
        over = {"state": State.DONE, "due_at": None, "holder": "", "error": ""}
        self.write(ended_at=self.clock(), **over, **made)


def _drawn(edition: NoticeEdition, hold: _Hold) -> dict[str, Any]:
    """What it says is what is in force when it is drawn; the file is written before the row that
    names it.
    """
    at = hold.clock()
    today = _content(edition.agency, edition.kind, at)
    fields = _to_draw(edition, today)
    shown = today.only(fields) if fields else today
    if edition.kind == Kind.LEAFLET:
        content = drawing.leaflet(shown, most_used(edition.agency), at=at)
    else:
        content = drawing.sheets(shown, edition.kind, at=edition.at)
    name = f"{FOLDER}/{edition.pk}-{hold.token}.pdf"
    kept = default_storage.save(name, ContentFile(content))
    digest = _digest(today, edition.kind, fields, at)
    return {"kept": kept, "said": _said(today), "digest": digest, "fields": fields}


def _to_draw(edition: NoticeEdition, today: Board) -> list[str]:
    """The sheets that were asked for, with those that changed since: `said` is of the whole board, and
    the others hang as they were. Empty: all. Errors: DomainError("procedures.notice_take_off").
    """
    if not edition.fields:
        return []
    hangs = hanging(edition.agency)
    more = since(hangs, today).fields if hangs is not None else ()
    fields = _there([*edition.fields, *more], today)
    if not fields:
        raise DomainError("procedures.notice_take_off")
    return fields


def _failed(hold: _Hold, error: Exception) -> None:
    now, tries = hold.clock(), hold.run.tries
    reason = say("procedures.edition_failed", {"why": why(error).rstrip(".")})
    if isinstance(error, DomainError) or tries >= TRIES:
        _give_up(hold.rows, reason, now)
        return
    due = now + PAUSES[tries - 1]
    hold.rows.update(state=State.WAITING, due_at=due, holder="", error=reason[:500])


def _give_up(rows: QuerySet[NoticeEdition], reason: str, now: datetime) -> None:
    over = {"state": State.FAILED, "due_at": None, "holder": "", "ended_at": now}
    rows.update(error=reason[:500], **over)


def sweep(clock: Clock) -> tuple[int, int]:
    """Take up what waits or lost its worker; put away the files that a newer edition replaced. Out:
    how many were drawn, how many put away.
    """
    now = clock()
    due = NoticeEdition.objects.filter(state__in=NoticeEdition.OPEN, due_at__lte=now)
    made = sum(work(pk, clock) for pk in list(due.order_by("due_at").values_list("pk", flat=True)))
    return made, _put_away()


def _put_away() -> int:
    """Of each counter, kind and choice of sheets the newest file stays; who printed what and when stays
    for good.
    """
    done = NoticeEdition.objects.filter(state=State.DONE).exclude(kept="")
    seen: set[tuple[int, str, tuple[str, ...]]] = set()
    gone = 0
    for edition in done.order_by("-at", "-pk").only("agency_id", "kind", "fields", "kept"):
        key = (edition.agency_id, edition.kind, tuple(edition.fields))
        if key not in seen:
            seen.add(key)
            continue
        with suppress(FileNotFoundError):
            default_storage.delete(edition.kept)
        gone += NoticeEdition.objects.filter(pk=edition.pk).update(kept="")
    return gone


def needed() -> QuerySet[NoticeEdition, str]:
    """Where the files lie that can still be had."""
    return NoticeEdition.objects.exclude(kept="").values_list("kept", flat=True)
