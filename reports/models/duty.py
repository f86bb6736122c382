"""The duty to report: who owes which report, for which period, by when, and what was done about it.

What is owed and how it is judged are dated data; an agency's report of a period has acts, one
row each, that are only added (`reports.duties.judging` reads them).
"""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from onestop.accounts.models import Agency, AgencyKind, Level
from reports.periods import Period, parse


class Duty(models.Model):
    """A report that agencies of one kind owe after each period: a form, a narrative, or both, and
    its entry in the reporting system. A period is owed by what is in force on its last day.
    """

    class Whose(models.TextChoices):
        COMMUNE = "commune", "Ủy ban nhân dân cấp xã"
        DEPARTMENT = "department", "Sở, ngành"
        PROVINCE = "province", "Ủy ban nhân dân cấp tỉnh"

    class Every(models.TextChoices):
        MONTH = "M", "Tháng"
        QUARTER = "Q", "Quý"
        HALF = "H", "6 tháng"
        YEAR = "Y", "Năm"

    name = models.CharField("tên báo cáo", max_length=200)
    whose = models.CharField("cơ quan phải nộp", max_length=12, choices=Whose)
    every = models.CharField("kỳ", max_length=1, choices=Every)
    form_code = models.CharField("biểu số liệu", max_length=40, blank=True)
    narrative = models.BooleanField("có báo cáo bằng văn bản", default=True)
    entered = models.BooleanField("phải nhập hệ thống báo cáo", default=True)
    # Days after the period's last day: 3 is the 17th after a period that ends on the 14th.
    due_days = models.PositiveSmallIntegerField("hạn ký gửi, số ngày sau khi hết kỳ")
    entry_days = models.PositiveSmallIntegerField("hạn nhập hệ thống, số ngày sau khi hết kỳ")
    effective_from = models.DateField("từ kỳ hết vào ngày này trở đi")
    effective_to = models.DateField("đến hết ngày", null=True, blank=True)

    class Meta:
        verbose_name = "nghĩa vụ báo cáo"
        ordering: ClassVar[list[str]] = ["whose", "every", "name", "-effective_from"]

    def __str__(self) -> str:
        return f"{self.name}, {self.get_every_display().lower()}"

    @property
    def is_mistake(self) -> bool:
        """No period owes it."""
        return self.effective_to is not None and self.effective_to < self.effective_from

    def is_of(self, agency: Agency) -> bool:
        """Whether agencies like this one owe it."""
        committee = agency.kind == AgencyKind.PEOPLES_COMMITTEE
        match self.whose:
            case self.Whose.COMMUNE:
                return committee and agency.level == Level.COMMUNE
            case self.Whose.PROVINCE:
                return committee and agency.level == Level.PROVINCE
        return agency.kind == AgencyKind.DEPARTMENT and agency.level == Level.PROVINCE

    def is_in_force(self, period: Period) -> bool:
        if period.kind.value != self.every or not period.is_statutory:
            return False
        ended = self.effective_to is not None and self.effective_to < period.last
        return self.effective_from <= period.last and not ended


class DutyRule(models.Model):
    """How reports are judged, for periods that end from a day on; the newest such row holds."""

    effective_from = models.DateField("từ kỳ hết vào ngày này trở đi", unique=True)
    # Hundredths of a point.
    late = models.PositiveSmallIntegerField("trừ khi gửi trễ")
    poor = models.PositiveSmallIntegerField("trừ khi chưa đạt chất lượng")
    missing = models.PositiveSmallIntegerField("trừ khi không gửi")
    missing_after = models.PositiveSmallIntegerField("quá hạn bao nhiêu ngày thì coi là không gửi")
    repair_days = models.PositiveSmallIntegerField("số ngày để sửa báo cáo bị trả lại")
    remind_before = models.PositiveSmallIntegerField("nhắc trước hạn bao nhiêu ngày")
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    set_at = models.DateTimeField("đặt lúc", null=True)

    class Meta:
        verbose_name = "quy tắc chấm báo cáo"
        ordering: ClassVar[list[str]] = ["-effective_from"]

    def __str__(self) -> str:
        return f"từ {self.effective_from:%d/%m/%Y}"


class ReportingOutage(models.Model):
    """Days on which the reporting system stood still, both included: they do not count in the term
    of the entry. `to_day` empty: it still does; the day before `from_day`: recorded by mistake.
    """

    from_day = models.DateField("từ ngày")
    to_day = models.DateField("đến hết ngày", null=True, blank=True)
    basis = models.CharField("căn cứ", max_length=300)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    recorded_at = models.DateTimeField("ghi lúc")

    class Meta:
        verbose_name = "sự cố hệ thống báo cáo"
        ordering: ClassVar[list[str]] = ["-from_day", "-pk"]

    def __str__(self) -> str:
        return f"từ {self.from_day:%d/%m/%Y}: {self.basis}"

    @property
    def is_mistake(self) -> bool:
        """It counts no day."""
        return self.to_day is not None and self.to_day < self.from_day


class DutyAct(models.Model):
    """One act on an agency's report of a period. Rows are only added (onestop.guards); a mistake is
    taken back by an act of its own.
    """

    class Kind(models.TextChoices):
        DOCUMENT = "document", "Ký, gửi văn bản"
        ENTRY = "entry", "Nhập hệ thống báo cáo"
        RETURNED = "returned", "Trả lại để sửa"
        POOR = "poor", "Đánh giá chưa đạt chất lượng"
        UNDONE = "undone", "Rút lại"

    agency = models.ForeignKey("accounts.Agency", models.PROTECT, related_name="+", db_index=False)
    duty = models.ForeignKey(Duty, models.PROTECT, related_name="acts", db_index=False)
    period = models.CharField("kỳ", max_length=40)
    kind = models.CharField("việc", max_length=8, choices=Kind)
    # The day it was signed, entered or returned, as who records it says.
    on = models.DateField("ngày")
    # Number of the document; the code that the reporting system gave the entry.
    number = models.CharField("số, ký hiệu", max_length=80, blank=True)
    # Of a document: the form was signed elsewhere and came with it.
    with_form = models.BooleanField("kèm biểu đã ký", default=False)
    # Of the uploaded narrative; its bytes are an attachment of this row.
    sha256 = models.CharField("mã băm", max_length=64, blank=True)
    reason = models.CharField("lý do", max_length=500, blank=True)
    # Of a return: which sending it answers, so that two people return it once.
    sending = models.PositiveSmallIntegerField("lần gửi", default=0)
    undoes = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="undone"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    at = models.DateTimeField("ghi lúc")

    class Meta:
        verbose_name = "việc trên nghĩa vụ báo cáo"
        ordering: ClassVar[list[str]] = ["at", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["agency", "duty", "period", "sending"],
                condition=Q(kind="returned"),
                name="dutyact_returned_once",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["period", "agency", "duty"], name="dutyact_of_period")
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.period}"

    def get_absolute_url(self) -> str:
        return reverse("duty", args=(self.agency.code, self.duty_id, self.period))

    @property
    def days(self) -> Period:
        return parse(self.period)
