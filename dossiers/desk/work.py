"""`/viec/`: what lies on a desk, by job, one line a dossier, with all counters in one query.

Lists run over open work only and page by key (desk/orders.py); what is left is computed for the
lines shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Case, FilteredRelation, Model, OuterRef, QuerySet, Subquery
from django.urls import reverse

from dossiers.desk.counting import count_desk
from dossiers.desk.orders import BY_DUE, SORTED, Order
from dossiers.models import Dossier
from dossiers.models.handover import on_the_way as on_the_way_rows
from dossiers.models.legs import Leg
from dossiers.models.querysets import DossierQuerySet, is_waiting
from dossiers.models.sent import sent_at
from dossiers.models.urging import Urging
from dossiers.reach import shared_ids
from dossiers.registry import waits_for
from dossiers.states import OPEN, WITH_SOMEBODY
from onestop.accounts.models import Department, Officer, Role
from onestop.paging import Page
from onestop.worktime import PauseKind, Promise
from procedures.channels import Channel
from procedures.models import Field

if TYPE_CHECKING:
    from onestop.accounts.desk import Desk

PAGE = 50
LATE, SOON = "qua-han", "sap-het-han"


@dataclass(frozen=True, slots=True)
class Job:
    """One list of the desk: its address part, label, counter, tone of the counter, and what to say
    when it is empty.
    """

    key: str
    label: str
    count: str
    rows: Callable[[Desk, datetime], DossierQuerySet[Dossier]]
    tone: str = "quiet"
    empty: str = ""
    hint: str = ""
    # What is on its way to where this list looks: asked for by a filter, not among its rows.
    coming: Callable[[Desk], DossierQuerySet[Dossier]] | None = None


def _hand(desk: Desk) -> DossierQuerySet[Dossier]:
    return Dossier.objects.in_hand(desk)


JOBS: tuple[Job, ...] = (
    Job(
        "cho-nhan", "Chờ nhận", "accept", lambda desk, now: Dossier.objects.to_accept(desk),
        empty="Không có hồ sơ nào chờ bạn nhận", hint="Khi có người giao hồ sơ cho bạn hoặc phòng của bạn, hồ sơ hiện ở đây.",
    ),
    Job(
        "dang-xu-ly", "Đang xử lý", "hand", lambda desk, now: _hand(desk).working(),
        empty="Không có hồ sơ đang xử lý", hint="Xem “Chờ nhận” để nhận hồ sơ được giao.",
    ),
    Job(
        "sap-het-han", "Sắp đến hạn", "soon", lambda desk, now: _hand(desk).due_soon(now), tone="soon",
        empty="Không có hồ sơ sắp đến hạn", hint="Hồ sơ hiện ở đây khi còn 20% thời hạn, chậm nhất từ đầu ngày làm việc trước ngày hẹn.",
    ),
    Job(
        "qua-han", "Quá hạn", "late", lambda desk, now: _hand(desk).overdue(now), tone="late",
        empty="Không có hồ sơ quá hạn",
    ),
    Job(
        "cho-bo-sung", "Chờ bổ sung, nộp tiền", "waiting", lambda desk, now: _hand(desk).filter(is_waiting()), tone="wait",
        empty="Không có hồ sơ chờ bổ sung, nộp tiền",
        hint="Hồ sơ chờ người dân bổ sung hoặc nộp tiền hiện ở đây, thời hạn giải quyết tạm dừng.",
    ),
    Job(
        "da-giao", "Đã giao, chờ nhận", "given", lambda desk, now: Dossier.objects.given_from(desk),
        empty="Mọi hồ sơ đã giao đều được nhận", hint="Hồ sơ bạn giao mà bên nhận chưa xác nhận hiện ở đây; còn thu hồi được.",
    ),
)  # fmt: skip
PROPOSED = Job(
    "de-nghi-bo-sung", "Đề nghị bổ sung", "proposed", lambda desk, now: Dossier.objects.proposed(desk), tone="wait",
    empty="Không có đề nghị bổ sung nào", hint="Khi người xử lý đề nghị, Bộ phận Một cửa phát phiếu yêu cầu bổ sung từ đây.",
)  # fmt: skip
SUBMITTED = Job(
    "trinh-duyet", "Trình duyệt", "approve", lambda desk, now: Dossier.objects.to_approve(desk),
    empty="Không có hồ sơ nào trình bạn duyệt", hint="Hồ sơ có kết quả được trình hiện ở đây, kể cả khi bạn chưa nhận bàn giao.",
)  # fmt: skip
DEPARTMENT = Job(
    "phong", "Của phòng", "department",
    lambda desk, now: Dossier.objects.open().filter(holder_department__in=desk.department_ids_as(Role.HEAD)),
    empty="Phòng không có hồ sơ nào đang mở",
    coming=lambda desk: Dossier.objects.filter(pending_department__in=desk.department_ids_as(Role.HEAD)),
)  # fmt: skip
AGENCY = Job(
    "co-quan", "Cả cơ quan", "agency",
    lambda desk, now: Dossier.objects.open().filter(agency__in=desk.agency_ids_as(Role.LEADER, Role.CONTROLLER)),
    empty="Cơ quan không có hồ sơ nào đang mở",
)  # fmt: skip

# Not a list of dossiers: what other agencies ask of this one, on a page of its own (desk/legs.py),
# offered only while there is any.
LEGS = Job("phoi-hop", "Phối hợp", "legs", lambda desk, now: Dossier.objects.none())


def jobs_of(desk: Desk) -> list[Job]:
    """The lists this desk has, in the order of the day."""
    jobs = list(JOBS) if shared_ids(desk) or desk.department_ids else []
    if desk.has(Role.CLERK):
        jobs.insert(1, PROPOSED)
    if desk.department_ids_as(Role.HEAD, Role.LEADER):
        jobs.insert(0, SUBMITTED)
    if desk.has(Role.HEAD):
        jobs.append(DEPARTMENT)
    if desk.has(Role.LEADER, Role.CONTROLLER):
        jobs.append(AGENCY)
    return jobs or list(JOBS)


def wider(job: Job, jobs: list[Job]) -> dict[str, str] | None:
    """Where a head or leader looks when the own desk has nothing late or due soon: the room's or
    the agency's list, narrowed.
    """
    whole = jobs[-1]
    if job.key not in (LATE, SOON) or whole not in (DEPARTMENT, AGENCY):
        return None
    where = "của cả cơ quan" if whole is AGENCY else "của phòng"
    return {
        "hint": "Đây chỉ là hồ sơ do bạn thụ lý.",
        "url": f"{reverse('work')}?loai={whole.key}&han={job.key}",
        "label": f"Hồ sơ {job.label.lower()} {where}",
    }


def rail_counts(desk: Desk, now: datetime) -> tuple[dict[str, int], dict[str, int]]:
    """(counters of the desk by name, numbers beside the parts of the rail); the one aggregate of a
    page. Each number says what the page it leads to lists: all that lies on the desk or is to be
    accepted; what must be passed on or accepted; requests for completion to answer; what was handed
    in on a portal and waits for the counter.
    """
    counts = count_desk(desk, now)
    return counts, {
        "tiep-nhan": counts["filed"],
        "viec": counts["accept"] + counts["hand"] + counts["waiting"],
        "ban-giao": counts["accept"] + counts["forward"],
        "duyet-bo-sung": counts["agree"] + counts["guide"] + counts["void"],
        "thong-bao": counts["unread"],
    }


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a list. Names as the page shows them: of what lies with nobody any more, none of
    where it lies. The promise columns let the page say what is left without a query.
    """

    pk: int
    code: str
    row_version: int
    owner_name: str
    procedure_code: str
    procedure: str
    state: int
    channel: int
    agency_id: int
    step: str
    holder_id: int | None
    holder: str
    department: str
    sort_due: datetime
    due_at: datetime | None
    late_from: datetime | None
    warn_at: datetime | None
    provisional: bool
    undetermined: bool
    forward_by: datetime | None
    # From here on: only where the list shows them (MORE).
    received_at: datetime | None = None
    field: str = ""
    phone: str = ""
    pending: str = ""
    given_by: str = ""
    given_from: str = ""
    given_at: datetime | None = None
    confirm_by: datetime | None = None
    note: str = ""
    ended_at: datetime | None = None
    by_post: bool = False
    sorted_by: str = ""
    urged: int | None = None
    open_legs: int = 0
    first_asked: str = ""
    sent_at: datetime | None = None

    @property
    def url(self) -> str:
        return reverse("dossier", args=[self.code])

    @property
    def channel_words(self) -> str:
        return str(Channel(self.channel).label)

    @property
    def masked_phone(self) -> str:
        """Enough of the number to tell it from another one aloud, not enough to call it."""
        return f"{self.phone[:3]} ••• {self.phone[-3:]}" if len(self.phone) > 6 else self.phone

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def asked(self) -> str:
        """Which agencies it waits for: the first by name, how many more (R-60)."""
        more = f" và {self.open_legs - 1} cơ quan khác" if self.open_legs > 1 else ""
        return f"{self.first_asked}{more}" if self.is_open and self.open_legs else ""

    @property
    def waits_for(self) -> PauseKind | None:
        return waits_for(self.state)

    @property
    def promise(self) -> Promise:
        return Promise(
            at=self.due_at,
            provisional=self.provisional,
            undetermined=self.undetermined,
            late_from=self.late_from,
            warn_at=self.warn_at,
        )


