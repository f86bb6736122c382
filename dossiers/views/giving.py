"""Acts of handing over: giving one or many, receiving by list or scanner, recalling, taking back.
Each says how many of how many it did.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from dossiers.acts import handovers
from dossiers.acts.many import Done, Seen
from dossiers.acts.splitting import Part, give_parts
from dossiers.desk import handover as queries
from dossiers.desk import work
from dossiers.desk.batches import batches_of
from dossiers.desk.next_places import next_places
from dossiers.forms.fields import add_refusal
from dossiers.forms.handover import GiveForm, ScanForm
from dossiers.models import Dossier, HandOver
from dossiers.registry import shows
from dossiers.route import Position, positions_of
from dossiers.route.steps import NextStep, title_of, worked
from dossiers.views.desk_common import (
    DESK_ROLES,
    MOST_CHOSEN,
    after_press,
    back_to,
    chosen,
    failed,
    press_address,
    take_back_pressed,
    tell,
    with_chosen,
)
from dossiers.views.handover import receive_page
from dossiers.views.papers import page_of, print_of_press
from dossiers.views.scanning import why_not_of
from onestop.accounts.access import access_each
from onestop.accounts.carrying import is_reopened
from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.models import AccessKind
from onestop.errors import DomainError, say, sentence
from onestop.results import Denied
from onestop.templatetags.ui import printing, undo
from onestop.texts import in_one_line, whole_number

# Refusals of a giving that the form comes back with: a note is missing, or it was sent too early.
ASKS_AGAIN = frozenset({"step_skipped", "send_back_reason", "result_to_approve"})


@dataclass(frozen=True, slots=True)
class GiveRow:
    """A chosen dossier as the page shows it: as it was seen, why it cannot be given or would be
    refused there, whether it is ticked, its next step in words, the place of that step.
    """

    dossier: Dossier
    seen: Seen
    why_not: str
    is_picked: bool
    step: str
    place: str


class _Selection:
    """The dossiers chosen to be given, and what follows from their processes; asked once each, and
    only where the page comes back.
    """

    def __init__(self, request: OfficerRequest) -> None:
        self.request = request
        self.is_act = request.method == "POST" and "giao" in request.POST
        picked = {s.dossier_id: s for s in chosen(request)}
        self.is_empty = not picked
        # Every row unpicked: the page comes back with what it showed.
        self.seen = picked or {s.dossier_id: s for s in chosen(request, "hang") if self.is_act}
        self.dossiers = queries.chosen_dossiers(request.desk, self.seen)
        # Why each was refused, where the form comes back because all of several were.
        self.refused: dict[int, str] = {}

    @cached_property
    def positions(self) -> dict[int, Position]:
        return positions_of(self.dossiers)

    @cached_property
    def nexts(self) -> dict[int, str]:
        """Where each would go by its process: as the page had shown it, else found now."""
        shown = _shown_places(self.request) if self.is_act else {}
        if all(d.pk in shown for d in self.dossiers):
            return {d.pk: shown[d.pk] for d in self.dossiers}
        return next_places(self.dossiers, self.positions, self.request.desk.on)

    @property
    def agency_ids(self) -> set[int]:
        """The offices whose desks may be given to."""
        offices = [a for d in self.dossiers for a in (d.agency, d.received_by_agency)]
        theirs = {office.in_charge(self.request.desk.on).pk for office in offices}
        return theirs | set(self.request.desk.agency_ids)

    @property
    def approvals(self) -> list[str]:
        """The steps that giving now would submit for approval, each named once."""
        steps = (self.positions[d.pk].next_approval for d in self.dossiers)
        return list(dict.fromkeys(title_of(step) for step in steps if step is not None))

    @cached_property
    def unready(self) -> set[int]:
        """Those whose next desk approves a result that is not written yet; one query where some go
        to such a desk.
        """
        asked = [
            d.pk
            for d in self.dossiers
            if self.positions[d.pk].awaits_result(in_room=queries.lies_in_room(d))
        ]
        return queries.without_result(asked) if asked else set()

    def rows(self, form: GiveForm) -> list[GiveRow]:
        hindered = {d.pk: _why_not(self.request, d) for d in self.dossiers}
        able = {pk for pk, why_not in hindered.items() if not why_not}
        # As it was sent; at first without those not ready, unless nothing else would be left.
        is_sent = form.is_bound and not self.is_empty
        picked = able if is_sent else (able - self.unready or able)
        awaiting = dict.fromkeys(self.unready, say("result_to_approve"))
        why_not = awaiting | self.refused | {pk: why for pk, why in hindered.items() if why}
        return [
            GiveRow(
                dossier,
                self.seen[dossier.pk],
                why_not.get(dossier.pk, ""),
                dossier.pk in picked,
                _words_of(self.positions[dossier.pk].next),
                form.nexts[dossier.pk],
            )
            for dossier in self.dossiers
        ]


@require_http_methods(["GET", "HEAD", "POST"])
@officer_required(*DESK_ROLES)
def give(request: OfficerRequest) -> HttpResponse:
    """Chosen dossiers, who gets them, what they are asked to do; one act for one or many."""
    now, selection = timezone.now(), _Selection(request)
    if not selection.dossiers:
        messages.warning(request, say("none_chosen"))
        return redirect("give_list")
    form = GiveForm(
        request.POST if selection.is_act else None,
        places=queries.places(selection.agency_ids, timezone.localdate(now)),
        nexts=selection.nexts,
        usual=request.GET.get("cho", ""),
    )
    if selection.is_act and selection.is_empty:
        form.add_error(None, say("none_chosen"))
    if selection.is_act and not is_reopened(request) and form.is_valid():
        answer = _give_chosen(request, form, selection, now)
        if answer is not None:
            return answer
    return _give_page(request, form, selection, now)


def _give_page(
    request: OfficerRequest, form: GiveForm, selection: _Selection, now: datetime
) -> HttpResponse:
    ids = [dossier.pk for dossier in selection.dossiers]
    access_each(request, AccessKind.VIEWED, "dossier", ids, f"giao {len(ids)} hồ sơ")
    context = {
        "form": form,
        "groups": _by_place(form, selection.rows(form)),
        "approvals": selection.approvals,
        "count": len(ids),
        "rail_counts": work.rail_counts(request.desk, now)[1],
        "back": back_to(request, reverse("give_list")),
    }
    return render(
        request, "dossiers/handover/give.html", context, status=422 if form.is_bound else 200
    )


def _shown_places(request: OfficerRequest) -> dict[int, str]:
    """Where each dossier would go, as the page had shown it: "id.place" each."""
    found = {}
    for value in request.POST.getlist("noi")[:MOST_CHOSEN]:
        named, _, place = value.partition(".")
        pk = whole_number(named)
        if pk is not None:
            found[pk] = place
    return found


def _give_chosen(
    request: OfficerRequest,
    form: GiveForm,
    selection: _Selection,
    now: datetime,
) -> HttpResponse | None:
    """One batch for each receiver and each place the dossiers lie at; None when the form comes back
    with what is missing, of several dossiers with each one's in its row.
    """
    press = uuid4()
    parts: dict[tuple[object, ...], Part] = {}
    nowhere = []
    for dossier in selection.dossiers:
        place = form.place_of(dossier.pk)
        if place is None:
            nowhere.append(Done(dossier.pk, dossier.code, DomainError("receiver_missing")))
            continue
        department, officer = place
        key = (department.pk, officer.pk if officer else None, dossier.holder_department_id)
        parts.setdefault(key, Part(department, officer)).given.append(selection.seen[dossier.pk])
    given = list(parts.values())
    try:
        give_parts(
            given,
            step=form.chosen_step,
            by=request.desk,
            at=now,
            note=form.cleaned_data["note"],
            press=press,
        )
    except DomainError as error:
        add_refusal(form, error)
        return None
    done = [one for part in given for one in part.done] + nowhere
    asked = [(one, one.error) for one in done if one.error and one.error.code in ASKS_AGAIN]
    if asked and len(asked) == len(done):
        add_refusal(form, asked[0][1])
        if len(asked) > 1:
            selection.refused = {one.dossier_id: sentence(error) for one, error in asked}
        return None
    made = [part for part in given if part.batch is not None]
    return _given(request, made, done, len(selection.seen), press)


def _by_place(form: GiveForm, rows: list[GiveRow]) -> list[tuple[str, list[GiveRow]]]:
    """The rows under the place each would go to: first those that nothing says of; one group
    without a title where all go alike.
    """
    if len(set(form.nexts.values())) < 2:
        return [("", rows)]
    grouped: dict[str, list[GiveRow]] = {}
    for row in rows:
        grouped.setdefault(row.place, []).append(row)
    words = "Chưa rõ nơi nhận: bỏ chọn để giao riêng, hoặc chọn một nơi nhận cho tất cả"
    return [
        (form.title_of(place) or words, grouped[place])
        for place in sorted(grouped, key=lambda place: (place != "", place))
    ]


def _why_not(request: OfficerRequest, dossier: Dossier) -> str:
    answer = shows(request.desk, dossier, "hand_over")
    return say(answer.code, answer.data) if isinstance(answer, Denied) else ""


def _words_of(step: NextStep) -> str:
    if not step.minutes:
        return step.name
    return f"{step.name} ({worked(step.minutes, by_share=step.by_share)})"


def _given(
    request: OfficerRequest, parts: list[Part], done: list[Done], asked: int, press: UUID
) -> HttpResponse:
    bad = failed(done) + [("", say("gone_from_desk"))] * (asked - len(done))
    good = asked - len(bad)
    where = parts[0].where if len({part.where for part in parts}) == 1 else ""
    if bad or len(parts) > 1:
        lists = [
            (part.batch.pk, part.where, sum(one.error is None for one in part.done))
            for part in parts
            if part.batch
        ]
        context = {
            "lists": lists,
            "good": good,
            "bad": bad,
            "where": where,
            "word": "giao",
            "total": asked,
            "papers": page_of(press) if lists else "",
        }
        return render(request, "dossiers/handover/result.html", context)
    # What one gives to oneself in another role is received by the same act: it is taken back as
    # what was received.
    batch = parts[0].batch.pk if parts and parts[0].batch else None
    on_the_way = HandOver.objects.on_the_way().filter(batch=batch).exists()
    offers = (
        f"{undo(reverse('recall_batch', args=[batch]))} {printing(page_of(press))}"
        if on_the_way
        else after_press(request, press, "undo_received")
    )
    messages.success(request, f"Đã giao {good} hồ sơ cho {where}.", extra_tags=offers)
    return redirect(
        reverse("batch", args=[batch]) if good > 1 else back_to(request, reverse("give_list"))
    )


@require_POST
@officer_required(*DESK_ROLES)
def confirm(request: OfficerRequest) -> HttpResponse:
    """Receive the chosen dossiers; what differs is noted of each one by itself."""
    now, press = timezone.now(), uuid4()

    def receive(seen: list[Seen]) -> list[Done]:
        told = _differences(request, seen)
        return handovers.confirm_many(seen, by=request.desk, at=now, differences=told, press=press)

    otherwise = reverse("receive_list")
    return with_chosen(
        request, receive, "Đã nhận", otherwise, press=press, undone_at="undo_received"
    )


def _differences(request: OfficerRequest, seen: list[Seen]) -> dict[int, str]:
    """What was typed in the row of each dossier.

    Errors: DomainError("difference_of_many") when one sentence came for several: a page from before.
    """
    typed = {
        one.dossier_id: in_one_line(request.POST.get(f"sai-khac-{one.dossier_id}", ""))[:300]
        for one in seen
    }
    if for_all := in_one_line(request.POST.get("difference", ""))[:300]:
        if len(seen) > 1:
            raise DomainError("difference_of_many")
        return dict.fromkeys(typed, for_all)
    return typed


@require_POST
@officer_required(*DESK_ROLES)
def undo_received(request: OfficerRequest) -> HttpResponse:
    """Take back what this officer received by one act, list or scanner; what was worked on since
    stays, and is named.
    """
    take_back_pressed(request, "Đã hoàn tác việc nhận", none="nothing_received")
    return redirect("receive_list")


@require_POST
@officer_required(*DESK_ROLES)
def scan(request: OfficerRequest) -> HttpResponse:
    """Receive by codes, typed or scanned; what is unknown, foreign or already received is listed
    with its reason.
    """
    form = ScanForm(request.POST)
    if not form.is_valid():
        return receive_page(request, form, status=422)
    codes, now, press = form.cleaned_data["codes"], timezone.now(), uuid4()
    waiting = queries.pending_by_code(request.desk, codes)
    received = [Seen(waiting[code].pk) for code in codes if code in waiting]
    try:
        told = _differences(request, received)
    except DomainError as error:
        form.add_error(None, sentence(error))
        return receive_page(request, form, status=422)
    done = handovers.confirm_many(received, by=request.desk, at=now, differences=told, press=press)
    missing = [code for code in codes if code not in waiting]
    bad = failed(done)
    bad += why_not_of(request.desk, "nhan", missing)
    good = len(codes) - len(bad)
    if bad:
        context = {
            "good": good,
            "bad": bad,
            "word": "nhận",
            "total": len(codes),
            "undo": press_address("undo_received", press),
            "papers": page_of(press) if print_of_press(request, press) else "",
        }
        return render(request, "dossiers/handover/result.html", context)
    offers = after_press(request, press, "undo_received")
    messages.success(request, f"Đã nhận {good} hồ sơ.", extra_tags=offers)
    return redirect("receive_list")


@require_POST
@officer_required(*DESK_ROLES)
def recall(request: OfficerRequest) -> HttpResponse:
    """Take back chosen dossiers that nobody has confirmed."""

    now = timezone.now()
    return with_chosen(
        request,
        lambda seen: handovers.recall_many(seen, by=request.desk, at=now),
        "Đã thu hồi",
        reverse("given_list"),
    )


@require_POST
@officer_required(*DESK_ROLES)
def recall_batch(request: OfficerRequest, pk: int) -> HttpResponse:
    found = batches_of(request.desk).filter(pk=pk).first()
    if found is None:
        raise Http404
    done = handovers.recall_batch(found, by=request.desk, at=timezone.now())
    if not done:
        messages.warning(request, say("nothing_to_recall"))
    tell(request, done, "Đã thu hồi")
    if done and all(d.error is None for d in done):
        return redirect("give_list")
    return redirect("batch", pk)
