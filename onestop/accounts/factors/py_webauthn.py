"""All that speaks to py_webauthn: what a browser is asked, and what its answer proves (WebAuthn,
docs/adr/0023).

Imported where a key is asked for, never at the start: with the library of TLS that it brings it
costs a process 16 MiB and a tenth of a second, and most processes never meet a key. Anybody may send
an answer: whatever is wrong with one is an exception of any kind.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import parse_authentication_credential_json
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from onestop.accounts.factors.relying import Relying

# The password was the first factor already.
VERIFICATION = UserVerificationRequirement.PREFERRED


@dataclass(frozen=True, slots=True)
class Made:
    """A key that a browser made. `transports`: the ways it can be reached, those we know of."""

    reference: str
    public_key: str
    count: int
    transports: list[str]


@dataclass(frozen=True, slots=True)
class Known:
    """A key of the officer, as the browser is told of it."""

    reference: str
    transports: list[str]


def to_make(
    here: Relying, challenge: bytes, *, of: bytes, username: str, full_name: str, known: list[Known]
) -> str:
    """What the browser is asked to make, as JSON; one of the `known` is not taken again."""
    options = generate_registration_options(
        rp_id=here.name,
        rp_name="Một cửa",
        user_id=of,
        user_name=username,
        user_display_name=full_name,
        challenge=challenge,
        exclude_credentials=_descriptors(known),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.DISCOURAGED, user_verification=VERIFICATION
        ),
    )
    return options_to_json(options)


def made(here: Relying, challenge: bytes, sent: str) -> Made:
    found = verify_registration_response(
        credential=sent,
        expected_challenge=challenge,
        expected_rp_id=here.name,
        expected_origin=here.origins,
    )
    return Made(
        urlsafe_base64_encode(found.credential_id),
        urlsafe_base64_encode(found.credential_public_key),
        found.sign_count,
        _transports(json.loads(sent)),
    )


def to_sign(here: Relying, challenge: bytes, known: list[Known]) -> str:
    """What the browser has one of the `known` sign, as JSON."""
    options = generate_authentication_options(
        rp_id=here.name,
        challenge=challenge,
        allow_credentials=_descriptors(known),
        user_verification=VERIFICATION,
    )
    return options_to_json(options)


def reference_of(sent: str) -> str:
    """Which key says that it has signed."""
    return urlsafe_base64_encode(parse_authentication_credential_json(sent).raw_id)


def signed(here: Relying, challenge: bytes, sent: str, public_key: str) -> int:
    """What the key counts now. That it counted up is for the caller to see, who tells of one that
    did not: 0 lets all pass here.
    """
    return verify_authentication_response(
        credential=sent,
        expected_challenge=challenge,
        expected_rp_id=here.name,
        expected_origin=here.origins,
        credential_public_key=urlsafe_base64_decode(public_key),
        credential_current_sign_count=0,
    ).new_sign_count


def _descriptors(known: Iterable[Known]) -> list[PublicKeyCredentialDescriptor]:
    return [
        PublicKeyCredentialDescriptor(
            id=urlsafe_base64_decode(one.reference),
            transports=[AuthenticatorTransport(way) for way in one.transports] or None,
        )
        for one in known
    ]


def _transports(sent: Any) -> list[str]:
    """Those we know of the ways that the browser told; what a key offers of others is left out."""
    known = {way.value for way in AuthenticatorTransport}
    told = sent.get("response", {}).get("transports") or []
    return [way for way in told if isinstance(way, str) and way in known]
