"""At which counter an officer receives."""

from __future__ import annotations

from django.http import Http404

from onestop.accounts.http import OfficerRequest
from onestop.accounts.models import Agency, Role


def counters_of(request: OfficerRequest) -> list[Agency]:
    """The agencies at whose counter this officer receives, home first."""
    mine = request.desk.agency_ids_as(Role.CLERK)
    standing = (one for one in request.desk.agencies if not one.has_ended(request.desk.on))
    return [agency for agency in standing if agency.pk in mine]


def counter_of(request: OfficerRequest, named: str = "") -> Agency:
    """The counter named on the page, else the home one. A foreign agency is not found."""
    named = named or request.POST.get("co-quan", "") or request.GET.get("co-quan", "")
    for agency in counters_of(request):
        if named in ("", str(agency.pk)):
            return agency
    raise Http404
