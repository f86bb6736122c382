"""`/duyet-bo-sung/`: what an approver is to agree to himself (R-44, R-46)."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_POST, require_safe

from dossiers.acts import agreeing
from dossiers.models import Dossier
from dossiers.models.agreeing import Agreement
from dossiers.states import APPROVERS
from dossiers.views.answering import answered, page, taken_back
from onestop.accounts.http import OfficerRequest, officer_required


@require_safe
@officer_required(*APPROVERS)
def agreements(request: OfficerRequest) -> HttpResponse:
    """What waits for this approver, oldest first."""
    return page(request)


@require_POST
@officer_required(*APPROVERS)
def answer(request: OfficerRequest, pk: int) -> HttpResponse:
    """Yes, or no with the reason."""
    _seen_or_404(request, pk)
    return answered(request, pk, agreeing.answer, _called, of=Agreement, undone_at="agreement_undo")


@require_POST
@officer_required(*APPROVERS)
def undo_answer(request: OfficerRequest, pk: int) -> HttpResponse:
    """The own answer is taken back; it waits for one again."""
    _seen_or_404(request, pk)
    return taken_back(request, pk, agreeing.take_back, _called)


def _called(row: Agreement) -> str:
    return f"yêu cầu bổ sung của hồ sơ {row.dossier.code}"


def _seen_or_404(request: OfficerRequest, pk: int) -> None:
    if not Dossier.objects.visible_to(request.desk).filter(agreements=pk).exists():
        raise Http404
