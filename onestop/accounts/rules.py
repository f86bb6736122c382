"""Who may change whose account. Views ask, templates show the reason, the verbs that need it raise
it.
"""

from onestop.accounts.desk import Desk
from onestop.accounts.models import Agency, FactorReset, Officer, Role, RoleGrant
from onestop.results import ALLOWED, Answer, Denied


def may_manage(desk: Desk, officer: Officer) -> Answer:
    """An administrator changes accounts of own agencies — never one that holds a role outside them:
    who resets its password could act with that role. And never the own one: whoever may change
    accounts is changed by another.
    """
    if officer.pk == desk.officer.pk:
        return Denied("own_account")
    valid = RoleGrant.objects.valid_on(desk.on).filter(officer=officer).select_related("agency")
    outside = {grant.agency.name for grant in valid if not desk.administers(grant.agency)}
    if outside:
        return Denied(
            "grants_elsewhere", {"name": officer.full_name, "agencies": ", ".join(sorted(outside))}
        )
    return ALLOWED


def may_confirm_reset(desk: Desk, reset: FactorReset) -> Answer:
    """Two administrators take off somebody's second factors: who asked for it is not the other
    one.
    """
    return Denied("reset_own") if reset.proposed_by_id == desk.officer.pk else ALLOWED


def may_change_calendar(desk: Desk, agency: Agency | None) -> Answer:
    """Own agency and below; national rows (None) only by the administrator of an agency that has
    none above it.
    """
    if agency is not None:
        return ALLOWED if desk.administers(agency) else Denied("not_allowed")
    return ALLOWED if stands_on_top(desk) else Denied("national_calendar")


def stands_on_top(desk: Desk, *roles: Role) -> bool:
    """Whether an agency of which this officer is administrator (or what is named) has none above it:
    what is of the whole country, or of nobody, is its.
    """
    return any(path.count("/") == 2 for path in desk.paths_as(*roles or (Role.ADMINISTRATOR,)))
