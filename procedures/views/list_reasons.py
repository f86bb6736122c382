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
from onestop.errors import DomainError
from onestop.errors import say as say_why
from onestop.texts import whole_number
from procedures import rules
from procedures.domain import list_reasons, lists
from procedures.domain.lists import LineIn
from procedures.forms.lists import ReasonForm
from procedures.models import ListDecision, ListLine
from procedures.queries import names_of
from procedures.views.common import refuse, refused_page
from procedures.views.list_common import READERS, open_drafts, tabs, top_of

PAGE = 100


def _form(request: OfficerRequest) -> ReasonForm:
    return ReasonForm(request.POST or None, drafts=open_drafts(request))


def _after(request: OfficerRequest) -> int:
    return whole_number(request.GET.get("sau", "")) or 0


def _chosen(request: OfficerRequest) -> list[int]:
    found = (whole_number(text) for text in request.POST.getlist("line")[:PAGE])
    return [pk for pk in found if pk is not None]


def _page(request: OfficerRequest, form: ReasonForm) -> HttpResponse:
    agency, today = top_of(request), timezone.localdate()
    rows: list[ListLine] = []
    if agency is not None:
        lines = list_reasons.waiting(agency, today).filter(pk__gt=_after(request))
        rows = list(lines.select_related("procedure", "decision").order_by("pk")[: PAGE + 1])
    more, rows = len(rows) > PAGE, rows[:PAGE]
    named = names_of({row.procedure_id for row in rows})
    context = {
        "rows": [(row, named.get(row.procedure_id, "")) for row in rows],
        "chosen": _chosen(request),
        "after": _after(request),
        "next_url": f"?sau={rows[-1].pk}" if more else "",
        "today": today,
        "form": form,
        "has_drafts": open_drafts(request).exists(),
        "may_publish": bool(rules.may_publish_lists(request.desk)),
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
def say(request: OfficerRequest) -> HttpResponse:
    """One reason of the chosen lines: they stand in the draft as they were, with it."""
    if refusal := refused_page(request):
        return refusal
    form, agency = _form(request), top_of(request)
    if not form.is_valid() or agency is None:
        return _page(request, form)
    decision, today = form.cleaned_data["decision"], timezone.localdate()
    lines = list_reasons.waiting(agency, today).filter(pk__in=_chosen(request))
    said = list_reasons.said_anew(
        lines.select_related("procedure"), form.cleaned_data["online_why"]
    )
    # What a person wrote in the draft is never said anew from here.
    stands = set(decision.lines.values_list("procedure__code", "counter"))
    fresh = [one for one in said if (one.code, one.counter) not in stands]
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
        return say_why("procedures.list_lines_there", {"number": decision.number})
    return say_why("procedures.list_no_lines")
