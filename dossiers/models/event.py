"""The memory: append-only events, chained by hash within a dossier, and a daily digest per agency.

Both tables are guarded by triggers in the database itself (`onestop/guards.py`).
"""

from django.conf import settings
from django.db import models

from dossiers.models.packed import EventText
from onestop.compact import HashField


class Event(models.Model):
    """One act on a dossier. `text` is the canonical text that was hashed, after the hash of the
    event before it; it holds ids and salted digests, no personal data. `press`: what one press of a button on many dossiers did bears one
    and the same; None for an act on one.
    """

    dossier = models.ForeignKey(
        "dossiers.Dossier", models.PROTECT, related_name="events", db_index=False
    )
    agency = models.ForeignKey("accounts.Agency", models.PROTECT, related_name="+", db_index=False)
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=40)
    at = models.DateTimeField("xảy ra lúc")
    recorded_at = models.DateTimeField("ghi lúc")
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    acting_for = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    press = models.UUIDField("lần bấm", null=True, blank=True)
    text = EventText()
    hash = HashField()

    class Meta:
        ordering = ["dossier", "seq"]
        constraints = [models.UniqueConstraint(fields=["dossier", "seq"], name="event_seq_once")]
        indexes = [
            models.Index(fields=["agency", "recorded_at", "id"], name="event_agency_recorded"),
            models.Index(
                fields=["press"], name="event_press", condition=models.Q(press__isnull=False)
            ),
        ]


class WordsBefore(models.Model):
    """Text that an act replaced, as it stood: names, reasons, notes. The event has its digest only,
    so that this can be erased.

    In `text`: by place ("dossier", "supplements.12") every text column of that row before the act.
    Taking the act back puts them back, and is refused once they are erased.
    """

    event = models.OneToOneField(Event, models.PROTECT, related_name="words_before")
    dossier = models.ForeignKey("dossiers.Dossier", models.PROTECT, related_name="+")
    text = models.TextField()
    erased_at = models.DateTimeField("đã xóa lúc", null=True, blank=True)


class AgencyDigest(models.Model):
    """What one agency's events of one day hash to; it leaves the machine by mail, so that a removed
    dossier is noticed.

    `agency` None: the log of rows outside dossiers. `through`: the newest event that it covers.
    Chained in the order they were made (dossiers/ledger/digests.py).
    """

    agency = models.ForeignKey(
        "accounts.Agency", models.PROTECT, null=True, related_name="+", db_index=False
    )
    day = models.DateField()
    events = models.PositiveIntegerField()
    through = models.BigIntegerField()
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            # One chain an agency: two runs that meet would continue the same digest.
            models.UniqueConstraint(fields=["agency", "previous"], name="digest_chained_once"),
            models.UniqueConstraint(
                fields=["previous"],
                condition=models.Q(agency=None),
                name="digest_chained_once_common",
            ),
        ]
        indexes = [
            models.Index(fields=["agency", "day"], name="digest_day"),
            models.Index(fields=["made_at"], name="digest_made"),
        ]
