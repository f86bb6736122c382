"""Due soon and late are told once: to the holder and the head, whatever happens to the run."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.management import call_command

from dossiers.acts import endings, handovers, re_appointment, supplements
from dossiers.acts.handovers import NextStep
from dossiers.acts.many import Seen
from dossiers.clock import flags
from dossiers.intake.wanted import declared
from dossiers.models import Dossier
from dossiers.tasks import flag_overdue as task
from onestop.accounts.models import Role, RoleGrant, Substitution
from onestop.jobs import overview
from onestop.outbox.domain import Notice
from onestop.outbox.models import Message
from onestop.worktime import parse_term
from tests.world import MONDAY, Office, make_case, make_office, receive, vn

pytestmark = pytest.mark.django_db

# Received Monday 23/11 with 7 working days: due 03/12 17:00; the warning starts within 02/12.
SOON, LATE = vn("03/12/2026 08:00"), vn("04/12/2026 08:00")


def in_the_room(office: Office, case: object, *, receiver: bool = True) -> Dossier:
    dossier = receive(office, case)  # type: ignore[arg-type]
    clerk, step = office.desk(office.clerk), NextStep(order=2, name="Xử lý")
    handovers.hand_over(
        dossier,
        to=office.room,
        receiver=office.specialist if receiver else None,
        step=step,
        by=clerk,
        at=MONDAY,
    )
    if receiver:
        handovers.confirm(Seen(dossier.pk), by=office.desk(office.specialist), at=MONDAY)
    dossier.refresh_from_db()
    return dossier


def told(level: str = "") -> list[str]:
    rows = Message.objects.exclude(to_officer=None).order_by("id")
    return [f"{m.kind} {m.to_officer.full_name}" for m in rows if m.to_officer and level in m.kind]


def test_holder_and_head_hear_of_soon_and_of_late_once_each() -> None:
    office = make_office()
    dossier = in_the_room(office, make_case())
    assert not flags.flag_overdue(MONDAY)
    assert flags.flag_overdue(SOON) == flags.Flagged(soon=1)
    assert not flags.flag_overdue(SOON + timedelta(minutes=5))
    assert flags.flag_overdue(LATE) == flags.Flagged(late=1)
    assert not flags.flag_overdue(LATE + timedelta(days=5))
    assert told() == [
        "soon Lê Văn Dũng",
        "soon Nguyễn Quốc Việt",
        "apology_due Hoàng Minh Tuấn",
        "late Lê Văn Dũng",
        "late Nguyễn Quốc Việt",
    ]
    notice = Message.objects.filter(kind="late", to_officer=office.specialist).get()
    assert dossier.code in notice.subject
    assert notice.link == f"/ho-so/{dossier.code}/"
    assert "17:00 thứ Năm 03/12/2026" in notice.body
    assert "Nguyễn Văn Ân" not in notice.body  # no personal data in letters


def test_one_letter_a_run_lists_all_of_an_officer() -> None:
    office, case = make_office(), make_case()
    codes = [in_the_room(office, case).code for _ in range(3)]
    flags.flag_overdue(LATE)
    letters = Message.objects.filter(kind="flags", to_email=office.specialist.email)
    assert [letter.subject for letter in letters] == ["Quá hạn: 3 hồ sơ"]
    assert all(code in letters[0].body for code in codes)
    assert Message.objects.filter(kind="late", to_email="").count() == 6  # bells only


def test_what_nobody_holds_rings_the_whole_department() -> None:
    office = make_office()
    in_the_room(office, make_case(), receiver=False)
    flags.flag_overdue(LATE)
    assert sorted(told("late")) == ["late Lê Văn Dũng", "late Nguyễn Quốc Việt"]


def test_a_room_without_head_tells_the_leader_and_an_absent_holder_the_stand_in() -> None:
    office = make_office()
    receive(office, make_case())  # on the clerk's desk; the counter has no head
    Substitution.objects.create(
        absent=office.clerk,
        substitute=office.second_specialist,
        from_date=LATE.date(),
        to_date=LATE.date(),
        reason="Nghỉ phép",
    )
    flags.flag_overdue(LATE)
    assert told("late") == ["late Trần Thị Thu Hà", "late Phạm Thị Đào", "late Hoàng Minh Tuấn"]


def test_closed_accounts_are_told_nothing() -> None:
    office = make_office()
    in_the_room(office, make_case())
    office.specialist.is_active = False
    office.specialist.save()
    flags.flag_overdue(LATE)
    assert told("late") == ["late Nguyễn Quốc Việt"]


def test_waiting_in_time_is_silent_but_waiting_late_is_late() -> None:
    office, case = make_office(), make_case("3 ngày làm việc")  # due 27/11
    clerk = office.desk(office.clerk)
    in_time, too_late = receive(office, case), receive(office, case)
    supplements.ask(
        Seen(in_time.pk), items=declared("A"), reason="Thiếu", by=clerk, at=vn("25/11/2026 09:00")
    )
    supplements.ask(
        Seen(too_late.pk),
        items=declared("A"),
        reason="Thiếu",
        by=clerk,
        at=vn("30/11/2026 09:00"),
        approver=office.leader,
        legal_basis="Điều 17",
    )
    assert flags.flag_overdue(vn("01/12/2026 09:00")) == flags.Flagged(late=1)
    in_time.refresh_from_db()
    too_late.refresh_from_db()
    assert (in_time.late_flagged, too_late.late_flagged) == (False, True)


def test_a_new_promise_is_told_anew() -> None:
    office = make_office()
    dossier = in_the_room(office, make_case())
    flags.flag_overdue(LATE)
    leader = office.desk(office.leader, LATE)
    term = parse_term("3 ngày làm việc")
    re_appointment.re_appoint(
        Seen(dossier.pk), extra=term, reason="Chờ xác minh", by=leader, at=LATE
    )
    dossier.refresh_from_db()
    assert (dossier.soon_flagged, dossier.late_flagged) == (False, False)
    assert flags.flag_overdue(LATE + timedelta(days=20)) == flags.Flagged(late=1)
    assert told("late").count("late Lê Văn Dũng") == 2


def test_ended_dossiers_are_left_alone() -> None:
    office = make_office()
    dossier = receive(office, make_case())
    endings.withdraw(
        Seen(dossier.pk), endings.EndingIn("", "Đổi ý"), by=office.desk(office.clerk), at=MONDAY
    )
    assert not flags.flag_overdue(LATE)


def test_a_run_killed_half_way_loses_and_doubles_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    office, case = make_office(), make_case()
    for _ in range(5):
        in_the_room(office, case)
    monkeypatch.setattr(flags, "CHUNK", 2)
    real, calls = flags.post_all, []

    def dies(notices: Iterable[Notice]) -> list[Message]:
        calls.append(notices)
        if len(calls) == 4:  # the letters of the second chunk, whose bells are there
            raise KeyboardInterrupt
        return real(notices)

    monkeypatch.setattr(flags, "post_all", dies)
    with pytest.raises(KeyboardInterrupt):
        flags.flag_overdue(LATE)
    # The first chunk stands whole, the second left nothing: no flag, no notice.
    assert Dossier.objects.filter(late_flagged=True).count() == 2
    assert len(told("late")) == 4
    monkeypatch.setattr(flags, "post_all", real)
    assert flags.flag_overdue(LATE) == flags.Flagged(late=3)
    assert len(told("late")) == 10
    assert Message.objects.values("dedupe").distinct().count() == Message.objects.count()


def test_a_hand_over_nobody_confirms_is_told_once_to_the_receiving_head() -> None:
    office = make_office()
    dossier = in_the_room(office, make_case(), receiver=False)
    evening = vn("23/11/2026 17:30")  # one session after 09:00 ends at 17:00
    assert not flags.flag_overdue(vn("23/11/2026 11:00"))
    assert flags.flag_overdue(evening) == flags.Flagged(unconfirmed=1)
    assert not flags.flag_overdue(evening + timedelta(days=2))
    assert told() == ["unconfirmed Nguyễn Quốc Việt"]
    other = in_the_room(office, make_case(), receiver=False)
    handovers.recall(Seen(other.pk), by=office.desk(office.clerk), at=MONDAY)
    handovers.confirm(Seen(dossier.pk), by=office.desk(office.specialist), at=evening)
    assert not flags.flag_overdue(evening + timedelta(days=2))


def test_queries_of_a_quiet_run_do_not_grow_with_the_work(queries: object) -> None:
    office, case = make_office(), make_case("30 ngày làm việc")
    counts = []
    for _ in range(2):
        receive(office, case)
        with queries() as seen:  # type: ignore[operator]
            flags.flag_overdue(MONDAY)
        counts.append(len(seen))
    assert counts == [counts[0]] * 2
    assert counts[0] <= 5  # one of them settles notices


def test_telling_of_many_costs_as_many_queries_as_of_few(queries: Callable[..., Any]) -> None:
    """Bells and letters of a chunk are written together, whoever and how many they are for."""
    office, case, counts = make_office(), make_case(), []
    for number, many in enumerate((2, 9)):
        for _ in range(many):
            in_the_room(office, case)
        with queries() as seen:
            told_now = flags.flag_overdue(LATE + timedelta(minutes=number))
        assert told_now == flags.Flagged(late=many)
        counts.append(len(seen))
    assert counts[1] == counts[0]
    assert counts[0] <= 30
    assert Message.objects.filter(kind="late").count() == 22
    assert Message.objects.filter(kind="flags").count() == 4


def test_the_scheduled_run_keeps_office_hours_and_the_command_does_not(
    capsys: pytest.CaptureFixture[str],
) -> None:
    office = make_office()
    in_the_room(office, make_case())
    with time_machine.travel(vn("05/12/2026 10:00"), tick=False):  # Saturday
        task()
        assert told() == []
    with time_machine.travel(vn("07/12/2026 12:00"), tick=False):  # noon
        task()
        assert told() == []
        call_command("flag_overdue", "--json")
    assert '"late": 1' in capsys.readouterr().out
    assert told() == ["late Lê Văn Dũng", "late Nguyễn Quốc Việt"]


def test_a_night_is_no_time_in_which_the_run_did_not_come() -> None:
    """The administrator's page tells it as done with nothing to do, not as missed."""
    for minute in range(0, 60, 5):
        with time_machine.travel(vn(f"04/12/2026 22:{minute:02}"), tick=False):
            task()
    late = vn("04/12/2026 23:00")
    [told_of] = [one for one in overview.shown(late) if one.job.task == task.name]
    assert (told_of.result, told_of.missed_now) == (overview.Result.IDLE, 0)


