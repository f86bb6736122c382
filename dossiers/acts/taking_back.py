"""Taking back one's own last act: what it wrote is undone, what stood before it stands again.

A hand-over is taken back by recalling it, until the receiver has confirmed it (handovers.recall).
Every other act is taken back here, by whoever did it, until somebody else has acted on the dossier;
one's own acts come off one by one, the last first. Each act's declaration says whether it can be,
and why not where it cannot.

How is read from the ledger: the events of the act say every column and row it wrote
(ledger/undo.py), so no act has an undoing of its own. Events stay: the act and its taking back both
stand in the log. Rows the act added stay too, marked as undone.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from uuid import UUID

from dossiers.acts.many import Done, Seen, together
from dossiers.clock import deadlines
from dossiers.ledger import undo, writer
from dossiers.ledger.history import PastAct, chains_of, is_beside, last_act, notices_of
from dossiers.models import Dossier, Event
from dossiers.registry import Act, Told, label_of, register
from dossiers.slips import issuing
from dossiers.states import ENDED, HANDLERS, MOVERS, OPEN, State
from onestop.accounts.desk import Desk
from onestop.accounts.models import Role
from onestop.errors import DomainError, require
from onestop.outbox.domain import retract
from onestop.results import ALLOWED, Answer

# What another system holds of a dossier that was returned may keep that from being taken back here; who
# tells it listens. Each is asked inside the transaction.
hindrances: list[Callable[[Dossier], Answer]] = []


def _may_take_back(desk: Desk, dossier: Dossier) -> Answer:
    """The last act by the officer who did it; the verb checks that nobody has acted since."""
    return ALLOWED


def _taken_back(told: Told) -> list[str]:
    """Which act it was: the first of those that one verb wrote."""
    return [label_of(told.data["first"])]


TAKE_BACK = register(
    Act(
        "take_back", "Hoàn tác việc vừa làm", 90,
        # Wherever an act leaves a dossier that can be taken back: everywhere but before there is
        # one.
        frozenset(OPEN | ENDED), None, HANDLERS | MOVERS | {Role.POSTAL}, _may_take_back, way_back="làm lại việc đó", tone="",
        lines=_taken_back,
    )
)  # fmt: skip


def take_back(
    seen: Seen, *, by: Desk, at: datetime, only: Callable[[PastAct], bool] = lambda act: True
) -> Dossier:
    """Undo one's own last act, all that its verb wrote at once.

    In: `only` when the caller means one act and no other.
    Effects in order: columns and rows as before it, what it added undone (its slip too), event, its
    notices. A line of the short path was received by the same verb: it is promised instead, from
    its minute of reception, with its slip (R-11). Errors: Conflict,
    DomainError("nothing_to_take_back", "not_your_act", "changed_since", "words_erased",
    "leaver_closed"), and those of hindrances.
    """
    with writer.change(seen.dossier_id, by=by, at=at, seen=seen.row_version) as life:
        _take_back(life, only=only)
        return life.dossier


def _take_back(life: writer.Life, *, only: Callable[[PastAct], bool]) -> None:
    life.check("take_back")
    act = last_act(life.ask(chains_of))
    if act is None or not act.can_be_taken_back or not only(act):
        raise DomainError("nothing_to_take_back")
    if act.officer_id != life.officer_id:
        raise DomainError("not_your_act")
    # What one event put back, the one before it reads.
    life.alone()
    _undo(life, act)


def take_back_of(life: writer.Life, press: UUID) -> None:
    """The same of one of many inside an act on it: what that press did, and nothing else."""
    _take_back(life, only=partial(_is_of, press))


def take_back_press(press: UUID, *, by: Desk, at: datetime) -> list[Done]:
    """Undo all that one press of this officer did to many dossiers, in one transaction, with a
    result list. What somebody has acted on since stays, and is reported. What was done to legs is
    taken back by itself (acts/leg_desks.py).
    """
    done = Event.objects.filter(press=press, officer=by.officer).order_by("pk")
    ids = dict.fromkeys(event.dossier_id for event in done if not is_beside(event))
    verb = partial(_take_back, only=partial(_is_of, press))
    asked = [Seen(pk) for pk in ids]
    return together(asked, verb, by=by, at=at, numbers=["tiep-nhan"])


def _is_of(press: UUID, act: PastAct) -> bool:
    return act.events[-1].press == press


def _undo(life: writer.Life, act: PastAct) -> None:
    dossier, first = life.dossier, act.events[0]
    was_returned = dossier.state == State.RETURNED
    for event in reversed(act.events):
        undo.undo(life, event)
    if was_returned and dossier.state != State.RETURNED:
        for asked in hindrances:
            require(asked(dossier))
    if act.follows_reception:
        dossier.forward_by = dossier.step_due_at = deadlines.forward_by(
            dossier.received_at, life.calendar
        )
    life.record(
        "take_back", {"event": act.events[-1].seq, "through": first.seq, "first": first.kind}
    )
    # An agreed hour was received without one: the slip that said it is void (acts/agreed_time.py).
    if act.follows_reception or first.kind == "agree_time":
        issuing.on_request(life)
    else:
        notices = [pk for event in act.events for pk in notices_of(event)]
        retract(notices, object_kind="dossier", object_id=dossier.pk, heading="Đã hoàn tác")
