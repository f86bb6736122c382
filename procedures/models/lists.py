"""Danh mục: what the Chairman of a province published by decision, and what each kind of counter
receives by it (NĐ 63/2010 Đ15, NĐ 118/2025 Đ14; R-133), with why a service is on line only in part
(NĐ 224/2026 Đ14; R-94).
"""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from onestop.errors import DomainError
from procedures.models.catalogue import Kind, Procedure


class CounterKind(models.IntegerChoices):
    """For which counters a line of a list speaks."""

    PROVINCE = 1, "Trung tâm cấp tỉnh"
    COMMUNE = 2, "Trung tâm cấp xã"
    BRANCH = 3, "Chi nhánh của sở, ngành"


class Linkage(models.IntegerChoices):
    NONE = 0, "Không liên thông"
    SAME_LEVEL = 1, "Liên thông cùng cấp"
    OTHER_LEVELS = 2, "Liên thông giữa các cấp"


class OnlineLevel(models.IntegerChoices):
    NONE = 0, "Không trực tuyến"
    PART = 1, "Trực tuyến một phần"
    WHOLE = 2, "Trực tuyến toàn trình"


class Maker(models.IntegerChoices):
    """Who decides, and how: the time for entering a decision into the national database hangs on it
    (R-134).
    """

    MINISTRY = 1, "Bộ, cơ quan ngang bộ"
    PROVINCE = 2, "Chủ tịch Ủy ban nhân dân tỉnh"
    SHORTENED = 3, "Trình tự, thủ tục rút gọn"


