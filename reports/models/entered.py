"""Figures of a form that no module feeds, as a controller typed them. Each saving is a row of its
own: what was typed before stays, and a table of an earlier moment counts what was known then.
"""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse

from reports.models.form import ReportForm
from reports.periods import Period, parse


class EnteredQuerySet(models.QuerySet["EnteredFigures"]):
    def known(
        self, form: ReportForm, agency_id: int, period: str, cut: datetime
    ) -> EnteredQuerySet:
        """The savings of a form, agency and period by the cut, the newest first; also those that were
        typed before a newer edition of the form took its place.
        """
        rows = self.filter(form__code=form.code, agency=agency_id, period=period, at__lte=cut)
        return rows.select_related("by").order_by("-version")


class EnteredFigures(models.Model):
    """One saving of one agency's figures of a period. Rows are only added (onestop.guards)."""

    agency = models.ForeignKey("accounts.Agency", models.PROTECT, related_name="+", db_index=False)
    form = models.ForeignKey(ReportForm, models.PROTECT, related_name="+", db_index=False)
    period = models.CharField("kỳ", max_length=40)
    # Counted from 1: who saves says which one was seen, so that nobody overwrites another.
    version = models.PositiveIntegerField("lần lưu")
    # [{"key", "label", "values": {number: figure or None}}, …] in their order.
    rows = models.JSONField("các dòng", default=list)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    at = models.DateTimeField("lưu lúc")

    objects = EnteredQuerySet.as_manager()

    class Meta:
        verbose_name = "số liệu nhập tay"
        ordering: ClassVar[list[str]] = ["agency", "form", "period", "-version"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["agency", "form", "period", "version"], name="enteredfigures_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.form.code}, {self.period}, lần lưu {self.version}"

    def get_absolute_url(self) -> str:
        return reverse("report_entry", args=(self.form.slug, self.agency.code, self.period))

    @property
    def days(self) -> Period:
        return parse(self.period)
