"""Taking back one's own last act: what it wrote is undone, what stood before it stands again.

A hand-over is taken back by recalling it, until the receiver has confirmed it (handovers.recall). Every other act is taken back
here, by whoever did it, until somebody else has acted on the dossier; one's own acts come off one by one, the last first.
`states.py` says of each act whether it can be, and why not where it cannot.

Events stay: the act and its taking back both stand in the log. Rows of the act stay too, marked undone (request, ledger line, return,
ending, slip) or replaced by none (result); only a hand-over's row goes back to waiting for its receiver.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from django.db.models import F, QuerySet

from dossiers.domain import deadlines, lifecycle, slips
from dossiers.domain.desks import CHANGED
from dossiers.domain.endings import RESULT_FILE
from dossiers.domain.events import moment
from dossiers.domain.handovers import Done, Seen, each
from dossiers.models import Batch, ClockChange, Dossier, DossierPaper, Ending, Event, HandOver, Result, Return, Supplement
from dossiers.queries.acts import Act, data_of, last_act
from dossiers.states import State
from onestop.accounts.models import Officer
from onestop.errors import DomainError
from onestop.files.domain import adopt
from onestop.outbox.domain import retract

if TYPE_CHECKING:
    from onestop.accounts.desk import Desk

UNDONE_FILE = "result-undone"


def take_back(seen: Seen, *, by: Desk, at: datetime, only: Callable[[Act], bool] = lambda act: True) -> Dossier:
    """Undo one's own last act, all that its verb wrote at once.

    In: `only` when the caller means one act and no other.
    Effects in order: rows of the act undone, columns as before it, its slip void, state, promise, event, its notices. A line of the
    short path was received by the same verb: it is promised instead, from its minute of reception, with its slip (R-11).
    Errors: Conflict, DomainError("nothing_to_take_back", "not_your_act").
    """
    with lifecycle.change(seen.dossier_id, by=by, at=at, seen=seen.row_version) as life:
        life.check("take_back")
        act = last_act(list(Event.objects.filter(dossier=life.dossier).order_by("seq")))
        if act is None or not act.can_be_taken_back or not only(act):
            raise DomainError("nothing_to_take_back")
        if act.officer_id != by.officer.pk:
            raise DomainError("not_your_act")
        _undo(life, act)
        return life.dossier


def take_back_confirmations(confirmed_at: datetime, *, by: Desk, at: datetime) -> list[Done]:
    """Undo every confirmation that one act of this officer made at this instant; each in its own transaction, with a result list."""
    rows = HandOver.objects.filter(confirmed_by=by.officer, confirmed_at=confirmed_at).order_by("pk").select_related("dossier")
    return [_one_of_many(row.dossier, by=by, at=at, only=partial(_speaks_of, "confirm", "row", row.pk)) for row in rows]


def take_back_desk(batch: Batch, *, by: Desk, at: datetime) -> list[Done]:
    """Undo the moving of a whole desk by this officer, of what nobody has acted on since; each in its own transaction, with a result
    list."""
    events = Event.objects.filter(kind="move_desk", officer=by.officer, at=batch.given_at).order_by("dossier_id")
    moved = [event for event in events.select_related("dossier") if data_of(event)["batch"] == batch.pk]
    return [_one_of_many(event.dossier, by=by, at=at, only=partial(_speaks_of, "move_desk", "batch", batch.pk)) for event in moved]


def _one_of_many(dossier: Dossier, *, by: Desk, at: datetime, only: Callable[[Act], bool]) -> Done:
    return each([Seen(dossier.pk)], partial(take_back, by=by, at=at, only=only))[0]


def _speaks_of(kind: str, name: str, pk: int, act: Act) -> bool:
    return any(event.kind == kind and data_of(event)[name] == pk for event in act.events)


def _undo(life: lifecycle.Life, act: Act) -> None:
    dossier, before = life.dossier, act.standing
    dossier.waiting_since = moment(before["waiting"])
    dossier.due_at, dossier.legal_due_at = moment(before["due"]), moment(before["legal"])
    for event in reversed(act.events):
        data = data_of(event)
        if "clock" in data:
            deadlines.put_back(dossier, data["clock"])
        UNDO[event.kind](_Undoing(dossier, data, before, event.at, life.at))
    if act.follows_reception:
        dossier.forward_by = dossier.step_due_at = deadlines.forward_by(dossier.received_at, life.calendar)
    reach = {"event": act.events[-1].seq, "through": act.events[0].seq}
    life.record("take_back", reach, target=State(before["state"]))
    if act.follows_reception:
        assert life.by is not None
        slips.on_request(dossier, by=life.by.officer, at=life.at)
    else:
        retract(object_kind="dossier", object_id=dossier.pk, posted_at=act.events[0].at, heading="Đã hoàn tác")


@dataclass(frozen=True, slots=True)
class _Undoing:
    """One event to undo: the dossier, what the event kept, how the columns stood before the act, when it was done, and now."""

    dossier: Dossier
    data: dict[str, Any]
    before: dict[str, Any]
    done_at: datetime
    at: datetime


def _nothing(one: _Undoing) -> None:
    """A change of state alone."""


def _give(one: _Undoing) -> None:
    """A hand-over to oneself, confirmed by itself: recalled with its confirmation."""
    HandOver.objects.filter(pk=one.data["row"]).update(recalled_at=one.at)
    one.dossier.pending_department = one.dossier.pending_officer = None
    one.dossier.forward_by = moment(one.data["forward_by"])


def _confirm(one: _Undoing) -> None:
    """The hand-over waits for its receiver again; the giver's step goes on as it stood, without an outcome."""
    row = HandOver.objects.get(pk=one.data["row"])
    row.confirmed_at = row.confirmed_by = row.outcome = None
    row.receiver_role = row.difference = ""
    row.save(update_fields=["confirmed_at", "confirmed_by", "outcome", "receiver_role", "difference"])
    dossier = one.dossier
    dossier.holder_id, dossier.holder_department_id = one.before["holder"], one.before["desk"]
    dossier.pending_department_id, dossier.pending_officer_id = row.receiver_department_id, row.receiver_id
    dossier.step_order, dossier.step_name = one.data["step_order"], row.step_name
    dossier.step_due_at, dossier.forward_by = moment(one.data["step_due"]), moment(one.data["forward_by"])


