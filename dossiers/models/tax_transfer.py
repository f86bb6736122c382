"""The round trip of a financial obligation to the authority that determines it: sent with a transfer
slip, answered by a notice or by the word that nothing is due.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from dossiers.models.acts import ClockChange
from dossiers.models.undone import StandingManager, Undoable


class TransferManager(StandingManager["TaxTransfer"]):
    def unanswered(self) -> models.QuerySet[TaxTransfer]:
        """What the authority has not answered; at most one a dossier."""
        return self.standing().filter(answered_at=None)


class TaxTransfer(Undoable):
    """What was sent to the tax authority, and how it answered. Its time does not count towards the
    term; the applicant's begins with the notice (`PaymentRequest`).

    `expected_on`: until when the authority has to answer; `nothing_due`: it answered that nothing is
    to be paid.
    """

    told_as = ("transfers", "các lần chuyển cơ quan thuế")

    dossier = models.ForeignKey("dossiers.Dossier", models.PROTECT, related_name="transfers")
    authority = models.CharField("cơ quan thuế", max_length=200)
    content = models.CharField("nghĩa vụ cần xác định", max_length=300)
    legal_basis = models.CharField("căn cứ pháp lý", max_length=300)
    expected_on = models.DateField("hạn trả lời", null=True, blank=True)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    sent_at = models.DateTimeField()
    change = models.ForeignKey(ClockChange, models.PROTECT, related_name="+", db_index=False)
    answer_number = models.CharField("số thông báo", max_length=60, blank=True)
    answered_on = models.DateField("ngày thông báo", null=True, blank=True)
    nothing_due = models.BooleanField("không phải nộp", default=False)
    note = models.CharField("ghi chú", max_length=300, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = TransferManager()

    class Meta:
        ordering = ["dossier", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["dossier"],
                condition=Q(answered_at=None, undone_at=None),
                name="transfer_one_unanswered",
            ),
        ]
