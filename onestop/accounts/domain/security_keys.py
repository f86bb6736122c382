"""A security key becomes a factor; a copied one is told of (R-142)."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest

from onestop.accounts.domain import second_step
from onestop.accounts.domain.telling import tell
from onestop.accounts.factors import security_keys
from onestop.accounts.models import Factor, Officer
from onestop.errors import DomainError
from onestop.once import once


def enrol_key(
    *, request: HttpRequest, officer: Officer, sent: str, name: str, at: datetime
) -> list[str]:
    """What the browser answered to `security_keys.enrolling` is a factor from now on. Gives the
    recovery codes that come with the first factor.

    Raises DomainError key_refused / key_known / factor_most.
    """
    with once(DomainError("key_known")):
        Officer.objects.select_for_update(no_key=True).get(pk=officer.pk)
        factor = security_keys.new_factor(request, officer, sent, name=name, at=at)
        codes: list[str] = []
        if factor is not None:
            codes = second_step.add(officer=officer, factor=factor, at=at)
    if factor is None:
        raise DomainError("key_refused")
    return codes


def tell_of_copy(*, factor: Factor, at: datetime, **_: Any) -> None:
    """Receiver of `security_keys.cloned`: its owner and the head read of it."""
    tell(factor.officer, "key_copied", by=None, at=at, name=factor.name)
