"""Đầu mối kiểm soát thủ tục hành chính: who answers for it in an agency, by which decision, from when
until when. Never rewritten: whoever follows gets a row of his own, so that it can be told how often
it changed.
"""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

# What ending writes on a row; nothing else of it changes.
END_COLUMNS = ("ends_on", "end_note", "ended_at", "ended_by_id")


class FocalPointQuerySet(models.QuerySet["FocalPoint"]):
    def in_charge(self, on: date) -> Self:
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=on), starts_on__lte=on)


class FocalPoint(models.Model):
    """One person at one agency. In charge on days d with starts_on <= d <= ends_on; a row whose last
    day lies before its first was put in by mistake and replaced.
    """

    agency = models.ForeignKey(
        "accounts.Agency", models.PROTECT, related_name="+", db_index=False, verbose_name="Cơ quan"
    )
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name="Tài khoản",
    )
    name = models.CharField("Họ và tên", max_length=120)
    position = models.CharField("Chức vụ", max_length=120, blank=True)
    phone = models.CharField("Điện thoại", max_length=40, blank=True)
    email = models.EmailField("Thư điện tử", blank=True)
    is_public = models.BooleanField("Hiện cho người dân", default=False)
    decision = models.CharField("Số quyết định", max_length=100)
    decided_on = models.DateField("Ngày ký")
    starts_on = models.DateField("Từ ngày")
    ends_on = models.DateField("Đến hết ngày", null=True, blank=True)
    end_note = models.CharField("Căn cứ thôi làm đầu mối", max_length=300, blank=True)
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by"
    )
    entered_at = models.DateTimeField("Ghi lúc")
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    ended_at = models.DateTimeField("Ghi thôi lúc", null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )

    objects = FocalPointQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["agency", "-starts_on", "-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(starts_on__gte=F("decided_on")), name="focalpoint_starts_after_signed"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["agency", "starts_on"], name="focalpoint_agency"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_mistake(self) -> bool:
        return self.ends_on is not None and self.ends_on < self.starts_on

    def is_in_charge(self, on: date) -> bool:
        return self.starts_on <= on and (self.ends_on is None or on <= self.ends_on)
