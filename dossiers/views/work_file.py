"""`/viec/tep.xlsx`, `/viec/tep.csv`: the list as it is shown, all of its pages."""

from __future__ import annotations

from dataclasses import replace

from django.http import Http404
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from dossiers.desk import exporting
from dossiers.desk import work as queries
from dossiers.forms.work import chips
from dossiers.views.desk_common import WORK_ROLES
from dossiers.views.list_file import file_answer
from dossiers.views.listing import listing
from dossiers.views.work import asked_of
from onestop.accounts.http import OfficerRequest, officer_required


@require_safe
@officer_required(*WORK_ROLES)
def work_file(request: OfficerRequest, kind: str) -> HttpResponseBase:
    """The rows, columns and order of the page with the same address."""
    now = timezone.now()
    jobs = queries.jobs_of(request.desk)
    asked = asked_of(request.GET, jobs, jobs[0])
    if request.GET.get("loai", asked.job.key) != asked.job.key:
        raise Http404  # a list of another desk: the page of that address says so
    shown = listing(request, asked.job.key, reverse("work"))
    rows = asked.rows(request, now)
    told = [
        words for words, _ in chips({k: v for k, v in asked.kept.items() if k != "loc"}, {}, {})
    ]
    told += ["theo từ khóa"] if "loc" in asked.kept else []
    size = rows.count()
    detail = "; ".join([f"{asked.job.label}: {size} hồ sơ, {kind}", *told])
    export = exporting.of_work(asked.job.label, rows, shown.columns, shown.order, now)
    export = replace(export, size=size)
    return file_answer(request, export, kind, asked.job.key, what="work", detail=detail)
