"""Where waits, decided times, apologies, re-appointments, extensions and ends meet: the clock, II.06a,
the dashboard, the lists of apologies, the notices and the look-up tell one story.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from fractions import Fraction
from typing import Any

import pytest
from django.db.models import Q
from django.test import Client

from dossiers.acts import apology, endings, lawful_time, re_appointment, supplements
from dossiers.acts.many import Seen
from dossiers.clock import lapses
from dossiers.clock.flags import flag_overdue
from dossiers.intake import secrets
from dossiers.intake.wanted import declared
from dossiers.ledger.verifying import verify
from dossiers.models import Dossier
from dossiers.models.outcome import Outcome
from onestop.templatetags.formatting import day_words
from onestop.worktime import Term, Unit
from reports import lateness
from reports.board import figures, tally
from reports.board.moment import Moment
from reports.figures import Scope, table
from reports.form_data import form_on
from reports.periods import parse
from tests.clock import Clock
from tests.world import Office, make_case, make_office, receive, vn

pytestmark = pytest.mark.django_db
TWO_DAYS = Term(Unit.WORKING_DAY, Fraction(2))
SAID: dict[str, Any] = {"basis": "Điều 210", "reason": "Giám định"}
Show = Callable[..., tuple[int, int, int]]


@pytest.fixture
def office() -> Office:
    return make_office()


@pytest.fixture
def show(office: Office) -> Show:
    """Columns (10), (12) and (13) of II.06a by an instant. The dashboard says as many are late as
    (13), but `seen` of them where somebody was given a new appointment: it tells of open work.
    """

    def shown(at: str, seen: int | None = None) -> tuple[int, int, int]:
        period = parse("2026Q4")
        sheet = table(form_on("II.06a", period.last), Scope.of(office.agency), period, vn(at))
        assert sheet.total is not None
        found: Any = [sheet.total.values[column] for column in ("10", "12", "13")]
        late = tally.whole(Q(agency=office.agency), (figures.LATE,), Moment(vn(at)))
        assert late[figures.LATE.key] == (found[2] if seen is None else seen)
        assert verify(now=vn(at)).misfit is None
        return (found[0], found[1], found[2])

    return shown


def fresh(dossier: Dossier) -> Dossier:
    return Dossier.objects.get(pk=dossier.pk)


def ask(office: Office, dossier: Dossier, at: str, until: str = "") -> None:
    clerk, by_day = office.desk(office.clerk, vn(at)), vn(until) if until else None
    supplements.ask(
        Seen(dossier.pk), items=declared("A"), reason="Thiếu", respond_by=by_day, by=clerk, at=vn(at)
    )  # fmt: skip


def complete(office: Office, dossier: Dossier, at: str) -> None:
    supplements.complete(Seen(dossier.pk), by=office.desk(office.clerk, vn(at)), at=vn(at))


def exclude(office: Office, dossier: Dossier, begins: str, ends: str) -> None:
    what = lawful_time.Excluding(**SAID, kind="giam-dinh", begins=vn(begins), ends=vn(ends))
    by = office.desk(office.leader, vn(begins))
    lawful_time.exclude(Seen(dossier.pk), what, by=by, at=vn(begins))


def stop(office: Office, dossier: Dossier, at: str) -> None:
    said = endings.EndingIn(
        "", "Thôi", decision_number="12/QĐ", signer="Lê Văn Chủ", fee_consequence="Không thu"
    )
    endings.stop(Seen(dossier.pk), said, by=office.desk(office.leader, vn(at)), at=vn(at))


def looked_up(dossier: Dossier) -> str:
    secret = {"k": secrets.secret_of(dossier)}
    return Client().get(f"/tra-cuu/{dossier.code}/", secret).content.decode()


def listed(office: Office, one: lateness.List, at: datetime) -> set[int]:
    asked = lateness.Asked([office.agency.pk], at, at.date(), at.date())
    rows = Dossier.objects.filter(lateness.rows_of(one, asked))
    return set(rows.values_list("pk", flat=True))


def test_an_apology_while_papers_are_waited_for_is_in_time(
    office: Office, show: Show, clock: Clock
) -> None:
    """Promised for 27/11, asked on 25/11: on 30/11 nothing is late (R-48, R-54)."""
    dossier = receive(office, make_case("3 ngày làm việc", supplement_mode=2))
    ask(office, dossier, "25/11/2026 08:00")
    clock.now = at = vn("30/11/2026 09:00")
    apology.apologise(
        Seen(dossier.pk), reason="Chờ xác minh", by=office.desk(office.leader, at), at=at
    )
    assert show("30/11/2026 10:00") == (0, 1, 0)
    assert listed(office, lateness.IN_TIME, at) == {dossier.pk}
    assert listed(office, lateness.LATE, at) == set()
    flag_overdue(at)
    assert not fresh(dossier).late_flagged
    complete(office, dossier, "01/12/2026 08:00")
    assert fresh(dossier).legal_due_at == vn("03/12/2026 17:00")
    assert show("03/12/2026 18:00") == (0, 1, 0)
    assert show("04/12/2026 08:00") == (0, 0, 1)


def test_decided_time_a_wait_and_a_re_appointment(office: Office, show: Show, clock: Clock) -> None:
    """26, 27, 30 are decided, 30, 01, 02 waited for: five days once. The new appointment moves what
    people see, the verdict and the tables keep the promise before it.
    """
    dossier = receive(office, make_case(supplement_mode=2))
    exclude(office, dossier, "25/11/2026 09:00", "30/11/2026 23:59")
    ask(office, dossier, "27/11/2026 08:00")
    complete(office, dossier, "02/12/2026 08:00")
    assert fresh(dossier).due_at == vn("10/12/2026 17:00")
    at = vn("03/12/2026 09:00")
    re_appointment.re_appoint(
        Seen(dossier.pk), extra=TWO_DAYS, reason="A", by=office.desk(office.leader, at), at=at
    )
    after = fresh(dossier)
    assert (after.legal_due_at, after.due_at) == (vn("10/12/2026 17:00"), vn("14/12/2026 17:00"))
    assert show("10/12/2026 18:00") == (0, 1, 0)
    assert show("11/12/2026 09:00", seen=0) == (0, 0, 1)
    clock.now = vn("11/12/2026 09:00")
    flag_overdue(clock.now)
    assert (after.is_late(clock.now), fresh(dossier).late_flagged) == (False, False)
    assert day_words(after.due_at) in looked_up(dossier)


def test_nobody_answers_while_time_is_left_out(office: Office, show: Show, clock: Clock) -> None:
    """The stop is proposed all the same; stopped then it is not late."""
    dossier = receive(office, make_case("1 ngày làm việc", supplement_mode=2))
    ask(office, dossier, "25/11/2026 08:00", until="27/11/2026 17:00")
    exclude(office, dossier, "26/11/2026 09:00", "10/12/2026 23:59")
    clock.now = vn("30/11/2026 09:00")
    assert lapses.lapsed(fresh(dossier), clock.now) is not None
    assert show("30/11/2026 09:00") == (0, 1, 0)
    assert "bổ sung" in looked_up(dossier)
    stop(office, dossier, "30/11/2026 10:00")
    assert fresh(dossier).verdict != Outcome.LATE
    assert show("14/12/2026 09:00") == (0, 0, 0)


@pytest.mark.parametrize("lawful", [True, False])
def test_extended_then_stopped(office: Office, show: Show, clock: Clock, lawful: bool) -> None:
    """Promised for 25/11, by law for 27/11: stopped that day it is on time."""
    dossier, at = receive(office, make_case("1 ngày làm việc")), vn("25/11/2026 08:00")
    if lawful:
        what = lawful_time.Extending(**SAID, kind="khac", extra=TWO_DAYS)
        lawful_time.extend(Seen(dossier.pk), what, by=office.desk(office.leader, at), at=at)
    clock.now = vn("27/11/2026 10:00")
    flag_overdue(clock.now)
    assert fresh(dossier).late_flagged is not lawful
    assert show("27/11/2026 10:00") == ((0, 1, 0) if lawful else (0, 0, 1))
    stop(office, dossier, "27/11/2026 11:00")
    assert fresh(dossier).verdict == (Outcome.ON_TIME if lawful else Outcome.LATE)
    assert show("27/11/2026 12:00") == ((0, 0, 0) if lawful else (1, 0, 0))
    assert "Dừng" in looked_up(dossier)
