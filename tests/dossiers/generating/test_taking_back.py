"""What officers take back of an invented archive, they take back as if it had been worked."""

from collections import Counter
from datetime import timedelta

import pytest

from dossiers.acts import taking_back
from dossiers.acts.many import Seen
from dossiers.ledger.history import last_act
from dossiers.ledger.verifying import verify
from dossiers.models import Dossier, Event
from tests.dossiers.generating.test_generating import NOW, made
from tests.world import make_case, make_office

pytestmark = pytest.mark.django_db


def test_acts_of_invented_dossiers_are_taken_back_like_worked_ones() -> None:
    """One after the other as long as the officer's own acts last; the chain and every fold still
    fit.
    """
    office = make_office()
    for term in ("trả ngay", "7 ngày làm việc", "20 ngày làm việc"):
        make_case(term)
    made(300)
    undone: Counter[str] = Counter()
    at = NOW + timedelta(minutes=30)
    for dossier in Dossier.objects.order_by("-pk")[:100]:
        while act := last_act(
            list(Event.objects.filter(dossier=dossier).select_related("officer").order_by("seq"))
        ):
            if not act.can_be_taken_back:
                break
            officer = act.events[0].officer
            assert officer is not None
            taking_back.take_back(Seen(dossier.pk), by=office.desk(officer, at), at=at)
            undone[act.label] += 1
    assert {"Nhận bàn giao", "Trả kết quả"} <= set(undone)
    assert verify(now=at).misfit is None
