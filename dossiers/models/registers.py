"""What is done to the register of an agency and year (sổ theo dõi hồ sơ): a further volume begins,
at the year's end it is locked (R-85, R-86).
"""

from __future__ import annotations

from django.conf import settings
from django.db import models


class RegisterMark(models.Model):
    """A volume that began with the number `number`, or the lock behind the last number."""

    class Kind(models.IntegerChoices):
        VOLUME = 1, "Mở quyển mới"
        LOCK = 2, "Khóa sổ"

    agency = models.ForeignKey("accounts.Agency", models.PROTECT, related_name="+", db_index=False)
    year = models.PositiveSmallIntegerField("năm")
    kind = models.PositiveSmallIntegerField("việc", choices=Kind)
    volume = models.PositiveSmallIntegerField("quyển số")
    number = models.PositiveIntegerField("số thứ tự")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    at = models.DateTimeField("lúc")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "year", "kind", "volume"], name="registermark_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.Kind(self.kind).label} {self.volume}/{self.year}"
