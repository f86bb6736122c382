"""How quickly an archive is generated, beside the same rows written by COPY and nothing else: in CPU,
because each is done once.
"""

import time
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from dossiers.generating import generate
from dossiers.generating.rows import MODELS
from tests.bench.timing import busy


def archive(count: int) -> dict[str, Any]:
    """Generate so many dossiers, then copy their rows into tables with the same columns and indexes;
    nothing of it stays.
    """
    with transaction.atomic():
        started, before = time.perf_counter(), busy()
        generate(count=count, now=timezone.now(), seed=7)
        generated, took = busy() - before, time.perf_counter() - started
        bare = sum(_copied(model._meta.db_table) for model in MODELS)
        transaction.set_rollback(True)
    return {"a_second": count / took, "ratio": generated / bare}


def _copied(table: str) -> float:
    """The CPU seconds that COPY takes for the rows of a table."""
    with connection.cursor() as cursor:
        with cursor.copy(f'COPY "{table}" TO STDOUT') as out:
            rows = b"".join(out)
        cursor.execute(f'CREATE TABLE "bare_{table}" (LIKE "{table}" INCLUDING ALL)')
        before = busy()
        with cursor.copy(f'COPY "bare_{table}" FROM STDIN') as into:
            into.write(rows)
        return busy() - before
