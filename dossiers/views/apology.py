"""The page of an apology without a new date."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpResponse
from django.utils import timezone

from dossiers.acts import apology
from dossiers.acts.many import Seen
from dossiers.forms.apology import ApologyForm
from dossiers.models import ClockChange, ClockKind
from dossiers.models.apology import Apology
from dossiers.slips.subjects import signers, usual_signer
from dossiers.views.act_page import act_page, get_or_post, on_desk, sent
from dossiers.views.desk_common import find_dossier
from onestop.accounts.http import OfficerRequest


@get_or_post
@on_desk
def apologise(request: OfficerRequest, code: str) -> HttpResponse:
    """The page says which letter it will be, and what was said before."""
    now, dossier = timezone.now(), find_dossier(request, code)
    form = ApologyForm(
        sent(request),
        initial={"signer": usual_signer(dossier, request.user, now).pk},
        signers=signers(dossier, request.user, now),
    )

    def run(seen: Seen, form: ApologyForm, at: datetime) -> str:
        row = apology.apologise(seen, **form.cleaned_data, by=request.desk, at=at)
        late = " Ghi là xin lỗi muộn: hồ sơ đã quá hạn." if row.late else ""
        return f"Đã lập thư xin lỗi.{late} Ngày hẹn trả không đổi."

    return act_page(
        request,
        dossier,
        "apologise",
        form,
        run,
        now=now,
        template="apologise",
        late=apology.was_late(dossier, now),
        earlier=Apology.objects.standing().filter(dossier=dossier).count(),
        reappointed=ClockChange.objects.standing()
        .filter(dossier=dossier, kind=ClockKind.REAPPOINT)
        .exists(),
    )
