"""What is done to a report: prepare, take back, sign, return for repair, withdraw."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from onestop.accounts.access import access
from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.models import AccessKind, Agency
from onestop.errors import DomainError, sentence
from reports import runs, signing
from reports.figures import Scope, is_large
from reports.forms import ReasonForm
from reports.models import ReportForm, ReportRun, SignedReport
from reports.paper import TooLarge, opened
from reports.periods import Period
from reports.views.statutory import OVERSEERS, large_page, place_of

Kind = ReportRun.Kind
DONE = {
    "trinh": "Đã trình ký. Lãnh đạo cơ quan đã được báo.",
    "rut": "Đã rút lại bản trình. Sửa xong, hãy trình lại.",
    "ky": "Đã ký. Số liệu, danh sách hồ sơ, bản PDF và Excel từ nay không đổi.",
    "tra-lai": "Đã trả lại để sửa. Bản này vẫn giữ nguyên; lần lập sau là một bản mới.",
    "thu-hoi": "Đã thu hồi. Bản đã ký vẫn giữ nguyên; lần lập sau là một bản mới.",
}
CONFLICTS = ("report_gone", "entry_raced", "report_waits", "report_signed")
WITH_REASON = {"tra-lai": signing.send_back, "thu-hoi": signing.withdraw}
PLAIN = {"rut": signing.take_back, "ky": signing.sign}


@require_POST
@officer_required(*OVERSEERS)
def act(request: OfficerRequest, form: str, agency: str, period: str, what: str) -> HttpResponse:
    """One act on the report in force; a refusal shows the page again with its sentence."""
    if what not in DONE:
        raise Http404
    known, office, asked = place_of(request, form, agency, period)
    reason = ReasonForm(request.POST if what in WITH_REASON else None)
    if reason.is_bound and not reason.is_valid():
        return _again(request, known, office, asked, reason, 422)
    try:
        run = _do(what, request, known, office, asked, reason)
    except DomainError as error:
        messages.error(request, sentence(error))
        status = 409 if error.code in CONFLICTS else 422
        return _again(request, known, office, asked, reason, status)
    if run is not None:
        return redirect(run)
    messages.success(request, DONE[what])
    return redirect("report_page", form, agency, period)


def _do(
    what: str,
    request: OfficerRequest,
    form: ReportForm,
    office: Agency,
    period: Period,
    reason: ReasonForm,
) -> ReportRun | None:
    """A large report is prepared and signed by a worker: its run. Else it is done."""
    by, at = request.desk, timezone.now()
    if what == "trinh":
        signing.check_prepare(form, office, period, by=by, at=at)
        if is_large(form, Scope.for_form(form, office), period, at):
            return _ordered(request, form, office, period, Kind.PREPARE, at)
        signing.prepare(form, office, period, by=by, at=at)
        return None
    standing = SignedReport.objects.filter(
        form=form, agency=office, period=period.code, state__in=SignedReport.STANDING
    )
    report = standing.select_related("form", "agency").first()
    if report is None:
        raise DomainError("report_gone")
    if what == "ky":
        signing.check_sign(report, by=by)
        if is_large(report.form, Scope.for_form(report.form, office), period, report.cut):
            return _ordered(request, report.form, office, period, Kind.SIGN, at)
    if what in PLAIN:
        PLAIN[what](report, by=by, at=at)
    else:
        WITH_REASON[what](report, by=by, at=at, reason=reason.cleaned_data["ly_do"])
    return None


def _ordered(
    request: OfficerRequest,
    form: ReportForm,
    office: Agency,
    period: Period,
    kind: ReportRun.Kind,
    at: datetime,
) -> ReportRun:
    run = runs.ask(form, office, period, kind, cut=None, by=request.user, at=at)
    detail = f"yêu cầu {kind.label.lower()} {form.code} {office.code} {period.code}"
    access(request, AccessKind.REPORT_ACT, "report_run", run.pk, detail, about=office.pk)
    return run


def _again(
    request: OfficerRequest,
    form: ReportForm,
    office: Agency,
    period: Period,
    reason: ReasonForm,
    status: int,
) -> HttpResponse:
    try:
        found = opened(form, office, period, None, timezone.now(), request.desk)
    except TooLarge as large:
        return large_page(request, large.head, status=status)
    context = {"found": found, "reason": reason}
    return render(request, "reports/statutory/page.html", context, status=status)
