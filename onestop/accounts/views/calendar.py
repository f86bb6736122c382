"""The working calendar of an agency or of the country: `/quan-tri/lich/`."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from django.contrib import messages
from django.db.models import Q
from django.forms import BaseForm as Form
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from onestop.accounts import rules
from onestop.accounts.domain import calendar as domain
from onestop.accounts.forms import WEEKDAYS, DayForm, WeekForm, YearForm, add_refusal
from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.models import Agency, CalendarDay, CalendarYear, Role, WorkingWeek
from onestop.accounts.views.scope import chosen_agency, warn
from onestop.errors import DomainError, require
from onestop.results import Denied
from onestop.texts import whole_number

administrator = officer_required(Role.ADMINISTRATOR)
COUNTRY = "ca-nuoc"
LAST_YEAR = 2100


@require_safe
@administrator
def calendar_page(request: OfficerRequest) -> HttpResponse:
    """Weeks and special days that hold for one agency: own ones, those of the agencies above, the
    national ones.
    """
    agency = _chosen(request, reading=True)
    year = _year(request)
    lineage = agency.lineage if agency else ()
    own_id = agency.pk if agency else None
    days = CalendarDay.objects.filter(
        Q(agency=None) | Q(agency_id__in=lineage), date__year=year
    ).select_related("agency")
    weeks = WorkingWeek.objects.select_related("agency").filter(
        Q(agency=None) | Q(agency_id__in=lineage)
    )
    context = {
        "agency": agency,
        "own_id": own_id,
        "place": _place(agency),
        "year": year,
        "years": CalendarYear.objects.all(),
        "known": CalendarYear.objects.filter(year=year).first(),
        "days": days,
        "weeks": [
            (week, list(zip(WEEKDAYS, map(_readable, week.sessions), strict=True)))
            for week in weeks
        ],
        "may_country": bool(rules.may_change_calendar(request.desk, None)),
        "may_here": bool(rules.may_change_calendar(request.desk, agency)),
    }
    return render(request, "accounts/calendar.html", context)


def _readable(hours: str) -> str:
    return hours.replace(",", ", ").replace("-", "–")


@dataclass(frozen=True, slots=True)
class Change:
    """What a page would write into the calendar: its key, the days it may move (None: it moves
    none), the verb, the sentence after.
    """

    key: str
    year: int
    days: tuple[date, date | None] | None
    write: Callable[[datetime], object]
    said: str


def _change_page(
    request: OfficerRequest,
    template: str,
    agency: Agency | None,
    form: Form,
    read: Callable[[], Change],
    **context: object,
) -> HttpResponse:
    """First what the change would move, then, when exactly that was seen (`da-xem`), into the
    calendar (R-41).
    """
    moved: int | None = None
    seen = ""
    if form.is_bound and form.is_valid():
        change = read()
        seen = change.key
        if change.days is None or request.POST.get("da-xem") == seen:
            try:
                change.write(timezone.now())
            except DomainError as error:
                add_refusal(form, error)
            else:
                messages.success(request, change.said)
                return redirect(_address(agency, change.year))
        else:
            moved = domain.preview(agency, *change.days)
    page = {"form": form, "agency": agency, "place": _place(agency), "moved": moved, "seen": seen}
    return render(
        request, template, page | context, status=422 if form.is_bound and form.errors else 200
    )


@require_http_methods(["GET", "HEAD", "POST"])
@administrator
def new_day(request: OfficerRequest) -> HttpResponse:
    """A holiday, a closing, a swapped day."""
    agency = _chosen(request)
    form = DayForm(request.POST or None, agency=agency)

    def read() -> Change:
        day = form.instance
        return Change(
            key=f"{day.date:%Y-%m-%d} {day.kind} {day.replaces or ''}",
            year=day.date.year,
            days=(min(day.date, day.replaces or day.date), day.date),
            write=lambda at: domain.add_day(day=day, by=request.user, at=at),
            said=f"Đã ghi {day.date:%d/%m/%Y} vào lịch.",
        )

    return _change_page(request, "accounts/calendar_day.html", agency, form, read)


@require_http_methods(["GET", "HEAD", "POST"])
@administrator
def new_week(request: OfficerRequest) -> HttpResponse:
    """The sessions of each weekday from a day on."""
    agency = _chosen(request)
    form = WeekForm(request.POST or None, agency=agency)

    def read() -> Change:
        week = form.week()
        return Change(
            key=f"{week.effective_from:%Y-%m-%d} {week.sessions} {week.reception_only}",
            year=week.effective_from.year,
            days=(week.effective_from, None),
            write=lambda at: domain.add_week(week=week, by=request.user, at=at),
            said=f"Đã ghi tuần làm việc áp dụng từ {week.effective_from:%d/%m/%Y}.",
        )

    return _change_page(request, "accounts/calendar_week.html", agency, form, read)


@require_http_methods(["GET", "HEAD", "POST"])
@administrator
def year_page(request: OfficerRequest) -> HttpResponse:
    """Which years are decided and which only estimated; national, and moves no promise by itself."""
    form = YearForm(request.POST or None, initial={"year": _year(request)})
    answer = rules.may_change_calendar(request.desk, None)

    def settle(at: datetime) -> None:
        require(answer)
        domain.settle_year(**form.cleaned_data, by=request.user, at=at)

    def read() -> Change:
        year = form.cleaned_data["year"]
        return Change(key=str(year), year=year, days=None, write=settle, said=f"Đã ghi năm {year}.")

    years = CalendarYear.objects.all()
    return _change_page(
        request, "accounts/calendar_year.html", None, form, read, years=years, may=bool(answer)
    )


@require_POST
@administrator
def remove_day(request: OfficerRequest, pk: int) -> HttpResponse:
    day = get_object_or_404(CalendarDay.objects.select_related("agency"), pk=pk)
    if day.agency is not None and not request.desk.administers(day.agency):
        raise Http404
    answer = rules.may_change_calendar(request.desk, day.agency)
    if isinstance(answer, Denied):
        warn(request, DomainError(answer.code, **answer.data))
    else:
        domain.remove_day(day=day, by=request.user, at=timezone.now())
        messages.success(request, f"Đã xóa {day.date:%d/%m/%Y} khỏi lịch.")
    return redirect(_address(day.agency, day.date.year))


def _place(agency: Agency | None) -> int | str:
    """As `co-quan` of the address names it."""
    return agency.pk if agency else COUNTRY


def _address(agency: Agency | None, year: int) -> str:
    return f"{reverse('accounts:calendar')}?co-quan={_place(agency)}&nam={year}"


def _chosen(request: OfficerRequest, *, reading: bool = False) -> Agency | None:
    """The agency, or None for the country — which everybody may read but only a top administrator
    change (else 404).
    """
    if (request.POST.get("co-quan") or request.GET.get("co-quan")) != COUNTRY:
        return chosen_agency(request)
    if not reading and not rules.may_change_calendar(request.desk, None):
        raise Http404
    return None


def _year(request: OfficerRequest) -> int:
    """The year the address names, when it is one; else this one."""
    return whole_number(request.GET.get("nam", ""), most=LAST_YEAR) or timezone.localdate().year
