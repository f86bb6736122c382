"""What bears no code by which it could be known when it came: whether it can be read since, and what keeps
it, in the words of whoever looks at it. Its sender was told that it was not taken.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from exchange.inbox import letting
from exchange.inbox.arriving import checked, digest_of, is_recall, table_today, tax_codes
from exchange.inbox.memo import Memo
from exchange.inbox.reading import Envelope, envelopes
from exchange.models import Message
from onestop.errors import DomainError

KNOWN = "Đã nhận từ trước, ở thông điệp khác."
# What the sender is answered, and what is said here.
HELD_AS = {
    "exchange_unreadable": "missing_unreadable",
    "exchange_envelope": "missing_envelope",
    "exchange_service": "missing_service",
    "exchange_code": "missing_code",
    "exchange_no_dossier": "missing_no_dossier",
    "exchange_authorisation": "missing_authorisation",
}


def lack(error: DomainError) -> dict[str, Any]:
    return {"code": HELD_AS.get(error.code, error.code), "data": error.data}


def said(message: Message) -> Envelope:
    """Errors: DomainError("exchange_unreadable", "exchange_envelope")."""
    text = message.raw.encode()
    if not message.foreign_code and digest_of(text) != message.sha256:
        # Cut, or no text: what is kept is not what came, and nothing is made of it.
        raise DomainError("exchange_unreadable")
    found = envelopes(text)
    if len(found) != 1:
        raise DomainError("exchange_envelope", part="data")
    return found[0]


def name(message: Message, one: Envelope, at: datetime) -> tuple[bool, dict[str, Any] | None]:
    """Give it its code, where the table says by now where that stands and, of a partner office, it may be
    handed in: what has a code is asked no more. Whether another message says the same, and what keeps
    it without a code. Not saved; two queries and those of letting.check, none where it has one.
    Errors: DomainError("exchange_service", "exchange_no_dossier").
    """
    if message.foreign_code:
        return False, None
    try:
        places = table_today(message.door, at).fields
        code = checked(message.door, one, places, tax_codes(message.door, [one], places))
    except DomainError as error:
        if error.code == "exchange_code":
            return False, lack(error)
        # Of a service that nobody knows nothing else is read.
        raise
    same = Message.objects.filter(door=message.door, foreign_code=code, sha256=one.sha256)
    if same.exists():
        return True, None
    try:
        if not is_recall(one.service):
            handing = letting.handing_of(message.door, at)
            before = letting.handed_before(message.door, [code])
            letting.check(
                message.door, one.data, code, at=at, handing=handing, before=before, memo=Memo()
            )
    except DomainError as error:
        return False, lack(error)
    message.foreign_code, message.sha256, message.reason = code, one.sha256, ""
    return False, None
