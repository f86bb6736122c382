"""What few processes use stands in the memory of those alone. (tests/stores/test_stores.py: boto3.)"""

from pathlib import Path

from tests.stores.test_stores import started

# All that a web process and a worker load before their first request or task.
LOADED = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "onestop.settings"
from onestop.celery import app
import django; django.setup()
from django.urls import get_resolver
assert get_resolver().url_patterns
app.loader.import_default_modules()
known = {"webauthn", "OpenSSL", "pyrage"}
print(sorted(known & set(sys.modules)), "onestop.backups.tasks" in sys.modules)
"""


def test_what_security_keys_and_sealed_backups_need_is_loaded_where_it_is_used(
    tmp_path: Path,
) -> None:
    done = started(tmp_path, LOADED)
    assert done.stdout.splitlines() == ["[] True"], done.stderr
