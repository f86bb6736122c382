"""What the notice boards need beside the lists: how often and how fast a procedure is done here,
counted each night, and what was printed for a board.
"""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from procedures.models.catalogue import Procedure


class ProcedureUse(models.Model):
    """The last twelve months of a procedure at one counter; `agency` None: of all counters. Written
    anew each night, read by public pages.
    """

    agency = models.ForeignKey(
        "accounts.Agency",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    procedure = models.ForeignKey(Procedure, models.CASCADE, related_name="+", db_index=False)
    received = models.PositiveIntegerField("số hồ sơ tiếp nhận")
    finished = models.PositiveIntegerField("số hồ sơ có kết quả")
    # Median of the working time; None where too few were finished to say anything.
    minutes = models.PositiveIntegerField("thời gian thường mất (phút làm việc)", null=True)
    counted_at = models.DateTimeField("tính lúc")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["procedure", "agency"],
                condition=Q(agency__isnull=False),
                name="procedureuse_once",
            ),
            models.UniqueConstraint(
                fields=["procedure"], condition=Q(agency=None), name="procedureuse_once_of_all"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["agency", "-received"], name="procedureuse_most"),
        ]

    def __str__(self) -> str:
        return f"{self.procedure_id} {self.agency_id}: {self.received}"


class NoticeEdition(models.Model):
    """A printed state of a notice board, or a leaflet: who had it made, when, and what each
    procedure said then (`said`: code → digest, field, name), so that it is known what changed since.

    `fields`: only the sheets of these fields were printed, the others hang as they were; empty: all.
    """

    class Kind(models.TextChoices):
        A4 = "a4", "Bảng niêm yết khổ A4"
        A3 = "a3", "Bảng niêm yết khổ A3"
        LEAFLET = "to-gap", "Tờ gấp A4"

    BOARDS = (Kind.A4, Kind.A3)

    class State(models.IntegerChoices):
        WAITING = 1, "Chờ lập"
        RUNNING = 2, "Đang lập"
        DONE = 3, "Đã lập xong"
        FAILED = 4, "Không lập được"

    OPEN = (State.WAITING, State.RUNNING)

    agency = models.ForeignKey("accounts.Agency", models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField("loại bản in", max_length=8, choices=Kind)
    fields = models.JSONField("lĩnh vực đã in", default=list, blank=True)
    said = models.JSONField("nội dung từng thủ tục", default=dict, blank=True)
    digest = models.CharField("mã băm nội dung", max_length=64)
    at = models.DateTimeField("yêu cầu lúc")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    state = models.PositiveSmallIntegerField("tình trạng", choices=State, default=State.WAITING)
    tries = models.PositiveSmallIntegerField("số lần thử", default=0)
    due_at = models.DateTimeField(null=True, blank=True)
    holder = models.CharField(max_length=32, blank=True)
    error = models.CharField("lý do", max_length=500, blank=True)
    ended_at = models.DateTimeField("xong lúc", null=True, blank=True)
    kept = models.CharField("tệp", max_length=200, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-at", "-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["agency", "kind", "digest"],
                condition=Q(state__in=(1, 2)),
                name="noticeedition_one_open",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["agency", "-at"], name="noticeedition_newest"),
            models.Index(
                fields=["due_at"], condition=Q(state__in=(1, 2)), name="noticeedition_due"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.at:%d/%m/%Y}"

    def get_absolute_url(self) -> str:
        return reverse("procedures:edition", args=(self.pk,))

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN

    @property
    def is_ready(self) -> bool:
        return self.state == self.State.DONE and bool(self.kept)
