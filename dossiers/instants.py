"""Instants as the ledger writes them: one text on any engine."""

from datetime import UTC, datetime


def instant(at: datetime | None) -> str | None:
    """An instant as the canonical text writes it: UTC, microseconds, so that any engine gives the
    same.
    """
    return (
        at.astimezone(UTC).isoformat(timespec="microseconds")[:26] + "Z" if at is not None else None
    )


def moment(text: str | None) -> datetime | None:
    """The instant that a canonical text wrote."""
    return datetime.fromisoformat(text) if text else None
