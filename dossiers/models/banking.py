"""The bank account that an office's fees may be paid to."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from dossiers.banks import bank_name


class AccountQuerySet(models.QuerySet["BankAccount"]):
    def confirmed(self) -> AccountQuerySet:
        return self.filter(confirmed_at__isnull=False)

    def in_force(self, agency_id: int, day: date) -> BankAccount | None:
        """The account that is shown to payers on a day: of those confirmed the one that began last,
        none where that one was ended; one ended before its day never took over. One query.
        """
        rows = self.confirmed().filter(agency=agency_id, from_day__lte=day)
        never_began = Q(ended_at__isnull=False, ended_at__date__lt=F("from_day"))
        last = rows.exclude(never_began).order_by("-from_day", "-pk").first()
        return last if last is not None and last.ended_at is None else None


class BankAccount(models.Model):
    """Proposed by one person, shown to payers from a day on once another has confirmed it; never
    overwritten: another account is another row.
    """

    agency = models.ForeignKey("accounts.Agency", models.PROTECT, related_name="+", db_index=False)
    bank = models.CharField("ngân hàng", max_length=6)
    number = models.CharField("số tài khoản", max_length=19)
    holder = models.CharField("tên tài khoản", max_length=120)
    from_day = models.DateField("dùng từ ngày")
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    proposed_at = models.DateTimeField("đề nghị lúc")
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    confirmed_at = models.DateTimeField("xác nhận lúc", null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    ended_at = models.DateTimeField("thôi dùng lúc", null=True)

    objects = AccountQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["agency", "-id"], name="bankaccount_agency")]

    def __str__(self) -> str:
        return f"{self.bank_name} {self.number}"

    @property
    def bank_name(self) -> str:
        return bank_name(self.bank)

    @property
    def is_pending(self) -> bool:
        return self.confirmed_at is None and self.ended_at is None
