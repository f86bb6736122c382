"""`/thu-tien/`: the own drawer and its count, cash from one cashier to another, what is not taken yet,
and what was taken between two days.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dossiers.acts import cash
from dossiers.desk import money as queries
from dossiers.desk.payments import standing_in_all
from dossiers.desk.relieved import ReliefLine
from dossiers.desk.settling import workbook
from dossiers.desk.work import rail_counts
from dossiers.forms.fields import add_refusal
from dossiers.forms.money import CountForm, GiveCashForm
from dossiers.views.desk_common import warn
from dossiers.views.list_file import TYPES
from onestop import pdf
from onestop.accounts.access import access, access_each
from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.models import AccessKind, Agency, Officer, Role
from onestop.errors import DomainError, say
from onestop.forms import day_of
from onestop.templatetags.formatting import money
from onestop.texts import MOST_NUMBER, whole_number

TAKERS = cash.TAKING
SEERS = (*TAKERS, Role.HEAD, Role.LEADER, Role.CONTROLLER)
RECEIVE, END = "nhan", "thoi"
# So many of those who paid less stand on the page of a settlement; its files name all.
NAMED = 100
# A settlement is of a month, a quarter, a year; each reads and prints what lies between its days.
MOST_DAYS = 366
# Of the settlement on paper.
STYLE = Path(__file__).parents[2] / "templates" / "dossiers" / "money" / "settlement.css"


def chosen_agency(request: OfficerRequest, roles: Sequence[Role]) -> tuple[list[Agency], Agency]:
    """The agencies where this officer has one of the roles, and the one the address names, else the
    first. Errors: Http404 for another's.
    """
    ids = request.desk.agency_ids_as(*roles)
    there = list(Agency.objects.filter(pk__in=ids).order_by("path"))
    asked = whole_number(
        request.POST.get("co-quan", "") or request.GET.get("co-quan", ""), most=MOST_NUMBER
    )
    for one in there:
        if asked in (None, one.pk):
            return there, one
    raise Http404


@require_http_methods(["GET", "HEAD", "POST"])
@officer_required(*SEERS)
def drawer(request: OfficerRequest) -> HttpResponse:
    """What should be in the own drawer, line by line, and counting it; for who leads: the counts of
    all, what waits for an answer.
    """
    now = timezone.now()
    there, agency = chosen_agency(request, SEERS)
    form = CountForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        try:
            row = cash.count(
                agency.pk, counted=data["counted"], explanation=data["explanation"], by=request.desk, at=now,
                whose=_whose(request),
            )  # fmt: skip
        except DomainError as error:
            add_refusal(form, error)
        else:
            messages.success(request, f"Đã chốt quỹ {money(row.counted)}.")
            return redirect(f"{request.path}?co-quan={agency.pk}")
    is_taker = request.desk.has(*TAKERS, agency_id=agency.pk)
    leads = request.desk.has(Role.HEAD, Role.LEADER, Role.CONTROLLER, agency_id=agency.pk)
    others = [one for one in cash.takers(agency.pk, now) if one.pk != request.user.pk]
    counts = queries.counts_of(
        request.desk, [agency.pk], every=leads, after=request.GET.get("sau", "")
    )
    requests = queries.waiting_requests([agency.pk])
    ids = [row.dossier_id for row in requests]
    if ids:
        access_each(request, AccessKind.VIEWED, "dossier", ids, "đề nghị hủy biên lai, hoàn tiền")
    context = {
        "agencies": there,
        "agency": agency,
        "is_taker": is_taker,
        "there": cash.in_drawer(agency.pk, request.user.pk, now) if is_taker else None,
        "form": form,
        "give_form": GiveCashForm(takers=others) if is_taker and others else None,
        "on_the_way": queries.cash_on_the_way(request.desk),
        "counts": counts.rows,
        "older": f"?{urlencode({'co-quan': agency.pk, 'sau': counts.next})}" if counts.next else "",
        "requests": requests,
        "came": standing_in_all([agency.pk]),
        "drawers": cash.open_drawers(agency.pk, now) if leads else [],
        "may_answer": request.desk.has(Role.HEAD, Role.LEADER, agency_id=agency.pk),
        "rail_counts": rail_counts(request.desk, now)[1],
    }
    status = 422 if form.is_bound else 200
    return render(request, "dossiers/money/drawer.html", context, status=status)


def _whose(request: OfficerRequest) -> Officer | None:
    """The cashier whose drawer is counted for him; None for the own one. Errors: Http404."""
    asked = request.POST.get("nguoi", "")
    if not asked:
        return None
    return get_object_or_404(Officer, pk=whole_number(asked, most=MOST_NUMBER) or 0)


@require_POST
@officer_required(*TAKERS)
def give(request: OfficerRequest) -> HttpResponse:
    """Cash to another cashier."""
    now = timezone.now()
    _, agency = chosen_agency(request, TAKERS)
    form = GiveCashForm(request.POST, takers=cash.takers(agency.pk, now))
    if not form.is_valid():
        messages.error(
            request, " ".join(str(one) for found in form.errors.values() for one in found)
        )
    else:
        data = form.cleaned_data
        try:
            row = cash.give(agency.pk, data["taker"], data["amount"], by=request.desk, at=now)
        except DomainError as error:
            warn(request, error)
        else:
            said = f"Đã giao {money(row.amount)} cho {row.taker}: chờ xác nhận đã nhận."
            messages.success(request, said)
    return redirect(f"{reverse('cash_drawer')}?co-quan={agency.pk}")


@require_POST
@officer_required(*TAKERS)
def settle(request: OfficerRequest, pk: int, what: str) -> HttpResponse:
    """The taker has received it, or one of the two lets it be."""
    if what not in (RECEIVE, END):
        raise Http404
    now, verb = timezone.now(), cash.receive if what == RECEIVE else cash.end
    try:
        row = verb(pk, by=request.desk, at=now)
    except DomainError as error:
        warn(request, error)
    else:
        word = "Đã nhận" if what == RECEIVE else "Thôi giao"
        messages.success(request, f"{word} {money(row.amount)}.")
    return redirect("cash_drawer")


@require_safe
@officer_required(*SEERS)
def owing(request: OfficerRequest) -> HttpResponse:
    """What is owed and not taken yet, the newest dossier first."""
    there, agency = chosen_agency(request, SEERS)
    rows = queries.owing(request.desk, [agency.pk])
    page = queries.owing_page(rows, request.GET.get("sau", ""))
    count, total = queries.owed_in_all(rows)
    ids = [row.pk for row in page.rows]
    if ids:
        access_each(request, AccessKind.VIEWED, "dossier", ids, "danh sách chưa thu phí, lệ phí")
    context = {
        "agencies": there,
        "agency": agency,
        "rows": page.rows,
        "count": count,
        "total": total,
        "may_take": request.desk.has(*TAKERS, agency_id=agency.pk),
        "next": f"?{urlencode({'co-quan': agency.pk, 'sau': page.next})}" if page.next else "",
        "rail_counts": rail_counts(request.desk, timezone.now())[1],
    }
    return render(request, "dossiers/money/owing.html", context)


# --- settlement -----------------------------------------------------------------------------------


def _month(day: date, back: int) -> tuple[date, date]:
    """The first and last day of the month so many months before."""
    number = day.year * 12 + day.month - 1 - back
    first = date(number // 12, number % 12 + 1, 1)
    return first, date((number + 1) // 12, (number + 1) % 12 + 1, 1) - timedelta(days=1)


def _quarter(day: date, back: int) -> tuple[date, date]:
    number = day.year * 4 + (day.month - 1) // 3 - back
    first = date(number // 4, number % 4 * 3 + 1, 1)
    return first, _month(date(first.year, first.month + 2, 1), 0)[1]


def _asked(request: OfficerRequest, today: date) -> tuple[date, date]:
    """The days the address asks for; this month where it asks for none that can be read, or for more
    than MOST_DAYS, which is said.
    """
    first, last = day_of(request.GET.get("tu", "")), day_of(request.GET.get("den", ""))
    usual = _month(today, 0)
    first, last = first or usual[0], last or usual[1]
    if (last - first).days >= MOST_DAYS:
        messages.error(request, say("settlement_long"))
        return usual
    return (first, last) if first <= last else usual


@require_safe
@officer_required(*SEERS)
def settlement(request: OfficerRequest) -> HttpResponse:
    """What was taken, by procedure, book and way (R-126)."""
    now = timezone.now()
    today = timezone.localdate(now)
    there, agency = chosen_agency(request, SEERS)
    first, last = _asked(request, today)
    spans = [
        ("Tháng này", _month(today, 0)), ("Tháng trước", _month(today, 1)),
        ("Quý này", _quarter(today, 0)), ("Quý trước", _quarter(today, 1)),
    ]  # fmt: skip
    found = queries.settlement(agency.pk, first, last)
    relieved = found.relieved.lines[:NAMED]
    _trace(request, AccessKind.VIEWED, relieved)
    context = {
        "agencies": there,
        "agency": agency,
        "found": found,
        "relieved": relieved,
        "rest": len(found.relieved.lines) - len(relieved),
        "spans": [(words, _days(agency, *span), span == (first, last)) for words, span in spans],
        "query": _days(agency, first, last),
        "rail_counts": rail_counts(request.desk, now)[1],
    }
    return render(request, "dossiers/money/settlement.html", context)


def _trace(request: OfficerRequest, kind: AccessKind, lines: Sequence[ReliefLine]) -> None:
    """Whose names stand there was looked at."""
    ids = sorted({line.dossier_id for line in lines})
    if ids:
        access_each(request, kind, "dossier", ids, "người được miễn, giảm phí, lệ phí")


def _days(agency: Agency, first: date, last: date) -> str:
    said = {"co-quan": agency.pk, "tu": f"{first:%d/%m/%Y}", "den": f"{last:%d/%m/%Y}"}
    return urlencode(said)


@require_safe
@officer_required(*SEERS)
def settlement_xlsx(request: OfficerRequest) -> HttpResponse:
    _, agency = chosen_agency(request, SEERS)
    first, last = _asked(request, timezone.localdate())
    into = BytesIO()
    found = queries.settlement(agency.pk, first, last)
    _trace(request, AccessKind.DOWNLOADED, found.relieved.lines)
    workbook(into, agency, found)
    return _file(request, agency, (first, last), into.getvalue(), "xlsx", TYPES["xlsx"])


@require_safe
@officer_required(*SEERS)
def settlement_pdf(request: OfficerRequest) -> HttpResponse:
    _, agency = chosen_agency(request, SEERS)
    first, last = _asked(request, timezone.localdate())
    found = queries.settlement(agency.pk, first, last)
    _trace(request, AccessKind.DOWNLOADED, found.relieved.lines)
    context = {"agency": agency, "found": found}
    text = render_to_string("dossiers/money/settlement_print.html", context | {"by": request.user})
    made = pdf.render(text, stylesheets=(STYLE,))
    return _file(request, agency, (first, last), made, "pdf", "application/pdf")


def _file(
    request: OfficerRequest, agency: Agency, days: tuple[date, date], made: bytes, kind: str, mime: str
) -> HttpResponse:  # fmt: skip
    first, last = days
    detail = f"Quyết toán phí, lệ phí {agency.code}, {first:%d/%m/%Y} – {last:%d/%m/%Y}"
    # As the officer: whose names stand in it may have lines of this request already.
    access(request.desk.officer, AccessKind.DOWNLOADED, "work", None, detail)
    answer = HttpResponse(made, content_type=mime)
    name = f"quyet-toan-phi-{first:%Y%m%d}-{last:%Y%m%d}.{kind}"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
