"""Nobody approves what they prepared, unless a decision of the office lets a commune of five do so."""

from datetime import date

import pytest

from dossiers.acts import endings, handovers
from dossiers.acts.handovers import NextStep
from dossiers.acts.many import Seen
from dossiers.desk.timeline import control_sheet
from dossiers.models import Dossier, HandOver, OfficeSettings
from dossiers.models.handover import Purpose
from dossiers.states import State
from onestop.accounts.models import Role, RoleGrant
from onestop.errors import DomainError
from tests.world import MONDAY, make_case, make_office, make_officer, receive, vn

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("decision", ["", "QĐ 12/QĐ-UBND ngày 05/01/2026"])
def test_a_commune_of_five_with_one_person_in_several_roles(decision: str) -> None:
    """One officer handles and heads, another is clerk and văn thư; own work is approved only when a
    decision allows it.
    """
    office = make_office("Ủy ban nhân dân xã Vùng Cao")
    OfficeSettings.objects.create(agency=office.agency, self_approval_decision=decision)
    many = make_officer(
        "Giàng A Páo",
        office.agency,
        (Role.SPECIALIST, office.room),
        (Role.HEAD, office.room),
        (Role.LEADER, office.leadership),
    )
    RoleGrant.objects.create(
        officer=office.clerk,
        role=Role.DOCUMENTS,
        agency=office.agency,
        department=office.counter,
        valid_from=date(2018, 1, 1),
    )
    dossier = receive(office, make_case())
    clerk, all_in_one = office.desk(office.clerk), office.desk(many)
    handovers.hand_over(dossier, to=office.room, receiver=many, by=clerk, at=MONDAY)
    handovers.confirm(Seen(dossier.pk), by=all_in_one, at=vn("23/11/2026 09:30"))
    data = endings.ResultIn(number="7/GXN", issued_on=date(2026, 11, 23), signer="Giàng A Páo")
    endings.record_result(Seen(dossier.pk), data, by=all_in_one, at=vn("23/11/2026 10:00"))
    handovers.hand_over(
        Dossier.objects.get(pk=dossier.pk),
        to=office.leadership,
        receiver=many,
        by=all_in_one,
        at=vn("23/11/2026 10:05"),
    )
    row = HandOver.objects.filter(dossier=dossier).latest("seq")
    assert (row.confirmed_by, row.giver_role, row.receiver_role, row.purpose) == (
        many,
        "specialist",
        "leader",
        Purpose.APPROVE,
    )

    def home() -> None:
        handovers.hand_over(
            Dossier.objects.get(pk=dossier.pk),
            to=office.counter,
            by=all_in_one,
            at=vn("23/11/2026 10:10"),
        )

    if decision:
        home()
        after = handovers.confirm(Seen(dossier.pk), by=clerk, at=vn("23/11/2026 10:20"))
        assert after.state == State.FINISHED
        assert control_sheet(after)[1].receiver == "Giàng A Páo (lãnh đạo)"
    else:
        with pytest.raises(DomainError, match="own_work"):
            home()
        back = NextStep(name="Sửa lại", purpose=Purpose.SEND_BACK)
        fresh = Dossier.objects.get(pk=dossier.pk)
        handovers.hand_over(
            fresh,
            to=office.room,
            receiver=many,
            step=back,
            by=all_in_one,
            at=vn("23/11/2026 10:12"),
            note="Trình người khác",
        )
        fresh = Dossier.objects.get(pk=dossier.pk)
        handovers.hand_over(
            fresh,
            to=office.leadership,
            receiver=office.leader,
            by=all_in_one,
            at=vn("23/11/2026 10:15"),
        )
        handovers.confirm(
            Seen(dossier.pk), by=office.desk(office.leader), at=vn("23/11/2026 10:20")
        )
        fresh = Dossier.objects.get(pk=dossier.pk)
        handovers.hand_over(
            fresh, to=office.counter, by=office.desk(office.leader), at=vn("23/11/2026 10:30")
        )  # somebody else approved
