"""What the scheduler did: its pulse, and one row a scheduled run."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import QuerySet


class Heartbeat(models.Model):
    """One row a clock: when the scheduler was last seen to tick through a worker."""

    name = models.CharField("tên", max_length=40, primary_key=True)
    at = models.DateTimeField("lúc")

    class Meta:
        verbose_name = "nhịp bộ lập lịch"
        verbose_name_plural = "nhịp bộ lập lịch"

    def __str__(self) -> str:
        return self.name


class TaskRunQuerySet(QuerySet["TaskRun"]):
    def older_than(self, now: datetime, age: timedelta) -> "TaskRunQuerySet":
        return self.filter(started_at__lt=now - age)


class TaskRun(models.Model):
    """A scheduled run that did something, or that failed."""

    name = models.CharField("tác vụ", max_length=80)
    started_at = models.DateTimeField("bắt đầu")
    ended_at = models.DateTimeField("kết thúc", null=True, blank=True)
    ok = models.BooleanField("thành công", default=True)
    detail = models.CharField("kết quả", max_length=500, blank=True, default="")

    objects = TaskRunQuerySet.as_manager()

    class Meta:
        verbose_name = "lần chạy tác vụ"
        verbose_name_plural = "lần chạy tác vụ"
        indexes = [
            models.Index(fields=["name", "-started_at"], name="taskrun_latest"),
            models.Index(fields=["started_at"], name="taskrun_age"),
        ]

    def __str__(self) -> str:
        return self.name
