"""“Hỏi nơi nhận” of a list of a day or a unit: so many by one press, those not asked for longest first,
by a worker, one after the other, each as by itself (finding.py). One run at a time a peer.

    waiting → running → done | broken off (the peer is away; the next press goes on with the rest)

A worker holds a run by a lease and notes how far it is after each line: where it is killed the next
one goes on behind that.
"""

from __future__ import annotations

import logging
from collections import Counter
from datetime import date, datetime, timedelta
from uuid import uuid4

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import F, Q, QuerySet

from exchange.models.level import AskRun
from exchange.models.outbox import Line
from exchange.outbox import finding, level, messages
from exchange.outbox.finding import Says
from exchange.outbox.peers import Peer, peers
from exchange.outbox.port import Away, Port
from exchange.outbox.profiles import port_of
from onestop.accounts.access import access
from onestop.accounts.desk import Desk, desk_of
from onestop.accounts.models import AccessKind, Agency
from onestop.errors import DomainError
from onestop.instants import SKEW
from onestop.jobs.leases import Clock, Hold, Lost
from onestop.jobs.nudge import nudge
from onestop.once import once

logger = logging.getLogger(__name__)
TASK = "exchange.ask_lists"
AT_ONCE = 200
# Longer than any one question takes: a run not heard of for so long lost its worker.
LEASE = timedelta(minutes=5)
# A worker is free again then; the minute's run goes on.
LONGEST = timedelta(minutes=10)
# Lists in which anything may be asked about; what waits is told in a moment.
ASKED_OF = frozenset({"tu-choi", "lech", "thoi", "khop", level.LATE_THERE})
# Beside what the peer said: an answer that is of no use, a line that was none to be asked any more.
UNREAD, PASSED = "UNREAD", "PASSED"
WORDS = {one.name: f"nơi nhận {one.value}" for one in Says} | {
    UNREAD: "câu trả lời không dùng được, hỏi lại sau",
    PASSED: "không hỏi nữa: vừa có thông báo chờ gửi, hoặc không còn thuộc phạm vi của người hỏi",
}
State = AskRun.State


def to_ask(peer: Peer, lines: QuerySet[Line], kind: str, at: datetime) -> QuerySet[Line]:
    """What of a list a peer may be asked about (finding.may_ask), those not asked for longest first."""
    if not peer.paths.get("find"):
        return lines.none()
    rows = lines.filter(level.of_kind(kind, at), dossier__isnull=False)
    rows = rows.exclude(state=Line.State.WAITING)
    return rows.order_by(F("asked_at").asc(nulls_first=True), "pk")


def begin(
    peer: Peer,
    lines: QuerySet[Line],
    kind: str,
    *,
    day: date | None,
    unit: Agency | None,
    by: Desk,
    at: datetime,
) -> AskRun:
    """Have a worker ask about the first AT_ONCE of them. Errors: DomainError("none_to_ask",
    "asked_just_now").
    """
    ids = list(to_ask(peer, lines, kind, at).values_list("pk", flat=True)[:AT_ONCE])
    if not ids:
        raise DomainError("none_to_ask")
    with once(DomainError("asked_just_now", name=peer.name)):
        run = AskRun.objects.create(
            peer=peer.code,
            by=by.officer,
            at=at,
            kind=kind,
            day=day,
            unit=unit,
            lines=ids,
            of=len(ids),
            due_at=at,
        )
        nudge(TASK)
    return run


def newest(peer: Peer, officer_id: int) -> tuple[AskRun | None, AskRun | None]:
    """The run that is under way, whoever asked; and the officer's own newest that is over. One query."""
    rows = AskRun.objects.filter(peer=peer.code).filter(Q(state__in=AskRun.OPEN) | Q(by=officer_id))
    found = list(rows.select_related("by", "unit").defer("lines").order_by("-pk")[:2])
    # The open one is the newest of all: while it was open nobody could begin another.
    is_open = bool(found) and found[0].is_open
    own = [run for run in found if not run.is_open and run.by_id == officer_id]
    return found[0] if is_open else None, own[0] if own else None


