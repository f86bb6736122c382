"""Wake a worker after the commit. Nothing depends on it: what a nudge loses, the scheduler's sweep finds."""

import logging
from typing import Any

from celery import current_app
from django.db import transaction

logger = logging.getLogger(__name__)


def nudge(task: str, *args: Any) -> None:
    """Queue the task of that name once the surrounding transaction has committed; a dead broker is only a log line.

    Arguments are ids. By name, so that a domain module never imports a tasks module.
    """
    transaction.on_commit(lambda: _send(task, args), robust=True)


def _send(task: str, args: tuple[Any, ...]) -> None:
    known = current_app.tasks.get(task)
    try:
        if known is None:
            current_app.send_task(task, args=args)
        else:
            known.apply_async(args=args)
    except Exception as error:
        if current_app.conf.task_always_eager:
            raise
        logger.warning("worker not reached", extra={"task": task, "error": type(error).__name__})
