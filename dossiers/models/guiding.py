"""One more guidance at the counter, put before the approver who was chosen (R-44)."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.db import models
from django.db.models import Q


class GuidanceApprovalQuerySet(models.QuerySet["GuidanceApproval"]):
    def waiting_for(self, officer_ids: Iterable[int]) -> GuidanceApprovalQuerySet:
        """What these approvers have not answered."""
        return self.filter(approver__in=officer_ids, agreed=None, closed_at=None)


class GuidanceApproval(models.Model):
    """The approver's own yes or no, before the slip of the visit is issued. What is asked for stands
    in the visit; put before somebody else, it waits for him. Closed: issued where he agreed, else
    given up.
    """

    visit = models.OneToOneField("dossiers.CounterVisit", models.PROTECT, related_name="approval")
    approver = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    asked_at = models.DateTimeField()
    # None: not answered yet.
    agreed = models.BooleanField(null=True, blank=True)
    answer = models.CharField(max_length=300, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = GuidanceApprovalQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-id"]
        indexes = [
            models.Index(
                fields=["approver"],
                condition=Q(closed_at=None, agreed=None),
                name="guidance_waiting",
            ),
            models.Index(
                fields=["asked_by"], condition=Q(closed_at=None), name="guidance_standing"
            ),
        ]

    @property
    def is_waiting(self) -> bool:
        return self.closed_at is None and self.agreed is None

    @property
    def may_be_issued(self) -> bool:
        return self.closed_at is None and self.agreed is True

    @property
    def is_refused(self) -> bool:
        return self.closed_at is None and self.agreed is False
