"""Money that came to an office's account or through a portal: the statements that tell of it, and each
payment, whatever becomes of it.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q


class BankStatement(models.Model):
    """A statement of a bank as somebody uploaded it; the file is kept until it is recorded or dropped.
    `columns`: which column says what, by the column's heading, as a person confirmed it.
    """

    class Stage(models.IntegerChoices):
        OPEN = 1, "Đang xem trước"
        DONE = 2, "Đã ghi"
        DROPPED = 3, "Đã bỏ"

    account = models.ForeignKey("dossiers.BankAccount", models.PROTECT, related_name="statements")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    at = models.DateTimeField("tải lên lúc")
    file_name = models.CharField("tệp", max_length=250)
    sha256 = models.CharField(max_length=64)
    kept = models.CharField(max_length=200, blank=True)
    stage = models.PositiveSmallIntegerField(choices=Stage.choices, default=Stage.OPEN)
    columns = models.JSONField("các cột", default=dict, blank=True)
    counts = models.JSONField(default=dict)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.file_name


class PaymentQuerySet(models.QuerySet["Payment"]):
    def standing(self) -> PaymentQuerySet:
        """Neither booked nor settled otherwise."""
        return self.filter(outcome=None)

    def counted(self) -> PaymentQuerySet:
        """Each đồng once: the parts of a transfer, not the transfer beside them."""
        whole = (Payment.Outcome.SPLIT, Payment.Outcome.JOINED)
        return self.exclude(outcome__in=whole)


class Payment(models.Model):
    """Money that came: once by its source and the number that it has there, however often it is told.

    `raw`: what the source said, cell by cell; `receipt`: under which it was booked, none again once
    that one is void. What nobody booked or settled stands in a list. `parent`: the transfer for several
    dossiers that this is a part of.
    """

    class Outcome(models.IntegerChoices):
        BOOKED = 1, "Đã ghi thu"
        RETURNED = 2, "Đã trả lại người nộp"
        FOREIGN = 3, "Không phải phí, lệ phí của cơ quan"
        SPLIT = 4, "Đã tách cho nhiều hồ sơ"
        JOINED = 5, "Đã gộp lại vào khoản chuyển"

    agency = models.ForeignKey("accounts.Agency", models.PROTECT, related_name="+", db_index=False)
    source = models.CharField("nguồn", max_length=60)
    reference = models.CharField("mã giao dịch", max_length=80)
    statement = models.ForeignKey(
        BankStatement, models.PROTECT, null=True, blank=True, related_name="payments"
    )
    line = models.PositiveIntegerField("dòng", null=True, blank=True)
    amount = models.PositiveBigIntegerField("số tiền")
    paid_at = models.DateTimeField("lúc nộp")
    content = models.CharField("nội dung", max_length=500, blank=True)
    # Where the source names the dossier apart from the words of the transfer; perhaps not received yet.
    code = models.CharField("mã hồ sơ", max_length=60, blank=True, default="", db_default="")
    payer = models.CharField("người chuyển", max_length=200, blank=True)
    raw = models.JSONField("nguyên văn", default=dict)
    came_at = models.DateTimeField("ghi nhận lúc")
    outcome = models.PositiveSmallIntegerField(
        "kết quả", choices=Outcome.choices, null=True, blank=True
    )
    receipt = models.OneToOneField(
        "dossiers.FeeReceipt", models.PROTECT, null=True, blank=True, related_name="payment"
    )
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="parts",
        verbose_name="khoản chuyển",
    )
    reason = models.CharField("lý do", max_length=300, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    settled_at = models.DateTimeField("xử lý lúc", null=True, blank=True)

    objects = PaymentQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["source", "reference"], name="payment_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="payment_of_something"),
            models.CheckConstraint(
                condition=~Q(outcome=1) | Q(receipt__isnull=False), name="payment_booked"
            ),
        ]
        indexes = [
            models.Index(
                fields=["agency", "-id"], name="payment_standing", condition=Q(outcome=None)
            ),
            models.Index(fields=["agency", "paid_at"], name="payment_agency"),
        ]

    @property
    def number(self) -> str:
        """The transaction's number as people know it, without the print of its line; "" where the bank
        gave none.
        """
        if self.statement_id is None and self.parent_id is None:
            return self.reference
        return self.reference.rpartition("#")[0]

    @property
    def told(self) -> list[tuple[str, Any]]:
        """What the source said, name by name."""
        return list(self.raw.items())
