"""Dossiers of an earlier system or of paper days: the runs that took them over, and what their rows
said beside the dossier itself (R-76).
"""

from django.conf import settings
from django.db import models

from dossiers.models.undone import OfDossier
from onestop.jobs.staged import Staged


class DossierImport(Staged):
    """One run over one file; kept for ever, whatever came of it. The upload goes once it is
    imported.

    `problems`: the refused lines, each {"line", "code", "column", "reason"}.
    """

    class Counts(models.TextChoices):
        """From when on what is imported counts in reports."""

        AS_HAPPENED = "as-happened", "Tính từ lúc đã xảy ra"
        NOW = "now", "Tính từ lúc nhập"

    # Who vouches that it may count from when it happened; an administrator.
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    counts_from = models.CharField(
        max_length=12, choices=Counts.choices, default=Counts.AS_HAPPENED
    )
    warnings = models.JSONField(default=list)
    # The first lines of a preview, each {"line", "code", "what", "reason"}.
    sample = models.JSONField(default=list)

    class Meta:
        verbose_name = "lần nhập hồ sơ"
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.file_name} {self.at:%d/%m/%Y}"


class SourceRecord(OfDossier):
    """What the row of an imported dossier said that is no column of ours. People named in it need
    no account.

    `row_digest`: of the whole row, with the dossier's salt: whether a second file says the same.
    """

    told_as = ("source", "dữ liệu của hệ thống trước")

    dossier = models.OneToOneField("dossiers.Dossier", models.CASCADE, related_name="source_record")
    run = models.ForeignKey(DossierImport, models.PROTECT, related_name="+", db_index=False)
    line = models.PositiveIntegerField()
    case_text = models.CharField("trường hợp", max_length=500, blank=True)
    department = models.CharField("phòng ban", max_length=200, blank=True)
    officer = models.CharField("cán bộ", max_length=200, blank=True)
    note = models.TextField("ghi chú", blank=True)
    row_digest = models.CharField(max_length=200)
