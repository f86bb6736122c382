"""`/quan-tri/mot-cua/tai-khoan/`: the bank account that an office shows to payers: proposed by its
administrator, confirmed by somebody else.
"""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from dossiers.acts import bank_accounts as domain
from dossiers.forms.banking import BankAccountForm
from dossiers.forms.fields import add_refusal
from dossiers.models.banking import BankAccount
from dossiers.views.desk_common import warn
from dossiers.views.office import READERS
from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.models import Agency
from onestop.errors import DomainError
from onestop.texts import whole_number

CONFIRM, END = "xac-nhan", "thoi-dung"
SHOWN = 50


@require_http_methods(["GET", "HEAD", "POST"])
@officer_required(*READERS)
def accounts(request: OfficerRequest) -> HttpResponse:
    """What payers are shown now, what waits for a second person, what was before."""
    desk, now = request.desk, timezone.now()
    agencies = Agency.objects.under(*desk.paths_as(*READERS)).filter(is_one_stop=True)
    asked = whole_number(request.GET.get("co-quan", ""))
    agency = get_object_or_404(agencies, pk=asked) if asked is not None else agencies.first()
    if agency is None:
        return redirect("office_settings")
    may_propose = bool(domain.may_propose(desk, agency))
    form = BankAccountForm(request.POST or None) if may_propose else None
    if request.method == "POST":
        if form is None:
            messages.error(request, "Chỉ quản trị của cơ quan đề nghị được tài khoản.")
            return redirect(f"{request.path}?co-quan={agency.pk}")
        if form.is_valid():
            try:
                domain.propose(agency, form.value, by=desk, at=now)
            except DomainError as error:
                add_refusal(form, error)
            else:
                said = (
                    "Đã ghi đề nghị: dùng được khi đầu mối kiểm soát hoặc lãnh đạo khác xác nhận."
                )
                messages.success(request, said)
                return redirect(f"{request.path}?co-quan={agency.pk}")
    rows = BankAccount.objects.filter(agency=agency).select_related(
        "agency", "proposed_by", "confirmed_by", "ended_by"
    )
    context = {
        "agency": agency,
        "agencies": agencies,
        "form": form,
        "shown": BankAccount.objects.in_force(agency.pk, timezone.localdate(now)),
        "rows": [
            (row, bool(domain.may_confirm(desk, row)), bool(domain.may_end(desk, row)))
            for row in rows[:SHOWN]
        ],
    }
    status = 422 if form is not None and form.is_bound else 200
    return render(request, "dossiers/bank_accounts.html", context, status=status)


@require_POST
@officer_required(*READERS)
def settle(request: OfficerRequest, pk: int, what: str) -> HttpResponse:
    """Confirmed by a second person, or shown to payers no more."""
    verbs = {
        CONFIRM: (domain.confirm, "Đã xác nhận: người nộp thấy tài khoản này từ ngày đã ghi."),
        END: (domain.end, "Tài khoản không dùng nữa: người nộp không thấy từ bây giờ."),
    }
    if what not in verbs:
        raise Http404
    under = Agency.objects.under(*request.desk.paths_as(*READERS))
    row = get_object_or_404(BankAccount, pk=pk, agency__in=under.values("pk"))
    verb, said = verbs[what]
    try:
        verb(row.pk, by=request.desk, at=timezone.now())
    except DomainError as error:
        warn(request, error)
    else:
        messages.success(request, said)
    return redirect(f"{reverse('bank_accounts')}?co-quan={row.agency_id}")
