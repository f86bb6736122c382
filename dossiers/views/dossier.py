"""`/ho-so/<mã>/`: one dossier, what matters now first; its explanation, its files, its log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from dossiers import registry
from dossiers.acts.apology import was_late
from dossiers.acts.approval import is_submission
from dossiers.acts.consulting import ON_UNANSWERED
from dossiers.acts.results import RESULT_FILE
from dossiers.clock import deadlines
from dossiers.desk import dossier as queries
from dossiers.desk import legs as leg_queries
from dossiers.desk import matters, timeline
from dossiers.desk.consulted import any_unanswered, consulted_of
from dossiers.desk.excluded import obligation_times
from dossiers.desk.late_parts import phrases_of
from dossiers.desk.noted import Note, notes_of
from dossiers.desk.online import filed_words, origin_of
from dossiers.desk.urged import Urged, urged_of
from dossiers.desk.work import rail_counts, short
from dossiers.intake import shortened
from dossiers.intake.elsewhere import elsewhere_of
from dossiers.ledger.history import data_of, mine_to_take_back
from dossiers.models import Dossier, Event, HandOver, Result, Slip
from dossiers.models.handover import Purpose
from dossiers.models.outcome import Outcome
from dossiers.states import WORKING, State
from dossiers.views import legs
from dossiers.views.desk_common import WORK_ROLES, absent_names
from dossiers.views.dossier_parts import (
    certified_in,
    digitised_of,
    draft_in,
    elsewhere_in,
    held_in,
    not_thought_of,
    originals_due,
    return_of,
)
from dossiers.views.dossier_post import of_post
from dossiers.views.files_gone import lost, taken_back
from dossiers.views.paying import paid_by
from dossiers.views.receipt_rows import receipts_of, request_of
from onestop.accounts.access import access, access_each
from onestop.accounts.calendars import calendar_of
from onestop.accounts.http import OfficerRequest, officer_required
from onestop.accounts.models import AccessKind, DepartmentKind, Role
from onestop.errors import DomainError, say, sentence
from onestop.files.responses import serve
from onestop.outbox.domain import read_about
from onestop.results import Denied
from onestop.worktime import forward_words


@dataclass(frozen=True, slots=True)
class Offer:
    """An act as the page offers it: where it is done, or why not. `post`: done at once, without a
    page of its own.
    """

    name: str
    label: str
    url: str
    icon: str
    why_not: str = ""
    post: bool = False


# Answers of acts that are nothing to this officer or this state: the page does not speak of them.
_UNSAID = frozenset(
    {
        "role_missing",
        "wrong_state",
        "nothing_to_confirm",
        "nothing_to_recall",
        "not_submitted",
        "nothing_to_apologise",
        "void_passed_on",
        "void_online",
        "urge_nobody",
        "urge_own",
        "urge_not_head",
    }
)


def offers_of(request: OfficerRequest, dossier: Dossier, hindered: dict[str, str]) -> list[Offer]:
    """Every act with its answer; those of roles this officer has not are left out, those of other
    states too.

    `hindered`: acts that something in the dossier's past forbids, with the code of the reason.
    """
    found = []
    for act in registry.all_acts():
        if act.page is None:
            continue
        if hindered.get(act.name) in _UNSAID:
            continue
        answer = registry.shows(request.desk, dossier, act.name)
        if isinstance(answer, Denied) and answer.code in _UNSAID:
            continue
        if not isinstance(answer, Denied) and act.name in hindered:
            answer = Denied(hindered[act.name])
        why = say(answer.code, answer.data) if isinstance(answer, Denied) else ""
        page = act.page
        found.append(
            Offer(
                act.name,
                page.label or act.label,
                page.address(dossier),
                page.icon,
                why,
                page.at_once,
            )
        )
    return found


def next_act(turn: registry.Turn, offers: list[Offer]) -> Offer | None:
    """The one thing this officer should do now; None when it is somebody else's turn."""
    may = {offer.name: offer for offer in offers if not offer.why_not}
    return may.get(registry.main_act(turn, may))


