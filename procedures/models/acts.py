"""What people did to the catalogue: confirmed terms, verified dates, imported files. Written once,
never changed.
"""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from onestop.jobs.staged import Staged
from procedures.models.catalogue import ProcedureVersion


class ActKind(models.IntegerChoices):
    TERMS = 1, "Xác nhận thời hạn"
    DATES = 2, "Kiểm tra ngày hiệu lực"
    ABOLISH = 3, "Bãi bỏ"
    SUPPLEMENT = 4, "Đổi cách tính thời hạn khi bổ sung"
    CORRECTION = 5, "Xác nhận lại"
    TAKE_BACK = 6, "Rút lại"


class Answer(models.Model):
    """One answer to a question that many records ask in the same words; each version it was applied
    to has an act of its own.
    """

    class What(models.TextChoices):
        TERM = "thoi-han", "Thời hạn"
        FEE = "phi", "Mức phí, lệ phí"

    what = models.CharField(max_length=10, choices=What.choices)
    text = models.CharField("Chữ ghi trong CSDL quốc gia", max_length=300, blank=True)
    reading = models.CharField("Cách đọc", max_length=60)
    number = models.PositiveIntegerField("Số thủ tục")
    note = models.CharField("Căn cứ", max_length=500, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )

    class Meta:
        ordering: ClassVar[list[str]] = ["-at", "-id"]

    def __str__(self) -> str:
        return f"“{self.text}”: {self.reading}"


class CatalogueAct(models.Model):
    """One act of a controller on one version; `by` is empty for what the demo or a command did in
    nobody's name.
    """

    version = models.ForeignKey(ProcedureVersion, on_delete=models.PROTECT, related_name="acts")
    kind = models.SmallIntegerField(choices=ActKind.choices)
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    # TERMS: {"rows": [{"case", "channel", "term_text", "note", "term"}], "mode"}: the original
    # words stay beside the reading.
    # SUPPLEMENT: {"before", "after"}, numbers of SupplementMode.
    # CORRECTION: {"corrects": number, "rows": as TERMS, with "term_before" and "fee_before", "names":
    # [[before, after]], "left_out", "brought_back", "papers": [[name, before, after]]}, on the new
    # version; the last two only where there are any.
    # TAKE_BACK: {"again": the number of the version that holds instead}.
    content = models.JSONField(default=dict)
    note = models.CharField("Lý do, căn cứ", max_length=500, blank=True)
    answer = models.ForeignKey(
        Answer, null=True, blank=True, on_delete=models.PROTECT, related_name="acts", db_index=False
    )

    class Meta:
        ordering: ClassVar[list[str]] = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.version_id}"


class ImportRun(models.Model):
    """One import: what file, when, the counts, and every record that was refused or waits, with its
    reason.
    """

    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    what = models.CharField(max_length=20)  # "procedures" or "processes"
    file_name = models.CharField("Tệp", max_length=250)
    sha256 = models.CharField(max_length=64)
    counts = models.JSONField(default=dict)
    problems = models.JSONField(default=list)  # list of {"place", "code", "reason", "kind"}

    class Meta:
        ordering: ClassVar[list[str]] = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.file_name} {self.at:%d/%m/%Y}"


class Upload(Staged):
    """A file of records that a page takes in: what it would do, line by line, until somebody says
    so; then the run that did it. The file is kept.

    `lines`: every record of the file but those that change nothing, each {"place", "code", "name",
    "what", "parts": [[label, before, after]], "reason", "base": id of the version it was compared
    with}. `left_out`: places of records that are not imported.
    """

    what = models.CharField(
        max_length=20,
        choices=[("procedures", "Danh mục thủ tục"), ("processes", "Quy trình nội bộ")],
    )
    decision = models.CharField("Số quyết định", max_length=100, blank=True)
    signed = models.DateField("Ngày ký", null=True, blank=True)
    effective = models.DateField("Có hiệu lực từ", null=True, blank=True)
    lines = models.JSONField(default=list)
    left_out = models.JSONField(default=list)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    run = models.OneToOneField(
        ImportRun, null=True, blank=True, on_delete=models.PROTECT, related_name="upload"
    )

    class Meta:
        ordering: ClassVar[list[str]] = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.file_name} {self.at:%d/%m/%Y}"
