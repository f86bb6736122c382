"""What the scheduler did: its pulse, how each job ran last, and one row a run that did something."""

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


class JobState(models.Model):
    """How a job ran last, whether it had something to do or not; one row a job. `done` of `of`: how
    far one that counts has come.

    `missed` runs after `missed_from` did not come; the run of `made_up_at` did their work.
    """

    name = models.CharField("tác vụ", max_length=80, primary_key=True)
    started_at = models.DateTimeField("bắt đầu")
    ended_at = models.DateTimeField("kết thúc", null=True, blank=True)
    ok = models.BooleanField("thành công", default=True)
    detail = models.CharField("kết quả", max_length=500, blank=True, default="")
    done = models.PositiveIntegerField("đã làm", default=0)
    of = models.PositiveIntegerField("trong số", default=0)
    missed = models.PositiveIntegerField("số lần lỡ", default=0)
    missed_from = models.DateTimeField("lỡ từ", null=True, blank=True)
    made_up_at = models.DateTimeField("làm bù lúc", null=True, blank=True)
    made_up = models.CharField("kết quả làm bù", max_length=500, blank=True, default="")

    class Meta:
        verbose_name = "tình trạng tác vụ"
        verbose_name_plural = "tình trạng tác vụ"

    def __str__(self) -> str:
        return self.name


class TaskRunQuerySet(QuerySet["TaskRun"]):
    def older_than(self, now: datetime, age: timedelta) -> "TaskRunQuerySet":
        return self.filter(started_at__lt=now - age)


class TaskRun(models.Model):
    """A run that did something, or that failed. `found`: what it names one by one, a line each."""

    name = models.CharField("tác vụ", max_length=80)
    started_at = models.DateTimeField("bắt đầu")
    ended_at = models.DateTimeField("kết thúc", null=True, blank=True)
    ok = models.BooleanField("thành công", default=True)
    detail = models.CharField("kết quả", max_length=500, blank=True, default="")
    found = models.TextField("những gì tìm thấy", blank=True, default="")

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
