"""How a leader, head or controller pressed whoever has a dossier (đôn đốc): what was asked by when, what
was answered.
"""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q

from dossiers.models.handover import HandOver
from dossiers.models.undone import StandingManager, Undoable


class UrgingState(models.TextChoices):
    """Where an urging stands at an instant; what was passed on or ended since is solved, answered or
    not.
    """

    WAITING = "cho", "Chưa trả lời"
    OVERDUE = "qua-han", "Quá hạn trả lời"
    ANSWERED = "da-tra-loi", "Đã trả lời"
    SOLVED = "da-giai-quyet", "Đã giải quyết sau đôn đốc"

    @classmethod
    def of(
        cls,
        *,
        answer_by: datetime,
        answered_at: datetime | None,
        solved_at: datetime | None,
        at: datetime,
    ) -> UrgingState:
        if solved_at is not None and solved_at <= at:
            return cls.SOLVED
        if answered_at is not None and answered_at <= at:
            return cls.ANSWERED
        return cls.OVERDUE if answer_by < at else cls.WAITING


def passed_on_since() -> models.QuerySet[HandOver]:
    """By which the dossier of an urging (the outer query) was passed on after it was made."""
    return HandOver.objects.passed_on().filter(
        dossier=OuterRef("dossier"), given_at__gt=OuterRef("made_at")
    )


class UrgingManager(StandingManager["Urging"]):
    def open(self) -> models.QuerySet[Urging]:
        """Standing ones of which the dossier has not been passed on since (moving with a desk does not
        count); of what has ended, whoever asks leaves it out.
        """
        return self.standing().exclude(Exists(passed_on_since()))

    def of_dossier(self) -> models.QuerySet[Urging]:
        """The same of the dossier of the outer query."""
        return self.open().filter(dossier=OuterRef("pk"))


class Urging(Undoable):
    """One urging. `agency` handles the dossier; `department` and `officer` (None: the whole room) had
    it then; `round`: the how-manieth of this dossier, those that were taken back left out.

    `answer` is written by whoever has the dossier; `done_by`: when it will be done, as they say.
    """

    told_as = ("urgings", "các lần đôn đốc")

    dossier = models.ForeignKey("dossiers.Dossier", models.PROTECT, related_name="urgings")
    agency = models.ForeignKey("accounts.Agency", models.PROTECT, related_name="+", db_index=False)
    department = models.ForeignKey(
        "accounts.Department", models.PROTECT, related_name="+", db_index=False
    )
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    round = models.PositiveSmallIntegerField("lần")
    asked = models.TextField("nội dung đôn đốc")
    answer_by = models.DateTimeField("trả lời trước")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    made_at = models.DateTimeField()
    answer = models.TextField("trả lời", blank=True)
    done_by = models.DateTimeField("hẹn xong trước", null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = UrgingManager()

    class Meta:
        ordering = ["dossier", "id"]
        indexes = [
            models.Index(
                fields=["agency", "made_at"],
                name="urging_by_agency",
                condition=Q(undone_at=None),
            )
        ]
