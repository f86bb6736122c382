"""Thủ tục chưa công bố: a legal text creates a procedure and no decision lists it yet. It is received
under that text, marked everywhere, until it is published; then it goes on under the published one.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import ClassVar, Self

from django.conf import settings
from django.db import models

from procedures.models.catalogue import UNPUBLISHED_CODE, Procedure
from procedures.models.lists import CounterKind

# What moving writes on a row; nothing else of it changes.
MOVED_COLUMNS = ("published_as_id", "published_by_decision", "published_at", "published_by_id")
_AT = {
    CounterKind.PROVINCE: "at_province",
    CounterKind.COMMUNE: "at_commune",
    CounterKind.BRANCH: "at_branch",
}


class UnpublishedQuerySet(models.QuerySet["Unpublished"]):
    def received_at(self, counter: CounterKind, agencies: Iterable[int]) -> Self:
        """Those named for a kind of counter by one of these agencies."""
        return self.filter(agency__in=list(agencies), **{_AT[counter]: True})

    def waiting(self) -> Self:
        return self.filter(published_as=None)


class Unpublished(models.Model):
    """The text that stands for the publication, and where it is received. Its procedure has a code of
    ours, and a version like any other.
    """

    procedure = models.OneToOneField(
        Procedure, models.PROTECT, related_name="unpublished", verbose_name="Thủ tục"
    )
    agency = models.ForeignKey(
        "accounts.Agency", models.PROTECT, related_name="+", db_index=False, verbose_name="Cơ quan"
    )
    basis = models.CharField("Số, ký hiệu văn bản", max_length=100)
    title = models.CharField("Trích yếu văn bản", max_length=500)
    issuer = models.CharField("Cơ quan ban hành", max_length=200)
    issued_on = models.DateField("Ngày ban hành")
    effective_on = models.DateField("Có hiệu lực từ")
    at_province = models.BooleanField("Tiếp nhận ở trung tâm cấp tỉnh", default=False)
    at_commune = models.BooleanField("Tiếp nhận ở trung tâm cấp xã", default=False)
    at_branch = models.BooleanField("Tiếp nhận ở chi nhánh của sở", default=False)
    entered_at = models.DateTimeField("Nhập lúc")
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    published_as = models.ForeignKey(
        Procedure,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name="Đã công bố với mã",
    )
    published_by_decision = models.CharField("Quyết định công bố", max_length=100, blank=True)
    published_at = models.DateTimeField("Chuyển lúc", null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )

    objects = UnpublishedQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["effective_on", "id"]

    def __str__(self) -> str:
        return f"{self.basis}: {self.title}"

    @property
    def counters(self) -> list[str]:
        """Where it is received, in words."""
        return [kind.label for kind, name in _AT.items() if getattr(self, name)]

    def days_waiting(self, on: date) -> int:
        """How long the text has been in force without a publication."""
        return max(0, (on - self.effective_on).days)


def places_of(counters: Iterable[CounterKind]) -> dict[str, bool]:
    """The columns that name these counters."""
    wanted = set(counters)
    return {name: kind in wanted for kind, name in _AT.items()}


def is_code_of_unpublished(code: str) -> bool:
    return code.startswith(UNPUBLISHED_CODE)
