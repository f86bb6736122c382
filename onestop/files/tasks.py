from celery import shared_task
from django.utils import timezone

from onestop.files import domain
from onestop.files.models import Attachment
from onestop.jobs.runs import FILES, recorded


@shared_task(name="files.sweep_orphans")
def sweep_orphans() -> None:
    with recorded("files.sweep_orphans") as run:
        run.detail = f"xóa {domain.sweep_orphans(timezone.now())} tệp không còn ai dùng"


@shared_task(name="files.verify")
def verify() -> None:
    """Every stored file against its checksum, once a night (R-149); who answers for a damaged one
    is told.
    """
    with recorded(FILES) as run:
        bad = []
        for attachment, code in domain.damaged(Attachment.objects.iterator(chunk_size=500)):
            bad.append(attachment.pk)
            domain.report(attachment, code, at=timezone.now())
        run.ok = not bad
        run.detail = (
            f"{len(bad)} tệp hỏng hoặc mất: {bad[:20]}" if bad else "mọi tệp khớp mã kiểm tra"
        )
