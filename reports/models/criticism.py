"""A criticism (phê bình): a numbered document of the agency's head about a unit or an officer who was
urged in vain.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from onestop.accounts.models import Agency, Role

if TYPE_CHECKING:
    from onestop.accounts.desk import Desk


class CriticismSet(models.QuerySet["Criticism"]):
    def visible_to(self, desk: Desk) -> Self:
        """Signed ones: who leads or controls the agency, or one above, the criticised officer, the heads of
        the room. Drafts: who leads or controls the agency itself, never whom one is about. Nobody else.
        """
        above = Agency.objects.under(*desk.subtree_paths).values("pk") if desk.subtree_paths else ()
        signed = Q(officer=desk.officer) | Q(department__in=desk.department_ids_as(Role.HEAD))
        drafts = Q(agency__in=desk.agency_ids_as(Role.LEADER, Role.CONTROLLER))
        return self.filter(
            (Q(agency__in=above) | signed) & Q(number__isnull=False)
            | drafts & Q(number=None) & ~Q(officer=desk.officer)
        )


class Criticism(models.Model):
    """`officer` None: the room as a whole. `lines`: the urgings it refers to, as they stood when it was
    drafted. A draft has no number; numbers run on through a year of the agency, and one that was
    withdrawn keeps its own. Nothing of its words changes after the draft: a mistake is dropped and
    drafted anew; the names and titles on it are kept when it is signed.
    """

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", db_index=False)
    department = models.ForeignKey(
        "accounts.Department", models.PROTECT, related_name="+", db_index=False
    )
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    subject = models.CharField("trích yếu", max_length=300)
    content = models.TextField("nội dung")
    demand = models.TextField("yêu cầu")
    lines = models.JSONField("các lần đôn đốc", default=list)
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    prepared_at = models.DateTimeField("soạn lúc")
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    number = models.PositiveIntegerField("số", null=True, blank=True)
    symbol = models.CharField("số, ký hiệu", max_length=60, blank=True)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    signed_at = models.DateTimeField("ký lúc", null=True, blank=True)
    # The names and titles of the document as they were when it was signed (criticising.paper_of).
    paper = models.JSONField("tên, chức vụ trên văn bản", default=dict, blank=True)
    # Dropped before it was signed, withdrawn after it.
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    closed_at = models.DateTimeField("bỏ, thu hồi lúc", null=True, blank=True)
    reason = models.CharField("lý do bỏ, thu hồi", max_length=300, blank=True)

    objects = CriticismSet.as_manager()

    class Meta:
        verbose_name = "văn bản phê bình"
        ordering: ClassVar[list[str]] = ["-prepared_at", "-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["agency", "year", "number"],
                condition=Q(number__isnull=False),
                name="criticism_number_once",
            )
        ]

    def __str__(self) -> str:
        return self.symbol or "dự thảo"

    def get_absolute_url(self) -> str:
        return reverse("criticism", args=[self.pk])

    @property
    def whom(self) -> str:
        """The officer with the room, or the room."""
        room = self.department.name
        return f"{self.officer.full_name}, {room}" if self.officer is not None else room

    @property
    def state_words(self) -> str:
        if self.closed_at is not None:
            return "Đã thu hồi" if self.signed_at else "Đã bỏ dự thảo"
        return "Đã ký" if self.signed_at else "Dự thảo"

    @property
    def is_draft(self) -> bool:
        return self.signed_at is None and self.closed_at is None

    @property
    def is_in_force(self) -> bool:
        return self.signed_at is not None and self.closed_at is None
