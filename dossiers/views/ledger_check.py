"""`/quan-tri/kiem-tra-nhat-ky/`: what verifications of the ledger found, and a button for a whole
one.
"""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from dossiers.ledger import alarm, nightly
from onestop.accounts.access import access
from onestop.accounts.http import OfficerRequest, is_script, officer_required
from onestop.accounts.models import AccessKind, Role
from onestop.jobs.models import JobState, TaskRun
from onestop.jobs.overview import took

SHOWN = 20
WORDS = {nightly.TASK: "Hằng đêm", alarm.WHOLE: "Toàn bộ"}


@require_safe
@officer_required(Role.ADMINISTRATOR)
def ledger_check(request: OfficerRequest) -> HttpResponse:
    """The verifications so far, and how far a whole one has come. The ledger belongs to the whole
    installation: every administrator sees it.
    """
    if not is_script(request):
        access(request, AccessKind.VIEWED, "job", None, "kiểm tra nhật ký")
    now = timezone.now()
    state = JobState.objects.filter(name=alarm.WHOLE, ended_at=None).first()
    runs = list(TaskRun.objects.filter(name__in=WORDS).order_by("-started_at", "-pk")[:SHOWN])
    wrong = next((one for one in runs if one.found), None)
    context = {
        "under_way": state
        if state is not None and now - state.started_at < alarm.LONGEST
        else None,
        "is_cut": state is not None and now - state.started_at >= alarm.LONGEST,
        "runs": [(WORDS[one.name], one, took(one)) for one in runs],
        "wrong": wrong,
        "misfits": wrong.found.splitlines() if wrong is not None else [],
        "is_past": wrong is not None and runs[0].ok,
    }
    return render(request, "dossiers/ledger_check.html", context)


@require_POST
@officer_required(Role.ADMINISTRATOR)
def check_whole(request: OfficerRequest) -> HttpResponse:
    if alarm.ask_whole(at=timezone.now()):
        access(request, AccessKind.VIEWED, "job", None, "yêu cầu kiểm tra toàn bộ nhật ký")
        messages.success(request, "Đã yêu cầu kiểm tra toàn bộ nhật ký.")
    else:
        messages.info(request, "Đang kiểm tra toàn bộ rồi, không bắt đầu thêm lần nữa.")
    return redirect("ledger_check")
