"""II.06a counted the plain way: the events of every dossier folded in Python, without the intervals
that the product's statement reads. What was taken back by the cut is left out, what happened after
the period's end too.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from dossiers.models import Event
from onestop.worktime import VN, parse_term
from reports.models import ReportForm
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
    # Voided, it never was: whatever the period.
    if any(p["kind"] == "void_reception" and p["seq"] not in gone for p in known):
        return {}
    columns: dict[str, Any] = {}
    for payload in known:
        if payload["seq"] in gone or instant_of(payload["at"]) >= end:
            continue
        for name, (_, after) in payload.get("set", {}).items():
            columns[name] = after
        if payload["kind"] in ("withdraw", "stop"):
            columns["cut_short"] = True
        if payload["kind"] == "finish":
            columns["refused"] = bool(payload["data"].get("refused"))
        # A wait that began after the promise had passed heals nothing; a promise that sector law moves
        # meanwhile is judged anew.
        is_moved = "legal_due_at" in payload.get("set", {})
        if columns.get("state") in (5, 6) and ("late" not in columns or is_moved):
            columns["late"] = is_late(columns, instant_of(columns["waiting_since"]))
        elif columns.get("state") not in (5, 6):
            columns.pop("late", None)
        if columns.get("ended_at"):
            break
    if columns and _is_apologised(known, gone, end):
        columns["apologised"] = True
    return columns


def _is_apologised(known: list[dict[str, Any]], gone: set[int], end: datetime) -> bool:
    """By either act, also after its own end."""
    return any(
        one["kind"] in ("apologise", "re_appoint")
        and one["seq"] not in gone
        and instant_of(one["at"]) < end
        for one in known
    )


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


def measured(
    columns: dict[str, Any], period: Period, cut: datetime, cause: str | None = None
) -> set[str]:
    """The measures that count a dossier which stands so; `cause`: what was said of it by the cut."""
    numbers = set(cells(columns, period, cut))
    if not numbers:
        return set()
    found = {"handled"}
    if "6" in numbers:
        found.add("carried")
    else:
        channel = columns["channel"]
        found |= {"received", CHANNELS[channel]}
        found.add("received_online" if channel in ONLINE else "received_direct_or_post")
        if channel in ONLINE:
            found.add(f"received_online_{columns.get('filer', 'unsaid')}")
        if columns.get("out_of_area"):
            found.add("received_out_of_area")
    if "7" in numbers:
        found |= {"ended", *_ended(columns)}
    else:
        found |= {"open", "open_late" if "13" in numbers else "open_in_time"}
        if columns["state"] in (5, 6):
            found.add("open_waiting")
    if found & {"ended_late", "open_late"}:
        found |= {"late", *({f"late_{cause}", "late_said"} if cause else {"late_unsaid"})}
        if cause in ("applicant", "money", "incident", "sync"):
            found.add("late_other")
        sorry = "apologised" if columns.get("apologised") else "not_apologised"
        side = "ended_late" if "ended" in found else "open_late"
        found |= {f"late_{sorry}", f"{side}_{sorry}"}
    return found


CHANNELS = {
    1: "received_direct", 2: "received_online_full", 3: "received_post", 4: "received_online_part",
}  # fmt: skip


def _ended(columns: dict[str, Any]) -> set[str]:
    verdict, cut_short = columns["verdict"], columns.get("cut_short")
    found = {{1: "ended_early_of_all", 2: "ended_on_time_of_all", 3: "ended_late"}[verdict]}
    if verdict < 3:
        found |= {"ended_not_late", "ended_early" if verdict == 1 and not cut_short else "ended_on_time"}  # fmt: skip
    if cut_short:
        found.add("ended_withdrawn" if columns["state"] == 7 else "ended_stopped")
    elif columns.get("refused"):
        found.add("ended_refused")
    return found


def chains(dossiers: Iterable[int]) -> dict[int, list[dict[str, Any]]]:
    """The events of each dossier in their order."""
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for event in Event.objects.filter(dossier__in=list(dossiers)).order_by("dossier", "seq"):
        found[event.dossier_id].append(json.loads(event.text))
    return found


def rows(
    form: ReportForm,
    places: Iterable[tuple[int, int, set[str]]],
    level_of: dict[int, str],
) -> dict[str, dict[str, int | str]]:
    """A form filled in: from agency, field and measures of each dossier, figures by row key. Rows
    without any figure are left out.
    """
    columns = [one for one in form.columns_of() if one.measure]
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for agency, field, measures in places:
        level = f"level:{level_of[agency]}"
        keys = {
            "field": [f"field:{field}"],
            "unit": [f"agency:{agency}"],
            "level_field": [level, f"{level}/field:{field}"],
            "level_unit": [level, f"agency:{agency}"],
        }[form.row_kind]
        for key in [*keys, "total"]:
            counts[key].update(measures)
    found = {
        key: {one.number: _value(one.measure, told) for one in columns}
        for key, told in counts.items()
    }
    return {
        key: {number: value for number, value in row.items() if value is not None}
        for key, row in found.items()
        if any(row.values())
    }


def _value(measure: str, told: Counter[str]) -> int | str | None:
    """How many; of a share the part in a hundred as it is printed, none of nothing."""
    if not measure.startswith("share_"):
        return told[measure]
    part, whole = told[measure.replace("share_", "received_online_")], told["received_online"]
    if not whole:
        return None
    cents = (part * 20_000 + whole) // (2 * whole)
    if part < whole:
        cents = min(cents, 9_999)
    if part:
        cents = max(cents, 1)
    return f"{cents // 100},{cents % 100:02d}"


def table(
    agency_id: int, dossiers: Iterable[int], period: Period, cut: datetime
) -> tuple[dict[int, dict[str, int]], dict[tuple[int, str], set[int]]]:
    """Figures by field, and the dossiers behind each cell."""
    figures: dict[int, dict[str, int]] = {}
    behind: dict[tuple[int, str], set[int]] = defaultdict(set)
    for pk, payloads in chains(dossiers).items():
        columns = standing(payloads, period.end, cut)
        if not columns or columns["agency_id"] != agency_id:
            continue
        for number in cells(columns, period, cut):
            field = columns["field_id"]
            row = figures.setdefault(field, dict.fromkeys(COLUMNS, 0))
            row[number] += 1
            behind[field, number].add(pk)
    return figures, behind