# In the order of Line.
_COLUMNS = (
    "pk", "code", "row_version", "owner_name", "version__procedure__code", "version__name", "state", "channel", "agency_id", "step_name",
    "holder_id", "holder__full_name", "holder_department__name", "sort_due", "due_at", "late_from", "warn_at", "provisional",
    "undetermined", "forward_by",
)  # fmt: skip


def _name_of(model: type[Model], column: str, name: str = "name") -> Subquery:
    """The name of the row that a column names."""
    rows = model._default_manager.filter(pk=OuterRef(column)).order_by()
    return Subquery(rows.values(name)[:1])


def _how_often_urged() -> Subquery:
    """The number of the last urging (đôn đốc) that is not solved yet; none where there is none."""
    rows = Urging.objects.of_dossier().order_by("-round")
    return Subquery(rows.values("round")[:1])


def _first_asked() -> Subquery:
    """The agency of the first part that another agency has not answered; on paper, whose turn it is."""
    rows = Leg.objects.open().filter(dossier=OuterRef("pk")).order_by("number")
    return Subquery(rows.values("agency__name")[:1])


# What else a line can tell: its name there, and where it stands. `way` is the hand-over that
# nobody has confirmed yet. Names are read for each line and not joined: PostgreSQL plans up to
# eight tables together; with a ninth it would join all dossiers first and cut the page from them.
MORE: dict[str, str | Subquery | Case] = {
    "received_at": "received_at",
    "field": _name_of(Field, "field"),
    "phone": "phone",
    "pending": _name_of(Department, "pending_department"),
    "given_by": _name_of(Officer, "way__giver", "full_name"),
    "given_from": _name_of(Department, "way__giver_department"),
    "given_at": "way__given_at",
    "confirm_by": "way__confirm_by",
    "note": "way__note",
    "ended_at": "ended_at",
    "by_post": "return_by_post",
    SORTED: SORTED,
    "urged": _how_often_urged(),
    "open_legs": "open_legs",
    "first_asked": _first_asked(),
    "sent_at": sent_at(),
}
_OF_WAY = {"given_by", "given_from", "given_at", "confirm_by", "note"}


