"""The short path: one line a person, from received to returned with Enter; what stays at the office
is promised (R-10, R-11).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import partial
from itertools import takewhile
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST

from dossiers.acts import agreed_time, certifying, immediate
from dossiers.acts import printing as printing_acts
from dossiers.acts.reception import read_case, receive, receive_and_return
from dossiers.desk import intake as queries
from dossiers.desk.money import books_to_take_from, receipts_of
from dossiers.forms.intake import plain
from dossiers.forms.intake_lines import MOST_SIGNER, CertifiedLine, LineForm
from dossiers.forms.intake_papers import default_rows, papers_in
from dossiers.forms.paying import LATER, PayNowForm
from dossiers.intake.assessing import assess
from dossiers.intake.brought import Brought, Intake, Person
from dossiers.intake.certified import book_of
from dossiers.models import Dossier
from dossiers.states import State
from dossiers.views.act_page import seen_then
from dossiers.views.intake_counter import counter_of, counters_of
from dossiers.views.papers import receipt_page
from onestop.accounts.calendars import calendar_of
from onestop.accounts.carrying import is_reopened
from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.models import Role
from onestop.errors import DomainError, say, sentence
from onestop.templatetags.formatting import money
from onestop.templatetags.ui import printing, undo
from onestop.worktime import CalendarMissing, start_of_day
from procedures.channels import Channel
from procedures.models import Method

if TYPE_CHECKING:
    from collections.abc import Sequence

# Where a line shows what is wrong with what was brought (intake/assessing.py).
PLACES = {
    "fee_amount": "fee", "fee_reason": "fee", "owner_name": "who", "identity_number": "who", "agreed": "agreed",
}  # fmt: skip
NO_SCAN = "Trả kết quả ngay, không lưu bản quét"


@officer_required(Role.CLERK)
@require_http_methods(["GET", "POST"])
def lines(request: OfficerRequest) -> HttpResponse:
    """The line to type on, today's lines below it. POST: `viec` tra (given back at once) or hen
    (promised, with its slip).
    """
    on = timezone.localdate()
    methods = queries.immediate_procedures(on, counter_of(request))
    method = _chosen(request, methods)
    if method is None:
        return render(request, "dossiers/intake/immediate.html", {"methods": methods, "on": on})
    if request.method == "POST":
        form = _form(method)(request.POST, on=on, method=method)
        form.agreed_day = _day_after(request, method)
        pay = _pay(request, request.POST)
        is_right = form.is_valid() and pay.is_valid()
        if not is_reopened(request) and is_right and _take(request, method, form, pay):
            return redirect(_address(request, method, pay))
    else:
        pay = _pay(request)
        first = {"token": uuid4(), "pages": "1", "copies": "1", "papers": "1"}
        first["signer"] = _signer(request, method)
        form = _form(method)(initial=first, on=on, method=method)
    status = 422 if form.is_bound else 200
    return render(
        request,
        "dossiers/intake/immediate.html",
        _context(request, methods, method, form) | {"pay": pay},
        status=status,
    )


def _pay(request: OfficerRequest, sent: QueryDict | None = None) -> PayNowForm:
    """Whether this line's fee is taken with it; a fresh line goes on as the one before it."""
    said = {"way": request.GET.get("thu", LATER), "series": request.GET.get("quyen", "")}
    agency = counter_of(request)
    books = partial(books_to_take_from, request.user.pk, agency.pk)
    return PayNowForm(sent, books=books, initial=said)


def _form(method: Method) -> type[LineForm]:
    return CertifiedLine if book_of(method.case.version.name) else LineForm


def _day_after(request: OfficerRequest, method: Method) -> date | None:
    """The working day after the promised one: what an hour alone is of. Only where one was typed."""
    if not request.POST.get("agreed"):
        return None
    agency, now = counter_of(request), timezone.now()
    promise = assess(Brought(method.case.version, agency, method.case), at=now).promise
    if promise is None or promise.at is None:
        return None
    try:
        return calendar_of(agency.pk).next_working_day(timezone.localdate(promise.at))
    except CalendarMissing:
        return None


def _signer(request: OfficerRequest, method: Method) -> str:
    """Who signed the last one, of what has a book. One query."""
    book, year = book_of(method.case.version.name), timezone.localdate().year
    return certifying.last_signer(counter_of(request).pk, book, year) if book else ""


