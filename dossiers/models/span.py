"""Plain intervals that reports read: which counting group a dossier was in, from when to when,
under which promise, whose.
"""

from django.db import models
from django.db.models import Q

from dossiers.models.outcome import Outcome
from procedures.channels import Channel


class Span(models.Model):
    """Kept by the ledger's writer; a new one opens when the group, the promise that decides, the
    agency, field or channel changes.

    `*_at` is when it happened, `*_known` from which cut on it counts.
    """

    class Group(models.IntegerChoices):
        WORKING = 1, "Đang giải quyết"
        WAITING = 2, "Chờ bổ sung, nghĩa vụ tài chính"
        ENDED = 3, "Đã giải quyết"

    class How(models.IntegerChoices):
        """How a dossier ended."""

        WITHDRAWN = 7, "Rút hồ sơ"
        STOPPED = 8, "Dừng giải quyết"
        FINISHED = 9, "Có kết quả"
        REFUSED = 11, "Từ chối giải quyết"

    dossier = models.ForeignKey("dossiers.Dossier", models.PROTECT, related_name="spans")
    agency = models.ForeignKey("accounts.Agency", models.PROTECT, related_name="+")
    received_by_agency = models.ForeignKey(
        "accounts.Agency", models.PROTECT, related_name="+", db_index=False
    )
    field = models.ForeignKey("procedures.Field", models.PROTECT, related_name="+", db_index=False)
    channel = models.PositiveSmallIntegerField(choices=Channel.choices)
    group = models.PositiveSmallIntegerField(choices=Group.choices)
    from_at = models.DateTimeField()
    from_known = models.DateTimeField()
    to_at = models.DateTimeField(null=True, blank=True)
    to_known = models.DateTimeField(null=True, blank=True)
    promise = models.DateTimeField("hạn theo quy định", null=True, blank=True)
    late_from = models.DateTimeField("quá hạn từ, theo hạn đó", null=True, blank=True)
    how = models.PositiveSmallIntegerField(
        "kết thúc thế nào", choices=How.choices, null=True, blank=True
    )
    verdict = models.PositiveSmallIntegerField(choices=Outcome.choices, null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dossier"], condition=Q(to_at=None), name="span_one_current"
            ),
        ]
        indexes = [models.Index(fields=["agency", "from_at"], name="span_agency_from")]
