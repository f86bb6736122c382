"""Figures of units that do not work with this system: brought from a table that somebody else made (a
city's 07a/BTP), so that they stand in the tables that roll units up, marked and without dossiers.
"""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from reports.periods import Period, parse


class BroughtFile(models.Model):
    """A table as it was uploaded, looked through and recorded; the row stays, whatever came of it.

    `columns`: which column says what, by its heading; `units`: which unit a line is of where its
    name did not say so ("" leaves the line out), by the name's key.
    """

    class Stage(models.IntegerChoices):
        OPEN = 1, "Đang xem trước"
        DONE = 2, "Đã ghi"
        DROPPED = 3, "Đã bỏ"
        UNDONE = 4, "Đã hoàn tác"

    # Whose units they are: the agency that rolls them up.
    agency = models.ForeignKey("accounts.Agency", models.PROTECT, related_name="+")
    period = models.CharField("kỳ", max_length=40)
    first = models.DateField("từ ngày")
    last = models.DateField("đến ngày")
    file_name = models.CharField("tệp", max_length=250)
    sha256 = models.CharField("mã băm", max_length=64)
    kept = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    at = models.DateTimeField("tải lên lúc")
    stage = models.PositiveSmallIntegerField("tình trạng", choices=Stage, default=Stage.OPEN)
    columns = models.JSONField("các cột", default=dict, blank=True)
    units = models.JSONField("các đơn vị đã chọn", default=dict, blank=True)
    # What became of the lines: how many of each kind, and those that were not recorded.
    told = models.JSONField("kết quả", default=dict, blank=True)
    recorded_at = models.DateTimeField("ghi lúc", null=True, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    undone_at = models.DateTimeField("hoàn tác lúc", null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )

    class Meta:
        verbose_name = "tệp số liệu của đơn vị ngoài hệ thống"
        ordering: ClassVar[list[str]] = ["-at", "-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            # The same file is not recorded twice for a period.
            models.UniqueConstraint(
                fields=["agency", "first", "last", "sha256"],
                condition=Q(stage=2),
                name="broughtfile_once",
            ),
        ]

    def __str__(self) -> str:
        return self.file_name

    def get_absolute_url(self) -> str:
        return reverse("brought_file", args=(self.pk,))

    @property
    def days(self) -> Period:
        return parse(self.period)


class FiguresQuerySet(models.QuerySet["BroughtFigures"]):
    def standing(self, *periods: Period, cut: datetime) -> FiguresQuerySet:
        """Those of a period, or of several, as the cut knows them, the oldest first: of several of
        one unit and period the last one counts.
        """
        days = Q()
        for one in periods:
            days |= Q(file__first=one.first, file__last=one.last)
        known = self.filter(
            Q(file__undone_at=None) | Q(file__undone_at__gt=cut),
            days,
            file__recorded_at__lte=cut,
        )
        return known.order_by("file__recorded_at", "file_id", "pk")


class BroughtFigures(models.Model):
    """What one line of a recorded table says of its unit. Rows are only added (onestop.guards)."""

    file = models.ForeignKey(BroughtFile, models.PROTECT, related_name="figures", db_index=False)
    agency = models.ForeignKey("accounts.Agency", models.PROTECT, related_name="+")
    line = models.PositiveIntegerField("dòng")
    label = models.CharField("tên ghi trong tệp", max_length=300)
    # By the names of figures/measures.py; what the file does not say is not there.
    measures = models.JSONField("số liệu")

    objects = FiguresQuerySet.as_manager()

    class Meta:
        verbose_name = "số liệu của đơn vị ngoài hệ thống"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["file", "agency"], name="broughtfigures_once"),
        ]

    def __str__(self) -> str:
        return self.label
