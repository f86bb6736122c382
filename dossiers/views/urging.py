"""The pages of urging (đôn đốc) a dossier and of answering."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpResponse
from django.utils import timezone

from dossiers.acts import urging
from dossiers.acts.many import Seen
from dossiers.forms.urging import AnswerForm, UrgeForm
from dossiers.models.urging import Urging
from dossiers.views.act_page import act_page, get_or_post, on_desk, sent
from dossiers.views.desk_common import find_dossier
from onestop.accounts.http import OfficerRequest, officer_required
from onestop.templatetags.formatting import vn_datetime


@get_or_post
@officer_required(*urging.OVERSEERS)
def urge(request: OfficerRequest, code: str) -> HttpResponse:
    """What is asked of whoever has it, with what was asked before."""
    now, dossier = timezone.now(), find_dossier(request, code)

    def run(seen: Seen, form: UrgeForm, at: datetime) -> str:
        row = urging.urge(seen, **form.cleaned_data, by=request.desk, at=at)
        to = row.officer.full_name if row.officer else row.department.name
        return f"Đã đôn đốc lần {row.round}, báo {to}. Trả lời trước {vn_datetime(row.answer_by)}."

    rows = Urging.objects.standing().filter(dossier=dossier)
    form = UrgeForm(sent(request), now=now, agency_id=dossier.agency_id)
    return act_page(
        request,
        dossier,
        "urge",
        form,
        run,
        now=now,
        template="urge",
        earlier=rows.select_related("made_by", "answered_by"),
    )


@get_or_post
@on_desk
def answer(request: OfficerRequest, code: str) -> HttpResponse:
    """What was asked, and the answer to it."""
    now, dossier = timezone.now(), find_dossier(request, code)

    def run(seen: Seen, form: AnswerForm, at: datetime) -> str:
        row = urging.answer(seen, **form.cleaned_data, by=request.desk, at=at)
        return f"Đã trả lời đôn đốc lần {row.round}. Đã báo {row.made_by.full_name}."

    rows = list(urging.unanswered(dossier).select_related("made_by"))
    return act_page(
        request,
        dossier,
        "answer_urging",
        AnswerForm(sent(request), now=now),
        run,
        now=now,
        hindered="" if rows else "urge_none",
        template="answer_urging",
        urgings=rows,
    )
