"""Why a dossier was late, as its office says it (nguyên nhân quá hạn)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q


class LateCause(models.Model):
    """One saying of the cause. Another one replaces it from its own instant on: a report counts what
    stood at its cut. Rows are only added; `replaced_at` is all that is written later.
    """

    class Cause(models.TextChoices):
        STAFF = "staff", "Cơ quan, đơn vị: thiếu nhân lực"
        EQUIPMENT = "equipment", "Cơ quan, đơn vị: thiếu trang thiết bị"
        COORDINATION = "coordination", "Cơ quan, đơn vị: thiếu phối hợp giữa các đơn vị, cơ quan"
        DELAY = "delay", "Cơ quan, đơn vị: chậm trễ"
        RULES = "rules", "Quy định hành chính: chưa rõ, chồng chéo"
        TERM = "term", "Quy định hành chính: thời hạn không hợp lý"
        APPLICANT = "applicant", "Chờ tổ chức, cá nhân bổ sung hồ sơ"
        MONEY = "money", "Chờ thực hiện nghĩa vụ tài chính"
        INCIDENT = "incident", "Sự cố, tạm dừng làm việc đột xuất"
        SYNC = "sync", "Dữ liệu đồng bộ chậm hoặc sai"
        OTHER = "other", "Nguyên nhân khác"

    dossier = models.ForeignKey(
        "dossiers.Dossier", models.PROTECT, related_name="late_causes", verbose_name="hồ sơ"
    )
    cause = models.CharField("nguyên nhân", max_length=12, choices=Cause)
    # The procedure and the rule where a rule is to blame; what else is to say.
    detail = models.CharField("nói rõ", max_length=500, blank=True)
    department = models.ForeignKey(
        "accounts.Department", models.PROTECT, related_name="+", verbose_name="đơn vị chịu trách nhiệm", db_index=False)  # fmt: skip
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    recorded_at = models.DateTimeField("ghi lúc")
    replaced_at = models.DateTimeField("thay lúc", null=True, blank=True)

    class Meta:
        verbose_name = "nguyên nhân quá hạn"
        ordering: ClassVar[list[str]] = ["dossier", "-recorded_at"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["dossier"], condition=Q(replaced_at=None), name="latecause_one_standing"
            )
        ]

    def __str__(self) -> str:
        return self.get_cause_display()


Cause = LateCause.Cause


@dataclass(frozen=True, slots=True)
class Listed:
    """Since when, and until when, a cause may be said; both days included."""

    cause: Cause
    since: date
    until: date = date.max


# The first seven by the table of late causes (TT 01/2020, TT 02/2017); what the office is not to
# blame for is counted there under "Khác". Of online filing, one door for all since 1/7/2025, came
# data that are late or wrong.
_TABLE = date(2017, 1, 1)
_OWN = date(2025, 7, 1)
_NOT_OF_THE_TABLE = (Cause.APPLICANT, Cause.MONEY, Cause.INCIDENT, Cause.SYNC)
LISTED = (
    *(Listed(cause, _TABLE) for cause in Cause if cause not in _NOT_OF_THE_TABLE),
    *(Listed(cause, _OWN) for cause in _NOT_OF_THE_TABLE),
)
COUNTED_AS_OTHER = (Cause.OTHER, *_NOT_OF_THE_TABLE)


def causes_on(day: date) -> list[Cause]:
    """What may be said on a day, in the order of the list."""
    known = {one.cause for one in LISTED if one.since <= day <= one.until}
    return [cause for cause in Cause if cause in known]


# Causes that say nothing without words: which rule, which other cause.
WITH_DETAIL = frozenset({LateCause.Cause.RULES, LateCause.Cause.TERM, LateCause.Cause.OTHER})
