"""Why a dossier is late, step by step, from its own rows: against times counted by hand and against
a fold that adds up minute by minute (R-58, R-77, R-113).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from dossiers.acts import desks, endings, handovers, re_appointment
from dossiers.acts.handovers import NextStep
from dossiers.acts.many import Seen
from dossiers.clock import deadlines
from dossiers.clock.apportioning import Apportioned, Part, Rest, Step
from dossiers.desk import late_parts, rows
from dossiers.models import ClockChange, ClockKind, Dossier, HandOver, Span
from dossiers.models.handover import Purpose
from onestop.accounts.calendars import calendar_of
from onestop.accounts.desk import Desk
from onestop.accounts.models import CalendarYear
from onestop.speed import plainly
from onestop.worktime import Calendar, parse_term, spell
from tests.clock import Clock
from tests.reports.conftest import Province, province
from tests.reports.test_proposing import ask, give
from tests.world import Office, make_case, receive, vn

pytestmark = pytest.mark.django_db
# Received on Monday 2/11 with three working days: late from 6/11 00:00 on; NOW is the seventh day.
RETURN = NextStep(order=9, name="Trả kết quả", purpose=Purpose.RETURN)
RECEIVED, NOW = vn("02/11/2026 09:00"), vn("16/11/2026 09:00")


@pytest.fixture
def place() -> Province:
    return province()


def late(dossier: Dossier, at: datetime = NOW) -> late_parts.Late:
    return late_parts.late_of([dossier.pk], at)[dossier.pk]


def said(dossier: Dossier, at: datetime = NOW) -> str:
    return late_parts.phrases_of([dossier.pk], at)[dossier.pk]


def worked_on(office: Office, *, minutes: int | None = 480) -> Dossier:
    """In the room from Monday 10:00 on, with eight hours unless told otherwise."""
    dossier = receive(office, make_case("3 ngày làm việc"), at=RECEIVED)
    at = vn("02/11/2026 10:00")
    give(office, dossier, office.room, at, order=2, name="Thẩm định", minutes=minutes)
    return handovers.confirm(Seen(dossier.pk), by=office.desk(office.specialist, at), at=at)


def bring_home(office: Office, dossier: Dossier, at: datetime) -> None:
    """Ended with its result, in the hands of the counter."""
    desk = office.desk(office.specialist, at)
    result = endings.ResultIn(number="1", issued_on=at.date(), signer="Tuấn")
    endings.record_result(Seen(dossier.pk), result, by=desk, at=at)
    fresh = Dossier.objects.get(pk=dossier.pk)
    handovers.hand_over(fresh, to=office.counter, step=RETURN, by=desk, at=at, note="Sở ký")
    handovers.confirm(Seen(dossier.pk), by=office.desk(office.clerk, at), at=at)


def give_on(office: Office, dossier: Dossier, desk: Desk, at: datetime) -> None:
    """To the head's step of an hour, which is over before the day is."""
    step = NextStep(order=3, name="Xác minh", minutes=60)
    handovers.hand_over(dossier, to=office.room, receiver=office.head, step=step, by=desk, at=at)
    handovers.confirm(Seen(dossier.pk), by=office.desk(office.head, at), at=at)


def naive(calendar: Calendar, start: datetime, end: datetime) -> int:
    """Working minutes between two instants, one by one."""
    found, here = 0, start
    while here < end:
        found += calendar.working_minutes_between(here, here + timedelta(minutes=1))
        here += timedelta(minutes=1)
    return found


def test_nothing_is_late_in_time(place: Province, queries: Callable[[], Any]) -> None:
    dossier = worked_on(place.first)
    with queries() as asked:
        assert late_parts.phrases_of([dossier.pk], vn("05/11/2026 23:59")) == {}
    assert len(asked) == 1


def test_the_step_at_hand_answers_for_what_it_is_over_by_now(place: Province) -> None:
    """Late since the sixth, six days of work and the seventh that has begun; the step was due on the
    third at 10:00, so that all of it is its own.
    """
    office = place.first
    dossier = worked_on(office)
    found = late(dossier)
    [part] = found.shared.parts
    assert (part.step.unit, part.step.officer, part.step.name) == (
        office.room.pk, office.specialist.pk, "Thẩm định",
    )  # fmt: skip
    calendar = calendar_of(office.agency.pk)
    assert found.shared.late == part.minutes == naive(calendar, vn("06/11/2026 00:00"), vn("17/11/2026 00:00"))  # fmt: skip
    assert found.days(part.minutes) == 7
    assert said(dossier) == f"trễ 7 ngày: 7 ngày ở bước “Thẩm định” ({office.room.name})"
    left = spell(*_left(dossier))
    assert left == "7 ngày"  # as the desk says it


