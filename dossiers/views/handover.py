"""`/ban-giao/`: giving, receiving, recalling, batches and their printed list."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dossiers.domain import handovers
from dossiers.domain.handovers import Done, Seen
from dossiers.domain.steps import suggested_step
from dossiers.forms.fields import add_refusal
from dossiers.forms.handover import GiveForm, ScanForm
from dossiers.models import Dossier, HandOver
from dossiers.queries import handover as queries
from dossiers.queries import work
from dossiers.queries.timeline import worked
from dossiers.rules import shows
from dossiers.views.desk_common import DESK_ROLES, MOVERS, absent_names, back_to, chosen, failed, rows_of, tell
from onestop.accounts.access import access
from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.models import AccessKind, Role
from onestop.errors import DomainError, say
from onestop.results import Denied
from onestop.templatetags.ui import undo


@require_safe
@officer_required(*DESK_ROLES)
def give_list(request: OfficerRequest) -> HttpResponse:
    """What must go on, by when, from the counter; then what lies on the officer's own desk."""
    now = timezone.now()
    counts, rail = work.rail_counts(request.desk, now)
    names = absent_names(request)
    groups = queries.forward_groups(request.desk, now)
    own = Dossier.objects.in_hand(request.desk).working().filter(forward_by=None)
    page = work.work_page(own, after=request.GET.get("sau", ""), before=request.GET.get("truoc", ""))
    rows = iter(rows_of([line for group in groups for line in group.lines] + page.lines, now, names))
    context = {
        "tab": "giao",
        "may_move": request.desk.has(*MOVERS),
        "counts": counts,
        "groups": [(group, [next(rows) for _ in group.lines]) for group in groups],
        "own": [next(rows) for _ in page.lines],
        "next": f"/ban-giao/?sau={page.next}" if page.next else "",
        "previous": f"/ban-giao/?truoc={page.previous}" if page.previous else "",
        "rail_counts": rail,
        "now": now,
    }
    return render(request, "dossiers/handover/give_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@officer_required(*DESK_ROLES)
def give(request: OfficerRequest) -> HttpResponse:
    """Chosen dossiers, who gets them, what they are asked to do; one act for one or many."""
    now = timezone.now()
    is_act = request.method == "POST" and "giao" in request.POST
    picked = {s.dossier_id: s for s in chosen(request)}
    # Every row unpicked: the page comes back with what it showed.
    seen = picked or {s.dossier_id: s for s in chosen(request, "hang") if is_act}
    dossiers = queries.chosen_dossiers(request.desk, seen)
    if not dossiers:
        messages.warning(request, say("none_chosen"))
        return redirect("/ban-giao/")
    agencies = {a for d in dossiers for a in (d.agency_id, d.received_by_agency_id)} | set(request.desk.agency_ids)
    places = queries.places(agencies, timezone.localdate(now))
    form = GiveForm(request.POST if is_act else None, places=places, initial=_usual(request, dossiers))
    if is_act and not picked:
        form.add_error(None, say("none_chosen"))
    if is_act and form.is_valid():
        try:
            batch, done = handovers.hand_over_many(
                [seen[d.pk] for d in dossiers],
                to=form.department,
                receiver=form.officer,
                step=form.chosen_step,
                by=request.desk,
                at=now,
                note=form.cleaned_data["note"],
            )
        except DomainError as error:
            add_refusal(form, error)
        else:
            where = form.officer.full_name if form.officer else form.department.name
            return _given(request, batch.pk if batch else None, done, where)
    access(request, AccessKind.VIEWED, "dossier", dossiers[0].pk, f"giao {len(dossiers)} hồ sơ")
    steps: dict[tuple[int, ...], str] = {}
    context = {
        "form": form,
        "rows": [(d, seen[d.pk], _why_not(request, d), _next_words(d, steps)) for d in dossiers],
        "count": len(dossiers),
        "rail_counts": work.rail_counts(request.desk, now)[1],
        "back": back_to(request, "/ban-giao/"),
    }
    return render(request, "dossiers/handover/give.html", context, status=422 if form.is_bound else 200)


def _usual(request: OfficerRequest, dossiers: list[Dossier]) -> dict[str, Any]:
    usual = queries.usual_department(dossiers[0])
    return {"to": str(usual) if usual else request.GET.get("cho", "")}


def _why_not(request: OfficerRequest, dossier: Dossier) -> str:
    answer = shows(request.desk, dossier, "hand_over")
    return say(answer.code, answer.data) if isinstance(answer, Denied) else ""


def _next_words(dossier: Dossier, known: dict[tuple[int, ...], str]) -> str:
    """The next step by the process; dossiers of one case at one step ask for it once."""
    key = (dossier.version_id, dossier.case_id, dossier.agency_id, dossier.step_order)
    if key not in known:
        step = suggested_step(dossier)
        known[key] = f"{step.name} ({worked(step.minutes)})" if step.minutes else step.name
    return known[key]


def _given(request: OfficerRequest, batch: int | None, done: list[Done], where: str) -> HttpResponse:
    bad = failed(done)
    good = len(done) - len(bad)
    if bad:
        context = {"batch": batch, "good": good, "bad": bad, "where": where, "word": "giao", "total": len(done)}
        return render(request, "dossiers/handover/result.html", context)
    # What one gives to oneself in another role is received by the same act: nothing to take back.
    can_recall = HandOver.objects.filter(batch=batch, confirmed_at=None).exists()
    messages.success(request, f"Đã giao {good} hồ sơ cho {where}.", extra_tags=undo(f"/ban-giao/{batch}/thu-hoi/") if can_recall else "")
    return redirect(f"/ban-giao/{batch}/" if good > 1 else "/ban-giao/")


@require_safe
@officer_required(*DESK_ROLES)
def receive_list(request: OfficerRequest) -> HttpResponse:
    """What waits for this desk; what this desk gave and nobody confirmed."""
    return _receive_page(request, ScanForm())


def _receive_page(request: OfficerRequest, form: ScanForm, status: int = 200) -> HttpResponse:
    now = timezone.now()
    counts, rail = work.rail_counts(request.desk, now)
    names = absent_names(request)
    waiting, given = queries.to_receive(request.desk), queries.given_away(request.desk)
    rows = iter(rows_of(waiting + given, now, names))
    context = {
        "tab": "nhan",
        "may_move": request.desk.has(*MOVERS),
        "counts": counts,
        "waiting": [next(rows) for _ in waiting],
        "given": [next(rows) for _ in given],
        "form": form,
        "rail_counts": rail,
        "now": now,
    }
    return render(request, "dossiers/handover/receive_list.html", context, status=status)


@require_POST
@officer_required(*DESK_ROLES)
def confirm(request: OfficerRequest) -> HttpResponse:
    """Receive the chosen dossiers, with one note of differences for all."""
    seen = chosen(request)
    if not seen:
        messages.warning(request, say("none_chosen"))
        return redirect(back_to(request, "/ban-giao/nhan/"))
    allowed = {d.pk for d in queries.chosen_dossiers(request.desk, [s.dossier_id for s in seen])}
    done = handovers.confirm_many(
        [s for s in seen if s.dossier_id in allowed],
        by=request.desk,
        at=timezone.now(),
        difference=request.POST.get("difference", "").strip()[:300],
    )
    tell(request, done, "Đã nhận")
    return redirect(back_to(request, "/ban-giao/nhan/"))


@require_POST
@officer_required(*DESK_ROLES)
def scan(request: OfficerRequest) -> HttpResponse:
    """Receive by codes, typed or scanned; what is unknown, foreign or already received is listed with its reason."""
    form = ScanForm(request.POST)
    if not form.is_valid():
        return _receive_page(request, form, status=422)
    codes: list[str] = form.cleaned_data["codes"]
    waiting = queries.pending_by_code(request.desk, codes)
    done = handovers.confirm_many(
        [Seen(waiting[code].pk) for code in codes if code in waiting],
        by=request.desk,
        at=timezone.now(),
        difference=form.cleaned_data["difference"],
    )
    missing = [code for code in codes if code not in waiting]
    bad = failed(done)
    if missing:
        known = queries.known_codes(request.desk, missing)
        bad += [(code, say("nothing_to_confirm") if code in known else say("code_unknown")) for code in missing]
    good = len(codes) - len(bad)
    if bad:
        context = {"good": good, "bad": bad, "word": "nhận", "total": len(codes), "where": "", "batch": None}
        return render(request, "dossiers/handover/result.html", context)
    messages.success(request, f"Đã nhận {good} hồ sơ.")
    return redirect("/ban-giao/nhan/")


@require_POST
@officer_required(*DESK_ROLES)
def recall(request: OfficerRequest) -> HttpResponse:
    """Take back chosen dossiers that nobody has confirmed."""
    seen = chosen(request)
    if not seen:
        messages.warning(request, say("none_chosen"))
        return redirect(back_to(request, "/ban-giao/nhan/"))
    allowed = {d.pk: d.code for d in queries.chosen_dossiers(request.desk, [s.dossier_id for s in seen])}
    done = []
    for one in seen:
        if one.dossier_id not in allowed:
            continue
        try:
            handovers.recall(one, by=request.desk, at=timezone.now())
            done.append(Done(one.dossier_id, allowed[one.dossier_id]))
        except DomainError as error:
            done.append(Done(one.dossier_id, allowed[one.dossier_id], error))
    tell(request, done, "Đã thu hồi")
    return redirect(back_to(request, "/ban-giao/nhan/"))


@require_safe
@officer_required(*DESK_ROLES, Role.CONTROLLER)
def batch_list(request: OfficerRequest) -> HttpResponse:
    """The book of hand-over lists, newest first."""
    before = request.GET.get("truoc", "")
    batches, more = queries.batch_page(request.desk, before=int(before) if before.isdecimal() and len(before) < 19 else None)
    counts, rail = work.rail_counts(request.desk, timezone.now())
    context = {
        "tab": "so",
        "may_move": request.desk.has(*MOVERS),
        "counts": counts,
        "rail_counts": rail,
        "batches": batches,
        "next": f"/ban-giao/so/?truoc={more}" if more else "",
    }
    return render(request, "dossiers/handover/batches.html", context)


@require_safe
@officer_required(*DESK_ROLES, Role.CONTROLLER, Role.ADMINISTRATOR)
def batch(request: OfficerRequest, pk: int) -> HttpResponse:
    """One hand-over list: on the screen and on paper for signing."""
    found = get_object_or_404(queries.batches_of(request.desk), pk=pk)
    access(request, AccessKind.VIEWED, "batch", found.pk)
    rows = queries.list_rows(found)
    waiting = [r for r in rows if r.hand_over.confirmed_at is None and r.hand_over.recalled_at is None]
    context = {
        "batch": found,
        "rows": rows,
        "waiting": waiting,
        "may_recall": bool(waiting) and found.giver_id in request.desk.officer_ids,
        "is_desk": any(r.hand_over.receiver_id == found.receiver_id and r.hand_over.given_at == r.hand_over.confirmed_at for r in rows),
        "one_receiver": len({r.hand_over.receiver_department_id for r in rows}) < 2,
        "now": timezone.now(),
    }
    return render(request, "dossiers/handover/batch.html", context)


@require_POST
@officer_required(*DESK_ROLES)
def recall_batch(request: OfficerRequest, pk: int) -> HttpResponse:
    found = queries.batches_of(request.desk).filter(pk=pk).first()
    if found is None:
        raise Http404
    done = handovers.recall_batch(found, by=request.desk, at=timezone.now())
    if not done:
        messages.warning(request, say("nothing_to_recall"))
    tell(request, done, "Đã thu hồi")
    return redirect("/ban-giao/" if all(d.error is None for d in done) and done else f"/ban-giao/{pk}/")
