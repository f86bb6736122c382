"""What moves a promise by the law of a sector: an extension, or time that does not count."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from dossiers.models.acts import ClockChange, ClockKind
from dossiers.models.undone import StandingManager, Undoable


class ClockDecision(Undoable):
    """A decision on the term of a dossier, with its line in the ledger of the clock (`change`).

    `kind`: its code in the dated list (clock/grounds.py); `extra`: the further term of an extension;
    `begins`, `ends`: of time that does not count, `closed_at`: when its end was set anew;
    `agreed`: the paper by which the applicant agreed to more than the law gives;
    `late`: recorded after the promise had passed; `law`: the sector law by which it counts all the
    same; without it nothing is healed.
    `prolongs`: the time that does not count whose end it sets further on.
    """

    told_as = ("decisions", "các lần gia hạn và thời gian không tính")

    dossier = models.ForeignKey("dossiers.Dossier", models.PROTECT, related_name="decisions")
    mode = models.CharField(
        max_length=10,
        choices=[(one.value, one.label) for one in (ClockKind.EXTEND, ClockKind.EXCLUDE)],
    )
    kind = models.CharField("trường hợp", max_length=20)
    document = models.CharField("số, ký hiệu văn bản", max_length=120, blank=True)
    basis = models.CharField("căn cứ pháp lý", max_length=300)
    reason = models.TextField("lý do")
    extra = models.CharField("thêm thời hạn", max_length=60, blank=True)
    agreed = models.CharField("văn bản thỏa thuận", max_length=300, blank=True)
    begins = models.DateTimeField("từ lúc", null=True, blank=True)
    ends = models.DateTimeField("đến lúc", null=True, blank=True)
    late = models.BooleanField("ghi sau ngày hẹn trả", default=False)
    law = models.CharField("luật chuyên ngành cho phép", max_length=300, blank=True)
    signer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    at = models.DateTimeField()
    change = models.ForeignKey(ClockChange, models.PROTECT, related_name="+", db_index=False)
    closed_at = models.DateTimeField("kết thúc sớm lúc", null=True, blank=True)
    prolongs = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )

    objects = StandingManager()

    class Meta:
        ordering = ["dossier", "id"]
        indexes = [
            # What controllers read, newest first.
            models.Index(
                fields=["-at", "-id"],
                name="decision_late",
                condition=Q(late=True, undone_at=None),
            ),
        ]

    @property
    def counts(self) -> bool:
        """Whether it moves the promise at all."""
        return not self.late or bool(self.law)
