"""`/cua-toi/`: the citizen's own dossiers, and each as the look-up with the secret shows it.

Nothing here changes a dossier. Who looked stands in its access log.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial, wraps
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from citizens import sessions
from citizens.models import CitizenSession
from citizens.views.common import for_citizens
from dossiers.desk import lookup, payments
from dossiers.desk.of_owner import arrived_page_of, filed_page_of, is_owner, page_of
from dossiers.reading_codes import normal_code
from dossiers.states import State
from dossiers.views.lookup import full_context, signed_file, why_context
from dossiers.views.paying import ASKING
from feedback import rating
from onestop.accounts.access import access_named
from onestop.accounts.models import AccessKind

Shown = Callable[[HttpRequest, lookup.Full], HttpResponseBase]


@require_safe
@for_citizens()
def mine(request: HttpRequest) -> HttpResponse:
    """The list, or, for nobody, the way in."""
    who = sessions.current(request)
    if who is None:
        return _way_in(request)
    shown = request.GET
    now = timezone.now()
    page = page_of(
        who.identity_number,
        now,
        after=shown.get("sau", ""),
        before=shown.get("truoc", ""),
    )
    note(who, {one.pk: one.agency_id for one in page.rows}, f"danh sách {len(page.rows)} hồ sơ")
    context = {
        **_filed(who, shown, now),
        "who": who,
        "rows": page.rows,
        "may_send": settings.CITIZENS_MAY_UPLOAD,
        "to_rate": rating.not_rated(page.rows, now),
        "next": _to("sau", page.next),
        "previous": _to("truoc", page.previous),
    }
    return render(request, "citizens/mine.html", context)


def _filed(who: CitizenSession, shown: QueryDict, now: datetime) -> dict[str, Any]:
    """What is no dossier yet, above the first page of the dossiers."""
    if "sau" in shown or "truoc" in shown:
        return {}
    after, before = shown.get("chua-nhan-sau", ""), shown.get("chua-nhan-truoc", "")
    arrived = {} if after or before else _arrived(who, shown, now)
    page = filed_page_of(who.identity_number, now, after=after, before=before)
    seen = {one.pk: one.agency_id for one in page.rows}
    note(who, seen, f"danh sách {len(seen)} hồ sơ chưa tiếp nhận", kind="online_filing")
    return arrived | {
        "filed": page,
        "filed_next": _to("chua-nhan-sau", page.next),
        "filed_previous": _to("chua-nhan-truoc", page.previous),
    }


def _arrived(who: CitizenSession, shown: QueryDict, now: datetime) -> dict[str, Any]:
    """What is no filing either, above them."""
    after, before = shown.get("kiem-tra-sau", ""), shown.get("kiem-tra-truoc", "")
    page = arrived_page_of(who.identity_number, now, after=after, before=before)
    seen = {one.pk: one.agency_id for one in page.rows}
    note(who, seen, f"danh sách {len(seen)} hồ sơ đang kiểm tra", kind="exchange_message")
    return {
        "arrived": page,
        "arrived_next": _to("kiem-tra-sau", page.next),
        "arrived_previous": _to("kiem-tra-truoc", page.previous),
    }


def _to(name: str, cursor: str) -> str:
    """The address of another page; "" where there is none."""
    return f"{reverse('citizens:mine')}?{urlencode({name: cursor})}" if cursor else ""


def of_mine(view: Shown, *, notes: bool = True) -> Callable[[HttpRequest, str], HttpResponseBase]:
    """One dossier of whoever is signed in; anybody else's is not there. Without `notes` the view
    itself writes what was looked at.
    """

    @wraps(view)
    def answer(request: HttpRequest, code: str) -> HttpResponseBase:
        who = sessions.current(request)
        if who is None:
            back = urlencode({"next": request.path})
            return redirect(f"{reverse('citizens:mine')}?{back}")
        found = lookup.full(normal_code(code))
        if found is None:
            raise Http404
        dossier = found.dossier
        seen = {dossier.pk: dossier.agency_id}
        if not is_owner(dossier, who.identity_number):
            access_named(str(who.citizen), AccessKind.DENIED, "dossier", seen)
            raise Http404
        if notes:
            note(who, seen)
        return view(request, found)

    return answer


@require_safe
@for_citizens()
@of_mine
def one(request: HttpRequest, found: lookup.Full) -> HttpResponse:
    code = found.dossier.code
    here, why = (reverse(f"citizens:{name}", args=[code]) for name in ("one", "why"))
    context = full_context(
        found,
        timezone.now(),
        here=here,
        why=why,
        file=lambda pk: reverse("citizens:file", args=[code, pk]),
    )
    context["ask_url"] = reverse("citizens:pay", args=[code])
    if settings.CITIZENS_MAY_UPLOAD and found.dossier.state == State.AWAITING_PAPERS:
        context["send_url"] = reverse("citizens:papers", args=[code])
    return render(request, "citizens/one.html", context)


@require_safe
@for_citizens()
@of_mine
def why(request: HttpRequest, found: lookup.Full) -> HttpResponse:
    back = reverse("citizens:one", args=[found.dossier.code])
    return render(request, "citizens/why.html", why_context(found, back=back))


@require_safe
@for_citizens()
def file(request: HttpRequest, code: str, pk: int) -> HttpResponseBase:
    """A signed file of the result, as the look-up gives it; told as such in the access log, where there
    is one.
    """
    return of_mine(partial(_file, pk=pk), notes=False)(request, code)


def _file(request: HttpRequest, found: lookup.Full, pk: int) -> HttpResponseBase:
    def told() -> None:
        who = sessions.current(request)
        if who is not None:
            seen = {found.dossier.pk: found.dossier.agency_id}
            note(who, seen, "tải kết quả đã ký số")

    back = reverse("citizens:one", args=[found.dossier.code])
    return signed_file(request, found, pk, told=told, back=back)


@require_POST
@for_citizens()
def pay(request: HttpRequest, code: str) -> HttpResponseBase:
    """A request for what is owed, and back to the dossier, which leads to the platform. Not there where
    citizens begin no payment.
    """
    if not settings.CITIZENS_MAY_PAY:
        raise Http404
    # `of_mine` would lead back to here after the sign-in, and this address is no page.
    if sessions.current(request) is None:
        return redirect("citizens:one", code=code)
    return of_mine(_pay, notes=False)(request, code)


def _pay(request: HttpRequest, found: lookup.Full) -> HttpResponse:
    who, dossier = sessions.current(request), found.dossier
    if who is not None and not ASKING.spend(dossier.code):
        note(who, {dossier.pk: dossier.agency_id}, "yêu cầu thanh toán trực tuyến")
        payments.online.ask(dossier.pk, timezone.now())
    return redirect("citizens:one", code=dossier.code)


def _way_in(request: HttpRequest) -> HttpResponse:
    onward = urlencode({"next": request.GET.get("next", "")[:300]})
    context = {
        "provider": settings.CITIZEN_OIDC_NAME,
        "start": f"{reverse('citizens:sign_in')}?{onward}",
        "over": sessions.COOKIE in request.COOKIES,
        "level": settings.CITIZEN_OIDC_LEVEL_MIN,
    }
    return render(request, "citizens/way_in.html", context)


def note(
    who: CitizenSession, seen: Mapping[int, int | None], detail: str = "", *, kind: str = "dossier"
) -> None:
    access_named(str(who.citizen), AccessKind.CITIZEN_VIEWED, kind, seen, detail)
