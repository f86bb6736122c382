"""Requests for payment at a payment platform: one open a dossier, each under a reference of its own."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q


class PayRequest(models.Model):
    """What the platform was asked to let a payer pay. `reference`: ours, by which it knows a request
    that comes twice; `next_at`: when it is spoken with next (of the request, of its state, of its
    receipt, by the state it is in), None where there is nothing to say; `words`: why not yet.

    `payment`: the first that was confirmed; whether it was booked, that row says. What is closed
    is asked after until its term is over: whoever has its address may still pay.

    `unsure_since`: since when the platform gave no answer that says how it stands, or no receipt;
    `called_paid_at`: it says that it was paid, which could not be read or booked yet. `ended_at`: when
    an officer looked at it and closed it, for `reason`.
    """

    class State(models.IntegerChoices):
        ASKED = 1, "Đang gửi nền tảng thanh toán"
        OPEN = 2, "Chờ người nộp thanh toán"
        PAID = 3, "Đã thanh toán"
        REFUSED = 4, "Nền tảng thanh toán không nhận"
        CLOSED = 5, "Đã đóng"

    peer = models.CharField("nền tảng", max_length=20)
    reference = models.CharField("mã tham chiếu", max_length=80)
    dossier = models.ForeignKey(
        "dossiers.Dossier", models.PROTECT, related_name="+", db_index=False
    )
    agency = models.ForeignKey("accounts.Agency", models.PROTECT, related_name="+", db_index=False)
    amount = models.PositiveBigIntegerField("số tiền")
    content = models.CharField("nội dung", max_length=200)
    state = models.PositiveSmallIntegerField(choices=State.choices, default=State.ASKED)
    created_at = models.DateTimeField("tạo lúc")
    # Nobody of ours where the payer asked for it.
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    expires_at = models.DateTimeField("hết hạn lúc")
    url = models.CharField("trang thanh toán", max_length=2000, blank=True)
    tries = models.PositiveIntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    words = models.CharField("lần hỏi cuối", max_length=300, blank=True)
    unsure_since = models.DateTimeField("chưa rõ từ lúc", null=True)
    called_paid_at = models.DateTimeField("được báo đã nộp lúc", null=True)
    ended_at = models.DateTimeField("đóng lúc", null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    reason = models.CharField("lý do đóng", max_length=300, blank=True, default="", db_default="")
    paid_at = models.DateTimeField("nộp lúc", null=True)
    payment = models.OneToOneField(
        "dossiers.Payment", models.PROTECT, null=True, related_name="asked_for"
    )
    bill = models.ForeignKey(
        "files.Attachment", models.SET_NULL, null=True, related_name="+", db_index=False
    )

    class Meta:
        verbose_name = "yêu cầu thanh toán trực tuyến"
        constraints = [
            models.UniqueConstraint(fields=["peer", "reference"], name="pay_request_once"),
            models.UniqueConstraint(
                fields=["dossier"], name="pay_request_open", condition=Q(state__in=(1, 2))
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="pay_request_of_something"),
        ]
        indexes = [
            models.Index(
                fields=["next_at", "id"],
                name="pay_request_due",
                condition=Q(next_at__isnull=False),
            ),
            models.Index(fields=["dossier", "-id"], name="pay_request_of"),
            models.Index(
                fields=["agency", "-id"],
                name="pay_request_unsure",
                condition=Q(unsure_since__isnull=False, ended_at=None),
            ),
            # Asked whenever a file is deleted.
            models.Index(fields=["bill"], name="pay_request_bill", condition=Q(bill__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_open(self) -> bool:
        return self.state in (self.State.ASKED, self.State.OPEN)

    @property
    def is_called_paid(self) -> bool:
        return self.called_paid_at is not None and self.ended_at is None
