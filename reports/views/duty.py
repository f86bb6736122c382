"""`/bao-cao/nghia-vu/<cơ quan>/<báo cáo>/<kỳ>/`: one report that is owed: its two acts with their dates,
what was done, what this officer may do.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from onestop.accounts.access import access
from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.models import AccessKind, Agency, Role
from onestop.errors import DomainError, sentence
from onestop.files.models import Attachment
from onestop.files.responses import serve
from onestop.texts import MOST_ID, whole_number
from reports.duties import acts
from reports.duties.acts import Report
from reports.duties.judging import State
from reports.duties.owing import Owed, owed
from reports.duties.words import line_of
from reports.form_data import form_on
from reports.forms_of_duties import DocumentForm, EntryForm, ReturnForm
from reports.models import Duty, DutyAct
from reports.periods import parse
from reports.signing import holds, is_above
from reports.views.statutory import OVERSEERS

DONE = {
    "van-ban": "Đã ghi văn bản đã ký, gửi.",
    "nhap": "Đã ghi ngày nhập hệ thống báo cáo.",
    "tra-lai": "Đã trả lại để sửa. Đầu mối kiểm soát của cơ quan đã được báo.",
    "chua-dat": "Đã ghi đánh giá. Đầu mối kiểm soát của cơ quan đã được báo.",
    "rut": "Đã rút lại. Dòng cũ vẫn còn trong quá trình.",
}


@require_safe
@officer_required(*OVERSEERS)
def duty(request: OfficerRequest, agency: str, pk: int, period: str) -> HttpResponse:
    return _shown(request, _report(request, agency, pk, period))


def _report(request: OfficerRequest, agency: str, pk: int, period: str) -> Report:
    """What an address names; what is not the viewer's is not there."""
    office = Agency.objects.under(*request.desk.subtree_paths).filter(code=agency).first()
    found = Duty.objects.filter(pk=pk).first()
    if office is None or found is None:
        raise Http404
    try:
        asked = parse(period)
    except DomainError as error:
        raise Http404 from error
    if not (found.is_of(office) and found.is_in_force(asked)):
        raise Http404
    return Report(office, found, asked)


def _shown(
    request: OfficerRequest, report: Report, *, wrong: dict[str, forms.Form] | None = None
) -> HttpResponse:
    """`wrong`: the form that was sent and refused, by its act."""
    today = timezone.localdate()
    [one] = owed([report.agency], [report.period], today, duties=[report.duty])
    mine = holds(request.desk, report.agency, Role.CONTROLLER) and one.state != State.NOT_OWED
    above = is_above(request.desk, report.agency) and bool(one.verdict.done)
    access(
        request, AccessKind.VIEWED, "duty", report.duty.pk,
        f"nghĩa vụ báo cáo {report.agency.code} {report.period.code}", about=report.agency.pk,
    )  # fmt: skip
    wrong = wrong or {}
    files = Attachment.objects.filter(
        kind=acts.ATTACHED, object_id__in=[act.pk for act in one.acts]
    )
    context: dict[str, Any] = {
        "report": report,
        "line": line_of(one),
        "one": one,
        "form_page": _form_page(report),
        "document": wrong.get("van-ban") or _document(report, None) if mine else None,
        "entry": wrong.get("nhap") or EntryForm() if mine and report.duty.entered else None,
        "back": wrong.get("tra-lai") or ReturnForm() if above else None,
        "history": _history(request, report, one),
        "files": {file.object_id: file for file in files},
        "wrong": next(iter(wrong.values()), None),
    }
    if mine and not report.duty.narrative and not report.duty.form_code:
        context["document"] = None
    status = 422 if wrong else 200
    return render(request, "reports/duties/one.html", context, status=status)


def _history(
    request: OfficerRequest, report: Report, found: Owed
) -> list[tuple[DutyAct, bool, bool]]:
    """Acts, newest first; whether each was taken back, and whether this officer may do so."""
    gone = {one.undoes_id for one in found.acts}
    return [
        (
            one,
            one.pk in gone,
            found.may_be_undone(one) and acts.may_undo(one, report.agency, request.desk),
        )
        for one in reversed(found.acts)
    ]


def _form_page(report: Report) -> tuple[str, str, str] | None:
    """The arguments of the page on which its form is signed."""
    if not report.duty.form_code:
        return None
    try:
        form = form_on(report.duty.form_code, report.period.last)
    except DomainError:
        return None
    return form.slug, report.agency.code, report.period.code


def _document(report: Report, request: OfficerRequest | None) -> DocumentForm:
    if request is None:
        return DocumentForm(duty=report.duty)
    return DocumentForm(request.POST, request.FILES, duty=report.duty)


@require_POST
@officer_required(*OVERSEERS)
def duty_do(request: OfficerRequest, agency: str, pk: int, period: str, what: str) -> HttpResponse:
    """One act; a refusal shows the page again with its sentence and what was typed."""
    if what not in DONE:
        raise Http404
    report = _report(request, agency, pk, period)
    form = _form(what, report, request)
    if not form.is_valid():
        return _shown(request, report, wrong={_place(what): form})
    try:
        _do(what, report, form.cleaned_data, request)
    except DomainError as error:
        field = {"files": "file"}.get(error.field or "", error.field)
        form.add_error(field if field in form.fields else None, sentence(error))
        return _shown(request, report, wrong={_place(what): form})
    messages.success(request, DONE[what])
    return redirect("duty", agency, pk, period)


def _place(what: str) -> str:
    return "tra-lai" if what == "chua-dat" else what


def _form(what: str, report: Report, request: OfficerRequest) -> forms.Form:
    match what:
        case "van-ban":
            return _document(report, request)
        case "nhap":
            return EntryForm(request.POST)
        case "rut":
            return forms.Form(request.POST)
    return ReturnForm(request.POST)


def _do(what: str, report: Report, data: dict[str, Any], request: OfficerRequest) -> None:
    by, at = request.desk, timezone.now()
    match what:
        case "van-ban":
            acts.send_document(report, **data, by=by, at=at)
        case "nhap":
            acts.enter(report, **data, by=by, at=at)
        case "tra-lai":
            acts.send_back(report, **data, by=by, at=at)
        case "chua-dat":
            acts.find_poor(report, reason=data["reason"], by=by, at=at)
        case _:
            act = whole_number(request.POST.get("act", ""), most=MOST_ID) or 0
            acts.undo(report, act, by=by, at=at)


@require_safe
@officer_required(*OVERSEERS)
def duty_file(
    request: OfficerRequest, agency: str, pk: int, period: str, act: int
) -> FileResponse | HttpResponse:
    """The signed narrative as it was uploaded."""
    report = _report(request, agency, pk, period)
    row = get_object_or_404(
        DutyAct, pk=act, agency=report.agency, duty=report.duty, period=report.period.code
    )
    file = Attachment.objects.of(acts.ATTACHED, row.pk).first()
    if file is None:
        raise Http404
    access(
        request, AccessKind.DOWNLOADED, "duty_act", row.pk, "báo cáo đã ký", about=report.agency.pk
    )
    try:
        return serve(file, inline=True)
    except DomainError as error:
        messages.error(request, sentence(error))
        return redirect("duty", agency, pk, period)
