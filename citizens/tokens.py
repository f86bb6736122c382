"""The ID token: whose it is, for whom it was made, when, in answer to which question."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from authlib.oidc.core import CodeIDToken
from django.conf import settings
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

from citizens.provider import Away, Provider, Tokens, keys_of
from onestop.errors import DomainError

# How far two clocks may differ.
LEEWAY = 30
# What keys are made of that only the provider can sign with.
PUBLIC = ("RSA", "EC", "OKP")


def checked(tokens: Tokens, one: Provider, *, nonce: str, at: datetime) -> dict[str, Any]:
    """The claims of an ID token that proves what it says.

    Signed by a key of the issuer with an algorithm of the list, by this issuer, for us alone or with
    us as the party it was made for, not over, not of the future, with our nonce, for this very access
    token, from a sign-in of a kind that was asked for. Errors: `citizen_token`, `citizen_acr`, Away.
    """
    try:
        token = _signed(tokens.identity, one)
        claims = CodeIDToken(
            token.claims,
            token.header,
            {
                "iss": {"essential": True, "value": one.issuer},
                "aud": {"essential": True, "value": settings.CITIZEN_OIDC_CLIENT_ID},
                "sub": {"essential": True},
            },
            {
                "client_id": settings.CITIZEN_OIDC_CLIENT_ID,
                "nonce": nonce,
                "access_token": tokens.access,
            },
        )
        claims.validate(int(at.timestamp()), LEEWAY)
    except (JoseError, ValueError, TypeError, KeyError) as error:
        # Which claim it was; of what else is wrong the class only, a text may repeat the token.
        why = getattr(error, "claim", "") or type(error).__name__
        raise DomainError("citizen_token", why=why) from error
    _require_acr(claims)
    return dict(claims)


def _require_acr(claims: dict[str, Any]) -> None:
    """A provider may answer a question for a way of signing in with any other (OpenID Connect Core
    3.1.2.1), and whoever holds the browser may take it out of the address: only what the token says
    counts.
    """
    wanted = settings.CITIZEN_OIDC_ACR.split()
    given = claims.get("acr")
    if wanted and given not in wanted:
        raise DomainError("citizen_acr", why=given or "")


def _signed(text: str, one: Provider) -> jwt.Token:
    try:
        return _decoded(text, keys_of(one))
    except InvalidKeyIdError:
        return _decoded(text, keys_of(one, again=True))


def _decoded(text: str, said: dict[str, Any]) -> jwt.Token:
    listed = said.get("keys")
    if not isinstance(listed, list):
        raise Away("keys")
    # A secret key among public ones would let everybody sign who can read them.
    usable = [
        key
        for key in listed
        if isinstance(key, dict) and key.get("kty") in PUBLIC and key.get("use", "sig") == "sig"
    ]
    return jwt.decode(
        text,
        KeySet.import_key_set({"keys": usable}),
        algorithms=settings.CITIZEN_OIDC_ALGORITHMS,
    )
