"""`/quan-tri/nguon-truc-tuyen/tai-khoan/`: by which accounts officers and offices file on portals."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from dossiers.acts import own_accounts as domain
from dossiers.forms.fields import add_refusal
from dossiers.forms.helping import OwnAccountForm
from dossiers.models.helping import OwnAccount
from dossiers.views.desk_common import warn
from onestop.accounts.access import access
from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.models import AccessKind, Agency
from onestop.errors import DomainError
from onestop.paging import by_numbers
from onestop.texts import whole_number

SHOWN = 100
# In use first, then the newest.
ORDER = by_numbers("stands", "pk", newest_first=True)


@require_http_methods(["GET", "HEAD", "POST"])
@officer_required(*domain.KEEPERS)
def accounts(request: OfficerRequest) -> HttpResponse:
    """Those of one agency; another of those below is chosen on top."""
    agencies = Agency.objects.under(*request.desk.paths_as(*domain.KEEPERS)).order_by("path")
    asked = whole_number(request.GET.get("co-quan", ""))
    agency = get_object_or_404(agencies, pk=asked) if asked is not None else agencies.first()
    form = OwnAccountForm(request.POST or None)
    if request.method == "POST" and agency is not None and form.is_valid():
        try:
            row = domain.keep_account(agency, form.value, by=request.desk, at=timezone.now())
        except DomainError as error:
            add_refusal(form, error)
        else:
            messages.success(request, f"Đã ghi tài khoản của {row.holder}.")
            return redirect(_address(agency.pk))
    kept = OwnAccount.objects.filter(agency=agency).select_related("made_by", "ended_by")
    page = ORDER.page(kept.with_stands(), size=SHOWN, after=request.GET.get("sau", ""))
    if agency is not None:
        access(request, AccessKind.VIEWED, "agency", agency.pk, "tài khoản nộp trực tuyến")
    context = {
        "agency": agency,
        "agencies": agencies,
        "form": form,
        "rows": page.rows,
        "next": f"{_address(agency.pk)}&sau={page.next}" if agency and page.next else "",
    }
    status = 422 if form.is_bound else 200
    return render(request, "dossiers/online/own_accounts.html", context, status=status)


@require_POST
@officer_required(*domain.KEEPERS)
def end(request: OfficerRequest, pk: int) -> HttpResponse:
    """Thôi dùng: what comes afterwards is not told apart by it."""
    under = Agency.objects.under(*request.desk.paths_as(*domain.KEEPERS))
    row = get_object_or_404(OwnAccount, pk=pk, agency__in=under.values("pk"))
    try:
        domain.end_account(row.pk, by=request.desk, at=timezone.now())
    except DomainError as error:
        warn(request, error)
    else:
        messages.success(request, f"Tài khoản của {row.holder} không dùng nữa.")
    return redirect(_address(row.agency_id))


def _address(agency_id: int) -> str:
    return f"{reverse('own_accounts')}?co-quan={agency_id}"