def _chosen(request: OfficerRequest, methods: list[Method]) -> Method | None:
    """The case named on the page or in the address, else the first; a code that is not of this path
    is not found.
    """
    case, code = (
        request.POST.get("case") or request.GET.get("truong-hop", ""),
        request.GET.get("thu-tuc", ""),
    )
    for method in methods:
        if (case and str(method.case_id) == case) or (
            not case and code in ("", method.case.version.procedure.code)
        ):
            return method
    if methods and (case or code):
        raise Http404
    return None


def _take(request: OfficerRequest, method: Method, form: LineForm, pay: PayNowForm) -> bool:
    """Receive the line; False with the reason on the form when it could not be."""
    owner = _owner(request, form)
    if not owner.name:
        form.add_error("who", say("line_name"))
        return False
    promised = request.POST.get("viec") == "hen" or form.agreed_at is not None
    # Who owes nothing is received on the page that takes the others' money.
    paid = pay.paid if form.fee_amount else None
    case = read_case(method.case_id)
    intake = Intake(
        token=form.cleaned_data["token"],
        agency=counter_of(request),
        case_id=method.case_id,
        channel=Channel.DIRECT,
        owner=owner,
        papers=papers_in(default_rows(case)),
        case=case,
        summary=form.summary,
        fee_amount=form.fee_amount,
        fee_reason=form.fee_reason,
        no_scan_reason=NO_SCAN,
        with_slip=promised,
        paid=paid,
    )
    try:
        now = timezone.now()
        if form.agreed_at is not None:
            dossier = agreed_time.receive_agreed(intake, form.agreed_at, by=request.desk, at=now)
        elif promised:
            dossier = receive(intake, by=request.desk, at=now)
        else:
            dossier = receive_and_return(intake, by=request.desk, at=now, signer=form.signed_by)
    except DomainError as error:
        if error.code in ("token_used", "token_foreign"):
            form.renew()
        if paid is not None and error.field in pay.fields:
            pay.add_error(error.field, sentence(error))
        else:
            form.add_error(PLACES.get(error.field), sentence(error))
        return False
    _say_taken(request, dossier, promised=promised, is_paid=paid is not None)
    return True


def _owner(request: OfficerRequest, form: LineForm) -> Person:
    """As typed; what was left out as it was the last time with this number. Without a name where
    nobody said one.
    """
    typed = Person(
        name=form.name,
        kind=form.owner_kind,
        identity_kind=form.identity_kind,
        identity_number=form.identity,
        address=form.address,
    )
    known = queries.known_owner(form.identity, request.desk.agency_ids_as(Role.CLERK))
    if known is None:
        return typed
    return replace(
        typed,
        name=form.name or known.name,
        kind=known.kind,
        phone=known.phone,
        email=known.email,
        address=form.address or known.address,
    )


def _say_taken(request: OfficerRequest, dossier: Dossier, *, promised: bool, is_paid: bool) -> None:
    """What was received; its slip, its receipt, the way back."""
    told = f"{dossier.owner_name}: {money(dossier.fee_amount)}{_number_of(dossier)}"
    # None where the same page was sent again and the receipt is void meanwhile.
    given = receipts_of([dossier.pk])[-1:] if is_paid else []
    for row in given:
        told += f", biên lai {row.series} số {row.digits}"
    prints = any(row.series.is_printed for row in given)
    if promised:
        where = receipt_page(dossier) + ("&kem=bien-lai" if prints else "")
        messages.success(request, f"Đã nhận và hẹn trả. {told}", extra_tags=printing(where))
        return
    tags = [undo(f"{reverse('intake_promise', args=[dossier.code])}?seen={dossier.row_version}")]
    if prints:
        tags.append(printing(f"{reverse('slip_page', args=[dossier.code, 'bien-lai'])}?in=1"))
    messages.success(request, f"Đã trả. {told}", extra_tags=" ".join(tags))


def _number_of(dossier: Dossier) -> str:
    """Which number it got in the book of certification, if any."""
    number = certifying.symbols_of([dossier.pk]).get(dossier.pk, "")
    return f", số chứng thực {number}" if number else ""


