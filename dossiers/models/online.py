"""What is handed in on a portal: where from, the portal's lists, what waits for the counter (listed,
or brought by the exchange), and where a dossier that was received so came from.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q

from dossiers.models.undone import OfDossier
from dossiers.states import State as Stand
from procedures.channels import Channel

if TYPE_CHECKING:
    from dossiers.models.dossier import Dossier

# Channels of what a partner office hands in: never online.
HANDED = (Channel.DIRECT, Channel.POST)


class OnlineSource(models.Model):
    """A portal that dossiers come from, or a partner office (models/partners.py). Without an agency it
    holds everywhere, else there and below.

    `code_pattern`: how its codes look, one a line (intake/portal_codes.py); `columns`: which column
    of its lists says what, by the column's heading, empty until somebody has confirmed it.
    """

    agency = models.ForeignKey(
        "accounts.Agency", models.PROTECT, null=True, blank=True, related_name="+"
    )
    name = models.CharField("tên nguồn", max_length=120, unique=True)
    code_pattern = models.CharField("mẫu mã hồ sơ", max_length=300)
    columns = models.JSONField("các cột của danh sách", default=dict, blank=True)
    ended_at = models.DateTimeField("ngừng dùng lúc", null=True, blank=True)
    # Of a partner office: how what it brings counts, direct or by post. None: of a portal.
    channel = models.PositiveSmallIntegerField(
        "hình thức nộp", choices=Channel.choices, null=True, blank=True
    )

    class Meta:
        verbose_name = "nguồn hồ sơ trực tuyến"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class OnlineList(models.Model):
    """A list of a portal as somebody uploaded it; the file is kept until it is recorded or dropped."""

    class Stage(models.IntegerChoices):
        OPEN = 1, "Đang xem trước"
        DONE = 2, "Đã ghi"
        DROPPED = 3, "Đã bỏ"
        UNDONE = 4, "Đã hoàn tác"

    source = models.ForeignKey(OnlineSource, models.PROTECT, related_name="+", db_index=False)
    agency = models.ForeignKey("accounts.Agency", models.PROTECT, related_name="+")
    # None: by a command on the server.
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    at = models.DateTimeField()
    file_name = models.CharField("tệp", max_length=250)
    sha256 = models.CharField(max_length=64)
    kept = models.CharField(max_length=200, blank=True)
    stage = models.PositiveSmallIntegerField(choices=Stage.choices, default=Stage.OPEN)
    counts = models.JSONField(default=dict)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "danh sách của Cổng"
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return self.file_name


class OnlineFiling(models.Model):
    """Handed in on a portal or by a partner office, not yet received here: a line of a list, what the
    exchange brought, or a hand-in. No dossier, and in no report. `filer`: as it was derived when it came
    (intake/filers.py).

    `said`: what the exchange knows beyond a list (intake/said.py). `accept_by`: the end of the working hours in which it must be answered (R-40); None while its
    year has no calendar. `missing_from`: the newest list of its source that names it no more.
    """

    class State(models.IntegerChoices):
        WAITING = 1, "Chờ tiếp nhận"
        RECEIVED = 2, "Đã tiếp nhận"
        ANSWERED = 3, "Đã hướng dẫn hoặc từ chối"
        ELSEWHERE = 4, "Đã xử lý trên Cổng"
        RECALLED = 5, "Đã hoàn tác lượt tải danh sách"

    class Filer(models.IntegerChoices):
        UNSAID = 0, "Cổng không ghi người nộp"
        CITIZEN = 1, "Người dân, tổ chức tự nộp"
        OWN = 2, "Tài khoản của cán bộ, cơ quan"

    code = models.CharField("mã hồ sơ", max_length=60)
    source = models.ForeignKey(OnlineSource, models.PROTECT, related_name="+", db_index=False)
    agency = models.ForeignKey("accounts.Agency", models.PROTECT, related_name="+", db_index=False)
    # The list it came with, or came back with; None of what the exchange brought.
    listed_in = models.ForeignKey(
        OnlineList, models.PROTECT, null=True, blank=True, related_name="filings"
    )
    # When the exchange brought it; None of what a list named.
    arrived_at = models.DateTimeField("đến lúc", null=True, blank=True)
    missing_from = models.ForeignKey(
        OnlineList, models.PROTECT, null=True, blank=True, related_name="+"
    )
    filed_at = models.DateTimeField("nộp lúc")
    accept_by = models.DateTimeField("trả lời trước", null=True, blank=True)
    warn_at = models.DateTimeField(null=True, blank=True)
    channel = models.PositiveSmallIntegerField(choices=Channel.choices, default=Channel.ONLINE_FULL)
    # None: the list names none that the catalogue has; the clerk chooses.
    procedure = models.ForeignKey(
        "procedures.Procedure",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    procedure_text = models.CharField("thủ tục", max_length=500, blank=True)
    case = models.ForeignKey(
        "procedures.Case", models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    said = models.JSONField("nội dung Cổng gửi", null=True, blank=True)
    owner_name = models.CharField(max_length=200)
    identity_number = models.CharField(max_length=30, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    email = models.CharField(max_length=254, blank=True)
    address = models.CharField(max_length=300, blank=True)

    state = models.PositiveSmallIntegerField(choices=State.choices, default=State.WAITING)
    ended_at = models.DateTimeField("xong lúc", null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    reason = models.CharField("lý do", max_length=300, blank=True)
    # Who of a partner office handed it in on its page, and the page's token: sent twice it is one.
    handed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    token = models.UUIDField(null=True, blank=True)
    dossier = models.OneToOneField(
        "dossiers.Dossier", models.PROTECT, null=True, blank=True, related_name="+"
    )
    visit = models.ForeignKey(
        "dossiers.CounterVisit",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    filer = models.PositiveSmallIntegerField(
        "người nộp", choices=Filer.choices, default=Filer.UNSAID, db_default=0
    )
    soon_flagged = models.BooleanField(default=False)
    late_flagged = models.BooleanField(default=False)

    class Meta:
        verbose_name = "hồ sơ nộp trực tuyến chờ tiếp nhận"
        constraints = [
            models.UniqueConstraint(fields=["code"], name="filing_code_once"),
            models.UniqueConstraint(
                fields=["token"], condition=Q(token__isnull=False), name="filing_token_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["agency", "accept_by", "id"],
                name="filing_waiting",
                condition=Q(state=1),
            ),
            models.Index(
                fields=["agency", "-ended_at", "-id"],
                name="filing_ended",
                condition=~Q(state=1),
            ),
            models.Index(
                fields=["source", "-filed_at", "-id"],
                name="filing_of_partner",
                condition=Q(channel__in=HANDED),
            ),
            # Without what was received, which is most of them: that is the dossier's.
            models.Index(
                fields=["identity_number", "-id"],
                name="filing_of_owner",
                condition=~Q(state=2),
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def is_waiting(self) -> bool:
        return self.state == self.State.WAITING

    @property
    def is_handed(self) -> bool:
        """Whether a partner office handed it in: it gets a code of ours when it is received."""
        return self.channel in HANDED

    @property
    def stands_as(self) -> Dossier | None:
        """The dossier that it became, unless that reception was voided."""
        known = self.dossier
        return known if known is not None and known.state != Stand.VOIDED else None

    @property
    def papers_follow(self) -> bool:
        """Whether its papers come after it, by bag: no hours run before they are here."""
        return bool((self.said or {}).get("follows"))

    @property
    def is_taken_back(self) -> bool:
        """Whether the applicant withdrew it on the portal: nobody of ours ended it."""
        return self.state == self.State.ELSEWHERE and self.ended_by_id is None

    @property
    def is_settled_late(self) -> bool:
        """Whether an officer said only after its hours that it was settled on the portal."""
        if self.state != self.State.ELSEWHERE or self.ended_by_id is None:
            return False
        if self.accept_by is None or self.ended_at is None:
            return False
        return self.ended_at > self.accept_by

    def is_late(self, now: datetime) -> bool:
        """Whether the hours in which it must be answered are over."""
        return self.accept_by is not None and now >= self.accept_by


class AnsweredRound(models.Model):
    """What the counter answered to a filing that was filed anew since (R-40): the filing tells its newest
    round only, and a late answer stays late.

    `accept_by`: until when it had to be answered; None while its year had no calendar.
    """

    filing = models.ForeignKey(OnlineFiling, models.PROTECT, related_name="+", db_index=False)
    agency = models.ForeignKey("accounts.Agency", models.PROTECT, related_name="+", db_index=False)
    accept_by = models.DateTimeField("trả lời trước", null=True, blank=True)
    answered_at = models.DateTimeField("trả lời lúc")

    class Meta:
        verbose_name = "lượt trả lời đã qua của hồ sơ nộp trực tuyến"
        indexes = [models.Index(fields=["agency", "-answered_at"], name="round_answered")]

    def __str__(self) -> str:
        return f"{self.filing_id}"


class OnlineOrigin(OfDossier):
    """When and where a dossier was filed that was received on line: the second instant beside its
    reception, and how long it waited for the counter (R-36, R-40).

    `accept_by`, `minutes`, `late`: by the calendar as it stood at the reception; None without one.
    `reason`: why so old a filing is received only now. `listed`: the instant is the portal's list's.
    """

    told_as = ("online", "nộp trực tuyến")

    dossier = models.OneToOneField("dossiers.Dossier", models.CASCADE, related_name="online")
    # None: the national portal, where the office has set up no source.
    source = models.ForeignKey(
        OnlineSource, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    filed_at = models.DateTimeField("nộp lúc")
    accept_by = models.DateTimeField("trả lời trước", null=True, blank=True)
    minutes = models.PositiveIntegerField("phút làm việc đến khi nhận", null=True, blank=True)
    late = models.BooleanField("tiếp nhận chậm", default=False)
    listed = models.BooleanField("giờ nộp lấy từ danh sách của Cổng", default=False)
    reason = models.CharField("lý do giờ nộp đã lâu", max_length=300, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["-filed_at", "-id"], name="online_late", condition=Q(late=True))
        ]
