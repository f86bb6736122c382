"""`/quan-tri/sao-luu/`: the newest backups, the next one, the last proof that one can be restored."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from onestop.accounts.access import access
from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.models import AccessKind, Role
from onestop.backups import making, nights
from onestop.backups.overview import overview
from onestop.errors import DomainError, sentence


@require_safe
@officer_required(Role.ADMINISTRATOR)
def home(request: OfficerRequest) -> HttpResponse:
    """Backups belong to the whole installation: every administrator sees all of them."""
    now = timezone.now()
    access(request, AccessKind.VIEWED, "backup", None, "sao lưu")
    context = {
        "is_on": nights.is_on(),
        "folder": settings.BACKUP_DIR,
        "keep": settings.BACKUP_KEEP,
        "is_encrypted": bool(settings.BACKUP_RECIPIENT),
        "hours": settings.BACKUP_ALARM_HOURS,
        "next_at": nights.next_at(now),
        "tries": making.TRIES,
        "seen": overview(now),
    }
    return render(request, "backups/home.html", context)


@require_POST
@officer_required(Role.ADMINISTRATOR)
def make(request: OfficerRequest) -> HttpResponse:
    """One now; the page shows how far it is."""
    try:
        run = making.ask(by=request.user, at=timezone.now())
    except DomainError as error:
        messages.error(request, sentence(error))
    else:
        access(request, AccessKind.BACKED_UP, "backup", run.pk, "yêu cầu sao lưu ngay")
    return redirect("backups:home")
