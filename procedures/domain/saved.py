"""Days saved: what the province's shortened terms take off the statutory ones, as the lists in force
on a day say it. Measured in working days, roughly (procedures.shortened).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from onestop.accounts.models import Agency
from onestop.worktime import Term, parse_term
from procedures.domain.lists import statutory_terms
from procedures.models import CounterKind, Kind, ListLine
from procedures.shortened import is_shorter, term_of, working_days


@dataclass(frozen=True, slots=True)
class Saved:
    """One case of a procedure at one kind of counter."""

    line: ListLine
    case: str
    statutory: Term
    shortened: Term

    @property
    def days(self) -> Fraction:
        return (working_days(self.statutory) or Fraction(0)) - (
            working_days(self.shortened) or Fraction(0)
        )

    @property
    def share(self) -> float:
        """Of the statutory term, in per cent."""
        whole = working_days(self.statutory)
        return float(100 * self.days / whole) if whole else 0.0

    @property
    def days_words(self) -> str:
        return days_words(self.days)


@dataclass(frozen=True, slots=True)
class Total:
    """Of one kind of counter: how many procedures, cases, and days of how many."""

    counter: str
    procedures: int
    cases: int
    days: Fraction
    statutory: Fraction

    @property
    def share(self) -> float:
        return float(100 * self.days / self.statutory) if self.statutory else 0.0

    @property
    def days_words(self) -> str:
        return days_words(self.days)


def days_words(days: Fraction) -> str:
    return f"{float(days):.1f}".removesuffix(".0").replace(".", ",")


def saved(agency: Agency, on: date) -> list[Saved]:
    """Each case whose term the lists of an agency shorten, by procedure. Two queries."""
    lines = ListLine.objects.in_force(on).filter(decision__agency=agency)
    lines = lines.exclude(shortened="").exclude(kind=Kind.ABOLISHED)
    rows = list(
        lines.select_related("procedure", "decision").order_by("procedure__code", "counter")
    )
    by_law = statutory_terms({row.procedure.code for row in rows})
    return [one for row in rows for one in _of_line(row, by_law.get(row.procedure.code, ()))]


def coming(agency: Agency, on: date) -> list[date]:
    """The days after this one from which published lists of an agency shorten terms. One query."""
    lines = ListLine.objects.filter(decision__agency=agency, effective_from__gt=on)
    days = lines.exclude(shortened="").order_by("effective_from").values_list("effective_from")
    return [day for (day,) in days.distinct() if day is not None]


def _of_line(row: ListLine, by_law: Iterable[tuple[str, str]]) -> list[Saved]:
    """The longest way of each case speaks for it."""
    longest: dict[str, Term] = {}
    for case, words in by_law:
        term = parse_term(words) if words else None
        if term is not None and (case not in longest or is_shorter(longest[case], term)):
            longest[case] = term
    found = []
    for case, statutory in longest.items():
        term = term_of(row.shortened, case)
        if term is not None and is_shorter(term, statutory):
            found.append(Saved(row, case, statutory, term))
    return found


def totals(rows: Sequence[Saved]) -> list[Total]:
    """By kind of counter, those that shorten anything."""
    found = []
    for counter in CounterKind:
        mine = [row for row in rows if row.line.counter == counter]
        if mine:
            found.append(
                Total(
                    counter.label,
                    len({row.line.procedure_id for row in mine}),
                    len(mine),
                    sum((row.days for row in mine), Fraction(0)),
                    sum((working_days(row.statutory) or Fraction(0) for row in mine), Fraction(0)),
                )
            )
    return found
