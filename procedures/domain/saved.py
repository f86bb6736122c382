"""Days saved: what the province's shortened terms take off the statutory ones, as the lists in force
on a day say it. Measured in working days, roughly (procedures.shortened).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from django.db.models import QuerySet

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
        return _days(self.statutory) - _days(self.shortened)

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
    lines = _lines(agency, on).select_related("procedure", "decision")
    rows = list(lines.order_by("procedure__code", "counter"))
    by_law = statutory_terms({row.procedure.code for row in rows})
    return [
        Saved(row, *case)
        for row in rows
        for case in _cases(row.shortened, by_law.get(row.procedure.code, ()))
    ]


def page(rows: Sequence[Saved], after: int | None, *, size: int) -> tuple[list[Saved], int | None]:
    """The cases of so many lines after a line (None, or one that stands no longer: from the first),
    and after which line the next page begins; None where there is none.
    """
    lines = list(dict.fromkeys(row.line.pk for row in rows))
    start = lines.index(after) + 1 if after in lines else 0
    shown = lines[start : start + size]
    wanted, more = set(shown), len(lines) > start + size
    return [row for row in rows if row.line.pk in wanted], shown[-1] if more else None


def _lines(agency: Agency, on: date) -> QuerySet[ListLine]:
    lines = ListLine.objects.in_force(on).filter(decision__agency=agency)
    return lines.exclude(shortened="").exclude(kind=Kind.ABOLISHED)


def coming(agency: Agency, on: date) -> list[date]:
    """The days after this one from which published lists of an agency shorten terms. One query."""
    lines = ListLine.objects.filter(decision__agency=agency, effective_from__gt=on)
    days = lines.exclude(shortened="").order_by("effective_from").values_list("effective_from")
    return [day for (day,) in days.distinct() if day is not None]


def _cases(shortened: str, by_law: Iterable[tuple[str, str]]) -> Iterator[tuple[str, Term, Term]]:
    """Each case that a line shortens: its statutory and its shortened term. The longest way of each
    case speaks for it.
    """
    longest: dict[str, Term] = {}
    for case, words in by_law:
        term = parse_term(words) if words else None
        if term is not None and (case not in longest or is_shorter(longest[case], term)):
            longest[case] = term
    for case, statutory in longest.items():
        term = term_of(shortened, case)
        if term is not None and is_shorter(term, statutory):
            yield case, statutory, term


def totals(rows: Iterable[Saved]) -> list[Total]:
    """By kind of counter, those that shorten anything."""
    return _totals(
        (row.line.counter, row.line.procedure_id, row.statutory, row.days) for row in rows
    )


def totals_at(agency: Agency, on: date) -> list[Total]:
    """The same of all that is in force, without the lines themselves. Two queries."""
    columns = ("counter", "procedure_id", "procedure__code", "shortened")
    rows = list(_lines(agency, on).values_list(*columns))
    by_law = statutory_terms({code for _, _, code, _ in rows})
    return _totals(
        (counter, procedure_id, statutory, _days(statutory) - _days(term))
        for counter, procedure_id, code, shortened in rows
        for _, statutory, term in _cases(shortened, by_law.get(code, ()))
    )


def _totals(found: Iterable[tuple[int, int, Term, Fraction]]) -> list[Total]:
    """In: counter, procedure, statutory term and days saved of each case."""
    of: dict[int, list[tuple[int, Term, Fraction]]] = {}
    for counter, procedure_id, statutory, days in found:
        of.setdefault(counter, []).append((procedure_id, statutory, days))
    return [
        Total(
            counter.label,
            len({procedure_id for procedure_id, _, _ in mine}),
            len(mine),
            sum((days for _, _, days in mine), Fraction(0)),
            sum((_days(statutory) for _, statutory, _ in mine), Fraction(0)),
        )
        for counter in CounterKind
        if (mine := of.get(counter))
    ]


def _days(term: Term) -> Fraction:
    return working_days(term) or Fraction(0)
