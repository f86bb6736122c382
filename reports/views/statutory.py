"""`/bao-cao/`: reports of the agencies an officer answers for; every cell opens its dossiers."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.files.storage import default_storage
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from dossiers.desk.work import rail_counts
from onestop.accounts.access import access
from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.models import AccessKind, Agency, Role
from onestop.errors import DomainError
from onestop.paging import Page, by_day
from onestop.replica import from_replica
from reports import rendering, runs
from reports.board.moment import Moment, read
from reports.duties.owing import returned_of
from reports.duties.words import line_of
from reports.figures.lists import REGISTER
from reports.form_data import form_of_slug
from reports.forms import ReasonForm, WantedReport
from reports.models import Draft, FrozenFile, ReportForm, ReportRun, SignedReport
from reports.paper import Opened, TooLarge, opened
from reports.periods import Period, parse, recent, week_over

# Rows of a list on one page, and runs of one large report.
SHOWN, SHOWN_RUNS = 60, 10
MADE, OWED = by_day("last", newest_first=True), by_day("last")
OVERSEERS = (Role.LEADER, Role.CONTROLLER)
TYPES = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@require_safe
@officer_required(*OVERSEERS)
def home(request: OfficerRequest) -> HttpResponse:
    """Which report to open, and those of one's agencies that wait for something, newest first."""
    agencies = list(Agency.objects.under(*request.desk.subtree_paths).order_by("name", "pk"))
    today = timezone.localdate()
    known = list(ReportForm.objects.in_force(today).order_by("code"))
    own = request.desk.agency
    first = {"bieu": "II.06a", "coquan": own.code if own else "", "ky": recent(today)[0].code}
    asked = WantedReport(
        request.GET if "bieu" in request.GET else None,
        known=known,
        agencies=agencies,
        initial=first,
    )
    if asked.is_bound and asked.is_valid():
        chosen = asked.cleaned_data
        return redirect("report_page", chosen["bieu"].slug, chosen["coquan"], chosen["ky"].code)
    access(request, AccessKind.VIEWED, "report", None, "danh sách báo cáo")
    rows = SignedReport.objects.filter(agency__in=agencies).select_related(
        "form", "agency", "prepared_by", "signed_by"
    )
    made = MADE.page(rows, size=SHOWN, **_places(request, "sau", "truoc"))
    owed = OWED.page(_owed(agencies), size=SHOWN, **_places(request, "no_sau", "no_truoc"))
    context = {
        "asked": asked,
        "may_bring": request.desk.has(Role.CONTROLLER),
        "returned": [line_of(one) for one in returned_of(request.desk, agencies, today)],
        "periods": [*recent(today), week_over(today)],
        "owed": owed.rows,
        "owed_pages": _pages(request, owed, "no_sau", "no_truoc"),
        "reports": made.rows,
        "pages": _pages(request, made, "sau", "truoc"),
        "rail_counts": rail_counts(request.desk, timezone.now())[1],
    }
    status = 422 if asked.is_bound else 200
    return render(request, "reports/statutory/home.html", context, status=status)


@require_safe
@officer_required(*OVERSEERS)
@from_replica(whole=True)
def page(request: OfficerRequest, form: str, agency: str, period: str) -> HttpResponseBase:
    """The table as of the address's moment (`luc`); without one, of the signed report or of now."""
    try:
        found = opened_for(request, form, agency, period)
    except TooLarge as large:
        return large_page(request, large.head)
    access(request, AccessKind.VIEWED, "report", None, found.words)
    context = {"found": found, "reason": ReasonForm()}
    return render(request, "reports/statutory/page.html", context)


def large_page(request: OfficerRequest, head: Opened, *, status: int = 200) -> HttpResponse:
    """Without figures: what can be made of it, and the runs so far."""
    access(request, AccessKind.VIEWED, "report", None, f"{head.words}, báo cáo lớn")
    same = ReportRun.objects.filter(
        form=head.form, agency=head.agency, period=head.period.code
    ).select_related("form", "agency", "by")
    context = {
        "found": head,
        "reason": ReasonForm(),
        "kinds": [(one.value, one.label) for one in runs.kinds_of(head.form)],
        "luc": head.moment.text if head.at_moment else "",
        "runs": same.defer("figures")[:SHOWN_RUNS],
    }
    return render(request, "reports/statutory/large.html", context, status=status)


