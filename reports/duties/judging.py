"""How one report of one agency and period is judged, from what was done about it. Pure: dates in,
a verdict out.

    chưa đến hạn → đến hạn → đã gửi | trễ → không gửi; đã gửi → trả lại để sửa → đã gửi

Two acts are judged: the signed document (of the form, the narrative, or both) and the entry in the
reporting system. A report is sent when all that it needs is there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

DAY = timedelta(days=1)
NOTHING = Decimal(0)


class State(StrEnum):
    """The value is the word of addresses."""

    NOT_OWED = "khong-phai-nop"
    NOT_DUE = "chua-den-han"
    DUE = "den-han"
    LATE = "tre"
    SENT = "da-gui"
    RETURNED = "tra-lai"
    MISSING = "khong-gui"


class Part(StrEnum):
    FORM = "form"
    DOCUMENT = "document"
    ENTRY = "entry"


class Judged(StrEnum):
    """What happens to a report beside its parts."""

    WITHDRAWN = "withdrawn"  # the head takes the signed form out of force
    RETURNED = "returned"  # whoever receives it sends it back: all of it is to be sent again
    POOR = "poor"


@dataclass(frozen=True, slots=True)
class Event:
    """`on`: the day it counts by; `at`: when it was recorded."""

    what: Part | Judged
    on: date
    at: datetime


@dataclass(frozen=True, slots=True)
class Outage:
    """Days on which the reporting system stood still, both included; None: still."""

    first: date
    last: date | None

    def has(self, day: date, today: date) -> bool:
        """Of days to come nobody knows."""
        return self.first <= day <= min(self.last or today, today)


@dataclass(frozen=True, slots=True)
class Rule:
    """What is taken off a report, once, and the days that decide it."""

    late: Decimal = Decimal("0.25")
    poor: Decimal = Decimal("0.25")
    missing: Decimal = Decimal("0.5")
    missing_after: int = 10
    repair_days: int = 3
    remind_before: int = 2


@dataclass(frozen=True, slots=True)
class Terms:
    """What is needed of whom. `last`: the period's last day; `due`: days after it, by part; `opened`
    and `closed`: the first and last day of the agency, where it has one.
    """

    last: date
    due: dict[Part, int]
    opened: date | None = None
    closed: date | None = None

    @property
    def is_owed(self) -> bool:
        """A unit that ended before the period did owes nothing: whoever took it over reports. Nor
        does one that began after it.
        """
        ended = self.closed is not None and self.closed < self.last
        return not ended and (self.opened is None or self.opened <= self.last)


@dataclass(frozen=True, slots=True)
class Verdict:
    """`done`: the day of each part that stands; `due`: its last day, moved by outages and returns;
    `sent_on`: the day of the last part, when all are there; `missing_from`: the first day on which
    it counts as not sent.
    """

    state: State
    done: dict[Part, date] = field(default_factory=dict)
    due: dict[Part, date] = field(default_factory=dict)
    sent_on: date | None = None
    missing_from: date | None = None
    was_late: bool = False
    was_missing: bool = False
    was_poor: bool = False
    was_returned: bool = False
    is_moved: bool = False

    @property
    def last_due(self) -> date | None:
        """The day by which all of it is to be there."""
        return max(self.due.values(), default=None)

    def days_late(self, part: Part, today: date) -> int:
        """How many days later than its last day a part came, or is by now; 0: in time."""
        due = self.due.get(part)
        return 0 if due is None else max((self.done.get(part, today) - due).days, 0)


def same_day(day: date) -> date:
    """Where nobody's days off are asked for."""
    return day


def judge(
    terms: Terms,
    events: Iterable[Event],
    *,
    rule: Rule,
    outages: Sequence[Outage] = (),
    today: date,
    working: Callable[[date], date] = same_day,
) -> Verdict:
    """`working`: the day itself or the next on which offices work (Civil Code Đ148.5)."""
    if not terms.is_owed:
        return Verdict(State.NOT_OWED)
    days = _Days(terms, outages, today, working)
    found = _Course(days, rule)
    for event in sorted(events, key=lambda one: one.at):
        found.meet(event)
    return found.verdict()


