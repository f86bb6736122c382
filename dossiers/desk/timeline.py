"""What happened to a dossier, read from its hand-overs and events: the control sheet and the
timeline.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from dossiers import registry
from dossiers.clock.deadlines import is_past_promise
from dossiers.ledger.history import data_of, taken_back
from dossiers.models import Dossier, Event, HandOver, Result
from dossiers.models.outcome import Outcome
from dossiers.registry import Told
from dossiers.states import State
from onestop.accounts.models import DepartmentKind, Officer, Role
from onestop.speed import Prepared

ONE_STOP = "Bộ phận Tiếp nhận và Trả kết quả"
LATE_AT_COUNTER = "Bộ phận Một cửa nhận kết quả: quá hạn"
ELECTRONIC = "Kết quả điện tử đã ký số trên Hệ thống"


@dataclass(frozen=True, slots=True)
class Block:
    """One hand-over of the control sheet. `outcome` is that of the giver's step, as the receiver
    stated it; empty when it had no time.
    """

    giver_unit: str
    receiver_unit: str
    given_at: datetime
    giver: str = ""
    receiver: str = ""
    confirmed_at: datetime | None = None
    outcome: str = ""
    note: str = ""


def control_sheet(dossier: Dossier) -> list[Block]:
    """The blocks of the control sheet (form 05/06): every hand-over that was not recalled, in
    order; at most two queries.

    Begins and ends at the Bộ phận Một cửa (R-66, R-67): an electronic result that ended the dossier
    at its handler's desk gets a closing block, because it never travelled. A dossier that never
    left the counter has no block.
    """
    rows = list(
        HandOver.objects.standing()
        .filter(dossier=dossier)
        .select_related(
            "giver",
            "receiver",
            "confirmed_by",
            "giver_department__agency",
            "receiver_department__agency",
        )
        .order_by("seq")
    )
    home = dossier.agency_id
    blocks = [_block(row, home) for row in rows]
    last = rows[-1] if rows else None
    if last is not None and _is_late_at_counter(dossier, rows):
        notes = [text for text in (blocks[-1].note, LATE_AT_COUNTER) if text]
        blocks[-1] = replace(blocks[-1], note=". ".join(notes))
    ended_away = (
        last is not None
        and last.receiver_department.kind != DepartmentKind.ONE_STOP
        and dossier.state in (9, 10)
    )
    if ended_away and last is not None and dossier.ended_at is not None:
        result = Result.objects.current().filter(dossier=dossier, electronic=True).first()
        if result is not None:
            outcome = Outcome(dossier.verdict).label if dossier.verdict else ""
            unit = _unit(last.receiver_department, home)
            giver = _person(last.confirmed_by, last.receiver_role) if last.confirmed_by else ""
            blocks.append(
                Block(
                    unit,
                    ONE_STOP,
                    dossier.ended_at,
                    giver,
                    "",
                    dossier.ended_at,
                    outcome,
                    ELECTRONIC,
                )
            )
    return blocks


def _is_late_at_counter(dossier: Dossier, rows: Sequence[HandOver]) -> bool:
    """Whether the promise passed while the counter had the result, after every step in its time: its
    own step has no giving after it that could be judged.
    """
    last = rows[-1]
    return (
        dossier.verdict == Outcome.LATE
        and dossier.state in (State.FINISHED, State.RETURNED)
        and last.receiver_department.kind == DepartmentKind.ONE_STOP
        and not any(row.outcome == Outcome.LATE for row in rows)
        and not is_past_promise(dossier, last.given_at)
    )


def _block(row: HandOver, home: int) -> Block:
    receiver = row.confirmed_by or row.receiver
    notes = [
        text for text in (row.note, f"Sai khác: {row.difference}" if row.difference else "") if text
    ]
    return Block(
        giver_unit=_unit(row.giver_department, home),
        receiver_unit=_unit(row.receiver_department, home),
        given_at=row.given_at,
        giver=_person(row.giver, row.giver_role),
        receiver=_person(receiver, row.receiver_role) if receiver is not None else "",
        confirmed_at=row.confirmed_at,
        outcome=Outcome(row.outcome).label if row.outcome else "",
        note=". ".join(notes),
    )


def _unit(department: Any, home: int) -> str:
    """The name on the sheet; another agency's department says whose it is."""
    name = str(department.name)
    return name if department.agency_id == home else f"{name} – {department.agency.label}"