def _left(dossier: Dossier) -> tuple[int, int]:
    fresh = Dossier.objects.get(pk=dossier.pk)
    found = deadlines.left(fresh, NOW, calendar_of(fresh.agency_id))
    return found.days, found.minutes


def test_each_step_answers_for_its_own_and_what_none_was_over_is_a_rest(place: Province) -> None:
    """The first room was an hour over, the second had no hours."""
    office = place.first
    dossier = worked_on(office, minutes=60)
    at = vn("02/11/2026 14:00")
    give(office, dossier, office.second_room, at, order=3, name="Xác minh")
    found = late(dossier)
    # On its way: nobody's.
    assert found.why is Rest.ON_THE_WAY
    [part] = found.shared.parts
    given = HandOver.objects.get(dossier=dossier, step_name="Thẩm định")
    calendar = calendar_of(office.agency.pk)
    assert given.step_due_at is not None
    assert part.minutes == naive(calendar, given.step_due_at, at) > 0
    assert found.shared.rest == found.shared.late - part.minutes
    assert said(dossier).endswith(" đã giao, chờ nhận")
    # An hour that did not count is not why the rest is late, nor is one told afterwards.
    hour = (vn("10/11/2026 09:00"), vn("10/11/2026 10:00"))
    for known in (hour[1], NOW + timedelta(days=1)):
        ClockChange.objects.create(
            dossier=dossier, kind=ClockKind.EXCLUDE, start=hour[0], end=known, known_at=known
        )
        assert late(dossier).why is Rest.ON_THE_WAY


def test_where_no_step_was_over_it_falls_on_the_holder_at_the_promise(place: Province) -> None:
    """Where lateness cannot be shared in proportion to overruns, it falls on whoever held the dossier
    when the promise passed: the step at hand, then whoever gave it on after that.
    """
    office = place.first
    dossier = worked_on(office, minutes=None)
    words = f"trễ 7 ngày: 7 ngày ở bước “Thẩm định” ({office.room.name})"
    assert said(dossier) == words
    at = vn("12/11/2026 09:00")
    give(office, dossier, office.second_room, at, order=3, name="Xác minh")
    assert late(dossier).why is Rest.ON_THE_WAY
    handovers.confirm(Seen(dossier.pk), by=office.desk(office.second_specialist, at), at=at)
    assert said(dossier) == words
    [part] = late(dossier).shared.parts
    assert part.step.officer == office.specialist.pk


def test_whoever_goes_on_with_a_step_that_is_over_answers_from_then_on(place: Province) -> None:
    """A whole desk was handed over when the step had been over for days."""
    office = place.first
    dossier = worked_on(office)
    at = vn("09/11/2026 09:00")
    people, by = (office.specialist, office.second_specialist), office.desk(office.leader, at)
    desks.hand_desk_over(*people, by=by, at=at, reason="Nghỉ dài ngày")
    found, calendar = late(dossier), calendar_of(office.agency.pk)
    over = {
        office.specialist.pk: naive(calendar, vn("03/11/2026 10:00"), at),
        office.second_specialist.pk: naive(calendar, at, vn("17/11/2026 00:00")),
    }
    whole = sum(over.values())
    shares = {part.step.officer: part.minutes for part in found.shared.parts}
    assert shares.keys() == over.keys()
    assert all(abs(shares[pk] - found.shared.late * over[pk] / whole) < 1 for pk in over)


def test_a_year_without_a_calendar_goes_by_the_week_alone(place: Province) -> None:
    dossier = receive(place.first, make_case("1 ngày làm việc"), at=vn("30/12/2026 09:00"))
    CalendarYear.objects.filter(year=2027).delete()
    assert said(dossier, vn("20/01/2027 09:00")).startswith("trễ 13 ngày: 13 ngày ")
    # The first is off, the second a Saturday.
    assert said(dossier, vn("02/01/2027 09:00")) == "trễ, chưa qua giờ làm việc nào"


def test_of_an_appointment_made_anew_the_words_say_which_promise_counts(place: Province) -> None:
    office = place.first
    dossier, at = worked_on(office), vn("05/11/2026 09:00")
    re_appointment.re_appoint(
        Seen(dossier.pk), extra=parse_term("3 ngày làm việc"), reason="Chờ xác minh",
        by=office.desk(office.leader, at), at=at,
    )  # fmt: skip
    assert said(dossier).startswith("trễ 7 ngày so với hạn theo quy định: 7 ngày ở bước ")


