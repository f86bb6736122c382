"""Many dossiers that one person brought in one go (tiếp nhận tập thể): a village head, a school, a
company. Each is a dossier of its own with its own code; one receipt lists them.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models

from dossiers.models.undone import OfDossier


class Envelope(models.Model):
    """Who brought them, by what authority, and for which case of a procedure. `token`: the page it
    was made of.
    """

    agency = models.ForeignKey("accounts.Agency", models.PROTECT, related_name="+", db_index=False)
    case = models.ForeignKey("procedures.Case", models.PROTECT, related_name="+", db_index=False)
    token = models.UUIDField(unique=True)
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    sender_name = models.CharField("người nộp", max_length=200)
    sender_identity = models.CharField("số giấy tờ", max_length=30, blank=True)
    sender_phone = models.CharField("điện thoại", max_length=20, blank=True)
    authorisation = models.CharField("tư cách, văn bản ủy quyền", max_length=200)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "year", "number"], name="envelope_number_once"
            )
        ]

    def __str__(self) -> str:
        return self.serial

    @property
    def serial(self) -> str:
        return f"{self.number}/{self.year}"


class EnvelopePart(OfDossier):
    """That a dossier came in an envelope."""

    told_as = ("envelope_parts", "tiếp nhận tập thể")

    dossier = models.OneToOneField("dossiers.Dossier", models.CASCADE, related_name="envelope")
    envelope = models.ForeignKey(Envelope, models.PROTECT, related_name="parts")


class EnvelopeSlip(models.Model):
    """That a slip is the receipt of an envelope; the last one that is not void stands."""

    envelope = models.ForeignKey(Envelope, models.PROTECT, related_name="receipts")
    slip = models.OneToOneField("dossiers.Slip", models.PROTECT, related_name="of_envelope")
