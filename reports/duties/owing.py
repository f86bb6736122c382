"""Which reports agencies owe for periods, each judged today from what stands in the database. The same
number of statements for one agency and for two hundred.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import DateField, SmallIntegerField, Value
from django.utils import timezone

from onestop.accounts.calendars import calendar_of
from onestop.accounts.models import Agency, Role
from reports.duties import judging
from reports.duties.judging import Event, Judged, Outage, Part, Rule, State, Terms, Verdict
from reports.models import Duty, DutyAct, DutyRule, ReportingOutage, SignedReport
from reports.periods import DAY, Kind, Period, of_year, parse

if TYPE_CHECKING:
    from onestop.accounts.desk import Desk

KINDS = (Kind.MONTH, Kind.QUARTER, Kind.HALF, Kind.YEAR)
# A report and its acts: agency, duty or code of its form, period.
Key = tuple[int, int | str, str]
PARTS = {DutyAct.Kind.DOCUMENT: Part.DOCUMENT, DutyAct.Kind.ENTRY: Part.ENTRY}
JUDGED = {DutyAct.Kind.RETURNED: Judged.RETURNED, DutyAct.Kind.POOR: Judged.POOR}


@dataclass(frozen=True, slots=True)
class Owed:
    """One report of one agency and period. `acts`: all that was recorded, oldest first; `signed`: the
    versions of its form that were signed here.
    """

    agency: Agency
    duty: Duty
    period: Period
    rule: Rule
    verdict: Verdict
    today: date
    acts: tuple[DutyAct, ...] = ()
    signed: tuple[SignedReport, ...] = ()
    # The reporting system stands still today.
    is_still: bool = False

    @property
    def state(self) -> State:
        return self.verdict.state

    @property
    def deduction(self) -> Decimal:
        return judging.deduction(self.verdict, self.rule)

    @property
    def standing(self) -> list[DutyAct]:
        """The acts that were not taken back."""
        return standing(self.acts)

    @property
    def last_return(self) -> DutyAct | SignedReport | None:
        """Why it went back, as long as it was not sent again."""
        if self.state == State.SENT or not self.verdict.was_returned:
            return None
        found = self._returns()
        return max(found, key=lambda one: one[0])[1] if found else None

    @property
    def last_returned_at(self) -> datetime | None:
        """What was recorded until then was judged by the return: of that only a finding of its
        quality is taken back.
        """
        return max((at for at, _ in self._returns()), default=None)

    def may_be_undone(self, act: DutyAct) -> bool:
        """Whether it stands and no return has judged it; who may is another question."""
        returned = self.last_returned_at
        settled = returned is not None and act.at <= returned and act.kind != DutyAct.Kind.POOR
        return not settled and any(one.pk == act.pk for one in self.standing)

    def _returns(self) -> list[tuple[datetime, DutyAct | SignedReport]]:
        found: list[tuple[datetime, DutyAct | SignedReport]] = [
            (one.at, one) for one in self.acts if one.kind == DutyAct.Kind.RETURNED
        ]
        found += [
            (one.closed_at, one)
            for one in self.signed
            if one.closed_at is not None and one.state == SignedReport.State.RETURNED
        ]
        return found


def standing(acts: Iterable[DutyAct]) -> list[DutyAct]:
    rows = list(acts)
    gone = {one.undoes_id for one in rows if one.kind == DutyAct.Kind.UNDONE}
    return [one for one in rows if one.pk not in gone and one.kind != DutyAct.Kind.UNDONE]


def owed(
    agencies: Sequence[Agency],
    periods: Sequence[Period],
    today: date,
    *,
    duties: Iterable[Duty] | None = None,
) -> list[Owed]:
    """What these agencies owe for these periods, in their order; `duties`: of these only. Four
    statements, what the calendar asks, and one for the duties where they are not given.
    """
    if not periods or not agencies:
        return []
    known = list(Duty.objects.all() if duties is None else duties)
    known = [one for one in known if any(one.is_in_force(period) for period in periods)]
    if not known:
        return []
    facts = _Facts.read(known, agencies, periods, today)
    return list(facts.judged(known, agencies, periods))


@dataclass(frozen=True, slots=True)
class Settings:
    """How reports are judged: rules with their first days, the newest first, and outages."""

    rules: tuple[tuple[date, Rule], ...]
    outages: tuple[Outage, ...]

    @classmethod
    def read(cls) -> Settings:
        """One query."""
        nothing = [Value(None, output_field=SmallIntegerField()) for _ in NUMBERS]
        no_day = Value(None, output_field=DateField())
        rows = DutyRule.objects.order_by().values_list("effective_from", no_day, *NUMBERS)
        days = ReportingOutage.objects.order_by().values_list("from_day", "to_day", *nothing)
        rules, outages = list[tuple[date, Rule]](), list[Outage]()
        for first, last, *numbers in rows.union(days):
            if numbers[0] is None:
                outages.append(Outage(first, last))
            else:
                rules.append((first, _rule(numbers)))
        rules.sort(key=lambda one: one[0], reverse=True)
        return cls(tuple(rules), tuple(outages))

    def rule_on(self, day: date) -> Rule:
        """The rule of a period that ends on this day."""
        return next((rule for first, rule in self.rules if first <= day), Rule())


NUMBERS = ("late", "poor", "missing", "missing_after", "repair_days", "remind_before")
POINT = 100


def rule_of(row: DutyRule) -> Rule:
    return _rule([getattr(row, name) for name in NUMBERS])


def _rule(numbers: Sequence[int]) -> Rule:
    late, poor, missing = (Decimal(one) / POINT for one in numbers[:3])
    return Rule(late, poor, missing, *numbers[3:])


@dataclass(frozen=True, slots=True)
class _Facts:
    """What the database knows of these reports."""

    settings: Settings
    acts: dict[Key, list[DutyAct]]
    signed: dict[Key, list[SignedReport]]
    today: date
    working: Callable[[date], date]

    @classmethod
    def read(
        cls, duties: list[Duty], agencies: Sequence[Agency], periods: Sequence[Period], today: date
    ) -> _Facts:
        ids, codes = [one.pk for one in agencies], [one.code for one in periods]
        acts: dict[Key, list[DutyAct]] = defaultdict(list)
        found = DutyAct.objects.filter(period__in=codes, agency__in=ids, duty__in=duties)
        for act in found.select_related("by").order_by("at", "pk"):
            acts[act.agency_id, act.duty_id, act.period].append(act)
        signed: dict[Key, list[SignedReport]] = defaultdict(list)
        forms = {one.form_code for one in duties if one.form_code}
        reports = SignedReport.objects.filter(
            agency__in=ids, period__in=codes, form__code__in=forms, signed_at__isnull=False
        )
        reports = reports.select_related("form", "signed_by", "closed_by")
        wide = ("figures", "dossiers", "adjustments", "form__columns", "form__variants")
        for report in reports.defer(*wide).order_by("signed_at", "pk"):
            signed[report.agency_id, report.form.code, report.period].append(report)
        return cls(Settings.read(), acts, signed, today, _working())

    def judged(
        self, duties: list[Duty], agencies: Sequence[Agency], periods: Sequence[Period]
    ) -> Iterator[Owed]:
        for period in periods:
            owing = [one for one in duties if one.is_in_force(period)]
            for agency in agencies:
                for duty in owing:
                    if duty.is_of(agency):
                        yield self._one(duty, agency, period)

    def _one(self, duty: Duty, agency: Agency, period: Period) -> Owed:
        acts = tuple(self.acts.get((agency.pk, duty.pk, period.code), ()))
        signed = tuple(self.signed.get((agency.pk, duty.form_code, period.code), ()))
        terms = Terms(period.last, due_of(duty), agency.opened_on, agency.closed_on)
        rule = self.settings.rule_on(period.last)
        verdict = judging.judge(
            terms,
            events(acts, signed),
            rule=rule,
            outages=self.settings.outages,
            today=self.today,
            working=self.working,
        )
        still = any(one.has(self.today, self.today) for one in self.settings.outages)
        return Owed(agency, duty, period, rule, verdict, self.today, acts, signed, still)


def due_of(duty: Duty) -> dict[Part, int]:
    """The parts that a report needs, each with its day after the period's last."""
    found = {}
    if duty.form_code:
        found[Part.FORM] = duty.due_days
    if duty.narrative:
        found[Part.DOCUMENT] = duty.due_days
    if duty.entered:
        found[Part.ENTRY] = duty.entry_days
    return found