def _move_desk(one: _Undoing) -> None:
    """Back to the desk it was moved from, whose officer must still be there; the list shows it as recalled."""
    leaver = Officer.objects.get(pk=one.data["from"])
    if not leaver.is_active:
        raise DomainError("leaver_closed", name=leaver.full_name)
    HandOver.objects.filter(pk=one.data["row"] or 0).update(recalled_at=one.at, confirmed_at=None, confirmed_by=None)
    dossier = one.dossier
    dossier.holder_id, dossier.holder_department_id = one.before["holder"], one.before["desk"]
    waiting = HandOver.objects.filter(pk=one.data["waiting"] or 0).first()
    if waiting is not None:
        waiting.receiver = dossier.pending_officer = leaver
        said, changed, _ = waiting.note.rpartition(CHANGED)
        waiting.note = said.strip() if changed else waiting.note
        waiting.save(update_fields=["receiver", "note"])


def _record_result(one: _Undoing) -> None:
    """Replaced by none, which a row says by pointing at itself; the one before it counts again. Its files are no result's files."""
    Result.objects.filter(pk=one.data["row"]).update(replaced_by=F("pk"))
    Result.objects.filter(pk=one.data["replaces"]).update(replaced_by=None)
    adopt(one.data["files"], from_kind=RESULT_FILE, from_id=one.dossier.pk, kind=UNDONE_FILE, object_id=one.dossier.pk)
    if one.data["kind"] == Result.Kind.REFUSED:
        slips.void(one.dossier, "tu-choi", made_at=one.done_at, at=one.at)


def _finish(one: _Undoing) -> None:
    """What was done at once at the counter had its result written by the same act."""
    if one.data.get("row") is not None:
        Result.objects.filter(pk=one.data["row"]).update(replaced_by=F("pk"))


def _give_back(one: _Undoing) -> None:
    Return.objects.filter(dossier=one.dossier, undone=False).update(undone=True)
    DossierPaper.objects.filter(dossier=one.dossier).update(originals_returned=False)
    one.dossier.returned_at = None


def _propose(one: _Undoing) -> None:
    Supplement.objects.filter(pk=one.data["row"]).update(undone=True)


def _ask(one: _Undoing) -> None:
    """The request stays as undone; a proposal it was made of waits for the counter again, as the counter had put it."""
    row = Supplement.objects.get(pk=one.data["row"])
    _line_of(row).update(undone=True)
    slips.void(one.dossier, "bo-sung", made_at=one.done_at, at=one.at)
    if row.proposed_by_id is not None:
        kept, row.pk = row.pk, None
        row.undone = True
        row.save(force_insert=True)
        nothing: dict[str, Any] = dict.fromkeys(("issued_by", "issued_at", "approver", "respond_by", "change"))
        Supplement.objects.filter(pk=kept).update(**nothing, approval_reason="", late=False)
    else:
        row.undone = True
        row.save(update_fields=["undone"])


def _complete(one: _Undoing) -> None:
    row = Supplement.objects.get(pk=one.data["row"])
    row.completed_by = row.completed_at = None
    row.save(update_fields=["completed_by", "completed_at"])
    _line_of(row).update(end=None, due_after=None)
    one.dossier.step_due_at, one.dossier.forward_by = moment(one.data["step_due"]), moment(one.data["forward_by"])
    slips.void(one.dossier, "tiep-nhan", made_at=one.done_at, at=one.at)


def _line_of(row: Supplement) -> QuerySet[ClockChange]:
    """The line of the ledger that a request stopped the clock with."""
    return ClockChange.objects.filter(dossier=row.dossier_id, pk=row.change_id or 0)


def _re_appoint(one: _Undoing) -> None:
    ClockChange.objects.filter(pk=one.data["row"]).update(undone=True)
    slips.void(one.dossier, "xin-loi", made_at=one.done_at, at=one.at)


def _end(one: _Undoing) -> None:
    """A withdrawal or a stop: what was on its way when it ended is on its way again."""
    Ending.objects.filter(pk=one.data["row"]).update(undone=True)
    way = HandOver.objects.filter(pk=one.data["way"]).first()
    if way is not None:
        way.recalled_at = None
        way.save(update_fields=["recalled_at"])
        one.dossier.pending_department_id, one.dossier.pending_officer_id = way.receiver_department_id, way.receiver_id


def _stop(one: _Undoing) -> None:
    _end(one)
    slips.void(one.dossier, "dung", made_at=one.done_at, at=one.at)


# One function an event; every act that the table lets take back has its own (a test compares).
UNDO: dict[str, Callable[[_Undoing], None]] = {
    "hand_over": _give,
    "confirm": _confirm,
    "take_up": _nothing,
    "move_desk": _move_desk,
    "record_result": _record_result,
    "finish": _finish,
    "give_back": _give_back,
    "propose_supplement": _propose,
    "ask_supplement": _ask,
    "complete_supplement": _complete,
    "re_appoint": _re_appoint,
    "withdraw": _end,
    "stop": _stop,
}
