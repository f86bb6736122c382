"""Whose opinion was asked of a dossier (lấy ý kiến), by when, and what they said or that they said
nothing (R-63).
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q

from dossiers.models.undone import StandingManager, Undoable, standing
from dossiers.states import OPEN
from onestop.accounts.models import Role

if TYPE_CHECKING:
    from onestop.accounts.desk import Desk

# Who answers for a whole agency that was asked, as no room of it was named.
FOR_AGENCY = (Role.HEAD, Role.LEADER, Role.DOCUMENTS)


class Said(models.IntegerChoices):
    """What an opinion comes to."""

    AGREED = 1, "Đồng ý"
    NOT = 2, "Không đồng ý"
    OTHER = 3, "Ý kiến khác"


class Stand(models.TextChoices):
    """Where a consultation stands at an instant."""

    WAITING = "cho", "Chờ trả lời"
    OVERDUE = "qua-han", "Quá hạn trả lời"
    SILENT = "im-lang", "Hết thời hạn không trả lời"
    ANSWERED = "da-tra-loi", "Đã trả lời"
    LATE = "tra-loi-cham", "Trả lời chậm"
    WITHDRAWN = "da-rut", "Đã rút"

    @classmethod
    def of(
        cls,
        *,
        answer_by: datetime,
        answered_at: datetime | None,
        silent_at: datetime | None,
        withdrawn_at: datetime | None,
        at: datetime,
    ) -> Stand:
        if withdrawn_at is not None:
            return cls.WITHDRAWN
        if answered_at is not None:
            return cls.LATE if answered_at > answer_by else cls.ANSWERED
        if silent_at is not None:
            return cls.SILENT
        return cls.OVERDUE if answer_by < at else cls.WAITING


def is_unanswered() -> Q:
    """Neither answered nor withdrawn; silence may still be broken."""
    return standing() & Q(answered_at=None, withdrawn_at=None)


class ConsultationManager(StandingManager["Consultation"]):
    def unanswered(self) -> models.QuerySet[Consultation]:
        return self.filter(is_unanswered())

    def asked_of(self, desk: Desk) -> models.QuerySet[Consultation]:
        """What the officer's room, or the officer's agency as a whole, was asked and nobody withdrew:
        of it they see the question and their own answer, not the dossier (R-144).
        """
        whole = Q(department=None, asked_agency__in=desk.agency_ids_as(*FOR_AGENCY))
        mine = whole | Q(department__in=desk.department_ids)
        # A room's own agency is one of the desk's: the indexes lead with it.
        return self.standing().filter(mine, withdrawn_at=None, asked_agency__in=desk.agency_ids)

    def to_answer(self, desk: Desk) -> models.QuerySet[Consultation]:
        """What waits for their answer, of dossiers that are open."""
        states = sorted(state.value for state in OPEN)
        return self.asked_of(desk).filter(
            answered_at=None, dossier__ended_at=None, dossier__state__in=states
        )


class Consultation(Undoable):
    """One body that was asked. `agency` handled the dossier then; `round`: the how-manieth asking of
    the dossier, one for all that were asked at once.

    Asked was a room of `asked_agency`, that agency as a whole (`department` None), or a body outside
    of the system by its name (`body`). `files`: ids of the dossier's files that go with the question;
    `answer_file`: of the answer.
    """

    told_as = ("consultations", "các lần lấy ý kiến")

    dossier = models.ForeignKey("dossiers.Dossier", models.PROTECT, related_name="consultations")
    agency = models.ForeignKey("accounts.Agency", models.PROTECT, related_name="+", db_index=False)
    round = models.PositiveSmallIntegerField("lần")
    asked_agency = models.ForeignKey(
        "accounts.Agency", models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    department = models.ForeignKey(
        "accounts.Department", models.PROTECT, null=True, blank=True, related_name="+", db_index=False,
    )  # fmt: skip
    body = models.CharField("cơ quan, tổ chức ngoài hệ thống", max_length=200, blank=True)
    content = models.TextField("nội dung lấy ý kiến")
    answer_by = models.DateTimeField("hạn trả lời")
    files = models.JSONField("tệp gửi kèm", default=list, blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    asked_at = models.DateTimeField()
    said = models.PositiveSmallIntegerField("ý kiến", choices=Said, null=True, blank=True)
    answer = models.TextField("nội dung trả lời", blank=True)
    answer_number = models.CharField("số văn bản trả lời", max_length=60, blank=True)
    answered_on = models.DateField("ngày văn bản trả lời", null=True, blank=True)
    answer_file = models.PositiveBigIntegerField("tệp trả lời", null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False,
    )  # fmt: skip
    answered_at = models.DateTimeField(null=True, blank=True)
    silent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False,
    )  # fmt: skip
    silent_at = models.DateTimeField("ghi không trả lời lúc", null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False,
    )  # fmt: skip
    withdrawn_at = models.DateTimeField("rút lúc", null=True, blank=True)
    withdrawn_why = models.CharField("lý do rút", max_length=300, blank=True)

    objects = ConsultationManager()

    class Meta:
        ordering = ["dossier", "id"]
        indexes = [
            models.Index(
                fields=["asked_agency", "department", "answer_by"],
                name="consultation_to_answer",
                condition=Q(answered_at=None, withdrawn_at=None, undone_at=None),
            ),
            models.Index(
                fields=["answer_by"],
                name="consultation_late",
                condition=Q(answered_at=None, withdrawn_at=None, undone_at=None),
            ),
            models.Index(
                fields=["asked_agency", "-answered_at"],
                name="consultation_answered",
                condition=Q(answered_at__isnull=False, undone_at=None),
            ),
        ]

    @property
    def to(self) -> str:
        """Whom, as the agency that asks calls them; relations read along."""
        room = self.department
        return whom(
            self.body,
            self.asked_agency.name if self.asked_agency else "",
            room.name if room else "",
            is_own=self.asked_agency_id == self.agency_id,
        )

    def stand(self, at: datetime) -> Stand:
        return Stand.of(
            answer_by=self.answer_by,
            answered_at=self.answered_at,
            silent_at=self.silent_at,
            withdrawn_at=self.withdrawn_at,
            at=at,
        )

    @property
    def is_late(self) -> bool:
        """Whether the answer came after its day."""
        return self.answered_at is not None and self.answered_at > self.answer_by


def whom(body: str, agency: str | None, room: str | None, *, is_own: bool) -> str:
    """A room of the own office by its name, one of another with its office."""
    if body:
        return body
    if room and not is_own:
        return f"{room} – {agency}"
    return room or agency or ""
