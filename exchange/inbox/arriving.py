"""A message arrives: known or new, it is kept before anything is done with it, and a worker is woken."""

from __future__ import annotations

import hashlib
import hmac
import os
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from exchange.inbox import known, letting, tax
from exchange.inbox.mapping import code_of
from exchange.inbox.memo import Memo
from exchange.inbox.reading import Envelope, envelopes
from exchange.inbox.tables import Table, rows_of, table_on
from exchange.models import Door, Message
from onestop.errors import DomainError, sentence
from onestop.jobs.nudge import nudge

READ = "exchange.read_messages"
# As they were seen of the national portal's callers; the last is our own word, for want of one.
FILED = frozenset({"nhanhsdvcqg", "createdossierfromdvcqg"})
RECALLED = frozenset({"ruthosodvcqg"})
# Of a body of which nobody reads anything so much is kept to be looked at.
KEPT_OF_UNREADABLE = 4000
CUT = frozenset({"exchange_unreadable", "exchange_too_big"})
_SHAPE = re.compile("[0-9a-f]{64}")


def open_door(name: str) -> Door | None:
    """One query."""
    return Door.objects.filter(name=name, ended_at=None).select_related("source").first()


def door_of(name: str) -> Door | None:
    """The open door of this name that has a secret. One query."""
    return open_door(name) if has_secret(name) else None


def has_secret(name: str) -> bool:
    return bool(settings.EXCHANGE_SECRETS.get(name))


def is_recall(service: str) -> bool:
    """Whether a message of this service says that the applicant took the dossier back."""
    return service.lower() in RECALLED


def is_shaped(given: str) -> bool:
    """Whether it may be a signature at all: what is none is known before the body."""
    return _SHAPE.fullmatch(_bare(given)) is not None


def is_signed(name: str, body: bytes, given: str) -> bool:
    """Whether the body bears the HMAC-SHA256 of the door's secret, as hexadecimal; compared in
    constant time.
    """
    signing = Signing(name)
    signing.take(body)
    return signing.is_right(given)


class Signing:
    """A body's signature and digest, part by part as it is read. A door that is not there costs whoever
    asks as much as one that is: by nothing is one told from the other.
    """

    def __init__(self, name: str) -> None:
        secret = settings.EXCHANGE_SECRETS.get(name, "")
        self._has_secret = bool(secret)
        self._signature = hmac.new(secret.encode() or os.urandom(32), digestmod=hashlib.sha256)
        self._digest = hashlib.sha256()

    def take(self, part: bytes) -> None:
        self._signature.update(part)
        self._digest.update(part)

    @property
    def digest(self) -> str:
        return self._digest.hexdigest()

    def is_right(self, given: str) -> bool:
        right = self._signature.hexdigest().encode()
        is_same = hmac.compare_digest(right, _bare(given).encode("utf-8", "replace"))
        return is_same and self._has_secret