@require_safe
@officer_required(*WORK_ROLES)
def dossier_page(request: OfficerRequest, code: str) -> HttpResponse:
    now = timezone.now()
    dossier = queries.whole_dossier(request.desk, code)
    if dossier is None:
        return legs.instead(request, code)
    access(request, AccessKind.VIEWED, "dossier", dossier.pk)
    parts = queries.parts_of(dossier)
    events, hand_overs = timeline.events_of(dossier), timeline.hand_overs_of(dossier)
    undoable = mine_to_take_back(events, request.user.pk)
    context = {
        "dossier": dossier,
        "title": short(dossier.version.name, 140),
        **_clock(dossier, now),
        "why_late": phrases_of([dossier.pk], now).get(dossier.pk) if _is_late(dossier, now) else "",
        "undo": undoable.label if undoable else "",
        "by_share": _is_by_share(hand_overs),
        "sent_back": _sent_back(hand_overs) if dossier.is_open else None,
        "pending": _pending(dossier, hand_overs, now),
        "instead_of": absent_names(request).get(dossier.holder_id or 0, ""),
        "submitter": getattr(dossier, "submitter", None),
        "origin": origin_of(dossier),
        "elsewhere": elsewhere_of(dossier),
        **of_post(request.desk, dossier, parts),
        **elsewhere_in(request.desk, dossier, parts),
        "timeline": timeline.timeline(events, _told(dossier, parts, hand_overs, events)),
        "slips": _slips(dossier, parts),
        "has_sheet": bool(hand_overs),
        "may_log": request.desk.has(Role.CONTROLLER, Role.LEADER, Role.HEAD),
        "may_answer": bool(registry.shows(request.desk, dossier, "answer_receipt_change")),
        "may_take": bool(registry.shows(request.desk, dossier, "take_fee")),
        **paid_by(dossier, now),
        "may_deliver": bool(registry.shows(request.desk, dossier, "deliver_correction")),
        "now": now,
        "notes": _notes(request, dossier, hand_overs, now),
        "rail_counts": _counts(request, dossier, now),
    }
    context["urged"] = urged = urged_of(dossier, parts.standing("urgings"), hand_overs, now)
    context["consulted"] = consulted_of(parts.standing("consultations"), now)
    context["legs"] = leg_queries.shown(parts.standing("legs"), now)
    context["may_withdraw"] = bool(registry.shows(request.desk, dossier, "withdraw_leg"))
    context["may_replace"] = bool(registry.shows(request.desk, dossier, "replace_lead"))
    context |= _of_acts(request, dossier, parts, hand_overs, urged) | _of_parts(dossier, parts)
    return render(request, "dossiers/dossier/page.html", context)


def _notes(
    request: OfficerRequest, dossier: Dossier, hand_overs: list[HandOver], now: datetime
) -> list[Note]:
    return notes_of(dossier, hand_overs, request.desk, now) if _is_late(dossier, now) else []


def _is_late(dossier: Dossier, now: datetime) -> bool:
    """Late by the promise that decides, or ended so."""
    if dossier.ended_at is not None:
        return dossier.verdict == Outcome.LATE
    return was_late(dossier, now)


def _clock(dossier: Dossier, now: datetime) -> dict[str, Any]:
    """What is left, and by when the counter passes it on (R-39); nothing of what has ended."""
    if not dossier.is_open:
        return {"left": None, "forward": ""}
    calendar, by = calendar_of(dossier.agency_id), dossier.forward_by
    return {
        "left": deadlines.left(dossier, now, calendar),
        "forward": forward_words(by, calendar, now) if by else "",
    }


def _counts(request: OfficerRequest, dossier: Dossier, now: datetime) -> dict[str, int]:
    """The numbers of the rail; what the bell told of this dossier is read by opening it."""
    counts = rail_counts(request.desk, now)[1]
    if counts["thong-bao"]:
        counts["thong-bao"] -= read_about(
            request.user, object_kind="dossier", object_id=dossier.pk, at=now
        )
    return counts


