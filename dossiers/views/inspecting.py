"""The page on which a verification (thẩm tra, xác minh) is written down."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpResponse
from django.utils import timezone

from dossiers.acts import inspecting
from dossiers.acts.many import Seen
from dossiers.forms.inspecting import InspectForm
from dossiers.views.act_page import act_page, get_or_post, on_desk, sent
from dossiers.views.desk_common import find_dossier
from onestop.accounts.http import OfficerRequest


@get_or_post
@on_desk
def inspect(request: OfficerRequest, code: str) -> HttpResponse:
    """Time, place, who took part, what was found; the minutes are printed to be signed."""
    now, dossier = timezone.now(), find_dossier(request, code)

    def run(seen: Seen, form: InspectForm, at: datetime) -> str:
        inspecting.inspect(seen, form.value, by=request.desk, at=at)
        return "Đã lập biên bản thẩm tra, xác minh. In để những người có mặt ký."

    form = InspectForm(sent(request), request.FILES or None, now=now)
    return act_page(request, dossier, "inspect", form, run, now=now, template="inspect")
