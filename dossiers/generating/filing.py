"""What an invented online dossier was filed with on the portal."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from dossiers.intake.brought import OnlineIn
from dossiers.intake.online import CHANNELS
from onestop.worktime import local

if TYPE_CHECKING:
    from onestop.accounts.models import Agency

BEFORE = timedelta(minutes=25)


def filed_online(channel: int, received: datetime, *, unit: Agency) -> OnlineIn | None:
    """A little before its reception, under a code that each copy changes for one of its own; None
    for a dossier that was not handed in on a portal.
    """
    if channel not in CHANNELS:
        return None
    number = secrets.randbelow(10**7)
    code = f"{unit.dossier_code}-{local(received):%y%m%d}-{number:07d}"
    return OnlineIn(code, received.replace(second=0, microsecond=0) - BEFORE)
