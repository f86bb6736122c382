"""`/bao-cao/tai-khoan/`: how accounts are used, for whoever controls an agency or what lies above it."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from onestop.accounts.access import access
from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.models import AccessKind, Agency, Role
from reports import using
from reports.views.statutory import TYPES


@require_safe
@officer_required(Role.CONTROLLER)
def account_use(request: OfficerRequest) -> HttpResponse:
    """`ngay`: after how many days an account stands out; `coquan`: whose accounts are named."""
    use = _use(request)
    shown = _chosen(request, use)
    detail = f"sử dụng tài khoản: {len(use.lines)} cơ quan"
    if shown is not None:
        detail += f", tài khoản của {shown.code}"
    access(request, AccessKind.VIEWED, "report", None, detail)
    context = {
        "use": use,
        "spans": [(days, days == use.days) for days in sorted(using.DAYS)],
        "shown": shown,
        "people": use.people_of(shown) if shown is not None else [],
        "waiting": sum(line.to_do for line in use.lines),
    }
    return render(request, "reports/using.html", context)


@require_safe
@officer_required(Role.CONTROLLER)
def account_use_file(request: OfficerRequest) -> HttpResponse:
    """All agencies, and the accounts of all of them."""
    use = _use(request)
    detail = f"sử dụng tài khoản: {len(use.people)} tài khoản, xlsx"
    access(request, AccessKind.DOWNLOADED, "report", None, detail)
    answer = HttpResponse(using.xlsx(use), content_type=TYPES["xlsx"])
    answer["Content-Disposition"] = 'attachment; filename="su-dung-tai-khoan.xlsx"'
    return answer


def _use(request: OfficerRequest) -> using.Use:
    """Of the agencies that the officer controls, and all below them. Errors: Http404."""
    asked = request.GET.get("ngay", str(using.DAYS[0]))
    if asked not in map(str, using.DAYS):
        raise Http404
    mine = Agency.objects.under(*request.desk.paths_as(Role.CONTROLLER)).order_by("path")
    return using.of(mine, int(asked), timezone.now())


def _chosen(request: OfficerRequest, use: using.Use) -> Agency | None:
    """What the address names; where there is one only, that one. Errors: Http404."""
    code = request.GET.get("coquan", "")
    if not code:
        return use.lines[0].agency if len(use.lines) == 1 else None
    found = next((line.agency for line in use.lines if line.agency.code == code), None)
    if found is None:
        raise Http404
    return found