def deduction(verdict: Verdict, rule: Rule) -> Decimal:
    """What is taken off, once a report: the most of what applies."""
    if verdict.was_missing:
        return rule.missing
    late = rule.late if verdict.was_late else NOTHING
    return max(late, rule.poor if verdict.was_poor else NOTHING)


@dataclass(slots=True)
class _Days:
    """Last days of parts."""

    terms: Terms
    outages: Sequence[Outage]
    today: date
    working: Callable[[date], date]

    def first_due(self) -> dict[Part, date]:
        begin = self.terms.last + DAY
        return {
            part: self._moved(part, begin, self.working(self.terms.last + days * DAY))
            for part, days in self.terms.due.items()
        }

    def after_return(self, due: dict[Part, date], on: date, days: int) -> dict[Part, date]:
        repaired = self.working(on + days * DAY)
        return {part: max(day, self._moved(part, on + DAY, repaired)) for part, day in due.items()}

    def is_moved(self) -> bool:
        begin = self.terms.last + DAY
        return any(
            self._moved(part, begin, self.working(self.terms.last + days * DAY))
            != self.working(self.terms.last + days * DAY)
            for part, days in self.terms.due.items()
        )

    def _moved(self, part: Part, begin: date, due: date) -> date:
        """The entry's last day, later by each day from `begin` on that the system stood still."""
        if part != Part.ENTRY or not self.outages:
            return due
        day, left = begin, (due - begin).days + 1
        while True:
            left -= not self._stands_still(day)
            if left <= 0:
                return self.working(day)
            day += DAY

    def _stands_still(self, day: date) -> bool:
        return any(one.has(day, self.today) for one in self.outages)


@dataclass(slots=True)
class _Course:
    """What became of the report so far."""

    days: _Days
    rule: Rule
    due: dict[Part, date] = field(init=False)
    done: dict[Part, date] = field(default_factory=dict)
    late: bool = False
    missing: bool = False
    poor: bool = False
    returned: bool = False

    def __post_init__(self) -> None:
        self.due = self.days.first_due()

    def meet(self, event: Event) -> None:
        if isinstance(event.what, Part):
            self.done[event.what] = event.on
        elif event.what == Judged.WITHDRAWN:
            self.done.pop(Part.FORM, None)
        elif event.what == Judged.POOR:
            self.poor = True
        else:
            self._judge(self.done)
            self.done, self.returned = {}, True
            self.due = self.days.after_return(self.due, event.on, self.rule.repair_days)

    def _judge(self, days: dict[Part, date]) -> None:
        """Whether these parts came, or are by now, too late."""
        for part, due in self.due.items():
            if part in days:
                self.late |= days[part] > due
                self.missing |= days[part] > due + self.rule.missing_after * DAY

    def verdict(self) -> Verdict:
        done = {part: self.done[part] for part in self.due if part in self.done}
        open_ = [part for part in self.due if part not in done]
        self._judge(done)
        self._judge(dict.fromkeys(open_, self.days.today))
        waits = [self.due[part] for part in open_]
        return Verdict(
            state=self._state(open_),
            done=done,
            due=self.due,
            sent_on=max(done.values(), default=None) if not open_ else None,
            missing_from=min(waits or [max(self.due.values())])
            + (self.rule.missing_after + 1) * DAY,
            was_late=self.late,
            was_missing=self.missing,
            was_poor=self.poor,
            was_returned=self.returned,
            is_moved=self.days.is_moved(),
        )

    def _state(self, open_: list[Part]) -> State:
        today, first = self.days.today, [self.due[part] for part in open_]
        if not open_:
            return State.SENT
        if today > min(first) + self.rule.missing_after * DAY:
            return State.MISSING
        if self.returned:
            return State.RETURNED
        if today <= self.days.terms.last:
            return State.NOT_DUE
        return State.LATE if today > min(first) else State.DUE
