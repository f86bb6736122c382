"""What was handed in on portals: what waits for the counter, what was received late, what is said of
a dossier that came so (R-36, R-40).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from dossiers.desk.work import PAGE
from dossiers.intake import online
from dossiers.intake.said import said_of
from dossiers.models import Dossier, OnlineFiling, OnlineOrigin
from dossiers.models.helping import OnlineHelp
from onestop import worktime
from onestop.accounts.calendars import calendars_of
from onestop.accounts.models import Agency, Role
from onestop.paging import Page, by_instant, soonest_page
from onestop.worktime import LeftKind, Promise, TimeLeft, spell

if TYPE_CHECKING:
    from onestop.accounts.desk import Desk
    from onestop.worktime import Calendar

# Lines of a page.
MOST = 200
LAST_SETTLED = by_instant("ended_at", newest_first=True)
# How long what was settled is shown in the list.
SETTLED_DAYS = 30
WAITING, SOON, LATE, SETTLED = "cho", "sap-het-gio", "qua-gio", "da-xu-ly"
STANDS = {
    WAITING: "Đang chờ",
    SOON: "Sắp hết giờ",
    LATE: "Quá 08 giờ làm việc",
    SETTLED: "Đã xử lý",
}
State = OnlineFiling.State


@dataclass(frozen=True, slots=True)
class Waiting:
    """A line of the list: the filing, what is left of the hours in which it must be answered, and
    whether it was filed with help at the counter.
    """

    filing: OnlineFiling
    left: TimeLeft
    helped: bool = False


@dataclass(frozen=True, slots=True)
class Beside:
    """What whoever brought a filing says of it on its page. `is_odd`: somebody has to look at it
    before it is received. `asks`: of a dossier, the counter has to see to it before it goes on.
    """

    label: str
    text: str
    url: str = ""
    is_odd: bool = False
    asks: bool = False


# Whoever brings filings in names what it says of them here.
besides: list[Callable[[OnlineFiling], list[Beside]]] = []


@dataclass(frozen=True, slots=True)
class Lead:
    """Where else what comes from portals is to be looked at. `number`: how much waits there."""

    words: str
    url: str
    number: int = 0


leads: list[Callable[[Desk], list[Lead]]] = []


def leads_of(desk: Desk) -> list[Lead]:
    return [lead for tell in leads for lead in tell(desk)]


def beside(filing: OnlineFiling) -> list[Beside]:
    return [said for tell in besides for said in tell(filing)]


def counters(desk: Desk) -> Q:
    """Of agencies: where this officer receives, or whose controller this is."""
    found = Q(pk__in=desk.agency_ids_as(Role.CLERK))
    for path in desk.paths_as(Role.CONTROLLER):
        found |= Q(path__startswith=path)
    return found


def counters_of(desk: Desk) -> QuerySet[Agency]:
    """The open one-stop agencies at whose list of filings this officer may look, home first."""
    return Agency.objects.open_on(desk.on).filter(counters(desk), is_one_stop=True).order_by("path")


def counter_ids(desk: Desk) -> list[int]:
    """The agencies whose filings, and messages that are none yet, this officer may see. One query a desk
    for a controller, none for a clerk.
    """
    return sorted({*desk.agency_ids_as(Role.CLERK), *desk.branch_ids_as(Role.CONTROLLER)})


def filings(desk: Desk) -> QuerySet[OnlineFiling]:
    """Every filing that this officer may see; no query but that of `counter_ids`: agencies by their ids
    have each its walk along an index, however many filings were settled.
    """
    return OnlineFiling.objects.filter(agency__in=counter_ids(desk))


def stand_of(stand: str, now: datetime) -> Q:
    """The filings of one tab of the list."""
    waiting = Q(state=State.WAITING)
    return {
        SOON: waiting & Q(warn_at__lte=now, accept_by__gt=now),
        LATE: waiting & Q(accept_by__lte=now),
        SETTLED: ~waiting & Q(ended_at__gte=now - timedelta(SETTLED_DAYS)),
    }.get(stand, waiting)


def shown(now: datetime) -> Q:
    """What stands in any tab: all that waits, and what was settled not long ago."""
    return stand_of(WAITING, now) | stand_of(SETTLED, now)


def counts(desk: Desk, now: datetime) -> dict[str, int]:
    """How many stand in each tab. One query, and that of `counter_ids`."""
    wanted = {name.replace("-", "_"): Count("pk", filter=stand_of(name, now)) for name in STANDS}
    # What was settled long ago stands in none of them, and is most of what there is.
    found = filings(desk).filter(shown(now)).aggregate(**wanted)
    return {name: found[name.replace("-", "_")] for name in STANDS}


def page(desk: Desk, stand: str, now: datetime, *, after: str = "") -> Page[Waiting]:
    """The list: what must be answered first stands first, what was settled last stands first. Two
    queries, and that of `counter_ids`.
    """
    helped = OnlineHelp.objects.with_code()
    rows = filings(desk).filter(stand_of(stand, now))
    rows = rows.annotate(is_helped=Exists(helped.filter(source_code=OuterRef("code"))))
    rows = rows.select_related(
        "agency", "source", "procedure", "ended_by", "dossier", "missing_from"
    )
    rows = rows.defer("dossier__secret", "dossier__salt")
    if stand == SETTLED:
        found = LAST_SETTLED.page(rows, size=MOST, after=after)
    else:
        # What has no hours (papers by bag, no calendar) comes last.
        found = soonest_page(rows, "accept_by", size=MOST, after=after)
    return Page(with_left(found.rows, now), found.next, found.previous)


def with_left(rows: Iterable[OnlineFiling], now: datetime) -> list[Waiting]:
    """Rows with what is left of each, in their offices' working time; one query."""
    rows = list(rows)
    calendars = calendars_of({row.agency_id for row in rows}) if rows else {}
    return [
        Waiting(row, left(row, now, calendars[row.agency_id]), getattr(row, "is_helped", False))
        for row in rows
    ]


