"""The page of the act and its address."""

from datetime import datetime

from django import forms
from django.http import HttpResponse
from django.urls import path
from django.utils import timezone

from dossiers.acts.many import Seen
from dossiers.views.act_page import act_page, get_or_post, on_desk, sent
from dossiers.views.desk_common import find_dossier
from onestop.accounts.http import OfficerRequest
from onestop.urls import urlpatterns as all_others
from tests.house.throw_away import act


class LookForm(forms.Form):
    reason = forms.CharField(label="Lý do")


@get_or_post
@on_desk
def page(request: OfficerRequest, code: str) -> HttpResponse:
    now, dossier = timezone.now(), find_dossier(request, code)

    def run(seen: Seen, form: LookForm, at: datetime) -> str:
        act.look_at(seen, form.cleaned_data["reason"], by=request.desk, at=at)
        return "Đã ghi."

    return act_page(request, dossier, "look_at", LookForm(sent(request)), run, now=now)


urlpatterns = [path("ho-so/<str:code>/xem-xet/", page, name="act_look_at"), *all_others]
handler500 = "onestop.trouble.server_error"
