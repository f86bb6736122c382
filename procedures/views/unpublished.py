"""`/thu-tuc/quan-ly/chua-cong-bo/`: procedures received under a text until they are published."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import F, QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.models import Agency, Role
from onestop.errors import DomainError, sentence
from onestop.files.responses import serve
from procedures import rules
from procedures.domain import unpublished as domain
from procedures.forms.unpublished import MoveForm, UnpublishedForm
from procedures.hooks import NOTHING, received
from procedures.models import Kind, ProcedureVersion, Unpublished
from procedures.queries import whole
from procedures.views.common import refuse, refused_page

READERS = (Role.CONTROLLER, Role.LEADER, Role.ADMINISTRATOR)
MOST = 200


def _seen(request: OfficerRequest) -> QuerySet[Unpublished]:
    above = {pk for agency in request.desk.agencies for pk in agency.lineage}
    rows = Unpublished.objects.filter(agency__in=above)
    return rows.select_related("procedure", "published_as", "entered_by", "published_by")


def _tabs(request: OfficerRequest) -> dict[str, Any]:
    return {
        "controller": request.desk.has(Role.CONTROLLER),
        "decides": bool(rules.may_decide(request.desk)),
    }


@require_safe
@officer_required(*READERS)
def index(request: OfficerRequest) -> HttpResponse:
    """What waits for its publication, the longest first, then what was moved. Three queries."""
    rows = list(
        _seen(request).order_by(F("published_at").desc(nulls_first=True), "effective_on", "pk")[
            :MOST
        ]
    )
    procedures = [row.procedure_id for row in rows]
    versions: dict[int, list[ProcedureVersion]] = {pk: [] for pk in procedures}
    for version in ProcedureVersion.objects.filter(procedure__in=procedures).order_by("number"):
        versions[version.procedure_id].append(version)
    counted = received(one.pk for found in versions.values() for one in found)
    today = timezone.localdate()
    lines = [
        {
            "row": row,
            "name": versions[row.procedure_id][0].name,
            "dossiers": sum(counted.get(v.pk, NOTHING).every for v in versions[row.procedure_id]),
            "days": row.days_waiting(today),
            "ended": versions[row.procedure_id][-1].kind == Kind.ABOLISHED,
        }
        for row in rows
    ]
    context = {
        "waiting": [one for one in lines if not one["ended"]],
        "done": [one for one in lines if one["ended"]],
        "today": today,
        **_tabs(request),
    }
    return render(request, "procedures/unpublished/index.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@officer_required(Role.CONTROLLER)
def new(request: OfficerRequest) -> HttpResponse:
    """Basis, papers, term and fee as the text has them, with the text itself."""
    if refusal := refused_page(request):
        return refusal
    agency = request.desk.agency
    assert agency is not None
    form = UnpublishedForm(request.POST or None, request.FILES or None, on=timezone.localdate())
    if request.method == "POST" and form.is_valid():
        top = Agency.objects.get(pk=agency.lineage[0])
        try:
            made = domain.enter(
                form.entry(), text=form.cleaned_data["file"], agency=top, by=request.user,
                at=timezone.now(),
            )  # fmt: skip
        except DomainError as error:
            # What the store says of files is said of the one there is.
            field = "file" if error.field == "files" else error.field
            form.add_error(field if field in form.fields else None, sentence(error))
        else:
            messages.success(request, "Đã nhập. Quầy nhận hồ sơ từ ngày văn bản có hiệu lực.")
            return redirect("procedures:unpublished", made.pk)
    status = 422 if form.is_bound else 200
    return render(request, "procedures/unpublished/new.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@officer_required(*READERS)
def show(request: OfficerRequest, pk: int) -> HttpResponse:
    """One of them; the controller on top moves it under the published procedure here."""
    row = get_object_or_404(_seen(request), pk=pk)
    decides = bool(rules.may_decide(request.desk))
    if request.method == "POST" and (refusal := refused_page(request)):
        return refusal
    form = MoveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = domain.move(row, by=request.user, at=timezone.now(), **form.cleaned_data)
        except DomainError as error:
            refuse(form, error)
        else:
            code = made.published_as.code if made.published_as else ""
            messages.success(
                request, f"Từ nay nhận theo thủ tục {code}. Hồ sơ đã nhận giữ nguyên căn cứ cũ."
            )
            return redirect("procedures:unpublished", pk)
    versions = whole(ProcedureVersion.objects.filter(procedure=row.procedure_id))
    found = list(versions.order_by("number"))
    counted = received(one.pk for one in found)
    context = {
        "row": row,
        "version": found[0],
        "case": found[0].cases.all()[0],
        "ended": found[-1] if found[-1].kind == Kind.ABOLISHED else None,
        "dossiers": sum(one.every for one in counted.values()),
        "days": row.days_waiting(timezone.localdate()),
        "form": form,
        "may_move": decides and row.published_as_id is None and found[-1].kind != Kind.ABOLISHED,
    }
    status = 422 if form.is_bound else 200
    return render(request, "procedures/unpublished/show.html", context, status=status)


@require_safe
def text(request: HttpRequest, code: str) -> FileResponse:
    """The text that a procedure is received under, for everybody."""
    row = get_object_or_404(Unpublished, procedure__code=code)
    kept = domain.text_of(row)
    if kept is None:
        raise Http404
    return serve(kept, inline=True)
