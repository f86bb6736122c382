"""What is the same here and there and what is not, by day and unit; and what a person does about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from dossiers.states import State
from exchange.models.outbox import Delivery, Line
from exchange.outbox import leasing, messages
from exchange.outbox.content import as_now
from exchange.outbox.costs import THERE, TOLD, bare, late_there
from exchange.outbox.storing import UNSURE
from exchange.outbox.taking import TAKEN, meant_for
from onestop.accounts.desk import Desk
from onestop.accounts.models import Agency, Role
from onestop.errors import DomainError
from onestop.outbox.models import Fact
from onestop.paging import Page, by_id
from onestop.rows import as_written

READERS = (Role.CONTROLLER, Role.ADMINISTRATOR)
DAYS, SIZE = 7, 50
# How the access log calls a line, and asking the peer about it.
KIND, ASKED = "exchange_line", "hỏi nơi nhận"
# What is settled is listed of so many days, unless one is chosen.
RECENT_DAYS = 31
RECENT = timedelta(days=RECENT_DAYS)
ORDER = by_id(newest_first=True)

_OTHER_STATE = ~Q(accepted_state=F("dossier__state"))
_OTHER_CHANNEL = ~Q(accepted_channel=F("dossier__channel"))
_OTHER_DUE = ~Q(accepted_due=F("dossier__due_at")) & ~Q(
    accepted_due__isnull=True, dossier__due_at__isnull=True
)
_UNLEVEL = ~Q(state=Line.State.LEVEL)
_IS_REFUSED = Q(trouble__in=(Line.Trouble.REFUSED, Line.Trouble.HELD))
REFUSED = _UNLEVEL & _IS_REFUSED
WAITING = _UNLEVEL & ~_IS_REFUSED
LEVEL = Q(state=Line.State.LEVEL)
# What was received by mistake and given up there is closed, and no difference.
VOIDED = Q(dossier__isnull=False, dossier__state=State.VOIDED)
GIVEN_UP = LEVEL & (Q(accepted_at__isnull=True) | VOIDED)
DIFFERS = (
    LEVEL
    & Q(accepted_at__isnull=False, dossier__isnull=False)
    & ~VOIDED
    & (_OTHER_STATE | _OTHER_DUE | _OTHER_CHANNEL)
)
# Each line stands in one of these, and in no other.
KINDS = {
    "tu-choi": ("Bị từ chối, thiếu dữ liệu", REFUSED),
    "cho": ("Chờ gửi", WAITING),
    "lech": ("Lệch", DIFFERS),
    "thoi": ("Thôi gửi", GIVEN_UP),
    "khop": ("Đã khớp", LEVEL & ~GIVEN_UP & ~DIFFERS),
}
SETTLED = frozenset({"lech", "thoi", "khop"})
# Late by what the peer holds alone: lines of any of the kinds, listed of RECENT too.
LATE_THERE = "qua-han"
# Ended there without its result's code or address: lines of any of the kinds too.
BARE = "thieu-ket-qua"
LISTS = {name: words for name, (words, _) in KINDS.items()} | {
    LATE_THERE: "Chỉ quá hạn ở nơi nhận",
    BARE: "Thiếu kết quả điện tử",
}


def lines_of(desk: Desk) -> QuerySet[Line]:
    """Of the agencies that the officer controls or administers, and all below them."""
    mine = Agency.objects.under(*desk.paths_as(*READERS))
    return Line.objects.filter(agency__in=mine)


@dataclass(frozen=True, slots=True)
class Day:
    """How the lines of one day and unit stand. `share`: how many of a hundred dossiers the peer has,
    which is what the national index counts (1.4), whatever of them still waits; None where only
    filings were told.
    """

    day: date
    agency_id: int
    agency: str
    ours: int
    refused: int
    waiting: int
    differing: int
    given_up: int
    level: int
    dossiers: int
    there: int

    @property
    def share(self) -> float | None:
        return 100 * self.there / self.dossiers if self.dossiers else None


def days(lines: QuerySet[Line], peer: str, until: date | None) -> tuple[list[Day], date | None]:
    """The newest days before `until`, and where older ones begin. Two queries."""
    lines = lines.filter(peer=peer)
    if until is not None:
        lines = lines.filter(day__lt=until)
    found = list(lines.order_by("-day").values_list("day", flat=True).distinct()[: DAYS + 1])
    if not found:
        return [], None
    counts = {
        name: Count("pk", filter=condition)
        for name, condition in (
            ("refused", REFUSED),
            ("waiting", WAITING),
            ("differing", DIFFERS),
            ("given_up", GIVEN_UP),
            ("level", KINDS["khop"][1]),
            ("dossiers", TOLD),
            ("there", THERE),
        )
    }
    rows = (
        lines.filter(day__in=found[:DAYS])
        .values("day", "agency_id", name=F("agency__name"))
        .annotate(ours=Count("pk"), **counts)
        .order_by("-day", "agency__path")
    )
    read: list[dict[str, Any]] = [dict(row) for row in rows]
    shown = [Day(agency=row.pop("name"), **row) for row in read]
    return shown, found[DAYS - 1] if len(found) > DAYS else None


def page(lines: QuerySet[Line], kind: str, *, after: str, now: datetime, **only: Any) -> Page[Line]:
    """Lines of one kind, those that came last first."""
    said = {name: value for name, value in only.items() if value}
    said |= recent_only(kind, now, said.get("day"))
    rows = lines.filter(of_kind(kind, now), **said).select_related("dossier", "agency")
    return ORDER.page(rows.defer("dossier__secret", "dossier__salt"), size=SIZE, after=after)


def of_kind(kind: str, now: datetime) -> Q:
    if kind == BARE:
        return bare()
    return late_there(now) if kind == LATE_THERE else KINDS[kind][1]


def recent_only(kind: str, now: datetime, day: date | None) -> dict[str, date]:
    """Where no day is named: of what is settled, late there only, or bare, the lines of RECENT alone."""
    if day is not None or not (kind in SETTLED or kind in (LATE_THERE, BARE)):
        return {}
    return {"day__gte": timezone.localdate(now) - RECENT}


def why_late_there(line: Line) -> str:
    """The cause that is proposed for what is late there and not here: it lies in the sending."""
    if line.trouble == Line.Trouble.AWAY:
        return messages.LATE_AWAY
    if line.trouble != Line.Trouble.NONE:
        return messages.LATE_REFUSED
    return messages.LATE_WAITS if line.state != Line.State.LEVEL else messages.LATE_WRONG


def why_bare(line: Line) -> str:
    """What of a result the peer was not told."""
    if line.result_code is None or line.result_link is None:
        return messages.RESULT_UNSURE
    if line.result_link:
        return messages.RESULT_NO_CODE
    return messages.RESULT_NO_LINK if line.result_code else messages.RESULT_NEITHER


def unlike(line: Line) -> list[str]:
    """In which of state, due date and channel the peer differs from us."""
    dossier = line.dossier
    if dossier is None or line.accepted_at is None or dossier.state == State.VOIDED:
        return []
    pairs = (
        ("trạng thái", line.accepted_state, dossier.state),
        ("hẹn trả", line.accepted_due, dossier.due_at),
        ("kênh", line.accepted_channel, dossier.channel),
    )
    return [name for name, there, here in pairs if there != here]


def send_again(line_id: int, *, at: datetime) -> None:
    """What waits is due now, from its first try; where nothing waits the dossier is told as it is.
    Errors: DomainError("nothing_to_send").
    """
    with transaction.atomic():
        line = Line.objects.select_for_update().get(pk=line_id)
        # What was done since and is not taken over yet tells it by itself.
        untaken = Fact.objects.filter(meant_for(line.peer), topic__in=TAKEN, key=line.code).exists()
        if not untaken and not leasing.firsts([line]):
            _tell_anew(line, at)
        line.state, line.trouble, line.tries, line.words = Line.State.WAITING, 0, 0, ""
        if line.leased_by is None:
            line.next_try_at = at
        line.save()


def _tell_anew(line: Line, at: datetime) -> None:
    told: Sequence[int] = (Delivery.Kind.DOSSIER, Delivery.Kind.STATUS)
    last = line.deliveries.filter(kind__in=told).order_by("-pk").first()
    if last is None or _is_nothing_there(line):
        raise DomainError("nothing_to_send")
    payload = dict(last.payload)
    if line.dossier is not None:
        payload |= as_now(line.dossier) | {"at": as_written(at)}
    Delivery.objects.create(line=line, kind=last.kind, payload=payload, created_at=at)
    if line.stored:
        line.stored = UNSURE  # its result goes anew too
    line.waiting_since = line.waiting_since or at


def _is_nothing_there(line: Line) -> bool:
    """Received by mistake, and never told."""
    is_voided = line.dossier is not None and line.dossier.state == State.VOIDED
    return is_voided and line.accepted_at is None and line.check_at is None


def give_up(line_id: int, *, reason: str, by: Desk, at: datetime) -> int:
    """What waits in a line is not sent any more, and says who ended it and why; how many messages.
    The next act on the dossier is told again. Errors: DomainError("reason_missing",
    "nothing_waits", "being_sent").
    """
    if not reason:
        raise DomainError("reason_missing", field="reason")
    with transaction.atomic():
        line = Line.objects.select_for_update().get(pk=line_id)
        if line.leased_by is not None and line.next_try_at is not None and line.next_try_at > at:
            raise DomainError("being_sent")
        waiting = line.deliveries.filter(state=Delivery.State.WAITING)
        closed = waiting.update(
            state=Delivery.State.CLOSED, settled_at=at, closed_by=by.officer, reason=reason
        )
        if not closed:
            raise DomainError("nothing_waits")
        # Of a request whose end nobody knows the peer is asked all the same.
        stands = Line.State.LEVEL if line.check_at is None else Line.State.WAITING
        line.state, line.next_try_at = stands, line.check_at
        line.trouble, line.tries = Line.Trouble.NONE, 0
        line.waiting_since = line.leased_by = None
        line.words = ""
        line.save()
    return closed
