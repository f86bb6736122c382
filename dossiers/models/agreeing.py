"""A request for completion that needs an approver, put before him by the counter."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.db import models
from django.db.models import Q


class AgreementQuerySet(models.QuerySet["Agreement"]):
    def waiting_for(self, officer_ids: Iterable[int]) -> AgreementQuerySet:
        """What these approvers have not answered, of dossiers that can still be asked for."""
        return self.filter(
            approver__in=officer_ids, agreed=None, closed_at=None, dossier__ended_at=None
        )


class Agreement(models.Model):
    """The approver's own yes or no (R-44, R-46), said before the request is issued. It stands until
    it is issued or another one takes its place; rows stay.
    """

    dossier = models.ForeignKey("dossiers.Dossier", models.PROTECT, related_name="agreements")
    # As the counter asked (intake.wanted), and as people read it.
    items = models.JSONField()
    entries = models.JSONField()
    reason = models.TextField()
    legal_basis = models.CharField(max_length=300, blank=True)
    respond_by = models.DateTimeField(null=True, blank=True)
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

    objects = AgreementQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["dossier"], condition=Q(closed_at=None), name="agreement_one_standing"
            )
        ]
        indexes = [
            models.Index(
                fields=["approver"],
                condition=Q(closed_at=None, agreed=None),
                name="agreement_waiting",
            )
        ]

    @property
    def is_waiting(self) -> bool:
        return self.agreed is None
