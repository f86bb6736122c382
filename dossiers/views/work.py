"""`/viec/`: the desk's lists by job."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from dossiers.desk import work as queries
from dossiers.desk.columns import shape_of
from dossiers.desk.filters import COMING, NOBODY, choices_of
from dossiers.desk.orders import cursor_of
from dossiers.desk.overview import FIGURES, overview
from dossiers.desk.work import Line, short
from dossiers.forms.work import WorkFilters, chips
from dossiers.models import Dossier
from dossiers.models.querysets import DossierQuerySet
from dossiers.reach import LEG_ROLES
from dossiers.views.desk_common import WORK_ROLES, absent_names
from dossiers.views.listing import listing, may_do_to_many, preferred_order
from onestop.accounts.desk import Desk
from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.models import Department, Officer
from onestop.texts import in_one_line, whole_number

MONTH = 30 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for: a list of this desk, narrowed."""

    job: queries.Job
    form: WorkFilters
    kept: dict[str, str]

    def rows(self, request: OfficerRequest, now: datetime) -> DossierQuerySet[Dossier]:
        wanted = self.form.filters()
        if wanted.place == COMING and self.job.coming is not None:
            rows = self.job.coming(request.desk)
        else:
            rows = self.job.rows(request.desk, now)
        return wanted.apply(rows, now)


def asked_of(said: Any, jobs: list[queries.Job], otherwise: queries.Job) -> Asked:
    """`said`: the address or what is remembered of it; a list that this desk has not is another."""
    job = next((j for j in jobs if j.key == said.get("loai")), otherwise)
    form = WorkFilters(said)
    kept = form.read()
    if kept.get("o") == COMING and job.coming is None:
        form = WorkFilters({name: value for name, value in kept.items() if name != "o"})
        kept = form.read()
    return Asked(job, form, kept)


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
    asked = asked_of(request.GET, jobs, _first(jobs, counts))
    job, path = asked.job, reverse("work")
    here = {"loai": job.key} | asked.kept
    shown = listing(request, job.key, path, here)
    rows = asked.rows(request, now)
    page = shown.page(rows)
    beside = {name: value for name, value in shown.kept.items() if name not in asked.kept}
    told = shown.context(page, now, with_results=job is queries.SUBMITTED, with_reasons=True)
    context = told | {
        "job": job,
        "on_many": may_do_to_many(request.desk, job.key),
        "tabs": _tabs(request.desk, jobs, job, counts),
        "form": asked.form,
        "chips": chips(asked.kept, beside, _names(request, asked.kept, page.rows)),
        "path": path,
        "clear": f"{path}?{urlencode(beside)}",
        "narrow": shown.address,
        "asked": urlencode(shown.kept),
        "rail_counts": rail,
        "counts": counts,
        "mine": rail["viec"],
        "wider": queries.wider(job, jobs),
        "hidden": [(k, v) for k, v in shown.kept.items() if k != "loc"],
        "beside": list(beside.items()),
        "is_elsewhere": request.GET.get("loai", job.key) != job.key,
    }
    if job is queries.DEPARTMENT:
        context |= {"people": overview(request.desk, now), "figures": FIGURES}
    if request.GET.get("mo") == "loc" or {"tu", "den"} & asked.form.errors.keys():
        asked.form.offer(choices_of(job.rows(request.desk, now)))
        context["panel"] = True
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


def _names(request: OfficerRequest, kept: dict[str, str], rows: list[Line]) -> dict[str, str]:
    """What the filters name: found among the rows, else asked for; no query where a row says it."""
    found = {}
    if "canbo" in kept:
        found["canbo"] = _officer(request, int(kept["canbo"]), rows)
    if "phong" in kept:
        found["phong"] = rows[0].department if rows else _department(request, int(kept["phong"]))
    if "thutuc" in kept:
        found["thutuc"] = short(rows[0].procedure, 60) if rows else kept["thutuc"]
    return found


def _officer(request: OfficerRequest, pk: int, rows: list[Line]) -> str:
    if pk == NOBODY:
        return "cả phòng"
    known = {request.user.pk: request.user.full_name} | absent_names(request)
    known |= {line.holder_id: line.holder for line in rows if line.holder_id}
    if pk in known:
        return known[pk]
    near = Officer.objects.filter(pk=pk, agency__in=request.desk.agency_ids)
    return near.values_list("full_name", flat=True).first() or "đã chọn"


def _department(request: OfficerRequest, pk: int) -> str:
    near = Department.objects.filter(pk=pk, agency__in=request.desk.agency_ids)
    return near.values_list("name", flat=True).first() or "đã chọn"


@require_safe
@officer_required(*WORK_ROLES)
def next_dossier(request: OfficerRequest) -> HttpResponse:
    """The dossier after (`sau`) or before (`truoc`) the one on the screen, whose id that is, in the
    list this officer came from.
    """
    now = timezone.now()
    kept = dict(parse_qsl(_remembered(request)))
    jobs = queries.jobs_of(request.desk)
    usual = next((j for j in jobs if j.key == "dang-xu-ly"), jobs[0])
    asked = asked_of(kept, jobs, usual)
    order = preferred_order(request.user, shape_of(asked.job.key))
    places = {}
    for way, name in (("after", "sau"), ("before", "truoc")):
        pk = whole_number(request.GET.get(name, ""))
        places[way] = cursor_of(order, pk) if pk is not None else ""
    if any(places.values()):
        rows = queries.work_page(asked.rows(request, now), **places, size=1, order=order).rows
        if rows:
            return redirect(rows[0].url)
    messages.info(request, f"Đã hết danh sách “{asked.job.label}”.")
    return redirect(f"{reverse('work')}?{urlencode(kept | {'loai': asked.job.key})}")


def _tabs(
    desk: Desk, jobs: list[queries.Job], here: queries.Job, counts: dict[str, int]
) -> list[Any]:
    """The lists of this desk with their counters; of legs only while there are any."""
    path = reverse("work")
    tabs: list[Any] = [(j, counts[j.count], f"{path}?loai={j.key}", j is here) for j in jobs]
    if counts["legs"] and desk.has(*LEG_ROLES):
        tabs.append((queries.LEGS, counts["legs"], reverse("legs"), False))
    return tabs


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
