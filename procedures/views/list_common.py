"""What the pages of published lists share: who reads them, which decisions one sees."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from onestop.accounts.http import OfficerRequest
from onestop.accounts.models import Agency, Role
from onestop.texts import whole_number
from procedures import rules
from procedures.models import ListDecision

READERS = (Role.CONTROLLER, Role.LEADER, Role.ADMINISTRATOR)


def top_of(request: OfficerRequest) -> Agency | None:
    """The agency on top of this officer's, which publishes."""
    agency = request.desk.agency
    return Agency.objects.get(pk=agency.lineage[0]) if agency is not None else None


def seen_by(request: OfficerRequest) -> QuerySet[ListDecision]:
    """The decisions over the agencies of this desk."""
    above = {pk for agency in request.desk.agencies for pk in agency.lineage}
    return ListDecision.objects.filter(agency__in=above)


def open_drafts(request: OfficerRequest) -> QuerySet[ListDecision]:
    """The drafts into which lines may still go."""
    stages = (ListDecision.Stage.DRAFT, ListDecision.Stage.CHECKED)
    return seen_by(request).filter(stage__in=stages).order_by("-pk")


def tabs(request: OfficerRequest) -> dict[str, Any]:
    return {
        "controller": request.desk.has(Role.CONTROLLER),
        "decides": bool(rules.may_decide(request.desk)),
    }


def revision_in(request: OfficerRequest) -> int:
    return whole_number(request.POST.get("revision", "")) or 0
