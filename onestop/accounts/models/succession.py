"""Who acts for an agency that ended, worked out and kept."""

from datetime import datetime

from django.db import models
from django.db.models import Q

from onestop.accounts.models.agencies import Agency


class TakeoverQuerySet(models.QuerySet["Takeover"]):
    def known_by(self, cut: datetime) -> "TakeoverQuerySet":
        return self.filter(
            Q(from_known=None) | Q(from_known__lte=cut), Q(gone_known=None) | Q(gone_known__gt=cut)
        )


class Takeover(models.Model):
    """`heir` acts for `agency` from `from_at` on, before `to_at` (None: to this day). A successor's
    successor has a row of its own, so whoever asks reads one row and no chain.

    Written by `accounts.succession` alone, when an agency is saved: a row that is no longer so is
    `gone_known` from then on and stays, so what was counted by an earlier cut is counted so again.
    """

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", db_index=False)
    heir = models.ForeignKey(Agency, models.PROTECT, related_name="+", db_index=False)
    from_at = models.DateTimeField()
    to_at = models.DateTimeField(null=True, blank=True)
    # None: ever since the agency is here, so nothing can have been counted without it.
    from_known = models.DateTimeField(null=True, blank=True)
    gone_known = models.DateTimeField(null=True, blank=True)

    objects = TakeoverQuerySet.as_manager()
