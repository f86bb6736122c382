"""Security keys and what a device itself offers – fingerprint, face, PIN – as a second factor
(WebAuthn, R-142). What is sent and verified is py_webauthn's; this is what we keep of it and what
we ask (docs/adr/0023).
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.dispatch import Signal
from django.http import HttpRequest
from django.utils import timezone
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import (
    base64url_to_bytes,
    bytes_to_base64url,
    parse_authentication_credential_json,
)
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)
from webauthn.registration.verify_registration_response import VerifiedRegistration

from onestop.accounts.access import access
from onestop.accounts.factors import Kind, challenges, has_one, offer
from onestop.accounts.factors.relying import relying
from onestop.accounts.factors.sealing import digest, opened, seal
from onestop.accounts.models import AccessKind, Factor, Officer

V = TypeVar("V")

logger = logging.getLogger(__name__)

NAME = "khoa-bao-mat"
LABEL = "Khóa bảo mật"
SITE = "Một cửa"
# Of an answer; real ones have one or two thousand signs.
LONGEST = 20_000
# A key that was answered for has counted up; one that did not is a copy, or was copied.
cloned = Signal()


@dataclass(frozen=True, slots=True)
class Kept:
    """What Factor.secret holds of a key, sealed: its public key, the name it is bound to, the ways
    it can be reached.
    """

    public_key: str
    name: str
    transports: list[str]


def kept_of(factor: Factor) -> Kept:
    return Kept(**json.loads(opened(factor.secret)))


def enrolling(request: HttpRequest, officer: Officer, at: datetime) -> str:
    """What the browser is asked to make, as JSON. A key that is enrolled already is not taken
    again.
    """
    options = generate_registration_options(
        rp_id=relying(request).name,
        rp_name=SITE,
        user_id=bytes.fromhex(digest(f"webauthn {officer.pk}")),
        user_name=officer.username,
        user_display_name=officer.full_name,
        challenge=challenges.ask(request, challenges.ENROL, at),
        exclude_credentials=_descriptors(request, officer),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.DISCOURAGED,
            user_verification=UserVerificationRequirement.PREFERRED,
        ),
    )
    return options_to_json(options)


def new_factor(
    request: HttpRequest, officer: Officer, sent: str, *, name: str, at: datetime
) -> Factor | None:
    """Unsaved: the key that the browser made for what it was asked; None when it is not that. With
    the officer's row locked.
    """
    challenge, here = challenges.take(request, challenges.ENROL, at), relying(request)
    if challenge is None:
        return None

    def verify() -> tuple[VerifiedRegistration, list[str]]:
        made = verify_registration_response(
            credential=sent,
            expected_challenge=challenge,
            expected_rp_id=here.name,
            expected_origin=here.origins,
        )
        return made, _transports(json.loads(sent))

    found = _proven(verify, sent)
    if found is None:
        return None
    made, transports = found
    kept = Kept(bytes_to_base64url(made.credential_public_key), here.name, transports)
    return Factor(
        officer=officer,
        kind=NAME,
        name=name,
        secret=seal(json.dumps(asdict(kept)).encode()),
        reference=bytes_to_base64url(made.credential_id),
        counter=made.sign_count,
        made_at=at,
        used_at=at,
    )


def asked(request: HttpRequest, officer: Officer, at: datetime) -> dict[str, Any]:
    """What the step's page gives to the browser. `elsewhere`: this officer's keys are all bound to
    another name than this page has.
    """
    here = relying(request)
    keys = [] if here.why_not else _descriptors(request, officer)
    if not keys:
        return {"why_not": here.why_not or "elsewhere"}
    options = generate_authentication_options(
        rp_id=here.name,
        challenge=challenges.ask(request, challenges.STEP, at),
        allow_credentials=keys,
        user_verification=UserVerificationRequirement.PREFERRED,
    )
    return {"options": options_to_json(options)}


def check(request: HttpRequest, officer: Officer, at: datetime) -> bool:
    """Whether one of this officer's keys has signed what this session was asked, just now."""
    challenge, here = challenges.take(request, challenges.STEP, at), relying(request)
    sent = request.POST.get("credential", "")
    if challenge is None or not sent:
        return False
    answer = _proven(lambda: parse_authentication_credential_json(sent), sent)
    if answer is None:
        return False
    reference = bytes_to_base64url(answer.raw_id)
    factor = Factor.objects.filter(officer=officer, kind=NAME, reference=reference).first()
    if factor is None:
        return False
    public_key = base64url_to_bytes(kept_of(factor).public_key)
    proven = _proven(
        lambda: verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=here.name,
            expected_origin=here.origins,
            credential_public_key=public_key,
            # Compared below: a key that did not count up is told of, not only refused.
            credential_current_sign_count=0,
        ),
        sent,
    )
    return proven is not None and _has_counted_up(factor, proven.new_sign_count, at)


def _has_counted_up(factor: Factor, count: int, at: datetime) -> bool:
    """Keys that do not count say 0 for ever. One that counted and says no more than before has a
    copy somewhere: neither is let in by it, and its owner is told.
    """
    if count <= factor.counter and (count or factor.counter):
        what = f"{LABEL} “{factor.name}” đếm lùi ({factor.counter} → {count}): có thể bị sao chép"
        access(factor.officer, AccessKind.LOGIN_FAILED, "officer", factor.officer_id, what)
        cloned.send(sender=Factor, factor=factor, at=at)
        return False
    factor.counter, factor.used_at = count, at
    factor.save(update_fields=["counter", "used_at"])
    return True


def _proven(verify: Callable[[], V], sent: str) -> V | None:
    """What the library makes of what was sent; None for what is no proof. It takes apart what
    anybody may send: whatever goes wrong by it, nothing is proven.
    """
    if len(sent) > LONGEST:
        return None
    try:
        return verify()
    except Exception as error:
        logger.info("security key refused", extra={"error": type(error).__name__})
        return None


def _descriptors(request: HttpRequest, officer: Officer) -> list[PublicKeyCredentialDescriptor]:
    """The officer's keys that are bound to the name of this page."""
    here, found = relying(request).name, []
    for factor in Factor.objects.filter(officer=officer, kind=NAME):
        kept = kept_of(factor)
        if kept.name == here:
            ways = [AuthenticatorTransport(way) for way in kept.transports]
            found.append(
                PublicKeyCredentialDescriptor(
                    id=base64url_to_bytes(factor.reference), transports=ways or None
                )
            )
    return found


def _transports(sent: Any) -> list[str]:
    """Those we know of the ways that the browser told; what a key offers of others is left out."""
    known = {way.value for way in AuthenticatorTransport}
    told = sent.get("response", {}).get("transports") or []
    return [way for way in told if isinstance(way, str) and way in known]


offer(
    Kind(
        order=10,
        name=NAME,
        label=LABEL,
        template="accounts/factors/security_key.html",
        is_there=has_one(NAME),
        asked=lambda request, officer: asked(request, officer, timezone.now()),
        check=check,
        enrol="accounts:enrol_key",
        about="Khóa cắm USB, hoặc vân tay, khuôn mặt, mã PIN của chính máy này; "
        "không chép lại được, trang giả mạo không lừa được.",
        wrong="factor_wrong_key",
        field="credential",
    )
)
