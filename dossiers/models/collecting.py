"""What the counter told somebody whose result is ready: before an early return (R-79), and again
while nobody comes for it; and that it was put to the archive because nobody came.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q

from dossiers.models.undone import StandingManager, Undoable


class ResultNotice(Undoable):
    """One call, message or letter that a result is ready: to whom, how, whether it reached them.

    `early`: before the promised day; `days`: since when the result waited, at that time.
    """

    told_as = ("notices", "các lần báo, nhắc nhận kết quả")

    class Way(models.IntegerChoices):
        CALL = 1, "Gọi điện thoại"
        MESSAGE = 2, "Nhắn tin, thư điện tử"
        LETTER = 3, "Gửi giấy mời"
        SPOKEN = 4, "Báo trực tiếp"
        EMAIL = 5, "Gửi thư điện tử từ phần mềm"

    dossier = models.ForeignKey("dossiers.Dossier", models.PROTECT, related_name="result_notices")
    way = models.PositiveSmallIntegerField("cách báo", choices=Way.choices)
    told_to = models.CharField("người được báo", max_length=200)
    reached = models.BooleanField("đã báo được", default=True)
    note = models.CharField("nội dung, lời hẹn", max_length=300, blank=True)
    early = models.BooleanField("trước ngày hẹn", default=False)
    days = models.PositiveSmallIntegerField("số ngày đã chờ", default=0)
    told_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    told_at = models.DateTimeField()

    objects = StandingManager()

    class Meta:
        ordering = ["dossier", "id"]


class ResultArchive(Undoable):
    """A result that nobody fetched lies in the archive: where, since when, after how many days of
    waiting and how many notices. Whoever comes for it later still gets it.
    """

    told_as = ("result_archives", "việc chuyển kết quả vào lưu trữ")

    dossier = models.ForeignKey("dossiers.Dossier", models.PROTECT, related_name="result_archives")
    place = models.CharField("nơi lưu", max_length=200)
    note = models.CharField("ghi chú", max_length=300, blank=True)
    days = models.PositiveSmallIntegerField("số ngày đã chờ")
    notices = models.PositiveSmallIntegerField("số lần đã báo, nhắc")
    archived_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    archived_at = models.DateTimeField()

    objects = StandingManager()

    class Meta:
        ordering = ["dossier", "id"]
        indexes = [
            models.Index(
                fields=["-archived_at", "-id"],
                condition=Q(undone_at=None),
                name="resultarchive_newest",
            )
        ]
