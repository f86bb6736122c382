"""Attachments: what was scanned or uploaded, and for what. The bytes lie under their own checksum."""

from django.conf import settings
from django.db import models
from django.db.models import QuerySet

from onestop.signatures.checking import MOST_WORDS, Verdict


class AttachmentQuerySet(QuerySet["Attachment"]):
    def of(self, kind: str, object_id: int) -> "AttachmentQuerySet":
        """The attachments of one object, in the order they came."""
        return self.filter(kind=kind, object_id=object_id).order_by("id")


class Attachment(models.Model):
    """One file of one object, known only as (kind, object_id); whose eyes may see it is decided in
    the app above.
    """

    kind = models.CharField("loại đối tượng", max_length=40)
    object_id = models.BigIntegerField("đối tượng")
    name = models.CharField("tên tệp", max_length=200)
    content_type = models.CharField("kiểu nội dung", max_length=100)
    size = models.PositiveBigIntegerField("dung lượng (byte)")
    sha256 = models.CharField("mã kiểm tra", max_length=64)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="người tải lên",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    uploaded_at = models.DateTimeField("lúc tải lên")
    # Of a scan, counted when it was kept; NULL of what has no pages and of what came before.
    pages = models.PositiveIntegerField("số trang", null=True, blank=True)

    # Of a PDF: whether its digital signatures held when it came, and who signed it, as they say.
    signature = models.PositiveSmallIntegerField(
        "chữ ký số", choices=Verdict, default=Verdict.NONE, db_default=Verdict.NONE
    )
    signed_by = models.CharField("người ký số", max_length=MOST_WORDS, blank=True, db_default="")

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = "tệp đính kèm"
        verbose_name_plural = "tệp đính kèm"
        indexes = [
            models.Index(fields=["kind", "object_id", "id"], name="attachment_of"),
            models.Index(fields=["sha256"], name="attachment_bytes"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def path(self) -> str:
        """Where the bytes lie in the storage: the same bytes are kept once."""
        return path_of(self.sha256)


def path_of(sha256: str) -> str:
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"
