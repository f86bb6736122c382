"""What the events tell of why a dossier is late, and of whose lateness it is: a proposal that its
office confirms or changes (R-58, R-77).

In order: days on which the office was closed without notice, or hours of a recorded incident (power,
network, program), that are as long as it is late; data that came to us, or went to the portal, so
late (nothing of it is ever written by itself); what was waited for after the promise (the applicant,
a payment, another agency, an opinion that came late), where that is half of the lateness or more;
what the portal holds otherwise; else the step that overran most, else whoever held it at the promise.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from dossiers.desk.consulted import LateOpinion, late_opinions, late_opinions_json
from dossiers.desk.late_parts import ENDED_LATE, open_late
from dossiers.models import ClockChange, ClockKind, Dossier, HandOver, Span
from dossiers.models.elsewhere import Outage
from dossiers.models.outcome import Outcome
from exchange.inbox.lagging import Lag, Lags, lags_of
from onestop.accounts.models import CalendarDay, DayKind, Department
from onestop.worktime import PauseKind
from reports.models.cause import Cause

DAY = timedelta(days=1)
# A filing came late when it took one part in so many of its term, or more, to come.
PART_OF_TERM = 5
NO_LAGS = Lags()


@dataclass(frozen=True, slots=True)
class Proposal:
    """`department`: of the agency that handles; None where it lay with none of them."""

    cause: Cause
    department: Department | None
    detail: str

    @property
    def words(self) -> str:
        unit = f" – {self.department.name}" if self.department is not None else ""
        return f"{self.cause.label}{unit}. {self.detail}"


@dataclass(frozen=True, slots=True)
class _Held:
    """Where it lay from when to when."""

    room: Department
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class _Case:
    """A late dossier with all that is looked at; late from `since` until `until`."""

    dossier: Dossier
    since: datetime
    until: datetime
    passed: Sequence[HandOver]
    changes: Sequence[ClockChange]
    # Of those that were asked and did not answer in time.
    opinions: Sequence[LateOpinion] = ()

    @property
    def length(self) -> timedelta:
        return self.until - self.since

    def within(self, start: datetime, end: datetime | None) -> timedelta:
        """How much of this lies in the lateness."""
        return max(min(end or self.until, self.until) - max(start, self.since), timedelta())

    def held(self) -> Iterator[_Held]:
        """Oldest first, beginning where it was received."""
        start = self.dossier.received_at
        for row in self.passed:
            yield _Held(row.giver_department, start, row.given_at)
            start = row.given_at
        last = self.passed[-1].receiver_department if self.passed else None
        room = last or self.dossier.holder_department
        if room is not None:
            yield _Held(room, start, max(self.until, start))

    def is_own(self, room: Department) -> bool:
        return room.agency_id == self.dossier.agency_id

    def own_room(self) -> Department | None:
        """The agency's own room that had it last when the promise passed."""
        own = [one for one in self.held() if self.is_own(one.room)]
        before = [one for one in own if one.start <= self.since]
        return (before[-1] if before else own[0]).room if own else None


def proposed(
    ids: Iterable[int], at: datetime, *, passed: Sequence[HandOver] | None = None
) -> dict[int, Proposal]:
    """What is proposed for those of these dossiers that are late. Five queries, whatever they are;
    one fewer for whoever has read their hand-overs (`passed`, in order, with their rooms); up to
    three more where they were handed in on line or other systems are told of them.
    """
    cases = list(_cases(list(ids), at, passed))
    closed, outages = _closings(cases), _outages(cases)
    lags = lags_of([case.dossier for case in cases])
    return {
        case.dossier.pk: _of(case, closed, outages, lags.get(case.dossier.pk, NO_LAGS))
        for case in cases
    }


def _of(
    case: _Case, closed: Sequence[CalendarDay], outages: Sequence[Outage], lags: Lags
) -> Proposal:
    return (
        _incident(case, closed)
        or _outage(case, outages)
        or _came_late(case, lags.came)
        or _told_late(case, lags.asked)
        or _waited(case)
        or _differing(case, lags)
        or _overrun(case)
        or _holder(case)
    )


