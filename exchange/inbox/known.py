"""What says the same as a message that is here: a repetition, unless what the first one did stands no more
(docs/adr/0035). Then it is a message of its own, and a person looks at what it would change.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dossiers.models import Dossier, OnlineFiling
from exchange.models import Message
from exchange.models.inbox import AGAIN

if TYPE_CHECKING:
    from collections.abc import Iterable

    from exchange.models import Door

State = Message.State
# So much of a digest is kept beside the number of what was said again.
KEPT = 56


def said_before(door: Door, code: str, digest: str) -> list[Message]:
    """Those that say this, the last one at the end. One query."""
    rows = Message.objects.filter(door=door, foreign_code=code, sha256__startswith=digest[:KEPT])
    return list(rows.select_related("door").defer("raw").order_by("pk"))


def said_of(door: Door, codes: Iterable[str]) -> dict[tuple[str, str], list[Message]]:
    """The same of all that these dossiers said, by code and by what is kept of a digest. One query."""
    found: dict[tuple[str, str], list[Message]] = {}
    rows = Message.objects.filter(door=door, foreign_code__in=set(codes))
    for one in rows.select_related("door").defer("raw").order_by("pk"):
        found.setdefault((one.foreign_code, one.sha256[:KEPT]), []).append(one)
    return found


def digest_again(digest: str, number: int) -> str:
    return f"{digest[:KEPT]}{AGAIN}{number:07d}"


def counts_again(last: Message, *, recalls: bool) -> bool:
    """Whether saying it once more says something: never with a time of its own, nor while somebody has
    to look at it or it is what waits. A withdrawal: where the filing waits again or was answered
    since, or the dossier was not withdrawn when a person closed it. Content: where something else
    came since, or it was closed and there is nothing else. At most three queries.
    """
    if last.sent_at is not None or last.state not in (State.DONE, State.REFUSED):
        return False
    rows = OnlineFiling.objects.filter(code=last.foreign_code).select_related("dossier")
    filing = rows.first()
    dossier = became(last, filing)
    if recalls:
        is_there = filing is not None and (filing.is_waiting or _was_answered(filing, last))
        return is_there or (dossier is not None and dossier.is_with_somebody)
    if last.state == State.REFUSED and filing is None and dossier is None:
        return True
    later = Message.objects.filter(door=last.door_id, foreign_code=last.foreign_code)
    return later.filter(pk__gt=last.pk).exists()


def _was_answered(filing: OnlineFiling, back: Message) -> bool:
    """After it was taken back and filed anew."""
    if filing.state != OnlineFiling.State.ANSWERED or filing.ended_at is None:
        return False
    return back.ended_at is not None and back.ended_at < filing.ended_at


def is_ours(message: Message, filing: OnlineFiling) -> bool:
    """A door speaks of the filings of its own source only."""
    return filing.source_id == message.door.source_id


def became(message: Message, filing: OnlineFiling | None) -> Dossier | None:
    """The dossier of this code; of a partner's hand-in the one that it became under a code of ours,
    unless that reception was voided.
    """
    if filing is not None and filing.is_handed and is_ours(message, filing):
        return filing.stands_as
    return Dossier.objects.filter(code=message.foreign_code).first()
