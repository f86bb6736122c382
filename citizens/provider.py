"""The identity provider, as its own discovery document describes it: asked over TLS, within limits of
time and size, without redirects.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import Any, NamedTuple

import orjson
import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from django.conf import settings
from django.core.cache import cache
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict

from onestop.calling import NoAnswer, Reply, call
from onestop.errors import DomainError
from onestop.texts import address_parts

DISCOVERY = "/.well-known/openid-configuration"
# Somebody waits at a page: for each reading, for all of one question and its answer.
PATIENCE, SECONDS = 10.0, 20.0
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
                allow_redirects=False,
            )
        except AuthlibBaseError as error:
            raise DomainError("citizen_token") from error
        except (
            requests.RequestException, AttributeError, TypeError, ValueError, RecursionError,
        ) as error:  # fmt: skip
            # Also what is no JSON, no object, or deeper than anybody reads.
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
    # Its own way out has no limits of time and size for the whole.
    for scheme in ("https://", "http://"):
        client.mount(scheme, _Within())
    return client


class _Within(BaseAdapter):
    """How the library of the protocol asks: as we do ourselves."""

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        # The library sends forms, which are text; it sends neither files nor streams.
        body = request.body.encode() if isinstance(request.body, str) else None
        # Ours says of itself which machine is asked and how long what is sent is.
        headers = {
            name: str(value)
            for name, value in request.headers.items()
            if name.lower() not in ("accept-encoding", "connection", "content-length")
        }
        reply = _asked(request.method or "", request.url or "", headers, body)
        answer = requests.Response()
        answer.status_code, answer.raw, answer.request = reply.status, BytesIO(reply.body), request
        answer.headers = CaseInsensitiveDict(reply.headers)
        answer.url = request.url or ""
        return answer

    def close(self) -> None:
        """A connection serves one question."""


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


def _asked(method: str, address: str, headers: dict[str, str], body: bytes | None = None) -> Reply:
    """Errors: Away."""
    if not is_safe(address):
        raise Away("address")
    try:
        return call(
            method,
            address,
            seconds=SECONDS,
            most=MOST_BYTES,
            headers=headers,
            body=body,
            ca_file=settings.CITIZEN_OIDC_CA_FILE,
            patience=PATIENCE,
        )
    except NoAnswer as error:
        raise Away(str(error)) from None


def _get(address: str, headers: dict[str, str] | None = None) -> dict[str, Any]:
    reply = _asked("GET", address, {"Accept": "application/json", **(headers or {})})
    if reply.status != 200:
        raise Away(f"HTTP {reply.status}")
    try:
        said = orjson.loads(reply.body)
    except orjson.JSONDecodeError:
        raise Away("JSON") from None
    if not isinstance(said, dict):
        raise Away("JSON")
    return said


def _kept(what: str, ask: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] | None = cache.get(_name(what))
    if found is None:
        found = ask()
        cache.set(_name(what), found, KEPT)
    return found


def _name(what: str) -> str:
    digest = hashlib.sha256(settings.CITIZEN_OIDC_ISSUER.encode()).hexdigest()[:32]
    return f"citizens:{what}:{digest}"
