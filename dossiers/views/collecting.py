"""The page of telling somebody that the result is ready (R-79), again while nobody comes."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpResponse
from django.utils import timezone

from dossiers.acts import collecting
from dossiers.acts.many import Seen
from dossiers.forms.collecting import NotifyForm
from dossiers.models.collecting import ResultNotice
from dossiers.views.act_page import act_page, get_or_post, on_desk, sent
from dossiers.views.desk_common import find_dossier
from onestop.accounts.http import OfficerRequest


@get_or_post
@on_desk
def notify(request: OfficerRequest, code: str) -> HttpResponse:
    now, dossier = timezone.now(), find_dossier(request, code)
    form = NotifyForm(sent(request), initial={"told_to": dossier.owner_name})
    earlier = ResultNotice.objects.standing().filter(dossier=dossier).select_related("told_by")

    def run(seen: Seen, form: NotifyForm, at: datetime) -> str:
        row = collecting.notify_result(seen, form.value, by=request.desk, at=at)
        letter = " Giấy mời đã lập để in." if row.way == ResultNotice.Way.LETTER else ""
        return f"Đã ghi lần báo nhận kết quả.{letter}"

    return act_page(
        request, dossier, "notify_result", form, run, now=now, template="notify_result",
        earlier=earlier.order_by("-pk"), early=collecting.is_early(dossier, now),
    )  # fmt: skip
