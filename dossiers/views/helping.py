"""`/tiep-nhan/ho-tro-nop/`: a clerk writes down that somebody was helped to file on a portal (S1)."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST

from dossiers.acts import helping as acts
from dossiers.desk import helped as queries
from dossiers.desk import intake as procedures
from dossiers.desk.work import rail_counts
from dossiers.forms.fields import add_refusal
from dossiers.forms.helping import HelpForm
from dossiers.models.helping import OnlineHelp
from dossiers.views.desk_common import warn
from dossiers.views.intake_counter import counter_of, counters_of
from dossiers.views.intake_drafts import token_in
from onestop.accounts.access import access
from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.models import AccessKind, Agency, Role
from onestop.errors import DomainError
from onestop.templatetags.ui import undo
from procedures.models import ProcedureVersion


@require_http_methods(["GET", "HEAD", "POST"])
@officer_required(Role.CLERK)
def help_page(request: OfficerRequest) -> HttpResponse:
    """A procedure is found, then who was helped; below stand the last ones. The page sent twice is one
    help.
    """
    now = timezone.now()
    agency = counter_of(request)
    code = (request.POST if request.method == "POST" else request.GET).get("thu-tuc", "")
    version, _ = procedures.procedure(code[:60], timezone.localdate(now), agency)
    form = HelpForm(request.POST or None)
    if request.method == "POST" and version is not None and form.is_valid():
        try:
            row = _written(request, agency, version, form)
        except DomainError as error:
            add_refusal(form, error)
        else:
            back = undo(reverse("filing_help_undo", args=[row.pk]))
            messages.success(request, _words(request, row, form), extra_tags=back)
            return redirect(_address(request, agency))
    return _shown(request, agency, version, form)


def _written(
    request: OfficerRequest, agency: Agency, version: ProcedureVersion, form: HelpForm
) -> OnlineHelp:
    data = form.cleaned_data
    said = acts.Helped(
        agency,
        version.procedure,
        data["owner_name"],
        data["identity_number"],
        data["source_code"],
    )
    token = token_in(request.POST.get("token", ""))
    return acts.help_online(said, token=token, by=request.desk, at=timezone.now())


def _words(request: OfficerRequest, row: OnlineHelp, form: HelpForm) -> str:
    [line] = queries.told(request.desk, [row])
    code = ""
    if line.is_away and not form.cleaned_data["source_code"]:
        code = ", gắn với hồ sơ đã nộp, nơi khác tiếp nhận"
    elif row.source_code:
        code = f", gắn với hồ sơ {row.source_code}"
    return f"Đã ghi hỗ trợ nộp trực tuyến cho {row.owner_name or 'người đến quầy'}{code}."


def _address(request: OfficerRequest, agency: Agency) -> str:
    several = len(counters_of(request)) > 1
    return reverse("filing_help") + (f"?{urlencode({'co-quan': agency.pk})}" if several else "")


def _shown(
    request: OfficerRequest, agency: Agency, version: ProcedureVersion | None, form: HelpForm
) -> HttpResponse:
    now = timezone.now()
    on, q = timezone.localdate(now), request.GET.get("q", "").strip()[:200]
    page = queries.page(request.desk, now, after=request.GET.get("sau", ""))
    if page.rows:
        told = f"hỗ trợ nộp trực tuyến: {len(page.rows)} lượt"
        access(request, AccessKind.SEARCHED, "work", None, told)
    context: dict[str, Any] = {
        "agency": agency,
        "several": len(counters_of(request)) > 1,
        "version": version,
        "form": form,
        "q": q,
        "found": procedures.choices(q, on=on, agency=agency) if q and version is None else [],
        "recent": procedures.recent(request.user, on, agency) if version is None and not q else [],
        "token": uuid4(),
        "rows": page.rows,
        "next": _next(agency, version, q, page.next),
        "days": queries.DAYS,
        "rail_counts": rail_counts(request.desk, now)[1],
    }
    status = 422 if form.is_bound else 200
    return render(request, "dossiers/online/help.html", context, status=status)


def _next(agency: Agency, version: ProcedureVersion | None, q: str, after: str) -> str:
    """The next page of the list, with the procedure that was chosen or looked for; "" where it ends."""
    code = version.procedure.code if version is not None else ""
    said = {"co-quan": str(agency.pk), "thu-tuc": code, "q": q, "sau": after}
    return f"?{urlencode({name: value for name, value in said.items() if value})}" if after else ""


@require_POST
@officer_required(Role.CLERK)
def undo_help(request: OfficerRequest, pk: int) -> HttpResponse:
    """Hoàn tác: it counts no more."""
    row = get_object_or_404(queries.helps(request.desk).select_related("agency"), pk=pk)
    try:
        acts.take_back(row.pk, by=request.desk, at=timezone.now())
    except DomainError as error:
        warn(request, error)
    else:
        messages.success(request, "Đã hoàn tác lượt hỗ trợ nộp trực tuyến.")
    return redirect(_address(request, row.agency))