def test_an_office_open_on_its_own_hours_has_its_run(office_on_saturday: Office) -> None:
    assert flags.in_office_hours(vn("05/12/2026 09:00"))
    assert not flags.in_office_hours(vn("05/12/2026 14:00"))
    assert not flags.in_office_hours(vn("06/12/2026 09:00"))


@pytest.fixture
def office_on_saturday() -> Office:
    from datetime import date

    from onestop.accounts.models import WorkingWeek

    office = make_office()
    day = "07:00-11:30,13:30-17:00"
    WorkingWeek.objects.create(
        agency=office.agency,
        effective_from=date(2026, 1, 1),
        sessions=[day, day, day, day, day, "07:30-11:00", ""],
        reception_only=[5],
    )
    return office


def test_everybody_of_a_room_means_valid_roles_only() -> None:
    office = make_office()
    RoleGrant.objects.filter(officer=office.specialist).update(valid_to=MONDAY.date())
    RoleGrant.objects.create(
        officer=office.second_specialist,
        role=Role.SPECIALIST,
        agency=office.agency,
        department=office.room,
        valid_from=MONDAY.date(),
    )
    in_the_room(office, make_case(), receiver=False)
    flags.flag_overdue(LATE)
    assert sorted(told("late")) == ["late Nguyễn Quốc Việt", "late Phạm Thị Đào"]
