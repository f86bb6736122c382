"""The register of outgoing documents (sổ văn bản đi): which document of the office got which number,
when and by whom; and the last number of each kind and year.
"""

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

    objects = StandingManager()

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
