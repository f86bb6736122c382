"""What is done at once to a list of one day or unit, and what is kept of the national report."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from exchange.forms_of_level import GiveUpForm, NationalForm
from exchange.outbox import asking_many, earlier, level, level_many, national
from exchange.outbox.peers import Peer, peers
from exchange.views.level import Asked, chosen, page, pressed_after
from onestop.accounts.access import access, access_each
from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.models import AccessKind, Agency
from onestop.errors import DomainError, sentence
from onestop.templatetags.formatting import in_groups
from onestop.texts import whole_number

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

    from exchange.models.outbox import Line
    from exchange.outbox.level_many import Many

# So many of what was refused in a list are named.
NAMED = 5


@require_POST
@officer_required(*level.READERS)
def level_again_many(request: OfficerRequest) -> HttpResponse:
    """Gửi lại what a list of one day or unit holds."""
    now = timezone.now()
    peer, one, lines = _many(request, level_many.SENT, now)
    with transaction.atomic():
        many = level_many.send_again(lines, one.kind, at=now, after=pressed_after(request.POST))
        access_each(request, AccessKind.VIEWED, level.KIND, many.done, "gửi lại")
    return _done(request, peer, one, many, "Sẽ gửi lại {} hồ sơ trong ít phút.")


@require_POST
@officer_required(*level.READERS)
def level_give_up_many(request: OfficerRequest) -> HttpResponse:
    """Thôi gửi what a list of one day or unit holds, for one reason."""
    now = timezone.now()
    peer, one, lines = _many(request, level_many.GIVEN_UP, now)
    form = GiveUpForm(request.POST)
    if not form.is_valid():
        return page(request, request.POST, form)
    reason = form.cleaned_data["reason"]
    with transaction.atomic():
        many = level_many.give_up(
            lines, one.kind, reason=reason, by=request.desk, at=now,
            after=pressed_after(request.POST), until=whole_number(request.POST.get("den", "")),
        )  # fmt: skip
        access_each(request, AccessKind.VIEWED, level.KIND, many.done, "thôi gửi")
    return _done(request, peer, one, many, "Đã thôi gửi {} hồ sơ.")


@require_POST
@officer_required(*level.READERS)
def level_ask_many(request: OfficerRequest) -> HttpResponse:
    """Hỏi nơi nhận about a list of one day or unit, by a worker; its page says how far that is."""
    now = timezone.now()
    peer, one, lines = _many(request, asking_many.ASKED_OF, now)
    unit = Agency.objects.filter(pk=one.unit).first() if one.unit else None
    try:
        with transaction.atomic():
            run = asking_many.begin(
                peer, lines, one.kind, day=one.day, unit=unit, by=request.desk, at=now
            )
            # Each line's own trace is written when it is asked about.
            told = f"yêu cầu {level.ASKED}: {run.of} hồ sơ, {peer.name}"
            access(request, AccessKind.VIEWED, level.KIND, None, told)
    except DomainError as error:
        messages.error(request, sentence(error))
    else:
        messages.success(request, f"Đang hỏi {peer.name} về {run.of} hồ sơ, kết quả ở trang này.")
    return redirect(_at(peer, one, "hoi"))


@require_POST
@officer_required(*level.READERS)
def level_untold(request: OfficerRequest) -> HttpResponse:
    """Báo what the page counts as never told to this peer, so many by one press."""
    now = timezone.now()
    peer, one = chosen(peers(), request.POST.get("noi", "")), Asked.of(request.POST)
    if peer is None:
        raise Http404
    rows = earlier.of_desk(request.desk, peer.code, one.unit)
    with transaction.atomic():
        ids, _ = earlier.tell(earlier.to_tell_of(rows, one.within(now)), peer.code, at=now)
        access_each(request, AccessKind.VIEWED, "dossier", ids, f"báo {peer.name}: chưa từng báo")
    done = len(ids)
    if done:
        messages.success(request, f"Sẽ báo {in_groups(done)} hồ sơ trong ít phút.")
    else:
        messages.success(request, "Không còn hồ sơ nào chưa từng báo.")
    return redirect(_at(peer, one, "chua-bao"))


@require_POST
@officer_required(*level.READERS)
def level_national(request: OfficerRequest) -> HttpResponse:
    """Keep what the national report counts in a day or month, of the unit that is looked at."""
    peer, one = chosen(peers(), request.POST.get("noi", "")), Asked.of(request.POST)
    days = one.days
    reach = national.reach_of(request.desk, one.unit)
    if peer is None or days is None or reach is None:
        raise Http404
    form = NationalForm(request.POST)
    if not form.is_valid():
        return page(request, request.POST, form)
    number, source = form.cleaned_data["number"], form.cleaned_data["source"]
    with transaction.atomic():
        row = national.write(
            peer.code, reach, days, number=number, source=source, by=request.desk, at=timezone.now()
        )
        told = f"số quốc gia {days.words}: {in_groups(number)}"
        access(
            request, AccessKind.AGENCY_CHANGED, "agency", reach.agency.pk, told, about=row.agency_id
        )
    done = f"Đã ghi {in_groups(number)} hồ sơ" if number else "Đã bỏ số"
    messages.success(request, f"{done} của hệ thống báo cáo quốc gia, {days.words}.")
    return redirect(_at(peer, one, "bo-chi-so"))


def _many(
    request: OfficerRequest, kinds: frozenset[str], now: datetime
) -> tuple[Peer, Asked, QuerySet[Line]]:
    """Errors: Http404."""
    peer, one = chosen(peers(), request.POST.get("noi", "")), Asked.of(request.POST)
    if peer is None or not one.is_one or one.kind not in kinds:
        raise Http404
    return peer, one, level.lines_of(request.desk).filter(peer=peer.code, **one.whole(now))


def _done(request: OfficerRequest, peer: Peer, one: Asked, many: Many, words: str) -> HttpResponse:
    left = f" Còn {many.left} hồ sơ của danh sách này: bấm lần nữa." if many.left else ""
    if many.done or not many.refused:
        messages.success(request, words.format(len(many.done)) + left)
    for code, why in many.refused[:NAMED]:
        messages.error(request, f"{code}: {why}")
    if len(many.refused) > NAMED:
        messages.error(request, f"Và {len(many.refused) - NAMED} hồ sơ khác.")
    return redirect(_at(peer, one, "ho-so", many.last))


def _at(peer: Peer, one: Asked, place: str, last: int = 0) -> str:
    asked = one.said(peer) | ({"tu": str(last)} if last else {})
    return f"{reverse('level')}?{urlencode(asked)}#{place}"
