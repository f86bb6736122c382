"""The second step of signing in, and what an officer does to the own factors (R-142).

A wrong code counts and locks as a wrong password does (signing_in.py): who knows the password has
no more tries at the code than a stranger at the password.
"""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from onestop.accounts.access import access
from onestop.accounts.domain import signing_in
from onestop.accounts.domain.telling import tell
from onestop.accounts.factors import label_of, recovery, totp
from onestop.accounts.models import AccessKind, Factor, Officer, RecoveryCode
from onestop.errors import DomainError

# Of each kind so many: a lost telephone and its successor, several security keys.
MOST = 10


def settle(
    *, officer: Officer, how: str, check: Callable[[Officer], bool], wrong: str, at: datetime
) -> Officer:
    """Signs in who has proven the password already: `check` says whether the second step is proven
    too, and runs only where the account may be tried at all. `how`: by what, for the log.
    `wrong`: the code of a refused answer of this kind.

    Raises DomainError `wrong` / factor_locked. Effects as those of `signing_in.prove`; every
    outcome is one line (a lock: two) in the access log.
    """
    with transaction.atomic():
        row = Officer.objects.select_for_update(no_key=True).get(pk=officer.pk)
        why_not = signing_in.why_not_tried(row, at)
        if not why_not and not check(row):
            why_not = f"Sai mã xác thực ({how})"
        if why_not:
            locked = signing_in.second_step_failed(row, why_not, at)
        else:
            signing_in.complete(row, at, how)
    if why_not:
        raise DomainError("factor_locked" if locked else wrong, field="code")
    return row


def enrol_totp(*, officer: Officer, key: bytes, code: str, name: str, at: datetime) -> list[str]:
    """The application shows the codes of this key: it is a factor from now on (`add`).

    Raises DomainError factor_wrong_new / factor_most.
    """
    step = totp.step_of(key, code, after=0, at=at)
    if step is None:
        raise DomainError("factor_wrong_new", field="code")
    factor = totp.new_factor(officer, key, name=name, step=step, at=at)
    return add(officer=officer, factor=factor, at=at)


def add(*, officer: Officer, factor: Factor, at: datetime) -> list[str]:
    """A factor of any kind, proven just now, is the officer's. Gives the recovery codes that come
    with it where there were none; they are shown once. Every other session of the officer is asked
    for the second step at its next page.

    Raises DomainError factor_most.
    """
    with transaction.atomic():
        Officer.objects.select_for_update(no_key=True).get(pk=officer.pk)
        if Factor.objects.filter(officer=officer, kind=factor.kind).count() >= MOST:
            raise DomainError("factor_most", count=MOST)
        factor.save()
        codes = [] if recovery.left(officer) else recovery.make_anew(officer, at)
        _note_factors(officer)
        access(officer, AccessKind.FACTOR_ADDED, "officer", officer.pk, _words(factor))
        tell(officer, "factor_added", by=None, at=at, words=_words(factor))
    return codes


def remove(*, officer: Officer, factor_id: int, required: bool, at: datetime) -> None:
    """The officer takes off an own factor; with the last one go the recovery codes. `required`:
    this officer must have one.

    Raises DomainError factor_required / factor_gone.
    """
    with transaction.atomic():
        Officer.objects.select_for_update(no_key=True).get(pk=officer.pk)
        own = Factor.objects.filter(officer=officer)
        factor = own.filter(pk=factor_id).first()
        if factor is None:
            raise DomainError("factor_gone")
        if required and own.count() == 1:
            raise DomainError("factor_required")
        words = _words(factor)
        factor.delete()
        if not _note_factors(officer):
            RecoveryCode.objects.filter(officer=officer).delete()
        access(officer, AccessKind.FACTOR_REMOVED, "officer", officer.pk, words)
        tell(officer, "factor_removed", by=None, at=at, words=words)


def new_recovery_codes(*, officer: Officer, at: datetime) -> list[str]:
    """Ten fresh ones; those before are good no longer. Raises DomainError factor_gone where there
    is no factor that they could stand in for.
    """
    with transaction.atomic():
        Officer.objects.select_for_update(no_key=True).get(pk=officer.pk)
        if not Factor.objects.filter(officer=officer).exists():
            raise DomainError("factor_gone")
        codes = recovery.make_anew(officer, at)
        access(officer, AccessKind.RECOVERY_CODES, "officer", officer.pk)
    return codes


def _note_factors(officer: Officer) -> bool:
    """What the officer's row says of the factors is what there is; whether there is one."""
    officer.has_factor = Factor.objects.filter(officer=officer).exists()
    officer.save(update_fields=["has_factor"])
    return officer.has_factor


def _words(factor: Factor) -> str:
    label = label_of(factor.kind)
    return f"{label}: {factor.name}" if factor.name else label
