"""What was received away from the program and entered afterwards with its true time: on paper while
power or network were down (R-76), and outside the office (lưu động, TT 01/2018 Đ14.5).
"""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from dossiers.models.undone import OfDossier


class PackQuerySet(models.QuerySet["PaperPack"]):
    def standing(self) -> Self:
        """Whose numbers may still be given on paper."""
        return self.filter(ended_at=None)


class PaperPack(models.Model):
    """Numbers kept for days on paper, printed beforehand: no counter of the program gives them.
    Which day they belong to is written by hand when one is used.
    """

    agency = models.ForeignKey("accounts.Agency", models.PROTECT, related_name="+", db_index=False)
    first = models.PositiveIntegerField("từ số")
    last = models.PositiveIntegerField("đến số")
    prepared_at = models.DateTimeField("chuẩn bị lúc")
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    ended_at = models.DateTimeField("thôi dùng lúc", null=True, blank=True)

    objects = PackQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["agency", "-id"], name="paperpack_agency")]

    @property
    def numbers(self) -> range:
        return range(self.first, self.last + 1)


class Outage(models.Model):
    """Why there were hours on paper: a recorded incident of one office. `cancelled_at`: entered by
    mistake, nothing was received in it.
    """

    class Kind(models.IntegerChoices):
        POWER = 1, "Mất điện"
        NETWORK = 2, "Mất mạng"
        SOFTWARE = 3, "Phần mềm không hoạt động"
        OTHER = 9, "Sự cố khác"

    agency = models.ForeignKey("accounts.Agency", models.PROTECT, related_name="+", db_index=False)
    kind = models.PositiveSmallIntegerField("sự cố", choices=Kind.choices)
    note = models.CharField("diễn biến", max_length=300, blank=True)
    began_at = models.DateTimeField("bắt đầu")
    ended_at = models.DateTimeField("kết thúc", null=True, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    cancelled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-began_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gt=models.F("began_at")),
                name="outage_ends_after_it_begins",
            )
        ]
        indexes = [models.Index(fields=["agency", "-began_at", "-id"], name="outage_agency")]

    def __str__(self) -> str:
        return self.get_kind_display()

    def covers(self, at: datetime, now: datetime) -> bool:
        return self.began_at <= at <= (self.ended_at or now)


class Elsewhere(OfDossier):
    """Where and how a dossier was received that the program did not see: its reception bears the
    true time, `recorded_at` of the dossier when it was entered.
    """

    class Kind(models.IntegerChoices):
        PAPER = 1, "Nhận trên giấy"
        MOBILE = 2, "Tiếp nhận lưu động"

    told_as = ("elsewhere", "tiếp nhận ngoài phần mềm")

    dossier = models.OneToOneField("dossiers.Dossier", models.CASCADE, related_name="elsewhere")
    kind = models.PositiveSmallIntegerField(choices=Kind.choices)
    place = models.CharField("địa điểm", max_length=200, blank=True)
    outage = models.ForeignKey(
        Outage, models.PROTECT, null=True, blank=True, related_name="received"
    )

    @property
    def words(self) -> str:
        """What the timeline and the pages say of it."""
        if self.kind == self.Kind.MOBILE:
            return f"Tiếp nhận lưu động tại {self.place}"
        return f"Nhận trên giấy, sự cố: {self.outage}" if self.outage else "Nhận trên giấy"
