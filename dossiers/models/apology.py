"""An apology that gives no new date: for a delay that is there or foreseen, as often as needed."""

from django.conf import settings
from django.db import models

from dossiers.models.undone import StandingManager, Undoable


class Apology(Undoable):
    """One apology of the agency that handles the dossier. The one that comes with a further term is
    a line of the clock's ledger (ClockKind.REAPPOINT).

    `promised_at`: the promise that is, or will be, missed; `late`: made after it had passed (R-54).
    """

    told_as = ("apologies", "các lần xin lỗi")

    dossier = models.ForeignKey("dossiers.Dossier", models.PROTECT, related_name="apologies")
    reason = models.TextField("lý do")
    promised_at = models.DateTimeField("hẹn trả khi xin lỗi")
    late = models.BooleanField("sau khi đã quá hạn")
    signer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    made_at = models.DateTimeField()

    objects = StandingManager()

    class Meta:
        ordering = ["dossier", "id"]
