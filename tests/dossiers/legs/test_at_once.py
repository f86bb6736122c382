"""Two agencies answer at the same instant, while the lead ends the dossier: each waits for the other,
nobody waits in a circle, and no leg outlives its dossier.
"""

from collections.abc import Callable
from contextlib import suppress

import pytest

from dossiers.acts import leg_work
from dossiers.acts.endings import EndingIn, withdraw
from dossiers.acts.leg_work import AnswerIn
from dossiers.acts.many import Seen
from dossiers.ledger.verifying import verify
from dossiers.models import Dossier
from dossiers.models.legs import Leg, LegKind
from onestop.errors import DomainError
from tests.dossiers.legs.office import make_linked, seen
from tests.proofs.forks import fork, wait
from tests.world import MONDAY

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("kind", [LegKind.PARALLEL, LegKind.ORDERED])
def test_no_circle_and_no_open_leg(kind: int) -> None:
    linked = make_linked(3)
    rows = linked.send(0, 1, 2, kind=kind)
    taken = [linked.take(row) for row in rows if row.is_with_agency]
    dossier = linked.dossier.pk

    def answering(leg: Leg) -> Callable[[], None]:
        shown, there = seen(leg), linked.at(leg)
        desk = there.desk(there.clerk)

        def work() -> None:
            with suppress(DomainError):
                leg_work.answer(shown, AnswerIn("Xong", 1), by=desk, at=MONDAY)

        return work

    def ending() -> None:
        by = linked.lead.desk(linked.lead.clerk)
        withdraw(Seen(dossier), EndingIn("", "Rút"), by=by, at=MONDAY)

    children = [fork(work) for work in (*map(answering, taken), ending)]
    assert [wait(pid) for pid in children] == [0] * len(children)
    assert not Leg.objects.open().exists()
    now = Dossier.objects.get(pk=dossier)
    assert (now.open_legs, now.ended_at) == (0, MONDAY)
    assert verify(now=MONDAY).misfit is None
