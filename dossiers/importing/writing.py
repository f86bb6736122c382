"""Matched lines as dossiers: each life told by the ledger, a batch written together."""

from __future__ import annotations

import secrets as random_bytes
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any
from uuid import uuid4

from django.db.models import F, Model

from dossiers.acts import importing as acts
from dossiers.acts.reception import RECEPTION_STEP
from dossiers.identity import guess_kind, kind_of, normal_identity, normal_phone
from dossiers.importing.matching import Match, holder_of
from dossiers.importing.rows import Wait
from dossiers.intake import names, secrets
from dossiers.ledger import bulk
from dossiers.ledger.telling import Telling
from dossiers.models import (
    ClockChange,
    ClockKind,
    Dossier,
    DossierImport,
    Event,
    NameKey,
    RegisterCounter,
    SourceRecord,
    Span,
    Supplement,
)
from dossiers.models.dossier import IdentityKind, OwnerKind
from dossiers.models.handover import Purpose
from dossiers.models.payment import PaymentRequest
from dossiers.route.steps import DESK_WORK
from dossiers.states import State
from onestop.accounts.models import Officer
from onestop.errors import DomainError
from onestop.worktime import PauseKind
from procedures.models import SupplementMode

BASIS = "Theo dữ liệu của hệ thống trước"
MOST_ADDRESS = 300
_ENDS = {
    State.WITHDRAWN: acts.WITHDRAW,
    State.STOPPED: acts.STOP,
    State.FINISHED: acts.FINISH,
    State.RETURNED: acts.FINISH,
}


@dataclass(frozen=True, slots=True)
class Run:
    """What holds for every line of one import."""

    record: DossierImport
    recorded_at: datetime
    by: Officer | None
    counts_as_happened: bool


class _Ids:
    """The ids of a batch, table by table."""

    def __init__(self, matches: Sequence[Match]) -> None:
        waits = sum(len(match.row.waits) for match in matches)
        given = sum(match.row.due_at is not None for match in matches)
        wanted: dict[type[Model], int] = {
            Dossier: len(matches),
            SourceRecord: len(matches),
            ClockChange: given + waits,
            Supplement: waits,
            PaymentRequest: sum(_asks_money(match) for match in matches),
        }
        self._ids = {model: iter(bulk.take_ids(model, count)) for model, count in wanted.items()}

    def next(self, model: type[Model]) -> int:
        return next(self._ids[model])


def _asks_money(match: Match) -> bool:
    return match.row.status == State.AWAITING_PAYMENT


def write(matches: Sequence[Match], run: Run) -> None:
    """Write new dossiers with everything that hangs on them; inside the caller's transaction."""
    ids = _Ids(matches)
    lives = [_Life(match, run, ids).told() for match in matches]
    bulk.insert_all([life.dossier for life in lives])
    by_model: dict[type[Model], list[Model]] = {}
    for row in chain.from_iterable(life.rows for life in lives):
        by_model.setdefault(type(row), []).append(row)
    for model in (SourceRecord, ClockChange, Supplement, PaymentRequest):
        bulk.insert_all(by_model.get(model, []))
    _insert(Event, (bulk.columns_of(event) for life in lives for event in life.events))
    _insert(Span, (span for life in lives for span in life.spans()))
    _insert(NameKey, (key for life in lives for key in _keys(life.dossier)))
    _count_registers(matches)


def _keys(dossier: Dossier) -> Iterator[dict[str, Any]]:
    for agency_id, text in names.keys_for(dossier, dossier.owner_name):
        yield {"dossier_id": dossier.pk, "agency_id": agency_id, "text": text}


def _insert(model: type[Model], rows: Iterable[dict[str, Any]]) -> None:
    """Rows nothing points at: their ids are taken when their number is known."""
    made = list(rows)
    for row, pk in zip(made, bulk.take_ids(model, len(made)), strict=True):
        row["id"] = pk
    bulk.insert(model, made)


def _count_registers(matches: Sequence[Match]) -> None:
    """Our own numbers run on behind those of the earlier system (R-85)."""
    taken: dict[tuple[int, int], list[int]] = {}
    for match in matches:
        if match.row.register_number is not None:
            office = (match.received_by.pk, match.year)
            taken.setdefault(office, []).append(match.row.register_number)
    for (agency_id, year), numbers in sorted(taken.items()):
        counter, _ = RegisterCounter.objects.select_for_update().get_or_create(
            agency_id=agency_id, year=year, defaults={"last": 0}
        )
        if counter.locked:  # by somebody, since this run began
            raise DomainError("register_locked", year=year)
        grown = max(0, max(numbers) - counter.last)
        RegisterCounter.objects.filter(pk=counter.pk).update(
            last=F("last") + grown, missing=F("missing") + grown - len(numbers)
        )