def left(row: OnlineFiling, now: datetime, calendar: Calendar) -> TimeLeft:
    promise = Promise(
        at=row.accept_by,
        undetermined=row.accept_by is None,
        late_from=row.accept_by,
        warn_at=row.warn_at,
    )
    return worktime.left(now, promise, calendar)


def find(desk: Desk, code: str) -> OnlineFiling | None:
    """The waiting filing of this code at one of these counters. One query, and that of `counter_ids`, or
    none.
    """
    return filings(desk).filter(code=code, state=State.WAITING).first() if code else None


def late_page(desk: Desk, *, after: str = "", size: int = PAGE) -> Page[OnlineOrigin]:
    """What was received after its eight working hours, of the agencies whose controller this is and
    all below them, newest first. One query.
    """
    mine = Q(pk=None)
    for path in desk.paths_as(Role.CONTROLLER):
        mine |= Q(dossier__received_by_agency__path__startswith=path)
    joined = ("dossier__version__procedure", "dossier__received_by_agency", "dossier__received_by")
    rows = (
        OnlineOrigin.objects.filter(mine, late=True)
        .select_related("source", *joined)
        .defer("dossier__version__search_text", "dossier__secret", "dossier__salt")
    )
    return by_instant("filed_at", newest_first=True).page(rows, after=after, size=size)


@dataclass(frozen=True, slots=True)
class Standing:
    """What the counter's page says beside the form of an online filing."""

    filed_at: datetime
    accept_by: datetime | None
    left: TimeLeft
    is_listed: bool

    @property
    def is_late(self) -> bool:
        return self.left.kind is LeftKind.LATE


def standing(
    code: str, filed_at: datetime | None, *, agency: Agency, now: datetime, calendar: Calendar
) -> Standing | None:
    """How long it may still wait, by the list that names it or by the typed time; None where neither
    is known. One query or none.
    """
    filing = online.filing_of(code)
    listed = filing is not None and filing.is_waiting and filing.agency_id == agency.pk
    if listed and filing is not None:
        filed_at = filing.filed_at
    if filed_at is None or filed_at > now:
        return None
    # By the policy of its procedure the hours may begin later: as they are reckoned on reception.
    later = said_of(filing).counts_from if listed and filing is not None else None
    promise = online.clock(later or filed_at, calendar)
    return Standing(filed_at, promise.at, worktime.left(now, promise, calendar), listed)


def origin_of(dossier: Dossier) -> OnlineOrigin | None:
    """Where an online dossier was filed; None for any other. No query where it was read along."""
    return getattr(dossier, "online", None) if dossier.channel in online.CHANNELS else None


def filed_words(dossier: Dossier) -> tuple[str, ...]:
    """What the timeline says of the filing, beside the reception."""
    row = origin_of(dossier)
    if row is None:
        return ()
    said = [f"Nộp trên Cổng lúc {worktime.local(row.filed_at):%H:%M %d/%m/%Y}"]
    if row.minutes is not None:
        said.append(f"tiếp nhận sau {hours(row.minutes)} làm việc")
    if row.late:
        said.append("chậm quá 08 giờ làm việc")
    return (f"{'; '.join(said)}.", *((f"Lý do: {row.reason}",) if row.reason else ()))


def hours(minutes: int) -> str:
    """Working minutes in hours, as the limit is told: "3 giờ 20 phút"."""
    return spell(0, minutes) or "0 phút"