def _cases(ids: Sequence[int], at: datetime, known: Sequence[HandOver] | None) -> Iterator[_Case]:
    current = Span.objects.filter(dossier__in=ids, to_at=None, gone_known=None)
    late = (
        current.filter(open_late(at) | ENDED_LATE)
        .select_related("dossier__holder_department__agency")
        .annotate(asked=late_opinions_json("dossier"))
    )
    passed: dict[int, list[HandOver]] = defaultdict(list)
    for row in _passed(ids) if known is None else known:
        if row.is_standing:
            passed[row.dossier_id].append(row)
    changes: dict[int, list[ClockChange]] = defaultdict(list)
    for change in ClockChange.objects.standing().filter(dossier__in=ids).order_by("id"):
        changes[change.dossier_id].append(change)
    for span in late:
        until = span.ended_at or at
        since = min(span.late_from or span.promise or until, until)
        pk = span.dossier_id
        opinions = late_opinions(span.asked, at)
        yield _Case(span.dossier, since, until, passed[pk], changes[pk], opinions)


def _passed(ids: Sequence[int]) -> Iterable[HandOver]:
    rows = HandOver.objects.standing().filter(dossier__in=ids).order_by("dossier", "seq")
    return rows.select_related("giver_department__agency", "receiver_department__agency")


def _closings(cases: Sequence[_Case]) -> list[CalendarDay]:
    """Unplanned closings of the offices while any of these dossiers was open."""
    if not cases:
        return []
    first = min(case.dossier.begins_at for case in cases)
    last = max(case.until for case in cases)
    agencies = {case.dossier.agency_id for case in cases}
    days = (timezone.localdate(first), timezone.localdate(last))
    rows = CalendarDay.objects.filter(kind=DayKind.CLOSING, date__range=days)
    return list(rows.filter(Q(agency=None) | Q(agency__in=agencies)).order_by("date"))


def _outages(cases: Sequence[_Case]) -> list[Outage]:
    """Recorded incidents of the offices that handle these dossiers, while any of them was open."""
    if not cases:
        return []
    first = min(case.dossier.begins_at for case in cases)
    agencies = {case.dossier.agency_id for case in cases}
    rows = Outage.objects.filter(agency__in=agencies, cancelled_at=None, ended_at__gt=first)
    return list(rows.order_by("began_at", "id"))


# --- the office was closed -------------------------------------------------------------------------


def _incident(case: _Case, closed: Sequence[CalendarDay]) -> Proposal | None:
    """As many days closed without notice as it is late; days that moved the promise count too little
    by themselves: a promise that was moved by them is later by as much.
    """
    first = timezone.localdate(case.dossier.begins_at)
    last = timezone.localdate(case.until)
    days = [
        day
        for day in closed
        if day.agency_id in (None, case.dossier.agency_id) and first <= day.date <= last
    ]
    moved = any(change.kind == ClockKind.CALENDAR for change in case.changes)
    if not days or moved or case.length > len(days) * DAY:
        return None
    told = ", ".join(f"{day.date:%d/%m/%Y} ({day.name})" for day in days)
    return Proposal(Cause.INCIDENT, case.own_room(), f"Tạm dừng làm việc đột xuất {told}")


def _outage(case: _Case, outages: Sequence[Outage]) -> Proposal | None:
    """Incidents in its life that took as long as it is late, in hours of the clock on the wall; once
    where one was recorded twice, or two came together.
    """
    received, until = case.dossier.begins_at, case.until
    mine = [
        one
        for one in outages
        if one.agency_id == case.dossier.agency_id and one.began_at < until and one.ended_at
    ]
    spent, counted = timedelta(), received
    for one in mine:  # by their beginnings
        end = min(one.ended_at or until, until)
        spent += max(end - max(one.began_at, counted), timedelta())
        counted = max(counted, end)
    if not mine or spent < case.length:
        return None
    told = ", ".join(f"{timezone.localtime(one.began_at):%d/%m/%Y} ({one})" for one in mine)
    return Proposal(Cause.INCIDENT, case.own_room(), f"Sự cố đã ghi nhận {told}")


# --- data came or went late, or are wrong ----------------------------------------------------------


def _came_late(case: _Case, came: Lag | None) -> Proposal | None:
    """Of its term it took as long to come as it is late, and a good part: had it come when the term
    began, it would have been done by then. The term begins at the reception (R-36): what was on its
    way before took nothing of it.
    """
    begins = case.dossier.begins_at
    if came is None or came.end is None or came.end <= begins:
        return None
    length, term = came.end - max(came.start, begins), case.since - begins
    if length < case.length or length * PART_OF_TERM < term:
        return None
    return Proposal(Cause.SYNC, case.own_room(), f"{came.words}: chậm {_days(length)}")


def _told_late(case: _Case, asked: Sequence[Lag]) -> Proposal | None:
    """The applicant could not read what was asked for half of the lateness or more."""
    spent, counted = timedelta(), case.since
    # By their beginnings; what two peers had not is waited for once.
    for one in sorted(asked, key=lambda lag: lag.start):
        spent += case.within(max(one.start, counted), one.end)
        counted = max(counted, one.end or case.until)
    if not spent or spent * 2 < case.length:
        return None
    longest = max(asked, key=lambda one: case.within(one.start, one.end))
    return Proposal(Cause.SYNC, case.own_room(), f"{longest.words}: chậm {_days(spent)} sau hạn")


