"""What the catalogue allows: receiving a dossier under a version, on a day, by a channel."""

from datetime import date

from onestop.accounts.desk import Desk
from onestop.accounts.models import Role
from onestop.results import ALLOWED, Answer, Denied
from procedures.channels import Channel
from procedures.models import Case, Kind, Method, ProcedureVersion, Status, Unpublished
from procedures.models.unpublished import is_code_of_unpublished


def may_decide(desk: Desk) -> Answer:
    """Confirming terms, dates, abolishing: one catalogue serves every office of the installation,
    so the controller of the agency on top decides, who publishes it (R-133); in a commune alone,
    its own.
    """
    # Held there: who took over an agency on top does not publish for all.
    on_top = any(g.role == Role.CONTROLLER and g.agency.parent_id is None for g in desk.grants)
    return ALLOWED if on_top else Denied("procedures.not_publisher")


def may_import(desk: Desk) -> Answer:
    """Taking in a catalogue from a page: whoever decides about it, and the administrator of the
    agency on top, who runs the command as well.
    """
    roles = (Role.CONTROLLER, Role.ADMINISTRATOR)
    on_top = any(g.role in roles and g.agency.parent_id is None for g in desk.grants)
    return ALLOWED if on_top else Denied("procedures.not_importer")


def may_publish_lists(desk: Desk) -> Answer:
    """Drafting and publishing what counters receive: the controller of the agency on top (R-133)."""
    return ALLOWED if may_decide(desk) else Denied("procedures.not_lists_publisher")


def may_check_lists(desk: Desk) -> Answer:
    """Looking through a draft: a controller or leader of the agency on top, other than who drafted."""
    roles = (Role.CONTROLLER, Role.LEADER)
    on_top = any(g.role in roles and g.agency.parent_id is None for g in desk.grants)
    return ALLOWED if on_top else Denied("procedures.not_lists_checker")


def receivable(
    version: ProcedureVersion, on: date, channel: int | None = None, case: Case | None = None
) -> Answer:
    """Whether a new dossier may be received (R-122, R-133). Denied with procedures.abolished,
    now_published, not_in_force, needs_term, no_post or no_method. An unreadable fee never denies: the clerk enters
    it with a reason.
    """
    if version.kind == Kind.ABOLISHED or _abolished_by(version, on):
        return ended(version)
    if not version.is_in_force(on):
        return Denied(
            "procedures.not_in_force", {"procedure": version.code, "day": f"{on:%d/%m/%Y}"}
        )
    if version.status == Status.NEEDS_TERM:
        return Denied("procedures.needs_term", {"procedure": version.code})
    if channel == Channel.POST and not version.post_allowed:
        return Denied("procedures.no_post", {"procedure": version.code})
    if channel is not None and not _has_method(version, channel, case):
        return Denied(
            "procedures.no_method", {"procedure": version.code, "channel": Channel(channel).label}
        )
    return ALLOWED


def ended(version: ProcedureVersion) -> Denied:
    """Why nothing is received under an abolished procedure; what waited for its publication says
    what it is called now.
    """
    if is_code_of_unpublished(version.code):
        rows = Unpublished.objects.filter(procedure=version.procedure_id)
        if code := rows.values_list("published_as__code", flat=True).first():
            about = {"procedure": version.code, "published": code}
            return Denied("procedures.now_published", about)
    return Denied("procedures.abolished", {"procedure": version.code})


def _abolished_by(version: ProcedureVersion, on: date) -> bool:
    if version.effective_to is None or on < version.effective_to:
        return False
    later = ProcedureVersion.objects.filter(
        procedure_id=version.procedure_id, kind=Kind.ABOLISHED, effective_from__lte=on
    )
    return later.exists()


def _has_method(version: ProcedureVersion, channel: int, case: Case | None) -> bool:
    if case is not None:
        return case.method_for(channel) is not None
    wanted = Channel.ONLINE_FULL if channel == Channel.ONLINE_PART else channel
    return Method.objects.filter(case__version_id=version.pk, channel=wanted).exists()
