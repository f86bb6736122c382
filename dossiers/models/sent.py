"""What an applicant sent on line in answer to a request for completion, until the counter takes it in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Case, OuterRef, Subquery, When

from dossiers.models.acts import Supplement
from dossiers.states import State

if TYPE_CHECKING:
    from datetime import datetime

# The kind of its files while they wait; taken in, the dossier has its own rows of the same contents.
FILES = "sent"


def open_requests() -> models.QuerySet[Supplement]:
    """What is waited for still, at most one a dossier: a request of a dossier that was ended meanwhile
    is neither completed nor taken back, and waits for nobody.
    """
    # The state says that it is open: named, or no index of open dossiers serves.
    return Supplement.objects.awaited().filter(
        dossier__ended_at=None, dossier__state=State.AWAITING_PAPERS
    )


class SentManager(models.Manager["SentPapers"]):
    def waiting(self) -> models.QuerySet[SentPapers]:
        """What nobody has taken in; at most one a dossier."""
        return self.filter(supplement__in=open_requests())


class SentPapers(models.Model):
    """One a request, however often something is sent for it: `at` is when it was sent last, as the
    sender says. `source`: where it was sent; None: on our own page for citizens.
    """

    supplement = models.OneToOneField(
        "dossiers.Supplement", models.PROTECT, related_name="sent", verbose_name="yêu cầu bổ sung"
    )
    source = models.ForeignKey(
        "dossiers.OnlineSource",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    at = models.DateTimeField("gửi lúc")
    arrived_at: models.DateTimeField[datetime, datetime] = models.DateTimeField("đến lúc")

    objects = SentManager()

    class Meta:
        verbose_name = "bổ sung gửi trực tuyến"

    def __str__(self) -> str:
        return f"{self.pk}"


class SentTakenBack(models.Model):
    """A file that its sender took back on our own page before the counter took it in: its content is let go
    of, that it was there is not. `file`: the id of its row, which the clerk's page may still name.
    """

    supplement = models.ForeignKey(
        "dossiers.Supplement", models.PROTECT, related_name="+", verbose_name="yêu cầu bổ sung"
    )
    file = models.BigIntegerField("tệp")
    name = models.CharField("tên tệp", max_length=200)
    size = models.PositiveBigIntegerField("dung lượng (byte)")
    sha256 = models.CharField("mã kiểm tra", max_length=64)
    sent_at = models.DateTimeField("gửi lúc")
    at = models.DateTimeField("lấy lại lúc")

    class Meta:
        verbose_name = "tệp bổ sung người nộp lấy lại"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["file"], name="sent_taken_back_once")]

    def __str__(self) -> str:
        return self.name


def sent_at() -> Case:
    """Of a dossier: when something was sent that nobody has taken in. By no join: the page of a list
    has as many tables as PostgreSQL plans together.
    """
    own = Supplement.objects.awaited().filter(dossier=OuterRef(OuterRef("pk"))).order_by("-pk")
    rows = SentPapers.objects.filter(supplement=Subquery(own.values("pk")[:1]))
    waits = When(state=State.AWAITING_PAPERS, then=Subquery(rows.values("at")[:1]))
    return Case(waits)
