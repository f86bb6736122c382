"""What the worker runs for the catalogue: ids in, call the verb; each may run any number of times."""

from celery import shared_task
from django.utils import timezone

from onestop.jobs.runs import recorded
from procedures.domain import editions, unpublished, uploading, using


@shared_task(name=uploading.PREVIEW)
def preview_upload(pk: int) -> None:
    uploading.preview(pk, timezone.now(), clock=timezone.now)


@shared_task(name=uploading.RUN)
def run_upload(pk: int) -> None:
    uploading.run(pk, timezone.now(), clock=timezone.now)


@shared_task(name="procedures.sweep_uploads")
def sweep_uploads() -> None:
    """Files whose worker was never told or died."""
    with recorded("procedures.sweep_uploads") as run:
        done = uploading.sweep(timezone.now())
        run.detail = f"làm tiếp {done} lần nhập danh mục" if done else ""


@shared_task(name="procedures.remind_unpublished")
def remind_unpublished() -> None:
    """What is received under a text and nobody published for long."""
    with recorded("procedures.remind_unpublished") as run:
        waiting = unpublished.remind(timezone.now())
        run.detail = f"{waiting} thủ tục chờ công bố lâu" if waiting else ""


@shared_task(name=editions.DRAW)
def draw_edition(pk: int) -> None:
    """A notice board or leaflet that somebody wants to print."""
    editions.work(pk, timezone.now)


@shared_task(name=editions.SWEEP)
def sweep_editions() -> None:
    """Those whose worker was never told or died; files that a newer edition replaced go."""
    with recorded(editions.SWEEP) as run:
        made, gone = editions.sweep(timezone.now)
        run.detail = f"lập {made} bản in niêm yết, dọn {gone} bản cũ" if made or gone else ""


@shared_task(name="procedures.count_use")
def count_use() -> None:
    """How often and how fast each procedure was done in the last year."""
    with recorded("procedures.count_use") as run:
        rows = using.count(timezone.now())
        run.detail = f"đếm {rows} dòng thủ tục theo nơi tiếp nhận" if rows else ""
