"""Instants as people type them."""

from __future__ import annotations

import re
from datetime import date, datetime

from django.utils import timezone

from onestop.worktime import InstantError, parse_instant


def instant_of(text: str, now: datetime, day: date | None = None) -> datetime | None:
    """An hour of today, or of another day ("08:30"), or a full instant; None when it cannot be read."""
    text = text.strip()
    if re.fullmatch(r"\d{1,2}:\d{2}", text, re.ASCII):
        text = f"{day or timezone.localdate(now):%d/%m/%Y} {text}"
    try:
        return parse_instant(text)
    except InstantError:
        return None
