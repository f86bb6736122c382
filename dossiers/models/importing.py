"""Dossiers of an earlier system or of paper days: the runs that took them over, and what their rows
said beside the dossier itself (R-76).
"""

from django.conf import settings
from django.db import models

from dossiers.models.undone import OfDossier


class DossierImport(models.Model):
    """One run over one file; kept for ever, whatever came of it.

    `problems`: the refused lines, each {"line", "code", "column", "reason"}.
    """

    class Counts(models.TextChoices):
        """From when on what is imported counts in reports."""

        AS_HAPPENED = "as-happened", "Tính từ lúc đã xảy ra"
        NOW = "now", "Tính từ lúc nhập"

    class Stage(models.IntegerChoices):
        PREVIEWING = 1, "Đang xem trước"
        PREVIEWED = 2, "Đã xem trước"
        RUNNING = 3, "Đang nhập"
        DONE = 4, "Đã nhập"
        FAILED = 5, "Không nhập được"

    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    # Who vouches that it may count from when it happened; an administrator.
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    file_name = models.CharField("tệp", max_length=250)
    sha256 = models.CharField(max_length=64)
    counts_from = models.CharField(
        max_length=12, choices=Counts.choices, default=Counts.AS_HAPPENED
    )
    stage = models.PositiveSmallIntegerField(choices=Stage.choices, default=Stage.DONE)
    rows = models.PositiveIntegerField("số dòng", default=0)
    done = models.PositiveIntegerField("số dòng đã xong", default=0)
    counts = models.JSONField(default=dict)
    warnings = models.JSONField(default=list)
    problems = models.JSONField(default=list)
    ended_at = models.DateTimeField(null=True, blank=True)
    # When a worker last did something for it: one that died leaves it to the sweep.
    touched_at = models.DateTimeField(null=True, blank=True)
    # Where the upload is kept until it is imported; empty afterwards and for commands.
    kept = models.CharField(max_length=200, blank=True)
    # The first lines of a preview, each {"line", "code", "what", "reason"}.
    sample = models.JSONField(default=list)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = "lần nhập hồ sơ"
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.file_name} {self.at:%d/%m/%Y}"

    @property
    def is_working(self) -> bool:
        """A worker is at it, or will be."""
        return self.stage in (self.Stage.PREVIEWING, self.Stage.RUNNING)


class SourceRecord(OfDossier):
    """What the row of an imported dossier said that is no column of ours. People named in it need
    no account.

    `row_digest`: of the whole row, with the dossier's salt: whether a second file says the same.
    """

    told_as = ("source", "dữ liệu của hệ thống trước")

    dossier = models.OneToOneField("dossiers.Dossier", models.CASCADE, related_name="source_record")
    run = models.ForeignKey(DossierImport, models.PROTECT, related_name="+")
    line = models.PositiveIntegerField()
    case_text = models.CharField("trường hợp", max_length=500, blank=True)
    department = models.CharField("phòng ban", max_length=200, blank=True)
    officer = models.CharField("cán bộ", max_length=200, blank=True)
    note = models.TextField("ghi chú", blank=True)
    row_digest = models.CharField(max_length=200)
