"""The invented stories are lawful: every result was submitted to a leader who had not prepared it,
step by step of the process.
"""

import pytest

from dossiers.generating import generate
from dossiers.models import Dossier
from dossiers.route.approving import left_out, prepared_by, standing
from dossiers.route.steps import approves, end_of, steps_of
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
        rows, steps = standing(dossier), steps_of(dossier)
        assert [row.next_step_order for row in reversed(rows)] == [2, 3, 4]
        submitted = rows[1]
        assert approves(submitted, steps[2])
        assert submitted.receiver_role == Role.LEADER
        assert submitted.confirmed_by_id not in prepared_by(dossier)
        assert left_out(dossier, steps, rows, end_of(steps)) == []


def test_procedures_with_a_process_of_their_own_are_left_to_people() -> None:
    make_office()
    own, other = make_case(), make_case()
    InternalProcess.objects.create(procedure_code=own.version.procedure.code, decision="99/QĐ-UBND")
    generate(count=30, now=vn("18/11/2026 15:00"), seed=5)
    assert set(Dossier.objects.values_list("case", flat=True)) == {other.pk}
