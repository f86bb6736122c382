"""The controller's desk: versions that wait for their term, dates to verify, what imports did."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.models import Role
from onestop.errors import DomainError, say, sentence
from onestop.results import Denied
from onestop.texts import whole_number
from procedures import rules
from procedures.domain.confirming import (
    abolish,
    confirm_many,
    confirm_terms,
    set_supplement_mode,
    verify_dates,
)
from procedures.domain.questions import questions_of
from procedures.forms import (
    BulkTerms,
    ConfirmForm,
    DatesForm,
    ModeForm,
    PublicationForm,
    QueueFilter,
)
from procedures.models import CatalogueAct, ImportRun, ProcedureVersion, Status
from procedures.queries import (
    catalogue_counts,
    unverified_decisions,
    unverified_page,
    waiting_fields,
    waiting_page,
    waiting_texts,
    waiting_versions,
    whole,
)

MANY = 500


@officer_required(Role.CONTROLLER, Role.ADMINISTRATOR)
@require_safe
def queue(request: OfficerRequest) -> HttpResponse:
    """Versions "chờ xác nhận thời hạn" with filters; a reading for many at once."""
    return _queue_page(request)


def _queue_page(request: OfficerRequest, refused: BulkTerms | None = None) -> HttpResponse:
    """The queue; with a refused reading for many it comes back as it was sent."""
    form = QueueFilter(request.GET)
    asked: dict[str, Any] = form.cleaned_data if form.is_valid() else {}
    filters: dict[str, Any] = {
        "field_id": asked.get("linh_vuc"),
        "term_text": asked.get("thoi_han") or "",
    }
    page = waiting_page(after=asked.get("sau") or "", **filters)
    kept = {
        name: value
        for name, value in (("linh_vuc", filters["field_id"]), ("thoi_han", filters["term_text"]))
        if value
    }
    return render(
        request,
        "procedures/control/queue.html",
        {
            "page": page,
            "next_url": f"{reverse('procedures:control')}?{urlencode(kept | {'sau': page.next})}"
            if page.next
            else "",
            "kept": urlencode(kept),
            "refused": refused,
            "picked": [int(value) for value in _picked(request)],
            "field_id": filters["field_id"],
            "term_text": filters["term_text"],
            "fields": waiting_fields(),
            "texts": waiting_texts(filters["field_id"]),
            "counts": catalogue_counts(timezone.localdate()),
            "last_run": ImportRun.objects.filter(what="procedures").first(),
            "may_confirm": bool(rules.may_decide(request.desk)),
            "refusal": _why_not(request) if request.desk.has(Role.CONTROLLER) else "",
        },
        status=422 if refused is not None else 200,
    )


def _picked(request: OfficerRequest) -> list[str]:
    """The versions picked in a list, as sent."""
    return [
        value for value in request.POST.getlist("version")[:MANY] if whole_number(value) is not None
    ]


@officer_required(Role.CONTROLLER)
@require_POST
def bulk(request: OfficerRequest) -> HttpResponse:
    """One reading for the picked versions; what could not take it is named."""
    if refusal := _refused_page(request):
        return refusal
    known = waiting_versions().filter(id__in=_picked(request)).values_list("id", flat=True)
    form = BulkTerms(request.POST, versions=known)
    if not form.is_valid():
        return _queue_page(request, refused=form)
    data = form.cleaned_data
    result = confirm_many(
        data["version"], term=data["term"], by=request.user, at=timezone.now(), note=data["note"]
    )
    if result.confirmed:
        messages.success(
            request, f"Đã xác nhận “{data['term']}” cho {len(result.confirmed)} thủ tục."
        )
    codes = dict(
        ProcedureVersion.objects.filter(id__in=[one for one, _ in result.skipped]).values_list(
            "id", "procedure__code"
        )
    )
    for version_id, reason in result.skipped:
        messages.warning(request, f"{codes.get(version_id, '')}: {_short(reason)}")
    return redirect(reverse("procedures:control") + _filters(request))


@officer_required(Role.CONTROLLER)
def confirm(request: OfficerRequest, version_id: int) -> HttpResponse:
    """One waiting version: the record's words, the proposals, a field of one's own; then on to the
    next.
    """
    version = get_object_or_404(whole(ProcedureVersion.objects.all()), pk=version_id)
    if refusal := _refused_page(request):
        return refusal
    if version.status != Status.NEEDS_TERM:
        return redirect("procedures:history", code=version.code)
    questions = questions_of(version)
    form = ConfirmForm(request.POST or None, version=version, questions=questions)
    if request.method == "POST" and form.is_valid():
        try:
            confirm_terms(
                version.pk,
                readings=form.readings(),
                by=request.user,
                at=timezone.now(),
                note=form.cleaned_data["note"],
            )
        except DomainError as error:
            if (
                error.code == "procedures.term_confirmed"
            ):  # somebody was first: there is nothing left to correct here
                messages.error(request, sentence(error))
                return redirect(reverse("procedures:control") + _filters(request))
            _refuse(form, error)
        else:
            messages.success(request, f"Đã xác nhận thời hạn của thủ tục {version.code}.")
            return redirect(_next_waiting(request, version.code))
    return render(
        request,
        "procedures/control/confirm.html",
        {
            "version": version,
            "form": form,
            "filters": _filters(request),
            "left": waiting_versions().count(),
        },
        status=422 if form.is_bound else 200,
    )


@officer_required(Role.CONTROLLER)
def dates(request: OfficerRequest) -> HttpResponse:
    """Versions in force since their import only: give them their decision and day, many at once."""
    if refusal := _refused_page(request):
        return refusal
    decision = str(request.GET.get("quyet-dinh", ""))[:100]
    page = unverified_page(decision=decision, after=str(request.GET.get("sau", ""))[:40])
    picked = _picked(request)
    known = (
        ProcedureVersion.objects.unverified().filter(id__in=picked).values_list("id", flat=True)
        if picked
        else []
    )
    form = DatesForm(
        request.POST or None,
        versions=known,
        initial={"decision": decision},
        on=timezone.localdate(),
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            number = verify_dates(
                data["version"],
                decision=data["decision"],
                signed=data["signed"],
                effective=data["effective"],
                by=request.user,
                at=timezone.now(),
            )
        except DomainError as error:
            _refuse(form, error)
        else:
            messages.success(request, f"Đã ghi quyết định {data['decision']} cho {number} thủ tục.")
            return redirect("procedures:dates")
    kept = {"quyet-dinh": decision} if decision else {}
    return render(
        request,
        "procedures/control/dates.html",
        {
            "form": form,
            "page": page,
            "decision": decision,
            "decisions": unverified_decisions(),
            "picked": {int(value) for value in picked},
            "next_url": f"?{urlencode(kept | {'sau': page.next})}" if page.next else "",
        },
        status=422 if form.is_bound else 200,
    )


@officer_required(Role.CONTROLLER, Role.ADMINISTRATOR)
@require_safe
def runs(request: OfficerRequest) -> HttpResponse:
    """The last imports and every record that was refused or waits, with place and reason."""
    return render(
        request,
        "procedures/control/runs.html",
        {
            "runs": ImportRun.objects.select_related("by")[:10],
            "may_confirm": bool(rules.may_decide(request.desk)),
        },
    )


@officer_required(Role.CONTROLLER, Role.ADMINISTRATOR)
@require_safe
def history(request: OfficerRequest, code: str) -> HttpResponse:
    """All versions of a code, and what was done to them."""
    return _history_page(request, code, PublicationForm())


def _versions(code: str) -> list[ProcedureVersion]:
    return list(
        ProcedureVersion.objects.filter(procedure__code=code)
        .select_related("procedure", "field")
        .order_by("-number")
    )


def _history_page(
    request: OfficerRequest, code: str, form: PublicationForm, mode_form: ModeForm | None = None
) -> HttpResponse:
    versions = _versions(code)
    if not versions:
        return render(request, "procedures/gone.html", {"code": code}, status=404)
    ready = [version for version in versions if version.status == Status.READY]
    decides = bool(rules.may_decide(request.desk))
    if mode_form is None and ready and decides:
        mode_form = ModeForm(versions=ready)
    acts = (
        CatalogueAct.objects.filter(version__in=versions)
        .select_related("by", "version")
        .order_by("-at", "-id")
    )
    may_abolish = decides and versions[0].status != Status.ABOLISHED
    context = {
        "versions": versions, "version": versions[0], "acts": acts, "may_abolish": may_abolish, "form": form, "mode_form": mode_form,
        "refusal": _why_not(request) if request.desk.has(Role.CONTROLLER) else "",
    }  # fmt: skip
    refused = form.is_bound or (mode_form is not None and mode_form.is_bound)
    return render(
        request, "procedures/control/history.html", context, status=422 if refused else 200
    )


@officer_required(Role.CONTROLLER)
@require_POST
def mode(request: OfficerRequest, code: str) -> HttpResponse:
    """What completion does to the term of dossiers of a published version, from now on."""
    ready = [version for version in _versions(code) if version.status == Status.READY]
    if ready and (refusal := _refused_page(request)):
        return refusal
    form = ModeForm(request.POST, versions=ready)
    if form.is_valid():
        data = form.cleaned_data
        try:
            set_supplement_mode(
                data["version"],
                mode=data["mode"],
                basis=data["basis"],
                by=request.user,
                at=timezone.now(),
            )
        except DomainError as error:
            _refuse(form, error)
        else:
            messages.success(request, f"Đã đổi cách tính thời hạn khi bổ sung của thủ tục {code}.")
            return redirect("procedures:history", code=code)
    return _history_page(request, code, PublicationForm(), form)


@officer_required(Role.CONTROLLER)
@require_POST
def abolition(request: OfficerRequest, version_id: int) -> HttpResponse:
    """Abolishes the procedure from a day on, by a decision."""
    version = get_object_or_404(ProcedureVersion.objects.select_related("procedure"), pk=version_id)
    if refusal := _refused_page(request):
        return refusal
    form = PublicationForm(request.POST, on=timezone.localdate())
    if form.is_valid():
        data = form.cleaned_data
        try:
            abolish(
                version.pk,
                decision=data["decision"],
                signed=data["signed"],
                effective=data["effective"],
                by=request.user,
                at=timezone.now(),
            )
        except DomainError as error:
            _refuse(form, error)
        else:
            messages.success(
                request, f"Thủ tục {version.code} bãi bỏ từ {data['effective']:%d/%m/%Y}."
            )
            return redirect("procedures:history", code=version.code)
    return _history_page(request, version.code, form)


def _why_not(request: OfficerRequest) -> str:
    answer = rules.may_decide(request.desk)
    return say(answer.code, answer.data) if isinstance(answer, Denied) else ""


def _refused_page(request: OfficerRequest) -> HttpResponse | None:
    """403 with the reason for a controller who may read the catalogue and not decide about it."""
    refusal = _why_not(request)
    return (
        render(request, "procedures/control/not_publisher.html", {"refusal": refusal}, status=403)
        if refusal
        else None
    )


def _filters(request: OfficerRequest) -> str:
    """The queue's filters of this address, as its query string."""
    kept = {name: request.GET[name] for name in ("linh_vuc", "thoi_han") if request.GET.get(name)}
    return f"?{urlencode(kept)}" if kept else ""


def _next_waiting(request: OfficerRequest, code: str) -> str:
    """The next version of the queue after this code, under the same filters; the queue when there
    is none.
    """
    form = QueueFilter(request.GET)
    asked: dict[str, Any] = form.cleaned_data if form.is_valid() else {}
    rows = waiting_versions(
        field_id=asked.get("linh_vuc"), term_text=asked.get("thoi_han") or ""
    ).order_by("procedure__code", "id")
    following = rows.filter(procedure__code__gt=code).values_list("id", flat=True).first()
    if following is None:
        return reverse("procedures:control") + _filters(request)
    return reverse("procedures:confirm", args=[following]) + _filters(request)


def _refuse(form: BaseForm, error: DomainError) -> None:
    """What the domain refused, beside its field when the form has it, on top otherwise; nothing
    typed is lost.
    """
    form.add_error(error.field if error.field in form.fields else None, sentence(error))


def _short(code: str) -> str:
    """The sentence of a reason that needs no data; the others say that somebody was first."""
    if code == "procedures.several_cases":
        return say(code)
    return "vừa có người xác nhận trước, không ghi đè."
