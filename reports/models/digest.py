"""Which mornings have had their letters."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class DigestDay(models.Model):
    """The letters of a morning are written: one row a day, made in the transaction that writes them,
    so that of two schedulers one finds it there.
    """

    day = models.DateField("ngày")
    at = models.DateTimeField("lúc")
    letters = models.PositiveIntegerField("số người được báo", default=0)

    class Meta:
        verbose_name = "buổi sáng đã báo việc"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["day"], name="digestday_once")
        ]

    def __str__(self) -> str:
        return f"{self.day:%d/%m/%Y}"
