"""The clerk's search while typing: a part of a page for htmx, a plain page without script."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from onestop.accounts.http import OfficerRequest, officer_required
from procedures.queries import search_procedures
from procedures.shell import beginning

MOST_FOUND = 12


@officer_required()
@require_safe
def find(request: OfficerRequest) -> HttpResponse:
    """/thu-tuc/tim/?q=… the best matches, each a link that begins an intake; waiting ones say why
    they cannot be chosen.
    """
    q = str(request.GET.get("q", ""))[:200]
    found = search_procedures(q, on=timezone.localdate(), limit=MOST_FOUND)
    part = bool(request.headers.get("HX-Request"))
    template = "procedures/_found.html" if part else "procedures/find.html"
    return render(request, template, {"q": q, "found": found, "begins": beginning()})
