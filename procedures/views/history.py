"""All versions of a procedure, what was done to them, and what may still be done."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.models import Role
from onestop.errors import DomainError
from procedures import rules
from procedures.domain.confirming import set_supplement_mode
from procedures.domain.correcting import changes_of
from procedures.domain.publishing import abolish
from procedures.domain.taking_back import judge
from procedures.forms import ModeForm, PublicationForm
from procedures.hooks import NOTHING, open_list, received
from procedures.models import ActKind, CatalogueAct, ProcedureVersion, Status
from procedures.views.common import refuse, refused_page, why_not


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
    newest = next(version for version in versions if version.effective_to is None)
    context = {
        "versions": _lines(versions, decides=decides),
        "version": newest,
        "acts": _acts(versions),
        "may_abolish": decides and newest.status != Status.ABOLISHED,
        "form": form,
        "mode_form": mode_form,
        "refusal": why_not(request) if request.desk.has(Role.CONTROLLER) else "",
    }
    refused = form.is_bound or (mode_form is not None and mode_form.is_bound)
    return render(
        request, "procedures/control/history.html", context, status=422 if refused else 200
    )


def _lines(versions: list[ProcedureVersion], *, decides: bool) -> list[dict[str, object]]:
    """Each version with its dossiers and what may be done to it. Two queries."""
    today = timezone.localdate()
    counted = received([one.pk for one in versions])
    verdicts = judge(versions, today) if decides else {}
    return [
        {
            "version": one,
            "counted": counted.get(one.pk, NOTHING),
            "open_list": open_list(one.pk) if one.pk in counted else "",
            "may_correct": decides and _is_published(one),
            "may_take_back": bool(verdicts.get(one.pk)),
        }
        for one in versions
    ]


def _is_published(version: ProcedureVersion) -> bool:
    over = version.effective_to is not None and version.effective_to <= max(
        timezone.localdate(), version.effective_from
    )
    return version.status == Status.READY and not over


def _acts(versions: list[ProcedureVersion]) -> list[tuple[CatalogueAct, object, list[str]]]:
    """What was done, newest first; a correction with what it changed, a confirmation with how it
    reads the record's words: ways that read alike are one line.
    """
    acts = (
        CatalogueAct.objects.filter(version__in=versions)
        .select_related("by", "version", "answer")
        .order_by("-at", "-id")
    )
    return [
        (act, changes_of(act.content), [])
        if act.kind == ActKind.CORRECTION
        else (act, [], _readings(act))
        for act in acts
    ]


def _readings(act: CatalogueAct) -> list[str]:
    return list(
        dict.fromkeys(
            f"{row['case']}: “{row['term_text']}” đọc là {row['term']}"
            for row in act.content.get("rows", [])
        )
    )


@officer_required(Role.CONTROLLER)
@require_POST
def mode(request: OfficerRequest, code: str) -> HttpResponse:
    """What completion does to the term of dossiers of a published version, from now on."""
    ready = [version for version in _versions(code) if version.status == Status.READY]
    if ready and (refusal := refused_page(request)):
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
            refuse(form, error)
        else:
            messages.success(request, f"Đã đổi cách tính thời hạn khi bổ sung của thủ tục {code}.")
            return redirect("procedures:history", code=code)
    return _history_page(request, code, PublicationForm(), form)


@officer_required(Role.CONTROLLER)
@require_POST
def abolition(request: OfficerRequest, version_id: int) -> HttpResponse:
    """Abolishes the procedure from a day on, by a decision."""
    version = get_object_or_404(ProcedureVersion.objects.select_related("procedure"), pk=version_id)
    if refusal := refused_page(request):
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
            refuse(form, error)
        else:
            messages.success(
                request, f"Thủ tục {version.code} bãi bỏ từ {data['effective']:%d/%m/%Y}."
            )
            return redirect("procedures:history", code=version.code)
    return _history_page(request, version.code, form)
