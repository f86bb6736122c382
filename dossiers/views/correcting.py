"""`/ho-so/<mã>/dinh-chinh-tiep-nhan/`: what was mistyped at the counter is put right, with a new receipt."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpResponse
from django.utils import timezone

from dossiers.acts import correcting
from dossiers.acts.many import Seen
from dossiers.forms.correcting import CorrectForm
from dossiers.models import Submitter
from dossiers.views.act_page import act_page, get_or_post, on_desk, sent
from dossiers.views.desk_common import find_dossier
from onestop.accounts.http import OfficerRequest
from procedures.models import Case


@get_or_post
@on_desk
def correct(request: OfficerRequest, code: str) -> HttpResponse:
    """The fields as they stand; what differs is put right."""
    now, dossier = timezone.now(), find_dossier(request, code)
    case = (
        Case.objects.select_related("version__field", "version__procedure")
        .prefetch_related("methods", "papers")
        .get(pk=dossier.case_id)
    )
    form = CorrectForm(
        sent(request),
        dossier=dossier,
        case=case,
        submitter=Submitter.objects.filter(dossier=dossier).first(),
        brought=dossier.papers.all(),
        now=now,
    )

    def run(seen: Seen, form: CorrectForm, at: datetime) -> str:
        row = correcting.correct(
            seen, form.value, case=case, reason=form.cleaned_data["reason"], by=request.desk, at=at
        )
        slip = " Hãy in giấy tiếp nhận mới và thu lại giấy cũ." if row.new_slip else ""
        return f"Đã đính chính.{slip}"

    return act_page(
        request, dossier, "correct_reception", form, run, now=now, template="correct_reception"
    )
