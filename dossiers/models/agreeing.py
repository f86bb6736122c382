"""A request for completion that needs an approver, put before him by the counter."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from dossiers.models.answering import Question, QuestionQuerySet

if TYPE_CHECKING:
    from onestop.accounts.models import Officer


class AgreementQuerySet(QuestionQuerySet["Agreement"]):
    """Of a dossier that has ended nobody is asked any more, and no answer is taken back."""

    def waiting_for(self, officer_ids: Iterable[int]) -> Self:
        return super().waiting_for(officer_ids).filter(dossier__ended_at=None)

    def answered_by(self, officer: Officer) -> Self:
        return super().answered_by(officer).filter(dossier__ended_at=None)


class Agreement(Question):
    """The approver's own yes or no (R-44, R-46), said before the request is issued. It stands until
    it is issued or another one takes its place; rows stay.
    """

    about, told_asked, told_answered = "dossier", "agreement_asked", "agreement_answered"

    dossier = models.ForeignKey("dossiers.Dossier", models.PROTECT, related_name="agreements")
    # As the counter asked (intake.wanted), and as people read it.
    items = models.JSONField()
    entries = models.JSONField()
    reason = models.TextField()
    legal_basis = models.CharField(max_length=300, blank=True)
    respond_by = models.DateTimeField(null=True, blank=True)

    objects = AgreementQuerySet.as_manager()

    class Meta(Question.Meta):
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
