"""What somebody has beside the password (R-142): factors, recovery codes, and the asking for a reset
that takes two administrators.
"""

from django.db import models
from django.db.models import Q

from onestop.accounts.models.officers import Officer


class Factor(models.Model):
    """One thing an officer has: an application that shows codes, a security key. Whatever its kind
    (onestop/accounts/factors), what it keeps fits here: what proves it is sealed, what counts up
    never goes back.
    """

    officer = models.ForeignKey(Officer, models.PROTECT, related_name="factors")
    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=60, blank=True)
    # Encrypted (factors/sealing.py): the key of the codes, the public key of a security key.
    secret = models.BinaryField()
    # How the other side names it, where it does (the id of a security key's credential).
    reference = models.CharField(max_length=1400, blank=True)
    # The last step whose code was used, the last count of a security key.
    counter = models.BigIntegerField(default=0)
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["reference"], condition=~Q(reference=""), name="factor_reference_once"
            )
        ]


class RecoveryCode(models.Model):
    """One of ten codes on paper, each good once. Only its digest is kept."""

    officer = models.ForeignKey(
        Officer, models.PROTECT, related_name="recovery_codes", db_index=False
    )
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["officer", "digest"], name="recovery_code_once")
        ]


class FactorReset(models.Model):
    """One administrator asks that somebody's factors be taken off, another one does it (docs/adr/0024)."""

    officer = models.ForeignKey(Officer, models.PROTECT, related_name="factor_resets")
    reason = models.CharField("lý do", max_length=200)
    # Nobody proposed what was done on the server.
    proposed_by = models.ForeignKey(
        Officer, models.PROTECT, null=True, related_name="+", db_index=False
    )
    proposed_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(
        Officer, models.PROTECT, null=True, related_name="+", db_index=False
    )
    confirmed_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(
        Officer, models.PROTECT, null=True, related_name="+", db_index=False
    )
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
