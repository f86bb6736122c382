"""A body from outside as an envelope (control-and-online 6.4): nothing of it is believed before it is
measured. Pure.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Any

import orjson

from onestop.errors import DomainError
from onestop.texts import in_one_line

# A dossier of 20 papers has some 600 values, six storeys deep.
MOST_DEPTH, MOST_VALUES, MOST_ITEMS = 20, 20_000, 100
# The closing quote may be missing: what never fails never looks twice.
_STRINGS = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"?', re.DOTALL)
TRUE, FALSE = (True, "true", 1, "1"), (False, "false", 0, "0", None, "")


@dataclass(frozen=True, slots=True)
class Envelope:
    """One thing that was sent. `raw`: as it is kept, and read again from."""

    service: str
    is_updating: bool
    data: dict[str, Any]
    raw: str

    @property
    def sha256(self) -> str:
        """Of what it says, whatever blanks and order it came in."""
        said = [self.service, self.is_updating, self.data]
        return hashlib.sha256(orjson.dumps(said, option=orjson.OPT_SORT_KEYS)).hexdigest()


def envelopes(body: bytes) -> list[Envelope]:
    """What a body says. Errors: DomainError("exchange_unreadable", "exchange_envelope")."""
    told = parsed(body)
    if not isinstance(told, dict):
        raise DomainError("exchange_envelope", part="service")
    service = told.get("service")
    if not isinstance(service, str) or not in_one_line(service):
        raise DomainError("exchange_envelope", part="service")
    is_updating = _yes(told.get("isUpdating"))
    data = told.get("data")
    items: list[Any] = data if isinstance(data, list) else [data]
    if not 0 < len(items) <= MOST_ITEMS or not any(isinstance(one, dict) for one in items):
        raise DomainError("exchange_envelope", part="data")
    service = in_one_line(service)[:60]
    if not isinstance(data, list):
        return [Envelope(service, is_updating, items[0], body.decode())]
    return [
        # One of a list that says nothing keeps no other from being taken.
        Envelope(
            service,
            is_updating,
            one if isinstance(one, dict) else {},
            _alone(service, is_updating, one),
        )
        for one in items
    ]


def _alone(service: str, is_updating: bool, one: Any) -> str:
    said = {"service": service, "isUpdating": is_updating, "data": one}
    return orjson.dumps(said).decode()


def _yes(given: Any) -> bool:
    plain = given.strip().lower() if isinstance(given, str) else given
    for answer, forms in ((True, TRUE), (False, FALSE)):
        if any(plain == form and type(plain) is type(form) for form in forms):
            return answer
    raise DomainError("exchange_envelope", part="isUpdating")


def parsed(body: bytes) -> Any:
    """Measured before it is parsed: how deep, how many values."""
    bare = _STRINGS.sub(b"", body)
    if sum(bare.count(sign) for sign in (b",", b":", b"[", b"{", b"]", b"}")) > MOST_VALUES:
        raise DomainError("exchange_unreadable")
    depth = 0
    for sign in re.finditer(rb"[\[\]{}]", bare):
        depth += 1 if sign[0] in b"[{" else -1
        if depth > MOST_DEPTH:
            raise DomainError("exchange_unreadable")
    try:
        body.decode()
        return orjson.loads(body)
    except (ValueError, RecursionError):
        raise DomainError("exchange_unreadable") from None
