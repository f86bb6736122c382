"""The pages of what is put right: a wrong result, its delivery, papers lost or damaged."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpResponse
from django.utils import timezone

from dossiers.acts import repairs
from dossiers.acts.many import Seen
from dossiers.forms.repairs import CorrectionForm, DeliveryForm, LossForm
from dossiers.models import Result
from dossiers.models.repairs import Correction
from dossiers.slips.subjects import usual_signer
from dossiers.states import State
from dossiers.views.act_page import act_page, get_or_post, on_desk, sent
from dossiers.views.desk_common import find_dossier
from onestop.accounts.http import OfficerRequest


@get_or_post
@on_desk
def correct(request: OfficerRequest, code: str) -> HttpResponse:
    """The new result beside the one it replaces."""
    now, dossier = timezone.now(), find_dossier(request, code)
    old = Result.objects.current().filter(dossier=dossier).first()
    today = timezone.localdate(now)
    initial = {
        "requested_by": dossier.owner_name,
        "requested_on": today,
        "title": old.title if old is not None else "",
        "issued_on": today,
        "signer": usual_signer(dossier, request.user, now).full_name,
        "responsible": dossier.holder_department.name if dossier.holder_department else "",
    }
    returned = dossier.state == State.RETURNED
    form = CorrectionForm(sent(request), request.FILES or None, initial=initial, returned=returned)

    def run(seen: Seen, form: CorrectionForm, at: datetime) -> str:
        file = form.cleaned_data.get("file")
        wrong, result = form.value
        repairs.correct_result(
            seen, wrong, result, by=request.desk, at=at, files=[file] if file else []
        )
        return "Đã đính chính kết quả và lập văn bản gửi người dân." + (
            " Bộ phận Một cửa trao kết quả mới." if returned else ""
        )

    return act_page(
        request, dossier, "correct_result", form, run, now=now, template="correct_result", old=old,
        old_words=repairs.in_words(old) if old is not None else "",
    )  # fmt: skip


@get_or_post
@on_desk
def deliver(request: OfficerRequest, code: str) -> HttpResponse:
    """Whoever had the wrong result gets the new one."""
    now, dossier = timezone.now(), find_dossier(request, code)
    row = Correction.objects.to_deliver().filter(dossier=dossier).last()
    form = DeliveryForm(sent(request), initial={"to": dossier.owner_name})

    def run(seen: Seen, form: DeliveryForm, at: datetime) -> str:
        data = form.cleaned_data
        repairs.deliver_correction(seen, to=data["to"], note=data["note"], by=request.desk, at=at)
        return "Đã ghi việc trao kết quả đã đính chính."

    hindered = "" if row is not None else "nothing_to_deliver"
    return act_page(
        request, dossier, "deliver_correction", form, run, now=now, template="deliver_correction",
        hindered=hindered, row=row,
    )  # fmt: skip


@get_or_post
@on_desk
def lose(request: OfficerRequest, code: str) -> HttpResponse:
    """What was lost or damaged, by whose fault, what was done."""
    now, dossier = timezone.now(), find_dossier(request, code)
    form = LossForm(sent(request), initial={"found_on": timezone.localdate(now)})

    def run(seen: Seen, form: LossForm, at: datetime) -> str:
        repairs.record_loss(seen, form.value, by=request.desk, at=at)
        return "Đã ghi nhận việc mất, hư hỏng và lập văn bản gửi người dân."

    return act_page(request, dossier, "record_loss", form, run, now=now, template="record_loss")
