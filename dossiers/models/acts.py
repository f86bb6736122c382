"""What happened to a dossier beside hand-overs: completion, endings, results, the ledger of its
clock.
"""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from dossiers.models.undone import OfDossier, StandingManager, Undoable
from onestop.fields import BytewiseCharField
from onestop.worktime import PauseKind


class ClockKind(models.TextChoices):
    """The closed list of what may move a promise ("Exact meanings")."""

    PAUSE = "pause", "Tạm dừng chờ bổ sung"
    RESTART = "restart", "Tính lại từ đầu khi nhận đủ"
    EXCLUDE = "exclude", "Thời gian không tính"
    EXTEND = "extend", "Gia hạn theo pháp luật chuyên ngành"
    REAPPOINT = "reappoint", "Xin lỗi và hẹn lại"
    CALENDAR = "calendar", "Thay đổi lịch làm việc"
    TAKEN_OVER = "taken_over", "Ngày hẹn trả lấy từ hệ thống trước"


class ClockChange(Undoable):
    """One line of the ledger that the promise is folded from; undone lines are kept and skipped.

    `excluded`: of time that does not count, why; `known_at`: when that was recorded, where it had
    begun before. `heals`: an approver gave the sector law by which it counts although the promise
    had passed.
    """

    told_as = ("changes", "sổ thời hạn")

    dossier = models.ForeignKey("dossiers.Dossier", models.PROTECT, related_name="clock_changes")
    kind = models.CharField(max_length=12, choices=ClockKind.choices)
    start = models.DateTimeField()
    end = models.DateTimeField(null=True, blank=True)
    extra = models.CharField("thêm thời hạn", max_length=60, blank=True)
    basis = models.CharField("căn cứ", max_length=300, blank=True)
    excluded = models.CharField(
        "vì sao không tính",
        max_length=12,
        blank=True,
        choices=[(kind.value, kind.label) for kind in PauseKind],
    )
    known_at = models.DateTimeField("ghi nhận lúc", null=True, blank=True)
    heals = models.BooleanField("tính cả khi đã quá ngày hẹn", default=False, db_default=False)
    due_before = models.DateTimeField(null=True, blank=True)
    due_after = models.DateTimeField(null=True, blank=True)

    objects = StandingManager()

    class Meta:
        ordering = ["dossier", "id"]
        indexes = [
            # What was moved at once by a changed calendar: few among many.
            models.Index(
                fields=["start"], condition=models.Q(kind=ClockKind.CALENDAR), name="clock_moved"
            ),
        ]


def words_of(line: dict[str, Any]) -> str:
    """A line of a request as people read it; the lines are made by dossiers.intake.wanted."""
    return f"{line['name']}: {line['note']}" if line["note"] else str(line["name"])


class SupplementManager(StandingManager["Supplement"]):
    def proposed(self) -> models.QuerySet["Supplement"]:
        """What a handler asks the counter to issue."""
        return self.standing().filter(issued_at=None)

    def issued(self) -> models.QuerySet["Supplement"]:
        """What was asked of the applicant, completed or not."""
        return self.standing().filter(issued_at__isnull=False)

    def awaited(self) -> models.QuerySet["Supplement"]:
        """What a dossier waits for; at most one a dossier."""
        return self.issued().filter(completed_at=None)


