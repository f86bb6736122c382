"""Each backup that was made or tried, and each proof that one could be restored."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q, QuerySet

from onestop.instants import SKEW

# The database's own word for a row that is being made: only one at a time.
RUNNING = 2


class BackupRunQuerySet(QuerySet["BackupRun"]):
    def open(self) -> BackupRunQuerySet:
        return self.filter(state__in=BackupRun.OPEN)

    def good(self, now: datetime) -> BackupRunQuerySet:
        """Read back and kept, newest first; what a clock that was wrong noted is none."""
        done = self.filter(state=BackupRun.State.DONE, removed_at=None)
        return done.filter(started_at__lte=now + SKEW).order_by("-started_at", "-pk")


class BackupRun(models.Model):
    """`night`: of which night it is, nothing for one that somebody asked for. `due_at`: when a worker
    may take it; while one has it (`holder`), until when nobody else does.
    """

    class State(models.IntegerChoices):
        WAITING = 1, "Chờ sao lưu"
        RUNNING = RUNNING, "Đang sao lưu"
        DONE = 3, "Đã sao lưu"
        FAILED = 4, "Không sao lưu được"

    OPEN = (State.WAITING, State.RUNNING)

    night = models.DateField("đêm", null=True, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name="người yêu cầu",
    )
    at = models.DateTimeField("yêu cầu lúc")
    state = models.PositiveSmallIntegerField("tình trạng", choices=State, default=State.WAITING)
    due_at = models.DateTimeField(null=True, blank=True)
    holder = models.CharField(max_length=32, blank=True)
    tries = models.PositiveSmallIntegerField("số lần thử", default=0)
    started_at = models.DateTimeField("bắt đầu", null=True, blank=True)
    ended_at = models.DateTimeField("kết thúc", null=True, blank=True)
    error = models.CharField("vì sao không được", max_length=500, blank=True)
    # How many bytes are on the disk by now; of one that is done, its size.
    written = models.PositiveBigIntegerField("dung lượng (byte)", default=0)
    file_name = models.CharField("tệp", max_length=100, blank=True)
    # SHA-256 of the content, before encryption.
    digest = models.CharField("mã kiểm tra", max_length=64, blank=True)
    is_encrypted = models.BooleanField("đã mã hóa", default=False)
    rows = models.PositiveBigIntegerField("số dòng dữ liệu", default=0)
    files = models.PositiveBigIntegerField("số tệp", default=0)
    # Gone or changed in the store already when it was made.
    files_lost = models.PositiveBigIntegerField("số tệp đã mất từ trước", default=0)
    # When its file was let go, because newer ones are kept.
    removed_at = models.DateTimeField("xóa tệp lúc", null=True, blank=True)

    objects = BackupRunQuerySet.as_manager()

    class Meta:
        verbose_name = "lần sao lưu"
        verbose_name_plural = "lần sao lưu"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["night"], name="backup_night_once"),
            models.UniqueConstraint(
                fields=["state"], condition=Q(state=RUNNING), name="backup_one_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return self.file_name or f"{self.get_state_display()} {self.pk}"

    @property
    def is_kept(self) -> bool:
        return self.state == self.State.DONE and self.removed_at is None

    @property
    def megabytes(self) -> int:
        """At least 1 where there is anything."""
        return -(-self.written // 2**20)


class RestoreProof(models.Model):
    """One archive that was restored beside the product, to see whether it can be (R-148). Rows are only
    added (onestop.guards).
    """

    at = models.DateTimeField("bắt đầu")
    ended_at = models.DateTimeField("kết thúc")
    # Who did it, where the command was told.
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name="người thử",
    )
    file_name = models.CharField("tệp", max_length=250)
    digest = models.CharField("mã kiểm tra", max_length=64, blank=True)
    # The instant that the archive gives back.
    made_at = models.DateTimeField("sao lưu lúc", null=True, blank=True)
    ok = models.BooleanField("khôi phục được")
    rows = models.PositiveBigIntegerField("số dòng đã so", default=0)
    files = models.PositiveBigIntegerField("số tệp đã so", default=0)
    dossiers = models.PositiveBigIntegerField("số hồ sơ đã kiểm tra", default=0)
    events = models.PositiveBigIntegerField("số sự kiện đã kiểm tra", default=0)
    detail = models.CharField("kết quả", max_length=1000, blank=True)

    class Meta:
        verbose_name = "lần thử khôi phục"
        verbose_name_plural = "lần thử khôi phục"

    def __str__(self) -> str:
        return self.file_name
