"""What waits for the yes or no of an approver (R-44, R-46): the columns of every such question."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar, Self, TypeVar

from django.conf import settings
from django.db import models

if TYPE_CHECKING:
    from onestop.accounts.models import Officer

Row = TypeVar("Row", bound="Question")


class QuestionQuerySet(models.QuerySet[Row]):
    def waiting_for(self, officer_ids: Iterable[int]) -> Self:
        """What these approvers have not answered."""
        return self.filter(approver__in=officer_ids, agreed=None, closed_at=None)

    def answered_by(self, officer: Officer) -> Self:
        """What this officer answered and nothing has come of yet, the last first."""
        found = self.filter(answered_by=officer, closed_at=None).exclude(agreed=None)
        return found.order_by("-answered_at", "-pk")


class Question(models.Model):
    """Put before an approver, who answers it himself; closed when something has come of it, or is to
    come of it no more. `about`: the column that says what it is about, which is also how notices name
    that kind; `told_asked`, `told_answered`: what the approver and who asked him are told by.
    """

    about: ClassVar[str]
    told_asked: ClassVar[str]
    told_answered: ClassVar[str]
    # What was wrong with the answer just given, for the page that shows it again.
    problem = ""

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

    class Meta:
        abstract = True
        ordering = ["-asked_at", "-id"]

    @property
    def is_waiting(self) -> bool:
        return self.closed_at is None and self.agreed is None

    @property
    def may_be_issued(self) -> bool:
        return self.closed_at is None and self.agreed is True

    @property
    def is_refused(self) -> bool:
        return self.closed_at is None and self.agreed is False

    @property
    def about_id(self) -> int:
        found: int = getattr(self, f"{self.about}_id")
        return found
