"""Signing in by password and the own password (R-137, R-139, R-140, R-141, R-143); the second step
stands in second_step.py.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from django.utils import timezone

from onestop.accounts import passwords, policy
from onestop.accounts.access import access, origin_address
from onestop.accounts.domain.open_sessions import drop
from onestop.accounts.models import (
    AccessEvent,
    AccessKind,
    Officer,
    PasswordRecord,
    Role,
    RoleGrant,
    UsualAddress,
)
from onestop.errors import DomainError
from onestop.instants import SKEW

# A lock lasts 15 minutes; each further lock before a good sign-in twice as long, at most a day. An
# administrator opens it at once.
FIRST_LOCK = timedelta(minutes=15)
LONGEST_LOCK = timedelta(days=1)
# An address from which this officer has signed in within this time is a usual one: what strangers
# do elsewhere
# does not lock it.
USUAL = timedelta(days=60)
# So many failures from one address in this time, whatever the names: nothing is let in from there
# but officers
# whose usual address it is.
ADDRESS_FAILURES = 30
ADDRESS_WINDOW = timedelta(minutes=15)
# An account nobody used for this long is disabled.
UNUSED = timedelta(days=45)


def prove(*, username: str, password: str, at: datetime) -> Officer:
    """The officer who knows this password, at `at`; raises DomainError("sign_in_refused") whatever
    the reason.

    Unknown, wrong, locked, closed and disabled look alike: same sentence, one password hash
    computed in every case. Effects: counts failures and locks after five — at a usual address of
    the officer apart from everywhere else, see `UsualAddress`; lets nobody in from an address with
    thirty failures; disables an account unused for 45 days; forgets failures on success; asks an
    administrator for a new password after two months; every outcome is one line (a lock: two) in
    the access log. Who has a second factor is not signed in yet (`second_step.settle`); who has
    none and must, because the request comes from outside the office, reads so
    (DomainError("factor_outside")).
    """
    username = username.strip().lower()
    officer = Officer.objects.filter(username=username).first()
    if officer is None:
        make_password(password)
        access(
            None,
            AccessKind.LOGIN_FAILED,
            username=_masked(username),
            detail="Không có tài khoản này",
        )
        raise DomainError("sign_in_refused")
    known = officer.check_password(password)
    with transaction.atomic():
        officer = Officer.objects.select_for_update(no_key=True).get(pk=officer.pk)
        here = _usual_address(officer, at)
        why_not = _why_not(officer, here, known, at)
        outside = not why_not and not officer.has_factor and _is_required_here()
        if why_not:
            access(officer, AccessKind.LOGIN_FAILED, detail=why_not)
            _after_failure(officer, here, known, at)
        elif outside:
            access(
                officer,
                AccessKind.LOGIN_FAILED,
                detail="Ở ngoài cơ quan, chưa đăng ký xác thực hai bước",
            )
        elif officer.has_factor:
            # Failures are forgotten when the second step is passed, or the password would open
            # endless tries at the code.
            access(officer, AccessKind.FIRST_STEP)
        else:
            complete(officer, at)
    if why_not or outside:
        raise DomainError("factor_outside" if outside else "sign_in_refused")
    return officer


def complete(officer: Officer, at: datetime, how: str = "") -> None:
    """All that was asked is proven: failures are forgotten, the address is a usual one from now on.
    Inside the transaction that proved it, with the officer's row locked.
    """
    open_locks(officer)
    officer.last_seen_at = at
    # The demo's printed password stays good: its visitors are no administrators.
    if not settings.DEMO and is_administrator(officer, at) and passwords.is_expired(officer, at):
        officer.must_change_password = True
    officer.save()
    UsualAddress.objects.update_or_create(
        officer=officer, address=origin_address(), defaults={"last_good_at": at}
    )
    access(officer, AccessKind.LOGIN, detail=how)


def why_not_tried(officer: Officer, at: datetime) -> str:
    """Why nothing that is sent for this account is looked at just now; "" when it is."""
    return _why_not(officer, _usual_address(officer, at), True, at)


def second_step_failed(officer: Officer, why: str, at: datetime) -> bool:
    """Counts a wrong second step as a wrong password; whether the account is locked now."""
    here = _usual_address(officer, at)
    access(officer, AccessKind.LOGIN_FAILED, "officer", officer.pk, why)
    if not why_not_tried(officer, at):
        _after_failure(officer, here, False, at)
    return _is_locked(officer, here, at)


def _is_required_here() -> bool:
    """Whether everybody has to have a second factor where this request comes from. Who has none
    yet, and only the password, gets none from there.
    """
    return policy.is_required() and not policy.is_inside(origin_address())


def change_own_password(
    *, officer: Officer, old: str, new: str, at: datetime, this: str | None = None
) -> None:
    """Sets the officer's own new password; all sessions end but `this` one (its key).

    A wrong present one counts, locks and is logged like one at sign-in: who sits at an open browser
    has no more tries than a stranger. Raises DomainError password_locked / password_wrong /
    password_same / password_reused (administrators: one of the last ten, R-143), or Django's
    ValidationError with every broken rule.
    """
    prove_present_password(
        officer=officer, password=old, where="trang đổi mật khẩu", at=at, field="old"
    )
    if old == new:
        raise DomainError("password_same", field="new")
    validate_password(new, officer)
    if is_administrator(officer, at) and passwords.was_used(officer, new):
        raise DomainError("password_reused", field="new", count=passwords.REMEMBERED)
    with transaction.atomic():
        store_password(officer, new, at=at, must_change=False, but=this)
        access(officer, AccessKind.PASSWORD_CHANGED, "officer", officer.pk)


def prove_present_password(
    *, officer: Officer, password: str, where: str, at: datetime, field: str = "password"
) -> None:
    """Who sits at an open browser knows the password. A wrong one counts, locks and is logged like
    one at sign-in. Raises DomainError password_locked / password_wrong.
    """
    known = officer.check_password(password)
    with transaction.atomic():
        row = Officer.objects.select_for_update(no_key=True).get(pk=officer.pk)
        here = _usual_address(row, at)
        locked = _is_locked(row, here, at)
        if known and not locked:
            return
        why = "Tài khoản đang bị khóa" if locked else "Sai mật khẩu hiện tại"
        access(row, AccessKind.LOGIN_FAILED, "officer", row.pk, f"{why} ({where})")
        _after_failure(row, here, known, at)
        locked = _is_locked(row, here, at)
    raise DomainError("password_locked" if locked else "password_wrong", field=field)


def open_locks(officer: Officer) -> None:
    """Forgets failures and ends every lock of the account; the caller saves the officer."""
    officer.failed_count = officer.lock_count = 0
    officer.locked_at = officer.locked_until = None
    UsualAddress.objects.filter(officer=officer).update(
        failed_count=0, lock_count=0, locked_until=None
    )


def store_password(
    officer: Officer, password: str, *, at: datetime, must_change: bool, but: str | None = None
) -> None:
    """Writes the hash, and remembers it for the history; ends the sessions that the old one opened,
    `but` the one with this key.
    """
    officer.set_password(password)
    officer.password_changed_at = at
    officer.must_change_password = must_change
    officer.save()
    PasswordRecord.objects.create(officer=officer, encoded=officer.password, set_at=at)
    drop(officer, but=but)


def after_clock_set_back(now: datetime) -> None:
    """What a clock that was wrong wrote of accounts: its locks end, and who was seen or took a new
    password did so by now.
    """
    ahead = now + SKEW
    Officer.objects.filter(locked_at__gt=ahead).update(locked_at=None, locked_until=None)
    # A lock of an address does not say when it began, but none is longer than the longest.
    UsualAddress.objects.filter(locked_until__gt=ahead + LONGEST_LOCK).update(locked_until=None)
    UsualAddress.objects.filter(last_good_at__gt=ahead).update(last_good_at=now)
    Officer.objects.filter(last_seen_at__gt=ahead).update(last_seen_at=now)
    Officer.objects.filter(password_changed_at__gt=ahead).update(password_changed_at=now)


def is_administrator(officer: Officer, at: datetime) -> bool:
    return (
        RoleGrant.objects.valid_on(timezone.localdate(at))
        .filter(officer=officer, role=Role.ADMINISTRATOR)
        .exists()
    )


def _why_not(officer: Officer, here: UsualAddress | None, known: bool, at: datetime) -> str:
    if not officer.is_active:
        return "Tài khoản đã đóng hoặc ngừng"
    if _is_locked(officer, here, at):
        return "Tài khoản đang bị khóa"
    if here is None and _is_flooding(at):
        return "Địa chỉ này đã sai quá nhiều lần"
    if _is_unused(officer, at):
        return f"Không sử dụng quá {UNUSED.days} ngày"
    return "" if known else "Sai mật khẩu"


def _usual_address(officer: Officer, at: datetime) -> UsualAddress | None:
    address = origin_address()
    return UsualAddress.objects.filter(
        officer=officer, address=address, last_good_at__gte=at - USUAL
    ).first()


def _is_locked(officer: Officer, here: UsualAddress | None, at: datetime) -> bool:
    return here.is_locked(at) if here is not None else officer.is_locked(at)


def _is_flooding(at: datetime) -> bool:
    """Whether this address failed too often lately, with whatever names; read along the log's index
    by time.
    """
    lately = AccessEvent.objects.filter(at__gte=at - ADDRESS_WINDOW, at__lte=at)
    failed = lately.filter(kind=AccessKind.LOGIN_FAILED, address=origin_address()).order_by()
    return len(failed.values_list("pk", flat=True)[:ADDRESS_FAILURES]) >= ADDRESS_FAILURES


def _is_unused(officer: Officer, at: datetime) -> bool:
    """R-141. The demo's accounts wait for their visitor as long as it takes."""
    return not settings.DEMO and at - (officer.last_seen_at or officer.created_at) > UNUSED


