"""With the settings of a real server, a thread keeps its connection from one request to the next."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
REQUESTS = """
import os, django
django.setup()
from django.core.signals import request_finished, request_started
from django.db import connection
seen = []
for _ in range(3):
    request_started.send(object, environ={})
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS page (id integer)")
    seen.append(connection.connection)
    request_finished.send(object)
assert seen[0] is seen[1] is seen[2]
print("kept", os.path.exists(os.environ["VAR_DIR"] + "/motcua.sqlite3-wal"))
"""


@pytest.mark.one_engine("PostgreSQL's connections are kept by the same setting")
def test_sqlite_reads_its_schema_and_writes_its_log_back_not_at_each_request(tmp_path: Path):
    """The last connection to close writes the log into the database, waits for the disk and removes
    the log: with a connection a request, a small office did that for each page.
    """
    known = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "TESTING")}
    done = subprocess.run(
        [sys.executable, "-c", REQUESTS],
        cwd=ROOT,
        env=known | {"DJANGO_SETTINGS_MODULE": "onestop.settings", "VAR_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "kept True\n", done.stderr
