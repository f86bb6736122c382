"""`/trao-doi/doi-soat/`: what other systems hold of our dossiers, what they refused, what waits."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from dossiers.states import State
from exchange.forms_of_level import GiveUpForm, NationalForm
from exchange.models.outbox import Line
from exchange.outbox import (
    alarm,
    asking_many,
    costs,
    earlier,
    finding,
    level,
    level_many,
    national,
)
from exchange.outbox.finding import Says
from exchange.outbox.messages import WITHDRAWN_THERE
from exchange.outbox.national import Days
from exchange.outbox.peers import Peer, peers
from exchange.outbox.port import Away
from exchange.outbox.profiles import port_of
from onestop.accounts.access import access
from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.models import AccessKind, Agency, Role
from onestop.errors import DomainError, say, sentence
from onestop.forms import day_of
from onestop.texts import whole_number

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet
    from django.http import QueryDict

    from exchange.models.level import AskRun, NationalFigure

KIND = level.KIND
# Months that lead on from the one that is looked at, backwards.
MONTHS = 3
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
    unit; `thang`: of which month the costs are; `truoc`: days before this one.
    """
    return page(request, request.GET)


def page(
    request: OfficerRequest, asked: QueryDict, wrong: GiveUpForm | NationalForm | None = None
) -> HttpResponse:
    """`wrong`: a form of it that was sent and says why it was not taken."""
    connected = peers()
    peer = chosen(connected, asked.get("noi", ""))
    context: dict[str, Any] = {"peer": peer, "peers": connected, "wrong": wrong}
    context["form"] = wrong if isinstance(wrong, GiveUpForm) else GiveUpForm()
    if peer is not None:
        context |= _shown(request, peer, asked, wrong)
    return render(request, "exchange/level.html", context, status=422 if wrong else 200)


@dataclass(frozen=True, slots=True)
class Asked:
    """Which lines of a peer an address asks for. Errors: Http404."""

    kind: str
    day: date | None
    unit: int | None
    month: date | None = None

    @classmethod
    def of(cls, asked: QueryDict) -> Asked:
        kind = asked.get("loai", "tu-choi")
        if kind not in level.LISTS:
            raise Http404
        unit = whole_number(asked.get("donvi", "")) or None
        return cls(kind, _day(asked, "ngay"), unit, _day(asked, "thang", "-01"))

    @property
    def days(self) -> Days | None:
        """Of which the costs are; None: of the days before today, which are others tomorrow."""
        if self.day is not None:
            return Days(self.day, self.day)
        return Days.of_month(self.month) if self.month is not None else None

    def within(self, now: datetime) -> Days:
        """The days of the costs, whichever they are."""
        today = timezone.localdate(now)
        return self.days or Days(today - level.RECENT, today)

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
        found["thang"] = f"{self.month:%Y-%m}" if self.month else ""
        return {name: value for name, value in found.items() if value}


def _shown(
    request: OfficerRequest,
    peer: Peer,
    asked: QueryDict,
    wrong: GiveUpForm | NationalForm | None,
) -> dict[str, Any]:
    now, lines = timezone.now(), level.lines_of(request.desk).filter(peer=peer.code)
    one = Asked.of(asked)
    rows, older = level.days(lines, peer.code, _day(asked, "truoc"))
    page = level.page(lines, one.kind, after=asked.get("sau", ""), now=now, **one.only())
    here = one.said(peer)
    untold = earlier.count(earlier.of_desk(request.desk, peer.code, one.unit), one.within(now))
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
        "untold": untold,
        "told_at_once": earlier.AT_ONCE,
        "unsent": unsent,
        "is_late": unsent.is_late(now),
        "here": here,
        "at": f"?{urlencode(here)}",
        **_cost(request, peer, lines, one, now, untold.within, wrong),
        **_at_once(lines, one, now, pressed_after(asked)),
        **_asking(request, peer, lines, one, now),
    }


