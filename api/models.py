"""Keys by which other programs of the province read."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q


class Scope(models.TextChoices):
    """What a key may read."""

    DOSSIERS = "dossiers", "Hồ sơ: mã, thủ tục, trạng thái, ngày (không có thông tin cá nhân)"
    OWNERS = "owners", "Họ tên chủ hồ sơ"
    COUNTS = "counts", "Số liệu hồ sơ và báo cáo"


class ApiKey(models.Model):
    """A program reads what an account may read, and no more than the scopes say. Only a digest of the
    secret is kept: 256 random bits need no slow one.
    """

    name = models.CharField("dùng cho", max_length=120)
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        db_index=False,
        verbose_name="tài khoản",
    )
    scopes = models.JSONField("phạm vi", default=list)
    sha256 = models.CharField("dấu của khóa", max_length=64)
    valid_to = models.DateField("dùng đến hết ngày")
    made_at = models.DateTimeField("cấp lúc")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        db_index=False,
        verbose_name="người cấp",
    )
    ended_at = models.DateTimeField("thu hồi lúc", null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        verbose_name="người thu hồi",
    )
    # So that a key nobody uses is seen; written once a day.
    used_on = models.DateField("dùng lần cuối", null=True)

    class Meta:
        verbose_name = "khóa API"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="api_key_ended_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} (khóa {self.pk})"

    @property
    def scope_labels(self) -> list[str]:
        return [Scope(one).label for one in self.scopes]

    def is_valid_on(self, day: date) -> bool:
        return self.ended_at is None and day <= self.valid_to
