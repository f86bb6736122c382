"""Signing in with an electronic identity (OpenID Connect: authorization code, PKCE, state, nonce)."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from citizens import provider, sessions, tokens
from citizens.models import Citizen, SignIn
from citizens.sessions import digest
from onestop.errors import DomainError
from onestop.texts import in_one_line

# How long a person has at the provider.
ANSWERED_WITHIN = timedelta(minutes=10)
_LEVEL = re.compile(r"(?:IAL|LoA)?[ _-]?([0-9])", re.IGNORECASE)
_NUMBER = re.compile(r"[0-9]{12}")


@dataclass(frozen=True, slots=True)
class Begun:
    """Where to send the browser, and what it must bring back."""

    address: str
    browser: str


@dataclass(frozen=True, slots=True)
class Answered:
    """What the provider's redirect said."""

    state: str
    code: str
    error: str
    issuer: str


@dataclass(frozen=True, slots=True)
class SignedIn:
    key: str
    citizen: Citizen
    onward: str


def begin(*, back: str, onward: str, at: datetime) -> Begun:
    """`back`: our address for the answer; `onward`: the page to open then, already judged. Writes
    the sign-in that waits. Errors: Away.
    """
    one = provider.provider()
    state, nonce, browser = (secrets.token_urlsafe(32) for _ in range(3))
    verifier = secrets.token_urlsafe(64)
    SignIn.objects.create(
        state=digest(state),
        browser=digest(browser),
        nonce=nonce,
        verifier=verifier,
        onward=onward[:300],
        ends_at=at + ANSWERED_WITHIN,
    )
    return Begun(provider.address_of(one, back, state, nonce, verifier), browser)


def finish(answer: Answered, *, browser: str, back: str, at: datetime) -> SignedIn:
    """The answer for a session. Effects: the waiting sign-in is used up whatever comes of it; the
    citizen is noted by issuer and subject; a session begins.

    Errors: citizen_state, citizen_stopped, citizen_token, citizen_acr, citizen_level,
    citizen_organisation, citizen_kind, citizen_number, Away.
    """
    waiting = _taken(answer.state, browser, at)
    if answer.error or not answer.code:
        raise DomainError("citizen_stopped")
    one = provider.provider()
    # RFC 9207: an answer of another provider, mixed in.
    if (answer.issuer or one.says_issuer) and answer.issuer != one.issuer:
        raise DomainError("citizen_token", why="iss")
    given = provider.exchanged(one, back, answer.code, waiting.verifier)
    claims = tokens.checked(given, one, nonce=waiting.nonce, at=at)
    said = _about(claims, given, one)
    _require_level(said)
    _require_citizen(said)
    number = said.get(settings.CITIZEN_OIDC_NUMBER_CLAIM)
    if not isinstance(number, str) or not _NUMBER.fullmatch(number):
        raise DomainError("citizen_number")
    citizen = _citizen(one.issuer, str(claims["sub"]), at)
    name = in_one_line(str(said.get(settings.CITIZEN_OIDC_NAME_CLAIM) or ""))
    key = sessions.begin(citizen, name=name, identity_number=number, at=at)
    return SignedIn(key, citizen, waiting.onward)


def _taken(state: str, browser: str, at: datetime) -> SignIn:
    """The sign-in that this answer is for; of two answers one finds it."""
    rows = SignIn.objects.filter(state=digest(state), browser=digest(browser), ends_at__gt=at)
    found = rows.first() if state and browser else None
    # Both may have read it; who deletes it has it.
    if found is None or not SignIn.objects.filter(pk=found.pk).delete()[0]:
        raise DomainError("citizen_state")
    return found


def _about(
    claims: dict[str, Any], given: provider.Tokens, one: provider.Provider
) -> dict[str, Any]:
    """Level, kind, number and name, from the ID token; what is not there the provider is asked for. It is
    asked in any case where no kind is known to be a citizen's: that it is an organisation's account may
    be said there alone.
    """
    wanted = (
        settings.CITIZEN_OIDC_LEVEL_CLAIM,
        settings.CITIZEN_OIDC_KIND_CLAIM,
        settings.CITIZEN_OIDC_NUMBER_CLAIM,
        settings.CITIZEN_OIDC_NAME_CLAIM,
    )
    if settings.CITIZEN_OIDC_KINDS and all(name in claims for name in wanted):
        return claims
    more = provider.told_of(one, given.access)
    # Somebody else's answer counts for nothing (OpenID Connect Core 5.3.2).
    if more and more.get("sub") != claims["sub"]:
        raise DomainError("citizen_token", why="sub")
    return more | claims


def _require_level(said: dict[str, Any]) -> None:
    wanted: int = settings.CITIZEN_OIDC_LEVEL_MIN
    given = said.get(settings.CITIZEN_OIDC_LEVEL_CLAIM)
    found = _LEVEL.fullmatch(str(given).strip()) if isinstance(given, str | int) else None
    if found is None or int(found[1]) < wanted:
        raise DomainError("citizen_level", wanted=wanted)


def _require_citizen(said: dict[str, Any]) -> None:
    """Who signs in for an organisation is not shown their own dossiers, nor the organisation's. A kind of
    account that is said and not known to be a citizen's is none: nobody guesses what the word means.
    """
    kinds: list[str] = settings.CITIZEN_OIDC_KINDS
    kind = str(said.get(settings.CITIZEN_OIDC_KIND_CLAIM) or "").strip()
    has_organisation = any(said.get(name) for name in settings.CITIZEN_OIDC_ORGANISATION_CLAIMS)
    if has_organisation or (kind and kinds and kind not in kinds):
        raise DomainError("citizen_organisation", why=kind)
    if (kind or kinds) and kind not in kinds:
        raise DomainError("citizen_kind", why=kind)


def _citizen(issuer: str, subject: str, at: datetime) -> Citizen:
    if not subject or len(subject) > 255:
        raise DomainError("citizen_token", why="sub")
    noted = {"issuer": issuer, "subject": subject}
    return Citizen.objects.get_or_create(**noted, defaults={"first_at": at})[0]
