"""The dossiers of a citizen who proved an identity number: what each waits for from the owner; and
what was handed in on line under that number and is no dossier yet.

Only where the number is the owner's own citizen card and every digit is the same: whoever brought a
dossier for somebody else, a company's number or an older card open nothing here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from dossiers import registry
from dossiers.desk import held_for_owner, online, signed
from dossiers.desk.dossier import read_rows, rows_as_json
from dossiers.desk.lookup import asks_of, is_refused, open_rows, waited_for
from dossiers.desk.lookup_filed import GUIDED, REFUSED, UNPAID, HandedIn, arrived_of, stands
from dossiers.desk.payments import InHand, in_hand
from dossiers.intake.originals import is_request
from dossiers.intake.transfers import NOT_ASKED
from dossiers.ledger.tables import tables
from dossiers.models import Dossier, DossierPaper, OnlineFiling
from dossiers.models.dossier import IdentityKind
from dossiers.models.post import PostalItem
from dossiers.models.querysets import DossierQuerySet
from dossiers.registry import Asks
from dossiers.states import State
from onestop.paging import Page, by_id

PAGE = 20
# Of what is no dossier yet: it stands above the dossiers.
PAGE_FILED = 5
# Without a result: what was handed in goes home.
_NOTHING_TO_RETURN = (State.WITHDRAWN, State.STOPPED)


@dataclass(frozen=True, slots=True)
class Mine:
    """One line of the list. `held`: names of papers whose originals the office still has though
    nothing will come of the dossier; `wanted`, `until`, `amount`: what is asked for, until when it is to be
    there, how much is to be paid, where the act says so; `sent_at`: when something was sent on line for it,
    which nobody has taken in; `result_here`: its result, or the notice of a refusal, waits at
    the counter; `signed_here`: it is a signed file, fetched on the dossier's page; `paid`: what was paid
    of the fee that is owed, and is not reconciled; `there`: where another system shows something else of it.
    """

    pk: int
    code: str
    agency_id: int
    state: State
    procedure: str
    agency: str
    received_at: datetime
    due_at: datetime | None
    provisional: bool
    late: bool
    ended_at: datetime | None
    returned_at: datetime | None
    asks: Asks | None
    wanted: tuple[str, ...]
    sent_at: datetime | None
    until: date | datetime | None
    until_is_past: bool
    amount: int
    fee_owed: int
    paid: InHand | None
    refused: bool
    result_here: bool
    signed_here: bool
    held: tuple[str, ...]
    there: list[str]

    @property
    def awaits_papers(self) -> bool:
        return self.state == State.AWAITING_PAPERS

    @property
    def is_asked(self) -> bool:
        return bool(self.asks or self.fee_owed or self.result_here or self.held)


@dataclass(frozen=True, slots=True)
class Filed:
    """One line of what is no dossier yet: how it stands as the look-up by its code says it; `reason`
    and `wanted`: what the counter answered, once and completely (R-44), for the owner to read.
    """

    pk: int
    # None where nobody knows whose it is.
    agency_id: int | None
    procedure: str
    found: HandedIn
    is_late: bool
    reason: str = ""
    wanted: tuple[str, ...] = ()

    @property
    def is_asked(self) -> bool:
        return self.found.stand in (GUIDED, UNPAID)


def of_owner(number: str) -> DossierQuerySet:
    """In: twelve digits as the provider said them."""
    return Dossier.objects.filter(identity_number=number, identity_kind=IdentityKind.CITIZEN_CARD)


def is_owner(dossier: Dossier, number: str) -> bool:
    """The same of a dossier that was read."""
    return (
        dossier.identity_kind == IdentityKind.CITIZEN_CARD
        and bool(number)
        and dossier.identity_number == number
    )


def page_of(number: str, now: datetime, *, after: str = "", before: str = "") -> Page[Mine]:
    """Newest first, along the index of identity numbers; one query, and of what owes a fee those of
    in_hand().
    """
    there = held_for_owner.columns()
    rows = (
        of_owner(number)
        .select_related("version", "received_by_agency")
        .defer("secret", "salt")
        .annotate(
            is_refused=is_refused(),
            waited_for=waited_for(),
            is_signed=Exists(signed.signed().filter(object_id=OuterRef("pk"))),
            json_papers=rows_as_json(
                DossierPaper.objects.brought(), "dossier",
                "id", "paper__name", "originals", "originals_returned",
            ),
            json_letters=rows_as_json(
                PostalItem.objects.standing(), "dossier", "id", "back_at"
            ),
            **{f"json_{asks.rows.table}": open_rows(asks) for asks in registry.asking()},
            **there,
        )
    )  # fmt: skip
    found = by_id(newest_first=True).page(rows, size=PAGE, after=after, before=before)
    shown: list[Any] = list(found.rows)
    owing = [row for row in shown if _owed(row)]
    today = timezone.localdate(now)
    counters = {row.received_by_agency_id for row in owing}
    counters |= {row.received_by_agency.in_charge(today).pk for row in owing}
    paid = in_hand(owing, counters, now)
    lines = [
        _line(row, paid.get(row.pk), [getattr(row, name) for name in there], now) for row in shown
    ]
    return Page(lines, found.next, found.previous)


def filed_page_of(number: str, now: datetime, *, after: str = "", before: str = "") -> Page[Filed]:
    """What waits for the counter, and what was answered or taken back for as long as the counter's list
    shows it, newest first, along the index of their numbers. A list that says no kind of paper says a
    card's number by its twelve digits. One query, and that of lookup_filed.stands().
    """
    card = Q(said__identity_kind=int(IdentityKind.CITIZEN_CARD))
    unsaid = Q(said__isnull=True) | Q(said__identity_kind__isnull=True)
    rows = (
        OnlineFiling.objects.filter(card | unsaid, identity_number=number)
        # By itself, not in one list with the next: only so is it the condition of `filing_of_owner`.
        .exclude(state=OnlineFiling.State.RECEIVED)
        .exclude(state=OnlineFiling.State.RECALLED)
        .filter(online.shown(now))
        .select_related("agency", "dossier", "visit")
        .defer("dossier__secret", "dossier__salt")
    )
    page = by_id(newest_first=True).page(rows, size=PAGE_FILED, after=after, before=before)
    found = zip(page.rows, stands(page.rows), strict=True)
    return Page([_filed(row, stand, now) for row, stand in found], page.next, page.previous)


def arrived_page_of(
    number: str, now: datetime, *, after: str = "", before: str = ""
) -> Page[Filed]:
    """What arrived and cannot be read as a filing: it is looked at by a person, as the counter's page of it
    says. Nothing where no system sends to us.
    """
    for tell in arrived_of:
        page = tell(number, now, size=PAGE_FILED, after=after, before=before)
        rows = [_arrived(one.pk, one.found) for one in page.rows]
        return Page(rows, page.next, page.previous)
    return Page([], "", "")


def _arrived(pk: int, found: HandedIn) -> Filed:
    agency = found.agency
    return Filed(pk, agency.pk if agency is not None else None, "", found, is_late=False)


def _filed(row: OnlineFiling, found: HandedIn, now: datetime) -> Filed:
    answer = row.visit if found.stand in (GUIDED, REFUSED) else None
    return Filed(
        pk=row.pk,
        agency_id=row.agency_id,
        procedure=row.procedure_text,
        found=found,
        is_late=found.is_late(now),
        reason=answer.reason if answer is not None else "",
        wanted=tuple(answer.entries) if answer is not None else (),
    )


def _owed(row: Dossier) -> int:
    return 0 if row.state in NOT_ASKED else row.fee_owed


def _line(row: Any, paid: InHand | None, there: list[Any], now: datetime) -> Mine:
    state = State(row.state)
    letters = read_rows(row.json_letters, PostalItem)
    came_back = bool(letters and letters[-1]["back_at"])
    ends = state in (State.RECEIVED, State.IN_PROGRESS)
    asks = asks_of(state, row.waited_for)
    asked = _asked(row, asks)
    until = asked.get("respond_by") or asked.get("pay_by")
    return Mine(
        pk=row.pk,
        code=row.code,
        agency_id=row.agency_id,
        state=state,
        procedure=row.version.name,
        agency=row.received_by_agency.name,
        received_at=row.received_at,
        due_at=row.due_at if ends else None,
        provisional=row.provisional,
        late=ends and row.is_late(now),
        ended_at=row.ended_at,
        returned_at=row.returned_at,
        asks=asks,
        wanted=tuple(asked.get("entries", ())),
        sent_at=asked.get("sent_at"),
        until=until,
        until_is_past=until is not None and _is_past(until, now),
        amount=asked.get("amount") or 0,
        fee_owed=_owed(row),
        paid=paid,
        refused=bool(row.is_refused),
        result_here=state == State.FINISHED and (not row.return_by_post or came_back),
        signed_here=row.is_signed,
        held=_held(row) if state in _NOTHING_TO_RETURN else (),
        there=held_for_owner.told(row, there),
    )


def _is_past(until: date | datetime, now: datetime) -> bool:
    """Of a day the whole of it is in time."""
    return until < now if isinstance(until, datetime) else until < timezone.localdate(now)


def _asked(row: Any, asks: Asks | None) -> dict[str, Any]:
    """The row of what is waited for."""
    if asks is None:
        return {}
    found = getattr(row, f"json_{asks.rows.table}")
    return next(iter(read_rows(found, tables()[asks.rows.table].model)), {})


def _held(row: Any) -> tuple[str, ...]:
    return tuple(
        paper["paper_name"]
        for paper in read_rows(row.json_papers, DossierPaper)
        if paper["originals"]
        and not paper["originals_returned"]
        and not is_request(paper["paper_name"])
    )
