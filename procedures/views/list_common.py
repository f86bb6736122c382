"""What the pages of published lists share: who reads them, which decisions one sees."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse

from onestop.accounts.http import OfficerRequest
from onestop.accounts.models import Agency, Role
from onestop.texts import whole_number
from procedures import rules
from procedures.models import ListDecision
from procedures.views.common import denied_page

# Lines on a page.
PAGE = 100
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


def not_publishing(request: OfficerRequest) -> HttpResponse | None:
    """403 with the reason for who may read lists and not publish them."""
    return denied_page(request, rules.may_publish_lists(request.desk))


def chosen_lines(request: OfficerRequest) -> list[int]:
    """The lines that were ticked on a page."""
    found = (whole_number(text) for text in request.POST.getlist("line")[:PAGE])
    return [pk for pk in found if pk is not None]


def tabs(request: OfficerRequest) -> dict[str, Any]:
    return {
        "controller": request.desk.has(Role.CONTROLLER),
        "decides": bool(rules.may_decide(request.desk)),
    }


def revision_in(request: OfficerRequest) -> int:
    return whole_number(request.POST.get("revision", "")) or 0
