"""Gunicorn, the same under `make run`, in the image and in compose: gunicorn -c
python:onestop.gunicorn_conf onestop.wsgi

Workers of our own (onestop/web_worker.py): a slow or silent client costs a connection, never a
worker. No access log: our own request line says the same without the query, which carries look-up
secrets; gunicorn's own words pass the same masks.
"""

import os
from pathlib import Path

from onestop import logs

bind = os.environ.get("BIND", "127.0.0.1:8000")
workers = int(os.environ.get("WEB_WORKERS") or min(2 * (os.cpu_count() or 2), 8))
worker_class = "onestop.web_worker.BufferedWorker"
threads = int(os.environ.get("WEB_THREADS") or 4)
preload_app = True
timeout = 60
max_requests = 20_000
max_requests_jitter = 2_000
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108  # heartbeats must not wait for a disk
control_socket_disable = True
accesslog = None
logconfig_dict = logs.configure(os.environ.get("LOG_LEVEL", "INFO"))


def when_ready(_server: object) -> None:
    """Before the first fork: every view and address is loaded once, and shared by all workers."""
    from django.urls import get_resolver, reverse

    assert get_resolver().url_patterns
    reverse("alive")
