"""Who files on line besides the citizen alone: help at the counter, an act of the clerk; and the
accounts of officers and offices, by which their own filings are known (S1).
"""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Case, Q, When


class HelpQuerySet(models.QuerySet["OnlineHelp"]):
    def standing(self) -> HelpQuerySet:
        return self.filter(undone_at=None)

    def with_code(self) -> HelpQuerySet:
        """Those that count for what bears their code; one a code."""
        return self.standing().exclude(source_code="")

    def of_code(self, code: str) -> OnlineHelp | None:
        """The help that counts for what bears this code. One query or none."""
        if not code:
            return None
        return self.standing().filter(source_code=code).select_related("officer", "agency").first()


class OnlineHelp(models.Model):
    """Hỗ trợ nộp trực tuyến: a clerk helped somebody at the counter to file on a portal.

    `source_code`: the portal's code, typed, or of the filing that came for the same person and
    procedure on the same day; one code has one help that counts.
    """

    token = models.UUIDField(unique=True)
    agency = models.ForeignKey("accounts.Agency", models.PROTECT, related_name="+", db_index=False)
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    at = models.DateTimeField("lúc")
    procedure = models.ForeignKey(
        "procedures.Procedure", models.PROTECT, related_name="+", db_index=False
    )
    owner_name = models.CharField("người được hỗ trợ", max_length=200, blank=True)
    identity_number = models.CharField("số giấy tờ", max_length=30, blank=True)
    source_code = models.CharField("mã hồ sơ trên Cổng", max_length=60, blank=True)
    undone_at = models.DateTimeField("hoàn tác lúc", null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )

    objects = HelpQuerySet.as_manager()

    class Meta:
        verbose_name = "lượt hỗ trợ nộp trực tuyến"
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["source_code"],
                condition=Q(undone_at=None) & ~Q(source_code=""),
                name="help_code_once",
            )
        ]
        indexes = [
            models.Index(fields=["agency", "-at", "-id"], name="help_agency"),
            # Also those that were taken back: figures of an earlier cut ask for them.
            models.Index(fields=["source_code"], name="help_code", condition=~Q(source_code="")),
            # What waits for its filing: asked by each filing that comes.
            models.Index(
                fields=["procedure", "at"],
                name="help_loose",
                condition=Q(undone_at=None, source_code=""),
            ),
        ]

    def __str__(self) -> str:
        return self.owner_name or self.source_code or f"lượt {self.pk}"


class OwnAccountQuerySet(models.QuerySet["OwnAccount"]):
    def on(self, day: date) -> OwnAccountQuerySet:
        return self.filter(from_day__lte=day, ended_at=None)

    def with_stands(self) -> OwnAccountQuerySet:
        """`stands`: 1 while it is in use, 0 once ended: those in use come first in a list."""
        return self.annotate(stands=Case(When(ended_at=None, then=1), default=0))


class OwnAccount(models.Model):
    """The number of an account by which an officer, or an office, signs in on portals. What such an
    account filed is told from what citizens file; ended, it holds for what comes afterwards only.
    """

    class Kind(models.IntegerChoices):
        OFFICER = 1, "Cán bộ"
        OFFICE = 2, "Cơ quan, đơn vị"

    agency = models.ForeignKey("accounts.Agency", models.PROTECT, related_name="+", db_index=False)
    kind = models.PositiveSmallIntegerField("của", choices=Kind.choices)
    number = models.CharField("số định danh, mã số thuế", max_length=35)
    holder = models.CharField("tên cán bộ, cơ quan", max_length=200)
    from_day = models.DateField("dùng từ ngày")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    made_at = models.DateTimeField("ghi lúc")
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    ended_at = models.DateTimeField("thôi dùng lúc", null=True, blank=True)

    objects = OwnAccountQuerySet.as_manager()

    class Meta:
        verbose_name = "tài khoản nộp của cán bộ, cơ quan"
        ordering = ["holder", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["number"], condition=Q(ended_at=None), name="ownaccount_once"
            )
        ]
        indexes = [models.Index(fields=["agency", "-id"], name="ownaccount_agency")]

    def __str__(self) -> str:
        return self.holder
