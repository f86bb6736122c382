"""Partner offices (NĐ 118/2025 Điều 16): a post office, a public-service agent or whoever else is hired or
authorised takes a citizen's papers and hands the dossier into the inbox of a counter. Each is a source of
the inbox; which counters it may hand to and who works for it are rows with days.
"""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from dossiers.models.online import OnlineSource
from procedures.channels import Channel


class PartnerOffice(models.Model):
    """`source`: its name, the agency that keeps it, how its codes look, and by which channel what it
    brings counts. `handed`: how many hand-ins it was given a code for.
    """

    class Kind(models.IntegerChoices):
        POST = 1, "Bưu cục, điểm phục vụ bưu chính công ích"
        AGENT = 2, "Đại lý dịch vụ công"
        OTHER = 3, "Tổ chức, cá nhân được thuê dịch vụ, được ủy quyền"

    source = models.OneToOneField(OnlineSource, models.PROTECT, related_name="partner")
    kind = models.PositiveSmallIntegerField("loại", choices=Kind)
    address = models.CharField("địa chỉ", max_length=300, blank=True)
    phone = models.CharField("điện thoại", max_length=20, blank=True)
    valid_from = models.DateField("từ ngày")
    valid_to = models.DateField("đến hết ngày", null=True, blank=True)
    handed = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = "đơn vị gửi hộ"
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="partner_dates_in_order",
            )
        ]

    def __str__(self) -> str:
        return self.source.name

    @property
    def is_post(self) -> bool:
        return self.kind == self.Kind.POST

    @property
    def channel(self) -> int:
        """By which what it hands in counts."""
        return self.source.channel or Channel.DIRECT

    def holds_on(self, on: date) -> bool:
        """Whether it may hand in on this day."""
        is_open = self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)
        return is_open and self.source.ended_at is None


class Dated(models.Model):
    """What holds between two days, both included, unless somebody ended it: then at once."""

    valid_from = models.DateField("từ ngày")
    valid_to = models.DateField("đến hết ngày", null=True, blank=True)
    ended_at = models.DateTimeField("kết thúc lúc", null=True, blank=True)

    class Meta:
        abstract = True

    @staticmethod
    def on(day: date) -> Q:
        """What holds today."""
        return Q(ended_at=None, valid_from__lte=day) & Dated.standing(day)

    @staticmethod
    def standing(day: date) -> Q:
        """What is not over on that day."""
        return Q(ended_at=None) & (Q(valid_to=None) | Q(valid_to__gte=day))

    @staticmethod
    def meeting(start: date, end: date | None) -> Q:
        """What holds on a day between these two, now or to come."""
        found = Dated.standing(start)
        return found if end is None else found & Q(valid_from__lte=end)

    @property
    def days(self) -> str:
        """Between which days it holds, in words."""
        until = f" đến hết {self.valid_to:%d/%m/%Y}" if self.valid_to is not None else ""
        return f"từ {self.valid_from:%d/%m/%Y}{until}"

    def is_over(self, day: date) -> bool:
        return self.ended_at is not None or (self.valid_to is not None and self.valid_to < day)


class PartnerCounter(Dated):
    """A counter that a partner office may hand to."""

    partner = models.ForeignKey(
        PartnerOffice, models.PROTECT, related_name="counters", db_index=False
    )
    agency = models.ForeignKey("accounts.Agency", models.PROTECT, related_name="+", db_index=False)

    class Meta:
        verbose_name = "nơi nhận của đơn vị gửi hộ"
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "agency", "valid_from"],
                condition=Q(ended_at=None),
                name="partnercounter_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.agency}"


class PartnerOfficer(Dated):
    """An account that works for a partner office; the role stands in its grants."""

    partner = models.ForeignKey(
        PartnerOffice, models.PROTECT, related_name="officers", db_index=False
    )
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "nhân viên của đơn vị gửi hộ"
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "officer", "valid_from"],
                condition=Q(ended_at=None),
                name="partnerofficer_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.officer}"