@require_safe
@officer_required(*OVERSEERS)
@from_replica(whole=True)
def file(request: OfficerRequest, form: str, agency: str, period: str, kind: str) -> HttpResponse:
    """The print or the workbook: of a signed report the very bytes that were signed."""
    try:
        found = opened_for(request, form, agency, period)
    except TooLarge as large:
        found = large.head
    access(request, AccessKind.DOWNLOADED, "report", None, f"{found.words}, {kind}")
    signed = found.report if found.is_signed else None
    if signed is not None:
        content = bytes(FrozenFile.objects.get(report=signed, kind=kind).content)
    elif found.is_large:
        made = _made(found, kind)
        if made is None:
            messages.info(request, "Báo cáo lớn: hãy bấm lập, xong sẽ có thông báo.")
            return redirect(found.again)
        content = made
    else:
        content = rendering.pdf(found.table) if kind == "pdf" else rendering.xlsx(found.table)
    answer = HttpResponse(content, content_type=TYPES[kind])
    name = f"{form}-{agency}-{period}.{kind}".replace("..", "_")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _made(found: Opened, kind: str) -> bytes | None:
    """The file that a run of this cut made, if it is still there."""
    cut = found.table.cut
    run = runs.ready(found.form, found.agency, found.period, cut, ReportRun.Kind(kind))
    return made_file(run) if run is not None else None


def made_file(run: ReportRun) -> bytes | None:
    """What a run made, if it is still there."""
    if not run.is_ready:
        return None
    try:
        with default_storage.open(run.kept, "rb") as content:
            return bytes(content.read())
    except OSError:
        return None


def _places(request: OfficerRequest, after: str, before: str) -> dict[str, str]:
    return {"after": request.GET.get(after, ""), "before": request.GET.get(before, "")}


def _pages(request: OfficerRequest, page: Page[Any], after: str, before: str) -> tuple[str, str]:
    """The addresses of the pages beside this one, the other list of the page left where it is."""
    kept = request.GET.copy()
    for name in (after, before):
        kept.pop(name, None)

    def address(name: str, cursor: str) -> str:
        if not cursor:
            return ""
        asked = kept.copy()
        asked[name] = cursor
        return f"{request.path}?{asked.urlencode()}"

    return address(after, page.next), address(before, page.previous)


def _owed(agencies: list[Agency]) -> QuerySet[Draft]:
    """Reports that are due and were not prepared yet."""
    prepared = SignedReport.objects.filter(
        form=OuterRef("form"),
        agency=OuterRef("agency"),
        period=OuterRef("period_code"),
        state__in=SignedReport.STANDING,
    )
    rows = Draft.objects.filter(~Exists(prepared), agency__in=agencies)
    return rows.select_related("form", "agency")


def opened_for(request: OfficerRequest, form: str, agency: str, period: str) -> Opened:
    """What an address asks for. Errors: Http404, TooLarge."""
    known, office, asked = place_of(request, form, agency, period)
    now = timezone.now()
    moment: Moment | None = read(request.GET["luc"], now) if "luc" in request.GET else None
    return opened(known, office, asked, moment.at if moment else None, now, request.desk)


def place_of(
    request: OfficerRequest, form: str, agency: str, period: str
) -> tuple[ReportForm, Agency, Period]:
    """Form, agency and period of an address; what is not the viewer's is not there. `nhan`: how the
    form is worded.
    """
    said = request.POST if request.method == "POST" else request.GET
    office = Agency.objects.under(*request.desk.subtree_paths).filter(code=agency).first()
    if office is None:
        raise Http404
    try:
        asked = parse(period)
        if asked.is_book and form != REGISTER:
            raise Http404
        return form_of_slug(form, asked.last).worn(said.get("nhan", "")), office, asked
    except DomainError as error:
        raise Http404 from error
