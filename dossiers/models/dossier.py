"""The dossier itself: what was handed in, by whom, what was promised, who holds it."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from dossiers.models.outcome import Outcome
from dossiers.models.querysets import DossierQuerySet
from dossiers.models.undone import OfDossier
from dossiers.states import ENDED, OPEN, WAITING, WITH_SOMEBODY, State
from onestop.compact import HashField
from onestop.fields import BytewiseCharField
from procedures.channels import Channel


class OwnerKind(models.IntegerChoices):
    CITIZEN = 1, "Công dân"
    COMPANY = 2, "Doanh nghiệp, hợp tác xã, hộ kinh doanh"
    ORGANISATION = 3, "Tổ chức, cơ quan"


class IdentityKind(models.IntegerChoices):
    CITIZEN_CARD = 1, "Căn cước"
    PASSPORT = 2, "Hộ chiếu"
    TAX_CODE = 3, "Mã số thuế/Mã số doanh nghiệp"
    OLD_CARD = 4, "Chứng minh nhân dân (cũ)"
    OTHER = 9, "Giấy tờ khác"


# Received and not yet passed on.
TO_FORWARD = Q(ended_at=None, pending_department=None, forward_by__isnull=False)


class Dossier(models.Model):
    """One dossier. `state`, promise and holder columns are written by ledger/writer.py only."""

    code = BytewiseCharField("mã hồ sơ", max_length=60)
    agency = models.ForeignKey(
        "accounts.Agency",
        models.PROTECT,
        related_name="+",
        verbose_name="cơ quan giải quyết",
        db_index=False,
    )
    received_by_agency = models.ForeignKey(
        "accounts.Agency",
        models.PROTECT,
        related_name="+",
        verbose_name="cơ quan tiếp nhận",
        db_index=False,
    )
    register_year = models.PositiveSmallIntegerField()
    register_volume = models.PositiveSmallIntegerField(default=1)
    # None: taken over from an earlier system that did not say it.
    register_number = models.PositiveIntegerField(null=True, blank=True)

    version = models.ForeignKey(
        "procedures.ProcedureVersion", models.PROTECT, related_name="dossiers"
    )
    case = models.ForeignKey("procedures.Case", models.PROTECT, related_name="+")
    field = models.ForeignKey("procedures.Field", models.PROTECT, related_name="+", db_index=False)
    channel = models.PositiveSmallIntegerField(choices=Channel.choices)
    kiosk = models.BooleanField(default=False)
    out_of_area = models.BooleanField("phi địa giới", default=False)
    # Received for another agency regardless of boundaries: the term begins when that one has it.
    awaits_agency = models.BooleanField(
        "chờ cơ quan có thẩm quyền nhận", default=False, db_default=False
    )
    begun_at = models.DateTimeField("thời hạn tính từ", null=True, blank=True)

    owner_kind = models.PositiveSmallIntegerField(
        choices=OwnerKind.choices, default=OwnerKind.CITIZEN
    )
    owner_name = models.CharField(max_length=200)
    identity_kind = models.PositiveSmallIntegerField(
        choices=IdentityKind.choices, default=IdentityKind.CITIZEN_CARD
    )
    identity_number = BytewiseCharField(max_length=30, blank=True)
    identity_note = models.CharField(
        "lý do chấp nhận số giấy tờ khác mẫu", max_length=200, blank=True
    )
    phone = models.CharField(max_length=20, blank=True)
    email = models.EmailField(blank=True)
    address = models.CharField(max_length=300, blank=True)
    summary = models.CharField("nội dung yêu cầu", max_length=500, blank=True)
    sets = models.PositiveSmallIntegerField("số bộ", default=1)
    return_by_post = models.BooleanField(default=False)
    no_scan_reason = models.CharField(max_length=200, blank=True)
    fee_amount = models.PositiveIntegerField(null=True, blank=True)
    fee_reason = models.CharField(max_length=200, blank=True)
    # What is still to be taken, where the office follows fees (acts/fees.py).
    fee_owed = models.PositiveBigIntegerField("còn phải thu", default=0, db_default=0)
    # How many other agencies have not done their part yet (models/legs.py).
    open_legs = models.PositiveSmallIntegerField(
        "số phần phối hợp chưa xong", default=0, db_default=0
    )
    secret = models.BinaryField("mã tra cứu, đã mã hóa")
    salt = models.BinaryField("muối của các giá trị băm trong nhật ký")

    state = models.PositiveSmallIntegerField("trạng thái", choices=State.choices)
    row_version = models.PositiveIntegerField(default=0)
    event_seq = models.PositiveIntegerField("số sự kiện", default=0)
    event_hash = HashField("băm của sự kiện cuối", default="0" * 64)
    received_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    # None: taken over from an earlier system; who it was stands in SourceRecord as text.
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    intake_token = models.UUIDField(unique=True)

    term = models.CharField("thời hạn", max_length=60)
    due_at = models.DateTimeField("ngày hẹn trả", null=True, blank=True)
    legal_due_at = models.DateTimeField("hạn theo quy định", null=True, blank=True)
    first_due_at = models.DateTimeField("hẹn trả ban đầu", null=True, blank=True)
    late_from = models.DateTimeField(null=True, blank=True)
    warn_at = models.DateTimeField(null=True, blank=True)
    sort_due = models.DateTimeField()
    provisional = models.BooleanField("tạm tính", default=False)
    undetermined = models.BooleanField("chưa xác định", default=False)
    calendar_key = models.CharField(max_length=64)
    waiting_since = models.DateTimeField("chờ từ lúc", null=True, blank=True)
    late_while_waiting = models.BooleanField(default=False)
    soon_flagged = models.BooleanField(default=False)
    late_flagged = models.BooleanField(default=False)

    # Indexed where the dossier is open, on its way or to be passed on (Meta), never over the whole
    # archive.
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name="người giữ",
    )
    holder_department = models.ForeignKey(
        "accounts.Department",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name="nơi giữ",
    )
    pending_department = models.ForeignKey(
        "accounts.Department",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="nơi chờ nhận",
        db_index=False,
    )
    pending_officer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    forward_by = models.DateTimeField("phải chuyển trước", null=True, blank=True)
    step_order = models.PositiveSmallIntegerField(default=1)
    step_name = models.CharField(max_length=300, blank=True)
    step_due_at = models.DateTimeField(null=True, blank=True)

    ended_at = models.DateTimeField("lúc kết thúc", null=True, blank=True)
    verdict = models.PositiveSmallIntegerField(
        "kết luận về hạn", choices=Outcome.choices, null=True, blank=True
    )
    returned_at = models.DateTimeField("lúc trả kết quả", null=True, blank=True)

    objects = DossierQuerySet.as_manager()

    class Meta:
        verbose_name = "hồ sơ"
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="dossier_state_known"),
            models.CheckConstraint(
                condition=Q(state__in=sorted(s.value for s in ENDED), ended_at__isnull=False)
                | Q(ended_at__isnull=True) & ~Q(state__in=sorted(s.value for s in ENDED)),
                name="dossier_ended_has_instant",
            ),
            models.CheckConstraint(
                condition=Q(state__in=sorted(s.value for s in WAITING), waiting_since__isnull=False)
                | Q(waiting_since__isnull=True) & ~Q(state__in=sorted(s.value for s in WAITING)),
                name="dossier_waiting_has_instant",
            ),
            # Not unique=True: that would bring a second index to PostgreSQL, for LIKE.
            models.UniqueConstraint(fields=["code"], name="dossier_code_once"),
            models.UniqueConstraint(
                fields=["received_by_agency", "register_year", "register_number"],
                name="dossier_register_once",
            ),
        ]
        indexes = [
            # Open work only: these stay as small as the work on the desks, whatever the archive
            # holds.
            models.Index(
                fields=["holder", "sort_due", "id"],
                name="dossier_in_hand",
                condition=Q(ended_at=None),
                include=[
                    "state",
                    "ended_at",
                    "pending_department",
                    "warn_at",
                    "late_from",
                    "late_while_waiting",
                ],  # all that is counted
            ),
            models.Index(
                fields=["holder"],
                name="dossier_given_by",
                condition=Q(pending_department__isnull=False),
            ),
            models.Index(
                fields=["holder_department"],
                name="dossier_given_from",
                condition=Q(pending_department__isnull=False),
            ),
            models.Index(fields=["holder"], name="dossier_to_forward_by", condition=TO_FORWARD),
            models.Index(
                fields=["holder_department"], name="dossier_to_forward_from", condition=TO_FORWARD
            ),
            models.Index(
                fields=["pending_department", "sort_due", "id"],
                name="dossier_to_accept",
                condition=Q(pending_department__isnull=False),
                include=["pending_officer"],
            ),
            models.Index(
                fields=["holder_department", "sort_due", "id"],
                name="dossier_at_desk",
                condition=Q(ended_at=None),
            ),
            models.Index(
                fields=["agency", "sort_due", "id"],
                name="dossier_open_agency",
                condition=Q(ended_at=None),
                include=[
                    "state",
                    "ended_at",
                    "due_at",
                    "late_from",
                    "warn_at",
                    "step_due_at",
                    "late_while_waiting",
                    "undetermined",
                    "holder_department",
                ],
                # What the dashboard counts, but `awaits_agency`: its counts read the open dossiers
                # themselves, which change all day, so that PostgreSQL would look at them anyway.
            ),
            # Open work of an agency by its day of reception: without it a list in that order would
            # walk dossier_agency_received, which holds the archive.
            models.Index(
                fields=["agency", "received_at", "id"],
                name="dossier_open_received",
                condition=Q(ended_at=None),
            ),
            # What ended on a day, of an agency: walked from that day on, never over the archive,
            # and without a look at the dossiers themselves.
            models.Index(
                fields=["agency", "ended_at"],
                name="dossier_ended",
                condition=Q(ended_at__isnull=False),
                include=["verdict", "state", "received_at"],
            ),
            # What a clerk received and has still to scan, what ended last first.
            models.Index(
                fields=["received_by", "-ended_at", "-id"],
                name="dossier_not_scanned",
                condition=Q(ended_at__isnull=False) & ~Q(no_scan_reason=""),
            ),
            # Few, ever: what ended without a calendar to judge it by.
            models.Index(
                fields=["agency"],
                name="dossier_undetermined",
                condition=Q(undetermined=True, ended_at__isnull=False),
            ),
            models.Index(
                fields=["warn_at"],
                name="dossier_to_flag",
                condition=Q(ended_at=None, late_flagged=False),
            ),
            models.Index(
                fields=["agency", "ended_at", "id"], name="dossier_to_return", condition=Q(state=9)
            ),
            # The same at the counter that received it for another agency.
            models.Index(
                fields=["received_by_agency", "ended_at", "id"],
                name="dossier_to_return_here",
                condition=Q(state=9),
            ),
            # Only what is owed still, which the counter follows (desk/money.py).
            models.Index(
                fields=["received_by_agency", "-id"],
                name="dossier_owing",
                condition=Q(fee_owed__gt=0),
            ),
            # What a clerk received, newest first: the own day, what was received last. By id too: of
            # thousands entered under one time all were read and sorted.
            models.Index(fields=["received_by", "-received_at", "-id"], name="dossier_received_by"),
            # Also walked by the beginning: the ten digits of a company find its branches.
            models.Index(fields=["identity_number", "-id"], name="dossier_identity"),
            models.Index(fields=["phone", "-id"], name="dossier_phone"),
            models.Index(fields=["agency", "-received_at", "-id"], name="dossier_agency_received"),
        ]

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        return reverse("dossier", args=[self.code])

    @property
    def begins_at(self) -> datetime:
        """When the term began; as if it had been at the reception while the agency is awaited."""
        return self.begun_at or self.received_at

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def is_with_somebody(self) -> bool:
        return self.state in WITH_SOMEBODY

    @property
    def is_waiting(self) -> bool:
        return self.state in WAITING

    def is_late(self, now: datetime) -> bool:
        """Late by the one rule of every door: open, and the late instant has come; a wait asked in
        time is not late, unless the clock does not stand still for it.
        """
        if not self.is_open or self.late_from is None:
            return False
        return now >= self.late_from and (self.late_while_waiting or not self.is_waiting)


class DossierPaperQuerySet(models.QuerySet["DossierPaper"]):
    def brought(self) -> "DossierPaperQuerySet":
        """What was handed in: a correction may have found that a paper was not."""
        nothing = Q(originals=0, certified=0, copies=0, from_database=False)
        return self.exclude(nothing)

    def held(self) -> "DossierPaperQuerySet":
        """Of which the office holds originals still."""
        return self.filter(originals__gt=0, originals_returned=False)


class DossierPaper(OfDossier):
    """A paper of the checklist as handed in: counts of originals, certified and plain copies
    (R-14). What it is called stands in the version, which nobody changes once it is published.
    """

    told_as = ("papers", "giấy tờ đã nhận")

    dossier = models.ForeignKey(Dossier, models.CASCADE, related_name="papers", db_index=False)
    paper = models.ForeignKey("procedures.Paper", models.PROTECT, related_name="+")
    order = models.PositiveSmallIntegerField()
    originals = models.PositiveSmallIntegerField(default=0)
    certified = models.PositiveSmallIntegerField(default=0)
    copies = models.PositiveSmallIntegerField(default=0)
    from_database = models.BooleanField("lấy từ cơ sở dữ liệu", default=False)
    # The result of an earlier dossier that it was taken from, and the file of it: linked.
    stored = models.ForeignKey(
        "dossiers.Result", models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    stored_file = models.ForeignKey(
        "files.Attachment", models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    originals_returned = models.BooleanField(default=False)

    objects = DossierPaperQuerySet.as_manager()

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["dossier", "paper"], name="dossier_paper_once")
        ]
        # Few were taken from the store: who asks what stands on a result, or deletes a file, reads those.
        indexes = [
            models.Index(fields=["stored"], name="paper_stored", condition=Q(stored__isnull=False)),
            models.Index(
                fields=["stored_file"],
                name="paper_stored_file",
                condition=Q(stored_file__isnull=False),
            ),
        ]

    @property
    def name(self) -> str:
        """What the checklist calls it. One query unless the paper was read along."""
        return self.paper.name


class Submitter(OfDossier):
    """Who brought the dossier when it was not the owner (R-19)."""

    told_as = ("submitter", "người nộp thay")

    dossier = models.OneToOneField(Dossier, models.CASCADE, related_name="submitter")
    name = models.CharField(max_length=200)
    identity_number = BytewiseCharField(max_length=30, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    authorisation = models.CharField("văn bản ủy quyền", max_length=200)

    class Meta:
        indexes = [
            models.Index(fields=["identity_number", "-dossier"], name="submitter_identity"),
            models.Index(fields=["phone", "-dossier"], name="submitter_phone"),
        ]


class NameKey(models.Model):
    """Search keys of a dossier: every folded word-suffix of the names on it (intake/names.py), so
    that any run of words is one range scan.
    """

    dossier = models.ForeignKey(Dossier, models.CASCADE, related_name="+")
    agency = models.ForeignKey("accounts.Agency", models.PROTECT, related_name="+", db_index=False)
    text = BytewiseCharField(max_length=120)

    class Meta:
        indexes = [
            models.Index(fields=["agency", "text", "-dossier"], name="namekey_prefix"),
        ]
