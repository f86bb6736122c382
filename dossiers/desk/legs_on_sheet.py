"""What the control sheet of a dossier says of the parts that other agencies have."""

from __future__ import annotations

from dossiers.models.legs import Leg, LegState
from onestop.templatetags.formatting import vn_datetime


def partners(rows: list[Leg], others: str) -> str:
    """The agencies that have or had a part, then who else was asked; not the one that leads now."""
    names = dict.fromkeys(row.agency.name for row in rows if row.state != LegState.LEADS)
    return ", ".join([*names, *([others] if others and others not in names else [])])


def legs_on_sheet(rows: list[Leg]) -> list[str]:
    """A line an agency on the control sheet: what it was asked, how it stands."""
    return [f"Liên thông, {row.agency.name}: {row.task} ({_stands(row)})" for row in rows]


def _stands(row: Leg) -> str:
    words = LegState(row.state).label.lower()
    at = row.ended_at or row.received_at or row.sent_at
    return f"{words} {vn_datetime(at)}" if at else words
