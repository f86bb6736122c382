"""Security keys and what a device itself offers – fingerprint, face, PIN – as a second factor
(WebAuthn, R-142). What is sent and verified is py_webauthn's (py_webauthn.py, imported by the
functions that use it); this is what we keep of it and what we ask (docs/adr/0023).
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from django.dispatch import Signal
from django.http import HttpRequest
from django.utils import timezone

from onestop.accounts.access import access
from onestop.accounts.factors import Kind, challenges, has_one, offer
from onestop.accounts.factors.relying import relying
from onestop.accounts.factors.sealing import digest, opened, seal
from onestop.accounts.models import AccessKind, Factor, Officer

if TYPE_CHECKING:
    from onestop.accounts.factors.py_webauthn import Known

V = TypeVar("V")

logger = logging.getLogger(__name__)

NAME = "khoa-bao-mat"
LABEL = "Khóa bảo mật"
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
    from onestop.accounts.factors import py_webauthn

    return py_webauthn.to_make(
        relying(request),
        challenges.ask(request, challenges.ENROL, at),
        of=bytes.fromhex(digest(f"webauthn {officer.pk}")),
        username=officer.username,
        full_name=officer.full_name,
        known=_known(request, officer),
    )


def new_factor(
    request: HttpRequest, officer: Officer, sent: str, *, name: str, at: datetime
) -> Factor | None:
    """Unsaved: the key that the browser made for what it was asked; None when it is not that. With
    the officer's row locked.
    """
    from onestop.accounts.factors import py_webauthn

    challenge, here = challenges.take(request, challenges.ENROL, at), relying(request)
    if challenge is None:
        return None
    made = _proven(lambda: py_webauthn.made(here, challenge, sent), sent)
    if made is None:
        return None
    kept = Kept(made.public_key, here.name, made.transports)
    return Factor(
        officer=officer,
        kind=NAME,
        name=name,
        secret=seal(json.dumps(asdict(kept)).encode()),
        reference=made.reference,
        counter=made.count,
        made_at=at,
        used_at=at,
    )


def asked(request: HttpRequest, officer: Officer, at: datetime) -> dict[str, Any]:
    """What the step's page gives to the browser. `elsewhere`: this officer's keys are all bound to
    another name than this page has.
    """
    from onestop.accounts.factors import py_webauthn

    here = relying(request)
    keys = [] if here.why_not else _known(request, officer)
    if not keys:
        return {"why_not": here.why_not or "elsewhere"}
    challenge = challenges.ask(request, challenges.STEP, at)
    return {"options": py_webauthn.to_sign(here, challenge, keys)}


def check(request: HttpRequest, officer: Officer, at: datetime) -> bool:
    """Whether one of this officer's keys has signed what this session was asked, just now."""
    from onestop.accounts.factors import py_webauthn

    challenge, here = challenges.take(request, challenges.STEP, at), relying(request)
    sent = request.POST.get("credential", "")
    if challenge is None or not sent:
        return False
    reference = _proven(lambda: py_webauthn.reference_of(sent), sent)
    if reference is None:
        return False
    factor = Factor.objects.filter(officer=officer, kind=NAME, reference=reference).first()
    if factor is None:
        return False
    public_key = kept_of(factor).public_key
    count = _proven(lambda: py_webauthn.signed(here, challenge, sent, public_key), sent)
    return count is not None and _has_counted_up(factor, count, at)


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


def _known(request: HttpRequest, officer: Officer) -> list[Known]:
    """The officer's keys that are bound to the name of this page."""
    from onestop.accounts.factors.py_webauthn import Known

    here = relying(request).name
    found = [
        (factor.reference, kept_of(factor))
        for factor in Factor.objects.filter(officer=officer, kind=NAME)
    ]
    return [Known(reference, kept.transports) for reference, kept in found if kept.name == here]


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
        unanswered="factor_no_answer_key",
    )
)
