"""`/viec/lam/…`: an act on many dossiers by one press: its form, its progress, what became of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dossiers import registry
from dossiers.acts import pressing
from dossiers.acts.many import Seen
from dossiers.desk import papers, pressed
from dossiers.desk.handover import chosen_dossiers
from dossiers.desk.work import rail_counts
from dossiers.forms.fields import add_refusal
from dossiers.forms.pressing import ForMany, form_of
from dossiers.models import Dossier
from dossiers.models.pressing import PressRun
from dossiers.views.desk_common import (
    MOST_CHOSEN,
    WORK_ROLES,
    back_to,
    chosen,
    read_press,
    tell,
    warn,
    without_closed_codes,
)
from dossiers.views.papers import page_of
from onestop.accounts.access import access, access_each
from onestop.accounts.carrying import is_reopened
from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.models import AccessKind, Role
from onestop.errors import DomainError, say, sentence
from onestop.outbox.domain import read_about
from onestop.results import Denied


@dataclass(frozen=True, slots=True)
class Row:
    """A chosen dossier: as it was seen, why it cannot be done to it, whether it is ticked."""

    dossier: Dossier
    version: int | None
    why_not: str
    is_picked: bool


class _Selection:
    """What was chosen of a list, and what of it may be opened."""

    def __init__(self, request: OfficerRequest, act: registry.Act) -> None:
        self.request, self.act = request, act
        self.is_act = request.method == "POST" and "lam" in request.POST
        self.named = request.POST.get("cho") or request.GET.get("cho", "")
        self.picked = {one.dossier_id: one for one in chosen(request)} or self._gathered()
        rows = {one.dossier_id: one for one in chosen(request, "hang") if self.is_act}
        self.now = timezone.now()
        self.seen = rows | self.picked
        self.dossiers = chosen_dossiers(request.desk, self.seen)

    def _gathered(self) -> dict[int, Seen]:
        """Those that something else than a list names; only where nothing was chosen yet."""
        how = self.act.many
        if self.is_act or not self.named or how is None or how.gathers is None:
            return {}
        found = how.gathers(self.request.desk, self.named)
        return {pk: Seen(pk, version) for pk, version in found}

    @property
    def asked(self) -> list[Seen]:
        """Those ticked, as they were seen."""
        return [self.picked[d.pk] for d in self.dossiers if d.pk in self.picked]

    @cached_property
    def rows(self) -> list[Row]:
        return [self._row(dossier) for dossier in self.dossiers]

    @cached_property
    def foreseen(self) -> Mapping[int, DomainError]:
        """What the act will refuse of those that its rule allows."""
        how = self.act.many
        if how is None or how.foresees is None:
            return {}
        return how.foresees(self.dossiers, self.now, self.named)

    def _row(self, dossier: Dossier) -> Row:
        answer = registry.shows(self.request.desk, dossier, self.act.name)
        why_not = say(answer.code, answer.data) if isinstance(answer, Denied) else ""
        if not why_not and dossier.pk in self.foreseen:
            why_not = sentence(self.foreseen[dossier.pk])
        version = self.seen[dossier.pk].row_version
        return Row(dossier, version, why_not, not why_not and dossier.pk in self.picked)


@require_http_methods(["GET", "HEAD", "POST"])
@officer_required(*WORK_ROLES)
def press(request: OfficerRequest, path: str) -> HttpResponse:
    """The chosen dossiers and what the act asks; sent with `lam` it is begun, and its page says what
    became of each.
    """
    act = registry.many_at(path)
    if act is None:
        raise Http404
    now, selection = timezone.now(), _Selection(request, act)
    if not selection.dossiers:
        messages.warning(request, say("none_chosen"))
        return redirect(back_to(request, reverse("work")))
    sent = request.POST if selection.is_act else None
    first = {"cho": selection.named}
    form = form_of(act)(sent, dossiers=selection.dossiers, now=now, initial=first)
    if sent is not None and not is_reopened(request) and form.is_valid():
        run = _begun(request, selection, form)
        if run is not None:
            return redirect(run)
    return _form_page(request, selection, form)


def _begun(request: OfficerRequest, selection: _Selection, form: ForMany) -> PressRun | None:
    """Begin it, and go through few at once; None where the form comes back with the reason."""
    now = timezone.now()
    try:
        run = pressing.begin(
            selection.act,
            selection.asked,
            form.told,
            by=request.desk,
            at=now,
            press=read_press(request.POST.get("lan", "")) or uuid4(),
            back=back_to(request, "")[:500],
        )
    except DomainError as error:
        add_refusal(form, error)
        return None
    gone = len(selection.picked) - len(selection.asked)
    if gone:
        messages.warning(request, f"{gone} hồ sơ đã chọn: {say('gone_from_desk')}")
    _at_once(run)
    return run


def _at_once(run: PressRun) -> None:
    """What is not gone through here, a worker is told of or finds."""
    if run.is_open and pressing.is_small(run):
        pressing.work(run.pk, timezone.now)


def _form_page(request: OfficerRequest, selection: _Selection, form: ForMany) -> HttpResponse:
    act, ids = selection.act, [dossier.pk for dossier in selection.dossiers]
    assert act.many is not None
    detail = f"{act.many.button.lower()} {len(ids)} hồ sơ"
    access_each(request, AccessKind.VIEWED, "dossier", ids, detail)
    roles = [Role(role) for role in act.roles]
    context = {
        "act": act,
        "form": form,
        "rows": selection.rows,
        "most": len(ids) == MOST_CHOSEN,
        "able": sum(not row.why_not for row in selection.rows),
        "press": request.POST.get("lan") or uuid4().hex,
        "one_case": len({dossier.case_id for dossier in selection.dossiers}) == 1,
        "back": back_to(request, reverse("work")),
        "rail_counts": rail_counts(request.desk, timezone.now())[1],
    }
    may = request.desk.has(*roles)
    status = 403 if not may else 422 if form.is_bound and form.errors else 200
    return render(request, "dossiers/pressing/form.html", context, status=status)


@require_safe
@officer_required(*WORK_ROLES)
def press_run(request: OfficerRequest, pk: int) -> HttpResponse:
    """How far it is, what became of each; nobody's but who pressed."""
    now, run = timezone.now(), _own(request, pk)
    act = registry.get(run.act)
    assert act.many is not None
    result = pressed.result_of(run, request.desk)
    access(request, AccessKind.VIEWED, "press_run", run.pk, act.many.button.lower())
    if not run.is_open:
        read_about(request.user, object_kind="press_run", object_id=run.pk, at=now)
    has_papers = not run.is_open and (
        papers.kept_for_press(run.press, request.user) or papers.of_press(run.press, request.user)
    )
    context: dict[str, Any] = {
        "run": run,
        "act": act,
        "result": result,
        "papers": page_of(run.press) if has_papers else "",
        "may_undo": act.many_come_back and not run.is_open and bool(result.done),
        "back": run.back or reverse("work"),
        "rail_counts": rail_counts(request.desk, now)[1],
    }
    return render(request, "dossiers/pressing/run.html", context)


