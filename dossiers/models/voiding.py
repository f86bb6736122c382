"""A reception that was made by mistake: put before an approver, and voided when he has agreed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from dossiers.models.answering import Question, QuestionQuerySet
from dossiers.models.undone import StandingManager, Undoable
from dossiers.states import State
from onestop.accounts.models import DepartmentKind

if TYPE_CHECKING:
    from onestop.accounts.models import Officer

ONE_STOP = DepartmentKind.ONE_STOP


class VoidRequestQuerySet(QuestionQuerySet["VoidRequest"]):
    """Of a dossier that has ended or was passed on nobody is asked any more, and no answer is taken
    back.
    """

    def waiting_for(self, officer_ids: Iterable[int]) -> Self:
        return super().waiting_for(officer_ids)._at_counter()

    def answered_by(self, officer: Officer) -> Self:
        return super().answered_by(officer)._at_counter()

    def _at_counter(self) -> Self:
        here = Q(dossier__forward_by__isnull=False) | Q(dossier__pending_department__isnull=False)
        # In a year without a calendar nothing says by when it is passed on: then where it lies does.
        lies = Q(dossier__state=State.RECEIVED, dossier__holder_department__kind=ONE_STOP)
        return self.filter(here | lies, dossier__ended_at=None)


class VoidRequest(Question):
    """The approver's own yes or no, before the counter voids the reception. Closed: voided where he
    agreed, else given up.
    """

    about, told_asked, told_answered = "dossier", "void_asked", "void_answered"

    dossier = models.ForeignKey("dossiers.Dossier", models.PROTECT, related_name="void_requests")
    reason = models.TextField("lý do")

    objects = VoidRequestQuerySet.as_manager()

    class Meta(Question.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["dossier"], condition=Q(closed_at=None), name="void_one_standing"
            )
        ]
        indexes = [
            models.Index(
                fields=["approver"],
                condition=Q(closed_at=None, agreed=None),
                name="void_waiting",
            )
        ]


class VoidedReception(Undoable):
    """Who voided a reception and why, who had agreed and what he said. `agency` handles the dossier:
    in no table of it, but listed beside them.
    """

    told_as = ("voided", "việc hủy tiếp nhận")

    dossier = models.ForeignKey("dossiers.Dossier", models.PROTECT, related_name="voided")
    agency = models.ForeignKey("accounts.Agency", models.PROTECT, related_name="+", db_index=False)
    reason = models.TextField("lý do")
    approver = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    answer = models.CharField("ý kiến người duyệt", max_length=300, blank=True)
    voided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    voided_at = models.DateTimeField()

    objects = StandingManager()

    class Meta:
        indexes = [models.Index(fields=["agency", "voided_at"], name="voided_of_agency")]
