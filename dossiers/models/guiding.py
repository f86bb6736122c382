"""One more guidance at the counter, put before the approver who was chosen (R-44)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from dossiers.models.answering import Question, QuestionQuerySet


class GuidanceApprovalQuerySet(QuestionQuerySet["GuidanceApproval"]):
    """What waits, what was answered: as of every question."""


class GuidanceApproval(Question):
    """The approver's own yes or no, before the slip of the visit is issued. What is asked for stands
    in the visit; put before somebody else, it waits for him. Closed: issued where he agreed, else
    given up.
    """

    about, told_asked, told_answered = "visit", "guidance_asked", "guidance_answered"

    visit = models.OneToOneField("dossiers.CounterVisit", models.PROTECT, related_name="approval")

    objects = GuidanceApprovalQuerySet.as_manager()

    class Meta(Question.Meta):
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
