"""What people did to the catalogue: confirmed terms, verified dates, imported files. Written once,
never changed.
"""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from procedures.models.catalogue import ProcedureVersion


class ActKind(models.IntegerChoices):
    TERMS = 1, "Xác nhận thời hạn"
    DATES = 2, "Kiểm tra ngày hiệu lực"
    ABOLISH = 3, "Bãi bỏ"
    SUPPLEMENT = 4, "Đổi cách tính thời hạn khi bổ sung"


class CatalogueAct(models.Model):
    """One act of a controller on one version; `by` is empty for what the demo or a command did in
    nobody's name.
    """

    version = models.ForeignKey(ProcedureVersion, on_delete=models.PROTECT, related_name="acts")
    kind = models.SmallIntegerField(choices=ActKind.choices)
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # TERMS: {"rows": [{"case", "channel", "term_text", "note", "term"}], "mode"}: the original
    # words stay beside the reading.
    # SUPPLEMENT: {"before", "after"}, numbers of SupplementMode.
    content = models.JSONField(default=dict)
    note = models.CharField("Lý do, căn cứ", max_length=500, blank=True)

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
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
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
