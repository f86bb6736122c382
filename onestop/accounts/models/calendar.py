"""Rows of the working calendar: for the whole country (agency empty), for an agency and everything
below it.
"""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from onestop.accounts.models.agencies import Agency


class DayKind(models.TextChoices):
    """The values are those of `worktime.calendar.DayKind`."""

    HOLIDAY = "holiday", "Nghỉ lễ, Tết"
    COMPENSATORY = "compensatory", "Nghỉ bù"
    SWAPPED_OFF = "swapped_off", "Nghỉ hoán đổi"
    SWAPPED_WORKING = "swapped_working", "Làm bù"
    CLOSING = "closing", "Tạm dừng làm việc đột xuất"
    RECEPTION_ONLY = "reception_only", "Chỉ tiếp nhận, không tính thời hạn"
    OWN_HOURS = "own_hours", "Giờ làm việc riêng của ngày"


class Confidence(models.TextChoices):
    HIGH = "high", "Chắc chắn"
    MEDIUM = "medium", "Khá chắc chắn"
    LOW = "low", "Ước tính"


class WorkingWeek(models.Model):
    """Sessions of Monday … Sunday from a day on: seven texts such as "07:00-11:30,13:30-17:00",
    empty for a day off.

    A weekday named in `reception_only` (0 is Monday) is open for receiving but is no working day
    for terms (Saturday morning).
    """

    agency = models.ForeignKey(
        Agency,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="weeks",
        verbose_name="cơ quan",
        db_index=False,
    )
    effective_from = models.DateField("áp dụng từ ngày")
    sessions = models.JSONField("giờ làm việc")
    reception_only = models.JSONField("ngày chỉ tiếp nhận", default=list, blank=True)
    source = models.CharField("căn cứ", max_length=300, blank=True)
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "tuần làm việc"
        ordering = ["agency_id", "effective_from"]
        constraints = [
            models.UniqueConstraint(fields=["agency", "effective_from"], name="week_once"),
            models.UniqueConstraint(
                fields=["effective_from"], condition=Q(agency=None), name="week_once_national"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency or 'Cả nước'} từ {self.effective_from:%d/%m/%Y}"


class CalendarDay(models.Model):
    """A day that differs from its week: off, worked in exchange for another, closed, or open for
    receiving only.
    """

    agency = models.ForeignKey(
        Agency,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="calendar_days",
        verbose_name="cơ quan",
        db_index=False,
    )
    date = models.DateField("ngày", db_index=True)
    kind = models.CharField("loại", max_length=16, choices=DayKind)
    sessions = models.CharField(
        "giờ làm việc",
        max_length=120,
        blank=True,
        help_text="Ví dụ 07:00-11:30. Chỉ ghi khi ngày này vẫn mở cửa một phần.",
    )
    replaces = models.DateField("thay cho ngày", null=True, blank=True)
    name = models.CharField("tên", max_length=150)
    source = models.CharField("căn cứ", max_length=300)
    confidence = models.CharField(
        "độ tin cậy", max_length=6, choices=Confidence, default=Confidence.HIGH
    )
    recorded_at = models.DateTimeField(auto_now_add=True)
    recorded_by = models.ForeignKey(
        "accounts.Officer",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        db_index=False,
    )

    class Meta:
        verbose_name = "ngày đặc biệt"
        ordering = ["date", "id"]
        constraints = [
            models.UniqueConstraint(fields=["agency", "date"], name="calendar_day_once"),
            models.UniqueConstraint(
                fields=["date"], condition=Q(agency=None), name="calendar_day_once_national"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.date:%d/%m/%Y} {self.name}"

    def clean(self) -> None:
        if self.kind == DayKind.SWAPPED_WORKING and self.replaces is None:
            raise ValidationError({"replaces": "Ngày làm bù cần ghi thay cho ngày nghỉ nào."})


class CalendarYear(models.Model):
    """A year whose days are known; `provisional` while some are only estimated (promises into it
    say "tạm tính").
    """

    year = models.PositiveSmallIntegerField("năm", unique=True)
    provisional = models.BooleanField("tạm tính", default=False)
    source = models.CharField("căn cứ", max_length=300, blank=True)

    class Meta:
        verbose_name = "năm"
        ordering = ["year"]

    def __str__(self) -> str:
        return str(self.year)


class CalendarStamp(models.Model):
    """One row whose token changes with every change of calendar rows or of the agency tree: caches
    are keyed by it.
    """

    token = models.CharField(max_length=32)

    def __str__(self) -> str:
        return self.token