def events(acts: Iterable[DutyAct], signed: Iterable[SignedReport]) -> Iterator[Event]:
    """What happened to a report, by its acts and by the signatures of its form."""
    for act in standing(acts):
        kind = DutyAct.Kind(act.kind)
        yield Event(PARTS[kind] if kind in PARTS else JUDGED[kind], act.on, act.at)
        if act.with_form:
            yield Event(Part.FORM, act.on, act.at)
    for report in signed:
        if report.signed_at is not None:
            yield Event(Part.FORM, timezone.localdate(report.signed_at), report.signed_at)
        if report.closed_at is not None:
            returned = report.state == SignedReport.State.RETURNED
            what = Judged.RETURNED if returned else Judged.WITHDRAWN
            yield Event(what, timezone.localdate(report.closed_at), report.closed_at)


def _working() -> Callable[[date], date]:
    """The day itself, or the next working day; a year without calendar rows is read by its weeks."""
    calendar, known = calendar_of(None), dict[date, date]()

    def working(day: date) -> date:
        if day not in known:
            weekly = calendar.by_week(day.year).by_week(day.year + 1)
            known[day] = weekly.next_working_day(day - DAY)
        return known[day]

    return working


def of_the_year(year: int, duties: Iterable[Duty]) -> list[Period]:
    """The periods of a reporting year that somebody owes something for."""
    known = list(duties)
    found = [
        of_year(year, kind, number) for kind in KINDS for number in range(1, 12 // kind.months + 1)
    ]
    return [period for period in found if any(one.is_in_force(period) for one in known)]


def around(today: date, duties: Iterable[Duty], *, back: int = 4) -> list[Period]:
    """The periods that somebody owes something for: of each kind the one that runs and those before
    it, the newest that is over in front.
    """
    known, found = list(duties), list[Period]()
    for kind in KINDS:
        one = of_year(today.year + 1, kind)
        while one.first > today:
            one = one.previous()
        for _ in range(back + 1):
            if any(duty.is_in_force(one) for duty in known):
                found.append(one)
            one = one.previous()
    found.sort(key=lambda one: (one.last >= today, -one.last.toordinal(), one.days))
    return found


def returned_of(desk: Desk, agencies: Sequence[Agency], today: date) -> list[Owed]:
    """What these officers' own agencies are to repair, the oldest first. One query where nothing was
    ever returned.
    """
    own = desk.agency_ids_as(Role.CONTROLLER)
    mine = [one for one in agencies if one.pk in own]
    acts = DutyAct.objects.filter(agency__in=mine, kind=DutyAct.Kind.RETURNED)
    forms = SignedReport.objects.filter(agency__in=mine, state=SignedReport.State.RETURNED)
    codes = (
        acts.order_by()
        .values_list("period", flat=True)
        .union(forms.filter(signed_at__isnull=False).order_by().values_list("period", flat=True))
    )
    periods = [parse(code) for code in codes]
    periods.sort(key=lambda one: one.last)
    return [one for one in owed(mine, periods, today) if one.last_return is not None]
