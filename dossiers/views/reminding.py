"""The page on which the counter notes that an applicant was reminded."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpResponse
from django.utils import timezone

from dossiers.acts import reminding
from dossiers.acts.many import Seen
from dossiers.forms.reminding import RemindForm
from dossiers.models.reminding import Reminder
from dossiers.views.act_page import act_page, get_or_post, on_desk, sent
from dossiers.views.desk_common import find_dossier
from onestop.accounts.http import OfficerRequest


@get_or_post
@on_desk
def remind(request: OfficerRequest, code: str) -> HttpResponse:
    """How the applicant was reminded, with what was said before."""
    now, dossier = timezone.now(), find_dossier(request, code)

    def run(seen: Seen, form: RemindForm, at: datetime) -> str:
        data = form.cleaned_data
        reminding.remind(
            seen, way=data["way"], note=data["note"], letter=data["file"], by=request.desk, at=at
        )
        return "Đã ghi lần nhắc người dân."

    rows = Reminder.objects.standing().filter(dossier=dossier).select_related("reminded_by")
    return act_page(
        request,
        dossier,
        "remind",
        RemindForm(sent(request), request.FILES or None),
        run,
        now=now,
        hindered="" if reminding.is_waited_for(dossier) else "remind_nobody",
        template="remind",
        reminders=rows,
    )
