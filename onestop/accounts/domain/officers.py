"""What an administrator does to accounts and roles. Every verb says who (`by`; None only when data
are set up) and logs.
"""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from onestop.accounts import hooks, passwords
from onestop.accounts.access import access
from onestop.accounts.domain.open_sessions import drop
from onestop.accounts.domain.signing_in import open_locks, store_password
from onestop.accounts.domain.telling import tell
from onestop.accounts.models import (
    AccessKind,
    Agency,
    Department,
    Officer,
    Role,
    RoleGrant,
    Substitution,
)
from onestop.accounts.models.officers import RoleGrantQuerySet
from onestop.accounts.succession import takes_over_from
from onestop.changes.domain import update_all
from onestop.errors import DomainError
from onestop.once import once

# Dossiers are given to a department: who takes them there must be known to sit in it.
NEEDS_DEPARTMENT = frozenset({Role.CLERK, Role.SPECIALIST, Role.HEAD, Role.DOCUMENTS})


def create_officer(
    *, officer: Officer, password: str = "", by: Officer | None, at: datetime
) -> str:
    """Saves a new account and gives its one-time password (or the given one, then not to be changed
    first).

    Raises DomainError("username_twice") when somebody opened one of that name at the same instant.
    """
    chosen = password or passwords.one_time_password()
    with once(DomainError("username_twice", field="username", username=officer.username)):
        officer.created_at = at
        officer.set_unusable_password()
        officer.save()
        store_password(officer, chosen, at=at, must_change=not password)
        _log(by, AccessKind.ACCOUNT_CREATED, officer, f"{officer.username}: {officer.full_name}")
    return chosen


def change_officer(*, officer: Officer, changed: list[str], by: Officer, at: datetime) -> None:
    """Saves what a form changed; `changed` says for the log what was before and what is now.

    The person and the head are told; a letter goes to the address before the change. Raises
    own_account.
    """
    _not_oneself(officer, by)
    with once(DomainError("username_twice", field="username", username=officer.username)):
        email = Officer.objects.values_list("email", flat=True).get(pk=officer.pk)
        officer.save(
            update_fields=[
                "full_name",
                "sort_name",
                "username",
                "title",
                "agency",
                "department",
                "email",
                "phone",
            ]
        )
        what = "; ".join(changed)
        _log(by, AccessKind.ACCOUNT_CHANGED, officer, f"{officer.username}: {what}")
        if changed:
            tell(officer, "account_changed", by=by, at=at, email=email, changed=changed)


def grant_role(
    *,
    officer: Officer,
    role: Role,
    agency: Agency,
    department: Department | None = None,
    valid_from: date,
    valid_to: date | None = None,
    certificate: str = "",
    certified_on: date | None = None,
    by: Officer | None,
    at: datetime,
) -> RoleGrant:
    """Gives a role at an agency from one day to another (both included; None: until ended); the
    person and the head are told.

    Raises DomainError own_account / officer_closed / role_back_dated / dates_reversed /
    department_elsewhere / role_needs_department / certificate_of_postmen / certificate_whole /
    certificate_ahead / role_twice.
    """
    _not_oneself(officer, by)
    _check_certificate(role, certificate, certified_on, timezone.localdate(at))
    if not officer.is_active:
        raise DomainError("officer_closed", name=officer.full_name)
    if valid_from < timezone.localdate(at):
        raise DomainError("role_back_dated", field="valid_from")
    if valid_to is not None and valid_to < valid_from:
        raise DomainError("dates_reversed", field="valid_to")
    if department is not None and department.agency_id != agency.pk:
        raise DomainError(
            "department_elsewhere",
            field="department",
            department=department.name,
            agency=agency.name,
        )
    if department is None and role in NEEDS_DEPARTMENT:
        raise DomainError("role_needs_department", field="department", role=role.label)
    with transaction.atomic():
        Officer.objects.select_for_update(no_key=True).get(pk=officer.pk)
        same = _not_over(valid_from).filter(officer=officer, role=role, agency=agency)
        if valid_to is not None:
            same = same.filter(valid_from__lte=valid_to)
        if same.filter(department=department).exists():
            raise DomainError(
                "role_twice",
                field="role",
                name=officer.full_name,
                role=role.label,
                agency=agency.name,
            )
        grant = RoleGrant.objects.create(
            officer=officer,
            role=role,
            agency=agency,
            department=department,
            valid_from=valid_from,
            valid_to=valid_to,
            certificate=certificate.strip(),
            certified_on=certified_on,
        )
        words = _words(grant)
        _log(by, AccessKind.ROLE_GRANTED, officer, f"{officer.username}: {words}", about=agency.pk)
        tell(officer, "role_granted", by=by, at=at, role=role.label, words=words)
    return grant


def _check_certificate(role: Role, number: str, on: date | None, today: date) -> None:
    """That a postman is trained: number and day together. Who receives for the office holds the role
    of the counter beside his own.
    """
    if not number.strip() and on is None:
        return
    if role not in (Role.POSTAL, Role.CLERK):
        raise DomainError("certificate_of_postmen", field="certificate")
    if not number.strip() or on is None:
        raise DomainError("certificate_whole", field="certificate")
    if on > today:
        raise DomainError("certificate_ahead", field="certified_on")


