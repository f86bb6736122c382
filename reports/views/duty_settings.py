"""`/bao-cao/nghia-vu/quy-dinh/`: which reports are owed by when, how they are judged, when the
reporting system stood still. Whoever controls the highest agency decides; the others see it.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from onestop.accounts.access import access
from onestop.accounts.http import OfficerRequest, denied, officer_required
from onestop.accounts.models import AccessKind, Role
from onestop.errors import DomainError, sentence
from onestop.paging import Page, by_day
from onestop.texts import MOST_ID, whole_number
from reports.duties import acts, setting
from reports.duties.judging import Rule
from reports.duties.owing import Settings, rule_of
from reports.forms_of_duties import DutyForm, OutageEndForm, OutageForm, RuleForm, StopForm
from reports.models import Duty, DutyRule, ReportingOutage
from reports.views.report_forms import decides
from reports.views.statutory import OVERSEERS

# Outages on the page, the newest first.
SIZE = 100
NEWEST = by_day("from_day", newest_first=True)
TABS = {"bao-cao": "Báo cáo phải nộp", "cham": "Cách chấm", "su-co": "Sự cố hệ thống báo cáo"}
DONE = {
    "bao-cao": "Đã đặt nghĩa vụ báo cáo.",
    "thoi": "Đã thôi nghĩa vụ báo cáo.",
    "cham": "Đã đặt cách chấm mới.",
    "su-co": "Đã ghi sự cố.",
    "het-su-co": "Đã ghi ngày hết sự cố. Báo cáo được tính lại theo ngày này.",
}
PLACES = {"thoi": "bao-cao", "het-su-co": "su-co"}


@require_http_methods(["GET", "HEAD", "POST"])
@officer_required(*OVERSEERS)
def duty_settings(request: OfficerRequest) -> HttpResponse:
    """`muc`: which part; `sua`: the duty that a new one replaces; `viec`: what is sent."""
    part = request.GET.get("muc", "bao-cao")
    if part not in TABS:
        raise Http404
    if request.method != "POST":
        access(request, AccessKind.VIEWED, "duty", None, "quy định về nghĩa vụ báo cáo")
        return _shown(request, part)
    if not decides(request):
        return denied(request, (Role.CONTROLLER,))
    what = request.POST.get("viec", "")
    if what not in DONE:
        raise Http404
    form = _form(what, request)
    if form.is_valid():
        try:
            _do(what, request, form)
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, sentence(error))
        else:
            messages.success(request, DONE[what])
            return redirect(f"{reverse('duty_settings')}?muc={PLACES.get(what, what)}")
    return _shown(request, PLACES.get(what, what), wrong=(what, form))


def _shown(
    request: OfficerRequest, part: str, *, wrong: tuple[str, forms.BaseForm] | None = None
) -> HttpResponse:
    what, form = wrong or ("", None)
    today = timezone.localdate()
    rule = Settings.read().rule_on(today)
    fresh: forms.BaseForm
    match part:
        case "bao-cao":
            fresh = DutyForm(source=_asked(request, request.GET.get("sua", "")))
        case "cham":
            fresh = RuleForm(rule=rule)
        case _:
            fresh = OutageForm()
    outages = _outages(request)
    context: dict[str, Any] = {
        "part": part,
        "tabs": [
            (f"{reverse('duty_settings')}?muc={key}", label, key == part)
            for key, label in TABS.items()
        ],
        "decides": decides(request),
        "form": form if what == part and form is not None else fresh,
        "wrong": form,
        "source": _asked(request, request.GET.get("sua", "")) if part == "bao-cao" else None,
        "stop": form if what == "thoi" else StopForm(),
        "duties": list(Duty.objects.all()) if part == "bao-cao" else [],
        "rule": rule,
        "rules": _rules() if part == "cham" else [],
        "outages": [(row, _end_of(request, row, wrong)) for row in outages.rows],
        "place": request.GET.get("sau", ""),
        "next": f"?muc=su-co&sau={outages.next}" if outages.next else "",
        "today": today,
    }
    return render(request, "reports/duties/settings.html", context, status=422 if wrong else 200)


def _rules() -> list[tuple[DutyRule, Rule]]:
    """Those that were set, the newest first."""
    return [(one, rule_of(one)) for one in DutyRule.objects.select_related("set_by")]


def _outages(request: OfficerRequest) -> Page[ReportingOutage]:
    """The newest first, from `sau` on."""
    rows = ReportingOutage.objects.select_related("recorded_by")
    return NEWEST.page(rows, size=SIZE, after=request.GET.get("sau", ""))


def _end_of(
    request: OfficerRequest, row: ReportingOutage, wrong: tuple[str, forms.BaseForm] | None
) -> forms.BaseForm:
    """The form that ends it, as it was refused where it was."""
    what, form = wrong or ("", None)
    if form is not None and what == "het-su-co" and row.pk == _number(request):
        return form
    return OutageEndForm(outage=row.pk, ended=row.to_day)


def _number(request: OfficerRequest) -> int:
    return whole_number(request.POST.get("ma", ""), most=MOST_ID) or 0


def _asked(request: OfficerRequest, said: str) -> Duty | None:
    """The duty that an address or a form names. Errors: Http404."""
    if not said:
        return None
    return get_object_or_404(Duty, pk=whole_number(said, most=MOST_ID), effective_to=None)


def _form(what: str, request: OfficerRequest) -> Any:
    match what:
        case "bao-cao":
            return DutyForm(request.POST, source=_asked(request, request.POST.get("sua", "")))
        case "thoi":
            return StopForm(request.POST)
        case "cham":
            return RuleForm(request.POST)
        case "su-co":
            return OutageForm(request.POST)
    return OutageEndForm(request.POST, outage=_number(request))


def _do(what: str, request: OfficerRequest, form: Any) -> None:
    by, at, said = request.desk, timezone.now(), request.POST
    match what:
        case "bao-cao":
            source = _asked(request, said.get("sua", ""))
            setting.set_duty(form.save(commit=False), replaces=source, by=by, at=at)
        case "thoi":
            duty = _asked(request, said.get("ma", ""))
            if duty is None:
                raise Http404
            setting.stop_duty(duty, last=form.last, by=by, at=at)
        case "cham":
            setting.set_rule(form.row, by=by, at=at)
        case "su-co":
            acts.record_outage(**form.cleaned_data, by=by, at=at)
        case _:
            outage = get_object_or_404(ReportingOutage, pk=_number(request))
            acts.end_outage(outage, **form.cleaned_data, by=by, at=at)
