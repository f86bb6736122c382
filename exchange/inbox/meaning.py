"""What a message means here, as far as it was read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from dossiers.intake.said import NOTHING, Said
from exchange.inbox.memo import Memo

if TYPE_CHECKING:
    from datetime import datetime

    from dossiers.desk.partners import Handing
    from exchange.inbox.named import FileIn
    from onestop.accounts.models import Agency
    from onestop.results import Denied


@dataclass(slots=True)
class Mapped:
    """`missing`: codes with data, why it cannot be taken; `columns`: of the filing; `notes`: what is
    odd about what is taken.
    """

    code: str
    agency: Agency | None = None
    sent_at: datetime | None = None
    filed_at: datetime | None = None
    columns: dict[str, Any] = field(default_factory=dict)
    files: list[FileIn] = field(default_factory=list)
    missing: list[dict[str, Any]] = field(default_factory=list)
    notes: list[dict[str, Any]] = field(default_factory=list)
    # The owner's citizen card, where that is sure.
    owner_card: str = ""
    # Why a partner office may not hand this in, as its page would say it.
    denied: Denied | None = None
    # Its days and counters, where they were read before; what the other dossiers of its body asked.
    handing: Handing | None = None
    memo: Memo = field(default_factory=Memo)
    # As its hours are reckoned: what was said of it, and the policy of its procedure.
    said: Said = NOTHING
    last_hour_waits: bool = False
    # From when its hours run: later than it was filed where a policy says so.
    counts_from: datetime | None = None

    def lack(self, code: str, **data: Any) -> None:
        self.missing.append({"code": code, "data": data})

    def note(self, code: str, **data: Any) -> None:
        self.notes.append({"code": code, "data": data})