def _of_acts(
    request: OfficerRequest,
    dossier: Dossier,
    parts: queries.Parts,
    hand_overs: list[HandOver],
    urged: list[Urged],
) -> dict[str, Any]:
    """What the page offers: the one thing to do now, what else may be done, what may not and why."""
    turn = _turn(dossier, parts, hand_overs)
    hindered = {"re_appoint": "already_reappointed"} if parts.is_reappointed else {}
    hindered |= not_thought_of(dossier, parts, timezone.now())
    if not any(one.is_unanswered for one in urged):
        hindered["answer_urging"] = "wrong_state"
    if not any_unanswered(parts.standing("consultations")):
        hindered |= dict.fromkeys(ON_UNANSWERED, "wrong_state")
    if not turn.is_submitted:
        hindered |= {"approve": "not_submitted", "send_back": "not_submitted"}
    elif not turn.has_result:
        hindered["approve"] = "result_to_approve"
    offers = offers_of(request, dossier, hindered | _not_waited_for(dossier, parts))
    main = next_act(turn, offers)
    may = {one.name: one.url for one in offers if not one.why_not}
    return {
        "answer_urging": may.get("answer_urging", ""),
        "record_opinion": may.get("record_opinion", ""),
        "main": main,
        "acts": [offer for offer in offers if offer is not main and not offer.why_not],
        "denied": [offer for offer in offers if offer.why_not],
    }


def _not_waited_for(dossier: Dossier, parts: queries.Parts) -> dict[str, str]:
    """Acts that answer something else than what is waited for."""
    asked = parts.asked(dossier.state)
    table = asked[0].rows.table if asked is not None else ""
    return {
        act.name: "wrong_state"
        for act in registry.all_acts()
        if act.page is not None and act.page.waits_for and table not in act.page.waits_for
    }


def _turn(dossier: Dossier, parts: queries.Parts, hand_overs: list[HandOver]) -> registry.Turn:
    room, result, sent_back = dossier.holder_department, parts.result, _sent_back(hand_overs)
    return registry.Turn(
        is_working=dossier.state in WORKING,
        at_counter=room is not None and room.kind == DepartmentKind.ONE_STOP,
        has_result=result is not None,
        has_proposal=parts.proposal is not None,
        is_draft=draft_in(parts),
        is_submitted=is_submission(_newest(hand_overs)),
        originals_due=originals_due(dossier, parts),
        is_sent_back=(
            sent_back is not None
            and result is not None
            and result["recorded_at"] <= sent_back.given_at
        ),
    )


def _of_parts(dossier: Dossier, parts: queries.Parts) -> dict[str, Any]:
    """What of the dossier's short lists counts now."""
    result, asked, pages = parts.result, parts.asked(dossier.state), parts.scanned_pages
    return {
        "papers": parts.papers,
        "help": next(iter(parts.helps), None),
        "certified": certified_in(dossier),
        "held": len(held_in(parts.papers)),
        "files": [
            f | {"pages": f["pages"] or pages.get(f["id"])}
            for f in parts.files
            if f["kind"] == "dossier"
        ],
        "result_files": [f for f in parts.files if f["kind"] == "result"],
        "result": result,
        "digitised": digitised_of(parts, timezone.now()),
        "lacks_signature": parts.lacks_signature,
        "is_refusal": result is not None and result["kind"] == Result.Kind.REFUSED,
        "is_draft": draft_in(parts),
        "return": return_of(parts),
        "archived": next(iter(parts.standing("result_archives")), None),
        "to_deliver": parts.to_deliver,
        "proposal": parts.proposal,
        "obligations": obligation_times(parts.told),
        "receipts": receipts_of(dossier, parts.told["fee_receipts"]),
        "requests": [request_of(row) for row in parts.told["receipt_requests"]],
        "asks": asked[0] if asked is not None else None,
        "asked": asked[1] if asked is not None else None,
    }


def _slips(dossier: Dossier, parts: queries.Parts) -> list[tuple[Slip, str, str]]:
    """The slips made, with what officers call them, and of void ones what became of them; of control
    sheets the last one.
    """
    names = registry.slip_names()
    replaced = {row["old_slip_id"] for row in parts.standing("amended")}
    made = queries.slips_of(dossier)
    sheet = next((slip for slip in made if slip.slug == "kiem-soat"), None)
    voided = "hủy cùng việc tiếp nhận" if dossier.state == State.VOIDED else "hủy do hoàn tác"
    return [
        (
            slip,
            names.get(slip.slug, slip.slug),
            "thay do đính chính" if slip.pk in replaced else voided,
        )
        for slip in made
        if slip.slug != "kiem-soat" or slip is sheet
    ]


def _newest(hand_overs: list[HandOver]) -> HandOver | None:
    """The hand-over that brought it where it is, or is on its way."""
    return next((row for row in reversed(hand_overs) if row.is_standing), None)


def _is_by_share(hand_overs: list[HandOver]) -> bool:
    """Whether the hours of the step at hand are its share of the term."""
    newest = _newest(hand_overs)
    return newest is not None and newest.confirmed_at is not None and newest.next_step_by_share


