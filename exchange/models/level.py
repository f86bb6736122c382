"""What people keep beside the lines: lists that the peer is asked about, figures of the national report."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q


class AskRun(models.Model):
    """A list of lines that a peer is asked about by one press, one after the other.

    `kind`, `day`, `unit`: which list it was. `lines`: their ids; of these `done` are through, and
    `said` counts what came of them (outbox/asking_many.py). `due_at`: when a worker may take it;
    while one has it, until when nobody else does. `words`: why it ended before the end.
    """

    class State(models.IntegerChoices):
        WAITING = 1, "Chờ hỏi"
        RUNNING = 2, "Đang hỏi"
        DONE = 3, "Đã hỏi xong"
        BROKEN_OFF = 4, "Dừng giữa chừng"

    OPEN = (State.WAITING, State.RUNNING)

    peer = models.CharField("nơi nhận", max_length=20)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    at = models.DateTimeField("yêu cầu lúc")
    kind = models.CharField("danh sách", max_length=20)
    day = models.DateField("ngày", null=True)
    unit = models.ForeignKey(
        "accounts.Agency", models.PROTECT, null=True, related_name="+", db_index=False
    )
    lines = models.JSONField("hồ sơ", default=list)
    of = models.PositiveIntegerField("số hồ sơ", default=0)
    done = models.PositiveIntegerField("đã hỏi", default=0)
    said = models.JSONField("kết quả", default=dict)
    state = models.PositiveSmallIntegerField(choices=State.choices, default=State.WAITING)
    words = models.CharField("vì sao dừng", max_length=300, blank=True, default="")
    due_at = models.DateTimeField(null=True)
    holder = models.CharField(max_length=32, blank=True, default="")
    ended_at = models.DateTimeField("xong lúc", null=True)

    class Meta:
        verbose_name = "lượt hỏi nơi nhận"
        constraints = [
            # One at a time: two would halve each other's pace, and ask of the same lines.
            models.UniqueConstraint(
                fields=["peer"], name="askrun_one_open", condition=Q(state__in=(1, 2))
            )
        ]
        indexes = [
            models.Index(fields=["peer", "-id"], name="askrun_newest"),
            models.Index(fields=["ended_at"], name="askrun_ended"),
        ]

    def __str__(self) -> str:
        return f"{self.peer} {self.at:%d/%m/%Y %H:%M}"

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN


class NationalFigure(models.Model):
    """How many dossiers the national report counts as received in these days, as somebody read it.

    Rows are only added (onestop.guards): the newest of a peer, agency, reach and days is the one that
    counts; 0 takes a figure away. `is_below`: with all agencies below this one.
    """

    peer = models.CharField("nơi nhận", max_length=20)
    agency = models.ForeignKey("accounts.Agency", models.PROTECT, related_name="+", db_index=False)
    is_below = models.BooleanField("cả đơn vị cấp dưới", default=False)
    first = models.DateField("từ ngày")
    last = models.DateField("đến hết ngày")
    number = models.PositiveIntegerField("số tiếp nhận")
    source = models.CharField("nguồn số liệu", max_length=200)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    at = models.DateTimeField("ghi lúc")

    class Meta:
        verbose_name = "số của hệ thống báo cáo quốc gia"
        indexes = [
            models.Index(
                fields=["peer", "agency", "is_below", "first", "last", "-id"],
                name="nationalfigure_of",
            )
        ]

    def __str__(self) -> str:
        return f"{self.first:%d/%m/%Y}–{self.last:%d/%m/%Y}: {self.number}"
