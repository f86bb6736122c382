"""What a peer was told as returned is not taken back here without it."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q

from dossiers.models import Dossier
from dossiers.states import State
from exchange.models.outbox import Delivery, Line
from exchange.outbox.peers import peers
from exchange.outbox.taking import TAKEN
from onestop.outbox.models import Fact
from onestop.results import ALLOWED, Answer, Denied


def may_be_taken_back(dossier: Dossier) -> Answer:
    """Where every peer can be told that the dossier is open again, that is a message of its own kind
    and nothing is asked. One that cannot would hold for ever that the result was given: what it
    has accepted as returned, or is about to be told so, stays returned. Two queries; none where
    every peer can.
    """
    deaf = {peer.code: peer.name for peer in peers() if not peer.reopens}
    if not deaf:
        return ALLOWED
    # Asked first: what is taken over meanwhile stands among the messages that are asked then.
    written = Fact.objects.filter(topic__in=TAKEN, key=dossier.code)
    if written.filter(payload__state=int(State.RETURNED)).exists():
        return Denied("returned_there", {"name": next(iter(deaf.values()))})
    on_its_way = Delivery.objects.filter(
        line=OuterRef("pk"), state=Delivery.State.WAITING, payload__state=int(State.RETURNED)
    )
    there = Line.objects.filter(
        Q(accepted_state=State.RETURNED) | Exists(on_its_way), peer__in=deaf, code=dossier.code
    )
    if line := there.first():
        return Denied("returned_there", {"name": deaf[line.peer]})
    return ALLOWED