class ListDecision(models.Model):
    """Quyết định công bố danh mục. Drafted, checked by somebody else, published; then never changed:
    amended and undone only by another decision.
    """

    class Stage(models.IntegerChoices):
        DRAFT = 1, "Đang soạn"
        CHECKED = 2, "Đã kiểm tra"
        PUBLISHED = 3, "Đã công bố"
        DROPPED = 4, "Đã bỏ bản soạn"

    agency = models.ForeignKey(
        "accounts.Agency", models.PROTECT, related_name="+", verbose_name="Cơ quan công bố"
    )
    number = models.CharField("Số quyết định", max_length=100)
    about = models.CharField("Trích yếu", max_length=500)
    signer = models.CharField("Người ký", max_length=200)
    signed_on = models.DateField("Ngày ký")
    effective_from = models.DateField("Có hiệu lực từ")
    corrects = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="corrections",
        db_index=False,
        verbose_name="Đính chính quyết định",
    )
    maker = models.SmallIntegerField(
        "Thẩm quyền, trình tự",
        choices=Maker.choices,
        default=Maker.PROVINCE,
        db_default=Maker.PROVINCE,
    )
    # The decision as it was signed; published without it only where a reason stands here.
    file = models.ForeignKey(
        "files.Attachment", models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    no_file_reason = models.CharField(
        "Lý do chưa có tệp", max_length=300, blank=True, default="", db_default=""
    )
    # When it was entered into the national database; None: nobody has said so yet.
    entered_on = models.DateField("Ngày nhập cơ sở dữ liệu quốc gia", null=True, blank=True)
    stage = models.SmallIntegerField("Tình trạng", choices=Stage.choices, default=Stage.DRAFT)
    # Each change of a draft counts: who works on it later meets a conflict, not an overwrite.
    revision = models.PositiveIntegerField(default=1)
    drafted_at = models.DateTimeField("Soạn lúc")
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    checked_at = models.DateTimeField("Kiểm tra lúc", null=True, blank=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    published_at = models.DateTimeField("Công bố lúc", null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )

    class Meta:
        ordering: ClassVar[list[str]] = ["-signed_on", "-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(effective_from__gte=models.F("signed_on")),
                name="listdecision_effective_after_signed",
            ),
            models.CheckConstraint(
                condition=~Q(stage=3) | Q(published_at__isnull=False, checked_at__isnull=False),
                name="listdecision_published_was_checked",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_draft(self) -> bool:
        """Drafted, and not checked as it stands."""
        return self.stage == self.Stage.DRAFT

    @property
    def is_published(self) -> bool:
        return self.stage == self.Stage.PUBLISHED

    @property
    def is_open(self) -> bool:
        """Whether its lines may still be changed."""
        return self.stage in (self.Stage.DRAFT, self.Stage.CHECKED)


class LineQuerySet(models.QuerySet["ListLine"]):
    def in_force(self, on: date) -> Self:
        """What published decisions say on a day; one line a procedure and kind of counter."""
        return self.filter(
            Q(effective_to__isnull=True) | Q(effective_to__gt=on), effective_from__lte=on
        )

    def in_force_or_coming(self, on: date) -> Self:
        """What published decisions say on a day, and what they will say after it."""
        stands = Q(effective_to__isnull=True) | Q(effective_to__gt=on)
        return self.filter(stands, effective_from__isnull=False)

    def update(self, **kwargs: object) -> int:
        if not set(kwargs) <= PLACE:
            raise DomainError("procedures.list_published")
        return super().update(**kwargs)

    def without_reason(self) -> Self:
        """On line only in part, and nothing says why (R-94): older than the question."""
        part = self.filter(online=OnlineLevel.PART, online_why="")
        return part.exclude(kind=Kind.ABOLISHED)


# What publishing writes on lines: their place in time. The rest never changes then.
PLACE = frozenset({"effective_from", "effective_to"})


class ListLine(models.Model):
    """One procedure at one kind of counter, as one decision says it. In force on days d with
    effective_from <= d < effective_to; a draft's lines have no place in time.
    """

    decision = models.ForeignKey(ListDecision, models.PROTECT, related_name="lines", db_index=False)
    procedure = models.ForeignKey(
        Procedure, models.PROTECT, related_name="list_lines", db_index=False
    )
    counter = models.SmallIntegerField("Nơi tiếp nhận", choices=CounterKind.choices)
    kind = models.SmallIntegerField("Hình thức công bố", choices=Kind.choices, default=Kind.NEW)
    at_counter = models.BooleanField("Tiếp nhận tại Bộ phận Một cửa", default=True)
    why_not = models.CharField("Lý do không tiếp nhận tại đó", max_length=300, blank=True)
    linkage = models.SmallIntegerField("Liên thông", choices=Linkage.choices, default=Linkage.NONE)
    anywhere = models.BooleanField("Phi địa giới", default=False)
    online = models.SmallIntegerField(
        "Trực tuyến", choices=OnlineLevel.choices, default=OnlineLevel.NONE
    )
    # Published with the level; asked for of each line that is written since it was asked for.
    online_why = models.CharField(
        "Lý do chỉ trực tuyến một phần", max_length=300, blank=True, default="", db_default=""
    )
    by_post = models.BooleanField("Nhận qua bưu chính công ích", default=True)
    handled_by = models.CharField("Cơ quan giải quyết", max_length=300, blank=True)
    coordinated_by = models.CharField("Cơ quan phối hợp", max_length=300, blank=True)
    decided_by = models.CharField("Cơ quan quyết định", max_length=300, blank=True)
    # The province's own term, beside the statutory one (procedures.shortened); "" as the law says.
    shortened = models.TextField("Thời hạn rút ngắn", blank=True, default="", db_default="")
    note = models.CharField("Ghi chú", max_length=500, blank=True)
    effective_from = models.DateField("Có hiệu lực từ", null=True, blank=True)
    effective_to = models.DateField("Hết hiệu lực từ", null=True, blank=True)

    objects = LineQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["decision", "counter", "procedure"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["decision", "counter", "procedure"], name="listline_once"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["procedure", "counter"], name="listline_procedure"),
            models.Index(fields=["counter", "effective_from"], name="listline_in_force"),
        ]

    def __str__(self) -> str:
        return f"{self.procedure_id} {self.get_counter_display()}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            self._require_draft()
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        self._require_draft()
        return super().delete(*args, **kwargs)

    def _require_draft(self) -> None:
        """What is published is changed only by another decision."""
        if self.decision.stage == ListDecision.Stage.PUBLISHED:
            raise DomainError("procedures.list_published")

    @property
    def is_abolished(self) -> bool:
        return self.kind == Kind.ABOLISHED

    @property
    def is_received(self) -> bool:
        """Whether that counter receives it while the line is in force."""
        return not self.is_abolished and self.at_counter

    @property
    def is_part_online(self) -> bool:
        return not self.is_abolished and self.online == OnlineLevel.PART

    @property
    def says(self) -> tuple[object, ...]:
        """What is compared with the line before: all but its place and who says it."""
        return (
            self.is_abolished, self.at_counter, self.why_not, self.linkage, self.anywhere,
            self.online, self.online_why, self.by_post, self.handled_by, self.coordinated_by,
            self.decided_by, self.shortened, self.note,
        )  # fmt: skip
