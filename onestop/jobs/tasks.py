from importlib import import_module

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from onestop.jobs import runs


@shared_task(name="jobs.heartbeat")
def heartbeat() -> None:
    with runs.recorded("jobs.heartbeat"):
        runs.beat(timezone.now())


@shared_task(name="jobs.prune")
def prune() -> None:
    with runs.recorded("jobs.prune") as run:
        import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
        run.detail = f"xóa {runs.prune(timezone.now())} lần chạy cũ và các phiên đã hết hạn"
