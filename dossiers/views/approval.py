"""Approving and sending back: on the page of one dossier, and on the chosen ones of the list."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID, uuid4

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from dossiers.acts import approval
from dossiers.acts.many import Done, Seen
from dossiers.forms.approval import SendBackForm
from dossiers.models import HandOver
from dossiers.views.act_page import act_page, at_once, get_or_post, on_desk, sent, undo_of
from dossiers.views.desk_common import find_dossier, seen_of, take_back_pressed, with_chosen
from onestop.accounts.http import OfficerRequest

LIST = "trinh-duyet"


@require_POST
@on_desk
def approve(request: OfficerRequest, code: str) -> HttpResponse:
    now, dossier = timezone.now(), find_dossier(request, code)
    back = undo_of(seen_of(request, dossier), reverse("act_take_back", args=[code]))
    return at_once(
        request,
        dossier,
        lambda seen: approval.approve(seen, by=request.desk, at=now),
        f"Đã duyệt hồ sơ {dossier.code}.",
        back,
    )


@get_or_post
@on_desk
def send_back(request: OfficerRequest, code: str) -> HttpResponse:
    now, dossier = timezone.now(), find_dossier(request, code)
    newest = HandOver.objects.standing().filter(dossier=dossier).order_by("-seq").first()

    def run(seen: Seen, form: SendBackForm, at: datetime) -> str:
        approval.send_back(seen, reason=form.cleaned_data["reason"], by=request.desk, at=at)
        return f"Đã trả lại hồ sơ {dossier.code}."

    return act_page(
        request,
        dossier,
        "send_back",
        SendBackForm(sent(request)),
        run,
        now=now,
        hindered="" if approval.is_submission(newest) else "not_submitted",
        template="send_back",
    )


@require_POST
@on_desk
def approve_many(request: OfficerRequest) -> HttpResponse:
    """Approve the chosen dossiers; each that cannot be is named with its reason."""
    now, press = timezone.now(), uuid4()
    return _decide(
        request,
        lambda seen: approval.approve_many(seen, by=request.desk, at=now, press=press),
        "Đã duyệt",
        press,
    )


@require_POST
@on_desk
def send_back_many(request: OfficerRequest) -> HttpResponse:
    """Send the chosen dossiers back for one reason."""
    now, press, reason = timezone.now(), uuid4(), request.POST.get("reason", "")
    return _decide(
        request,
        lambda seen: approval.send_back_many(
            seen, reason=reason, by=request.desk, at=now, press=press
        ),
        "Đã trả lại",
        press,
    )


@require_POST
@on_desk
def undo_decided(request: OfficerRequest) -> HttpResponse:
    """Take back what this officer approved or sent back by one press; what was received since
    stays, and is named.
    """
    take_back_pressed(request, "Đã hoàn tác", none="nothing_to_take_back")
    return redirect(_list())


def _decide(
    request: OfficerRequest, act: Callable[[list[Seen]], list[Done]], word: str, press: UUID
) -> HttpResponse:
    return with_chosen(request, act, word, _list(), press=press, undone_at="undo_decided")


def _list() -> str:
    return f"{reverse('work')}?loai={LIST}"