def _bare(given: str) -> str:
    return given.removeprefix("sha256=").strip().lower()


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a body: a message a dossier; `refused`: of which of them (from 1) why not."""

    messages: list[Message]
    is_new: bool
    refused: list[tuple[int, DomainError]]


def take(door: Door, body: bytes, *, at: datetime) -> Taken:
    """Keep what came. Effects: a row a message, a worker nudged. The same message again gives its
    row, unless what it did stands no more (known). Of a list each is taken or refused by itself.

    Errors: DomainError("exchange_unreadable", "exchange_envelope", "exchange_service",
    "exchange_code", "exchange_no_dossier", those of letting.check for a partner office) where nothing was taken. What the
    sender is told was refused is kept too: what nobody could read waits for a person, what may not be
    handed in under its reason.
    """
    table = table_today(door, at)
    try:
        found = envelopes(body)
    except DomainError as error:
        if _keep_aside(door, body, error, at=at):
            nudge(READ)
        raise
    let = Letting(door, [code_of(one.data, table.fields) for one in found], at)
    ours = tax_codes(door, found, table.fields)
    kept, refused, is_unread = [], [], False
    for number, one in enumerate(found, start=1):
        try:
            code = checked(door, one, table.fields, ours)
        except DomainError as error:
            said: dict[str, Any] = {"service": one.service, "is_updating": one.is_updating}
            is_unread |= _keep_aside(door, one.raw.encode(), error, at=at, **said)
            refused.append((number, error))
            continue
        try:
            let.check(one, code)
        except DomainError as error:
            _keep_refused(door, one, error, at=at)
            refused.append((number, error))
        else:
            kept.append(_keep(door, one, code, at=at))
    is_new = any(new for _, new in kept)
    if is_new or is_unread:
        nudge(READ)
    if not kept:
        raise refused[0][1]
    return Taken([message for message, _ in kept], is_new, refused)


def table_today(door: Door, at: datetime) -> Table:
    """Where things stand in every message of the door. One query."""
    return table_on(rows_of(door, ""), "", timezone.localdate(at))


def digest_of(text: bytes) -> str:
    return hashlib.sha256(text).hexdigest()


def tax_codes(door: Door, found: list[Envelope], places: dict[str, str]) -> set[str]:
    """Codes of dossiers here of which the tax authority says something in these. One query, none where it
    says nothing.
    """
    return tax.codes_of(
        door, [code_of(one.data, places) for one in found if tax.is_tax(one.service)]
    )


def checked(door: Door, one: Envelope, places: dict[str, str], ours: set[str]) -> str:
    """The dossier's code; `ours`: of tax_codes(). An unknown service is an error, never a success, nor is
    what the tax authority says of a dossier that is not here; a partner office says nothing of that kind.
    """
    is_tax = tax.is_tax(one.service) and door.source.channel is None
    if not is_tax and one.service.lower() not in FILED | RECALLED:
        raise DomainError("exchange_service", given=one.service)
    code = code_of(one.data, places)
    if not code:
        raise DomainError("exchange_code")
    if is_tax and code not in ours:
        raise DomainError("exchange_no_dossier", given=code)
    return code


class Letting:
    """Whether a body's dossiers may be handed in: what all of them ask is asked once. Some five queries
    for a partner office, none for a portal.
    """

    def __init__(self, door: Door, codes: list[str], at: datetime) -> None:
        self._door, self._at, self._memo = door, at, Memo()
        self._handing = letting.handing_of(door, at)
        self._before = letting.handed_before(door, codes)
        self._said = known.said_of(door, codes) if door.source.channel is not None else {}

    def check(self, one: Envelope, code: str) -> None:
        """What came before is known, whatever may be handed in since, unless it says something by being
        said again; what is taken back may always be. Errors: those of letting.check.
        """
        if self._door.source.channel is None or is_recall(one.service):
            return
        before = self._said.get((code, one.sha256[: known.KEPT]), [])
        if not before or known.counts_again(before[-1], recalls=False):
            letting.check(
                self._door, one.data, code, at=self._at,
                handing=self._handing, before=self._before, memo=self._memo,
            )  # fmt: skip


def _keep(door: Door, one: Envelope, code: str, *, at: datetime) -> tuple[Message, bool]:
    """The row of this message, and whether it is new: two that arrive at once are one."""
    said: dict[str, Any] = {
        "service": one.service, "is_updating": one.is_updating, "raw": one.raw, "received_at": at,
    }  # fmt: skip
    message = Message(door=door, foreign_code=code, sha256=one.sha256, **said)
    try:
        with transaction.atomic():
            message.save()
    except IntegrityError:
        before = known.said_before(door, code, one.sha256)
        if not known.counts_again(before[-1], recalls=is_recall(one.service)):
            return before[-1], False
        digest = known.digest_again(one.sha256, len(before))
        return Message.objects.get_or_create(
            door=door, foreign_code=code, sha256=digest, defaults=said
        )
    return message, True


def keep_too_big(
    door: Door, begin: bytes, digest: str, error: DomainError, *, at: datetime
) -> None:
    """A body that is signed rightly and larger than what is taken: how it begins, the digest of all of
    it. Effects: a row, once; a worker nudged.
    """
    if _keep_aside(door, begin, error, at=at, digest=digest):
        nudge(READ)


def _keep_aside(
    door: Door, body: bytes, error: DomainError, *, at: datetime, digest: str = "", **columns: Any
) -> bool:
    """What its sender is told was not taken, under no code: it waits to be held for a person (taking),
    for it may never be sent again. `digest`: of all of it, where `body` is its beginning only. Whether
    it is new.
    """
    most = KEPT_OF_UNREADABLE if error.code in CUT else None
    _, is_new = Message.objects.get_or_create(
        door=door,
        foreign_code="",
        # Of all that came, also where a part is kept: unread.said knows the one from the other by it.
        sha256=digest or digest_of(body),
        defaults={
            "raw": body[:most].decode("utf-8", "replace").replace("\0", "\ufffd"),
            "received_at": at,
            "reason": sentence(error)[:300],
            **columns,
        },
    )
    return is_new


def _keep_refused(door: Door, one: Envelope, error: DomainError, *, at: datetime) -> None:
    """What a partner office may not hand in is accounted for, and why; it waits for nobody."""
    ended: dict[str, Any] = {"state": Message.State.REFUSED, "ended_at": at}
    _keep_aside(door, one.raw.encode(), error, at=at, **ended)