def lines(
    rows: DossierQuerySet[Dossier],
    *,
    limit: int | None = None,
    more: Iterable[str] = (),
    order: Order | None = None,
) -> list[Line]:
    """The rows as lines, in their order; one query. `more`: names of MORE; `order`: what the rows
    are ordered by, where no column says it.

    With a limit the rows are cut before anything is joined to them: a full desk costs no more than
    its first page.
    """
    if limit is not None:
        in_order = rows.query.order_by
        rows = Dossier.objects.filter(pk__in=rows.values("pk")[:limit])
        rows = (rows if order is None else order.of(rows)).order_by(*in_order)
    # The last line of a page tells where the next one begins.
    wanted = {*more, *(order.keyset.columns if order is not None else ())}
    told = [name for name in MORE if name in wanted]
    return [_line(row, told) for row in _with_columns(rows, told)]


def _with_columns(rows: DossierQuerySet[Dossier], more: list[str]) -> QuerySet[Dossier, Any]:
    """The columns of every line, then those of MORE with these names."""
    if any(name in _OF_WAY for name in more):
        unconfirmed = on_the_way_rows("hand_overs__")
        joined: Any = rows.alias(way=FilteredRelation("hand_overs", condition=unconfirmed))
        rows = joined
    columns, named = list(_COLUMNS), {}
    for name in more:
        told = MORE[name]
        if isinstance(told, str):
            columns.append(told)
        else:
            named[f"told_{name}"] = told
            columns.append(f"told_{name}")
    return rows.annotate(**named).values_list(*columns)


