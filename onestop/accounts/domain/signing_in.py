"""Signing in and the own password (R-137, R-139, R-140, R-141, R-143)."""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from django.utils import timezone

from onestop.accounts import passwords
from onestop.accounts.access import access
from onestop.accounts.models import AccessKind, Officer, PasswordRecord, Role, RoleGrant
from onestop.errors import DomainError

# A lock lasts 15 minutes; each further lock before a good sign-in twice as long, at most a day. An administrator opens it at once.
FIRST_LOCK = timedelta(minutes=15)
LONGEST_LOCK = timedelta(days=1)
# An account nobody used for this long is disabled.
UNUSED = timedelta(days=45)


def prove(*, username: str, password: str, at: datetime) -> Officer:
    """The officer who knows this password, at `at`; raises DomainError("sign_in_refused") whatever the reason.

    Unknown, wrong, locked, closed and disabled look alike: same sentence, one password hash computed in every case.
    Effects: counts failures and locks after five; disables an account unused for 45 days; forgets failures on success;
    asks an administrator for a new password after two months; every outcome is one line (a lock: two) in the access log.
    """
    username = username.strip().lower()
    officer = Officer.objects.filter(username=username).first()
    if officer is None:
        make_password(password)
        access(None, AccessKind.LOGIN_FAILED, username=_masked(username), detail="Không có tài khoản này")
        raise DomainError("sign_in_refused")
    known = officer.check_password(password)
    with transaction.atomic():
        officer = Officer.objects.select_for_update(no_key=True).get(pk=officer.pk)
        why_not = _why_not(officer, known, at)
        if why_not:
            access(officer, AccessKind.LOGIN_FAILED, detail=why_not)
            _after_failure(officer, known, at)
        else:
            officer.failed_count = officer.lock_count = 0
            officer.locked_at = officer.locked_until = None
            officer.last_seen_at = at
            # The demo's printed password stays good: its visitors are no administrators.
            if not settings.DEMO and is_administrator(officer, at) and passwords.is_expired(officer, at):
                officer.must_change_password = True
            officer.save()
            access(officer, AccessKind.LOGIN)
    if why_not:
        raise DomainError("sign_in_refused")
    return officer


def change_own_password(*, officer: Officer, old: str, new: str, at: datetime) -> None:
    """Sets the officer's own new password.

    Raises DomainError password_wrong / password_same / password_reused (administrators: one of the last ten, R-143), or
    Django's ValidationError with every broken rule.
    """
    if not officer.check_password(old):
        raise DomainError("password_wrong", field="old")
    if old == new:
        raise DomainError("password_same", field="new")
    validate_password(new, officer)
    if is_administrator(officer, at) and passwords.was_used(officer, new):
        raise DomainError("password_reused", field="new", count=passwords.REMEMBERED)
    with transaction.atomic():
        store_password(officer, new, at=at, must_change=False)
        access(officer, AccessKind.PASSWORD_CHANGED, "officer", officer.pk)


def store_password(officer: Officer, password: str, *, at: datetime, must_change: bool) -> None:
    """Writes the hash, and remembers it for the history."""
    officer.set_password(password)
    officer.password_changed_at = at
    officer.must_change_password = must_change
    officer.save()
    PasswordRecord.objects.create(officer=officer, encoded=officer.password, set_at=at)


def is_administrator(officer: Officer, at: datetime) -> bool:
    return RoleGrant.objects.valid_on(timezone.localdate(at)).filter(officer=officer, role=Role.ADMINISTRATOR).exists()


def _why_not(officer: Officer, known: bool, at: datetime) -> str:
    if not officer.is_active:
        return "Tài khoản đã đóng hoặc ngừng"
    if officer.is_locked(at):
        return "Tài khoản đang bị khóa"
    if _is_unused(officer, at):
        return f"Không sử dụng quá {UNUSED.days} ngày"
    return "" if known else "Sai mật khẩu"


def _is_unused(officer: Officer, at: datetime) -> bool:
    """R-141. The demo's accounts wait for their visitor as long as it takes."""
    return not settings.DEMO and at - (officer.last_seen_at or officer.created_at) > UNUSED


def _after_failure(officer: Officer, known: bool, at: datetime) -> None:
    if not officer.is_active or officer.is_locked(at):
        return
    if _is_unused(officer, at):
        officer.is_active = False
        access(officer, AccessKind.DISABLED, "officer", officer.pk, f"Không sử dụng quá {UNUSED.days} ngày")
    else:
        officer.failed_count += 1
        if officer.failed_count >= settings.LOCKOUT_FAILURES:
            length = min(FIRST_LOCK * 2**officer.lock_count, LONGEST_LOCK)
            officer.failed_count, officer.lock_count = 0, min(officer.lock_count + 1, 10)
            officer.locked_at, officer.locked_until = at, at + length
            minutes = int(length.total_seconds() // 60)
            access(officer, AccessKind.LOCKED, "officer", officer.pk, f"Sai mật khẩu {settings.LOCKOUT_FAILURES} lần, khóa {minutes} phút")
    officer.save()


def _masked(username: str) -> str:
    """A name that is no account may be a password typed into the wrong field: keep only its beginning."""
    return username[:3] + "…" if len(username) > 3 else "…"
