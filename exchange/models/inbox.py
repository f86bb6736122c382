"""What other systems send us: by which door, what each message said, what it was taken for, which files
it named; and the dated table by which a message is read.
"""

from __future__ import annotations

from datetime import date, datetime

from django.db import models
from django.db.models import Q

# Stands in the digest of what was said again, before its number.
AGAIN = "~"


class Door(models.Model):
    """A system that may send to us: the end of its address, and the source its dossiers are of. Its
    secret stands in the environment under the door's name (EXCHANGE_SECRETS).
    """

    name = models.SlugField("tên trong địa chỉ", max_length=40, unique=True, db_index=False)
    source = models.ForeignKey(
        "dossiers.OnlineSource", models.PROTECT, related_name="+", db_index=False
    )
    ended_at = models.DateTimeField("ngừng dùng lúc", null=True, blank=True)

    class Meta:
        verbose_name = "cửa nhận từ hệ thống khác"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Mapping(models.Model):
    """What a source's code of a procedure means here, in these days; one row without a code says where
    each thing stands in every message of the source.

    `fields`: our name of a thing → its place in the message (inbox/places.py); `papers`: the source's
    code of a paper → the paper's name in our catalogue, as it is published; `cases`: its word for a
    case → that case's name in our catalogue; `owners`: its codes of the kinds of owners with ours, in
    their order, both ways (outbox/owners.py), in a row of every message alone.
    """

    door = models.ForeignKey(Door, models.PROTECT, related_name="mappings", db_index=False)
    # "": every message of the source.
    foreign = models.CharField("mã thủ tục của nguồn", max_length=60, blank=True)
    procedure = models.ForeignKey(
        "procedures.Procedure",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name="thủ tục ở đây",
    )
    # By its name: a case belongs to one edition of the procedure, its name outlives it. Of a message
    # that names none.
    case_name = models.CharField("trường hợp", max_length=500, blank=True)
    fields = models.JSONField("nội dung nằm ở đâu", default=dict, blank=True)
    papers = models.JSONField("mã giấy tờ", default=dict, blank=True)
    cases = models.JSONField("mã trường hợp", default=dict, db_default={}, blank=True)
    owners = models.JSONField("mã loại đối tượng", default=list, db_default=[], blank=True)
    # Policies of the procedure, both off by default.
    last_hour_waits = models.BooleanField(
        "nộp trong giờ cuối: tính từ ngày làm việc sau", default=False
    )
    paid_is_filed = models.BooleanField(
        "phải thanh toán trước: tính từ lúc thanh toán", default=False
    )
    valid_from = models.DateField("dùng từ ngày")
    valid_to = models.DateField("đến hết ngày", null=True, blank=True)

    class Meta:
        verbose_name = "dòng bảng ánh xạ"
        ordering = ["foreign", "-valid_from", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["door", "foreign", "valid_from"], name="mapping_of_a_day_once"
            )
        ]

    def __str__(self) -> str:
        return self.foreign or "mọi thủ tục"

    def holds_on(self, on: date) -> bool:
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)