# Columns of a line that are names: there may be nobody and nothing to name.
_TEXTS = {field.name for field in fields(Line) if field.type == "str"}
_IS_TEXT = tuple(field.type == "str" for field in fields(Line))[: len(_COLUMNS)]


# Of what lies with nobody.
_NOWHERE: dict[str, Any] = {"holder_id": None, "holder": "", "department": "", "step": ""}


def _line(row: tuple[Any, ...], more: list[str]) -> Line:
    shown: list[Any] = [
        value or "" if is_text else value for value, is_text in zip(row, _IS_TEXT, strict=False)
    ]
    rest: dict[str, Any] = {
        name: value or "" if name in _TEXTS else value
        for name, value in zip(more, row[len(_COLUMNS) :], strict=True)
    }
    line = Line(*shown, **rest)
    return line if line.state in WITH_SOMEBODY else replace(line, **_NOWHERE)


# Where a dossier that is read already has the names that lists ask for.
_READ = {
    "field": "field__name",
    "pending": "pending_department__name",
    "urged": "urged",
    "first_asked": "first_asked",
    "sent_at": "sent_at",
}


def line_of(dossier: Dossier, more: Iterable[str] = ()) -> Line:
    """A dossier that is read already, with what it is joined to, as a line; nothing of the hand-over
    that brings it.
    """
    told = [name for name in MORE if name in more]
    paths = (*_COLUMNS, *(_READ.get(name) or str(MORE[name]) for name in told))
    return _line(tuple(_at_end(dossier, path) for path in paths), told)


def _at_end(row: Any, path: str) -> Any:
    for name in path.split("__"):
        row = getattr(row, name, None)  # nobody, on the way to a name
    return row


def work_page(
    rows: DossierQuerySet[Dossier],
    *,
    after: str = "",
    before: str = "",
    more: Iterable[str] = (),
    size: int = PAGE,
    order: Order = BY_DUE,
) -> Page[Line]:
    """One page of a list, by what is due first unless it is ordered otherwise; one query."""

    def take(rows: DossierQuerySet[Dossier], limit: int) -> list[Line]:
        return lines(rows, limit=limit, more=more, order=order)

    return order.keyset.page_of(order.of(rows), take, after=after, before=before, size=size)


def short(name: str, limit: int = 90) -> str:
    """A procedure's name as a line shows it: without "Thủ tục", cut at a word."""
    text = name.removeprefix("Thủ tục ").strip()
    text = text[:1].upper() + text[1:]
    if len(text) <= limit:
        return text
    return text[:limit].rsplit(" ", 1)[0].rstrip(",;") + "…"
