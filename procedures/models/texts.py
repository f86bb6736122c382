"""The parts of a published record that bind nothing of a dossier: trình tự thực hiện, mẫu đơn, yêu cầu
điều kiện; and which parts the record says there are none of (NĐ 63/2010 Đ8.2, R-132).
"""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from procedures.models.catalogue import Procedure


class Part(models.TextChoices):
    """The parts that may be empty only where the record says that there are none."""

    STEPS = "steps", "Trình tự thực hiện"
    FORMS = "forms", "Mẫu đơn, mẫu tờ khai"
    REQUIREMENTS = "requirements", "Yêu cầu, điều kiện"
    RESULTS = "results", "Kết quả thực hiện"
    AUTHORITY = "authority", "Cơ quan có thẩm quyền"
    COORDINATING = "coordinating", "Cơ quan phối hợp"


# What there may be none of; a procedure without steps or without an authority there is not.
MAY_BE_NONE = (Part.FORMS, Part.REQUIREMENTS, Part.RESULTS, Part.COORDINATING)


class TextsQuerySet(models.QuerySet["ProcedureTexts"]):
    def current(self) -> Self:
        return self.filter(replaced_at=None)


class ProcedureTexts(models.Model):
    """What stands at a procedure now; said anew, it is a new row, and the old one says until when it
    stood. No version: a dossier keeps its papers, term and fee, whatever these say later.
    """

    procedure = models.ForeignKey(
        Procedure, models.PROTECT, related_name="texts", db_index=False, verbose_name="Thủ tục"
    )
    steps = models.TextField("Trình tự thực hiện", blank=True)
    requirements = models.TextField("Yêu cầu, điều kiện", blank=True)
    # list of {"name", "url"} or {"name", "file": id of an attachment}
    forms = models.JSONField("Mẫu đơn, mẫu tờ khai", default=list, blank=True)
    none_of = models.JSONField("Không có", default=list, blank=True)  # list of Part
    recorded_at = models.DateTimeField("Ghi lúc")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    replaced_at = models.DateTimeField("Thay lúc", null=True, blank=True)

    objects = TextsQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["procedure", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["procedure"], condition=Q(replaced_at=None), name="proceduretexts_current"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.procedure_id} {self.recorded_at:%d/%m/%Y}"

    @property
    def says(self) -> dict[str, Any]:
        """What is compared with what would be said anew."""
        return {
            "steps": self.steps,
            "requirements": self.requirements,
            "forms": self.forms,
            "none_of": self.none_of,
        }
