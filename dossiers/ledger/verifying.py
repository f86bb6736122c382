"""Proof that nobody wrote past the one writer: every chain, every fold, every day's digest, every
register walked again.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, Max
from django.utils import timezone

from dossiers import registry
from dossiers.clock import deadlines
from dossiers.ledger import digests, events
from dossiers.ledger.beside import Beside, Fault
from dossiers.ledger.fold import Standing
from dossiers.ledger.tables import Columns
from dossiers.models import AgencyDigest, Dossier, Event, RegisterCounter
from dossiers.states import State
from onestop.accounts.calendars import calendars_of
from onestop.accounts.models import Agency
from onestop.worktime import Calendar

CHUNK = 500


@dataclass(frozen=True, slots=True)
class Misfit:
    """The first thing that does not fit: which dossier (or agency and day), which event, and what
    is wrong.
    """

    what: str
    dossier: str = ""
    event: int | None = None
    agency: str = ""
    day: str = ""

    def __str__(self) -> str:
        places = (
            f"hồ sơ {self.dossier}" if self.dossier else "",
            f"sự kiện số {self.event}" if self.event is not None else "",
            f"cơ quan {self.agency}" if self.agency else "",
            f"ngày {self.day}" if self.day else "",
        )
        return f"{', '.join(place for place in places if place)}: {self.what}"


@dataclass(slots=True)
class Verified:
    dossiers: int = 0
    events: int = 0
    days: int = 0
    misfit: Misfit | None = None


def verify(
    *, now: datetime, agency: Agency | None = None, progress: Callable[[int], None] = lambda _: None
) -> Verified:
    """Walk all dossiers (of one agency) and all closed days; stops at the first misfit.

    Checks per event: sequence, hash of the one before, hash of the text, text against columns, the
    transition table. Per dossier: head of chain, the last event's "after" against the stored
    columns, every row beside it against its last seal, the intervals and the promise folded anew.
    Per agency: digests of closed days, register numbers without gaps. Reads chunks of 500 dossiers,
    so memory stays flat; what does not fit is looked at once more under a lock, so that work going
    on meanwhile is never reported.
    """
    done = Verified()
    done.misfit = (
        _walk_chains(done, agency, progress)
        or _walk_registers(agency)
        or _walk_digests(done, agency, now)
    )
    return done


def _walk_chains(
    done: Verified, agency: Agency | None, progress: Callable[[int], None]
) -> Misfit | None:
    last = 0
    while True:
        rows = Dossier.objects.filter(pk__gt=last).order_by("pk")
        rows = rows.filter(agency=agency) if agency else rows
        dossiers = list(rows.prefetch_related("clock_changes")[:CHUNK])
        reach = dossiers[-1].pk if len(dossiers) == CHUNK else None
        found = Event.objects.filter(dossier_id__gt=last)
        found = found.filter(dossier_id__lte=reach) if reach is not None else found
        found = found.filter(dossier__agency=agency) if agency else found
        by_dossier: dict[int, list[Event]] = defaultdict(list)
        for event in found.order_by("dossier_id", "seq"):
            by_dossier[event.dossier_id].append(event)
        calendars = calendars_of({d.agency_id for d in dossiers})
        beside = Beside([d.pk for d in dossiers])
        for dossier in dossiers:
            chain = by_dossier.pop(dossier.pk, [])
            if _misfit_of(dossier, chain, beside, calendars[dossier.agency_id]) and (
                misfit := _look_again(dossier.pk)
            ):
                return misfit
            done.events += len(chain)
        orphan = next(iter(by_dossier), None)
        if orphan is not None and not Dossier.objects.filter(pk=orphan).exists():
            return Misfit(
                "có sự kiện nhưng hồ sơ không còn",
                dossier=f"(số {orphan})",
                event=by_dossier[orphan][0].seq,
            )
        done.dossiers += len(dossiers)
        progress(done.dossiers)
        if reach is None:
            return None
        last = reach


def _look_again(dossier_id: int) -> Misfit | None:
    """The same check with the row locked: nobody can be in the middle of an act."""
    with transaction.atomic():
        dossier = Dossier.objects.select_for_update(no_key=True).get(pk=dossier_id)
        chain = list(Event.objects.filter(dossier_id=dossier_id).order_by("seq"))
        return _misfit_of(
            dossier,
            chain,
            Beside([dossier_id]),
            calendars_of([dossier.agency_id])[dossier.agency_id],
        )


def _misfit_of(
    dossier: Dossier, chain: list[Event], beside: Beside, calendar: Calendar
) -> Misfit | None:
    for what, seq in _faults(dossier, chain, beside):
        return Misfit(what, dossier=dossier.code, event=seq)
    if dossier.calendar_key == calendar.key() and (what := _promise_fault(dossier, calendar)):
        return Misfit(what, dossier=dossier.code)
    return None


def _faults(dossier: Dossier, chain: list[Event], beside: Beside) -> Iterator[Fault]:
    """What is wrong with a dossier, in the order of its chain; nothing when all fits."""
    previous, standing = events.GENESIS, Standing()
    states: dict[int, int] = {}
    counted: list[tuple[Columns, dict[str, Any]]] = []
    for expected, event in enumerate(chain, start=1):
        if event.seq != expected:
            yield (f"thiếu sự kiện số {expected}", expected)
            return
        if event.previous != previous:
            yield ("không nối với sự kiện đứng trước", event.seq)
        if event.hash != events.chain(previous, event.text):
            yield ("mã băm không khớp với nội dung đã ghi", event.seq)
        try:
            payload = json.loads(event.text)
        except ValueError:
            yield ("nội dung không đọc được", event.seq)
            return
        if any(payload.get(key) != value for key, value in events.head_of(event).items()):
            yield ("các cột không khớp với nội dung đã ghi", event.seq)
        if fault := _transition_fault(event, payload, states):
            yield (fault, event.seq)
        if broken := standing.follow(payload):
            yield (f"giữa hai sự kiện có dữ liệu bị sửa: {', '.join(sorted(broken))}", event.seq)
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


def _walk_registers(agency: Agency | None) -> Misfit | None:
    """Register numbers run from 1 to the counter without a gap (R-85): a removed dossier leaves
    one, even today.
    """
    counters = RegisterCounter.objects.select_related("agency").order_by("agency_id", "year")
    for counter in counters.filter(agency=agency) if agency else counters:
        with transaction.atomic():
            last = RegisterCounter.objects.select_for_update().get(pk=counter.pk).last
            rows = Dossier.objects.filter(
                received_by_agency_id=counter.agency_id, register_year=counter.year
            )
            found = rows.aggregate(number=Count("pk"), highest=Max("register_number"))
            if (found["number"], found["highest"] or 0) == (last, last):
                continue
            numbers = (
                rows.order_by("register_number")
                .values_list("register_number", flat=True)
                .iterator()
            )
            missing = next(
                (n for n, have in enumerate(numbers, start=1) if n != have), found["number"] + 1
            )
        what = f"sổ theo dõi năm {counter.year} thiếu hồ sơ số {missing}: hồ sơ đã bị xóa khỏi cơ sở dữ liệu"
        return Misfit(what, agency=counter.agency.code)
    return None


def _walk_digests(done: Verified, agency: Agency | None, now: datetime) -> Misfit | None:
    """Every stored digest computed anew from the events; a closed day with events that has none
    though the nightly work came to it.
    """
    closed = digests.closed_before()
    for place in [agency] if agency else Agency.objects.order_by("path"):
        stored = list(AgencyDigest.objects.filter(agency=place).order_by("day"))
        if closed is None and not stored:
            continue
        previous, index = events.GENESIS, 0
        ends = [
            day
            for day in (closed, stored[-1].day + timedelta(days=1) if stored else None)
            if day is not None
        ]
        for found in digests.days_of(
            place.pk, previous=previous, after=None, before=min(timezone.localdate(now), max(ends))
        ):
            row = stored[index] if index < len(stored) else None
            if row is None or found.day < row.day:
                return Misfit(
                    "có sự kiện nhưng không có mã băm của ngày",
                    agency=place.code,
                    day=f"{found.day:%d/%m/%Y}",
                )
            if found.day > row.day:
                return Misfit(
                    f"mất toàn bộ {row.events} sự kiện của ngày",
                    agency=place.code,
                    day=f"{row.day:%d/%m/%Y}",
                )
            if (row.events, row.previous, row.hash) != (found.events, previous, found.hash):
                what = f"mã băm của ngày không khớp: lúc chốt có {row.events} sự kiện, nay có {found.events}"
                return Misfit(what, agency=place.code, day=f"{row.day:%d/%m/%Y}")
            previous, index = found.hash, index + 1
            done.days += 1
        if index < len(stored):
            row = stored[index]
            return Misfit(
                f"mất toàn bộ {row.events} sự kiện của ngày",
                agency=place.code,
                day=f"{row.day:%d/%m/%Y}",
            )
    return None
