"""From rows to the frozen snapshot of a slip."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from dossiers.models import ClockChange, CounterVisit, Dossier, Ending, Result, Supplement
from onestop.accounts.models import Agency, Officer


def snapshot(
    slug: str,
    *,
    number: int,
    by: Officer,
    at: datetime,
    agency: Agency,
    dossier: Dossier | None,
    visit: CounterVisit | None,
    supplement: Supplement | None,
    result: Result | None,
    ending: Ending | None,
    change: ClockChange | None,
) -> dict[str, Any]:
    """Everything a slip shows, as JSON; the look-up secret stays out of it."""
    return {"slug": slug, "number": number}
