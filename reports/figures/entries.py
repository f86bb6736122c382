"""A line of the register: what its columns say of a dossier, by how it stood (forms 06 and 07)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone

from dossiers.ledger.fold import Standing
from dossiers.models import Dossier, Result, Return
from dossiers.models.registers import RegisterMark
from dossiers.states import State
from onestop.instants import moment
from reports.periods import Period

# States that the dates of an entry tell by themselves; of any other the reader is told, be it a
# reception that was voided and keeps its number.
SEEN = frozenset({State.RECEIVED, State.IN_PROGRESS, State.FINISHED, State.RETURNED})
WAYS = {
    Return.Way.DIRECT: "Trực tiếp",
    Return.Way.ONLINE: "Trực tuyến",
    Return.Way.POST: "Bưu chính",
}


def values(one: Dossier, state: int, stood: Standing) -> dict[str, Any]:
    columns = stood.columns
    back = _last(stood, "returns")
    has_result = state in (State.FINISHED, State.RETURNED)
    return {
        "register_number": one.register_number,
        "procedure": one.version.name,
        "sets": one.sets,
        "owner": one.owner_name,
        "contact": ", ".join(text for text in (one.address, one.phone) if text),
        "agency": one.agency.name,
        "received": one.received_at,
        "due": moment(columns.get("due_at")),
        "forwarded": _forwarded(stood),
        "result": moment(columns.get("ended_at")) if has_result else None,
        "returned": moment(columns.get("returned_at")),
        "way": WAYS.get(back.get("way", Return.Way.DIRECT), "") if back else "",
        "signed": "",
        "note": "; ".join(_notes(one, state, stood)),
    }


def lock_note(agency_id: int, period: Period, cut: datetime) -> tuple[str, ...]:
    """What a locked book says below its last entry (R-86). One statement."""
    kind = RegisterMark.Kind.LOCK
    marks = RegisterMark.objects.filter(agency=agency_id, year=period.year, kind=kind, at__lte=cut)
    return tuple(
        f"Sổ năm {mark.year} khóa lúc {_time(mark.at)}: {mark.volume} quyển, số thứ tự cuối {mark.number}."
        for mark in marks
    )


def _standing(stood: Standing, table: str) -> list[dict[str, Any]]:
    """Rows of a table that nobody took back, in their order."""
    rows = stood.rows.get(table, {})
    return [rows[pk] for pk in sorted(rows) if not rows[pk].get("undone_at")]


def _last(stood: Standing, table: str) -> dict[str, Any]:
    return next(reversed(_standing(stood, table)), {})


def _forwarded(stood: Standing) -> Any:
    """When it first left the counter."""
    return moment(next((row["given_at"] for row in _standing(stood, "hand_overs")), None))


def _notes(one: Dossier, state: int, stood: Standing) -> list[str]:
    found, columns = [], stood.columns
    if state not in SEEN:
        found.append(State(state).label)
    if _last(stood, "results").get("kind") == Result.Kind.REFUSED:
        found.append(Result.Kind.REFUSED.label)
    filed = getattr(one, "online", None)
    if filed is not None:
        found.append(f"Nộp trực tuyến {_time(filed.filed_at)}")
    first, due = columns.get("first_due_at"), columns.get("due_at")
    if first and due and first != due:
        found.append(f"Hẹn lần đầu {_time(moment(first))}")
    year = timezone.localdate(one.received_at).year
    if year != one.register_year:
        found.append(f"Nhận năm {year}, vào sổ sau khi khóa sổ năm {year}")
    return found


def _time(at: Any) -> str:
    return f"{timezone.localtime(at):%H:%M %d/%m/%Y}"
