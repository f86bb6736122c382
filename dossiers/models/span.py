"""Plain intervals that reports read: which counting group a dossier was in, from when to when, under which promise."""

from django.db import models
from django.db.models import Q

from dossiers.models.dossier import Outcome
from procedures.channels import Channel


class Span(models.Model):
    """Kept by the lifecycle writer. `*_at` is when it happened, `*_recorded` when the system learned of it."""

    class Group(models.IntegerChoices):
        WORKING = 1, "Đang giải quyết"
        WAITING = 2, "Chờ bổ sung, nghĩa vụ tài chính"
        ENDED = 3, "Đã giải quyết"

    dossier = models.ForeignKey("dossiers.Dossier", models.PROTECT, related_name="spans")
    agency = models.ForeignKey("accounts.Agency", models.PROTECT, related_name="+")
    field = models.ForeignKey("procedures.Field", models.PROTECT, related_name="+")
    channel = models.PositiveSmallIntegerField(choices=Channel.choices)
    group = models.PositiveSmallIntegerField(choices=Group.choices)
    from_at = models.DateTimeField()
    from_recorded = models.DateTimeField()
    to_at = models.DateTimeField(null=True, blank=True)
    to_recorded = models.DateTimeField(null=True, blank=True)
    promise = models.DateTimeField(null=True, blank=True)
    verdict = models.PositiveSmallIntegerField(choices=Outcome.choices, null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dossier"], condition=Q(to_at=None), name="span_one_current"),
        ]
        indexes = [models.Index(fields=["agency", "from_at"], name="span_agency_from")]
