"""Fees at the counter: books of receipts and their numbers, what was taken for which dossier, what is
asked to be voided or paid back, and the cash of each cashier. Whole đồng everywhere.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from dossiers.models.undone import StandingManager, Undoable

DIGITS = 7


def in_digits(number: int) -> str:
    """0000123: as a receipt bears it (R-123)."""
    return f"{number:0{DIGITS}d}"


class SeriesQuerySet(models.QuerySet["ReceiptSeries"]):
    def in_use(self) -> SeriesQuerySet:
        """Books that a receipt may be taken from: not ended, not used up."""
        left = Q(last=None) | Q(given__lt=F("last"))
        return self.filter(left, ended_at=None)


class ReceiptSeries(models.Model):
    """A book of receipts: numbers of seven digits that run on within one symbol (R-123). `given`: the
    last number that was used or spoiled; `last`: of the book, None where it has no end.
    """

    class Kind(models.IntegerChoices):
        PAPER = 1, "Biên lai giấy in sẵn"
        PRINTED = 2, "Biên lai tự in"
        ELECTRONIC = 3, "Biên lai điện tử"

    agency = models.ForeignKey("accounts.Agency", models.PROTECT, related_name="+", db_index=False)
    kind = models.PositiveSmallIntegerField("hình thức", choices=Kind)
    name = models.CharField("tên loại biên lai", max_length=120)
    form_symbol = models.CharField("ký hiệu mẫu", max_length=30)
    symbol = models.CharField("ký hiệu biên lai", max_length=30)
    provider = models.CharField("nơi cung cấp", max_length=120, blank=True)
    tax_code = models.CharField("mã số thuế của tổ chức thu", max_length=20)
    first = models.PositiveIntegerField("từ số", default=1)
    last = models.PositiveIntegerField("đến số", null=True, blank=True)
    given = models.PositiveIntegerField("số đã dùng đến")
    opened_at = models.DateTimeField("lúc nhận")
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    ended_at = models.DateTimeField("lúc thôi dùng", null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )

    objects = SeriesQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "form_symbol", "symbol", "first"],
                condition=Q(ended_at=None),
                name="receiptseries_once",
            ),
            models.CheckConstraint(
                condition=Q(last=None) | Q(given__lte=F("last")), name="receiptseries_within"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.form_symbol} {self.symbol}"

    @property
    def next_number(self) -> int:
        return self.given + 1

    @property
    def next_digits(self) -> str:
        return in_digits(self.next_number)

    @property
    def is_electronic(self) -> bool:
        return self.kind == self.Kind.ELECTRONIC

    @property
    def is_printed(self) -> bool:
        """Whether the program prints its receipts."""
        return self.kind == self.Kind.PRINTED

    @property
    def left(self) -> int | None:
        """How many receipts remain; None where the book has no end."""
        return None if self.last is None else self.last - self.given


class SpoiledReceipt(models.Model):
    """A number of a paper book that was given to nobody: spoiled, or lost. It stays, and says why."""

    class Why(models.IntegerChoices):
        SPOILED = 1, "Hỏng, xóa bỏ"
        LOST = 2, "Mất"

    series = models.ForeignKey(
        ReceiptSeries, models.PROTECT, related_name="spoiled", db_index=False
    )
    number = models.PositiveIntegerField("số")
    why = models.PositiveSmallIntegerField("tình trạng", choices=Why)
    reason = models.CharField("lý do", max_length=300)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    at = models.DateTimeField("lúc")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["series", "number"], name="spoiledreceipt_once")
        ]

    @property
    def digits(self) -> str:
        return in_digits(self.number)


class Way(models.IntegerChoices):
    CASH = 1, "Tiền mặt"
    TRANSFER = 2, "Chuyển khoản"
    ONLINE = 3, "Thanh toán trực tuyến"


class FeeReceipt(Undoable):
    """Money that was taken for a dossier, under one number of a book: phí and lệ phí apart. One that
    was voided keeps its number and says when (`undone_at`).

    `relief`, `proof`: the group that pays less, and its paper; what is not taken then is not owed (R-125).
    `more`: why more than was owed was taken. `settled`: by how much less is owed since, which voiding
    puts back. `reference`: of the transfer; `link`: where the provider shows an electronic receipt.
    """

    told_as = ("fee_receipts", "biên lai thu phí, lệ phí")

    dossier = models.ForeignKey("dossiers.Dossier", models.PROTECT, related_name="fee_receipts")
    agency = models.ForeignKey("accounts.Agency", models.PROTECT, related_name="+", db_index=False)
    series = models.ForeignKey(ReceiptSeries, models.PROTECT, related_name="+", db_index=False)
    number = models.PositiveIntegerField("số biên lai")
    fee = models.PositiveBigIntegerField("phí", default=0)
    charge = models.PositiveBigIntegerField("lệ phí", default=0)
    way = models.PositiveSmallIntegerField("cách nộp", choices=Way)
    payer = models.CharField("người nộp", max_length=200)
    relief = models.CharField("đối tượng miễn, giảm", max_length=300, blank=True)
    proof = models.CharField(
        "giấy tờ chứng minh", max_length=300, blank=True, default="", db_default=""
    )
    more = models.CharField("lý do thu thêm", max_length=300, blank=True)
    settled = models.PositiveBigIntegerField("trừ vào số còn phải thu", default=0)
    reference = models.CharField("mã giao dịch", max_length=60, blank=True)
    link = models.CharField("đường dẫn biên lai điện tử", max_length=300, blank=True)
    # None: a portal confirmed the payment, nobody took it.
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    taken_at = models.DateTimeField("lúc thu")

    objects = StandingManager()

    class Meta:
        ordering = ["dossier", "id"]
        constraints = [
            models.UniqueConstraint(fields=["series", "number"], name="feereceipt_once"),
            models.CheckConstraint(
                condition=Q(fee__gt=0) | Q(charge__gt=0), name="feereceipt_of_something"
            ),
        ]
        indexes = [
            models.Index(fields=["agency", "taken_at"], name="feereceipt_agency"),
            models.Index(
                fields=["agency", "taken_by", "taken_at"],
                name="feereceipt_cash",
                condition=Q(way=1),
            ),
        ]

    @property
    def amount(self) -> int:
        return self.fee + self.charge

    @property
    def digits(self) -> str:
        return in_digits(self.number)

    @property
    def is_on_line(self) -> bool:
        """Booked of money that a platform told of; `reference` is its transaction's number there."""
        return self.way == Way.ONLINE and bool(self.reference)


