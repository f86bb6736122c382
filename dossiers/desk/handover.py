"""The hand-over screens: what must go on and when (R-39), what waits to be received, where it may go."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from dossiers.desk.columns import GIVING, more_of
from dossiers.desk.orders import BY_DUE
from dossiers.desk.work import PAGE, Line, lines
from dossiers.models import Dossier, HandOver, Result
from dossiers.models.querysets import DossierQuerySet, is_working, mine_or, reach_of
from dossiers.models.undone import standing
from dossiers.reach import counter_ids
from dossiers.states import WITH_SOMEBODY, State
from onestop.accounts.models import Agency, Department, DepartmentKind, Officer, Role, RoleGrant
from onestop.paging import EPOCH, Keyset, Place, by_instant, cut, read_place
from onestop.speed import Prepared
from onestop.worktime import start_of_day

if TYPE_CHECKING:
    from onestop.accounts.desk import Desk

# A field that a department has not given on among so many hand-overs has no usual way from there.
LOOKED_BACK = 500
# Roles that take dossiers over.
RECEIVING = (Role.CLERK, Role.SPECIALIST, Role.HEAD, Role.LEADER, Role.DOCUMENTS)


# The groups of the page of giving, in its order: key -> (title, tone).
GROUPS = {
    "qua-gio": ("Quá giờ chuyển", "late"),
    "hom-nay": ("Phải chuyển trong hôm nay", "soon"),
    "ngay-toi": ("Chuyển đầu ngày làm việc tiếp theo", "quiet"),
    "tren-ban": ("Tôi đang giữ", ""),
}


@dataclass(frozen=True, slots=True)
class Group:
    """Dossiers of a page that must go by the same time; `total` counts those on other pages too."""

    key: str
    total: int
    lines: list[Line]

    @property
    def title(self) -> str:
        return GROUPS[self.key][0]

    @property
    def tone(self) -> str:
        return GROUPS[self.key][1]


@dataclass(frozen=True, slots=True)
class GivePage:
    groups: list[Group]
    next: str
    previous: str

    @property
    def lines(self) -> list[Line]:
        return [line for group in self.groups for line in group.lines]


@dataclass(frozen=True, slots=True)
class _Part:
    """One of the two lists of the page of giving, in its own order."""

    key: str
    rows: DossierQuerySet[Dossier]
    order: Keyset

    def cursor(self, line: Line) -> str:
        return f"{self.key}-{self.order.cursor(line)}"

    def read(self, place: Place | None, *, back: bool, limit: int) -> list[tuple[_Part, Line]]:
        """Up to `limit` lines after the place (before it when `back`, nearest first); one query."""
        rows = self.order.beyond(self.rows, place, back=back)
        return [(self, line) for line in lines(rows, limit=limit, more=more_of(GIVING))]


def give_page(
    desk: Desk, now: datetime, *, after: str = "", before: str = "", size: int = PAGE
) -> GivePage:
    """What may be given: first what the counter has received and not passed on, by when it must go
    (R-39), then the own desk, by what is due first. One list over both, paged by key in both
    directions; at most two queries and one for the totals.
    """
    at_counter = _Part("chuyen", Dossier.objects.to_forward(desk), by_instant("forward_by"))
    own = _Part(
        "ban", Dossier.objects.in_hand(desk).working().filter(forward_by=None), BY_DUE.keyset
    )
    key, _, place = (before or after).partition("-")
    start = read_place(place)
    back = bool(before) and start is not None
    parts = [own, at_counter] if back else [at_counter, own]
    if start is not None and key == parts[1].key:
        parts = parts[1:]
    found: list[tuple[_Part, Line]] = []
    for part in parts:
        if len(found) <= size:
            begin = start if part.key == key else None
            found += part.read(begin, back=back, limit=size + 1 - len(found))
    page = cut(
        found, lambda row: row[0].cursor(row[1]), size=size, back=back, is_first=start is None
    )
    return GivePage(_grouped(page.rows, _totals(desk, now), now), page.next, page.previous)


def _grouped(shown: list[tuple[_Part, Line]], totals: dict[str, int], now: datetime) -> list[Group]:
    grouped: dict[str, list[Line]] = {}
    for part, line in shown:
        grouped.setdefault(_group(part, line, now), []).append(line)
    return [Group(key, totals[key], grouped[key]) for key in GROUPS if key in grouped]


def _group(part: _Part, line: Line, now: datetime) -> str:
    if part.key == "ban" or line.forward_by is None:
        return "tren-ban"
    if line.forward_by < now:
        return "qua-gio"
    return (
        "hom-nay" if timezone.localdate(line.forward_by) <= timezone.localdate(now) else "ngay-toi"
    )


def _totals(desk: Desk, now: datetime) -> dict[str, int]:
    """How many dossiers each group has on all pages; one query over the open work of this desk and
    its counter.
    """
    tomorrow = start_of_day(timezone.localdate(now) + timedelta(days=1))
    at_counter = mine_or(desk, counter_ids(desk)) & Q(forward_by__isnull=False)
    wanted = {
        "qua-gio": at_counter & Q(forward_by__lt=now),
        "hom-nay": at_counter & Q(forward_by__gte=now, forward_by__lt=tomorrow),
        "ngay-toi": at_counter & Q(forward_by__gte=tomorrow),
        "tren-ban": Q(holder__in=desk.officer_ids, forward_by=None),
    }
    mine = Dossier.objects.filter(
        is_working(), mine_or(desk, counter_ids(desk)), pending_department=None
    )
    return mine.aggregate(**{name: Count("pk", filter=q) for name, q in wanted.items()})


def pending_by_code(desk: Desk, codes: Sequence[str]) -> dict[str, Dossier]:
    """The dossiers with these codes that wait for this desk, by upper-case code; one query."""
    rows = Dossier.objects.to_accept(desk).filter(code__in=codes).only("pk", "code", "row_version")
    return {row.code.upper(): row for row in rows}


@dataclass(frozen=True, slots=True)
class Now:
    """Where a dossier is, in words."""

    state: str
    where: str


def places_now(desk: Desk, codes: Sequence[str]) -> dict[str, Now]:
    """Where those of these codes are that the officer may see, by upper-case code; one query."""
    rows = Dossier.objects.visible_to(desk).filter(code__in=codes)
    columns = ("pending_department__name", "holder__full_name", "holder_department__name")
    found = {}
    for code, state, pending, holder, room in rows.values_list("code", "state", *columns):
        names = (holder, room) if state in WITH_SOMEBODY else ()
        at = f"chờ {pending} nhận" if pending else ", ".join(filter(None, names))
        found[code.upper()] = Now(State(state).label.lower(), at or "không còn ở phòng nào")
    return found


def _build_chosen(ids: tuple[int, ...], *reach: Any) -> QuerySet[Dossier]:
    joined = (
        "agency",
        "received_by_agency",
        "version__procedure",
        "case",
        "holder",
        "holder_department",
    )
    rows = Dossier.objects.within(*reach).filter(pk__in=ids)
    return rows.select_related(*joined).order_by("sort_due", "pk")


_chosen = Prepared("acts", _build_chosen)


def chosen_dossiers(desk: Desk, ids: Iterable[int]) -> list[Dossier]:
    """The dossiers an act was asked for, as far as the officer may open them; one query."""
    wanted, reach = list(ids), reach_of(desk)
    if reach is None or not wanted:
        return []
    # Some said again up to 1, 2, 4, 8…: a statement for each of these lengths, not for each length.
    wanted += wanted[-1:] * ((1 << (len(wanted) - 1).bit_length()) - len(wanted))
    return _chosen(tuple(wanted), *reach)


def without_result(ids: Iterable[int]) -> set[int]:
    """Which of these dossiers have lain in a room that handles (`Route.is_handled_before`) and have
    no result that counts; one query.
    """
    room = DepartmentKind.PROFESSIONAL
    handled = HandOver.objects.standing().filter(
        Q(giver_department__kind=room)
        | Q(receiver_department__kind=room, confirmed_at__isnull=False),
        dossier=OuterRef("pk"),
    )
    written = Result.objects.current().filter(dossier=OuterRef("pk"))
    found = Dossier.objects.filter(Exists(handled), ~Exists(written), pk__in=list(ids))
    return set(found.order_by().values_list("pk", flat=True))


def places(
    agency_ids: Iterable[int], on: date, *, leaving_out: Officer | None = None
) -> list[tuple[Department, list[Officer]]]:
    """Where dossiers may go: active departments of these agencies, as far as they have not ended,
    with the officers who take dossiers over there; two queries.
    """
    rooms = Department.objects.filter(_is_open(on), agency__in=list(agency_ids))
    departments = list(rooms.select_related("agency"))
    grants = (
        RoleGrant.objects.valid_on(on)
        .filter(
            department__in=[d.pk for d in departments], role__in=RECEIVING, officer__is_active=True
        )
        .select_related("officer")
        .order_by("officer__sort_name", "officer_id")
    )
    sitting: dict[int, dict[int, Officer]] = {d.pk: {} for d in departments}
    for grant in grants:
        if grant.department_id is not None:
            sitting[grant.department_id][grant.officer_id] = grant.officer
    return [(d, list(sitting[d.pk].values())) for d in departments]


def _is_open(on: date, prefix: str = "") -> Q:
    """`Department.is_open` as SQL."""
    last_day = f"{prefix}agency__closed_on"
    stands = Q(**{last_day: None}) | Q(**{f"{last_day}__gte": on})
    return stands & Q(**{f"{prefix}is_active": True})


def usual_department(dossier: Dossier, on: date, kind: str | None = None) -> int | None:
    """Where dossiers of this field went last from the same department, to a department of that kind
    when one is named, and that is still open, among its newest hand-overs; one query.
    """
    if dossier.holder_department_id is None:
        return None
    given = HandOver.objects.filter(giver_department=dossier.holder_department_id)
    instants = given.order_by("-given_at").values("given_at")
    since = Subquery(instants[LOOKED_BACK : LOOKED_BACK + 1])
    rows = given.filter(
        standing(),
        _is_open(on, "receiver_department__"),
        given_at__gte=Coalesce(since, Value(EPOCH)),
        dossier__field=dossier.field_id,
    )
    if kind is not None:
        rows = rows.filter(receiver_department__kind=kind).exclude(
            receiver_department=dossier.holder_department_id
        )
    return (
        rows.order_by("-given_at", "-id").values_list("receiver_department_id", flat=True).first()
    )


def only_department(dossier: Dossier, on: date, kind: str) -> int | None:
    """The department of that kind where there is but one: counters of the office that received it,
    others of the one that handles; of whoever took that office over.
    """
    at_counter = kind == DepartmentKind.ONE_STOP and (
        dossier.received_by_agency_id != dossier.agency_id
    )
    office = dossier.received_by_agency if at_counter else dossier.agency
    rooms = Department.objects.filter(agency=office.in_charge(on), kind=kind, is_active=True)
    found = list(rooms.values_list("pk", flat=True)[:2])
    return found[0] if len(found) == 1 and found[0] != dossier.holder_department_id else None


def lies_in_room(dossier: Dossier) -> bool:
    room = dossier.holder_department
    return room is not None and room.kind == DepartmentKind.PROFESSIONAL


def head_of_room(dossier: Dossier) -> str:
    """The head of the room where it lies, as the form of giving names an officer; empty when that
    is who has it, or there is none.
    """
    lasting = RoleGrant.objects.filter(
        role=Role.HEAD, valid_to=None, ended_at=None, officer__is_active=True
    )
    heads = lasting.filter(department=dossier.holder_department_id)
    head = heads.exclude(officer=dossier.holder_id).values_list("officer", flat=True).first()
    return f"{dossier.holder_department_id}-{head}" if head else ""


# --- moving a desk --------------------------------------------------------------------------------


def desk_people(desk: Desk, on: date) -> QuerySet[Officer]:
    """Whose desk this officer may move: of administered agencies, of agencies led, of departments
    headed.
    """
    reach = Q(agency__in=desk.agency_ids_as(Role.LEADER))
    headed = desk.department_ids_as(Role.HEAD)
    if headed:
        reach |= Q(
            pk__in=RoleGrant.objects.valid_on(on).filter(department__in=headed).values("officer")
        )
    if desk.has(Role.ADMINISTRATOR):
        reach |= Q(agency__in=Agency.objects.under(*desk.administered_paths).values("pk"))
    return Officer.objects.working().filter(reach).order_by("sort_name", "pk")


def successors(desk: Desk) -> QuerySet[Officer]:
    """Who may take a desk over: working officers of the agencies this officer serves or
    administers.
    """
    reach = Q(agency__in=desk.agency_ids)
    if desk.has(Role.ADMINISTRATOR):
        reach |= Q(agency__in=Agency.objects.under(*desk.administered_paths).values("pk"))
    return Officer.objects.working().filter(reach).order_by("sort_name", "pk")
