"""What an administrator does to accounts and roles. Every verb says who (`by`; None only when data are set up) and logs."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from onestop.accounts import hooks, passwords
from onestop.accounts.access import access
from onestop.accounts.domain.signing_in import open_locks, store_password
from onestop.accounts.models import AccessKind, Agency, Department, Officer, Role, RoleGrant, Substitution
from onestop.errors import DomainError

# Dossiers are given to a department: who takes them there must be known to sit in it.
NEEDS_DEPARTMENT = frozenset({Role.CLERK, Role.SPECIALIST, Role.HEAD, Role.DOCUMENTS})


def create_officer(*, officer: Officer, password: str = "", by: Officer | None, at: datetime) -> str:
    """Saves a new account and gives its one-time password (or the given one, then not to be changed first)."""
    chosen = password or passwords.one_time_password()
    with transaction.atomic():
        officer.created_at = at
        officer.set_unusable_password()
        officer.save()
        store_password(officer, chosen, at=at, must_change=not password)
        access(by, AccessKind.ACCOUNT_CREATED, "officer", officer.pk, officer.username)
    return chosen


def change_officer(*, officer: Officer, changed: list[str], by: Officer, at: datetime) -> None:
    """Saves what a form changed; `changed` names the fields for the log."""
    with transaction.atomic():
        officer.save(update_fields=["full_name", "sort_name", "username", "title", "agency", "department", "email", "phone"])
        access(by, AccessKind.ACCOUNT_CHANGED, "officer", officer.pk, f"{officer.username}: {', '.join(changed)}")


def grant_role(
    *,
    officer: Officer,
    role: Role,
    agency: Agency,
    department: Department | None = None,
    valid_from: date,
    valid_to: date | None = None,
    by: Officer | None,
) -> RoleGrant:
    """Gives a role at an agency from one day to another (both included; None: until ended).

    Raises DomainError officer_closed / dates_reversed / department_elsewhere / role_needs_department / role_twice.
    """
    if not officer.is_active:
        raise DomainError("officer_closed", name=officer.full_name)
    if valid_to is not None and valid_to < valid_from:
        raise DomainError("dates_reversed", field="valid_to")
    if department is not None and department.agency_id != agency.pk:
        raise DomainError("department_elsewhere", field="department", department=department.name, agency=agency.name)
    if department is None and role in NEEDS_DEPARTMENT:
        raise DomainError("role_needs_department", field="department", role=role.label)
    with transaction.atomic():
        Officer.objects.select_for_update(no_key=True).get(pk=officer.pk)
        same = RoleGrant.objects.filter(Q(valid_to=None) | Q(valid_to__gte=valid_from), officer=officer, role=role, agency=agency)
        if valid_to is not None:
            same = same.filter(valid_from__lte=valid_to)
        if same.filter(department=department).exists():
            raise DomainError("role_twice", field="role", name=officer.full_name, role=role.label, agency=agency.name)
        grant = RoleGrant.objects.create(
            officer=officer, role=role, agency=agency, department=department, valid_from=valid_from, valid_to=valid_to
        )
        access(by, AccessKind.ROLE_GRANTED, "officer", officer.pk, f"{officer.username}: {role.label} – {agency.code}")
    return grant


def end_role(*, grant: RoleGrant, by: Officer, at: datetime) -> None:
    """The role ends at once: its last day is yesterday. A role that began today (or later) disappears; the log keeps it."""
    if grant.officer_id == by.pk and grant.role == Role.ADMINISTRATOR:
        raise DomainError("own_account")
    with transaction.atomic():
        _end(grant, timezone.localdate(at))
        access(
            by,
            AccessKind.ROLE_ENDED,
            "officer",
            grant.officer_id,
            f"{grant.officer.username}: {Role(grant.role).label} – {grant.agency.code}",
        )


def unlock(*, officer: Officer, by: Officer | None, at: datetime) -> None:
    """Ends a lock after wrong passwords; opens again an account disabled for not being used. A closed one stays closed."""
    if officer.closed_at is not None:
        raise DomainError("already_closed", username=officer.username, at=timezone.localtime(officer.closed_at))
    with transaction.atomic():
        disabled = not officer.is_active
        open_locks(officer)
        officer.is_active = True
        if disabled:
            officer.last_seen_at = at
        officer.save()
        access(by, AccessKind.ENABLED if disabled else AccessKind.UNLOCKED, "officer", officer.pk, officer.username)


def reset_password(*, officer: Officer, by: Officer | None, at: datetime) -> str:
    """Gives a new one-time password, shown once; ends the officer's sessions (their hash no longer fits) and any lock."""
    if officer.closed_at is not None:
        raise DomainError("already_closed", username=officer.username, at=timezone.localtime(officer.closed_at))
    chosen = passwords.one_time_password()
    with transaction.atomic():
        open_locks(officer)
        store_password(officer, chosen, at=at, must_change=True)
        access(by, AccessKind.PASSWORD_RESET, "officer", officer.pk, officer.username)
    return chosen


def work_left(officer: Officer) -> int:
    """Open dossiers on this officer's desk, as the apps above count them."""
    return hooks.total(hooks.desk_counted.send(sender=Officer, officer=officer))


def close_account(*, officer: Officer, successor: Officer | None, by: Officer, at: datetime) -> list[str]:
    """A leaver: one act, in this order — the whole desk goes to `successor` (hook), roles and substitutions end, the account closes.

    Gives the addresses of printed lists of what was handed over. Raises DomainError own_account / already_closed /
    successor_needed (dossiers lie on the desk) / successor_unfit. Sessions end with the next request.
    """
    if officer.pk == by.pk:
        raise DomainError("own_account")
    with transaction.atomic():
        officer = Officer.objects.select_for_update(no_key=True).get(pk=officer.pk)
        if officer.closed_at is not None:
            raise DomainError("already_closed", username=officer.username, at=timezone.localtime(officer.closed_at))
        if successor is not None and (not successor.is_active or successor.pk == officer.pk or successor.agency_id != officer.agency_id):
            raise DomainError("successor_unfit", field="successor", name=successor.full_name)
        left = work_left(officer)
        if left and successor is None:
            raise DomainError("successor_needed", field="successor", name=officer.full_name, count=left)
        lists = hooks.addresses(hooks.desk_handed_over.send(sender=Officer, officer=officer, successor=successor, by=by, at=at))
        today = timezone.localdate(at)
        for grant in RoleGrant.objects.filter(Q(valid_to=None) | Q(valid_to__gte=today), officer=officer):
            _end(grant, today)
        Substitution.objects.filter(Q(absent=officer) | Q(substitute=officer), ended_at=None).update(ended_at=at)
        officer.is_active = False
        officer.closed_at = at
        officer.save()
        to = f", bàn giao cho {successor.username}" if successor is not None else ""
        access(by, AccessKind.ACCOUNT_CLOSED, "officer", officer.pk, f"{officer.username}{to}")
    return lists


def _end(grant: RoleGrant, today: date) -> None:
    if grant.valid_from >= today:
        grant.delete()
    else:
        grant.valid_to = today - timedelta(days=1)
        grant.save(update_fields=["valid_to"])
