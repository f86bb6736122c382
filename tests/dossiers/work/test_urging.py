"""Đôn đốc: who may, what is told to whom, where an urging stands, on one dossier and on many; counted by
nobody but the rows.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from dossiers import registry
from dossiers.acts import desks, handovers, pressing, taking_back, urging
from dossiers.acts.many import Seen
from dossiers.desk.filters import Filters
from dossiers.desk.urged import urged_of
from dossiers.desk.work import work_page
from dossiers.ledger.verifying import verify
from dossiers.models import Dossier, Event, HandOver, Slip
from dossiers.models.handover import moved_with_its_desk
from dossiers.models.urging import Urging, UrgingState
from dossiers.states import State
from onestop.accounts.models import Officer, Role
from onestop.errors import DomainError
from onestop.outbox.models import Mail, Message
from onestop.results import Denied
from reports.board.asked import Asked
from reports.board.urged import lines_of
from reports.board.whose import whose
from tests.clock import Clock
from tests.world import MONDAY, Office, make_case, make_officer, receive, vn

TUESDAY = vn("24/11/2026 16:30")
AtRoom = Callable[..., Dossier]


def urge(office: Office, dossier: Dossier, **more: Any) -> Urging:
    said: dict[str, Any] = {"asked": "Trình kết quả", "answer_by": TUESDAY, "at": MONDAY}
    by = more.pop("by", office.leader)
    return urging.urge(Seen(dossier.pk), **said | more | {"by": office.desk(by)})


def refused(verb: Callable[[], Any]) -> str:
    with pytest.raises(DomainError) as error:
        verb()
    return str(error.value.code)


def told(kind: str, officer: Officer) -> int:
    return Message.objects.filter(kind=kind, to_officer=officer).count()


def state(row: Urging, solved: Any = None, at: Any = MONDAY) -> UrgingState:
    row.refresh_from_db()
    return UrgingState.of(
        answer_by=row.answer_by, answered_at=row.answered_at, solved_at=solved, at=at
    )


def test_whoever_has_it_is_told_and_the_slip_is_numbered(office: Office, at_room: AtRoom) -> None:
    dossier = at_room()
    first = urge(office, dossier)
    assert (first.officer, first.department, first.round) == (
        office.specialist,
        office.room,
        1,
    )
    assert told("urged", office.specialist) == 1
    slip = Slip.objects.get(slug=urging.SLUG)
    assert (slip.number, slip.snapshot["person"]) == (1, office.specialist.full_name)
    second = urge(office, dossier, at=MONDAY + timedelta(hours=2))
    assert second.round == 2
    assert len(Slip.objects.get(slug=urging.SLUG, number=2).snapshot["earlier"]) == 1
    assert list(verify(now=MONDAY).misfits) == []


def test_who_may_urge_and_who_may_not(office: Office, at_room: AtRoom) -> None:
    dossier = at_room()
    for by in (office.head, office.leader, office.controller):
        assert urge(office, dossier, by=by)
    assert refused(lambda: urge(office, dossier, by=office.specialist)) == "role_missing"
    assert refused(lambda: urge(office, dossier, answer_by=MONDAY)) == "urge_passed"
    assert refused(lambda: urge(office, dossier, asked=" ")) == "urge_missing"
    mine = receive(office, make_case())
    assert mine.holder_id == office.clerk.pk
    controlled = office.desk(office.controller)
    assert registry.shows(controlled, mine, "urge")
    mine.holder = office.controller
    assert registry.shows(controlled, mine, "urge") == Denied("urge_own")


def test_an_answer_is_told_and_passing_it_on_solves_it(office: Office, at_room: AtRoom) -> None:
    dossier, later = at_room(), MONDAY + timedelta(hours=1)
    first, second = urge(office, dossier), urge(office, dossier, by=office.head)
    by = office.desk(office.specialist)
    assert state(first) == UrgingState.WAITING
    assert state(first, at=TUESDAY + timedelta(minutes=1)) == UrgingState.OVERDUE
    assert refused(lambda: urging.answer(Seen(dossier.pk), text=" ", by=by, at=later)) == (
        "answer_missing"
    )
    urging.answer(Seen(dossier.pk), text="Chờ ý kiến Sở", done_by=TUESDAY, by=by, at=later)
    assert {state(first, at=later), state(second, at=later)} == {UrgingState.ANSWERED}
    assert (told("urging_answered", office.leader), told("urging_answered", office.head)) == (1, 1)
    assert refused(lambda: urging.answer(Seen(dossier.pk), text="Nữa", by=by, at=later)) == (
        "urge_none"
    )
    taking_back.take_back(Seen(dossier.pk), by=by, at=later)
    assert state(second) == UrgingState.WAITING
    assert Urging.objects.open().count() == 2
    handovers.hand_over(
        Dossier.objects.get(pk=dossier.pk),
        to=office.second_room,
        by=by,
        at=later,
        note="Chuyển phòng",
    )
    assert not Urging.objects.open().exists()
    handovers.recall(Seen(dossier.pk), by=by, at=later)
    assert Urging.objects.open().count() == 2
    assert list(verify(now=MONDAY).misfits) == []


def test_what_is_urged_is_marked_and_can_be_asked_for(office: Office, at_room: AtRoom) -> None:
    plain, pressed = at_room(), at_room()
    urge(office, pressed)
    urge(office, pressed)
    rows = work_page(Dossier.objects.open(), more=("urged",)).rows
    assert {row.pk: row.urged for row in rows} == {plain.pk: None, pressed.pk: 2}
    found = Filters(urged=True).apply(Dossier.objects.open(), MONDAY)
    assert [one.pk for one in found] == [pressed.pk]
    # Of what has ended nobody is asked.
    Dossier.objects.filter(pk=pressed.pk).update(state=State.FINISHED, ended_at=MONDAY)
    assert not Filters(urged=True).apply(Dossier.objects.all(), MONDAY).exists()
    Dossier.objects.filter(pk=pressed.pk).update(state=pressed.state, ended_at=None)
    taking_back.take_back(Seen(pressed.pk), by=office.desk(office.leader), at=MONDAY)
    rows = work_page(Dossier.objects.open(), more=("urged",)).rows
    assert {row.pk: row.urged for row in rows} == {plain.pk: None, pressed.pk: 1}


def test_moving_a_desk_solves_nothing_and_the_successor_answers(
    office: Office, at_room: AtRoom
) -> None:
    dossier, later = at_room(), MONDAY + timedelta(hours=1)
    urge(office, dossier)
    successor = make_officer("Vũ Thị Mai", office.agency, (Role.SPECIALIST, office.room))
    head = office.desk(office.head)
    desks.hand_desk_over(office.specialist, successor, by=head, at=later, reason="Nghỉ")
    now = later + timedelta(hours=1)
    dossier = Dossier.objects.get(pk=dossier.pk)
    assert dossier.holder == successor
    assert [one.is_moved for one in dossier.hand_overs.order_by("seq")] == [False, True]
    assert HandOver.objects.filter(moved_with_its_desk()).count() == 1
    asked = Asked.read({})
    mine = whose(office.desk(office.leader), asked)
    assert mine is not None

    def told_of() -> tuple[int, bool, UrgingState]:
        open_rows = Urging.objects.open().count()
        rows = registry_rows(dossier)
        page = urged_of(Dossier.objects.get(pk=dossier.pk), rows, dossier.hand_overs.all(), now)
        line = lines_of(mine, asked, MONDAY.date(), MONDAY.date(), now)[0]
        return open_rows, page[0].is_open, line.state

    assert told_of() == (1, True, UrgingState.WAITING)
    urging.answer(Seen(dossier.pk), text="Chờ Sở", by=office.desk(successor), at=now)
    assert told_of() == (1, True, UrgingState.ANSWERED)
    handovers.hand_over(
        Dossier.objects.get(pk=dossier.pk), to=office.second_room, by=office.desk(successor), at=now, note="Chuyển"
    )  # fmt: skip
    assert told_of() == (0, False, UrgingState.SOLVED)


def registry_rows(dossier: Dossier) -> list[dict[str, Any]]:
    names = (*urging.URGINGS.columns,)
    rows = Urging.objects.standing().filter(dossier=dossier).values(*names)
    return [{name.replace("__", "_"): value for name, value in row.items()} for row in rows]


def test_mail_goes_out_of_one_dossier_to_one_person_only(office: Office, at_room: AtRoom) -> None:
    dossier, of_room = at_room(), at_room()
    urge(office, dossier)
    urge(office, dossier, press=uuid4())
    handovers.hand_over(
        of_room, to=office.second_room, by=office.desk(office.specialist), at=MONDAY, note="Chuyển"
    )
    urge(office, Dossier.objects.get(pk=of_room.pk))
    mails = Message.objects.filter(kind="urged").order_by("pk").values_list("mail", flat=True)
    first, *rest = mails
    assert first == Mail.PENDING
    assert len(rest) >= 2
    assert set(rest) == {Mail.NONE}


def test_many_are_urged_by_one_press_each_with_its_number(
    office: Office, at_room: AtRoom, clock: Clock
) -> None:
    dossiers = [at_room(), at_room()]
    run = pressing.begin(
        urging.URGE, [Seen(one.pk, Dossier.objects.get(pk=one.pk).row_version) for one in dossiers], {"asked": "Trình kết quả", "answer_by": TUESDAY.isoformat()},
        by=office.desk(office.leader), at=MONDAY, press=uuid4(),
    )  # fmt: skip
    assert pressing.work(run.pk, lambda: MONDAY)
    slips = Slip.objects.filter(slug=urging.SLUG).order_by("number")
    assert [one.number for one in slips] == [1, 2]
    assert Urging.objects.standing().count() == 2
    done = pressing.take_back(run, by=office.desk(office.leader), at=MONDAY)
    assert [one.error for one in done] == [None, None]
    assert not Urging.objects.standing().exists()


def test_the_pages_ask_and_answer(
    office: Office, at_room: AtRoom, signed_in: Callable[[Officer], Client], clock: Clock
) -> None:
    dossier = at_room()
    where = dossier.get_absolute_url()
    leader, specialist = signed_in(office.leader), signed_in(office.specialist)
    page = leader.get(f"{where}don-doc/")
    assert 'value="25/11/2026 09:00"' in page.content.decode()
    bad = leader.post(f"{where}don-doc/", {"asked": "Gấp", "answer_by": "hôm qua"})
    assert bad.status_code == 422
    assert specialist.get(f"{where}tra-loi-don-doc/").status_code == 403
    sent = {"asked": "Trình kết quả", "answer_by": "24/11/2026 16:30"}
    assert leader.post(f"{where}don-doc/", sent).status_code == 302
    shown = specialist.get(where).content.decode()
    assert "Đôn đốc lần 1" in shown
    assert f"{where}tra-loi-don-doc/" in shown
    listed = specialist.get("/viec/?loai=dang-xu-ly&dondoc=1").content.decode()
    assert "đôn đốc lần 1" in listed
    assert "Được đôn đốc" in listed
    sent = {"text": "Chờ ý kiến Sở", "done_by": "25/11/2026 08:00"}
    assert specialist.post(f"{where}tra-loi-don-doc/", sent).status_code == 302
    assert "Chờ ý kiến Sở" in leader.get(where).content.decode()
    assert Event.objects.filter(dossier=dossier, kind="answer_urging").count() == 1