def end_role(*, grant: RoleGrant, by: Officer, at: datetime) -> None:
    """The role ends at once and stays in the list with its end; the person and the head are told.

    Raises DomainError own_account / role_over.
    """
    _not_oneself(grant.officer, by)
    with transaction.atomic():
        grant = RoleGrant.objects.select_for_update().get(pk=grant.pk)
        today = timezone.localdate(at)
        if grant.ended_at is not None or (grant.valid_to is not None and grant.valid_to < today):
            raise DomainError("role_over")
        before = _words(grant)
        _end(grant, at)
        officer = grant.officer
        _log(
            by,
            AccessKind.ROLE_ENDED,
            officer,
            f"{officer.username}: {before}; nay kết thúc",
            about=grant.agency_id,
        )
        tell(officer, "role_ended", by=by, at=at, role=Role(grant.role).label, words=before)


def unlock(*, officer: Officer, by: Officer | None, at: datetime) -> None:
    """Ends a lock after wrong passwords; opens again an account disabled for not being used. A
    closed one stays closed.

    Raises DomainError own_account / already_closed.
    """
    _not_oneself(officer, by)
    if officer.closed_at is not None:
        raise DomainError(
            "already_closed", username=officer.username, at=timezone.localtime(officer.closed_at)
        )
    with transaction.atomic():
        disabled = not officer.is_active
        open_locks(officer)
        officer.is_active = True
        if disabled:
            officer.last_seen_at = at
        officer.save()
        _log(by, AccessKind.ENABLED if disabled else AccessKind.UNLOCKED, officer, officer.username)
        if disabled:
            tell(officer, "account_opened_again", by=by, at=at)


def reset_password(*, officer: Officer, by: Officer | None, at: datetime) -> str:
    """Gives a new one-time password, shown once; ends the officer's sessions and any
    lock.

    The person and the head are told, and the person again at the next sign-in. Raises own_account /
    already_closed.
    """
    _not_oneself(officer, by)
    if officer.closed_at is not None:
        raise DomainError(
            "already_closed", username=officer.username, at=timezone.localtime(officer.closed_at)
        )
    chosen = passwords.one_time_password()
    with transaction.atomic():
        open_locks(officer)
        store_password(officer, chosen, at=at, must_change=True)
        _log(by, AccessKind.PASSWORD_RESET, officer, officer.username)
        tell(officer, "password_reset", by=by, at=at)
    return chosen


def work_left(officer: Officer) -> int:
    """Open dossiers on this officer's desk, as the apps above count them."""
    return hooks.total(hooks.desk_counted.send(sender=Officer, officer=officer))


def close_account(
    *, officer: Officer, successor: Officer | None, by: Officer, at: datetime
) -> list[str]:
    """A leaver: one act, in this order — the whole desk goes to `successor` (hook), roles and
    substitutions end, the account closes.

    Gives the addresses of printed lists of what was handed over. Raises DomainError own_account /
    already_closed / successor_needed (dossiers lie on the desk) / successor_unfit. Sessions end
    at once.
    """
    _not_oneself(officer, by)
    with transaction.atomic():
        officer = Officer.objects.select_for_update(no_key=True).get(pk=officer.pk)
        if officer.closed_at is not None:
            raise DomainError(
                "already_closed",
                username=officer.username,
                at=timezone.localtime(officer.closed_at),
            )
        if successor is not None and (
            not successor.is_active
            or successor.pk == officer.pk
            or not takes_over_from(officer, successor, timezone.localdate(at))
        ):
            raise DomainError("successor_unfit", field="successor", name=successor.full_name)
        left = work_left(officer)
        if left and successor is None:
            raise DomainError(
                "successor_needed", field="successor", name=officer.full_name, count=left
            )
        lists = hooks.addresses(
            hooks.desk_handed_over.send(
                sender=Officer, officer=officer, successor=successor, by=by, at=at
            )
        )
        for grant in _not_over(timezone.localdate(at)).filter(officer=officer):
            _end(grant, at)
        theirs = Q(absent=officer) | Q(substitute=officer)
        update_all(Substitution.objects.filter(theirs, ended_at=None), ended_at=at)
        officer.is_active = False
        officer.closed_at = at
        officer.save()
        drop(officer)
        to = f", bàn giao cho {successor.username}" if successor is not None else ""
        _log(by, AccessKind.ACCOUNT_CLOSED, officer, f"{officer.username}{to}")
        tell(officer, "account_closed", by=by, at=at, successor=successor)
    return lists


def _not_oneself(officer: Officer, by: Officer | None) -> None:
    if by is not None and by.pk == officer.pk:
        raise DomainError("own_account")


def _not_over(on: date) -> RoleGrantQuerySet:
    """Roles whose last day is this one or later and that nobody has ended."""
    return RoleGrant.objects.filter(Q(valid_to=None) | Q(valid_to__gte=on), ended_at=None)


def _end(grant: RoleGrant, at: datetime) -> None:
    """From this instant on it is not held; its days stay as they were, but for a last day in the
    future.
    """
    grant.ended_at = at
    grant.valid_to = max(timezone.localdate(at), grant.valid_from)
    grant.save(update_fields=["valid_to", "ended_at"])


def _words(grant: RoleGrant) -> str:
    place = (
        f"{grant.agency.code}, {grant.department.name}"
        if grant.department is not None
        else grant.agency.code
    )
    until = (
        f"đến hết {grant.valid_to:%d/%m/%Y}"
        if grant.valid_to is not None
        else "chưa định ngày kết thúc"
    )
    trained = (
        f", chứng nhận tập huấn số {grant.certificate} ngày {grant.certified_on:%d/%m/%Y}"
        if grant.certified_on is not None
        else ""
    )
    said = f"{Role(grant.role).label} – {place}, từ {grant.valid_from:%d/%m/%Y}, {until}"
    return f"{said}{trained}"


def _log(
    by: Officer | None, kind: AccessKind, officer: Officer, detail: str, *, about: int | None = None
) -> None:
    access(by, kind, "officer", officer.pk, detail, about=about or officer.agency_id)
