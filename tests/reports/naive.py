"""II.06a counted the plain way: the events of every dossier folded in Python, without the intervals
that the product's statement reads. What was taken back by the cut is left out, what happened after
the period's end too.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from dossiers.models import Event
from onestop.worktime import VN, parse_term
from reports.periods import Period

ONLINE = (2, 4)
COLUMNS = [str(number) for number in range(3, 14)]


def instant_of(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text).astimezone(VN) if text else None


def standing(payloads: list[dict[str, Any]], end: datetime, cut: datetime) -> dict[str, Any]:
    """The columns of a dossier at the period's end, for the cut; empty where there was none yet."""
    known = [p for p in payloads if instant_of(p.get("counts", p["recorded"])) <= cut]
    gone: set[int] = set()
    for payload in known:
        if payload["kind"] == "take_back":
            data = payload["data"]
            gone |= {payload["seq"], *range(data["through"], data["event"] + 1)}
    columns: dict[str, Any] = {}
    for payload in known:
        if payload["seq"] in gone or instant_of(payload["at"]) >= end:
            continue
        for name, (_, after) in payload.get("set", {}).items():
            columns[name] = after
        if payload["kind"] in ("withdraw", "stop"):
            columns["cut_short"] = True
        # A wait that began after the promise had passed heals nothing.
        if columns.get("state") in (5, 6) and "late" not in columns:
            columns["late"] = is_late(columns, instant_of(columns["waiting_since"]))
        elif columns.get("state") not in (5, 6):
            columns.pop("late", None)
        if columns.get("ended_at"):
            break
    return columns


def is_late(columns: dict[str, Any], at: datetime) -> bool:
    """Late at an instant that is still before it: day terms from the next day on."""
    promise = instant_of(columns.get("legal_due_at"))
    if promise is None:
        return False
    if parse_term(columns["term"]).by_instant:
        return promise < at
    return promise.date() < at.date()


def cells(columns: dict[str, Any], period: Period, cut: datetime) -> list[str]:
    """The numbers of the columns that count a dossier which stands so."""
    received, ended = instant_of(columns["received_at"]), instant_of(columns.get("ended_at"))
    if ended is not None and ended < period.start:
        return []
    if received < period.start:
        found = ["3", "6"]
    else:
        found = ["3", "4" if columns["channel"] in ONLINE else "5"]
    if ended is not None:
        verdict = columns["verdict"]
        early = verdict == 1 and not columns.get("cut_short")
        return [*found, "7", "10" if verdict == 3 else "8" if early else "9"]
    if columns["state"] in (5, 6):
        late = columns["late"]
    else:
        moment = timedelta(microseconds=1)
        late = is_late(columns, min(period.end - moment, cut))
        if parse_term(columns["term"]).by_instant and columns.get("legal_due_at"):
            promise = instant_of(columns["legal_due_at"])
            late = promise < period.end and promise <= cut
    return [*found, "11", "13" if late else "12"]


def table(
    agency_id: int, dossiers: Iterable[int], period: Period, cut: datetime
) -> tuple[dict[int, dict[str, int]], dict[tuple[int, str], set[int]]]:
    """Figures by field, and the dossiers behind each cell."""
    chains: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for event in Event.objects.filter(dossier__in=list(dossiers)).order_by("dossier", "seq"):
        chains[event.dossier_id].append(json.loads(event.text))
    figures: dict[int, dict[str, int]] = {}
    behind: dict[tuple[int, str], set[int]] = defaultdict(set)
    for pk, payloads in chains.items():
        columns = standing(payloads, period.end, cut)
        if not columns or columns["agency_id"] != agency_id:
            continue
        for number in cells(columns, period, cut):
            field = columns["field_id"]
            row = figures.setdefault(field, dict.fromkeys(COLUMNS, 0))
            row[number] += 1
            behind[field, number].add(pk)
    return figures, behind
