"""Printed slips: frozen snapshots with their number; every print recorded (R-88)."""

from django.conf import settings
from django.db import models

from dossiers.models.packed import SlipSnapshot
from dossiers.models.undone import StandingManager, Undoable


class Slip(Undoable):
    """One slip as it was made. `snapshot` renders the identical page for ever; the look-up secret
    is not in it.
    """

    told_as = ("slips", "phiếu đã lập")

    dossier = models.ForeignKey(
        "dossiers.Dossier",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="slips",
        db_index=False,
    )
    visit = models.ForeignKey(
        "dossiers.CounterVisit", models.PROTECT, null=True, blank=True, related_name="slips"
    )
    agency = models.ForeignKey("accounts.Agency", models.PROTECT, related_name="+", db_index=False)
    slug = models.CharField(max_length=20)
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    snapshot = SlipSnapshot()
    sha256 = models.CharField("băm của bản chụp dữ liệu", max_length=64, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    pdf = models.ForeignKey(
        "files.Attachment", models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = StandingManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "slug", "year", "number"], name="slip_number_once"
            )
        ]
        indexes = [
            models.Index(fields=["dossier", "slug", "-id"], name="slip_dossier"),
            models.Index(fields=["made_at"], name="slip_without_pdf", condition=models.Q(pdf=None)),
        ]


class SlipPrint(models.Model):
    """One print of a slip: who, when, how many copies, first or again."""

    slip = models.ForeignKey(Slip, models.PROTECT, related_name="prints")
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    at = models.DateTimeField()
    copies = models.PositiveSmallIntegerField(default=2)
    again = models.BooleanField(default=False)