def _after_failure(officer: Officer, here: UsualAddress | None, known: bool, at: datetime) -> None:
    """Counts one wrong password where it was typed: at the usual address, else with the account."""
    if not officer.is_active or _is_locked(officer, here, at):
        return
    if _is_unused(officer, at):
        _disable(officer)
        return
    if known:  # the right one from an address that failed too often
        return
    counted = here or officer
    counted.failed_count += 1
    if counted.failed_count >= settings.LOCKOUT_FAILURES:
        length = min(FIRST_LOCK * 2**counted.lock_count, LONGEST_LOCK)
        counted.failed_count, counted.lock_count = 0, min(counted.lock_count + 1, 10)
        counted.locked_until = at + length
        # A lock at the officer's own counter is one of the account: administrators see it,
        # strangers stay out too.
        officer.locked_at, officer.locked_until = at, max(officer.locked_until or at, at + length)
        minutes = int(length.total_seconds() // 60)
        what = f"Sai mật khẩu hoặc mã xác thực {settings.LOCKOUT_FAILURES} lần, khóa {minutes} phút"
        access(officer, AccessKind.LOCKED, "officer", officer.pk, what)
    if here is not None:
        here.save(update_fields=["failed_count", "lock_count", "locked_until"])
    officer.save(update_fields=["failed_count", "lock_count", "locked_at", "locked_until"])


def _disable(officer: Officer) -> None:
    officer.is_active = False
    officer.save(update_fields=["is_active"])
    drop(officer)
    access(
        officer, AccessKind.DISABLED, "officer", officer.pk, f"Không sử dụng quá {UNUSED.days} ngày"
    )


def _masked(username: str) -> str:
    """A name that is no account may be a password typed into the wrong field: keep only its
    beginning.
    """
    return username[:3] + "…" if len(username) > 3 else "…"