def _differing(case: _Case, lags: Lags) -> Proposal | None:
    """The peer holds a day that is not over, or that it has ended, of what is late here."""
    for one in lags.differs:
        if one.due is None or one.due >= case.until:
            return Proposal(Cause.SYNC, case.own_room(), one.words)
    return None


# --- something was waited for ----------------------------------------------------------------------


def _waited(case: _Case) -> Proposal | None:
    """What was waited for most after the promise, where it is half of the lateness or more."""
    spent: dict[Cause, timedelta] = defaultdict(timedelta)
    for change in case.changes:
        cause = _waits_for(change)
        if cause is not None:
            spent[cause] += case.within(change.start, change.end)
    elsewhere: dict[str, timedelta] = defaultdict(timedelta)
    for one in case.held():
        if not case.is_own(one.room):
            elsewhere[f"Chờ {one.room.agency.name}"] += case.within(one.start, one.end)
    for late in case.opinions:
        words = f"Cơ quan phối hợp chậm trả lời ({late.to}):"
        elsewhere[words] += case.within(late.since, late.until)
    if elsewhere:
        where, length = max(elsewhere.items(), key=lambda found: found[1])
        if length * 2 >= case.length and length >= max(spent.values(), default=timedelta()):
            detail = f"{where} {_days(length)} sau hạn"
            return Proposal(Cause.COORDINATION, case.own_room(), detail)
    if not spent:
        return None
    cause, length = max(spent.items(), key=lambda found: found[1])
    if not length or length * 2 < case.length:
        return None
    return Proposal(cause, case.own_room(), f"{_WAITS[cause]} {_days(length)} sau hạn")


_WAITS = {
    Cause.APPLICANT: "Chờ bổ sung hồ sơ",
    Cause.MONEY: "Chờ thực hiện nghĩa vụ tài chính",
    Cause.COORDINATION: "Thời gian không tính (giám định, niêm yết, xác minh)",
}


def _waits_for(change: ClockChange) -> Cause | None:
    if change.kind in (ClockKind.PAUSE, ClockKind.RESTART):
        return Cause.APPLICANT
    if change.kind != ClockKind.EXCLUDE:
        return None
    return Cause.MONEY if change.excluded == PauseKind.FINANCIAL else Cause.COORDINATION


# --- a step overran --------------------------------------------------------------------------------


def _overrun(case: _Case) -> Proposal | None:
    """The step that overran most."""
    found = [
        (row.given_at - (row.step_due_at or row.given_at), row.giver_department, row.step_name)
        for row in case.passed
        if row.given_at >= case.dossier.begins_at
        and (row.outcome == Outcome.LATE or _is_over(row.step_due_at, row.given_at))
    ]
    dossier, due = case.dossier, case.dossier.step_due_at
    here = list(case.held())[-1:]
    # What is on its way lies in no step: its column is still the giver's.
    is_at_hand = dossier.ended_at is None and dossier.pending_department_id is None
    if is_at_hand and here and due is not None and due < case.until:
        found.append((case.until - due, here[0].room, dossier.step_name))
    if not found:
        return None
    length, room, step = max(found, key=lambda one: one[0])
    over = f"Bước “{step}” quá {_days(length)}" if length else f"Đang ở bước “{step}” khi quá hạn"
    if case.is_own(room):
        return Proposal(Cause.DELAY, room, over)
    return Proposal(Cause.COORDINATION, case.own_room(), f"{room.agency.name}: {over.lower()}")


def _is_over(due: datetime | None, at: datetime) -> bool:
    return due is not None and due < at


def _holder(case: _Case) -> Proposal:
    room = case.own_room()
    if room is not None and case.dossier.pending_department_id == room.pk:
        return Proposal(Cause.DELAY, room, f"Đã giao {room.name}, chưa ai nhận khi quá hạn")
    detail = f"Đang ở {room.name} khi quá hạn" if room is not None else "Không rõ đang ở đâu"
    return Proposal(Cause.DELAY, room, detail)


def _days(length: timedelta) -> str:
    """Rounded up: the shortest is one day, or its hours. By the calendar: the lists beside it tell
    days of work.
    """
    hours = -(-length // timedelta(hours=1))
    return f"{hours} giờ" if hours < 24 else f"{-(-length // DAY)} ngày theo lịch"
