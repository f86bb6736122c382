from celery import shared_task

from onestop.accounts import traces
from onestop.jobs.runs import recorded


@shared_task(name="accounts.write_traces")
def write_traces() -> None:
    """Lines of the access log that waited for the database."""
    with recorded("accounts.write_traces") as run:
        count = traces.write() if traces.waits() else 0
        run.detail = f"ghi {count} dòng nhật ký truy cập đã chờ" if count else ""
