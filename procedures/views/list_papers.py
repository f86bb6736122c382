"""Of a decision that publishes a list: its file, the day it was entered into the national database,
what its shortened terms save, and lines proposed from national records.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from onestop.accounts.access import access
from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.models import AccessKind, Role
from onestop.errors import DomainError, say, sentence
from onestop.files.domain import keep
from onestop.files.responses import serve
from onestop.forms import day_of
from onestop.results import Denied
from onestop.texts import whole_number
from procedures import rules
from procedures.domain import list_proposals, lists, saved
from procedures.forms.lists import DecisionFileForm, EnteredForm
from procedures.models import ListDecision
from procedures.queries import names_of
from procedures.views.list_common import READERS, revision_in, seen_by, tabs, top_of

KIND = "list_decision"
# Lines of a list on a page, each with all its cases.
PAGE = 100


def _own(request: OfficerRequest, pk: int) -> ListDecision | None:
    """A decision that this officer may write on; None, and told why, where they may only read it."""
    decision = get_object_or_404(seen_by(request).select_related("agency"), pk=pk)
    answer = rules.may_publish_lists(request.desk)
    if isinstance(answer, Denied):
        messages.error(request, say(answer.code, answer.data))
        return None
    return decision


def _said(request: OfficerRequest, form: Form, pk: int) -> HttpResponse:
    """Back to the decision with what is wrong with a form of one field."""
    for errors in form.errors.values():
        messages.error(request, " ".join(map(str, errors)))
    return redirect("procedures:list", pk)


@require_POST
@officer_required(Role.CONTROLLER)
def attach_file(request: OfficerRequest, pk: int) -> HttpResponse:
    """The signed decision as PDF."""
    decision = _own(request, pk)
    if decision is None:
        return redirect("procedures:list", pk)
    form = DecisionFileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _said(request, form, pk)
    upload = form.cleaned_data["file"]
    try:
        kept = keep(upload, name=upload.name or "")
        lists.attach_file(
            decision, kept, by=request.user, at=timezone.now(), seen=revision_in(request)
        )
    except DomainError as error:
        messages.error(request, sentence(error))
    else:
        messages.success(request, "Đã đính kèm tệp quyết định.")
    return redirect("procedures:list", pk)


@require_safe
@officer_required(*READERS)
def decision_file(request: OfficerRequest, pk: int) -> FileResponse | HttpResponse:
    """The signed decision."""
    decision = get_object_or_404(seen_by(request).select_related("file"), pk=pk)
    if decision.file is None:
        raise Http404
    access(request, AccessKind.DOWNLOADED, KIND, decision.pk, "tệp quyết định")
    try:
        return serve(decision.file, inline=True)
    except DomainError as error:
        messages.error(request, sentence(error))
        return redirect("procedures:list", pk)


@require_POST
@officer_required(Role.CONTROLLER)
def entered(request: OfficerRequest, pk: int) -> HttpResponse:
    """The day of entry into the national database (R-134)."""
    decision = _own(request, pk)
    if decision is None:
        return redirect("procedures:list", pk)
    form = EnteredForm(request.POST)
    if not form.is_valid():
        return _said(request, form, pk)
    on = form.cleaned_data["entered_on"]
    try:
        lists.note_entered(decision, on, by=request.user, today=timezone.localdate())
    except DomainError as error:
        messages.error(request, sentence(error))
    else:
        messages.success(request, f"Đã ghi ngày nhập cơ sở dữ liệu quốc gia {on:%d/%m/%Y}.")
    return redirect("procedures:list", pk)


@require_safe
@officer_required(*READERS)
def days_saved(request: OfficerRequest) -> HttpResponse:
    """Each term that the province shortened, beside the statutory one, and what that saves: page by page,
    the totals over all.
    """
    agency, today = top_of(request), timezone.localdate()
    coming = saved.coming(agency, today) if agency is not None else []
    asked = day_of(request.GET.get("ngay", ""))
    on = asked if asked in coming else today
    rows = saved.saved(agency, on) if agency is not None else []
    shown, after = saved.page(rows, whole_number(request.GET.get("sau", "")), size=PAGE)
    carried = {"ngay": f"{on:%d/%m/%Y}"} if on != today else {}
    named = names_of({row.line.procedure_id for row in shown})
    context: dict[str, Any] = {
        "rows": [(row, named.get(row.line.procedure_id, "")) for row in shown],
        "next_url": f"?{urlencode(carried | {'sau': str(after)})}" if after else "",
        "totals": saved.totals(rows),
        "on": on,
        "today": today,
        "coming": [day for day in coming if day != on],
        **tabs(request),
    }
    return render(request, "procedures/lists/saved.html", context)


@require_POST
@officer_required(Role.CONTROLLER)
def propose(request: OfficerRequest) -> HttpResponse:
    """The chosen procedures that no list names become lines of a draft, as their national records
    say.
    """
    decision = _own(request, whole_number(request.POST.get("decision", "")) or 0)
    if decision is None:
        return redirect("procedures:unlisted")
    chosen = [whole_number(text) for text in request.POST.getlist("version")[:500]]
    said = list_proposals.from_records([pk for pk in chosen if pk is not None])
    if not said:
        messages.error(request, "Hãy chọn ít nhất một thủ tục.")
        return redirect("procedures:unlisted")
    fresh = lists.new_to(decision, said)
    if not fresh:
        messages.error(
            request,
            f"Bản soạn {decision.number} đã có các thủ tục này. Hãy sửa chúng trong bản soạn.",
        )
        return redirect("procedures:unlisted")
    try:
        lists.put_lines(decision, fresh, seen=decision.revision)
    except DomainError as error:
        messages.error(request, sentence(error))
        return redirect("procedures:unlisted")
    left = len(said) - len(fresh)
    kept = f" {left} dòng đã có trong bản soạn được giữ nguyên." if left else ""
    messages.success(
        request,
        f"Đã đưa {len(fresh)} dòng vào bản soạn theo dữ liệu quốc gia.{kept} "
        "Hãy xem lại nơi tiếp nhận.",
    )
    return redirect("procedures:list", decision.pk)
