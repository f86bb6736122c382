"""After a line of the short path: what was not given back after all is promised; what was promised is given back.

`trả ngay` does not mean never late: a paper that stays at the office has its promise from the minute it was received (R-10, R-11).
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import F
from django.utils import timezone

from dossiers.domain import deadlines, lifecycle, slips
from dossiers.models import Dossier, Event, Result, Return
from dossiers.states import State
from onestop.errors import DomainError

if TYPE_CHECKING:
    from dossiers.domain.handovers import Seen
    from onestop.accounts.desk import Desk

LINE = ["give_back", "finish", "receive"]


def promise_instead(seen: Seen, *, by: Desk, at: datetime) -> Dossier:
    """Take a line's return back and promise it: the dossier is open again, with its slip.

    Effects in order: return marked undone, state 2 with its promise from the minute of reception, event, slip form 01.
    Errors: DomainError("nothing_to_take_back") when anything else happened to it since; ("not_your_act") for another's line.
    Source: R-11.
    """
    with lifecycle.change(seen.dossier_id, by=by, at=at, seen=seen.row_version) as life:
        life.check("take_back")
        dossier = life.dossier
        last = list(Event.objects.filter(dossier=dossier).exclude(kind="print_slip").order_by("-seq")[:4])
        if [event.kind for event in last] != LINE:
            raise DomainError("nothing_to_take_back")
        if last[0].officer_id != by.officer.pk:
            raise DomainError("not_your_act")
        Return.objects.filter(dossier=dossier, undone=False).update(undone=True)
        # Nothing was made: the line's result is replaced by none, which a row says by pointing at itself.
        Result.objects.filter(dossier=dossier, replaced_by=None).update(replaced_by=F("pk"))
        dossier.returned_at = None
        dossier.forward_by = dossier.step_due_at = deadlines.forward_by(dossier.received_at, life.calendar)
        life.record("take_back", {"event": last[0].seq, "through": last[1].seq}, target=State.RECEIVED)
        slips.make("tiep-nhan", dossier=dossier, by=by.officer, at=at)
        return dossier


def give_back_now(seen: Seen, *, by: Desk, at: datetime) -> Dossier:
    """A promised line is done: finished and given to its owner at the counter in one act. Effects: result, two events, return row."""
    with lifecycle.change(seen.dossier_id, by=by, at=at, seen=seen.row_version) as life:
        dossier = life.dossier
        life.check("finish")
        if not Result.objects.filter(dossier=dossier, replaced_by=None).exists():
            Result.objects.create(
                dossier=dossier,
                title="Đã thực hiện tại quầy",
                recorded_by=by.officer,
                recorded_at=at,
                issued_on=timezone.localdate(at),
            )
        life.record("finish", {"result": "at_once"})
        life.check("give_back")
        Return.objects.create(dossier=dossier, taker_name=dossier.owner_name, given_by=by.officer, given_at=at)
        dossier.returned_at = at
        life.record("give_back", {"way": int(Return.Way.DIRECT)})
        return dossier
