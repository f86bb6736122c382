"""The payment platforms of the installation: what a peer of `EXCHANGE_PEERS` says under `payment`."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from exchange.outbox.peers import LOOPBACK, Peer, peers

if TYPE_CHECKING:
    from onestop.accounts.models import Agency

MOST_HOURS = 24 * 366


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """`url`: where messages go; `partner`: how it calls us (MaDoiTac); `secret_env`: which variable
    of the environment holds the word that signs. `agencies`: at whose counters it is offered, all
    where none is named; `agency`: to whose list money goes that names no request of ours.
    `hours`: how long a request may be paid; `values`: what of the message the installation sets.
    """

    of: Peer
    url: str
    partner: str
    secret_env: str
    agency: str
    agencies: frozenset[str] = frozenset()
    hours: int = 24
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def code(self) -> str:
        return self.of.code

    @property
    def name(self) -> str:
        return self.of.name

    @property
    def secret(self) -> str:
        return os.environ.get(self.secret_env, "")

    @property
    def term(self) -> timedelta:
        return timedelta(hours=self.hours)

    def serves(self, agency: Agency) -> bool:
        """Without its word nothing can be signed, and nothing is offered."""
        return bool(self.secret) and (not self.agencies or agency.code in self.agencies)


def platforms() -> list[Platform]:
    """Errors: ImproperlyConfigured for what can be none."""
    return [_platform(one, one.payment) for one in peers() if one.payment]


def platform_for(agency: Agency) -> Platform | None:
    """Whoever takes money for this counter; the first where several do."""
    return next((one for one in platforms() if one.serves(agency)), None)


def platform_of(code: str) -> Platform | None:
    return next((one for one in platforms() if one.code == code), None)


def _platform(peer: Peer, said: Mapping[str, Any]) -> Platform:
    try:
        agencies = frozenset(said.get("agencies", ()))
        found = Platform(**{**said, "of": peer, "agencies": agencies})
    except TypeError as error:
        raise ImproperlyConfigured(f"EXCHANGE_PEERS: {peer.code}: payment: {error}") from error
    _check(found, said.get("agencies"))
    parts = urlsplit(found.url)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
        raise ImproperlyConfigured(f"EXCHANGE_PEERS: {peer.code}: payment: https only")
    return found


def _check(found: Platform, agencies: Any) -> None:
    """What a page or a run would stumble over later."""
    texts = (found.url, found.partner, found.secret_env, found.agency)
    wrong = [
        (not all(isinstance(one, str) and one for one in texts), "url, partner, secret_env, agency are texts"),
        (isinstance(agencies, str) or not all(isinstance(one, str) for one in found.agencies), "agencies is a list of texts"),
        (type(found.hours) is not int or not 0 < found.hours <= MOST_HOURS, "hours is a number from 1 on"),
        (not isinstance(found.values, Mapping), "values is a mapping"),
    ]  # fmt: skip
    if said := ", ".join(words for is_wrong, words in wrong if is_wrong):
        raise ImproperlyConfigured(f"EXCHANGE_PEERS: {found.of.code}: payment: {said}")
