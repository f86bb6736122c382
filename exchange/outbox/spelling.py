"""How instants and long sentences are written for others."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone


def written(at: datetime | str | None) -> str:
    """An instant as the contract writes it: yyyyMMddHHmmss, the clock of Việt Nam; "" for none."""
    if not at:
        return ""
    instant = datetime.fromisoformat(at) if isinstance(at, str) else at
    return f"{timezone.localtime(instant):%Y%m%d%H%M%S}"


def read(text: str) -> datetime | None:
    """Errors: ValueError for what is no such instant."""
    if not text:
        return None
    plain = datetime.strptime(text, "%Y%m%d%H%M%S")  # noqa: DTZ007 (given its zone right here)
    return timezone.make_aware(plain)


def shortened(text: str, most: int) -> str:
    """A sentence that is too long ends at a word."""
    return text if len(text) <= most else text[: most - 1].rsplit(" ", 1)[0] + "…"
