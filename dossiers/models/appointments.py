"""What an applicant of a two-stage procedure is called to before the result: an inspection on the
spot, a notice to be collected (the first appointment; the second is the result's).
"""

from django.conf import settings
from django.db import models

from dossiers.models.undone import StandingManager, Undoable


class StepAppointment(Undoable):
    """One call to an intermediate step. The one made last holds; the promise of the result is the
    dossier's own. `promised_at`: that promise when the appointment was made.
    """

    told_as = ("appointments", "lịch hẹn bước trung gian")

    dossier = models.ForeignKey("dossiers.Dossier", models.PROTECT, related_name="appointments")
    what = models.CharField("việc", max_length=200)
    meet_at = models.DateTimeField("hẹn lúc")
    place = models.CharField("tại", max_length=200)
    bring = models.CharField("cần mang theo", max_length=300, blank=True)
    promised_at = models.DateTimeField("hẹn trả kết quả", null=True, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    made_at = models.DateTimeField()

    objects = StandingManager()

    class Meta:
        ordering = ["dossier", "id"]
