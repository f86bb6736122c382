"""Papers scanned after the reception: which files came, how many pages each, and what is missing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import models

from dossiers.models.undone import StandingManager, Undoable


class Scanning(Undoable):
    """One time that papers of a dossier were scanned, or that it was said why they are not.

    `pages`: how many pages each file has, by the id of its attachment. `reason`: why it is still not
    all of them; empty where everything is scanned. `signed`: among them is what the taker of the result
    signed (R-78). Also kept in Dossier.no_scan_reason, which says
    how it stands now.
    """

    told_as = ("scannings", "các lần bổ sung bản quét")

    dossier = models.ForeignKey("dossiers.Dossier", models.PROTECT, related_name="scannings")
    pages = models.JSONField("số trang của từng tệp", default=dict)
    reason = models.CharField("lý do chưa quét đủ", max_length=200, blank=True)
    signed = models.BooleanField("có biên nhận trả kết quả đã ký", default=False, db_default=False)
    scanned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    scanned_at = models.DateTimeField()

    objects = StandingManager()

    class Meta:
        ordering = ["dossier", "id"]


def pages_by_file(said: Any) -> dict[int, int]:
    """`pages` of a row as Python has it, or as a JSON list of rows does: SQLite gives it as text."""
    found: Mapping[str, int] = json.loads(said) if isinstance(said, str) else said
    return {int(file): int(pages) for file, pages in found.items()}