@require_safe
@officer_required(*WORK_ROLES)
def press_runs(request: OfficerRequest) -> HttpResponse:
    """What this officer pressed on many in the last days, and how it ended."""
    now = timezone.now()
    found = pressed.own_presses(request.user, now)
    context = {
        "presses": found[: pressed.SHOWN],
        "shown": pressed.SHOWN if len(found) > pressed.SHOWN else 0,
        "days": pressed.DAYS,
        "rail_counts": rail_counts(request.desk, now)[1],
    }
    return render(request, "dossiers/pressing/runs.html", context)


@require_POST
@officer_required(*WORK_ROLES)
def press_again(request: OfficerRequest, pk: int) -> HttpResponse:
    """What could not be done is tried once more, as the page showed it."""
    run = _own(request, pk)
    try:
        pressing.again(run, chosen(request), at=timezone.now())
    except DomainError as error:
        warn(request, error)
    else:
        run.refresh_from_db()
        _at_once(run)
    return redirect(run)


@require_POST
@officer_required(*WORK_ROLES)
def press_undo(request: OfficerRequest, pk: int) -> HttpResponse:
    """Take back what the press did; what somebody has acted on since stays, and is named."""
    run = _own(request, pk)
    try:
        done = pressing.take_back(run, by=request.desk, at=timezone.now())
    except DomainError as error:
        warn(request, error)
        return redirect(run)
    done = without_closed_codes(request.desk, done)
    if not done:
        messages.warning(request, say("nothing_to_take_back"))
    tell(request, done, "Đã hoàn tác")
    return redirect(run)


def _own(request: OfficerRequest, pk: int) -> PressRun:
    return get_object_or_404(PressRun, pk=pk, by=request.user)
