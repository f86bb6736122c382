"""What is done to a report: prepare, take back, sign, return for repair, withdraw."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.models import Agency
from onestop.errors import DomainError, sentence
from reports import signing
from reports.forms import ReasonForm
from reports.models import ReportForm, SignedReport
from reports.paper import TooLarge, opened
from reports.periods import Period
from reports.views.statutory import OVERSEERS, large_page, place_of

DONE = {
    "trinh": "Đã trình ký. Lãnh đạo cơ quan đã được báo.",
    "rut": "Đã rút lại bản trình. Sửa xong, hãy trình lại.",
    "ky": "Đã ký. Số liệu, danh sách hồ sơ, bản PDF và Excel từ nay không đổi.",
    "tra-lai": "Đã trả lại để sửa. Bản này vẫn giữ nguyên; lần lập sau là một bản mới.",
    "thu-hoi": "Đã thu hồi. Bản đã ký vẫn giữ nguyên; lần lập sau là một bản mới.",
}
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
        _do(what, request, known, office, asked, reason)
    except DomainError as error:
        messages.error(request, sentence(error))
        status = 409 if error.code in ("report_gone", "report_waits", "report_signed") else 422
        return _again(request, known, office, asked, reason, status)
    messages.success(request, DONE[what])
    return redirect("report_page", form, agency, period)


def _do(
    what: str,
    request: OfficerRequest,
    form: ReportForm,
    office: Agency,
    period: Period,
    reason: ReasonForm,
) -> None:
    by, at = request.desk, timezone.now()
    if what == "trinh":
        signing.prepare(form, office, period, by=by, at=at)
        return
    standing = SignedReport.objects.filter(
        form=form, agency=office, period=period.code, state__in=SignedReport.STANDING
    )
    report = standing.select_related("form", "agency").first()
    if report is None:
        raise DomainError("report_gone")
    if what in PLAIN:
        PLAIN[what](report, by=by, at=at)
    else:
        WITH_REASON[what](report, by=by, at=at, reason=reason.cleaned_data["ly_do"])


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
