"""What an applicant has to pay before the handling goes on: asked by the counter, proved by a
receipt (status 6).
"""

from django.conf import settings
from django.db import models
from django.db.models import Q

from dossiers.models.acts import ClockChange
from dossiers.models.undone import StandingManager, Undoable


class PaymentManager(StandingManager["PaymentRequest"]):
    def unpaid(self) -> models.QuerySet["PaymentRequest"]:
        """What a dossier waits for; at most one a dossier."""
        return self.standing().filter(recorded_at=None)


class PaymentRequest(Undoable):
    """A financial obligation that another authority determined (tax, land-use fee; not the fee at
    the counter), in whole đồng.

    `paid`, `paid_on`, `proof_number`: what the document of the payment says; `note`: why another
    amount than asked was due.
    """

    told_as = ("payments", "các lần yêu cầu nghĩa vụ tài chính")

    dossier = models.ForeignKey("dossiers.Dossier", models.PROTECT, related_name="payments")
    content = models.CharField("khoản phải nộp", max_length=300)
    amount = models.PositiveBigIntegerField("số tiền phải nộp")
    legal_basis = models.CharField("căn cứ pháp lý", max_length=300)
    determined_by = models.CharField("cơ quan xác định", max_length=200)
    # None, both: asked in an earlier system that did not say it.
    pay_by = models.DateField("hạn nộp", null=True, blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    asked_at = models.DateTimeField()
    change = models.ForeignKey(ClockChange, models.PROTECT, related_name="+", db_index=False)
    proof_number = models.CharField("số chứng từ", max_length=60, blank=True)
    paid_on = models.DateField("ngày nộp", null=True, blank=True)
    paid = models.PositiveBigIntegerField("số tiền đã nộp", null=True, blank=True)
    note = models.CharField("lý do số tiền khác", max_length=300, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    recorded_at = models.DateTimeField(null=True, blank=True)

    objects = PaymentManager()

    class Meta:
        ordering = ["dossier", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["dossier"],
                condition=Q(recorded_at=None, undone_at=None),
                name="payment_one_unpaid",
            ),
        ]
