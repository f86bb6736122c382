"""A large report that somebody asked for: what it is of, how far a worker is with it, what came of it."""

from __future__ import annotations

from typing import ClassVar
from urllib.parse import urlencode

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from reports.models.form import ReportForm
from reports.periods import Period, in_address, parse


class ReportRun(models.Model):
    """The same asked twice is one run: of an equal cut for good, asked as of now while it is open.

    `due_at`: when a worker may take it; while one has it, until when nobody else does. `holder`
    names that worker's hold, so that one that was too slow writes over nobody.
    """

    class Kind(models.TextChoices):
        PAGE = "page", "Số liệu trên trang"
        PDF = "pdf", "PDF"
        XLSX = "xlsx", "Excel"
        PREPARE = "prepare", "Trình ký"
        SIGN = "sign", "Ký"

    # What a worker does in the name of who asked, instead of making something to look at.
    ACTS = (Kind.PREPARE, Kind.SIGN)

    class State(models.IntegerChoices):
        WAITING = 1, "Chờ lập"
        RUNNING = 2, "Đang lập"
        DONE = 3, "Đã lập xong"
        FAILED = 4, "Không lập được"

    OPEN = (State.WAITING, State.RUNNING)

    form = models.ForeignKey(ReportForm, models.PROTECT, related_name="+", db_index=False)
    agency = models.ForeignKey("accounts.Agency", models.PROTECT, related_name="+", db_index=False)
    period = models.CharField("kỳ", max_length=40)
    # How the form is worded and counted (ReportForm.worn).
    variant = models.CharField("cách ghi", max_length=40, blank=True)
    cut = models.DateTimeField("chốt số liệu lúc")
    kind = models.CharField("dạng", max_length=8, choices=Kind)
    is_fresh = models.BooleanField("theo lúc hỏi", default=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    # All who asked for it: each is told.
    askers = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+")
    at = models.DateTimeField("yêu cầu lúc")
    state = models.PositiveSmallIntegerField("tình trạng", choices=State, default=State.WAITING)
    done = models.PositiveIntegerField("số phần đã xong", default=0)
    of = models.PositiveIntegerField("số phần", default=0)
    tries = models.PositiveSmallIntegerField("số lần thử", default=0)
    due_at = models.DateTimeField(null=True, blank=True)
    holder = models.CharField(max_length=32, blank=True)
    error = models.CharField("lý do", max_length=500, blank=True)
    ended_at = models.DateTimeField("xong lúc", null=True, blank=True)
    # What came of it, until it is swept: the table as a page shows it, or where the file lies.
    figures = models.JSONField("số liệu", default=dict, blank=True)
    kept = models.CharField("tệp", max_length=200, blank=True)

    class Meta:
        verbose_name = "lần lập báo cáo lớn"
        ordering: ClassVar[list[str]] = ["-at", "-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["agency", "form", "period", "kind", "variant", "cut"], name="reportrun_once"
            ),
            models.UniqueConstraint(
                fields=["agency", "form", "period", "kind", "variant"],
                condition=Q(state__in=(1, 2), is_fresh=True),
                name="reportrun_one_open",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["due_at"], condition=Q(state__in=(1, 2)), name="reportrun_due"),
        ]

    def __str__(self) -> str:
        return f"{self.form.code}, {self.period}, {self.kind}"

    def get_absolute_url(self) -> str:
        return reverse("report_run", args=(self.pk,))

    @property
    def days(self) -> Period:
        return parse(self.period)

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN

    @property
    def result_url(self) -> str:
        """Where what was made is: the page of its moment, or the file; after an act the report."""
        if self.is_act:
            return reverse("report_page", args=(self.form.slug, self.agency.code, self.period))
        name = "report_page" if self.kind == self.Kind.PAGE else f"report_{self.kind}"
        address = reverse(name, args=(self.form.slug, self.agency.code, self.period))
        worded = {"nhan": self.variant} if self.variant else {}
        return f"{address}?{urlencode({'luc': self.cut_in_address} | worded)}"

    @property
    def cut_in_address(self) -> str:
        return in_address(self.cut)

    @property
    def told_url(self) -> str:
        """Where a notice of it leads: who keeps a register need not be one who reads reports."""
        if self.form.code == "register":
            return f"{reverse('register')}?{urlencode({'co-quan': self.agency_id})}#lap"
        return self.result_url if self.is_act else self.get_absolute_url()

    @property
    def is_ready(self) -> bool:
        """Made, and not swept yet; what was done stays so."""
        is_there = self.is_act or bool(self.figures or self.kept)
        return self.state == self.State.DONE and is_there

    @property
    def doing(self) -> str:
        """What the run does, as its page is called."""
        return self.get_kind_display() if self.is_act else "Lập"

    @property
    def state_words(self) -> str:
        """How it stands, as people read it."""
        words: str = self.get_state_display()
        return words.replace("lập", self.get_kind_display().lower()) if self.is_act else words

    @property
    def is_act(self) -> bool:
        return self.kind in self.ACTS
