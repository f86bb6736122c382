"""One line a change of a row that is kept."""

from django.db import models


class RowChange(models.Model):
    """How a row stood after one change, chained by hash to its change before. Triggers in the
    database refuse UPDATE, DELETE and TRUNCATE (onestop.guards).

    `text` is the canonical text that was hashed: columns as they are, free text and names as one
    digest with `salt`; without columns once the row was deleted.
    """

    table = models.CharField(max_length=40)
    row = models.BigIntegerField()
    seq = models.PositiveIntegerField()
    recorded_at = models.DateTimeField("ghi lúc")
    text = models.TextField()
    salt = models.BinaryField()
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        verbose_name = "thay đổi"
        constraints = [
            models.UniqueConstraint(fields=["table", "row", "seq"], name="rowchange_once")
        ]
        indexes = [models.Index(fields=["recorded_at", "id"], name="rowchange_recorded")]

    def __str__(self) -> str:
        return f"{self.table} {self.row}/{self.seq}"