class Message(models.Model):
    """One message as it came: kept by what it says, so that the same one twice is one (inbox/known.py
    says when it is two).

    `missing`: what keeps it from being taken, as codes with data; `notes`: what is odd about what was
    taken; `owner_card`: of what is held the owner's citizen card, as its filing would bear it, "" where that
    is not sure (mapping.py); it goes with `raw`; `sent_at`: the sender's own time, by which a later message goes over an earlier one.
    """

    class State(models.IntegerChoices):
        NEW = 1, "Mới đến"
        MAPPED = 2, "Đã vào danh sách chờ"
        QUARANTINED = 3, "Giữ lại, cần xử lý"
        DONE = 4, "Đã xong"
        REFUSED = 5, "Không nhận"

    door = models.ForeignKey(Door, models.PROTECT, related_name="messages", db_index=False)
    service = models.CharField("dịch vụ", max_length=60, blank=True)
    foreign_code = models.CharField("mã hồ sơ của nguồn", max_length=60, blank=True)
    is_updating = models.BooleanField("cập nhật", default=False)
    sha256 = models.CharField(max_length=64)
    # Emptied some time after it is done with; the digest and what came of it stay.
    raw = models.TextField("nguyên văn", blank=True)
    purged_at = models.DateTimeField("đã bỏ nguyên văn lúc", null=True, blank=True)
    received_at = models.DateTimeField("đến lúc")
    sent_at = models.DateTimeField("gửi lúc", null=True, blank=True)
    state = models.PositiveSmallIntegerField(choices=State.choices, default=State.NEW)
    missing = models.JSONField("còn thiếu", default=list, blank=True)
    notes = models.JSONField("lưu ý", default=list, blank=True)
    owner_card = models.CharField(
        "số định danh chủ hồ sơ", max_length=12, blank=True, db_default=""
    )
    # Whose counter it is for, as far as that is known.
    agency = models.ForeignKey(
        "accounts.Agency", models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    filing = models.ForeignKey(
        "dossiers.OnlineFiling", models.PROTECT, null=True, blank=True, related_name="messages"
    )
    # What is held has the hours of its filing, or of its arrival where that is not known; none
    # where it waits for the citizen's payment.
    answer_by = models.DateTimeField("xử lý trước", null=True, blank=True)
    warn_at = models.DateTimeField(null=True, blank=True)
    soon_flagged = models.BooleanField(default=False, db_default=False)
    late_flagged = models.BooleanField(default=False, db_default=False)
    tries = models.PositiveIntegerField("số lần đọc", default=0)
    ended_at = models.DateTimeField("xong lúc", null=True, blank=True)
    ended_by = models.ForeignKey(
        "accounts.Officer", models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    reason = models.CharField("lý do", max_length=300, blank=True)

    class Meta:
        verbose_name = "thông điệp đến"
        constraints = [
            models.UniqueConstraint(
                fields=["door", "foreign_code", "sha256"], name="exchange_message_once"
            )
        ]
        indexes = [
            models.Index(
                fields=["received_at", "id"], name="message_to_read", condition=Q(state=1)
            ),
            models.Index(
                fields=["agency", "-received_at", "-id"],
                name="message_held",
                condition=Q(state=3),
            ),
            models.Index(fields=["agency", "-received_at", "-id"], name="message_came"),
            models.Index(
                fields=["agency", "-ended_at"], name="message_closed", condition=Q(state=5)
            ),
            models.Index(
                fields=["owner_card", "-id"], name="message_of_owner", condition=~Q(owner_card="")
            ),
            models.Index(
                fields=["ended_at"],
                name="message_to_purge",
                condition=Q(ended_at__isnull=False, purged_at=None),
            ),
        ]

    def __str__(self) -> str:
        return self.foreign_code or f"{self.pk}"

    @property
    def is_held(self) -> bool:
        return self.state == self.State.QUARANTINED

    @property
    def is_again(self) -> bool:
        """Whether it says what another one said, whose effect was gone."""
        return AGAIN in self.sha256

    def is_late(self, now: datetime) -> bool:
        return self.answer_by is not None and now >= self.answer_by


# By which the table names the application, which has no code of a paper.
FORM = "TepDonDangKy"


class IncomingFile(models.Model):
    """A file that a message names or holds, until it is kept with the filing, or why it is not.

    `place`: where in the message its content stands, of one that came inside.
    """

    class State(models.IntegerChoices):
        WAITING = 1, "Chờ tải"
        KEPT = 2, "Đã tải"
        MISSING = 3, "Thiếu tệp"
        REPLACED = 4, "Cổng gửi lại"

    message = models.ForeignKey(Message, models.PROTECT, related_name="files")
    filing = models.ForeignKey("dossiers.OnlineFiling", models.PROTECT, related_name="incoming")
    # Of what answers a request for completion, after the reception.
    sent = models.ForeignKey(
        "dossiers.SentPapers",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    name = models.CharField("tên tệp", max_length=200)
    paper_code = models.CharField("mã giấy tờ của nguồn", max_length=60, blank=True)
    url = models.CharField("địa chỉ", max_length=2000, blank=True)
    place = models.PositiveIntegerField(null=True, blank=True)
    size = models.PositiveBigIntegerField("dung lượng đã báo", null=True, blank=True)
    sha256 = models.CharField("mã kiểm tra đã báo", max_length=64, blank=True)
    state = models.PositiveSmallIntegerField(choices=State.choices, default=State.WAITING)
    why = models.JSONField("vì sao thiếu", default=dict, blank=True)
    tries = models.PositiveIntegerField(default=0)
    next_at = models.DateTimeField("tải lại lúc", null=True, blank=True)
    attachment = models.ForeignKey(
        "files.Attachment", models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )

    class Meta:
        verbose_name = "tệp gửi kèm"
        ordering = ["id"]
        indexes = [
            models.Index(fields=["next_at", "id"], name="file_to_fetch", condition=Q(state=1)),
            models.Index(fields=["sent"], name="file_of_sent", condition=Q(sent__isnull=False)),
            # Asked whenever a file is deleted.
            models.Index(
                fields=["attachment"],
                name="file_attachment",
                condition=Q(attachment__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def is_due(self, now: datetime) -> bool:
        return self.state == self.State.WAITING and (self.next_at is None or self.next_at <= now)
