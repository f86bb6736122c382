"""What is kept beside a report: that one is owed, and the very bytes that were signed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.urls import reverse

from reports.models.form import ReportForm
from reports.models.signed import SignedReport
from reports.periods import Period, parse


class Draft(models.Model):
    """A report that an agency owes after a period's end, counted when the period was over; who
    opens it sees today's figures.
    """

    form = models.ForeignKey(ReportForm, models.PROTECT, related_name="+", db_index=False)
    agency = models.ForeignKey("accounts.Agency", models.PROTECT, related_name="+", db_index=False)
    period_code = models.CharField("kỳ", max_length=40)
    last = models.DateField("đến hết ngày")
    made_at = models.DateTimeField("lập lúc")
    figures = models.JSONField("số liệu lúc lập", default=dict)

    class Meta:
        verbose_name = "báo cáo đến kỳ"
        ordering: ClassVar[list[str]] = ["-last", "agency", "form"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["agency", "form", "period_code"], name="reportdraft_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.form.number}, {self.period_code}"

    def get_absolute_url(self) -> str:
        return reverse("report_page", args=(self.form.slug, self.agency.code, self.period_code))

    @property
    def period(self) -> Period:
        return parse(self.period_code)


class FrozenFile(models.Model):
    """The print and the workbook of a signed report. Rows are only added (onestop.guards)."""

    class Kind(models.TextChoices):
        PDF = "pdf", "PDF"
        XLSX = "xlsx", "Excel"

    report = models.ForeignKey(SignedReport, models.PROTECT, related_name="files", db_index=False)
    kind = models.CharField("loại", max_length=4, choices=Kind)
    sha256 = models.CharField("mã băm", max_length=64)
    content = models.BinaryField("nội dung")

    class Meta:
        verbose_name = "tệp của báo cáo đã ký"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["report", "kind"], name="frozenfile_once")
        ]

    def __str__(self) -> str:
        return f"{self.report_id} {self.kind}"
