"""What the page of a dossier says of originals that are held, of a result that nobody fetches, and of
the return.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from dossiers.acts import certifying, filings
from dossiers.acts.collecting import waited
from dossiers.acts.originals import WITHOUT_RESULT
from dossiers.clock.uncollected import TOO_LONG
from dossiers.desk.dossier import Parts
from dossiers.intake.certified import book_of
from dossiers.intake.originals import is_request
from dossiers.models import Dossier, Result, Return, is_draft
from dossiers.models.digitising import DigitisedPaper, is_valid

if TYPE_CHECKING:
    from onestop.accounts.desk import Desk


def certified_in(dossier: Dossier) -> str:
    """The numbers it has in its book of certification, with the book. One query of a certification,
    none of anything else.
    """
    book = book_of(dossier.version.name)
    number = certifying.symbols_of([dossier.pk]).get(dossier.pk, "") if book else ""
    return f"{number}, {book.name.lower()}" if book and number else ""


def held_in(papers: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Papers whose originals are still held."""
    return [one for one in papers if one["originals"] and not one["originals_returned"]]


def elsewhere_in(desk: Desk, dossier: Dossier, parts: Parts) -> dict[str, Any]:
    """What other systems hold of it, and what of that somebody has to see to first (`to_see`): whether
    this officer may, at the counter.
    """
    return {
        "held_elsewhere": [one for one in parts.elsewhere if not one.asks],
        "to_see": [one for one in parts.elsewhere if one.asks],
        "sees_to_it": bool(filings.may_settle(desk, dossier.received_by_agency)),
    }


def draft_in(parts: Parts) -> bool:
    return parts.result is not None and is_draft(parts.result)


def originals_due(dossier: Dossier, parts: Parts) -> bool:
    """Whether the end left originals, and nobody has said since why they stay."""
    if dossier.state not in WITHOUT_RESULT or dossier.ended_at is None:
        return False
    since = dossier.ended_at
    said = any(one["note"] and one["given_at"] >= since for one in parts.standing("papers_returns"))
    return not said and any(not is_request(one["paper_name"]) for one in held_in(parts.papers))


def not_thought_of(dossier: Dossier, parts: Parts, now: datetime) -> dict[str, str]:
    """Acts that are nothing to this dossier: no original is held; the result has not waited so long
    that the archive is thought of, or lies there; there is no paper result to digitise, no scan to check.
    """
    found = {}
    if not held_in(parts.papers):
        found["return_papers"] = "wrong_state"
    is_old = dossier.ended_at is not None and waited(dossier, now) >= TOO_LONG
    if not is_old or parts.standing("result_archives"):
        found["archive_result"] = "wrong_state"
    digitised = digitised_of(parts, now)
    if not _to_digitise(parts) or (digitised is not None and not digitised["is_refused"]):
        found["digitise_result"] = "wrong_state"
    if digitised is None or not digitised["is_waiting"]:
        found["check_digitised"] = "wrong_state"
    return found


def _to_digitise(parts: Parts) -> bool:
    """Whether its result is a signed one on paper."""
    row = parts.result
    return (
        row is not None
        and row["kind"] == Result.Kind.GRANTED
        and not row["electronic"]
        and bool(row["number"] and row["signer"])
    )


def digitised_of(parts: Parts, now: datetime) -> dict[str, Any] | None:
    """The newest scan of the result that counts, with how it stands."""
    current = (parts.result or {}).get("id")
    rows = parts.standing("digitised_papers")
    row = next((one for one in reversed(rows) if one["result_id"] == current), None)
    if row is None:
        return None
    valid = is_valid(row["valid_to"], timezone.localdate(now))
    found: dict[str, Any] = row | {
        "is_waiting": row["stage"] == DigitisedPaper.Stage.WAITING,
        "is_refused": row["stage"] == DigitisedPaper.Stage.REFUSED,
        "is_expired": not valid,
    }
    return found


def return_of(parts: Parts) -> dict[str, Any] | None:
    """The return that stands, with whether what the taker signed is scanned (R-78)."""
    row = parts.given_back
    return row and row | {
        "is_scanned": any(one["signed"] for one in parts.standing("scannings")),
        "way_words": Return.Way(row["way"]).label,
        "taker_words": Return.Taker(row["taker"]).label,
        "signature_words": Return.Signature(row["signature"]).label,
    }
