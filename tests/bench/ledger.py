"""What the ledger costs: verified, and stored."""

import hashlib
import time
from typing import Any

from django.db import connection

from dossiers.ledger.verifying import Verified, all_of, walk
from dossiers.models import Dossier, Event
from onestop.speed import uncollected
from tests.bench.timing import in_pairs, undisturbed


def verification(rounds: int = 5) -> dict[str, Any]:
    """CPU of verifying all dossiers beside that of reading all texts of events and hashing them, which
    is the least that any proof does; in turn.
    """
    count = Dossier.objects.count()
    whole, bare = [], []
    for _ in range(rounds):
        started = time.process_time()
        with uncollected():
            assert not any(walk(all_of(None), Verified(), lambda _: None))
        middle = time.process_time()
        for text, own in Event.objects.values_list("text", "hash").iterator():
            hashlib.sha256(f"{own}\n{text}".encode()).hexdigest()
        bare.append(time.process_time() - middle)
        whole.append(middle - started)
    return {
        "seconds": undisturbed(whole) / count * 100_000,
        "ratio": in_pairs(whole, bare),
    }


def size() -> float:
    """Bytes of a dossier with all that hangs on it, indexes too."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sum(pg_total_relation_size(c.oid)) FROM pg_class c JOIN pg_namespace n"
            " ON n.oid = c.relnamespace WHERE n.nspname = 'public' AND c.relkind = 'r'"
            " AND (c.relname LIKE 'dossiers%%' OR c.relname = 'files_attachment')",
            [],
        )
        return float(cursor.fetchone()[0]) / Dossier.objects.count()
