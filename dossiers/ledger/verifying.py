"""Proof that nobody wrote past the one writer: every chain, every fold, every day's digest, every
register walked again.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import pairwise
from typing import Any

from django.db import transaction

from dossiers import registry
from dossiers.clock import deadlines
from dossiers.ledger import closed_days, events, numbers
from dossiers.ledger.beside import Beside, Fault
from dossiers.ledger.fold import Standing
from dossiers.ledger.misfits import Misfit, Verified
from dossiers.models import Dossier, Event
from dossiers.states import State
from onestop.accounts.calendars import calendars_of
from onestop.accounts.models import Agency
from onestop.changes import verifying as changes
from onestop.instants import lies_ahead
from onestop.rows import GENESIS, Columns
from onestop.rows import chain as hash_after
from onestop.worktime import Calendar

__all__ = ["Misfit", "Verified", "verify"]

CHUNK = 500


def verify(
    *, now: datetime, agency: Agency | None = None, progress: Callable[[int], None] = lambda _: None
) -> Verified:
    """Walk all dossiers (of one agency) and all closed days to their end, and name every misfit:
    those of dossiers first, in their order.

    Checks per event: sequence, hash of the one before, hash of the text, text against columns, the
    transition table, the words it replaced. Per dossier: head of chain, the last event's "after"
    against the stored columns, every row beside it against its last seal, the slips' snapshots
    against their hash, the intervals and the promise folded anew. Per agency: register and slip
    numbers without gaps, digests of closed days. Without `agency` also every row outside dossiers
    against the lines of its changes (onestop.changes). Reads chunks of 500 dossiers, so memory stays
    flat; what does not fit is looked at once more under a lock, so that work going on meanwhile is
    never reported.
    """
    done = Verified()
    for misfits in _walk_chains(done, agency, progress):
        done.found(misfits)
    done.found(numbers.of_registers(agency))
    done.found(closed_days.misfits(done, agency, now))
    done.found(numbers.of_slips(agency))
    done.found(numbers.of_stored_pdfs())
    if agency is None:
        done.found(Misfit(fault.what, row=fault.row) for fault in changes.faults(done.kept))
    return done


def _walk_chains(
    done: Verified, agency: Agency | None, progress: Callable[[int], None]
) -> Iterator[list[Misfit]]:
    last = 0
    while True:
        rows = Dossier.objects.filter(pk__gt=last).order_by("pk")
        rows = rows.filter(agency=agency) if agency else rows
        dossiers = list(rows.prefetch_related("clock_changes")[:CHUNK])
        reach = dossiers[-1].pk if len(dossiers) == CHUNK else None
        by_dossier = _chains(last, reach, agency)
        calendars = calendars_of({d.agency_id for d in dossiers})
        beside = Beside([d.pk for d in dossiers])
        for dossier in dossiers:
            chain = by_dossier.pop(dossier.pk, [])
            if _misfits_of(dossier, chain, beside, calendars[dossier.agency_id]):
                yield _look_again(dossier.pk)
            done.noticed(_steps_back(dossier, chain))
            done.events += len(chain)
        yield _orphans(by_dossier)
        done.dossiers += len(dossiers)
        progress(done.dossiers)
        if reach is None:
            return
        last = reach


def _chains(after: int, reach: int | None, agency: Agency | None) -> dict[int, list[Event]]:
    """The events of dossiers after one id up to another, by dossier. One query."""
    found = Event.objects.filter(dossier_id__gt=after)
    found = found.filter(dossier_id__lte=reach) if reach is not None else found
    found = found.filter(dossier__agency=agency) if agency else found
    by_dossier: dict[int, list[Event]] = defaultdict(list)
    for event in found.order_by("dossier_id", "seq"):
        by_dossier[event.dossier_id].append(event)
    return by_dossier


def _orphans(by_dossier: dict[int, list[Event]]) -> list[Misfit]:
    """Events that are left when every dossier has taken its own; a dossier may just have come."""
    if not by_dossier:
        return []
    known = set(Dossier.objects.filter(pk__in=by_dossier).values_list("pk", flat=True))
    return [
        Misfit(
            "có sự kiện nhưng hồ sơ không còn",
            dossier=f"(số {orphan})",
            event=by_dossier[orphan][0].seq,
        )
        for orphan in by_dossier
        if orphan not in known
    ]


def _look_again(dossier_id: int) -> list[Misfit]:
    """The same check with the row locked: nobody can be in the middle of an act."""
    with transaction.atomic():
        dossier = Dossier.objects.select_for_update(no_key=True).get(pk=dossier_id)
        chain = list(Event.objects.filter(dossier_id=dossier_id).order_by("seq"))
        calendar = calendars_of([dossier.agency_id])[dossier.agency_id]
        return _misfits_of(dossier, chain, Beside([dossier_id]), calendar)


def _misfits_of(
    dossier: Dossier, chain: list[Event], beside: Beside, calendar: Calendar
) -> list[Misfit]:
    found = [
        Misfit(what, dossier=dossier.code, event=seq)
        for what, seq in _faults(dossier, chain, beside)
    ]
    # A promise is folded from columns that were found to be wrong already.
    if (
        not found
        and dossier.calendar_key == calendar.key()
        and (what := _promise_fault(dossier, calendar))
    ):
        found.append(Misfit(what, dossier=dossier.code))
    return found


def _steps_back(dossier: Dossier, chain: list[Event]) -> Iterator[Misfit]:
    """Events recorded before the one they follow: the clock of the server was put back in between.
    It is no fault of the record, whose order is that of the chain.
    """
    for before, event in pairwise(chain):
        if lies_ahead(before.recorded_at, event.recorded_at):
            what = "ghi trước sự kiện đứng trước nó: đồng hồ máy chủ đã có lúc chạy sai"
            yield Misfit(what, dossier=dossier.code, event=event.seq)


def _faults(dossier: Dossier, chain: list[Event], beside: Beside) -> Iterator[Fault]:
    """What is wrong with a dossier, in the order of its chain; nothing when all fits."""
    previous, standing = GENESIS, Standing()
    states: dict[int, int] = {}
    counted: list[tuple[Columns, dict[str, Any]]] = []
    for expected, event in enumerate(chain, start=1):
        if event.seq != expected:
            yield (f"thiếu sự kiện số {expected}", expected)
            return
        yield from _link_faults(event, previous)
        try:
            payload = json.loads(event.text)
        except ValueError:
            yield ("nội dung không đọc được", event.seq)
            return
        told = [*_told_faults(event, payload, states)]
        told += beside.word_faults(event, payload, dossier.salt)
        if broken := standing.follow(payload):
            told.append(f"giữa hai sự kiện có dữ liệu bị sửa: {', '.join(sorted(broken))}")
        yield from ((fault, event.seq) for fault in told)
        states[event.seq] = payload.get("state")
        counted.append((dict(standing.columns), payload))
        previous = event.hash
    if not chain:
        yield ("không có sự kiện nào", None)
        return
    if (dossier.event_seq, dossier.event_hash) != (chain[-1].seq, previous):
        yield (
            f"hồ sơ ghi {dossier.event_seq} sự kiện, chuỗi kết thúc ở sự kiện số {chain[-1].seq}: thiếu sự kiện cuối",
            dossier.event_seq,
        )
    yield from beside.faults(dossier, standing, counted)


def _link_faults(event: Event, previous: str) -> Iterator[Fault]:
    """Whether an event follows the one before it with the text it was written with."""
    if event.hash != hash_after(previous, event.text):
        yield ("mã băm không khớp với nội dung đã ghi", event.seq)


def _told_faults(event: Event, payload: dict[str, Any], states: dict[int, int]) -> Iterator[str]:
    """Whether its columns are those of its text, and its act may follow the state before it."""
    if any(payload.get(key) != value for key, value in events.head_of(event).items()):
        yield "các cột không khớp với nội dung đã ghi"
    if fault := _transition_fault(event, payload, states):
        yield fault


def _transition_fault(event: Event, payload: dict[str, Any], states: dict[int, int]) -> str:
    act = registry.find(event.kind)
    if act is None:
        return f"không có việc nào tên là “{event.kind}”"
    before, after = states.get(event.seq - 1), payload.get("state")
    source = State(before) if before is not None else None
    if source not in act.sources:
        return f"“{act.label}” không thể xảy ra ở trạng thái “{source.label if source else 'chưa tiếp nhận'}”"
    if event.kind == "take_back":
        # The state before the act that was taken back, or before the first of several.
        target = states.get(int(payload["data"]["through"]) - 1)
    else:
        target = act.target if act.target is not None else before
    return "" if after == target else f"“{act.label}” không dẫn tới trạng thái đã ghi"


def _promise_fault(dossier: Dossier, calendar: Calendar) -> str:
    """The promise folded anew from the ledger under the same calendar must be the stored one, with
    what lists order and count by.
    """
    clock = deadlines.clock_of(dossier, calendar)
    legal, stored = clock.legal_promise, dossier.legal_due_at
    # A year that lost its calendar left the legal promise as it stood, later than today's rows can
    # say.
    stands = legal.undetermined and stored is not None and (legal.at is None or stored > legal.at)
    if clock.promise.at != dossier.due_at or not (legal.at == stored or stands):
        return "ngày hẹn trả không khớp với sổ thời hạn của hồ sơ"
    if dossier.sort_due != deadlines.sort_of(dossier) or not (
        clock.promise.late_from == dossier.late_from or stands
    ):
        return "lúc bắt đầu tính quá hạn không khớp với sổ thời hạn của hồ sơ"
    return ""
