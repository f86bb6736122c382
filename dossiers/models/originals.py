"""Originals that went home beside the return of a result (R-80): after a withdrawal or a stop, when a
completion swaps a paper, or because what was kept before is asked for.
"""

from django.conf import settings
from django.db import models

from dossiers.models.undone import StandingManager, Undoable
from onestop.fields import BytewiseCharField


class PapersReturn(Undoable):
    """Who took which originals, and why the rest stays. `papers_back`: their names; empty where all
    stays, which is said once and told why.
    """

    told_as = ("papers_returns", "các lần trả bản chính")

    dossier = models.ForeignKey("dossiers.Dossier", models.PROTECT, related_name="papers_returns")
    taker_name = models.CharField("người nhận", max_length=200, blank=True)
    taker_identity = BytewiseCharField("số giấy tờ người nhận", max_length=30, blank=True)
    papers_back = models.CharField("bản chính trả lại", max_length=500, blank=True)
    note = models.CharField("ghi chú", max_length=300, blank=True)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    given_at = models.DateTimeField()

    objects = StandingManager()

    class Meta:
        ordering = ["dossier", "id"]
