"""One result given to the post at the return desk: a letter as those of a batch, under minutes of its own
(R-120).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.utils import timezone

from dossiers import rules
from dossiers.acts.many import Seen
from dossiers.acts.post_out import (
    Letter,
    Postman,
    check_number,
    check_postman,
    item_of,
    listed,
    minutes,
)
from dossiers.acts.returning import Taking, given_back
from dossiers.ledger import writer
from dossiers.models import Dossier, DossierPaper, Result, Return
from dossiers.models.post import PostalItem, PostalNote, letter_number
from onestop.errors import DomainError

if TYPE_CHECKING:
    from onestop.accounts.desk import Desk
    from onestop.accounts.models import Agency


def send(
    seen: Seen, taking: Taking, fare: int, to: Postman, *, by: Desk, at: datetime
) -> PostalItem:
    """One result from the return desk, also of who asks for the post only now: a letter as the others,
    under minutes of its own. What goes home with it and who takes it is as `taking` says.

    Effects: as give of one. Errors: as of give_back, and DomainError("post_office", "post_postman",
    "post_fare", "post_address", "post_number_twice").
    """
    check_postman(to)
    letter = Letter(seen, letter_number(taking.post_number), fare)
    if fare < 0:
        raise DomainError("post_fare", field="fare", number=letter.number)
    with writer.change(seen.dossier_id, by=by, at=at, seen=seen.row_version) as life:
        dossier = life.dossier
        if not dossier.address.strip() and not taking.note.strip():
            raise DomainError("post_address", field="note")
        agency = _counter_of(dossier, by, timezone.localdate(at))
        # Its number is held until the end: whoever types the same phiếu gửi at this counter waits.
        note = minutes(agency, PostalNote.Way.OUT, _said_on(dossier, to), by=by, at=at)
        check_number(dossier, letter.number)
        posted = replace(taking, way=Return.Way.POST, post_number=letter.number)
        given_back(life, posted, by=by)
        result = Result.objects.current().filter(dossier=dossier).first()
        home = list(DossierPaper.objects.filter(dossier=dossier, pk__in=taking.papers_back))
        item = life.add(item_of(life, note, 1, letter, to.payer, listed(result, home), home))
        life.settle()
    return item


def _said_on(dossier: Dossier, to: Postman) -> Postman:
    """What was noted of the return is the address of a dossier that has none; else it is no word of
    the paper that the postman signs.
    """
    return replace(to, note="") if dossier.address.strip() else to


def _counter_of(dossier: Dossier, by: Desk, on: date) -> Agency:
    """Which counter of the dossier this officer stands at; where it was received before all."""
    there = [one.in_charge(on) for one in (dossier.received_by_agency, dossier.agency)]
    return next((one for one in there if rules.stands_at(by, one.pk)), there[0])
