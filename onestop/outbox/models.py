"""Notices: one row a notice, whether it rings a bell, goes out as e-mail, or both."""

from datetime import datetime

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models
from django.db.models import Q, QuerySet

# A notice shows so many lines in the bell; the others are one press away.
SHOWN_LINES = 8


class Mail(models.IntegerChoices):
    """How far the e-mail of a notice has come."""

    NONE = 0, "không gửi thư"
    PENDING = 1, "chờ gửi"
    SENT = 2, "đã gửi"
    FAILED = 3, "không gửi được"
    # It waited when the backup was made that was restored: perhaps it went out since.
    HELD = 4, "giữ lại khi khôi phục"


class MessageQuerySet(QuerySet["Message"]):
    def bell_of(self, officer: AbstractBaseUser) -> "MessageQuerySet":
        """What an officer's bell shows, newest first. Nobody else ever sees these."""
        return self.filter(to_officer_id=officer.pk).order_by("-id")

    def unread(self) -> "MessageQuerySet":
        return self.filter(read_at=None)

    def mail_due(self, now: datetime) -> "MessageQuerySet":
        """Letters whose turn it is, the longest waiting first."""
        return self.filter(mail=Mail.PENDING, next_try_at__lte=now).order_by("next_try_at", "id")


class Message(models.Model):
    """`dedupe` is unique in the database: the same notice is never made twice, whoever asks."""

    kind = models.CharField("loại", max_length=40)
    dedupe = models.CharField("khóa chống trùng", max_length=200)
    subject = models.CharField("tiêu đề", max_length=250)
    body = models.TextField("nội dung")
    link = models.CharField("địa chỉ trang", max_length=250, blank=True, default="")
    object_kind = models.CharField("loại đối tượng", max_length=40, blank=True, default="")
    object_id = models.BigIntegerField("đối tượng", null=True, blank=True)
    to_officer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="cán bộ nhận",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
        db_index=False,
    )
    to_email = models.EmailField("thư điện tử nhận", blank=True, default="")
    created_at = models.DateTimeField("lúc tạo")
    read_at = models.DateTimeField("lúc đọc", null=True, blank=True)
    mail = models.PositiveSmallIntegerField(
        "tình trạng gửi thư", choices=Mail.choices, default=Mail.NONE
    )
    attempts = models.PositiveSmallIntegerField("số lần gửi", default=0)
    next_try_at = models.DateTimeField("lần gửi tới", null=True, blank=True)
    sent_at = models.DateTimeField("lúc gửi", null=True, blank=True)
    error = models.CharField("lỗi lần gửi cuối", max_length=200, blank=True, default="")

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = "thông báo"
        verbose_name_plural = "thông báo"
        # Not unique=True: that would bring a second index to PostgreSQL, for LIKE.
        constraints = [models.UniqueConstraint(fields=["dedupe"], name="message_once")]
        indexes = [
            models.Index(fields=["to_officer", "-id"], name="message_bell"),
            models.Index(fields=["to_officer"], name="message_unread", condition=Q(read_at=None)),
            models.Index(
                fields=["next_try_at", "id"], name="message_mail_due", condition=Q(mail=1)
            ),
            models.Index(fields=["object_kind", "object_id"], name="message_of"),
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def first_lines(self) -> str:
        return "\n".join(self.body.splitlines()[:SHOWN_LINES])

    @property
    def further_lines(self) -> str:
        return "\n".join(self.body.splitlines()[SHOWN_LINES:])


class Fact(models.Model):
    """What other systems must know of one act, written in its transaction: (topic, key, payload).
    It lies here until an app above has taken it over for each of those systems, then it goes.
    """

    topic = models.CharField(max_length=20)
    # Facts of one key are told in the order of their ids: whoever writes one holds a lock of its own.
    key = models.CharField(max_length=60)
    payload = models.JSONField()
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = "việc chờ báo hệ thống khác"

    def __str__(self) -> str:
        return f"{self.topic} {self.key}"
