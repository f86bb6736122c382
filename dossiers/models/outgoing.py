"""The register of outgoing documents (sổ văn bản đi): which document of the office got which number,
when and by whom; the last number of each kind and year; numbers that are kept for later.
"""

from __future__ import annotations

import re

from django.conf import settings
from django.db import models
from django.db.models import Q

from dossiers.models.acts import Result
from dossiers.models.slip import Slip
from dossiers.models.undone import StandingManager, Undoable


class OutgoingCounter(models.Model):
    """The last number of a kind of document of an agency and year; locked while one is given."""

    agency = models.ForeignKey("accounts.Agency", models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField("loại văn bản", max_length=10)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency", "kind", "year"], name="outgoingcounter_once")
        ]


def same_number(symbol: str) -> str:
    """A number and symbol without what is only written otherwise: blanks, case, noughts in front."""
    return re.sub(r"\s+", "", symbol).casefold().lstrip("0")


class HeldNumber(models.Model):
    """A number of the register that was kept for a document to come (giữ số), or that was left out
    when a higher one was given; who kept it and why. Given once a line bears it. No number is
    dropped: what nobody uses stays here.
    """

    agency = models.ForeignKey("accounts.Agency", models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField("loại văn bản", max_length=10)
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField("số")
    reason = models.CharField("giữ cho việc gì", max_length=300)
    held_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    held_at = models.DateTimeField()

    class Meta:
        ordering = ["agency", "year", "kind", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "year", "kind", "number"], name="heldnumber_once"
            )
        ]


class OutgoingManager(StandingManager["OutgoingDocument"]):
    def bearing(self, typed: str, *, agency_id: int, year: int) -> OutgoingDocument | None:
        """The line of an agency's year that bears this number and symbol, void or not: none is given
        twice. One query, none where what was typed begins with no number.
        """
        found = re.match(r"\d{1,9}", same_number(typed))
        if found is None:
            return None
        rows = self.filter(agency=agency_id, year=year, number=int(found.group()))
        wanted = same_number(typed)
        return next((row for row in rows if same_number(row.symbol) == wanted), None)


class OutgoingDocument(Undoable):
    """A line of the register. What was taken back keeps its number and its line, and says so: no
    number is given twice, none is missing.

    `slip` of a letter, `result` of a result that takes its number here.
    """

    told_as = ("outgoing", "sổ văn bản đi")

    dossier = models.ForeignKey("dossiers.Dossier", models.PROTECT, related_name="outgoing")
    agency = models.ForeignKey("accounts.Agency", models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField("loại văn bản", max_length=10)
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField("số")
    symbol = models.CharField("số, ký hiệu", max_length=60)
    issued_on = models.DateField("ngày ban hành")
    subject = models.CharField("trích yếu", max_length=300)
    recipient = models.CharField("nơi nhận", max_length=200)
    signer = models.CharField("người ký", max_length=120, blank=True)
    slip = models.ForeignKey(
        Slip, models.PROTECT, null=True, blank=True, related_name="outgoing", db_index=False
    )
    result = models.ForeignKey(
        Result, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    numbered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    numbered_at = models.DateTimeField()

    objects = OutgoingManager()

    class Meta:
        ordering = ["agency", "year", "kind", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "year", "kind", "number"], name="outgoing_number_once"
            ),
            models.UniqueConstraint(
                fields=["slip"], condition=Q(undone_at=None), name="outgoing_slip_once"
            ),
        ]
