"""What a citizen may read: by code alone the state and the degree of completion (R-91), with the
secret of the slip everything on it.

Two queries for the brief answer (one of them the stamp of the calendar), four for the full one,
whatever the dossier holds.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.models import Case, CharField, Exists, OuterRef, QuerySet, Subquery, Value, When
from django.utils import timezone

from dossiers import registry
from dossiers.desk import held_elsewhere, held_for_owner, moved, signed
from dossiers.desk.dossier import read_rows, rows_as_json
from dossiers.desk.moved import Told
from dossiers.intake.originals import is_request
from dossiers.ledger.tables import tables
from dossiers.models import Dossier, DossierPaper, HandOver, Result
from dossiers.models.collecting import ResultArchive
from dossiers.models.digitising import DigitisedPaper
from dossiers.models.legs import Leg
from dossiers.models.post import PostalItem
from dossiers.models.sent import sent_at
from dossiers.reading_codes import readings
from dossiers.registry import Asks
from dossiers.states import State
from onestop.accounts.models import Agency
from onestop.files.models import Attachment
from onestop.speed import Prepared

# The way of every dossier as a citizen sees it: four steps, named as the slip names them.
STEPS = ("Tiếp nhận", "Giải quyết", "Có kết quả", "Trả kết quả")
HAS_RESULT = (State.FINISHED, State.RETURNED)
_REACHED = {
    State.REGISTERED: 0,
    State.RECEIVED: 1,
    State.IN_PROGRESS: 2,
    State.AWAITING_PAPERS: 2,
    State.AWAITING_PAYMENT: 2,
    State.FINISHED: 3,
    State.RETURNED: 4,
}


def step_of(state: int) -> int:
    """Which of the four steps a state stands on; 0 for what has none (not received, withdrawn,
    stopped).
    """
    return _REACHED.get(State(state), 0)


@dataclass(frozen=True, slots=True)
class Brief:
    """By code alone. `due_at` only when the office shows its promises to everybody."""

    code: str
    state: int
    due_at: datetime | None
    provisional: bool
    late: bool
    by_post: bool
    refused: bool
    asks: Asks | None
    # Something was sent on line for it, which nobody has taken in.
    sent_at: datetime | None
    agency_id: int
    agency: dict[str, str]


_AGENCY = ("name", "address", "phone", "email", "website")


def is_refused() -> Exists:
    """Whether what came out is a refusal after appraisal (R-65)."""
    return Exists(Result.objects.current().filter(dossier=OuterRef("pk"), kind=Result.Kind.REFUSED))


def waited_for() -> Case:
    """Which of the things is waited for that share their state with another one; "" for none."""
    cases = (
        When(Exists(_open(asks).filter(dossier=OuterRef("pk"))), then=Value(asks.rows.table))
        for asks in registry.shared_asks()
    )
    return Case(*cases, default=Value(""), output_field=CharField())


_brief_rows = Prepared(
    "lookup",
    lambda code: Dossier.objects.order_by()
    .filter(code=code)
    .annotate(refused=is_refused(), waited_for=waited_for(), sent_at=sent_at())
    .values_list(
        "code", "state", "due_at", "provisional", "late_from", "return_by_post", "refused", "waited_for", "sent_at",
        "received_by_agency_id",
        "received_by_agency__office_settings__lookup_shows_promise",
        "received_by_agency__closed_on", *[f"received_by_agency__{name}" for name in _AGENCY],
    ),
    of=lambda: tuple(registry.shared_asks()),
)  # fmt: skip


def _of_code(rows: Prepared, code: str) -> list[tuple[Any, ...]]:
    """The row of a code as it was typed; only where there is none, of what it may mean besides."""
    found = (rows(one) for one in readings(code) if one)
    return next(filter(None, found), [])


def brief(code: str, now: datetime) -> Brief | None:
    """State and degree of completion, nothing about a person. In: a normal code. One query."""
    rows = _of_code(_brief_rows, code)
    if not rows:
        return None
    (
        number,
        state,
        due_at,
        provisional,
        late_from,
        by_post,
        refused,
        waited_for,
        sent,
        agency_id,
        shows,
        closed_on,
        *agency,
    ) = rows[0]
    shows = bool(shows) and state in (State.RECEIVED, State.IN_PROGRESS)
    if closed_on is not None:
        _, *agency = _in_charge(agency_id, timezone.localdate(now))
    return Brief(
        code=number,
        state=state,
        due_at=due_at if shows else None,
        provisional=provisional,
        late=shows and late_from is not None and late_from <= now,
        by_post=by_post,
        refused=bool(refused),
        asks=asks_of(state, waited_for),
        sent_at=sent,
        agency_id=agency_id,
        agency=dict(zip(_AGENCY, agency, strict=True)),
    )


@dataclass(slots=True)
class Rated:
    """Whoever takes ratings says here whether a dossier may be rated now; until then none may be."""

    is_open: Callable[[Dossier, datetime], bool] = lambda dossier, now: False

    def offer(self, is_open: Callable[[Dossier, datetime], bool]) -> None:
        self.is_open = is_open


rated = Rated()

_WANTED = {
    "id", "code", "state", "secret", "owner_name", "identity_kind", "identity_number", "phone", "email", "address", "summary", "sets",
    "channel",
    "return_by_post", "fee_amount", "fee_owed", "received_at", "recorded_at", "term", "due_at", "first_due_at", "late_from", "provisional", "undetermined",
    "waiting_since", "late_while_waiting", "ended_at", "returned_at", "register_number", "register_volume", "register_year",
    "agency_id", "received_by_agency_id", "calendar_key", "awaits_agency", "begun_at",
}  # fmt: skip
# In the order of the model, as from_db() reads them.
_FULL = tuple(field.attname for field in Dossier._meta.concrete_fields if field.attname in _WANTED)
_PAPER = ("paper__name", "originals", "certified", "copies", "from_database", "originals_returned")


@dataclass(frozen=True, slots=True)
class Full:
    """With the secret: what the slip shows, what the dossier waits for, what moved and why.

    `papers` as handed in, in the order of the slip; `asks` and `asked`: what the citizen was asked
    for and is waited for, and its row; None where it waits for nothing.
    """

    dossier: Dossier
    procedure: str
    case: str
    received_by: str
    submitter: str
    authorisation: str
    papers: list[dict[str, Any]]
    asks: Asks | None
    asked: dict[str, Any] | None
    told: Told
    # Where its result lies in the archive, since when.
    archived: dict[str, Any] | None = None
    # The signed files of its electronic result, or the digitised copy of one on paper, once it
    # ended; then what is said of that copy.
    signed: list[dict[str, Any]] = field(default_factory=list)
    copy: dict[str, Any] | None = None
    # Its newest letter by post.
    letter: dict[str, Any] | None = None
    # Other agencies that have a part of it now.
    partners: list[str] = field(default_factory=list)
    # Where another system shows something else of it: in sentences.
    there: list[str] = field(default_factory=list)

    @property
    def held(self) -> list[dict[str, Any]]:
        """Papers whose originals the office still has, but for the request itself."""
        return [
            paper
            for paper in self.papers
            if paper["originals"]
            and not paper["originals_returned"]
            and not is_request(paper["paper_name"])
        ]

    @property
    def refused(self) -> bool:
        return self.told.refused

    @property
    def on_the_way(self) -> dict[str, Any] | None:
        """Its letter while the post has it."""
        row = self.letter
        return None if row is None or row["delivered_at"] or row["back_at"] else row

    @property
    def came_back(self) -> bool:
        return self.letter is not None and bool(self.letter["back_at"])


def _build_full(code: str) -> QuerySet[Dossier, Any]:
    """The dossier, then the open row of each thing that may be asked for."""
    papers = rows_as_json(DossierPaper.objects.brought(), "dossier", *_PAPER, "order")
    asked = {f"json_{asks.rows.table}": open_rows(asks) for asks in registry.asking()}
    rows: QuerySet[Dossier, Any] = Dossier.objects.order_by().filter(code=code)
    told = moved.columns()
    archived = rows_as_json(
        ResultArchive.objects.standing(), "dossier", "id", "place", "archived_at"
    )
    legs = rows_as_json(Leg.objects.with_agency(), "dossier", "id", "agency__name")
    letters = rows_as_json(
        PostalItem.objects.standing(),
        "dossier",
        "id",
        "number",
        "failed_at",
        "delivered_at",
        "back_at",
    )
    files = rows_as_json(signed.to_fetch(), "object_id", "id", "name", "signature", "signed_by")
    copies = rows_as_json(
        DigitisedPaper.objects.counting(), "dossier", "id", "code", "issuer", "scope", "valid_to"
    )  # fmt: skip
    given = {
        "json_copies": copies, "json_papers": papers, "json_archived": archived, "json_legs": legs, "json_letters": letters, "json_signed": files,
    }  # fmt: skip
    there = held_for_owner.columns()
    return rows.annotate(**given, **told, **asked, **there).values_list(
        *_FULL, "version__name", "case__name", "received_by__full_name", "submitter__name", "submitter__authorisation",
        *given, *told, *asked, *there,
    )  # fmt: skip


def asks_of(state: int, table: str) -> Asks | None:
    """What is waited for in a state: of several the one of this table, else the first."""
    asked = registry.asked_in(state)
    return next((asks for asks in asked if asks.rows.table == table), next(iter(asked), None))


def _open(asks: Asks) -> QuerySet[Any]:
    """The rows of what was asked for and is waited for."""
    manager: Any = tables()[asks.rows.table].model._default_manager
    given = {f"{asks.since}__isnull": False, asks.until: None, "undone_at": None}
    rows: QuerySet[Any] = manager.filter(**given)
    return rows


def open_rows(asks: Asks) -> Subquery:
    """The same as JSON."""
    return rows_as_json(_open(asks), "dossier", "id", *asks.columns)


_full_rows = Prepared(
    "lookup with secret",
    _build_full,
    of=lambda: (tuple(registry.asking()), held_elsewhere.depends_on()),
)


def full(code: str) -> Full | None:
    """The dossier with what its slip shows and what it waits for; the caller compares the secret
    before anything is shown.

    One query of few joins: planning eight of them costs more than all the rest of the page.
    """
    asking = registry.asking()
    rows = _of_code(_full_rows, code)
    if not rows:
        return None
    columns, rest = rows[0][: len(_FULL)], rows[0][len(_FULL) :]
    (
        procedure,
        case,
        officer,
        submitter,
        authorisation,
        copies,
        papers,
        archived,
        legs,
        letters,
        files,
        *more,
    ) = rest
    told, more = more[: moved.COLUMNS], more[moved.COLUMNS :]
    asked, there = more[: len(asking)], more[len(asking) :]
    dossier = Dossier.from_db(connection.alias, _FULL, columns)
    asks, row = _waited_for(dossier, dict(zip(asking, asked, strict=True)))
    return Full(
        dossier=dossier,
        procedure=procedure,
        case=case,
        received_by=officer or "",
        submitter=submitter or "",
        authorisation=authorisation or "",
        papers=sorted(_read(papers), key=lambda row: row["order"]),
        asks=asks,
        asked=row,
        told=moved.read(*told),
        partners=list(dict.fromkeys(row["agency_name"] for row in read_rows(legs, Leg))),
        signed=read_rows(files, Attachment) if dossier.state in HAS_RESULT else [],
        copy=next(iter(read_rows(copies, DigitisedPaper)), None),
        letter=next(reversed(read_rows(letters, PostalItem)), None),
        archived=next(iter(read_rows(archived, ResultArchive)), None),
        there=held_for_owner.told(dossier, there),
    )


def _waited_for(
    dossier: Dossier, found: dict[Asks, Any]
) -> tuple[Asks | None, dict[str, Any] | None]:
    for asks in registry.asked_in(dossier.state):
        for row in read_rows(found[asks], tables()[asks.rows.table].model):
            return asks, row
    return None, None


def _read(value: Any) -> list[dict[str, Any]]:
    return json.loads(value) if isinstance(value, str) else value or []


_agency_rows = Prepared(
    "lookup with secret",
    lambda ids: (
        Agency.objects.order_by().filter(pk__in=ids).values_list("pk", "closed_on", *_AGENCY)
    ),
)


def _in_charge(agency_id: int, on: date) -> tuple[Any, ...]:
    """What is told of whoever acts for an agency that ended: last day, name and so on."""
    agency = Agency.objects.get(pk=agency_id).in_charge(on)
    ((_, *told),) = _agency_rows((agency.pk,))
    return tuple(told)


def agencies_of(dossier: Dossier, now: datetime) -> dict[int, dict[str, Any]]:
    """The agency that received it and the one that handles it, or who acts for them today. One
    query.
    """
    names, on = ("closed_on", *_AGENCY), timezone.localdate(now)
    found = {}
    for pk, *row in _agency_rows((dossier.agency_id, dossier.received_by_agency_id)):
        told = row if row[0] is None else _in_charge(pk, on)
        found[pk] = {"pk": pk} | dict(zip(names, told, strict=True))
    return found


_way_rows = Prepared(
    "lookup with secret",
    lambda dossier_id: HandOver.objects.standing().filter(dossier_id=dossier_id)
    .order_by("seq")
    .values_list(
        "receiver_department__name", "receiver_department__agency_id", "confirmed_by__full_name", "receiver__full_name",
        "next_step_name", "given_at", "confirmed_at",
    ),
)  # fmt: skip


def way_of(dossier: Dossier, agencies: dict[int, dict[str, Any]]) -> list[dict[str, Any]]:
    """Where it went: department, officer, given and confirmed (NĐ 224 Đ15.1.g); what was recalled
    never happened. One query.
    """
    return [
        {
            "place": place,
            "agency": agencies[agency_id]["name"] if agency_id in agencies else "",
            "officer": confirmed_by or receiver or "",
            "step": step,
            "given_at": given_at,
            "confirmed_at": confirmed_at,
        }
        for place, agency_id, confirmed_by, receiver, step, given_at, confirmed_at in _way_rows(
            dossier.pk
        )
    ]