class Supplement(Undoable):
    """A request for completion: proposed by the handler, issued once and completely by the counter
    (form 02).

    `mode`: what completion does to the term, as the procedure version said when the request was
    issued.
    `late`: issued after three working days from reception; the controller's list (R-46).
    """

    told_as = ("supplements", "các lần yêu cầu bổ sung")

    dossier = models.ForeignKey("dossiers.Dossier", models.PROTECT, related_name="supplements")
    round = models.PositiveSmallIntegerField()
    items = models.JSONField()
    reason = models.TextField()
    legal_basis = models.CharField(max_length=300, blank=True)
    approver = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    approval_reason = models.CharField(max_length=300, blank=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    proposed_at = models.DateTimeField(null=True, blank=True)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    issued_at = models.DateTimeField(null=True, blank=True)
    respond_by = models.DateTimeField(null=True, blank=True)
    mode = models.CharField(max_length=10)
    change = models.ForeignKey(
        ClockChange, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    completed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    completed_at = models.DateTimeField(null=True, blank=True)
    late = models.BooleanField("sau 03 ngày làm việc", default=False)

    objects = SupplementManager()

    class Meta:
        ordering = ["dossier", "id"]
        indexes = [
            # What counters are asked to issue: stays small, drives the counter's list of proposals.
            models.Index(
                fields=["dossier"],
                name="supplement_proposed",
                condition=Q(issued_at=None, undone_at=None),
            ),
            # What controllers read, newest first.
            models.Index(
                fields=["-issued_at", "-id"],
                name="supplement_late",
                condition=Q(late=True, undone_at=None),
            ),
        ]

    @property
    def entries(self) -> list[str]:
        """What is asked for, line by line."""
        return [words_of(line) for line in self.items]


class ResultManager(StandingManager["Result"]):
    def current(self) -> models.QuerySet["Result"]:
        """The result that counts: neither taken back nor replaced by a later one."""
        return self.standing().filter(replaced_at=None)


class Result(Undoable):
    """The result of a dossier, or its refusal after appraisal (R-65, R-81). A correction keeps the
    old row (R-83).
    """

    told_as = ("results", "kết quả giải quyết")

    class Kind(models.IntegerChoices):
        GRANTED = 1, "Có kết quả"
        REFUSED = 2, "Từ chối giải quyết"

    dossier = models.ForeignKey("dossiers.Dossier", models.PROTECT, related_name="results")
    kind = models.PositiveSmallIntegerField(choices=Kind.choices, default=Kind.GRANTED)
    title = models.CharField("loại kết quả", max_length=300, blank=True)
    number = models.CharField("số, ký hiệu", max_length=60, blank=True)
    issued_on = models.DateField("ngày ban hành", null=True, blank=True)
    signer = models.CharField("người ký", max_length=120, blank=True)
    reason = models.TextField("lý do từ chối", blank=True)
    electronic = models.BooleanField("bản điện tử đã ký số", default=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    recorded_at = models.DateTimeField()
    replaces = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    replaced_at = models.DateTimeField("đã thay bằng kết quả khác lúc", null=True, blank=True)

    objects = ResultManager()

    class Meta:
        ordering = ["dossier", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["dossier"],
                condition=Q(replaced_at=None, undone_at=None),
                name="result_one_current",
            ),
        ]

    @property
    def is_draft(self) -> bool:
        return is_draft(vars(self))


def is_draft(said: Mapping[str, Any]) -> bool:
    """Whether a result is a draft: what is submitted before anybody has signed and numbered it.

    In: a row by its columns, or what is typed by the names of the fields; without `issued_on`, which
    the page fills in.
    """
    signs = ("number", "signer", "electronic", "issued_on")
    return said["kind"] == Result.Kind.GRANTED and not any(said.get(sign) for sign in signs)


class Return(Undoable):
    """Who took the result, how, what the taker signed, and which papers went back (R-78, R-80)."""

    told_as = ("returns", "lần trả kết quả")

    class Way(models.IntegerChoices):
        DIRECT = 1, "Trực tiếp tại quầy"
        ONLINE = 2, "Trực tuyến"
        POST = 3, "Bưu chính công ích"

    class Taker(models.IntegerChoices):
        OWNER = 1, "Chủ hồ sơ"
        AUTHORISED = 2, "Người được ủy quyền"

    class Signature(models.IntegerChoices):
        """What bears the taker's signature. UNSAID: given back before it was asked, or elsewhere."""

        UNSAID = 0, "Chưa ghi"
        RECEIPT = 1, "Ký biên nhận trả kết quả"
        BOOK = 2, "Ký sổ theo dõi hồ sơ"
        POST = 3, "Ký phiếu phát của bưu chính"
        ONLINE = 4, "Nhận trực tuyến, không ký giấy"
        NONE = 5, "Không ký"

    dossier = models.ForeignKey("dossiers.Dossier", models.PROTECT, related_name="returns")
    way = models.PositiveSmallIntegerField(choices=Way.choices, default=Way.DIRECT)
    taker = models.PositiveSmallIntegerField(choices=Taker.choices, default=Taker.OWNER)
    taker_name = models.CharField(max_length=200)
    taker_identity = BytewiseCharField(max_length=30, blank=True)
    authorisation = models.CharField(max_length=200, blank=True)
    post_number = models.CharField("số phiếu gửi", max_length=40, blank=True)
    papers_back = models.CharField("giấy tờ trả lại", max_length=500, blank=True)
    note = models.CharField(max_length=300, blank=True)
    signature = models.PositiveSmallIntegerField(
        "người nhận ký", choices=Signature.choices, default=Signature.UNSAID, db_default=0
    )
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    given_at = models.DateTimeField()

    objects = StandingManager()

    class Meta:
        indexes = [
            # Only who came for the owner: the owner's own number stands on the dossier.
            models.Index(
                fields=["taker_identity", "-dossier"],
                name="return_taker",
                condition=Q(taker=2, undone_at=None),
            ),
        ]


class Ending(Undoable):
    """A withdrawal (R-72) or a stop (R-71) with request, reason, decision and what happens to the
    fee.
    """

    told_as = ("endings", "việc rút hoặc dừng hồ sơ")

    class Kind(models.IntegerChoices):
        WITHDRAWAL = 7, "Rút hồ sơ"
        STOP = 8, "Dừng giải quyết"

    dossier = models.ForeignKey("dossiers.Dossier", models.PROTECT, related_name="endings")
    kind = models.PositiveSmallIntegerField(choices=Kind.choices)
    requested_by = models.CharField("người đề nghị", max_length=200)
    requested_at = models.DateTimeField()
    stage = models.CharField("giai đoạn", max_length=300, blank=True)
    reason = models.TextField()
    decision_number = models.CharField(max_length=60, blank=True)
    signer = models.CharField(max_length=120, blank=True)
    fee_consequence = models.CharField(max_length=300, blank=True)
    authorisation = models.CharField("văn bản ủy quyền", max_length=200, blank=True)
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    at = models.DateTimeField()

    objects = StandingManager()


class CounterVisit(OfDossier):
    """A visit that ended without a dossier: guidance to complete (form 02) or refusal (form 03),
    found again at the next visit.
    """

    told_as = ("visits", "các lần đến trước khi tiếp nhận")

    class Kind(models.IntegerChoices):
        COMPLETE = 1, "Hướng dẫn bổ sung, hoàn thiện"
        REFUSE = 2, "Từ chối tiếp nhận"

    kind = models.PositiveSmallIntegerField(choices=Kind.choices)
    # The page it was made of: a second click finds it again.
    token = models.UUIDField(null=True, unique=True)
    agency = models.ForeignKey("accounts.Agency", models.PROTECT, related_name="+", db_index=False)
    version = models.ForeignKey(
        "procedures.ProcedureVersion", models.PROTECT, related_name="+", db_index=False
    )
    owner_name = models.CharField(max_length=200)
    identity_number = models.CharField(max_length=30, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    email = models.EmailField(blank=True)
    address = models.CharField(max_length=300, blank=True)
    items = models.JSONField(default=list)
    reason = models.TextField()
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    at = models.DateTimeField()
    # One more guidance in the same matter: who approved it, and why.
    approver = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    approval_reason = models.CharField(max_length=300, blank=True)
    # Of what was handed in on a portal: its code there, and when.
    source_code = models.CharField(max_length=60, blank=True)
    filed_at = models.DateTimeField(null=True, blank=True)
    # The dossier that followed.
    dossier = models.ForeignKey(
        "dossiers.Dossier", models.PROTECT, null=True, blank=True, related_name="visits"
    )

    class Meta:
        indexes = [
            models.Index(fields=["identity_number", "-at"], name="visit_identity"),
            models.Index(fields=["phone", "-at"], name="visit_phone"),
            # Of what was handed in on a portal: a small part of the visits.
            models.Index(
                fields=["source_code", "at"], name="visit_code", condition=~Q(source_code="")
            ),
            # What was not received, counted by office and month.
            models.Index(fields=["agency", "at"], name="visit_refused", condition=Q(kind=2)),
        ]

    @property
    def entries(self) -> list[str]:
        """What is to be completed, line by line."""
        return [words_of(line) for line in self.items]
