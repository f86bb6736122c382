"""A report of one agency and period as prepared, and frozen once signed: figures, the dossiers
behind them, adjustments, hash, who prepared and who signed.

Figures never change; a report that was returned or withdrawn stays beside the next version.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from reports.models.form import ReportForm
from reports.periods import Period, parse


class SignedReport(models.Model):
    class State(models.IntegerChoices):
        PREPARED = 1, "Dự thảo, chờ ký"
        SIGNED = 2, "Đã ký"
        RETURNED = 3, "Trả lại để sửa"
        WITHDRAWN = 4, "Đã thu hồi"

    # Of these there is one at a time: it waits for the head, or is signed.
    STANDING = (State.PREPARED, State.SIGNED)

    form = models.ForeignKey(ReportForm, models.PROTECT, related_name="+", db_index=False)
    agency = models.ForeignKey("accounts.Agency", models.PROTECT, related_name="+", db_index=False)
    period = models.CharField("kỳ", max_length=40)
    first = models.DateField("từ ngày")
    last = models.DateField("đến ngày")
    version = models.PositiveSmallIntegerField("lần lập")
    cut = models.DateTimeField("chốt số liệu lúc")
    state = models.PositiveSmallIntegerField("tình trạng", choices=State, default=State.PREPARED)
    # As `report --format json` gives it, without its state.
    figures = models.JSONField("số liệu")
    # One list a dossier: id, agency, field, numbers of the columns that count it.
    dossiers = models.JSONField("hồ sơ", default=list)
    adjustments = models.JSONField("điều chỉnh so với kỳ trước", default=dict, blank=True)
    sha256 = models.CharField("mã băm", max_length=64)
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    prepared_at = models.DateTimeField("lập lúc")
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    signed_at = models.DateTimeField("ký lúc", null=True, blank=True)
    # Returned for repair or withdrawn.
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    closed_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField("lý do", max_length=500, blank=True)

    class Meta:
        verbose_name = "báo cáo"
        ordering: ClassVar[list[str]] = ["agency", "-last", "-version"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["agency", "form", "period", "version"], name="signedreport_version_once"
            ),
            # Not two that wait for the head, nor two that are signed.
            models.UniqueConstraint(
                fields=["agency", "form", "period", "state"],
                condition=Q(state__in=(1, 2)),
                name="signedreport_one_standing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.form.code}, {self.period}, lần {self.version}"

    def get_absolute_url(self) -> str:
        return reverse("report_page", args=(self.form.slug, self.agency.code, self.period))

    @property
    def days(self) -> Period:
        return parse(self.period)

    @property
    def content(self) -> dict[str, Any]:
        """What its hash covers."""
        return {
            "figures": self.figures,
            "dossiers": self.dossiers,
            "adjustments": self.adjustments,
        }
