"""Changing the working calendar: nothing moves by itself (R-41); the apps above are asked before
and told after.
"""

from datetime import date, datetime

from django.db import transaction

from onestop.accounts import hooks
from onestop.accounts.access import access
from onestop.accounts.models import (
    AccessKind,
    Agency,
    CalendarDay,
    CalendarYear,
    Officer,
    WorkingWeek,
)
from onestop.accounts.succession import steps_around
from onestop.errors import DomainError
from onestop.once import once


def preview(agency: Agency | None, first: date, last: date | None) -> int:
    """How many open promises of this agency and everything below it (None: everywhere) reach days
    from `first` to `last`.
    """
    return hooks.total(
        hooks.calendar_previewed.send(
            sender=CalendarDay, agency_ids=_touched_ids(agency), first=first, last=last
        )
    )


def add_day(*, day: CalendarDay, by: Officer | None, at: datetime) -> None:
    """Writes one special day. Raises DomainError("day_twice") when this agency (or the country)
    already has one for its date.
    """
    twice = CalendarDay.objects.filter(agency=day.agency, date=day.date).first()
    if twice is not None:
        raise DomainError("day_twice", field="date", date=day.date, name=twice.name)
    first = min(day.date, day.replaces or day.date)
    with once(DomainError("day_twice", field="date", date=day.date, name=day.name)):
        day.recorded_by = by
        day.save()
        if day.agency_id is None:
            CalendarYear.objects.get_or_create(
                year=day.date.year, defaults={"provisional": True, "source": day.source}
            )
        _changed(
            day.agency,
            f"Thêm {day.date:%d/%m/%Y} {day.get_kind_display()}: {day.name}",
            first,
            day.date,
            by,
            at,
        )


def remove_day(*, day: CalendarDay, by: Officer, at: datetime) -> None:
    """Takes a special day out of the calendar; the access log keeps what it was."""
    with transaction.atomic():
        agency, text = day.agency, f"Xóa {day.date:%d/%m/%Y} {day.get_kind_display()}: {day.name}"
        first = day.date
        day.delete()
        _changed(agency, text, first, first, by, at)


def add_week(*, week: WorkingWeek, by: Officer | None, at: datetime) -> None:
    """Writes the sessions of the week from a day on. Raises DomainError("week_twice")."""
    if WorkingWeek.objects.filter(agency=week.agency, effective_from=week.effective_from).exists():
        raise DomainError("week_twice", field="effective_from", date=week.effective_from)
    with once(DomainError("week_twice", field="effective_from", date=week.effective_from)):
        week.save()
        _changed(
            week.agency,
            f"Tuần làm việc từ {week.effective_from:%d/%m/%Y}",
            week.effective_from,
            None,
            by,
            at,
        )


def settle_year(*, year: int, provisional: bool, source: str, by: Officer, at: datetime) -> None:
    """Says that the days of a year are decided (or again only estimated), and by which document."""
    with transaction.atomic():
        CalendarYear.objects.update_or_create(
            year=year, defaults={"provisional": provisional, "source": source}
        )
        what = "tạm tính" if provisional else "đã có quyết định"
        _changed(None, f"Năm {year}: {what}", date(year, 1, 1), date(year, 12, 31), by, at)


def _touched_ids(agency: Agency | None) -> list[int] | None:
    """Everything below it, and what was taken over by something below it; None: everywhere."""
    if agency is None:
        return None
    below = Agency.objects.under(agency.path).values_list("pk", flat=True)
    taken = {step.agency_id: None for step in steps_around(agency) if step.until is None}
    return list(dict.fromkeys(below) | taken)


def _changed(
    agency: Agency | None,
    text: str,
    first: date,
    last: date | None,
    by: Officer | None,
    at: datetime,
) -> None:
    access(by, AccessKind.CALENDAR_CHANGED, "agency", agency.pk if agency else None, text)
    hooks.calendar_changed.send(
        sender=CalendarDay, agency_ids=_touched_ids(agency), first=first, last=last, by=by, at=at
    )
