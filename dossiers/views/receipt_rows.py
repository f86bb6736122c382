"""What the page of a dossier shows of its receipts, and of what was asked about them."""

from __future__ import annotations

from typing import Any

from dossiers.acts.fees import WORDS
from dossiers.desk.money import letters_of
from dossiers.models import Dossier
from dossiers.models.money import in_digits
from onestop.texts import web_address


def receipts_of(dossier: Dossier, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """With what the provider said of electronic ones."""
    letters = letters_of(dossier.pk) if rows else {}
    return [
        row
        | {"amount": row["fee"] + row["charge"], "digits": in_digits(row["number"])}
        | {"letter": letters.get(row["id"]), "link": web_address(row["link"])}
        for row in rows
    ]


def request_of(row: dict[str, Any]) -> dict[str, Any]:
    """With which receipt it is about, in words."""
    what = WORDS[row["kind"]].capitalize()
    return row | {"words": f"{what} số {in_digits(row['receipt_number'])}"}
