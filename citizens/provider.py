"""The identity provider, as its own discovery document describes it: asked over TLS, within limits of
time and size, without redirects.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import orjson
import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from django.conf import settings
from django.core.cache import cache

from onestop.errors import DomainError
from onestop.texts import address_parts

DISCOVERY = "/.well-known/openid-configuration"
# For the connection, for each reading, for the whole answer.
SECONDS, ALL_SECONDS = (5, 10), 20.0
MOST_BYTES = 512 * 1024
# For how long what it says of itself is believed; keys are asked for again when one is unknown.
KEPT, ASKED_AGAIN = 3600, 60
HERE = frozenset({"127.0.0.1", "localhost"})


class Away(DomainError):
    """The provider does not answer, or not as a provider does."""

    def __init__(self, why: str) -> None:
        super().__init__("citizen_provider_away")
        self.why = why


@dataclass(frozen=True, slots=True)
class Provider:
    """Where its doors are."""

    issuer: str
    authorize: str
    token: str
    keys: str
    userinfo: str
    end_session: str
    method: str
    says_issuer: bool


class Tokens(NamedTuple):
    identity: str
    access: str


def is_connected() -> bool:
    return bool(settings.CITIZEN_OIDC_ISSUER and settings.CITIZEN_OIDC_CLIENT_ID)


def provider() -> Provider:
    """Errors: Away."""
    issuer: str = settings.CITIZEN_OIDC_ISSUER
    said = _kept("provider", lambda: _get(issuer.rstrip("/") + DISCOVERY))
    # Another issuer's document would have its tokens checked against itself.
    if said.get("issuer") != issuer:
        raise Away("issuer")
    return Provider(
        issuer=issuer,
        authorize=_door(said, "authorization_endpoint"),
        token=_door(said, "token_endpoint"),
        keys=_door(said, "jwks_uri"),
        userinfo=_door(said, "userinfo_endpoint", needed=False),
        end_session=_door(said, "end_session_endpoint", needed=False),
        method=_method(said),
        says_issuer=said.get("authorization_response_iss_parameter_supported") is True,
    )


def keys_of(one: Provider, *, again: bool = False) -> dict[str, Any]:
    """Its public keys. `again`: a token names one that is not among them; asked at most once a minute.
    Errors: Away.
    """
    if again and cache.add(_name("asked"), 1, ASKED_AGAIN):
        cache.delete(_name("keys"))
    return _kept("keys", lambda: _get(one.keys))


def address_of(one: Provider, back: str, state: str, nonce: str, verifier: str) -> str:
    """Where the browser is sent to."""
    more = {"acr_values": settings.CITIZEN_OIDC_ACR} if settings.CITIZEN_OIDC_ACR else {}
    with _client(one, back) as client:
        address, _ = client.create_authorization_url(
            one.authorize, state=state, code_verifier=verifier, nonce=nonce, **more
        )
    return str(address)


def exchanged(one: Provider, back: str, code: str, verifier: str) -> Tokens:
    """The code for tokens. Errors: Away; `citizen_token` where the provider refuses the code."""
    with _client(one, back) as client:
        try:
            said = client.fetch_token(
                one.token,
                grant_type="authorization_code",
                code=code,
                code_verifier=verifier,
                timeout=SECONDS,
                allow_redirects=False,
                verify=_authority(),
            )
        except AuthlibBaseError as error:
            raise DomainError("citizen_token") from error
        except (requests.RequestException, ValueError) as error:
            raise Away(type(error).__name__) from None
    identity, access = said.get("id_token"), said.get("access_token")
    if not isinstance(identity, str) or not isinstance(access, str):
        raise DomainError("citizen_token")
    return Tokens(identity, access)


def told_of(one: Provider, access: str) -> dict[str, Any]:
    """What the provider tells of the person besides. Errors: Away."""
    return _get(one.userinfo, {"Authorization": f"Bearer {access}"}) if one.userinfo else {}


def _client(one: Provider, back: str) -> Any:
    client = OAuth2Session(
        settings.CITIZEN_OIDC_CLIENT_ID,
        settings.CITIZEN_OIDC_CLIENT_SECRET or None,
        token_endpoint_auth_method=one.method,
        scope=settings.CITIZEN_OIDC_SCOPE,
        redirect_uri=back,
        code_challenge_method="S256",
    )
    # Neither proxies nor passwords that somebody's shell names.
    client.trust_env = False
    return client


def _method(said: dict[str, Any]) -> str:
    """How we say who we are: without a secret not at all, PKCE stands for it then."""
    if not settings.CITIZEN_OIDC_CLIENT_SECRET:
        return "none"
    known = said.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    wanted = ("client_secret_basic", "client_secret_post")
    return next((one for one in wanted if one in known), wanted[0])


def _door(said: dict[str, Any], name: str, *, needed: bool = True) -> str:
    address = said.get(name)
    if not address and not needed:
        return ""
    if not isinstance(address, str) or not is_safe(address):
        raise Away(name)
    return address


def is_safe(address: str) -> bool:
    """By TLS; without it only on this very machine (the recorded peer)."""
    parts = address_parts(address)
    return parts is not None and (
        parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in HERE)
    )


def _authority() -> str | bool:
    return settings.CITIZEN_OIDC_CA_FILE or True


def _get(address: str, headers: dict[str, str] | None = None) -> dict[str, Any]:
    if not is_safe(address):
        raise Away("address")
    with requests.Session() as session:
        session.trust_env = False
        try:
            with session.get(
                address,
                headers={"Accept": "application/json", **(headers or {})},
                timeout=SECONDS,
                allow_redirects=False,
                verify=_authority(),
                stream=True,
            ) as reply:
                text, status = _read(reply), reply.status_code
        except requests.RequestException as error:
            # The class only: texts of libraries repeat what was sent.
            raise Away(type(error).__name__) from None
    if status != 200:
        raise Away(f"HTTP {status}")
    try:
        said = orjson.loads(text)
    except orjson.JSONDecodeError:
        raise Away("JSON") from None
    if not isinstance(said, dict):
        raise Away("JSON")
    return said


def _read(reply: requests.Response) -> bytes:
    """Its body; an answer in chunks comes one chunk at a time, however small. Errors: Away."""
    text, until = bytearray(), time.monotonic() + ALL_SECONDS
    for part in reply.iter_content(MOST_BYTES + 1):
        text += part
        if len(text) > MOST_BYTES or time.monotonic() > until:
            raise Away("limits")
    return bytes(text)


def _kept(what: str, ask: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] | None = cache.get(_name(what))
    if found is None:
        found = ask()
        cache.set(_name(what), found, KEPT)
    return found


def _name(what: str) -> str:
    digest = hashlib.sha256(settings.CITIZEN_OIDC_ISSUER.encode()).hexdigest()[:32]
    return f"citizens:{what}:{digest}"
