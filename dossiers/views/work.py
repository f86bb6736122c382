"""`/viec/`: the desk's lists by job."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from dossiers.desk import work as queries
from dossiers.forms.work import WorkFilters, chips
from dossiers.views.desk_common import WORK_ROLES, absent_names, rows_of
from onestop.accounts.http import OfficerRequest, officer_required
from onestop.texts import in_one_line

MONTH = 30 * 24 * 3600
ON_THE_WAY = frozenset({"cho-nhan", "da-giao"})


@require_safe
@officer_required(*WORK_ROLES)
def work_list(request: OfficerRequest) -> HttpResponse:
    """One list of the desk. The bare address brings back the list and filters this officer last
    used.
    """
    now = timezone.now()
    if not request.GET and (kept := _remembered(request)):
        return redirect(f"{reverse('work')}?{kept}")
    counts, rail = queries.rail_counts(request.desk, now)
    jobs = queries.jobs_of(request.desk)
    names = absent_names(request)
    form = WorkFilters(request.GET)
    kept_filters = form.read()
    first = _first(jobs, counts)
    job = next((j for j in jobs if j.key == request.GET.get("loai")), first)
    page = queries.work_page(
        form.filters().apply(job.rows(request.desk, now), now),
        after=request.GET.get("sau", ""),
        before=request.GET.get("truoc", ""),
        on_the_way=job.key in ON_THE_WAY,
    )
    here = {"loai": job.key} | kept_filters
    path = reverse("work")
    address = f"{path}?{urlencode(here)}"
    context = {
        "job": job,
        "tabs": [(j, counts[j.count], f"{path}?loai={j.key}", j is job) for j in jobs],
        "rows": rows_of(page.rows, now, names, with_results=job is queries.SUBMITTED),
        "form": form,
        "chips": chips(kept_filters, job.key, {request.user.pk: request.user.full_name} | names),
        "clear": f"{path}?loai={job.key}",
        "address": address,
        "next": f"{address}&sau={page.next}" if page.next else "",
        "previous": f"{address}&truoc={page.previous}" if page.previous else "",
        "rail_counts": rail,
        "now": now,
        "on_the_way": job.key in ON_THE_WAY,
        "wider": queries.wider(job, jobs),
        "shared": job.key in {"phong", "co-quan", "de-nghi-bo-sung"},
    }
    response = render(request, "dossiers/work/list.html", context)
    if request.GET:
        response.set_cookie(
            _cookie(request),
            urlencode(here),
            max_age=MONTH,
            path=path,
            httponly=True,
            samesite="Lax",
            secure=request.is_secure(),
        )
    return response


@require_safe
@officer_required(*WORK_ROLES)
def next_dossier(request: OfficerRequest) -> HttpResponse:
    """The dossier after (`sau`) or before (`truoc`) the one on the screen, in the list this officer
    came from.
    """
    now = timezone.now()
    kept = dict(parse_qsl(_remembered(request)))
    jobs = queries.jobs_of(request.desk)
    job = next((j for j in jobs if j.key == kept.get("loai")), None) or next(
        (j for j in jobs if j.key == "dang-xu-ly"), jobs[0]
    )
    rows = WorkFilters(kept).filters().apply(job.rows(request.desk, now), now)
    page = queries.work_page(
        rows, after=request.GET.get("sau", ""), before=request.GET.get("truoc", ""), size=1
    )
    if page.rows and (request.GET.get("sau") or request.GET.get("truoc")):
        return redirect(page.rows[0].url)
    messages.info(request, f"Đã hết danh sách “{job.label}”.")
    return redirect(f"{reverse('work')}?{urlencode(kept | {'loai': job.key})}")


def _first(jobs: list[queries.Job], counts: dict[str, int]) -> queries.Job:
    """The list that a desk opens with: what waits for a decision, then what waits to be received."""
    waiting = [j for j in jobs if j.count in ("approve", "accept") and counts[j.count]]
    return next(iter(waiting), None) or next((j for j in jobs if j.count == "hand"), jobs[0])


def _cookie(request: OfficerRequest) -> str:
    """Officers share browsers at a counter: each has a memory of their own."""
    return f"viec{request.user.pk}"


def _remembered(request: OfficerRequest) -> str:
    kept = dict(parse_qsl(request.COOKIES.get(_cookie(request), "")[:1000]))
    return (
        urlencode({"loai": in_one_line(kept.get("loai", ""))[:30]} | WorkFilters(kept).read())
        if kept.get("loai")
        else ""
    )
