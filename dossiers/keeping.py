"""What this app offers to backup and restore: its numbers, and the proof of its ledger."""

from collections.abc import Callable
from datetime import datetime

from dossiers.ledger.verifying import verify
from dossiers.models import CodeCounter, RegisterCounter, SlipCounter
from onestop.keeping.offered import Counter, check_after, count_on


def connect() -> None:
    count_on(
        Counter(CodeCounter._meta.db_table, ("agency_id", "day"), "last"),
        Counter(RegisterCounter._meta.db_table, ("agency_id", "year"), "last"),
        Counter(SlipCounter._meta.db_table, ("agency_id", "slug", "year"), "last"),
    )
    check_after("verify_events", _misfits)


def _misfits(now: datetime, progress: Callable[[int], None]) -> list[str]:
    found = verify(now=now, progress=progress)
    lines = [f"Không khớp ở {one}." for one in found.misfits]
    return [*lines, f"Và {found.unnamed} chỗ khác."] if found.unnamed else lines