def test_what_others_made_good_is_taken_off_in_proportion(place: Province) -> None:
    """Over by much more than the dossier is late, which ended one day after its day."""
    office = place.first
    dossier = worked_on(office, minutes=60)
    bring_home(office, dossier, vn("06/11/2026 10:00"))
    found = late(dossier)
    assert found.is_ended
    assert found.shared.rest == 0
    assert found.shared.late == sum(part.minutes for part in found.shared.parts)
    assert said(dossier) == f"trễ 1 ngày: 1 ngày ở bước “Thẩm định” ({office.room.name})"
    # As it stood before its end, by what was known then.
    assert late_parts.phrases_of([dossier.pk], vn("06/11/2026 09:00")) != {}
    # Of a promise that nobody knows no lateness is made up.
    Span.objects.filter(dossier=dossier).update(promise=None, late_from=None)
    assert late(dossier).shared.late == 0
    assert said(dossier) == "trễ, chưa tính được bao lâu"


def test_waits_are_no_steps_time(place: Province) -> None:
    """A step that was over when papers were asked for stands still meanwhile."""
    office = place.first
    dossier = worked_on(office)
    ask(office, dossier, vn("09/11/2026 09:00"))
    found = late(dossier)
    calendar = calendar_of(office.agency.pk)
    over = naive(calendar, vn("03/11/2026 10:00"), vn("09/11/2026 09:00"))
    [part] = found.shared.parts
    assert part.minutes == min(over, found.shared.late)
    assert found.why is Rest.WAITED
    assert found.shared.rest == found.shared.late - part.minutes > 0
    assert "chờ bổ sung" in said(dossier)
    # However many steps there are, what was waited for is told by itself.
    parts = tuple(Part(Step(0, 0, name), 60) for name in "abcd")
    many = replace(found, shared=Apportioned(300, parts, 60))
    told = late_parts.phrase(many).split(", ")
    assert told[0].endswith("1 giờ ở bước “a”")
    assert told[1] == "3 giờ ở các bước khác"
    assert told[2] == f"1 giờ {Rest.WAITED.value.split(', ')[0]}"


def test_another_agencys_steps_are_waiting_for_it(place: Province) -> None:
    office, other = place.first, place.second
    dossier = worked_on(office, minutes=2000)
    Dossier.objects.filter(pk=dossier.pk).update(received_by_agency=other.agency)
    at = vn("04/11/2026 09:00")
    give(office, dossier, other.room, at, order=3, name="Cho ý kiến", minutes=480)
    handovers.confirm(Seen(dossier.pk), by=other.desk(other.specialist, at), at=at)
    assert said(dossier) == f"trễ 7 ngày: 7 ngày chờ phối hợp ({other.agency.name})"


def test_as_many_statements_for_many_as_for_one(
    place: Province, queries: Callable[[], Any]
) -> None:
    one = worked_on(place.first)
    others = [worked_on(place.second).pk for _ in range(4)]
    asked = []
    for ids in ([one.pk], [one.pk, *others]):
        late_parts.phrases_of(ids, NOW)
        with queries() as found:
            assert len(late_parts.phrases_of(ids, NOW)) == len(ids)
        asked.append(len(found))
    assert asked == [4, 4]


def test_the_desk_and_the_page_say_why(
    place: Province,
    clock: Clock,
    signed_in: Callable[..., Any],
    queries: Callable[[], Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    office = place.first
    dossier = worked_on(office)
    clock.now = NOW
    client = signed_in(office.specialist)
    words = f"trễ 7 ngày: 7 ngày ở bước “Thẩm định” ({office.room.name})"
    address = "/viec/?loai=qua-han"
    assert words in client.get(address).content.decode()
    page = client.get(dossier.get_absolute_url()).content.decode()
    assert f"T{words[1:]}." in page
    with plainly("late reasons"), queries() as one:
        client.get(address)
    worked_on(office)
    worked_on(office, minutes=60)
    client.get(address)
    with plainly("late reasons"), queries() as many:
        assert client.get(address).content.decode().count("why-late") == 3
    assert len(many) == len(one)
    with queries() as kept:
        client.get(address)
    assert len(kept) == len(one) - 3
    # Where there is nothing to say of any, it is asked once.
    reads: list[list[int]] = []

    def nothing(ids: list[int], *_: Any, **__: Any) -> dict[int, str]:
        reads.append(ids)
        return {}

    with plainly("late reasons"), monkeypatch.context() as patch:
        patch.setattr(rows, "phrases_of", nothing)
        client.get(address)
    assert [len(ids) for ids in reads] == [3]
    # Kept until the day is over, or somebody does something with it.
    clock.now = NOW + timedelta(days=1)
    client = signed_in(office.specialist)
    assert "trễ 8 ngày" in client.get(address).content.decode()
    fresh, desk = Dossier.objects.get(pk=dossier.pk), office.desk(office.specialist, clock.now)
    give_on(office, fresh, desk, clock.now)
    assert "Xác minh" in signed_in(office.head).get(address).content.decode()
