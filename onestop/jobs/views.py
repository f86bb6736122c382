"""Two addresses for whoever watches the server; neither asks who it is, neither says more than it
must.
"""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from onestop.jobs import health
from onestop.versions import answers_anyway


@answers_anyway
@require_safe
@never_cache
def alive(_request: HttpRequest) -> HttpResponse:
    """The process answers. Touches nothing else, so that a slow database never gets the web process
    killed.
    """
    return JsonResponse({"alive": True})


@answers_anyway
@require_safe
@never_cache
def ready(request: HttpRequest) -> HttpResponse:
    """200 when database, queue, storage, scheduler and processes all work, else 503; JSON for
    programs, a small page for people.
    """
    found = health.checks(timezone.now())
    ok = health.is_ready(found)
    status = 200 if ok else 503
    if "text/html" in request.headers.get("Accept", ""):
        return render(request, "jobs/ready.html", {"ready": ok, "checks": found}, status=status)
    body = {
        "ready": ok,
        "checks": {check.name: {"ok": check.ok, "detail": check.detail} for check in found},
    }
    return JsonResponse(body, status=status, json_dumps_params={"ensure_ascii": False})
