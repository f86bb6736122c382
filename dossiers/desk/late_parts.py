"""Why dossiers are late, step by step: what each step caused of their lateness, read for a whole set
in as many statements as for one (clock/apportioning.py), and in one short phrase (R-58, R-77).

A day that has begun counts whole where a term is in days, as what is left says it: until the end of
that day both the dossier and the step at hand are late. A step runs from its giving, so whoever
confirms late answers for that too; what nobody has confirmed is on the way and nobody's. The step
at hand answers for what it is over by now. Where no step was over, whoever held it when the promise
passed answers for all that was not waited for, as its confirmation judges it (acts/receiving.py).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from fractions import Fraction
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

from dossiers.clock.apportioning import Apportioned, Part, Rest, Step, Worked, apportion, rest_of
from dossiers.models import ClockChange, ClockKind, HandOver, Span
from dossiers.models.outcome import Outcome
from onestop.accounts.calendars import calendars_of
from onestop.worktime import Calendar, CalendarMissing, Pause, spell
from onestop.worktime.changes import apart
from onestop.worktime.zone import local

UNNAMED = "(bước không tên)"
# So many parts stand in a phrase; the others are added up.
MOST = 3
_DAY = Fraction(8 * 60)
Calendars = Mapping[int | None, Calendar]
_LAST_MINUTE = time(23, 59)


class Case(NamedTuple):
    """A late dossier: columns of its interval and its own."""

    pk: int
    agency: int
    field: int
    late_from: datetime | None
    promise: datetime | None
    due_at: datetime | None
    ended_at: datetime | None
    received_at: datetime
    holder: int | None
    room: int | None
    way: int | None
    step_name: str
    step_due_at: datetime | None
    waiting_since: datetime | None
    procedure: str
    room_name: str | None
    room_agency: int | None
    room_agency_name: str | None


_CASE = (
    "dossier", "agency", "field", "late_from", "promise", "dossier__due_at", "ended_at", "received_at", "dossier__holder", "dossier__holder_department",
    "dossier__pending_department", "dossier__step_name", "dossier__step_due_at", "dossier__waiting_since", "dossier__version__procedure__code",
    "dossier__holder_department__name", "dossier__holder_department__agency", "dossier__holder_department__agency__name",
)  # fmt: skip


class _Given(NamedTuple):
    """A hand-over."""

    giver: int
    room: int
    receiver: int | None
    receiver_room: int
    step_name: str
    step_from: datetime
    step_due_at: datetime | None
    next_step_name: str
    given_at: datetime
    confirmed_at: datetime | None
    room_name: str
    room_agency: int
    room_agency_name: str


_GIVEN = (
    "giver", "giver_department", "receiver", "receiver_department", "step_name", "step_from", "step_due_at", "next_step_name",
    "given_at", "confirmed_at", "giver_department__name", "giver_department__agency", "giver_department__agency__name",
)  # fmt: skip


class Room(NamedTuple):
    """A department, of which agency."""

    name: str
    agency: int
    agency_name: str


@dataclass(frozen=True, slots=True)
class Late:
    """One late dossier, shared out. `day`: minutes of working time in a day of its office."""

    case: Case
    shared: Apportioned
    day: Fraction
    why: Rest
    # The departments of all that were read together, by id.
    rooms: Mapping[int, Room]

    @property
    def is_ended(self) -> bool:
        return self.case.ended_at is not None

    @property
    def is_by_law(self) -> bool:
        """Late by a promise that is not the one people are told: it was appointed anew."""
        return self.case.due_at is not None and self.case.due_at != self.case.promise

    def days(self, minutes: int) -> Fraction:
        """In days of work of its office."""
        return minutes / self.day

    def spelt(self, minutes: int) -> str:
        whole = int(minutes // self.day)
        return spell(whole, int(minutes - whole * self.day))


# The current interval of a dossier; late ones, as the tables count them.
STANDS = Q(to_known=None, gone_known=None)
ENDED_LATE = Q(group=Span.Group.ENDED, verdict=Outcome.LATE)


def open_late(at: datetime) -> Q:
    return Q(group__lt=Span.Group.ENDED, late_from__lte=at)


def late_of(
    ids: Iterable[int], at: datetime, *, calendars: Calendars | None = None
) -> dict[int, Late]:
    """Those of these dossiers that are late, by id. Four queries, whatever they are, one fewer for
    whoever has the calendars of their offices; one where none of them is late.
    """
    spans = Span.objects.filter(STANDS & (open_late(at) | ENDED_LATE), dossier__in=list(ids))
    return {one.case.pk: one for one in shared_out([spans], at, calendars=calendars)}


def together(sets: Sequence[QuerySet[Span]], *columns: str) -> QuerySet[Any, Any]:
    """Columns of several sets of intervals, each read by its own index."""
    parts = [one.order_by().values_list(*columns) for one in sets]
    return parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]


def shared_out(
    sets: Sequence[QuerySet[Span]],
    at: datetime,
    *,
    cut: datetime | None = None,
    calendars: Calendars | None = None,
) -> list[Late]:
    """Late dossiers of these intervals, shared out as they stood at `at`; by what was known by the
    cut, where one is given. Four queries, whatever they are; one where there is none.
    """
    cases = sorted((Case(*row) for row in together(sets, *_CASE)), key=lambda case: case.pk)
    if not cases:
        return []
    mine = together(sets, "dossier")
    known = cut or at
    stood = Q(undone_at=None) | Q(undone_recorded_at__gt=known)
    passed: dict[int, list[_Given]] = defaultdict(list)
    # Later ones too: the first of them tells who held it until then.
    rows = HandOver.objects.filter(stood, dossier__in=mine)
    for pk, *row in rows.order_by("dossier", "seq").values_list("dossier", *_GIVEN):
        passed[pk].append(_Given(*row))
    waits: dict[int, list[Pause]] = defaultdict(list)
    kinds = (ClockKind.PAUSE, ClockKind.RESTART, ClockKind.EXCLUDE)
    told = Q(known_at=None) | Q(known_at__lte=known)
    lines = ClockChange.objects.filter(stood & told, dossier__in=mine, kind__in=kinds)
    for pk, start, end in lines.order_by("id").values_list("dossier", "start", "end"):
        waits[pk].append(Pause(local(start), local(end) if end else None))
    known_days = calendars if calendars is not None else calendars_of({c.agency for c in cases})
    days = _by_week(cases, known_days, at)
    rooms = _rooms(cases, passed)
    # What was given before the term began is no part of it.
    mine_of = {
        case.pk: [row for row in passed[case.pk] if row.given_at >= case.received_at]
        for case in cases
    }
    return [
        _Reading(case, mine_of[case.pk], waits[case.pk], days[case.agency], at, rooms).late()
        for case in cases
    ]


def _by_week(cases: Iterable[Case], known: Calendars, at: datetime) -> dict[int, Calendar]:
    """Of each office; years that have no calendar go by the week alone, as lateness does."""
    first: dict[int, datetime] = {}
    for case in cases:
        since = min(case.received_at, case.late_from or case.promise or at) - timedelta(days=1)
        first[case.agency] = min(since, first.get(case.agency, at))
    return {
        agency: known[agency].by_week(local(since).year).by_week(local(at).year)
        for agency, since in first.items()
    }


def _rooms(cases: Iterable[Case], passed: Mapping[int, Sequence[_Given]]) -> dict[int, Room]:
    found: dict[int, Room] = {}
    for case in cases:
        if case.room is not None and case.room_agency is not None:
            found[case.room] = Room(case.room_name or "", case.room_agency, case.room_agency_name or "")  # fmt: skip
    for rows in passed.values():
        for row in rows:
            found[row.room] = Room(row.room_name, row.room_agency, row.room_agency_name)
    return found


@dataclass(frozen=True, slots=True)
class _Reading:
    """One dossier with all that is looked at."""

    case: Case
    passed: Sequence[_Given]
    waits: Sequence[Pause]
    calendar: Calendar
    at: datetime
    rooms: Mapping[int, Room]

    @property
    def until(self) -> datetime:
        return self.case.ended_at or self.at

    @property
    def is_by_the_minute(self) -> bool:
        """Of a term in hours."""
        return self.case.late_from is not None and self.case.late_from == self.case.promise

    @property
    def until_late(self) -> datetime:
        """Until when it is late: a day that has begun counts whole."""
        here = local(self.until)
        return here if self.is_by_the_minute else datetime.combine(here, _LAST_MINUTE, here.tzinfo)

    def late(self) -> Late:
        since = self.case.late_from or self.case.promise
        until = self.until_late
        unknown = Late(self.case, Apportioned(0, (), 0), _DAY, Rest.UNKNOWN, self.rooms)
        if since is None:
            return unknown
        try:
            minutes = max(self.calendar.working_minutes_between(since, until), 0)
            day = self._day(since, until, minutes)
            worked, on_the_way = self._worked()
            waited = self._waited(since, until)
        except CalendarMissing:
            return unknown
        untimed = any(one.allowed is None for one in worked)
        if not on_the_way and not any(one.over for one in worked):
            step = self._at_promise(since, worked)
            worked = [Worked(step, max(minutes - waited, 0), 0)]
        shared = apportion(minutes, worked)
        mostly = waited > 0 and waited * 2 >= shared.rest
        why = rest_of(waited=mostly, on_the_way=on_the_way, untimed=untimed)
        return Late(self.case, shared, day, why, self.rooms)

    def _at_promise(self, since: datetime, worked: Sequence[Worked]) -> Step:
        """The step during which the promise passed; `worked`: one a hand-over, then that at hand."""
        passing = (
            one.step for row, one in zip(self.passed, worked, strict=False) if row.given_at > since
        )
        return next(passing, worked[-1].step)

    def _day(self, since: datetime, until: datetime, minutes: int) -> Fraction:
        """Of the days that it is late."""
        first, last = local(since).date(), local(until).date()
        if self.is_by_the_minute:
            return Fraction(self.calendar.day_minutes(first)) or _DAY
        days = self.calendar.working_days_between(first - timedelta(days=1), last)
        return Fraction(minutes, days) if days and minutes else _DAY

    def _worked(self) -> tuple[list[Worked], bool]:
        """The steps that were worked, the one at hand too; whether it is on the way."""
        given = [row for row in self.passed if row.given_at <= self.until]
        later = self.passed[len(given)] if len(given) < len(self.passed) else None
        worked = [
            self._step(row.room, row.giver, row.step_name, row.step_due_at, row.step_from, row.given_at)
            for row in given
        ]  # fmt: skip
        last, case = given[-1] if given else None, self.case
        if last is not None and (last.confirmed_at is None or last.confirmed_at >= self.until):
            return worked, True
        start = last.given_at if last is not None else case.received_at
        if later is not None:
            here = (later.room, later.giver, later.step_name, later.step_due_at)
        elif last is not None:
            name = last.next_step_name or case.step_name
            here = (
                case.room or last.receiver_room, case.holder or last.receiver or 0, name, case.step_due_at,
            )  # fmt: skip
        else:
            here = (case.room or 0, case.holder or 0, case.step_name, case.step_due_at)
        worked.append(self._step(*here, start, self.until_late))
        return worked, False

    def _step(
        self,
        room: int,
        officer: int,
        name: str,
        due: datetime | None,
        start: datetime,
        end: datetime,
    ) -> Worked:
        """What was waited for before a step was due has moved its hours already; whoever goes on with
        a step that is over answers for what comes after.
        """
        step = Step(room, officer, name or UNNAMED)
        if due is None:
            return Worked(step, max(self.calendar.working_minutes_between(start, end), 0))
        since = min(max(start, due), end)
        allowed = self.calendar.working_minutes_between(start, since)
        used = self.calendar.working_minutes_between(start, end)
        if since < end:
            used -= self._waited(since, end)
        return Worked(step, used, allowed)

    def _waited(self, start: datetime, end: datetime) -> int:
        """Working time between two instants that was waited or did not count, once where several
        say it.
        """
        waits = list(self.waits)
        if self.case.waiting_since is not None and self.case.ended_at is None:
            waits.append(Pause(local(self.case.waiting_since), None))
        if not waits:
            return 0
        whole = self.calendar.working_minutes_between(start, end)
        spans = [(one.from_, one.to or local(end)) for one in waits]
        free = apart(Pause(local(start), local(end)), [one for one in spans if one[0] < one[1]])
        counted = sum(
            self.calendar.working_minutes_between(one.from_, one.to)
            for one in free
            if one.to is not None
        )
        return max(whole - counted, 0)


# --- in words --------------------------------------------------------------------------------------


def phrases_of(
    ids: Iterable[int], at: datetime, *, calendars: Calendars | None = None
) -> dict[int, str]:
    """Why each of these dossiers is late, those that are, by id: four queries, one fewer with the
    calendars.
    """
    found = late_of(ids, at, calendars=calendars)
    return {pk: phrase(one) for pk, one in found.items()}


def phrase(one: Late) -> str:
    """`trễ 3 ngày: 2 ngày ở bước “Thẩm định” (Phòng Tư pháp), 1 ngày chờ phối hợp (Sở Tài chính)`."""
    if not one.shared.late:
        why = one.why.value if one.why is Rest.UNKNOWN else "chưa qua giờ làm việc nào"
        return f"trễ, {why}"
    rest = [(one.shared.rest, one.why.value)] if one.shared.rest else []
    steps, most = list(_parts(one)), MOST - len(rest)
    if len(steps) > most:
        steps[most - 1 :] = [(sum(n for n, _ in steps[most - 1 :]), "ở các bước khác")]
    told = ", ".join(f"{one.spelt(minutes)} {words}" for minutes, words in steps + rest)
    by_law = " so với hạn theo quy định" if one.is_by_law else ""
    return f"trễ {one.spelt(one.shared.late)}{by_law}: {told}"


def _parts(one: Late) -> Iterator[tuple[int, str]]:
    """Minutes and words of each step, those of another agency added up by agency."""
    sums: dict[str, int] = {}
    for part in one.shared.parts:
        words = _words(one, part)
        sums[words] = sums.get(words, 0) + part.minutes
    for words, minutes in sorted(sums.items(), key=lambda told: -told[1]):
        yield minutes, words


def _words(one: Late, part: Part) -> str:
    room = one.rooms.get(part.step.unit)
    if room is not None and room.agency != one.case.agency:
        return f"chờ phối hợp ({room.agency_name})"
    name = f"ở bước “{part.step.name}”" if part.step.name != UNNAMED else "ở bước không tên"
    return f"{name} ({room.name})" if room is not None else name
