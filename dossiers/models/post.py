"""The public post (R-119, R-120): minutes of what went between the counter and the post, the letters of
results on their way, what became of each delivery, and the dossiers that came in.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q

from dossiers.models.undone import StandingManager, Undoable
from dossiers.states import State
from onestop.accounts.models import Role

# What the minutes are called in addresses, and their numbers are counted by.
NOTE_SLUG = "bb-buu-chinh"
# Who sees what goes by the post of an agency.
SEERS = (Role.CLERK, Role.POSTAL, Role.HEAD, Role.LEADER, Role.CONTROLLER)
# How much of the number of a phiếu gửi is kept.
NUMBER_LENGTH = 40


def letter_number(text: str) -> str:
    """The number of a phiếu gửi as it is kept and found: without blanks, in capitals."""
    return "".join(text.split()).upper()[:NUMBER_LENGTH]


class PostalNote(models.Model):
    """Biên bản giao nhận with the post, either way: its number runs on through a year of the agency.
    Of what comes in, both have signed at `signed_at`, which is when its dossiers were received (R-38).
    """

    class Way(models.IntegerChoices):
        IN = 1, "Nhận hồ sơ từ bưu chính"
        OUT = 2, "Giao kết quả cho bưu chính"

    agency = models.ForeignKey("accounts.Agency", models.PROTECT, related_name="+", db_index=False)
    way = models.PositiveSmallIntegerField("chiều", choices=Way)
    year = models.PositiveSmallIntegerField("năm")
    number = models.PositiveIntegerField("số")
    office = models.CharField("bưu cục", max_length=120)
    postman = models.CharField("nhân viên bưu chính", max_length=120)
    note = models.CharField("ghi chú", max_length=300, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    made_at = models.DateTimeField("lập lúc")
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    signed_at = models.DateTimeField("ký lúc", null=True, blank=True)
    ended_at = models.DateTimeField("thôi giao nhận lúc", null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["agency", "year", "number"], name="postalnote_once")
        ]
        indexes = [models.Index(fields=["agency", "-id"], name="postalnote_agency")]

    def __str__(self) -> str:
        return self.serial

    @property
    def serial(self) -> str:
        """Its number as people write it: 45/2026."""
        return f"{self.number}/{self.year}"

    @property
    def goes_out(self) -> bool:
        """Of results given to the post; else of dossiers that came from it."""
        return self.way == self.Way.OUT

    @property
    def is_open(self) -> bool:
        """Prepared, and neither signed nor given up."""
        return self.signed_at is None and self.ended_at is None


class PostalLine(models.Model):
    """A dossier that came by post, as the minutes list it: its phiếu gửi, whether all is there, and the
    dossier that came of it.
    """

    note = models.ForeignKey(PostalNote, models.PROTECT, related_name="lines", db_index=False)
    position = models.PositiveSmallIntegerField("thứ tự")
    number = models.CharField("số phiếu gửi", max_length=NUMBER_LENGTH)
    sender = models.CharField("người gửi", max_length=200)
    phone = models.CharField("điện thoại", max_length=20, blank=True)
    procedure = models.ForeignKey(
        "procedures.Procedure", models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )  # fmt: skip
    code = models.CharField("mã hồ sơ trực tuyến", max_length=60, blank=True)
    papers = models.CharField("giấy tờ", max_length=500, blank=True)
    complete = models.BooleanField("đủ như phiếu gửi", default=True)
    difference = models.CharField("thiếu, sai khác", max_length=300, blank=True)
    dossier = models.ForeignKey(
        "dossiers.Dossier", models.PROTECT, null=True, blank=True, related_name="postal_lines", db_index=False
    )  # fmt: skip

    # No dossier came of it, or one that was received by mistake.
    IS_FREE = Q(dossier=None) | Q(dossier__state=State.VOIDED)

    class Meta:
        ordering = ["note", "position"]
        constraints = [
            models.UniqueConstraint(fields=["note", "number"], name="postalline_once"),
            models.UniqueConstraint(
                fields=["dossier"], condition=Q(dossier__isnull=False), name="postalline_one_dossier"
            ),
            models.CheckConstraint(
                condition=Q(complete=True) | ~Q(difference=""), name="postalline_said"
            ),
        ]  # fmt: skip

    @property
    def is_free(self) -> bool:
        return self.dossier is None or self.dossier.state == State.VOIDED


class PostalItem(Undoable):
    """A result on its way by post: its phiếu gửi, what is in it, who pays the fare, whether it was
    delivered or came back (R-120). `originals`: ids of the papers whose originals went with it.
    `failed_at`: when its first failed delivery was written down.
    """

    told_as = ("postal_items", "kết quả gửi bưu chính")

    class Payer(models.IntegerChoices):
        RECEIVER = 1, "Người nhận trả khi nhận"
        SENDER = 2, "Người nộp hồ sơ đã trả trước"
        AGENCY = 3, "Cơ quan trả"

    dossier = models.ForeignKey("dossiers.Dossier", models.PROTECT, related_name="postal_items")
    agency = models.ForeignKey("accounts.Agency", models.PROTECT, related_name="+", db_index=False)
    note = models.ForeignKey(PostalNote, models.PROTECT, related_name="items", db_index=False)
    position = models.PositiveSmallIntegerField("thứ tự")
    number = models.CharField("số phiếu gửi", max_length=NUMBER_LENGTH)
    papers = models.CharField("giấy tờ trong bưu gửi", max_length=500)
    originals = models.JSONField(default=list)
    fare = models.PositiveIntegerField("cước", default=0)
    payer = models.PositiveSmallIntegerField("người trả cước", choices=Payer)
    given_at = models.DateTimeField("giao lúc")
    failed_at = models.DateTimeField("phát không thành lúc", null=True, blank=True)
    delivered_at = models.DateTimeField("phát lúc", null=True, blank=True)
    delivered_to = models.CharField("người nhận", max_length=200, blank=True)
    back_at = models.DateTimeField("chuyển hoàn lúc", null=True, blank=True)

    objects = StandingManager()

    class Meta:
        ordering = ["dossier", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["dossier"],
                condition=Q(delivered_at=None, back_at=None, undone_at=None),
                name="postalitem_one_on_the_way",
            )
        ]
        indexes = [
            models.Index(fields=["note", "position"], name="postalitem_note"),
            models.Index(fields=["agency", "-id"], name="postalitem_agency"),
            models.Index(fields=["number"], name="postalitem_number"),
            models.Index(
                fields=["agency", "-id"],
                name="postalitem_open",
                condition=Q(delivered_at=None, back_at=None, undone_at=None),
            ),
        ]

    @property
    def is_on_the_way(self) -> bool:
        return self.is_standing and self.delivered_at is None and self.back_at is None

    @property
    def state_words(self) -> str:
        """Where it is, in words."""
        if not self.is_standing:
            return "Đã hoàn tác"
        if self.delivered_at is not None:
            return "Đã phát"
        if self.back_at is not None:
            return "Đã chuyển hoàn"
        return "Phát không thành" if self.failed_at is not None else "Đang chuyển"


class PostalTry(Undoable):
    """A delivery that failed and why, or an invitation to fetch the result at the post office: at least
    two, two working days apart, before it goes back (TT 17/2017 Điều 5.2.h).
    """

    told_as = ("postal_tries", "các lần phát, mời nhận của bưu chính")

    class Kind(models.IntegerChoices):
        FAILED = 1, "Phát không thành"
        INVITED = 2, "Mời đến bưu cục nhận"

    dossier = models.ForeignKey("dossiers.Dossier", models.PROTECT, related_name="postal_tries")
    item = models.ForeignKey(PostalItem, models.PROTECT, related_name="tries")
    kind = models.PositiveSmallIntegerField("việc", choices=Kind)
    on = models.DateField("ngày")
    note = models.CharField("lý do, lời mời", max_length=300)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    recorded_at = models.DateTimeField("ghi lúc")

    objects = StandingManager()

    class Meta:
        ordering = ["dossier", "id"]
