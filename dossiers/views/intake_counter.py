"""At which counter an officer receives."""

from __future__ import annotations

from django.http import Http404

from dossiers.desk.open_drafts import own_counters
from onestop.accounts.http import OfficerRequest
from onestop.accounts.models import Agency


def counters_of(request: OfficerRequest) -> list[Agency]:
    """The agencies at whose counter this officer receives, home first."""
    return own_counters(request.desk)


def counter_of(request: OfficerRequest, named: str = "") -> Agency:
    """The counter named on the page, else the home one. A foreign agency is not found."""
    named = named or request.POST.get("co-quan", "") or request.GET.get("co-quan", "")
    for agency in counters_of(request):
        if named in ("", str(agency.pk)):
            return agency
    raise Http404
