"""Plain intervals that reports read: which counting group a dossier was in, from when to when,
under which promise, whose.
"""

from django.db import models
from django.db.models import F, Q

from dossiers.models.outcome import Outcome
from procedures.channels import Channel


class Span(models.Model):
    """Kept by the ledger's writer; a new one opens when the group, the promise that decides, the
    agency, field or channel changes.

    `*_at` is when it happened, `*_known` from which cut on it counts. A row that was opened or
    closed by an act that was taken back is `gone_known`: for earlier cuts it is as it was, from
    that cut on it never was, and another row says what stands instead. So for every instant and
    every cut at most one row of a dossier stands. A voided reception is like one taken back: all
    rows of the dossier are gone from that cut on, and one of its own group says so.
    """

    class Group(models.IntegerChoices):
        WORKING = 1, "Đang giải quyết"
        WAITING = 2, "Chờ bổ sung, nghĩa vụ tài chính"
        ENDED = 3, "Đã giải quyết"
        # In no table: whoever reads intervals asks for a group below it.
        VOIDED = 4, "Đã hủy tiếp nhận"

    class How(models.IntegerChoices):
        """How a dossier ended."""

        WITHDRAWN = 7, "Rút hồ sơ"
        STOPPED = 8, "Dừng giải quyết"
        FINISHED = 9, "Có kết quả"
        REFUSED = 11, "Từ chối giải quyết"

    dossier = models.ForeignKey("dossiers.Dossier", models.PROTECT, related_name="spans")
    # Those of the interval; an end keeps what held when it ended.
    agency = models.ForeignKey("accounts.Agency", models.PROTECT, related_name="+", db_index=False)
    received_by_agency = models.ForeignKey(
        "accounts.Agency", models.PROTECT, related_name="+", db_index=False
    )
    field = models.ForeignKey("procedures.Field", models.PROTECT, related_name="+", db_index=False)
    channel = models.PositiveSmallIntegerField(choices=Channel.choices)
    group = models.PositiveSmallIntegerField(choices=Group.choices)
    from_seq = models.PositiveIntegerField("mở bởi sự kiện số")
    from_at = models.DateTimeField()
    from_known = models.DateTimeField()
    to_at = models.DateTimeField(null=True, blank=True)
    to_known = models.DateTimeField(null=True, blank=True)
    gone_known = models.DateTimeField("coi như không có từ", null=True, blank=True)
    received_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    promise = models.DateTimeField("hạn theo quy định", null=True, blank=True)
    # None also for a wait that was asked for in time: it never gets late while it waits.
    late_from = models.DateTimeField("quá hạn từ, theo hạn đó", null=True, blank=True)
    how = models.PositiveSmallIntegerField(
        "kết thúc thế nào", choices=How.choices, null=True, blank=True
    )
    verdict = models.PositiveSmallIntegerField(choices=Outcome.choices, null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dossier"],
                condition=Q(to_at=None, gone_known=None),
                name="span_one_current",
            ),
        ]
        indexes = [
            # What is or was open, by when it is known to have gone on: a report reads what stands
            # at its end from here alone, and what ended from the other.
            models.Index(
                fields=["agency", "to_known"],
                name="span_open",
                condition=Q(group__lt=3),
                include=[
                    "field", "channel", "group", "from_at", "from_known", "to_at", "gone_known",
                    "received_at", "late_from", "dossier",
                ],
            ),
            models.Index(
                fields=["agency", "ended_at"],
                name="span_ended",
                condition=Q(group=3),
                include=[
                    "field", "channel", "from_at", "from_known", "to_at", "to_known",
                    "gone_known", "received_at", "how", "verdict", "dossier",
                ],
            ),
            # Received for another agency: few.
            models.Index(
                fields=["received_by_agency", "received_at"],
                name="span_for_another",
                condition=~Q(received_by_agency=F("agency")),
            ),
        ]  # fmt: skip
