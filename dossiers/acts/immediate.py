"""After a line of the short path: what was not given back after all is promised; what was promised
is given back.

`trả ngay` does not mean never late: a paper that stays at the office has its promise from the
minute it was received (R-10, R-11).
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import timezone

from dossiers.acts import certifying, taking_back
from dossiers.acts.returning import Taking, given_now, tell_before
from dossiers.intake.originals import going_back
from dossiers.ledger import writer
from dossiers.models import Dossier, DossierPaper, Result, Return
from dossiers.models.collecting import ResultNotice
from onestop.errors import DomainError
from onestop.worktime import Unit, parse_term

if TYPE_CHECKING:
    from dossiers.acts.many import Seen
    from onestop.accounts.desk import Desk


def promise_instead(seen: Seen, *, by: Desk, at: datetime) -> Dossier:
    """Take a line's return back and promise it: the dossier is open again from its minute of
    reception, with its slip (R-11).

    Errors: DomainError("nothing_to_take_back") when anything else happened to it since;
    ("not_your_act") for another's line.
    """
    return taking_back.take_back(seen, by=by, at=at, only=lambda act: act.follows_reception)


def give_back_now(seen: Seen, *, by: Desk, at: datetime, signer: str = "") -> Dossier:
    """A promised line is done: finished and given to its owner at the counter in one act. Effects:
    result, its number in the book of certification, originals that were shown (R-80), two events,
    return row; before its promised day the notice that the owner had there (R-79).

    `signer` of a certification: "" for whoever signed the last one of its book.

    Errors: DomainError("not_immediate") for a dossier of another term: its result goes its way; those of
    certifying.enter().
    """
    with writer.change(seen.dossier_id, by=by, at=at, seen=seen.row_version) as life:
        dossier = life.dossier
        if parse_term(dossier.term).unit is not Unit.IMMEDIATE:
            raise DomainError("not_immediate")
        life.check("finish")
        made, there = None, Result.objects.current().filter(dossier=dossier).first()
        if there is None:
            made = there = life.add(
                Result(
                    dossier=dossier,
                    title="Đã thực hiện tại quầy",
                    recorded_by=by.officer,
                    recorded_at=at,
                    issued_on=timezone.localdate(at),
                )
            )
        # What was refused is no certification.
        if there.kind == Result.Kind.GRANTED and not certifying.is_entered(dossier.pk):
            certifying.enter(life, there, signer or there.signer)
        life.record("finish", {"result": "at_once", "row": made.pk if made else None})
        life.check("give_back")
        here = Taking(dossier.owner_name, told=ResultNotice.Way.SPOKEN)
        told = tell_before(life, here, by=by)
        papers = DossierPaper.objects.filter(dossier=dossier).select_related("paper")
        home = going_back(papers, refused=there.kind == Result.Kind.REFUSED)
        given_now(life, dossier.owner_name, home)
        said = {"way": int(Return.Way.DIRECT)}
        life.record("give_back", said | ({"told_early": int(told.way)} if told else {}))
        return dossier
