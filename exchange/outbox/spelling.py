"""How instants and long sentences are written for others."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

# yyyyMMddHHmmss, as the known contracts write them.
DATES = "%Y%m%d%H%M%S"


def written(at: datetime | str | None, dates: str = DATES) -> str:
    """An instant by the clock of Việt Nam; "" for none."""
    if not at:
        return ""
    instant = datetime.fromisoformat(at) if isinstance(at, str) else at
    return timezone.localtime(instant).strftime(dates)


def read(text: str, dates: str = DATES) -> datetime | None:
    """Errors: ValueError for what is no such instant."""
    if not text:
        return None
    found = datetime.strptime(text, dates)  # noqa: DTZ007 (given its zone right here)
    return found if timezone.is_aware(found) else timezone.make_aware(found)


def shortened(text: str, most: int) -> str:
    """A sentence that is too long ends at a word."""
    return text if len(text) <= most else text[: most - 1].rsplit(" ", 1)[0] + "…"