def _context(
    request: OfficerRequest, methods: list[Method], method: Method, form: LineForm
) -> dict[str, Any]:
    now = timezone.now()
    since = start_of_day(timezone.localdate(now))
    agency = counter_of(request)
    assessed = assess(Brought(method.case.version, agency, method.case), at=now)
    book = book_of(method.case.version.name)
    rows = queries.promised_before(request.desk, since) + queries.lines_of_day(request.desk, since)
    numbers = certifying.symbols_of([row.pk for row in rows]) if book else {}
    whole = _untouched(rows)
    return {
        "methods": methods,
        "method": method,
        "version": method.case.version,
        "form": form,
        "agency": agency,
        "several": len(counters_of(request)) > 1,
        "promise": assessed.promise,
        "outside": assessed.outside,
        "rows": [
            (row, numbers.get(row.pk, ""), row.received_at < since, row.pk in whole) for row in rows
        ],
        "nobody_signed": book is not None
        and not (_signer(request, method) if form.is_bound else form.initial["signer"]),
        "book": book,
        "totals": queries.totals_of_day(request.desk, since),
        "person": _one_person([row for row in rows if row.received_at >= since]),
    }


def _one_person(rows: Sequence[Dossier]) -> dict[str, Any] | None:
    """What the person of the newest line pays in all, who has several of them one after the other:
    another of that name comes between others. What was voided is no line.
    """
    lines = [row for row in rows if row.state != State.VOIDED]
    lines.sort(key=lambda row: (row.received_at, row.pk), reverse=True)
    if not lines:
        return None
    who = (lines[0].owner_name, lines[0].identity_number)
    same = list(takewhile(lambda row: (row.owner_name, row.identity_number) == who, lines))
    fees = sum(row.fee_amount or 0 for row in same)
    return {"label": f"{who[0]}, {len(same)} dòng", "fees": fees} if len(same) > 1 else None


def _untouched(rows: Sequence[Dossier]) -> set[int]:
    """Lines to which nothing happened since they were given back, beside the receipt that was given
    in the same moment: these may be promised instead.
    """
    back = [row for row in rows if row.state == State.RETURNED and row.event_seq in (3, 4)]
    asked = {row.pk: row.received_at for row in back if row.event_seq == 4}
    receipts = receipts_of(list(asked)) if asked else []
    paid = {one.dossier_id for one in receipts if one.taken_at == asked[one.dossier_id]}
    return {row.pk for row in back if row.event_seq == 3} | paid


def _address(request: OfficerRequest, method: Method, pay: PayNowForm) -> str:
    asked = {"truong-hop": method.case_id}
    if (paid := pay.paid) is not None:
        asked |= {"thu": paid.way, "quyen": paid.series_id}
    if len(counters_of(request)) > 1:
        asked["co-quan"] = counter_of(request).pk
    return f"{reverse('intake_immediate')}?{urlencode(asked)}"


def _mine(request: OfficerRequest, code: str) -> Dossier:
    """A line of one's own."""
    return get_object_or_404(
        Dossier.objects.visible_to(request.desk),
        code=code,
        received_by=request.user,
        term=queries.IMMEDIATE,
    )


def _back(dossier: Dossier) -> HttpResponse:
    return redirect(f"{reverse('intake_immediate')}?{urlencode({'truong-hop': dossier.case_id})}")


@officer_required(Role.CLERK)
@require_POST
def promise(request: OfficerRequest, code: str) -> HttpResponse:
    """Hẹn trả: the line was not given back after all."""
    dossier = _mine(request, code)
    try:
        immediate.promise_instead(seen_then(request, dossier), by=request.desk, at=timezone.now())
    except DomainError as error:
        messages.error(request, sentence(error))
    else:
        said = f"{dossier.owner_name}: chưa trả, đã lập giấy hẹn."
        messages.success(request, said, extra_tags=printing(receipt_page(dossier)))
    return _back(dossier)


@officer_required(Role.CLERK)
@require_POST
def give_back(request: OfficerRequest, code: str) -> HttpResponse:
    """Trả: a promised line is done."""
    dossier = _mine(request, code)
    try:
        immediate.give_back_now(
            seen_then(request, dossier),
            by=request.desk,
            at=timezone.now(),
            signer=plain(request.POST.get("signer", ""))[:MOST_SIGNER],
        )
    except DomainError as error:
        messages.error(request, sentence(error))
    else:
        said = f"Đã trả kết quả cho {dossier.owner_name}{_number_of(dossier)}."
        messages.success(request, said)
    return _back(dossier)


@officer_required(Role.CLERK)
@require_POST
def slip(request: OfficerRequest, code: str) -> HttpResponse:
    """Giấy tiếp nhận on request (R-10): made when there is none yet, then its print page."""
    dossier = _mine(request, code)
    try:
        printing_acts.receipt(dossier, by=request.desk, at=timezone.now())
    except DomainError as error:
        messages.error(request, sentence(error))
        return _back(dossier)
    return redirect(receipt_page(dossier))
