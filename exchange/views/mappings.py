"""`/quan-tri/anh-xa/`: the dated tables by which messages of other systems are read."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from dossiers.acts.filings import may_keep_source
from dossiers.models.dossier import OwnerKind
from exchange.forms import MappingForm
from exchange.models import Door, Mapping
from onestop.accounts.access import access
from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.models import AccessKind, Role
from onestop.errors import say
from onestop.forms import day_of
from onestop.results import Denied
from procedures import rules

KEEPERS = (Role.ADMINISTRATOR, Role.CONTROLLER)


@require_http_methods(["GET", "HEAD", "POST"])
@officer_required(*KEEPERS)
def mappings(request: OfficerRequest) -> HttpResponse:
    """All rows, and a new one. Looked at by every keeper; changed by who keeps the source."""
    doors = Door.objects.filter(ended_at=None).select_related("source__agency")
    mine = [door for door in doors if may_keep_source(request.desk, door.source)]
    since = day_of(request.GET.get("tu", "")) or timezone.localdate()
    first = {"foreign": request.GET.get("ma", "")[:60], "valid_from": since}
    form = MappingForm(request.POST or None, doors=mine, initial=first) if mine else None
    if request.method == "POST" and form is not None and form.is_valid() and (made := form.made()):
        _told(request, made, "thêm dòng ánh xạ")
        messages.success(
            request, f"Đã thêm dòng ánh xạ {made}. Hãy đọc lại các thông điệp giữ lại."
        )
        return redirect("exchange_mappings")
    rows = Mapping.objects.select_related("door__source", "procedure")
    context = {"rows": rows, "form": form, "doors": list(doors)}
    pulls = bool(rules.may_import(request.desk))
    is_wrong = request.method == "POST"
    return render(
        request,
        "exchange/mappings.html",
        {**context, "pulls": pulls},
        status=422 if is_wrong else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@officer_required(*KEEPERS)
def mapping(request: OfficerRequest, pk: int) -> HttpResponse:
    """One row: what it says; ended on a day, never erased. What changed is a row of its own."""
    row = get_object_or_404(
        Mapping.objects.select_related("door__source__agency", "procedure"), pk=pk
    )
    answer = may_keep_source(request.desk, row.door.source)
    if request.method == "POST":
        if isinstance(answer, Denied):
            messages.error(request, say(answer.code, answer.data))
        elif row.valid_to is None:
            row.valid_to = timezone.localdate()
            row.save(update_fields=["valid_to"])
            _told(request, row, "kết thúc dòng ánh xạ")
            messages.success(request, f"Dòng {row} dùng đến hết hôm nay.")
        return redirect("exchange_mapping", pk=row.pk)
    owners = [(code, OwnerKind(kind).label) for code, kind in row.owners]
    context = {"row": row, "may": bool(answer), "owners": owners}
    return render(request, "exchange/mapping.html", context)


def _told(request: OfficerRequest, row: Mapping, what: str) -> None:
    source = row.door.source
    about = source.agency_id or (request.desk.agency.pk if request.desk.agency else None)
    access(request, AccessKind.AGENCY_CHANGED, "agency", about, f"{what}: {source}, {row}")
