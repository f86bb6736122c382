"""Boards in waiting rooms."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models


class WallBoard(models.Model):
    """A screen in the waiting room of a counter. Whoever has its address sees it, until it is ended;
    the address is signed (reports/wall.py), so that nothing secret stands in the row.
    """

    agency = models.ForeignKey("accounts.Agency", models.PROTECT, related_name="+", db_index=False)
    name = models.CharField("tên màn hình", max_length=80)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    made_at = models.DateTimeField("lập lúc")
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    ended_at = models.DateTimeField("ngừng lúc", null=True, blank=True)

    class Meta:
        verbose_name = "màn hình phòng chờ"
        ordering: ClassVar[list[str]] = ["agency", "pk"]

    def __str__(self) -> str:
        return self.name
