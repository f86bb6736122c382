"""`/quan-tri/viec-dinh-ky/`: what the scheduler does, how each job ran last, what it made up."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from onestop import replica
from onestop.accounts.access import access
from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.models import AccessKind, Role
from onestop.jobs import health, overview


@require_safe
@officer_required(Role.ADMINISTRATOR)
def scheduled_jobs(request: OfficerRequest) -> HttpResponse:
    """Jobs belong to the whole installation: every administrator sees all of them."""
    jobs = list(overview.shown(timezone.now()))
    access(request, AccessKind.VIEWED, "job", None, "việc chạy định kỳ")
    context = {
        "jobs": jobs,
        "wrong": sum(one.is_wrong for one in jobs),
        "stopped": any(one.result == overview.Result.LATE for one in jobs),
        "asleep": all(one.result == overview.Result.NEVER for one in jobs),
        "latest": overview.latest(),
        "replica": health.replica_check() if replica.is_used() else None,
    }
    return render(request, "accounts/scheduled_jobs.html", context)
