"""`/trao-doi/doi-soat/`: what other systems hold of our dossiers, what they refused, what waits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from dossiers.states import State
from exchange.forms_of_level import GiveUpForm
from exchange.models.outbox import Line
from exchange.outbox import alarm, costs, finding, level, level_many
from exchange.outbox.finding import Says
from exchange.outbox.messages import WITHDRAWN_THERE
from exchange.outbox.peers import Peer, peers
from exchange.outbox.port import Away
from exchange.outbox.profiles import port_of
from onestop.accounts.access import access, access_each
from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.models import AccessKind, Agency, Role
from onestop.errors import DomainError, say, sentence
from onestop.texts import whole_number

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet
    from django.http import QueryDict

    from exchange.outbox.level_many import Many

KIND = "exchange_line"
# So many of what was refused in a list are named.
NAMED = 5
ANSWERS = {
    Says.SAME: "nơi nhận ghi như ở đây.",
    Says.UNLIKE: "nơi nhận ghi khác ở đây. Ở đây đúng thì bấm Gửi lại.",
    Says.WITHDRAWN: WITHDRAWN_THERE,
    Says.AGAIN: "nơi nhận không còn hồ sơ này, sẽ báo lại trong một phút.",
    Says.GONE: "nơi nhận không có hồ sơ này.",
}


@require_safe
@officer_required(*level.READERS)
def level_page(request: OfficerRequest) -> HttpResponse:
    """`noi`: which system; `loai`: lines of which kind are listed; `ngay`, `donvi`: of which day and
    unit; `truoc`: days before this one.
    """
    return _page(request, request.GET, GiveUpForm())


def _page(request: OfficerRequest, asked: QueryDict, form: GiveUpForm) -> HttpResponse:
    connected = peers()
    peer = _chosen(connected, asked.get("noi", ""))
    context: dict[str, Any] = {"peer": peer, "peers": connected, "form": form}
    if peer is not None:
        context |= _shown(request, peer, asked)
    return render(request, "exchange/level.html", context, status=422 if form.is_bound else 200)


@dataclass(frozen=True, slots=True)
class _List:
    """Which lines of a peer an address asks for. Errors: Http404."""

    kind: str
    day: date | None
    unit: int | None

    @classmethod
    def of(cls, asked: QueryDict) -> _List:
        kind = asked.get("loai", "tu-choi")
        if kind not in level.LISTS:
            raise Http404
        return cls(kind, _day(asked, "ngay"), whole_number(asked.get("donvi", "")) or None)

    @property
    def is_one(self) -> bool:
        """Of one day or one unit: what is done to a list at once is done to no more."""
        return self.day is not None or self.unit is not None

    def only(self) -> dict[str, Any]:
        of_unit = {"agency_id": self.unit} if self.unit else {}
        return of_unit | ({"day": self.day} if self.day else {})

    def whole(self, now: datetime) -> dict[str, Any]:
        """All that is listed, page by page (`level.page`)."""
        return self.only() | level.recent_only(self.kind, now, self.day)

    def said(self, peer: Peer) -> dict[str, str]:
        day = f"{self.day:%Y-%m-%d}" if self.day else ""
        found = {"noi": peer.code, "loai": self.kind, "ngay": day, "donvi": str(self.unit or "")}
        return {name: value for name, value in found.items() if value}


def _shown(request: OfficerRequest, peer: Peer, asked: QueryDict) -> dict[str, Any]:
    now, lines = timezone.now(), level.lines_of(request.desk).filter(peer=peer.code)
    one = _List.of(asked)
    rows, older = level.days(lines, peer.code, _day(asked, "truoc"))
    page = level.page(lines, one.kind, after=asked.get("sau", ""), now=now, **one.only())
    since = timezone.localdate(now) - level.RECENT
    counted = lines.filter(**({} if one.day else {"day__gte": since}), **one.only())
    national = whole_number(asked.get("quoc-gia", "").replace(".", "").strip()) or 0
    here = one.said(peer) | ({"quoc-gia": str(national)} if national else {})
    unsent = next(told for told in alarm.unsent(lines) if told.peer.code == peer.code)
    return {
        "days": rows,
        "older": f"?{urlencode(here | {'truoc': f'{older:%Y-%m-%d}'})}" if older else "",
        "kinds": list(level.LISTS.items()),
        "kind": one.kind,
        "kind_words": level.LISTS[one.kind],
        "day": one.day,
        "agency": Agency.objects.filter(pk=one.unit).first() if one.unit else None,
        "lines": [_told(line, one.kind) for line in page.rows],
        "next": f"?{urlencode(here | {'sau': page.next})}" if page.next else "",
        "is_recent": bool(level.recent_only(one.kind, now, one.day)),
        "recent_days": level.RECENT_DAYS,
        "cost": costs.cost_of(counted, now, national),
        "untold": level.untold(request.desk, peer.code),
        "most_untold": level.MOST_UNTOLD,
        "unsent": unsent,
        "is_late": unsent.is_late(now),
        "here": here,
        **_at_once(lines, one, now, _after(asked)),
    }


def _after(asked: QueryDict) -> int:
    """`tu`: behind which line the next press begins."""
    return whole_number(asked.get("tu", "")) or 0


def _at_once(lines: QuerySet[Line], one: _List, now: datetime, after: int) -> dict[str, int]:
    """How many of the list are sent again, or given up, by presses. Three queries; none of a list of
    all days and units.
    """
    mine, kind = lines.filter(**one.whole(now), pk__gt=after), one.kind
    is_sent = one.is_one and kind in level_many.SENT
    is_given_up = one.is_one and kind in level_many.GIVEN_UP
    return {
        "to_send": level_many.to_send(mine, kind, now).count() if is_sent else 0,
        "to_give_up": level_many.to_give_up(mine, kind).count() if is_given_up else 0,
        "at_once": level_many.AT_ONCE,
        "after": after,
        "until": level_many.newest() if is_given_up else 0,
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


def _day(asked: QueryDict, name: str) -> date | None:
    """Errors: Http404 for what is no day."""
    try:
        said = asked.get(name, "")
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
    peer = _peer_of(line)
    context = {
        "line": line,
        "name": peer.name if peer else line.peer,
        "unlike": level.unlike(line),
        "their_state": _label(line.accepted_state),
        "their_channel": finding.channel_label(line.accepted_channel),
        "may_ask": finding.may_ask(peer, line),
        "told": [(one, _label(one.payload.get("state"))) for one in told],
        "may_open": request.desk.has(Role.CONTROLLER),
        "waits": line.waiting_since is not None,
        "form": form,
    }
    status = 422 if form.is_bound else 200
    return render(request, "exchange/line.html", context, status=status)


def _peer_of(line: Line) -> Peer | None:
    return next((one for one in peers() if one.code == line.peer), None)


def _label(state: int | None) -> str:
    return str(State(state).label) if state is not None else ""


@require_POST
@officer_required(*level.READERS)
def level_ask(request: OfficerRequest, pk: int) -> HttpResponse:
    """Hỏi nơi nhận what it holds of this dossier; the answer is said at once."""
    line = _line(request, pk)
    peer = _peer_of(line)
    try:
        if peer is None or not finding.may_ask(peer, line):
            raise DomainError("cannot_ask")
        access(request, AccessKind.VIEWED, KIND, line.pk, "hỏi nơi nhận")
        says = finding.ask(peer, line, port_of(peer), timezone.now)
    except DomainError as error:
        messages.error(request, sentence(error))
    except Away as error:
        messages.error(request, say("peer_away", {"why": str(error)}))
    else:
        told = messages.success if says == Says.SAME else messages.warning
        told(request, f"{line.code}: {ANSWERS[says]}")
    return redirect("level_line", pk=line.pk)


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


@require_POST
@officer_required(*level.READERS)
def level_again_many(request: OfficerRequest) -> HttpResponse:
    """Gửi lại what a list of one day or unit holds."""
    now = timezone.now()
    peer, one, lines = _many(request, level_many.SENT, now)
    with transaction.atomic():
        many = level_many.send_again(lines, one.kind, at=now, after=_after(request.POST))
        access_each(request, AccessKind.VIEWED, KIND, many.done, "gửi lại")
    return _done(request, peer, one, many, "Sẽ gửi lại {} hồ sơ trong ít phút.")


@require_POST
@officer_required(*level.READERS)
def level_give_up_many(request: OfficerRequest) -> HttpResponse:
    """Thôi gửi what a list of one day or unit holds, for one reason."""
    now = timezone.now()
    peer, one, lines = _many(request, level_many.GIVEN_UP, now)
    form = GiveUpForm(request.POST)
    if not form.is_valid():
        return _page(request, request.POST, form)
    reason = form.cleaned_data["reason"]
    with transaction.atomic():
        many = level_many.give_up(
            lines, one.kind, reason=reason, by=request.desk, at=now,
            after=_after(request.POST), until=whole_number(request.POST.get("den", "")),
        )  # fmt: skip
        access_each(request, AccessKind.VIEWED, KIND, many.done, "thôi gửi")
    return _done(request, peer, one, many, "Đã thôi gửi {} hồ sơ.")


def _many(
    request: OfficerRequest, kinds: frozenset[str], now: datetime
) -> tuple[Peer, _List, QuerySet[Line]]:
    """Errors: Http404."""
    peer, one = _chosen(peers(), request.POST.get("noi", "")), _List.of(request.POST)
    if peer is None or not one.is_one or one.kind not in kinds:
        raise Http404
    return peer, one, level.lines_of(request.desk).filter(peer=peer.code, **one.whole(now))


def _done(request: OfficerRequest, peer: Peer, one: _List, many: Many, words: str) -> HttpResponse:
    left = f" Còn {many.left} hồ sơ của danh sách này: bấm lần nữa." if many.left else ""
    if many.done or not many.refused:
        messages.success(request, words.format(len(many.done)) + left)
    for code, why in many.refused[:NAMED]:
        messages.error(request, f"{code}: {why}")
    if len(many.refused) > NAMED:
        messages.error(request, f"Và {len(many.refused) - NAMED} hồ sơ khác.")
    asked = one.said(peer) | ({"tu": str(many.last)} if many.last else {})
    return redirect(f"{reverse('level')}?{urlencode(asked)}#ho-so")
