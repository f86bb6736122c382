"""What the apps above are asked before an import. A signal, because dossiers may not import them.

figures_signed(agency_ids) -> dict[int, datetime]
    By agency: until which instant its figures stand in a signed report. What happened by then may
    only be imported as counting from now. Nothing for an agency without one.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.dispatch import Signal

figures_signed = Signal()


def signed_until(agency_ids: Iterable[int]) -> dict[int, datetime]:
    """The latest of all answers, by agency."""
    found: dict[int, datetime] = {}
    answers: Any = figures_signed.send(sender=None, agency_ids=list(agency_ids))
    for _, answer in answers:
        for agency_id, until in (answer or {}).items():
            found[agency_id] = max(until, found.get(agency_id, until))
    return found
