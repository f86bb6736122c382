"""What a scanner reads beside a list: which of its rows that is. Asked by the page
(static/scan.js), one slip after another.
"""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from dossiers.desk.handover import Now, places_now
from dossiers.desk.work import short
from dossiers.models import Dossier
from dossiers.models.querysets import DossierQuerySet
from dossiers.reading_cards import read_card
from dossiers.reading_codes import codes_in
from dossiers.views.desk_common import DESK_ROLES
from onestop.accounts.access import access
from onestop.accounts.desk import Desk
from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.models import AccessKind
from onestop.errors import say

MOST = 50
# The lists that can be scanned into: the dossiers of each, as a desk sees it.
LISTS: dict[str, tuple[Callable[[Desk], list[DossierQuerySet[Dossier]]], str]] = {
    "giao": (
        lambda desk: [Dossier.objects.to_forward(desk), Dossier.objects.in_hand(desk).working()],
        "nothing_to_give",
    ),
    "nhan": (lambda desk: [Dossier.objects.to_accept(desk)], "not_coming"),
    "thu-hoi": (lambda desk: [Dossier.objects.given_from(desk)], "not_given"),
    "duyet": (lambda desk: [Dossier.objects.to_approve(desk)], "not_submitted"),
}
BACK = {"giao": "give_list", "nhan": "receive_list", "thu-hoi": "given_list", "duyet": "work"}


@require_safe
@officer_required(*DESK_ROLES)
def scanned(request: OfficerRequest, job: str) -> HttpResponse:
    """The rows of a list that these slips belong to, and why the others are none. Without script:
    on to the page of giving.
    """
    if job not in LISTS:
        raise Http404
    typed = request.GET.get("q", "")
    card = read_card(typed)
    codes = codes_in(typed)[:MOST] if card is None else []
    found = _rows_of(request.desk, job, codes) if codes else {}
    bad = why_not_of(request.desk, job, [code for code in codes if code not in found])
    if card is not None:
        bad.append((card.number, say("card_scanned")))
    access(request, AccessKind.SEARCHED, "dossier", None, f"quét mã: {len(found)} kết quả")
    if request.headers.get("X-Scan"):
        good = [_row(found[code]) for code in codes if code in found]
        return JsonResponse(
            {"found": good, "missing": [{"code": code, "why": why} for code, why in bad]}
        )
    for code, why in bad:
        messages.warning(request, f"{code}: {why}")
    if found and job == "giao":
        chosen = [("chon", f"{row.pk}.{row.row_version}") for row in found.values()]
        back = ("ve", reverse(BACK[job]))
        return redirect(f"{reverse('give')}?{urlencode([*chosen, back])}")
    return redirect(BACK[job])


def _rows_of(desk: Desk, job: str, codes: list[str]) -> dict[str, Dossier]:
    """The rows of a list that have these codes, by code."""
    rows, _ = LISTS[job]
    return {
        row.code.upper(): row
        for part in rows(desk)
        for row in part.filter(code__in=codes)
        .select_related("version")
        .defer("version__search_text")
    }


def why_not_of(desk: Desk, job: str, missing: list[str]) -> list[tuple[str, str]]:
    """Why each of these is no row of the list, and where it is instead. One query where there are
    any.
    """
    _, elsewhere = LISTS[job]
    places = places_now(desk, missing) if missing else {}
    return [(code, _why(elsewhere, places.get(code))) for code in missing]


def _why(why_not: str, place: Now | None) -> str:
    """Why it is no row of this list, and where it is instead."""
    if place is None:
        return say("code_not_seen")
    return f"{say(why_not)} {say('now_at', {'state': place.state, 'where': place.where})}"


def _row(dossier: Dossier) -> dict[str, str]:
    return {
        "chon": f"{dossier.pk}.{dossier.row_version}",
        "code": dossier.code,
        "url": dossier.get_absolute_url(),
        "owner": dossier.owner_name,
        "procedure": short(dossier.version.name),
    }
