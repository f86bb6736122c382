"""What goes to other systems: one line a dossier and peer, and the messages that stand in it, in
their order.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q


class Line(models.Model):
    """One dossier at one peer: its messages go one after the other, and never two at once.

    `code`: the dossier's code, which is the foreign one for life; a filing that was refused has a
    line and no dossier. `leased_by`: who is sending just now, until `next_try_at`; a sender that was
    killed lets go by itself. `check_at`: something was sent whose end nobody knows, so that the
    peer is asked then what it holds. `accepted_*`: what the peer accepted last, or said that it
    holds; `asked_at`: when it was last asked without a doubt (finding.py), `heard_at`: when it last
    answered that. `result_code`, `result_link`: whether the last message about the dossier that was accepted
    named a result by its code, and where its file is fetched; None: told before that was noted.
    `stored`: what the peer's store of results took last (storing.py); "" for nothing.
    """

    class State(models.IntegerChoices):
        LEVEL = 1, "Đã khớp"
        WAITING = 2, "Chờ gửi"
        STOPPED = 3, "Đã ngừng gửi"

    class Trouble(models.IntegerChoices):
        NONE = 0, "không"
        AWAY = 1, "không trả lời"
        REFUSED = 2, "bị từ chối"
        # Our own data cannot be sent as it stands; nothing is invented in its place.
        HELD = 3, "thiếu dữ liệu"

    peer = models.CharField("nơi nhận", max_length=20)
    code = models.CharField("mã hồ sơ", max_length=60)
    dossier = models.ForeignKey(
        "dossiers.Dossier", models.PROTECT, null=True, related_name="+", db_index=False
    )
    agency = models.ForeignKey(
        "accounts.Agency", models.PROTECT, null=True, related_name="+", db_index=False
    )
    day = models.DateField("ngày")
    state = models.PositiveSmallIntegerField(choices=State.choices, default=State.WAITING)
    trouble = models.PositiveSmallIntegerField(choices=Trouble.choices, default=Trouble.NONE)
    words = models.CharField("lần gửi cuối", max_length=300, blank=True, default="")
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    leased_by = models.UUIDField(null=True)
    check_at = models.DateTimeField(null=True)
    waiting_since = models.DateTimeField("chờ từ lúc", null=True)
    accepted_at = models.DateTimeField("nơi nhận ghi lúc", null=True)
    accepted_state = models.PositiveSmallIntegerField(null=True)
    accepted_due = models.DateTimeField(null=True)
    accepted_channel = models.PositiveSmallIntegerField(null=True)
    result_code = models.BooleanField(null=True)
    result_link = models.BooleanField(null=True)
    stored = models.CharField(max_length=64, blank=True, default="", db_default="")
    asked_at = models.DateTimeField("hỏi nơi nhận lúc", null=True)
    heard_at = models.DateTimeField("nơi nhận trả lời lúc", null=True)

    class Meta:
        verbose_name = "hồ sơ ở hệ thống khác"
        constraints = [models.UniqueConstraint(fields=["peer", "code"], name="line_once")]
        indexes = [
            models.Index(
                fields=["peer", "next_try_at", "id"], name="line_due", condition=Q(state=2)
            ),
            models.Index(
                fields=["waiting_since"],
                name="line_unsent",
                condition=Q(waiting_since__isnull=False),
            ),
            models.Index(fields=["peer", "-day", "agency", "-id"], name="line_day"),
            models.Index(fields=["peer", "-id"], name="line_unlevel", condition=~Q(state=1)),
        ]

    def __str__(self) -> str:
        return f"{self.peer} {self.code}"


class Delivery(models.Model):
    """One message of a line; those of a line go in the order of their ids.

    `fact`: the fact of the ground floor's outbox that it was made of; 0: sent again, because
    somebody or a doubt asked for it, or made behind another one (a result, behind its dossier). When it is through it says how it ended, and stays
    for a stated time (cleaning.py).
    """

    class Kind(models.IntegerChoices):
        DOSSIER = 1, "Hồ sơ"
        PROGRESS = 2, "Tiến độ"
        STATUS = 3, "Trạng thái hồ sơ chưa tiếp nhận"
        RESULT = 4, "Kết quả vào kho"

    class State(models.IntegerChoices):
        WAITING = 1, "Chờ gửi"
        SENT = 2, "Đã gửi"
        CLOSED = 3, "Thôi gửi"

    line = models.ForeignKey(Line, models.PROTECT, related_name="deliveries", db_index=False)
    fact = models.BigIntegerField(default=0)
    kind = models.PositiveSmallIntegerField(choices=Kind.choices)
    payload = models.JSONField()
    state = models.PositiveSmallIntegerField(choices=State.choices, default=State.WAITING)
    created_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField("số lần gửi", default=0)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    reason = models.CharField("lý do thôi gửi", max_length=300, blank=True, default="")

    class Meta:
        verbose_name = "lần báo hệ thống khác"
        constraints = [
            models.UniqueConstraint(
                fields=["line", "fact", "kind"], name="delivery_once", condition=~Q(fact=0)
            )
        ]
        indexes = [
            models.Index(fields=["line", "id"], name="delivery_waiting", condition=Q(state=1)),
            models.Index(fields=["line", "-id"], name="delivery_of"),
            models.Index(
                fields=["settled_at"],
                name="delivery_settled",
                condition=Q(settled_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"
