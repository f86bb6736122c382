"""Numbers that run on: one locked row per unit and day, per register and year, per slip kind and
year. And the clerk's draft.
"""

from django.conf import settings
from django.db import models


class CodeCounter(models.Model):
    agency = models.ForeignKey("accounts.Agency", models.PROTECT, related_name="+", db_index=False)
    day = models.DateField()
    last = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agency", "day"], name="codecounter_once")]


class RegisterCounter(models.Model):
    agency = models.ForeignKey("accounts.Agency", models.PROTECT, related_name="+", db_index=False)
    year = models.PositiveSmallIntegerField()
    volume = models.PositiveSmallIntegerField(default=1)
    last = models.PositiveIntegerField()
    # Numbers up to `last` that an earlier system gave and that are not here.
    missing = models.PositiveIntegerField(default=0, db_default=0)
    # Set with the mark that says who locked it: no number is given any more.
    locked = models.BooleanField("đã khóa sổ", default=False, db_default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency", "year"], name="registercounter_once")
        ]


class SlipCounter(models.Model):
    agency = models.ForeignKey("accounts.Agency", models.PROTECT, related_name="+", db_index=False)
    slug = models.CharField(max_length=20)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency", "slug", "year"], name="slipcounter_once")
        ]


class OfficeSettings(models.Model):
    """What one office decides for itself; every default is the national rule."""

    agency = models.OneToOneField("accounts.Agency", models.PROTECT, related_name="office_settings")
    code_pattern = models.CharField(max_length=60, default="{unit}-{day:%y%m%d}-{number:04d}")
    self_approval_decision = models.CharField(
        "văn bản cho phép tự duyệt việc mình xử lý", max_length=120, blank=True
    )
    lookup_shows_promise = models.BooleanField(default=False)
    # Read and asked for nowhere any more: the calendar says when a counter is open. The column stays
    # because the digests of rows kept before name it (onestop/changes/verifying.py).
    opening_hours = models.CharField(max_length=200, blank=True)
    # From its first book of receipts on: what is received then owes its fee (acts/receipt_series.py).
    follows_fees = models.BooleanField("theo dõi thu phí, lệ phí", default=False, db_default=False)
    # After so many days, and two notices, a result may be put to the archive; 0: never.
    archive_after = models.PositiveSmallIntegerField(
        "số ngày kết quả chờ trước khi chuyển lưu trữ", default=0, db_default=0
    )
    # What happened before this day may be imported as counting from when it happened.
    live_from = models.DateField("ngày bắt đầu dùng phần mềm", null=True, blank=True)


class OfficeDecision(models.Model):
    """A decision of an office that makes a rule less strict: proposed by one person, in force from
    the confirmation by another, ended and never overwritten. What is in force stands in
    OfficeSettings too.
    """

    class Subject(models.TextChoices):
        CODE_PATTERN = "code_pattern", "Mẫu mã hồ sơ"
        LOOKUP = "lookup_shows_promise", "Tra cứu chỉ bằng mã hồ sơ cũng cho xem ngày hẹn trả"
        SELF_APPROVAL = "self_approval_decision", "Văn bản cho phép tự duyệt việc mình xử lý"

    agency = models.ForeignKey("accounts.Agency", models.PROTECT, related_name="+", db_index=False)
    subject = models.CharField(max_length=30, choices=Subject)
    value = models.CharField(max_length=120)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    proposed_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    confirmed_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["agency", "-id"], name="officedecision_agency")]

    @property
    def is_pending(self) -> bool:
        return self.confirmed_at is None and self.ended_at is None

    @property
    def words(self) -> str:
        return "có" if self.subject == self.Subject.LOOKUP else self.value


class Draft(models.Model):
    """What a clerk has typed and not yet received; one per officer and intake token."""

    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False
    )
    token = models.UUIDField(unique=True)
    title = models.CharField(max_length=200, blank=True)
    data = models.JSONField(default=dict)
    updated_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["officer", "-updated_at"], name="draft_officer")]
