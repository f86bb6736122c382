"""The invented stories are lawful: every result was submitted to a leader who had not prepared it,
step by step of the process.
"""

import pytest

from dossiers.generating import generate
from dossiers.models import Dossier
from dossiers.route import route_of
from dossiers.route.way import approves
from dossiers.states import State
from onestop.accounts.models import Role
from procedures.models import InternalProcess
from tests.world import make_case, make_office, vn

pytestmark = pytest.mark.django_db


def test_nothing_ended_past_its_approval() -> None:
    make_office()
    for term in ("trả ngay", "trong ngày", "7 ngày làm việc"):
        make_case(term)
    generate(count=120, now=vn("18/11/2026 15:00"), seed=5)
    ended = Dossier.objects.filter(state__in=(State.FINISHED, State.RETURNED)).exclude(
        term="trả ngay"
    )
    assert ended.count() > 40
    for dossier in ended.select_related("version__procedure", "case", "agency"):
        route = route_of(dossier)
        assert [row.next_step_order for row in reversed(route.hand_overs)] == [2, 3, 4]
        submitted = route.hand_overs[1]
        assert approves(submitted, route.process.steps[2])
        assert submitted.receiver_role == Role.LEADER
        assert submitted.confirmed_by_id not in route.prepared_by
        assert route.left_out_at_end == []


def test_procedures_with_a_process_of_their_own_are_left_to_people() -> None:
    make_office()
    own, other = make_case(), make_case()
    InternalProcess.objects.create(procedure_code=own.version.procedure.code, decision="99/QĐ-UBND")
    generate(count=30, now=vn("18/11/2026 15:00"), seed=5)
    assert set(Dossier.objects.values_list("case", flat=True)) == {other.pk}
