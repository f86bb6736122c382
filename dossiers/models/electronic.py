"""Electronic receipts: what the provider is told of a receipt of an electronic book, and its answer."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

# How many signs of what a provider says are kept; a longer number or link is none, and never cut.
MOST_NUMBER, MOST_LINK, MOST_CODE = 40, 300, 60
MOST_TROUBLE = 300


class SendingQuerySet(models.QuerySet["ElectronicReceipt"]):
    def to_send(self) -> SendingQuerySet:
        """What the provider has not been told yet: of a receipt, or that it was voided."""
        return self.filter(next_at__isnull=False)

    def refused(self) -> SendingQuerySet:
        return self.filter(stage=ElectronicReceipt.Stage.REFUSED)


class ElectronicReceipt(models.Model):
    """A letter to the provider, written with the receipt and sent after the commit. `key`: ours, by
    which the provider knows a letter that comes twice; `next_at`: when it is tried next, None where
    nothing is to be said; `number`, `link`, `lookup_code`: the provider's; `refund_told`: the last
    request whose refund it was told.
    """

    class Stage(models.IntegerChoices):
        WAITING = 1, "Chờ số của nhà cung cấp"
        ISSUED = 2, "Đã phát hành"
        REFUSED = 3, "Nhà cung cấp từ chối"
        VOIDING = 4, "Chờ nhà cung cấp hủy"
        VOIDED = 5, "Đã hủy ở nhà cung cấp"
        NEVER = 6, "Hủy trước khi gửi"
        ADJUSTING = 7, "Chờ nhà cung cấp điều chỉnh"

    receipt = models.OneToOneField("dossiers.FeeReceipt", models.PROTECT, related_name="electronic")
    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    stage = models.PositiveSmallIntegerField(choices=Stage, default=Stage.WAITING)
    tries = models.PositiveIntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=MOST_TROUBLE, blank=True)
    number = models.CharField("số của nhà cung cấp", max_length=MOST_NUMBER, blank=True)
    link = models.CharField("đường dẫn", max_length=MOST_LINK, blank=True)
    lookup_code = models.CharField("mã tra cứu", max_length=MOST_CODE, blank=True)
    answered_at = models.DateTimeField(null=True)
    refund_told = models.PositiveBigIntegerField(default=0, db_default=0)

    objects = SendingQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(
                fields=["next_at"], name="ereceipt_to_send", condition=Q(next_at__isnull=False)
            ),
            models.Index(fields=["id"], name="ereceipt_refused", condition=Q(stage=3)),
        ]
