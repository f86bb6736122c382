"""A filing that fits is received by one key on its own page: judged exactly as the counter's form would
judge it, and opened there as soon as anything is to be looked at (R-40).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from dossiers import rules
from dossiers.acts import filings as acts
from dossiers.acts import reception
from dossiers.desk import intake as procedures
from dossiers.desk import online as queries
from dossiers.forms.intake import RECEIVE
from dossiers.intake.online import content_of
from dossiers.intake.said import FILES
from dossiers.models import OnlineFiling
from dossiers.views.intake_filed import typed_of
from dossiers.views.intake_form import judge_choice, judge_papers, judge_repeats
from dossiers.views.intake_sheet import Sheet
from onestop.accounts.access import access
from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.models import AccessKind, Role
from onestop.errors import DomainError, say, sentence
from onestop.files.models import Attachment
from onestop.files.responses import serve
from onestop.results import Denied
from onestop.signatures.checking import DOUBTFUL

if TYPE_CHECKING:
    from dossiers.forms.intake import IntakeForm

_TOKENS = UUID("6f1f8c1e-6d0c-4c3e-9a50-0e7d5f7b3a40")


@dataclass(frozen=True, slots=True)
class Fit:
    """What the counter's form says of a filing as it came. `problems`: sentences, none where it may
    be received at once; `fee`, `promise`: told beside the button.
    """

    problems: tuple[str, ...]
    sheet: Sheet | None = None
    form: IntakeForm | None = None

    def __bool__(self) -> bool:
        return not self.problems


def fit_of(request: OfficerRequest, filing: OnlineFiling, now: datetime) -> Fit:
    """Judged as if the clerk had typed what came and pressed Tiếp nhận; nothing is written."""
    if filing.procedure is None:
        return Fit((say("online_fit_procedure"),))
    version, answer = procedures.procedure(
        filing.procedure.code, timezone.localdate(now), filing.agency
    )
    if isinstance(answer, Denied):
        return Fit((say(answer.code, answer.data),))
    if version is None:
        return Fit((say("online_fit_procedure"),))
    # The same page for whoever presses, so that two presses make one dossier.
    token = uuid5(_TOKENS, f"{filing.pk} {filing.filed_at.isoformat()}")
    sheet = Sheet(request, version, token, typed_of(filing), now)
    form = sheet.checked_form(RECEIVE)
    judge_choice(sheet, form)
    judge_papers(sheet, form)
    judge_repeats(sheet, form)
    found = [str(line) for lines in form.errors.values() for line in lines]
    short = [row.paper.name for row in sheet.rows if row.is_left_out]
    if short:
        found.append(
            say("online_fit_papers", {"papers": "; ".join(short[:3]), "count": len(short)})
        )
    found += [said.text for said in queries.beside(filing) if said.is_odd]
    if doubtful := list(
        Attachment.objects.of(FILES, filing.pk)
        .filter(signature__in=DOUBTFUL)
        .values_list("name", flat=True)
    ):
        found.append(say("online_fit_signatures", {"files": "; ".join(doubtful[:3])}))
    return Fit(tuple(dict.fromkeys(found)), sheet, form)


@require_POST
@officer_required(Role.CLERK)
def accept(request: OfficerRequest, pk: int) -> HttpResponse:
    """Tiếp nhận ngay; what has anything to be looked at opens the form instead."""
    filing = _filing(request, pk)
    if filing.dossier is not None:
        return redirect("intake_done", code=filing.dossier.code)
    now = timezone.now()
    if not filing.is_waiting:
        messages.error(request, sentence(acts.not_waiting(filing)))
        return redirect("online_filing", pk=filing.pk)
    seen = request.POST.get("seen", "")
    if seen and seen != content_of(filing):
        messages.error(request, say("online_revised"))
        return redirect("online_filing", pk=filing.pk)
    fit = fit_of(request, filing, now)
    if not fit or fit.sheet is None or fit.form is None:
        return redirect("online_filing_open", pk=filing.pk)
    try:
        dossier = reception.receive(
            fit.sheet.intake(fit.form), by=request.desk, at=now, recorded_at=now
        )
    except DomainError as error:
        messages.error(request, sentence(error))
        return redirect("online_filing", pk=filing.pk)
    return redirect("intake_done", code=dossier.code)


@require_safe
@officer_required(Role.CLERK, Role.CONTROLLER)
def file(request: OfficerRequest, pk: int, file: int) -> HttpResponseBase:
    """What came with a filing, to look at before it is received."""
    filing = get_object_or_404(queries.filings(request.desk), pk=pk)
    row = get_object_or_404(Attachment, kind=FILES, object_id=filing.pk, pk=file)
    access(request, AccessKind.VIEWED, "online_filing", filing.pk, "tệp gửi kèm")
    return serve(row, inline="tai" not in request.GET)


def _filing(request: OfficerRequest, pk: int) -> OnlineFiling:
    joined = ("agency", "source", "procedure", "ended_by", "dossier", "case")
    rows = queries.filings(request.desk).select_related(*joined)
    filing = rows.defer("dossier__secret", "dossier__salt").filter(pk=pk).first()
    if filing is None or not rules.stands_at(request.desk, filing.agency_id):
        raise Http404
    return filing
