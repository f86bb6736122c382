"""The addresses of accounts for the matrix of tests/matrix.py."""

from typing import Any

from onestop.accounts.models import (
    Agency,
    CalendarDay,
    DayKind,
    Officer,
    Role,
    RoleGrant,
    Substitution,
)
from tests.matrix import Address, World, make_officer

ADMINISTRATOR = frozenset({Role.ADMINISTRATOR})


def _someone(world: World, agency: Agency) -> Officer:
    found = Officer.objects.filter(username=f"nguoi.{agency.pk}").first()
    return found or make_officer(
        Role.SPECIALIST, agency, world.department(agency), f"nguoi.{agency.pk}"
    )


def officer_here(world: World) -> dict[str, Any]:
    return {"pk": _someone(world, world.own).pk}


def officer_there(world: World) -> dict[str, Any]:
    return {"pk": _someone(world, world.other).pk}


def grant_here(world: World) -> dict[str, Any]:
    someone = _someone(world, world.own)
    return {"pk": someone.pk, "grant_pk": RoleGrant.objects.get(officer=someone).pk}


def grant_there(world: World) -> dict[str, Any]:
    someone = _someone(world, world.other)
    return {"pk": someone.pk, "grant_pk": RoleGrant.objects.get(officer=someone).pk}


def agency_here(world: World) -> dict[str, Any]:
    return {"pk": world.own.pk}


def agency_there(world: World) -> dict[str, Any]:
    return {"pk": world.other.pk}


def department_here(world: World) -> dict[str, Any]:
    return {"pk": world.own.pk, "department_pk": world.department(world.own).pk}


def department_there(world: World) -> dict[str, Any]:
    return {"pk": world.other.pk, "department_pk": world.department(world.other).pk}


def _substitution(world: World, agency: Agency) -> dict[str, Any]:
    absent = _someone(world, agency)
    substitute = make_officer(Role.HEAD, agency, world.department(agency), f"thay.{agency.pk}")
    made = Substitution.objects.create(
        absent=absent,
        substitute=substitute,
        from_date="2026-01-01",
        to_date="2030-01-01",
        reason="Nghỉ",
    )
    return {"pk": made.pk}


def _day(agency: Agency) -> dict[str, Any]:
    return {
        "pk": CalendarDay.objects.create(
            agency=agency, date="2026-11-25", kind=DayKind.CLOSING, name="Bão", source="CĐ 3"
        ).pk
    }


ADDRESSES = [
    Address("accounts:home", public=True),
    Address("accounts:places", public=True),
    Address("accounts:place", public=True, own=lambda w: {"code": w.own.code}),
    Address("accounts:sign_in", public=True),
    Address("accounts:sign_in", public=True, method="post"),
    Address("accounts:alive"),
    Address("accounts:sign_in_here", public=True),
    Address("accounts:sign_in_here", public=True, method="post"),
    Address("accounts:carry_on"),
    Address("accounts:sign_out", public=True, method="post"),
    Address("accounts:change_password"),
    Address("accounts:change_password", method="post"),
    Address("accounts:own_sessions"),
    Address("accounts:end_own_session", method="post"),
    Address("accounts:end_other_sessions", method="post"),
    Address("accounts:second_step", public=True),
    Address("accounts:second_step", public=True, method="post"),
    Address("accounts:second_step_here", method="post"),
    Address("accounts:own_account"),
    Address("accounts:enrol_totp"),
    Address("accounts:enrol_totp", method="post"),
    Address("accounts:enrol_key"),
    Address("accounts:enrol_key", method="post"),
    Address("accounts:recovery_codes"),
    Address("accounts:recovery_codes", method="post"),
    Address("accounts:remove_factor", own=lambda w: {"pk": 1}),
    Address("accounts:remove_factor", own=lambda w: {"pk": 1}, method="post"),
    Address("accounts:administration", ADMINISTRATOR),
    Address("accounts:access_log", ADMINISTRATOR | {Role.LEADER, Role.CONTROLLER}),
    Address("accounts:scheduled_jobs", ADMINISTRATOR),
    Address("accounts:officers", ADMINISTRATOR),
    Address("accounts:new_officer", ADMINISTRATOR),
    Address("accounts:new_officer", ADMINISTRATOR, method="post"),
    Address("accounts:officer", ADMINISTRATOR, officer_here, officer_there),
    Address("accounts:officer", ADMINISTRATOR, officer_here, officer_there, "post"),
    Address("accounts:grant_role", ADMINISTRATOR, officer_here, officer_there, "post"),
    Address("accounts:end_role", ADMINISTRATOR, grant_here, grant_there, "post"),
    Address("accounts:unlock", ADMINISTRATOR, officer_here, officer_there, "post"),
    Address(
        "accounts:reset_password",
        ADMINISTRATOR,
        officer_here,
        officer_there,
        "post",
        post_shows=True,
    ),
    Address("accounts:end_sessions", ADMINISTRATOR, officer_here, officer_there, "post"),
    Address("accounts:propose_reset", ADMINISTRATOR, officer_here, officer_there, "post"),
    Address("accounts:confirm_reset", ADMINISTRATOR, officer_here, officer_there, "post"),
    Address("accounts:refuse_reset", ADMINISTRATOR, officer_here, officer_there, "post"),
    Address("accounts:close_account", ADMINISTRATOR, officer_here, officer_there),
    Address(
        "accounts:close_account",
        ADMINISTRATOR,
        officer_here,
        officer_there,
        "post",
        post_shows=True,
    ),
    Address("accounts:substitutions", ADMINISTRATOR),
    Address("accounts:substitutions", ADMINISTRATOR, method="post"),
    Address(
        "accounts:end_substitution",
        ADMINISTRATOR,
        lambda w: _substitution(w, w.own),
        lambda w: _substitution(w, w.other),
        method="post",
    ),
    Address("accounts:agencies", ADMINISTRATOR),
    Address("accounts:new_agency", ADMINISTRATOR),
    Address("accounts:new_agency", ADMINISTRATOR, method="post"),
    Address("accounts:agency", ADMINISTRATOR, agency_here, agency_there),
    Address("accounts:agency", ADMINISTRATOR, agency_here, agency_there, "post"),
    Address("accounts:new_department", ADMINISTRATOR, agency_here, agency_there),
    Address("accounts:new_department", ADMINISTRATOR, agency_here, agency_there, "post"),
    Address("accounts:department", ADMINISTRATOR, department_here, department_there),
    Address("accounts:department", ADMINISTRATOR, department_here, department_there, "post"),
    Address("accounts:calendar", ADMINISTRATOR),
    Address("accounts:new_day", ADMINISTRATOR),
    Address("accounts:new_day", ADMINISTRATOR, method="post"),
    Address(
        "accounts:remove_day",
        ADMINISTRATOR,
        lambda w: _day(w.own),
        lambda w: _day(w.other),
        method="post",
    ),
    Address("accounts:new_week", ADMINISTRATOR),
    Address("accounts:new_week", ADMINISTRATOR, method="post"),
    Address("accounts:year", ADMINISTRATOR),
    Address("accounts:year", ADMINISTRATOR, method="post"),
]
