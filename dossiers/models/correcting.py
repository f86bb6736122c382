"""What was mistyped at the counter and put right, with the slip that replaced the old one."""

from django.conf import settings
from django.db import models

from dossiers.models.slip import Slip
from dossiers.models.undone import StandingManager, Undoable


class ReceptionCorrection(Undoable):
    """`changes`: a line for each value that was put right, as people read it: what it is called, what
    it was, what it became. `old_slip`, `new_slip`: None where no receipt had been printed.
    """

    told_as = ("amended", "các lần đính chính thông tin tiếp nhận")

    dossier = models.ForeignKey("dossiers.Dossier", models.PROTECT, related_name="amended")
    reason = models.TextField("lý do")
    changes = models.TextField("nội dung đính chính")
    old_slip = models.ForeignKey(Slip, models.PROTECT, null=True, blank=True, related_name="+")
    new_slip = models.ForeignKey(
        Slip, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    corrected_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    corrected_at = models.DateTimeField()

    objects = StandingManager()

    class Meta:
        ordering = ["dossier", "id"]
