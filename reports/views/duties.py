"""`/bao-cao/nghia-vu/`: who owes which report, sent when, returned why. Whoever stands above sees all
agencies on one page, an agency its own.
"""

from __future__ import annotations

from collections import Counter
from datetime import date
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from onestop.accounts.access import access
from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.models import AccessKind, Agency
from onestop.errors import DomainError
from reports import rendering
from reports.duties import yearly
from reports.duties.judging import State
from reports.duties.owing import around, owed
from reports.duties.words import STATES, line_of
from reports.models import Duty
from reports.periods import FIRST_YEAR, LAST_YEAR, Kind, Period, of_year, parse
from reports.signing import is_above
from reports.views.report_forms import decides
from reports.views.statutory import OVERSEERS, TYPES

# What waits for somebody stands first.
ORDER = list(STATES)


def offices_of(request: OfficerRequest) -> list[Agency]:
    """Those whose reports the officer answers for, or receives. One query."""
    return list(Agency.objects.under(*request.desk.subtree_paths).order_by("path"))


@require_safe
@officer_required(*OVERSEERS)
def duties(request: OfficerRequest) -> HttpResponse:
    """`ky`: the period; `tinh-trang`: one state of those that are counted above the table."""
    today = timezone.localdate()
    known = list(Duty.objects.all())
    periods = around(today, known)
    period = _period(request, periods)
    offices = offices_of(request)
    rows = owed(offices, [period], today, duties=known) if period is not None else []
    rows = [one for one in rows if one.state != State.NOT_OWED]
    counts = Counter(one.state for one in rows)
    state = request.GET.get("tinh-trang", "")
    if state and state not in STATES:
        raise Http404
    shown = [one for one in rows if not state or one.state == state]
    shown.sort(key=lambda one: (ORDER.index(one.state), one.agency.path, one.duty.pk))
    access(request, AccessKind.VIEWED, "duty", None, f"nghĩa vụ báo cáo: {len(shown)} báo cáo")
    context = {
        "period": period,
        "periods": _choices(periods, period),
        "state": state,
        "tabs": _tabs(period, state, counts) if period is not None else [],
        "lines": [line_of(one) for one in shown],
        "decides": decides(request),
        "is_above": any(is_above(request.desk, one) for one in offices),
        "year": period.year if period is not None else today.year,
    }
    return render(request, "reports/duties/list.html", context)


def _period(request: OfficerRequest, periods: list[Period]) -> Period | None:
    """What the address names; else the newest that is over, or runs. Errors: Http404."""
    if asked := request.GET.get("ky", ""):
        try:
            period = parse(asked)
        except DomainError as error:
            raise Http404 from error
        if not period.is_statutory:
            raise Http404
        return period
    return periods[0] if periods else None


def _choices(periods: list[Period], period: Period | None) -> list[Period]:
    """Those that are offered, and the one that is shown."""
    if period is None or period in periods:
        return periods
    return [period, *periods]


def _tabs(period: Period, state: str, counts: Counter[State]) -> list[tuple[str, int, str, bool]]:
    """States with how many, each with its address; those of which there are none are left out."""
    here = reverse("duties")

    def address(**more: str) -> str:
        return f"{here}?{urlencode({'ky': period.code} | more)}"

    found = [("Tất cả", sum(counts.values()), address(), not state)]
    for one, words in STATES.items():
        if counts[one] or one == state:
            url = address(**{"tinh-trang": one.value})
            found.append((words.label, counts[one], url, one == state))
    return found


@require_safe
@officer_required(*OVERSEERS)
def duty_year(request: OfficerRequest, year: int) -> HttpResponse:
    """Of each agency and year: how many reports were owed, what they lacked, what is taken off."""
    found = _year(request, year, timezone.localdate())
    access(request, AccessKind.VIEWED, "duty", None, f"điểm trừ báo cáo năm {year}")
    context = {"found": found, "year": year, "previous": year - 1, "next": year + 1}
    return render(request, "reports/duties/year.html", context)


@require_safe
@officer_required(*OVERSEERS)
def duty_year_file(request: OfficerRequest, year: int, kind: str) -> HttpResponse:
    """The same as a sheet or as PDF."""
    now = timezone.now()
    own = request.desk.agency
    if own is None:
        raise Http404
    table = yearly.table(_year(request, year, timezone.localdate(now)), own, at=now)
    access(request, AccessKind.DOWNLOADED, "duty", None, f"điểm trừ báo cáo năm {year}, {kind}")
    drawn = rendering.pdf if kind == "pdf" else rendering.xlsx
    # Of a year that still runs the numbers change.
    over = of_year(year, Kind.YEAR).last < timezone.localdate(now)
    answer = HttpResponse(
        drawn(table, state="signed" if over else "draft"), content_type=TYPES[kind]
    )
    answer["Content-Disposition"] = f'attachment; filename="diem-tru-bao-cao-{year}.{kind}"'
    return answer


def _year(request: OfficerRequest, year: int, today: date) -> yearly.Year:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Http404
    return yearly.of(year, offices_of(request), today)
