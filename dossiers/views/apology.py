"""The page of an apology without a new date, and the same for many."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from dossiers.acts import apology
from dossiers.acts.many import Seen
from dossiers.forms.apology import ApologyForm
from dossiers.models import ClockChange, ClockKind
from dossiers.models.apology import Apology
from dossiers.slips.subjects import signers, usual_signer
from dossiers.views.act_page import act_page, get_or_post, on_desk, sent
from dossiers.views.desk_common import find_dossier, with_chosen
from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.models import Role


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


@require_POST
@officer_required(Role.HEAD, Role.LEADER)
def apologise_many(request: OfficerRequest) -> HttpResponse:
    """For the chosen dossiers of a list, with one reason: a letter each, signed by the usual leader."""
    now, press, reason = timezone.now(), uuid4(), request.POST.get("reason", "")
    return with_chosen(
        request,
        lambda seen: apology.apologise_many(
            seen, reason=reason, by=request.desk, at=now, press=press
        ),
        "Đã lập thư xin lỗi của",
        reverse("work"),
        press=press,
        undone_at="undo_decided",
    )
