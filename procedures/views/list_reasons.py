"""`/thu-tuc/quan-ly/danh-muc/mot-phan/`: services that published lists have on line only in part
without a reason (R-94), and a reason for those that are chosen, said in a draft.
"""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.models import Role
from onestop.errors import DomainError, say
from onestop.texts import whole_number
from procedures import rules
from procedures.domain import list_reasons, lists
from procedures.domain.lists import LineIn
from procedures.forms.lists import ReasonForm
from procedures.models import ListDecision, ListLine
from procedures.queries import names_of
from procedures.views.common import refuse
from procedures.views.list_common import (
    PAGE,
    READERS,
    chosen_lines,
    not_publishing,
    open_drafts,
    tabs,
    top_of,
)


def _form(request: OfficerRequest) -> ReasonForm:
    return ReasonForm(request.POST or None, drafts=open_drafts(request))


def _after(request: OfficerRequest) -> int:
    return whole_number(request.GET.get("sau", "")) or 0


def _page(request: OfficerRequest, form: ReasonForm) -> HttpResponse:
    agency = top_of(request)
    rows: list[ListLine] = []
    if agency is not None:
        lines = list_reasons.waiting(agency, timezone.localdate()).filter(pk__gt=_after(request))
        rows = list(lines.select_related("procedure", "decision").order_by("pk")[: PAGE + 1])
    more, rows = len(rows) > PAGE, rows[:PAGE]
    may_publish = bool(rules.may_publish_lists(request.desk))
    named = names_of({row.procedure_id for row in rows})
    context = {
        "rows": [(row, named.get(row.procedure_id, "")) for row in rows],
        "chosen": chosen_lines(request),
        "after": _after(request),
        "next_url": f"?sau={rows[-1].pk}" if more else "",
        "form": form,
        "may_publish": may_publish,
        # Without a draft to write into there is nothing to tick lines for.
        "may_say": may_publish and open_drafts(request).exists(),
        **tabs(request),
    }
    status = 422 if form.errors else 200
    return render(request, "procedures/lists/part_online.html", context, status=status)


@require_safe
@officer_required(*READERS)
def index(request: OfficerRequest) -> HttpResponse:
    """The lines in force or coming, in the order they were written."""
    return _page(request, _form(request))


@require_POST
@officer_required(Role.CONTROLLER)
def say_reasons(request: OfficerRequest) -> HttpResponse:
    """One reason of the chosen lines: they stand in the draft as they were, with it."""
    if refusal := not_publishing(request):
        return refusal
    form, agency = _form(request), top_of(request)
    if not form.is_valid() or agency is None:
        return _page(request, form)
    decision = form.cleaned_data["decision"]
    lines = list_reasons.waiting(agency, timezone.localdate()).filter(pk__in=chosen_lines(request))
    said = list_reasons.said_anew(
        lines.select_related("procedure"), form.cleaned_data["online_why"]
    )
    fresh = lists.new_to(decision, said)
    if not fresh:
        form.add_error(None, _why_none(said, decision))
        return _page(request, form)
    try:
        lists.put_lines(decision, fresh, seen=decision.revision)
    except DomainError as error:
        refuse(form, error)
        return _page(request, form)
    kept = len(said) - len(fresh)
    stayed = f" {kept} dòng đã có trong bản soạn được giữ nguyên." if kept else ""
    messages.success(request, f"Đã đưa {len(fresh)} dòng có lý do vào bản soạn.{stayed}")
    return redirect("procedures:list", decision.pk)


def _why_none(said: list[LineIn], decision: ListDecision) -> str:
    if said:
        return say("procedures.list_lines_there", {"number": decision.number})
    return say("procedures.list_no_lines")
