"""`/trao-doi/doi-soat/`: what other systems hold of our dossiers, what they refused, what waits."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from dossiers.states import State
from exchange.forms_of_level import GiveUpForm
from exchange.models.outbox import Line
from exchange.outbox import alarm, costs, level
from exchange.outbox.peers import Peer, peers
from onestop.accounts.access import access
from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.models import AccessKind, Agency, Role
from onestop.errors import DomainError, sentence
from onestop.texts import whole_number
from procedures.channels import Channel

KIND = "exchange_line"


@require_safe
@officer_required(*level.READERS)
def level_page(request: OfficerRequest) -> HttpResponse:
    """`noi`: which system; `loai`: lines of which kind are listed; `ngay`, `donvi`: of which day and
    unit; `truoc`: days before this one.
    """
    connected = peers()
    peer = _chosen(connected, request.GET.get("noi", ""))
    context: dict[str, Any] = {"peer": peer, "peers": connected}
    if peer is not None:
        context |= _shown(request, peer)
    return render(request, "exchange/level.html", context)


def _shown(request: OfficerRequest, peer: Peer) -> dict[str, Any]:
    now, lines = timezone.now(), level.lines_of(request.desk)
    kind = request.GET.get("loai", "tu-choi")
    if kind not in level.LISTS:
        raise Http404
    day, unit = _day(request, "ngay"), whole_number(request.GET.get("donvi", ""))
    only: dict[str, Any] = {"peer": peer.code, "day": day, "agency_id": unit}
    rows, older = level.days(lines, peer.code, _day(request, "truoc"))
    today = timezone.localdate(now)
    page = level.page(lines, kind, after=request.GET.get("sau", ""), now=now, **only)
    recent = lines.filter(peer=peer.code, day__gte=today - level.RECENT)
    here: dict[str, Any] = {"noi": peer.code, "loai": kind}
    if day:
        here["ngay"] = f"{day:%Y-%m-%d}"
    if unit:
        here["donvi"] = unit
    agency = Agency.objects.filter(pk=unit).first() if unit else None
    unsent = next(one for one in alarm.unsent(lines) if one.peer.code == peer.code)
    return {
        "days": rows,
        "older": f"?{urlencode(here | {'truoc': f'{older:%Y-%m-%d}'})}" if older else "",
        "kinds": list(level.LISTS.items()),
        "kind": kind,
        "kind_words": level.LISTS[kind],
        "day": day,
        "agency": agency,
        "lines": [_told(line, kind) for line in page.rows],
        "next": f"?{urlencode(here | {'sau': page.next})}" if page.next else "",
        "is_recent": level.is_recent(kind) and not day,
        "recent_days": level.RECENT_DAYS,
        "cost": costs.cost_of(recent, now),
        "untold": level.untold(request.desk, peer.code),
        "most_untold": level.MOST_UNTOLD,
        "unsent": unsent,
        "is_late": unsent.is_late(now),
    }


def _told(line: Line, kind: str) -> tuple[Line, str, str]:
    """What differs, and why it is late there only."""
    why = level.why_late_there(line) if kind == level.LATE_THERE else ""
    return line, ", ".join(level.unlike(line)), why


def _chosen(connected: list[Peer], code: str) -> Peer | None:
    """The first one where none is named. Errors: Http404."""
    if not code:
        return connected[0] if connected else None
    found = next((one for one in connected if one.code == code), None)
    if found is None:
        raise Http404
    return found


def _day(request: OfficerRequest, name: str) -> date | None:
    """Errors: Http404 for what is no day."""
    try:
        said = request.GET.get(name, "")
        return date.fromisoformat(said) if said else None
    except ValueError:
        raise Http404 from None


@require_safe
@officer_required(*level.READERS)
def level_line(request: OfficerRequest, pk: int) -> HttpResponse:
    """One dossier: ours beside theirs, and what was told in which order."""
    return _line_shown(request, _line(request, pk), GiveUpForm())


def _line(request: OfficerRequest, pk: int) -> Line:
    rows = level.lines_of(request.desk).select_related("dossier", "agency")
    line = rows.defer("dossier__secret", "dossier__salt").filter(pk=pk).first()
    if line is None:
        raise Http404
    return line


def _line_shown(request: OfficerRequest, line: Line, form: GiveUpForm) -> HttpResponse:
    access(request, AccessKind.VIEWED, KIND, line.pk)
    told = line.deliveries.select_related("closed_by").order_by("-pk")[: level.SIZE]
    context = {
        "line": line,
        "name": next((one.name for one in peers() if one.code == line.peer), line.peer),
        "unlike": level.unlike(line),
        "their_state": _label(State, line.accepted_state),
        "their_channel": _label(Channel, line.accepted_channel),
        "told": [(one, _label(State, one.payload.get("state"))) for one in told],
        "may_open": request.desk.has(Role.CONTROLLER),
        "waits": line.waiting_since is not None,
        "form": form,
    }
    status = 422 if form.is_bound else 200
    return render(request, "exchange/line.html", context, status=status)


def _label(choices: type[State] | type[Channel], number: int | None) -> str:
    return str(choices(number).label) if number is not None else ""


@require_POST
@officer_required(*level.READERS)
def level_again(request: OfficerRequest, pk: int) -> HttpResponse:
    line = _line(request, pk)
    try:
        with transaction.atomic():
            level.send_again(line.pk, at=timezone.now())
            access(request, AccessKind.VIEWED, KIND, line.pk, "gửi lại")
    except DomainError as error:
        messages.error(request, sentence(error))
    else:
        messages.success(request, f"{line.code}: sẽ gửi lại trong một phút.")
    return redirect("level_line", pk=line.pk)


@require_POST
@officer_required(*level.READERS)
def level_give_up(request: OfficerRequest, pk: int) -> HttpResponse:
    line, form = _line(request, pk), GiveUpForm(request.POST)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            with transaction.atomic():
                closed = level.give_up(line.pk, reason=reason, by=request.desk, at=timezone.now())
                access(request, AccessKind.VIEWED, KIND, line.pk, "thôi gửi")
        except DomainError as error:
            form.add_error("reason" if error.field else None, sentence(error))
        else:
            messages.success(request, f"{line.code}: đã thôi gửi {closed} thông báo.")
            return redirect("level_line", pk=line.pk)
    return _line_shown(request, line, form)