def _sent_back(hand_overs: list[HandOver]) -> HandOver | None:
    """The hand-over that gave it back with a reason, as long as nobody has given it on."""
    newest = _newest(hand_overs)
    if newest is None or newest.purpose != Purpose.SEND_BACK or not newest.note:
        return None
    return newest


def _pending(dossier: Dossier, hand_overs: list[HandOver], now: datetime) -> dict[str, Any] | None:
    """The hand-over that nobody has confirmed yet, and whether it waits too long."""
    row = next((h for h in reversed(hand_overs) if h.is_on_the_way), None)
    if row is None or dossier.pending_department_id is None:
        return None
    return {"row": row, "late": row.confirm_by is not None and row.confirm_by < now}


def _told(
    dossier: Dossier, parts: queries.Parts, hand_overs: list[HandOver], events: list[Event]
) -> timeline.Rows:
    """The rows that the page has read anyway, for the lines that acts make of them; the visits that
    the reception followed cost one query where there are any.
    """
    found: dict[str, dict[int, Any]] = {
        table: {row["id"]: row for row in rows} for table, rows in parts.told.items()
    }
    said = data_of(events[0]) if events else {}
    visits = matters.visits_named(said.get("visits", ()))
    left = matters.visits_named(said.get("visits_left", ()))
    away = elsewhere_of(dossier)
    lines = (
        *((away.words,) if away else ()),
        *shortened.lines_of(dossier, said),
        *filed_words(dossier),
        *matters.words_of(visits),
        *matters.words_of_left(left),
    )
    return found | {
        "hand_overs": {row.pk: row for row in hand_overs},
        "visits": {0: lines} if lines else {},
    }


@require_safe
@officer_required(*WORK_ROLES)
def why_page(request: OfficerRequest, code: str) -> HttpResponse:
    """Why this date, line by line."""
    dossier = queries.for_acts(request.desk, code)
    if dossier is None:
        raise Http404
    access(request, AccessKind.VIEWED, "dossier", dossier.pk)
    lines = deadlines.explain(dossier, calendar_of(dossier.agency_id))
    lines = shortened.explained(lines, shortened.words_for(dossier))
    rail = rail_counts(request.desk, timezone.now())[1]
    return render(
        request,
        "dossiers/dossier/why.html",
        {"dossier": dossier, "lines": lines, "rail_counts": rail},
    )


@require_safe
@officer_required(*WORK_ROLES)
def file(request: OfficerRequest, code: str, pk: int) -> HttpResponseBase:
    """A scan or a result of the dossier; `tai` downloads, otherwise it opens where that is safe."""
    dossier = queries.find(request.desk, code).only("pk", "code").first()
    if dossier is None:
        raise Http404
    attachment = queries.attachment_of(dossier, pk)
    if attachment is None:
        return taken_back(request, dossier, pk)
    # Of a paper that was taken from the store, the dossier that gave it too.
    gave = [attachment.object_id] if attachment.kind == RESULT_FILE else []
    ids = dict.fromkeys((dossier.pk, *gave))
    access_each(request, AccessKind.DOWNLOADED, "dossier", ids, f"tệp {attachment.pk}")
    try:
        return serve(attachment, inline="tai" not in request.GET)
    except DomainError as error:
        return lost(request, dossier, sentence(error))


@dataclass(frozen=True, slots=True)
class LogLine:
    event: Event
    label: str
    acting_for: str


@require_safe
@officer_required(Role.CONTROLLER, Role.LEADER, Role.HEAD)
def log(request: OfficerRequest, code: str) -> HttpResponse:
    """Every event with its hash, and who looked at the dossier."""
    dossier = queries.for_acts(request.desk, code)
    if dossier is None:
        raise Http404
    access(request, AccessKind.LOG_VIEWED, "dossier", dossier.pk)
    events = timeline.events_of(dossier)
    context = {
        "dossier": dossier,
        "events": [
            LogLine(
                e,
                registry.label_of(e.kind),
                e.acting_for.full_name if e.acting_for else "",
            )
            for e in reversed(events)
        ],
        "views": queries.access_lines(dossier),
        "rail_counts": rail_counts(request.desk, timezone.now())[1],
    }
    return render(request, "dossiers/dossier/log.html", context)
