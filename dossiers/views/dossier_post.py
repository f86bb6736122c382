"""What the page of a dossier says of the public post: the minutes it came with, its letters (R-119,
R-120). Both lead on for whoever may see them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dossiers.desk import post as queries
from dossiers.models.post import SEERS, PostalItem

if TYPE_CHECKING:
    from dossiers.desk.dossier import Parts
    from dossiers.models import Dossier
    from onestop.accounts.desk import Desk


def of_post(desk: Desk, dossier: Dossier, parts: Parts) -> dict[str, Any]:
    """One query of what came by post, none of anything else."""
    mine = desk.agency_ids_as(*SEERS)
    came = queries.came_by(dossier)
    letters = [
        row | {"words": _words(row), "may_open": row["agency_id"] in mine}
        for row in parts.standing("postal_items")
    ]
    may_open = came is not None and came.note.agency_id in mine
    return {"came_by_post": came, "may_open_note": may_open, "letters": letters}


def _words(row: dict[str, Any]) -> str:
    said = ("delivered_at", "delivered_to", "back_at", "failed_at")
    return PostalItem(**{name: row[name] for name in said}).state_words.lower()
