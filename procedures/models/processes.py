"""Quy trình nội bộ: who does which step of a procedure in how many working minutes, by which
decision (R-77).
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class StepRole(models.IntegerChoices):
    """Who a step belongs to, read from the words of the process; a suggestion, never a permission."""

    COUNTER = 1, "Bộ phận Một cửa"
    HEAD = 2, "Lãnh đạo phòng"
    SPECIALIST = 3, "Chuyên viên"
    LEADER = 4, "Lãnh đạo cơ quan"
    DOCUMENTS = 5, "Văn thư"
    OTHER = 9, "Đơn vị khác"


class InternalProcess(models.Model):
    """Key: code + decision + province + level + case. The one with `is_default` serves every
    procedure that has none.
    """

    procedure_code = models.CharField("Mã thủ tục", max_length=32, blank=True, db_index=True)
    decision = models.CharField("Quyết định phê duyệt", max_length=100, blank=True)
    province = models.CharField("Tỉnh, thành phố", max_length=100, blank=True)
    level = models.CharField("Cấp thực hiện", max_length=50, blank=True)
    case_name = models.CharField("Trường hợp", max_length=500, blank=True)
    # What the office says of it: the decision that published it, where it was published with a list;
    # since when it holds, the edition and the page of its quality system (ISO 9001).
    published_by = models.ForeignKey(
        "procedures.ListDecision",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="processes",
        db_index=False,
        verbose_name="Công bố kèm danh mục",
    )
    decided_on = models.DateField("Ngày phê duyệt", null=True, blank=True)
    edition = models.CharField("Lần ban hành", max_length=50, blank=True, default="", db_default="")
    iso_link = models.URLField(
        "Liên kết ISO 9001", max_length=300, blank=True, default="", db_default=""
    )
    total_minutes = models.PositiveIntegerField(
        "Tổng thời gian (phút làm việc)", null=True, blank=True
    )
    is_default = models.BooleanField("Quy trình mặc định", default=False)
    content_hash = models.CharField(max_length=64, blank=True)
    replaced = models.BooleanField("Đã thay thế", default=False)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["procedure_code", "decision", "province", "level", "case_name"],
                condition=models.Q(replaced=False),
                name="internalprocess_key",
            ),
        ]

    def __str__(self) -> str:
        return (
            "Quy trình mặc định" if self.is_default else f"{self.procedure_code} ({self.decision})"
        )


class Step(models.Model):
    process = models.ForeignKey(
        InternalProcess, on_delete=models.PROTECT, related_name="steps", db_index=False
    )
    order = models.PositiveSmallIntegerField()
    actor = models.TextField("Người thực hiện", blank=True)
    role = models.SmallIntegerField("Vai trò", choices=StepRole.choices, default=StepRole.OTHER)
    task = models.TextField("Nội dung công việc", blank=True)
    time_text = models.CharField("Thời gian theo quy trình", max_length=200, blank=True)
    minutes = models.PositiveIntegerField(
        "Phút làm việc", null=True, blank=True
    )  # None: the process gives no time

    class Meta:
        ordering: ClassVar[list[str]] = ["process", "order"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["process", "order"], name="step_order"),
        ]

    def __str__(self) -> str:
        return f"{self.order}. {self.task}"