class _Life:
    """One line as a life of our own."""

    def __init__(self, match: Match, run: Run, ids: _Ids) -> None:
        self._match, self._row, self._run, self._ids = match, match.row, run, ids
        self._telling = Telling(
            self._dossier(),
            match.calendar,
            recorded_at=run.recorded_at,
            officer_id=run.by.pk if run.by is not None else None,
            counts_as_happened=run.counts_as_happened,
        )

    def told(self) -> Telling:
        row, telling = self._row, self._telling
        telling.add(self._source())
        if row.due_at is not None:
            telling.add(self._taken_over(row.due_at))
        telling.record(
            acts.RECEIVE.name,
            at=row.received_at,
            data={"run": self._run.record.pk, "line": row.line, "term": telling.dossier.term},
        )
        for number, wait in enumerate(row.waits, start=1):
            self._wait(number, wait)
        if row.status == State.IN_PROGRESS and not row.waits:
            telling.record(acts.TAKE_UP.name, at=row.received_at, data=self._said)
        if row.finished_at is not None:
            telling.record(_ENDS[row.status].name, at=row.finished_at, data=self._said)
        if row.returned_at is not None:
            telling.dossier.returned_at = row.returned_at
            telling.record(acts.RETURN.name, at=row.returned_at, data=self._said)
        return telling

    @property
    def _said(self) -> dict[str, int]:
        return {"run": self._run.record.pk}

    def _dossier(self) -> Dossier:
        match, row = self._match, self._row
        holder, room = holder_of(match)
        kind = kind_of(row.identity) if row.identity else IdentityKind.CITIZEN_CARD
        is_company = guess_kind(row.identity) == IdentityKind.TAX_CODE
        return Dossier(
            pk=self._ids.next(Dossier),
            code=row.code,
            agency_id=match.agency.pk,
            received_by_agency_id=match.received_by.pk,
            register_year=match.year,
            register_number=row.register_number,
            version_id=match.version.pk,
            case_id=match.case.pk,
            field_id=match.version.field_id,
            channel=int(match.channel),
            owner_kind=int(OwnerKind.COMPANY if is_company else OwnerKind.CITIZEN),
            owner_name=row.owner,
            identity_kind=int(kind),
            identity_number=normal_identity(kind, row.identity),
            phone=normal_phone(row.phone),
            address=row.address[:MOST_ADDRESS],
            secret=secrets.new_secret()[1],
            salt=random_bytes.token_bytes(16),
            received_at=row.received_at,
            recorded_at=self._run.recorded_at,
            intake_token=uuid4(),
            term=str(match.term),
            calendar_key="",
            holder_id=holder,
            holder_department_id=room,
            step_name=self._step(),
        )

    def _step(self) -> str:
        if self._row.finished_at is not None:
            return ""
        return RECEPTION_STEP if self._row.status == State.RECEIVED else DESK_WORK[Purpose.HANDLE]

    def _source(self) -> SourceRecord:
        row, dossier = self._row, self._telling.dossier
        return SourceRecord(
            pk=self._ids.next(SourceRecord),
            dossier_id=dossier.pk,
            run_id=self._run.record.pk,
            line=row.line,
            case_text=row.case,
            department=row.department,
            officer=row.officer,
            note=row.note,
            row_digest=row.marks(dossier.salt),
        )

    def _taken_over(self, due_at: datetime) -> ClockChange:
        """The promise of the source system (the closed list of what may move a promise)."""
        return ClockChange(
            pk=self._ids.next(ClockChange),
            dossier_id=self._telling.dossier.pk,
            kind=ClockKind.TAKEN_OVER.value,
            start=self._run.recorded_at,
            basis=BASIS,
            due_after=due_at,
        )

    def _wait(self, number: int, wait: Wait) -> None:
        telling = self._telling
        asks_money = wait.end is None and _asks_money(self._match)
        change = self._change(wait, asks_money=asks_money)
        asked = (
            self._payment(wait, change) if asks_money else self._supplement(number, wait, change)
        )
        telling.add(change)
        telling.add(asked)
        act = acts.ASK_PAYMENT if asks_money else acts.ASK
        telling.record(act.name, at=wait.start, data=self._said)
        if wait.end is None:
            return

        def moved() -> None:
            change.due_after = telling.dossier.due_at

        telling.changing(change)
        telling.changing(asked)
        change.end = wait.end
        if isinstance(asked, Supplement):
            asked.completed_at = wait.end
        telling.record(acts.GO_ON.name, at=wait.end, data=self._said, then=moved)

    def _change(self, wait: Wait, *, asks_money: bool) -> ClockChange:
        restarts = self._match.version.supplement_mode == SupplementMode.RESTART
        kind = ClockKind.RESTART if restarts else ClockKind.PAUSE
        return ClockChange(
            pk=self._ids.next(ClockChange),
            dossier_id=self._telling.dossier.pk,
            kind=(ClockKind.EXCLUDE if asks_money else kind).value,
            excluded=PauseKind.FINANCIAL.value if asks_money else "",
            start=wait.start,
            basis=BASIS,
            due_before=self._telling.dossier.due_at,
        )

    def _supplement(self, number: int, wait: Wait, change: ClockChange) -> Supplement:
        restarts = self._match.version.supplement_mode == SupplementMode.RESTART
        return Supplement(
            pk=self._ids.next(Supplement),
            dossier_id=self._telling.dossier.pk,
            round=number,
            items=[{"what": "outside", "paper": None, "name": BASIS, "note": ""}],
            reason=BASIS,
            issued_at=wait.start,
            mode="restart" if restarts else "pause",
            change_id=change.pk,
        )

    def _payment(self, wait: Wait, change: ClockChange) -> PaymentRequest:
        return PaymentRequest(
            pk=self._ids.next(PaymentRequest),
            dossier_id=self._telling.dossier.pk,
            content=BASIS,
            amount=0,
            legal_basis=BASIS,
            determined_by=BASIS,
            asked_at=wait.start,
            change_id=change.pk,
        )
