"""How an applicant who is waited for was reminded: a call that was noted, a letter that is kept."""

from django.conf import settings
from django.db import models

from dossiers.models.undone import StandingManager, Undoable


class Reminder(Undoable):
    """One reminder. `note`: what was said, or what the person answered; the letter itself is among
    the files of the dossier.
    """

    told_as = ("reminders", "các lần nhắc người dân")

    class Way(models.IntegerChoices):
        CALL = 1, "Gọi điện thoại"
        LETTER = 2, "Gửi thư, văn bản"
        MESSAGE = 3, "Nhắn tin, thư điện tử"

    dossier = models.ForeignKey("dossiers.Dossier", models.PROTECT, related_name="reminders")
    way = models.PositiveSmallIntegerField("cách nhắc", choices=Way.choices)
    note = models.CharField("nội dung", max_length=300)
    reminded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    reminded_at = models.DateTimeField()

    objects = StandingManager()

    class Meta:
        ordering = ["dossier", "id"]