def _cost(
    request: OfficerRequest,
    peer: Peer,
    lines: QuerySet[Line],
    one: Asked,
    now: datetime,
    untold: int,
    wrong: GiveUpForm | NationalForm | None,
) -> dict[str, Any]:
    """What it costs in a day, a month or the days before today; and the national figure of the very
    same days and agencies. One query; three more of a day or month.
    """
    today, days = timezone.localdate(now), one.days
    unit = {"agency_id": one.unit} if one.unit else {}
    within = {"day__range": (days.first, days.last)} if days else {"day__gte": today - level.RECENT}
    reach = national.reach_of(request.desk, one.unit) if days else None
    written = (
        list(national.figures(peer.code, reach, days)[: national.SHOWN]) if reach and days else []
    )
    figure = written[0] if written and written[0].number else None
    number = figure.number if figure else 0
    form = wrong if isinstance(wrong, NationalForm) else NationalForm(initial=_said_of(figure))
    return {
        "cost": costs.cost_of(lines.filter(**within, **unit), now, number, untold),
        "period": days,
        "months": _months(one, peer, today),
        "bare_list": f"?{urlencode(replace(one, kind=level.BARE, month=None).said(peer))}#ho-so",
        "figure": figure,
        "written": written,
        "national_form": form if reach else None,
    }


def _said_of(figure: NationalFigure | None) -> dict[str, str]:
    return {"number": str(figure.number), "source": figure.source} if figure else {}


def _months(one: Asked, peer: Peer, today: date) -> list[tuple[str, str, bool]]:
    """The days before today, then months from the one after that which is looked at backwards: words,
    address, whether it is looked at.
    """
    this = today.replace(day=1)
    first = min(this, Days.of_month(one.month or this).last + timedelta(days=1))
    found = [(f"{level.RECENT_DAYS} ngày gần đây", replace(one, day=None, month=None))]
    for _ in range(MONTHS + 1):
        found.append((f"Tháng {first:%m/%Y}", replace(one, day=None, month=first)))
        first = (first - timedelta(days=1)).replace(day=1)
    return [(words, f"?{urlencode(it.said(peer))}#bo-chi-so", it == one) for words, it in found]


def _asking(
    request: OfficerRequest, peer: Peer, lines: QuerySet[Line], one: Asked, now: datetime
) -> dict[str, Any]:
    """What a press would ask about; what is being asked, and what came of the officer's own last run.
    Two queries.
    """
    under_way, over = asking_many.newest(peer, request.user.pk)
    is_asked = one.is_one and one.kind in asking_many.ASKED_OF
    mine = lines.filter(**one.whole(now))
    to_ask = asking_many.to_ask(peer, mine, one.kind, now) if is_asked else lines.none()
    return {
        "under_way": under_way,
        "asked_over": over,
        "asked_of": _list_words(over) if over else "",
        "outcomes": asking_many.outcomes(over) if over else [],
        "differing": _differing(peer, over) if over else "",
        "to_ask": to_ask.count(),
        "asked_at_once": asking_many.AT_ONCE,
    }


def _list_words(run: AskRun) -> str:
    """Which list it was."""
    day = f"{run.day:%d/%m/%Y}" if run.day else ""
    return ", ".join(filter(None, (level.LISTS[run.kind], day, run.unit.name if run.unit else "")))


def _differing(peer: Peer, run: AskRun) -> str:
    """Where what the peer holds otherwise is listed."""
    it = Asked("lech", run.day, run.unit_id)
    return f"?{urlencode(it.said(peer))}#ho-so" if run.said.get(Says.UNLIKE.name) else ""


def pressed_after(asked: QueryDict) -> int:
    """`tu`: behind which line the next press begins."""
    return whole_number(asked.get("tu", "")) or 0


def _at_once(lines: QuerySet[Line], one: Asked, now: datetime, after: int) -> dict[str, int]:
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
    """What differs, and why it is late there only or lacks its result."""
    whys = {level.LATE_THERE: level.why_late_there, level.BARE: level.why_bare}
    why = whys[kind](line) if kind in whys else ""
    return line, ", ".join(level.unlike(line)), why


def chosen(connected: list[Peer], code: str) -> Peer | None:
    """The first one where none is named. Errors: Http404."""
    if not code:
        return connected[0] if connected else None
    found = next((one for one in connected if one.code == code), None)
    if found is None:
        raise Http404
    return found


def _day(asked: QueryDict, name: str, rest: str = "") -> date | None:
    """Errors: Http404 for what is no day of ours with `rest` behind it."""
    said = asked.get(name, "")
    day = day_of(said + rest) if said else None
    if said and day is None:
        raise Http404
    return day


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
        access(request, AccessKind.VIEWED, KIND, line.pk, level.ASKED)
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