class FeeRelief(Undoable):
    """What is owed still and is not asked for: the group that pays nothing, and its paper (R-125).
    `agency`: the counter that says so; None in rows of before, which are of the counter that received.
    """

    told_as = ("fee_reliefs", "các lần miễn phí, lệ phí")

    dossier = models.ForeignKey("dossiers.Dossier", models.PROTECT, related_name="fee_reliefs")
    amount = models.PositiveBigIntegerField("số tiền không thu")
    relief = models.CharField("đối tượng được miễn", max_length=300)
    proof = models.CharField(
        "giấy tờ chứng minh", max_length=300, blank=True, default="", db_default=""
    )
    agency = models.ForeignKey(
        "accounts.Agency", models.PROTECT, null=True, related_name="+", db_index=False
    )
    relieved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    relieved_at = models.DateTimeField("lúc")

    objects = StandingManager()

    class Meta:
        ordering = ["dossier", "id"]
        indexes = [models.Index(fields=["agency", "relieved_at"], name="feerelief_agency")]


class RequestQuerySet(models.QuerySet["ReceiptRequest"]):
    def waiting(self) -> RequestQuerySet:
        return self.filter(answered_at=None)

    def agreed(self) -> RequestQuerySet:
        return self.filter(is_agreed=True)

    def standing(self) -> RequestQuerySet:
        return self.filter(undone_at=None)


class ReceiptRequest(Undoable):
    """A cashier asks that a receipt be voided, or that money be paid back; somebody else who approves
    answers. What was agreed to is paid back by whoever asked, out of the own cash where it was cash.
    Never taken back: `undone_at` is there because pages ask it of every row that events tell.
    """

    told_as = ("receipt_requests", "đề nghị hủy biên lai, hoàn tiền")

    class Kind(models.IntegerChoices):
        VOID = 1, "Hủy biên lai"
        REFUND = 2, "Hoàn tiền"

    dossier = models.ForeignKey("dossiers.Dossier", models.PROTECT, related_name="receipt_requests")
    receipt = models.ForeignKey(FeeReceipt, models.PROTECT, related_name="requests")
    kind = models.PositiveSmallIntegerField("việc", choices=Kind)
    amount = models.PositiveBigIntegerField("số tiền")
    reason = models.CharField("lý do", max_length=300)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    asked_at = models.DateTimeField("đề nghị lúc")
    is_agreed = models.BooleanField("đồng ý", null=True)
    answer = models.CharField("ý kiến", max_length=300, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    answered_at = models.DateTimeField("trả lời lúc", null=True, blank=True)

    objects = RequestQuerySet.as_manager()

    class Meta:
        ordering = ["dossier", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["receipt"], condition=Q(answered_at=None), name="receiptrequest_one_waiting"
            )
        ]
        indexes = [
            models.Index(
                fields=["asked_by", "answered_at"],
                name="receiptrequest_paid_back",
                condition=Q(is_agreed=True),
            )
        ]


class CashDrawer(models.Model):
    """The cash of one cashier at one agency: locked while money goes in or out, so that a count
    never misses what is being taken. `counted_at`: until when it was counted.
    """

    agency = models.ForeignKey("accounts.Agency", models.PROTECT, related_name="+", db_index=False)
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    counted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency", "officer"], name="cashdrawer_once")
        ]


class CashHandOver(models.Model):
    """Cash that one cashier gives another during the day; it counts from when it was received."""

    agency = models.ForeignKey("accounts.Agency", models.PROTECT, related_name="+", db_index=False)
    giver = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    taker = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    amount = models.PositiveBigIntegerField("số tiền")
    given_at = models.DateTimeField("giao lúc")
    taken_at = models.DateTimeField("nhận lúc", null=True)
    # By the giver, or refused by the taker: it never counted.
    ended_at = models.DateTimeField("thôi giao lúc", null=True)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["giver", "-id"], name="cashhandover_giver"),
            models.Index(fields=["taker", "-id"], name="cashhandover_taker"),
        ]


class CashCount(models.Model):
    """A cashier counted the cash and handed it in: what should be there since the count before, what
    was there, and why not the same.
    """

    agency = models.ForeignKey("accounts.Agency", models.PROTECT, related_name="+", db_index=False)
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    since = models.DateTimeField("từ lúc", null=True)
    at = models.DateTimeField("lúc chốt")
    receipts = models.PositiveIntegerField("số biên lai")
    expected = models.BigIntegerField("phải có")
    counted = models.PositiveBigIntegerField("đếm được")
    explanation = models.CharField("giải trình chênh lệch", max_length=300, blank=True)

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(expected=F("counted")) | ~Q(explanation=""),
                name="cashcount_explained",
            ),
            models.UniqueConstraint(fields=["agency", "officer", "at"], name="cashcount_once"),
        ]
        indexes = [models.Index(fields=["agency", "-at"], name="cashcount_agency")]

    @property
    def difference(self) -> int:
        """Over what should be there; below nought what is missing."""
        return self.counted - self.expected
