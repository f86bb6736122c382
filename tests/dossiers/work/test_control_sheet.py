"""The control sheet and the moving of a desk: both are hand-over rows, nothing else."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from dossiers.acts import endings, handovers
from dossiers.acts.desks import count_desk, hand_desk_over
from dossiers.acts.many import Seen
from dossiers.desk.timeline import ONE_STOP, control_sheet
from dossiers.models import Batch, Dossier, Event, HandOver
from dossiers.models.outcome import Outcome
from dossiers.states import State
from onestop.accounts.domain.officers import close_account
from onestop.accounts.models import Role
from onestop.errors import DomainError
from tests.dossiers.work.conftest import approved_by
from tests.samples import PDF
from tests.world import MONDAY, Office, make_case, make_office, make_officer, receive


def test_the_sheet_equals_the_hand_over_rows_without_recalled_ones(
    office: Office, at_room: Callable[..., Dossier]
) -> None:
    """R-66, R-67: giver and receiver with day, hour, minute; begins and ends at the Bộ phận Một
    cửa.
    """
    dossier = at_room()
    specialist = office.desk(office.specialist)
    handovers.hand_over(
        dossier, to=office.second_room, by=specialist, at=MONDAY + timedelta(minutes=1)
    )
    handovers.recall(Seen(dossier.pk), by=specialist, at=MONDAY + timedelta(minutes=2))
    data = endings.ResultIn(number="1", issued_on=MONDAY.date(), signer="Tuấn")
    endings.record_result(Seen(dossier.pk), data, by=specialist, at=MONDAY + timedelta(minutes=3))
    approved_by(office, Dossier.objects.get(pk=dossier.pk), MONDAY + timedelta(minutes=4))
    handovers.hand_over(
        Dossier.objects.get(pk=dossier.pk),
        to=office.counter,
        by=office.desk(office.leader),
        at=MONDAY + timedelta(minutes=9),
    )
    handovers.confirm(
        Seen(dossier.pk),
        by=office.desk(office.clerk),
        at=MONDAY + timedelta(minutes=10),
        difference="Thiếu 01 bản",
    )
    sheet = control_sheet(Dossier.objects.get(pk=dossier.pk))
    rows = list(HandOver.objects.filter(dossier=dossier, undone_at=None).order_by("seq"))
    assert [(b.giver_unit, b.receiver_unit, b.given_at, b.confirmed_at) for b in sheet] == [
        (r.giver_department.name, r.receiver_department.name, r.given_at, r.confirmed_at)
        for r in rows
    ]
    assert sheet[0].giver_unit == sheet[-1].receiver_unit == ONE_STOP
    assert [b.outcome for b in sheet] == ["Đúng hạn", "Trước hạn", ""]
    assert sheet[0].giver == "Trần Thị Thu Hà (công chức tiếp nhận)"
    assert sheet[-1].note == "Sai khác: Thiếu 01 bản"


def test_an_electronic_result_closes_the_sheet_at_the_counter(
    office: Office, at_room: Callable[..., Dossier]
) -> None:
    dossier = at_room()
    data = endings.ResultIn(number="1", issued_on=MONDAY.date(), signer="Tuấn", electronic=True)
    signed = [("ket-qua.pdf", PDF)]
    approved_by(office, dossier, MONDAY)
    endings.record_result(
        Seen(dossier.pk),
        data,
        by=office.desk(office.leader),
        at=MONDAY + timedelta(hours=1),
        files=signed,
    )
    sheet = control_sheet(Dossier.objects.get(pk=dossier.pk))
    assert len(sheet) == 3
    assert (sheet[-1].receiver_unit, sheet[-1].outcome, sheet[-1].confirmed_at) == (
        ONE_STOP,
        "Trước hạn",
        MONDAY + timedelta(hours=1),
    )


def test_what_never_left_the_counter_has_no_block(office: Office) -> None:
    assert control_sheet(receive(office, make_case())) == []


def full_desk(office: Office, at_room: Callable[..., Dossier]) -> list[Dossier]:
    """Two in hand, one given away, one on its way to the specialist."""
    held = [at_room(), at_room()]
    given = at_room()
    handovers.hand_over(given, to=office.second_room, by=office.desk(office.specialist), at=MONDAY)
    coming = receive(office, make_case())
    handovers.hand_over(
        coming, to=office.room, receiver=office.specialist, by=office.desk(office.clerk), at=MONDAY
    )
    return [*held, given, coming]


def test_a_whole_desk_moves_in_one_act(office: Office, at_room: Callable[..., Dossier]) -> None:
    dossiers = full_desk(office, at_room)
    successor = make_officer("Vũ Thị Mai", office.agency, (Role.SPECIALIST, office.room))
    later = MONDAY + timedelta(hours=1)
    batch = hand_desk_over(
        office.specialist,
        successor,
        by=office.desk(office.head),
        at=later,
        reason="Chuyển công tác",
    )
    assert batch is not None
    assert count_desk(office.specialist) == 0
    assert count_desk(successor) == 4
    held = HandOver.objects.filter(batch=batch)
    assert {(h.giver, h.confirmed_by, h.outcome) for h in held} == {
        (office.specialist, office.head, Outcome.ON_TIME)  # in time so far
    }
    assert (
        held.count() == 2
    )  # given away: the paper was already given; coming: the same hand-over waits for the successor
    assert Event.objects.filter(kind="move_desk").count() == 4
    desk = office.desk(successor, later)
    handovers.recall(Seen(dossiers[2].pk), by=desk, at=later)
    handovers.confirm(Seen(dossiers[3].pk), by=desk, at=later)
    step = Dossier.objects.get(pk=dossiers[0].pk)
    assert (step.step_name, step.step_due_at) == (
        dossiers[0].step_name,
        dossiers[0].step_due_at,
    )  # the step goes on with its clock
    assert len(control_sheet(step)) == 2


def test_closing_an_account_moves_the_desk_and_gives_the_list(
    office: Office, at_room: Callable[..., Dossier], signed_in: Callable[..., Any]
) -> None:
    full_desk(office, at_room)
    administrator = make_officer("Đặng Quản Trị", office.agency, (Role.ADMINISTRATOR, None))
    with pytest.raises(DomainError, match="successor_needed"):
        close_account(officer=office.specialist, successor=None, by=administrator, at=MONDAY)
    lists = close_account(
        officer=office.specialist, successor=office.second_specialist, by=administrator, at=MONDAY
    )
    address = f"/ban-giao/{Batch.objects.latest('pk').pk}/"
    assert lists == [f"{address}phieu/?in=1"]  # printed at once
    page = signed_in(administrator).get(address)
    assert page.status_code == 200
    assert (
        page.content.decode().count("Bạn không có quyền mở hồ sơ này.") == 2
    )  # that it moved, not what it is about
    assert signed_in(office.controller).get(address).content.decode().count('class="code"') == 2
    assert (
        signed_in(administrator).get(f"/ban-giao/{Batch.objects.earliest('pk').pk}/").status_code
        == 404
    )  # other lists stay closed
    moved = Dossier.objects.filter(
        holder=office.second_specialist, holder_department=office.second_room
    )
    assert moved.count() == 2


def test_the_page_of_a_moved_desk(
    office: Office, at_room: Callable[..., Dossier], signed_in: Callable[..., Any]
) -> None:
    full_desk(office, at_room)
    client = signed_in(office.head)
    page = client.get(f"/ban-giao/ban-lam-viec/?can-bo={office.specialist.pk}").content.decode()
    assert "đang giữ 4 hồ sơ" in page
    data = {"leaver": office.specialist.pk, "successor": office.second_specialist.pk}
    assert client.post("/ban-giao/ban-lam-viec/", data).status_code == 422
    done = client.post("/ban-giao/ban-lam-viec/", data | {"reason": "Nghỉ dài ngày"})
    assert done.status_code == 302
    assert client.get(done["Location"]).status_code == 200
    for officer in (office.clerk, office.specialist, office.controller):
        assert signed_in(officer).get("/ban-giao/ban-lam-viec/").status_code == 403


def test_a_stranger_moves_nobodys_desk(
    office: Office, at_room: Callable[..., Dossier], signed_in: Callable[..., Any]
) -> None:
    at_room()
    other = make_office("Ủy ban nhân dân xã Hòa Sơn")
    data = {
        "leaver": office.specialist.pk,
        "successor": office.second_specialist.pk,
        "reason": "Không rõ",
    }
    assert signed_in(other.leader).post("/ban-giao/ban-lam-viec/", data).status_code == 422
    with pytest.raises(DomainError, match="not_desk_mover"):
        hand_desk_over(
            office.specialist,
            office.second_specialist,
            by=other.desk(other.leader),
            at=MONDAY,
            reason="Không rõ",
        )
    assert count_desk(office.specialist) == 1


def test_finished_results_at_the_counter_move_too(office: Office) -> None:
    dossier = receive(office, make_case())
    clerk = office.desk(office.clerk)
    endings.record_result(
        Seen(dossier.pk),
        endings.ResultIn(number="1", issued_on=MONDAY.date(), signer="T"),
        by=clerk,
        at=MONDAY,
    )
    endings.finish(Seen(dossier.pk), by=clerk, at=MONDAY, note="Sở ký")
    second = make_officer("Vũ Thị Mai", office.agency, (Role.CLERK, office.counter))
    hand_desk_over(office.clerk, second, by=office.desk(office.leader), at=MONDAY, reason="Nghỉ")
    after = Dossier.objects.get(pk=dossier.pk)
    assert (after.state, after.holder) == (State.FINISHED, second)


@pytest.mark.parametrize("is_leaver_giving", [True, False])
def test_the_page_opens_when_a_desk_was_moved_while_its_dossier_was_on_its_way(
    office: Office, signed_in: Callable[..., Any], *, is_leaver_giving: bool
) -> None:
    """Such a move has no hand-over of its own: giver or receiver of the one on its way changed."""
    dossier = receive(office, make_case())
    clerk = office.desk(office.clerk)
    handovers.hand_over(dossier, to=office.room, receiver=office.specialist, by=clerk, at=MONDAY)
    if is_leaver_giving:
        leaver = office.clerk
        successor = make_officer("Vũ Thị Mai", office.agency, (Role.CLERK, office.counter))
    else:
        leaver = office.specialist
        successor = make_officer("Vũ Văn Bình", office.agency, (Role.SPECIALIST, office.room))
    leader = office.desk(office.leader)
    hand_desk_over(leaver, successor, by=leader, at=MONDAY + timedelta(minutes=5), reason="Nghỉ")
    page = signed_in(successor).get(dossier.get_absolute_url())
    moved, given = page.context["timeline"][:2]
    assert (moved.kind, moved.lines) == ("move_desk", ())
    receiver = office.specialist if is_leaver_giving else successor
    assert given.lines[0].endswith(f", {receiver.full_name}")