ROLES = {
    Role.CLERK.value: "công chức tiếp nhận",
    Role.HEAD.value: "trưởng phòng",
    Role.LEADER.value: "lãnh đạo",
}
# The words of a title that say it is the office of this role; a leader's title always is.
OFFICES = {
    Role.CLERK.value: ("tiếp nhận",),
    Role.HEAD.value: ("trưởng", "chánh"),
    Role.LEADER.value: ("",),
}


def _person(officer: Officer, role: str) -> str:
    """Name with the office it acted in, so that one person in two roles reads as two."""
    held = officer.title.strip()
    if held and any(word in held.casefold() for word in OFFICES.get(role, ())):
        word = held[:1].lower() + held[1:] if role == Role.CLERK else held
    else:
        word = ROLES.get(role) or (Role(role).label.lower() if role in Role.values else "")
    return f"{officer.full_name} ({word})" if word else officer.full_name


# --- the timeline ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the timeline. `tone`: done, now, wait or empty; `lines` say more; `undone` when
    it was taken back.
    """

    at: datetime
    title: str
    who: str = ""
    acting_for: str = ""
    lines: tuple[str, ...] = ()
    tone: str = "done"
    kind: str = ""
    undone: bool = False


# What stands in an account and on no page of a dossier.
_OF_ACCOUNTS = tuple(
    f.name for f in Officer._meta.concrete_fields if f.name not in ("id", "full_name", "title")
)


def _build_events(dossier_id: int) -> QuerySet[Event]:
    found = Event.objects.filter(dossier_id=dossier_id).order_by("seq")
    return found.select_related("officer", "acting_for").only(
        "seq", "kind", "at", "text", "officer__full_name", "acting_for__full_name"
    )


def _build_hand_overs(dossier_id: int) -> QuerySet[HandOver]:
    people, rooms = (
        ("giver", "receiver", "confirmed_by"),
        ("giver_department", "receiver_department"),
    )
    unneeded = [f"{one}__{name}" for one in people for name in _OF_ACCOUNTS]
    found = HandOver.objects.filter(dossier_id=dossier_id).order_by("seq")
    return found.select_related(*people, *rooms).defer(*unneeded)


_events = Prepared("dossier", _build_events)
_hand_overs = Prepared("dossier", _build_hand_overs)


def events_of(dossier: Dossier) -> list[Event]:
    """The events, oldest first, with the names of who acted; one query."""
    return _events(dossier.pk)


def hand_overs_of(dossier: Dossier) -> list[HandOver]:
    """Every hand-over, recalled ones too; one query."""
    return _hand_overs(dossier.pk)


# Rows that events name, by the list of the page they stand in and their id.
Rows = Mapping[str, Mapping[int, Any]]


def timeline(events: Sequence[Event], rows: Rows) -> list[Entry]:
    """Events as people read them, newest first: each act's label, with the lines that its
    declaration makes of its row.

    In: every event of the dossier; `rows` of the lists that acts name as theirs
    (registry.Act.told_by). What was taken back stands there as such.
    """
    gone = taken_back(events)
    entries = []
    for event in events:
        act = registry.find(event.kind)
        if act is None or act.is_silent:
            continue
        data, undone = data_of(event), event.seq in gone
        table = act.told_by.table if act.told_by is not None else ""
        row = rows.get(table, {}).get(data.get("row", 0))
        entries.append(
            Entry(
                at=event.at,
                title=act.label,
                who=event.officer.full_name if event.officer else "Hệ thống",
                acting_for=event.acting_for.full_name if event.acting_for else "",
                lines=tuple(act.lines(Told(data, row, undone))),
                tone="" if undone else act.tone,
                kind=event.kind,
                undone=undone,
            )
        )
    return entries[::-1]
