"""The working calendar of an agency or of the country: `/quan-tri/lich/`."""

from datetime import date

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from onestop.accounts import rules
from onestop.accounts.domain import calendar as domain
from onestop.accounts.forms import WEEKDAYS, DayForm, WeekForm, YearForm, add_refusal
from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.models import Agency, CalendarDay, CalendarYear, Role, WorkingWeek
from onestop.accounts.views.scope import chosen_agency, warn
from onestop.errors import DomainError, say
from onestop.results import Denied

administrator = officer_required(Role.ADMINISTRATOR)
COUNTRY = "ca-nuoc"


@require_safe
@administrator
def calendar_page(request: OfficerRequest) -> HttpResponse:
    """Weeks and special days that hold for one agency: own ones, those of the agencies above, the national ones."""
    agency = _chosen(request, reading=True)
    year = _year(request)
    lineage = agency.lineage if agency else ()
    own_id = agency.pk if agency else None
    days = CalendarDay.objects.filter(Q(agency=None) | Q(agency_id__in=lineage), date__year=year).select_related("agency")
    weeks = WorkingWeek.objects.select_related("agency").filter(Q(agency=None) | Q(agency_id__in=lineage))
    context = {
        "agency": agency,
        "own_id": own_id,
        "place": agency.pk if agency else COUNTRY,
        "year": year,
        "years": CalendarYear.objects.all(),
        "known": CalendarYear.objects.filter(year=year).first(),
        "days": days,
        "weeks": [(week, list(zip(WEEKDAYS, map(_readable, week.sessions), strict=True))) for week in weeks],
        "may_country": bool(rules.may_change_calendar(request.desk, None)),
        "may_here": bool(rules.may_change_calendar(request.desk, agency)),
    }
    return render(request, "accounts/calendar.html", context)


def _readable(hours: str) -> str:
    return hours.replace(",", ", ").replace("-", "–")


@require_http_methods(["GET", "HEAD", "POST"])
@administrator
def new_day(request: OfficerRequest) -> HttpResponse:
    """A holiday, a closing, a swapped day: first what it would move, then, confirmed, into the calendar (R-41)."""
    agency = _chosen(request)
    form = DayForm(request.POST or None, agency=agency)
    moved: int | None = None
    seen = ""
    if request.method == "POST" and form.is_valid():
        day = form.instance
        seen = f"{day.date:%Y-%m-%d} {day.kind} {day.replaces or ''}"
        if request.POST.get("da-xem") == seen:
            try:
                domain.add_day(day=day, by=request.user, at=timezone.now())
            except DomainError as error:
                add_refusal(form, error)
            else:
                messages.success(request, f"Đã ghi {day.date:%d/%m/%Y} vào lịch.")
                return redirect(f"/quan-tri/lich/?co-quan={agency.pk if agency else COUNTRY}&nam={day.date.year}")
        else:
            moved = domain.preview(agency, min(day.date, day.replaces or day.date), day.date)
    context = {"form": form, "agency": agency, "place": agency.pk if agency else COUNTRY, "moved": moved, "seen": seen}
    return render(request, "accounts/calendar_day.html", context, status=422 if form.is_bound and form.errors else 200)


@require_POST
@administrator
def remove_day(request: OfficerRequest, pk: int) -> HttpResponse:
    day = get_object_or_404(CalendarDay.objects.select_related("agency"), pk=pk)
    place, year = day.agency_id or COUNTRY, day.date.year
    if day.agency is not None and not request.desk.administers(day.agency):
        raise Http404
    answer = rules.may_change_calendar(request.desk, day.agency)
    if isinstance(answer, Denied):
        warn(request, DomainError(answer.code, **answer.data))
    else:
        domain.remove_day(day=day, by=request.user, at=timezone.now())
        messages.success(request, f"Đã xóa {day.date:%d/%m/%Y} khỏi lịch.")
    return redirect(f"/quan-tri/lich/?co-quan={place}&nam={year}")


@require_http_methods(["GET", "HEAD", "POST"])
@administrator
def new_week(request: OfficerRequest) -> HttpResponse:
    agency = _chosen(request)
    form = WeekForm(request.POST or None, agency=agency)
    moved: int | None = None
    seen = ""
    if request.method == "POST" and form.is_valid():
        week = form.week()
        seen = f"{week.effective_from:%Y-%m-%d} {week.sessions} {week.reception_only}"
        if request.POST.get("da-xem") == seen:
            try:
                domain.add_week(week=week, by=request.user, at=timezone.now())
            except DomainError as error:
                add_refusal(form, error)
            else:
                messages.success(request, f"Đã ghi tuần làm việc áp dụng từ {week.effective_from:%d/%m/%Y}.")
                return redirect(f"/quan-tri/lich/?co-quan={agency.pk if agency else COUNTRY}")
        else:
            moved = domain.preview(agency, week.effective_from, None)
    context = {
        "form": form,
        "agency": agency,
        "place": agency.pk if agency else COUNTRY,
        "moved": moved,
        "seen": seen,
        "day_fields": [form[f"day_{number}"] for number in range(7)],
    }
    return render(request, "accounts/calendar_week.html", context, status=422 if form.is_bound and form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@administrator
def year_page(request: OfficerRequest) -> HttpResponse:
    """Which years are decided and which only estimated; national."""
    form = YearForm(request.POST or None, initial={"year": _year(request)})
    answer = rules.may_change_calendar(request.desk, None)
    if request.method == "POST" and form.is_valid():
        if isinstance(answer, Denied):
            form.add_error(None, say(answer.code, answer.data))
        else:
            domain.settle_year(**form.cleaned_data, by=request.user, at=timezone.now())
            messages.success(request, f"Đã ghi năm {form.cleaned_data['year']}.")
            return redirect(f"/quan-tri/lich/?co-quan={COUNTRY}&nam={form.cleaned_data['year']}")
    context = {"form": form, "years": CalendarYear.objects.all(), "may": bool(answer)}
    return render(request, "accounts/calendar_year.html", context, status=422 if form.is_bound else 200)


def _chosen(request: OfficerRequest, *, reading: bool = False) -> Agency | None:
    """The agency, or None for the country — which everybody may read but only a top administrator change (else 404)."""
    if (request.POST.get("co-quan") or request.GET.get("co-quan")) != COUNTRY:
        return chosen_agency(request)
    if not reading and not rules.may_change_calendar(request.desk, None):
        raise Http404
    return None


def _year(request: OfficerRequest) -> int:
    asked = request.GET.get("nam", "")
    this = timezone.localdate().year
    return int(asked) if asked.isdecimal() and date.min.year <= int(asked[:5]) <= 2100 else this