def outcomes(run: AskRun) -> list[tuple[str, int, str]]:
    """What came of it, in words: name, how many, what."""
    return [(name, run.said[name], words) for name, words in WORDS.items() if run.said.get(name)]


def work_all(clock: Clock) -> int:
    """Go on with what waits or lost its worker; about how many lines peers were asked."""
    due = AskRun.objects.filter(state__in=AskRun.OPEN, due_at__lte=clock()).order_by("pk")
    return sum(work(pk, clock) for pk in list(due.values_list("pk", flat=True)))


class _Hold(Hold[AskRun]):
    running = State.RUNNING

    def end(self, state: AskRun.State, words: str = "") -> None:
        self.write(state=state, words=words[:300], ended_at=self.clock(), due_at=None, holder="")


def work(pk: int, clock: Clock) -> int:
    """Ask about the rest of it, if it is due and nobody else has it; about how many lines it did. Safe
    to call any number of times.
    """
    token, now = uuid4().hex, clock()
    due = AskRun.objects.filter(pk=pk, state__in=AskRun.OPEN, due_at__lte=now)
    if not due.update(state=State.RUNNING, holder=token, due_at=now + LEASE):
        return 0
    run = AskRun.objects.select_related("by").get(pk=pk)
    hold = _Hold(run, token, clock)
    peer = next((one for one in peers() if one.code == run.peer), None)
    before = run.done
    try:
        if peer is None:
            hold.end(State.BROKEN_OFF, messages.NOT_CONNECTED)
        elif not run.by.is_active:
            hold.end(State.BROKEN_OFF, messages.ASKER_CLOSED)
        else:
            _go_through(peer, port_of(peer), hold)
    except Lost:
        logger.warning("list asked by another worker", extra={"run": pk})
    return run.done - before


def _go_through(peer: Peer, port: Port, hold: _Hold) -> None:
    run, end = hold.run, hold.clock() + LONGEST
    said: Counter[str] = Counter(run.said)
    for line_id in run.lines[run.done :]:
        now = hold.clock()
        if now > end:
            hold.write(state=State.WAITING, due_at=now, holder="")
            return
        try:
            said[_asked(peer, port, hold, line_id)] += 1
        except Away as error:
            words = messages.asking_broken_off(peer.name, str(error), run.done, run.of)
            hold.end(State.BROKEN_OFF, words)
            return
        run.done += 1
        hold.write(done=run.done, said=dict(said), due_at=hold.clock() + LEASE)
    hold.end(State.DONE)


def _asked(peer: Peer, port: Port, hold: _Hold, line_id: int) -> str:
    """What came of it, by its name in WORDS. Errors: Away, Lost."""
    run, now = hold.run, hold.clock()
    desk = desk_of(run.by, now)
    line = level.lines_of(desk).select_related("dossier").filter(pk=line_id, peer=peer.code).first()
    if line is None or not finding.may_ask(peer, line):
        return PASSED
    with transaction.atomic():
        # Who lost the run asks nothing and leaves no trace.
        hold.write(due_at=now + LEASE)
        access(run.by, AccessKind.VIEWED, level.KIND, line.pk, level.ASKED)
    try:
        return finding.ask(peer, line, port, hold.clock).name
    except (Away, OperationalError, InterfaceError):
        raise
    except DomainError:
        return UNREAD
    except Exception:  # one bad answer keeps no other line from being asked about
        logger.exception("one of a list not asked", extra={"run": run.pk, "line": line_id})
        return UNREAD


def purge(before: datetime) -> int:
    """Forget runs that ended before; how many. What was asked and by whom stands in the access log."""
    return AskRun.objects.filter(ended_at__lte=before).delete()[0]


def after_clock_set_back(now: datetime) -> int:
    """Runs that wait for an instant of a clock that was wrong are due now; how many."""
    late = AskRun.objects.filter(state__in=AskRun.OPEN, due_at__gt=now + LEASE + SKEW)
    return late.update(due_at=now)
