"""The page of an appointment before the result."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpResponse
from django.utils import timezone

from dossiers.acts import appointments
from dossiers.acts.many import Seen
from dossiers.forms.appointments import StepForm
from dossiers.models.appointments import StepAppointment
from dossiers.views.act_page import act_page, get_or_post, on_desk, sent
from dossiers.views.desk_common import find_dossier
from onestop.accounts.http import OfficerRequest
from onestop.templatetags.formatting import day_words


@get_or_post
@on_desk
def appoint_step(request: OfficerRequest, code: str) -> HttpResponse:
    """Both appointments stand on the page: the one that is made, and the result's."""
    now, dossier = timezone.now(), find_dossier(request, code)

    def run(seen: Seen, form: StepForm, at: datetime) -> str:
        row = appointments.appoint_step(seen, form.value, by=request.desk, at=at)
        return f"Đã hẹn {row.what}: {day_words(row.meet_at)}. Ngày hẹn trả kết quả không đổi. Giấy tiếp nhận đã lập lại với cả hai lần hẹn."

    return act_page(
        request,
        dossier,
        "appoint_step",
        StepForm(sent(request), now=now),
        run,
        now=now,
        template="appoint_step",
        earlier=StepAppointment.objects.standing().filter(dossier=dossier).last(),
    )
