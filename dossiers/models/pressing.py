"""One press on many dossiers that a worker goes through, each in a transaction of its own: what was
asked, how far it is, what became of each.
"""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse


class PressRun(models.Model):
    """`press`: the id that its events bear. `data`: what the form told. `due_at`: when a worker may
    take it; while one has it, until when nobody else does. `holder` names that worker's hold.
    `tries`: since a dossier was last got through.
    """

    class State(models.IntegerChoices):
        WAITING = 1, "Chờ làm"
        RUNNING = 2, "Đang làm"
        DONE = 3, "Đã xong"

    OPEN = (State.WAITING, State.RUNNING)

    press = models.UUIDField("lần bấm", unique=True)
    act = models.CharField("việc", max_length=40)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    at = models.DateTimeField("bấm lúc")
    data = models.JSONField("nội dung", default=dict)
    back = models.CharField("danh sách", max_length=500, blank=True)
    state = models.PositiveSmallIntegerField("tình trạng", choices=State, default=State.WAITING)
    tries = models.PositiveSmallIntegerField("số lần thử", default=0)
    error = models.CharField("lý do", max_length=500, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    holder = models.CharField(max_length=32, blank=True)
    ended_at = models.DateTimeField("xong lúc", null=True, blank=True)
    undone_at = models.DateTimeField("hoàn tác lúc", null=True, blank=True)

    class Meta:
        verbose_name = "lần làm trên nhiều hồ sơ"
        ordering: ClassVar[list[str]] = ["-at", "-pk"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["due_at"], condition=Q(state__in=(1, 2)), name="pressrun_due"),
            models.Index(fields=["by", "-at", "-id"], name="pressrun_own"),
        ]

    def __str__(self) -> str:
        return f"{self.act} {self.press}"

    def get_absolute_url(self) -> str:
        return reverse("press_run", args=(self.pk,))

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN


class PressLine(models.Model):
    """One chosen dossier: as its page was seen (`seen`), what became of it, why not."""

    class State(models.IntegerChoices):
        WAITING = 1, "Chờ làm"
        DONE = 2, "Đã xong"
        REFUSED = 3, "Chưa làm được"
        UNDONE = 4, "Đã hoàn tác"

    run = models.ForeignKey(PressRun, models.CASCADE, related_name="lines", db_index=False)
    dossier = models.ForeignKey(
        "dossiers.Dossier", models.CASCADE, related_name="+", db_index=False
    )
    seen = models.IntegerField("phiên bản đã xem")
    state = models.PositiveSmallIntegerField("kết quả", choices=State, default=State.WAITING)
    why = models.CharField("lý do", max_length=500, blank=True)
    # What there is to print of it.
    slip = models.ForeignKey(
        "dossiers.Slip", models.SET_NULL, null=True, related_name="+", db_index=False
    )
    at = models.DateTimeField("lúc", null=True, blank=True)

    class Meta:
        verbose_name = "hồ sơ của một lần làm"
        ordering: ClassVar[list[str]] = ["pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["run", "dossier"], name="pressline_once"),
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id} {self.get_state_display()}"
