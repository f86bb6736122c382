"""The intervals of the reports at every instant and every cut: what happened by the one and counts
by the other (R-108). What was taken back counts as never done, for earlier cuts as done.
"""

from __future__ import annotations

from datetime import datetime

import pytest
from django.db.models import Q

from dossiers.acts import endings, reception, supplements, taking_back
from dossiers.acts.many import Seen
from dossiers.intake.wanted import declared
from dossiers.ledger.verifying import verify
from dossiers.models import Dossier, Span
from dossiers.models.dossier import Outcome
from onestop.accounts.desk import Desk
from procedures.models import SupplementMode
from tests.world import Office, an_intake, make_case, make_office, vn

pytestmark = pytest.mark.django_db
LATER = vn("01/03/2027 09:00")


def standing(dossier: Dossier, end: str, cut: str) -> tuple[int, datetime | None] | None:
    """Group and lateness of the one row that stands just before an instant, for a cut."""
    at, by = vn(end), vn(cut)
    rows = Span.objects.filter(
        Q(to_at=None) | Q(to_at__gte=at) | Q(to_known__gt=by),
        Q(gone_known=None) | Q(gone_known__gt=by),
        dossier=dossier,
        from_at__lt=at,
        from_known__lte=by,
    )
    found = list(rows)
    assert len(found) <= 1
    return (found[0].group, found[0].late_from) if found else None


@pytest.fixture
def office() -> Office:
    return make_office()


@pytest.fixture
def clerk(office: Office) -> Desk:
    return office.desk(office.clerk)


def received(office: Office, clerk: Desk, **of_case: object) -> Dossier:
    case = make_case("3 ngày làm việc", **of_case)  # type: ignore[arg-type]
    return reception.receive(an_intake(office, case), by=clerk, at=vn("23/11/2026 09:00"))


def withdraw(dossier: Dossier, by: Desk, at: str) -> None:
    form = endings.EndingIn(requested_by="Nguyễn Văn Ân", reason="Không còn nhu cầu")
    endings.withdraw(Seen(dossier.pk), form, by=by, at=vn(at))


WORKING, WAITING, ENDED = Span.Group.WORKING, Span.Group.WAITING, Span.Group.ENDED
LATE = vn("28/11/2026 00:00")


def test_an_end_taken_back_never_was_from_the_cut_of_taking_back_on(
    office: Office, clerk: Desk
) -> None:
    dossier = received(office, clerk)
    withdraw(dossier, clerk, "24/11/2026 10:00")
    taking_back.take_back(Seen(dossier.pk), by=clerk, at=vn("26/11/2026 08:00"))
    # By a cut before taking back it had ended, on and after it it had not, at whatever instant.
    for end in ("24/11/2026 10:01", "25/11/2026 00:00", "27/11/2026 00:00"):
        assert standing(dossier, end, "26/11/2026 07:59") == (ENDED, LATE)
        assert standing(dossier, end, "26/11/2026 08:00") == (WORKING, LATE)
    # Before the act, and by a cut before it, it worked; exactly at an instant is not yet before it.
    assert standing(dossier, "24/11/2026 10:00", "30/11/2026 00:00") == (WORKING, LATE)
    assert standing(dossier, "25/11/2026 00:00", "24/11/2026 09:59") == (WORKING, LATE)
    assert standing(dossier, "25/11/2026 00:00", "24/11/2026 10:00") == (ENDED, LATE)
    assert standing(dossier, "23/11/2026 09:00", "30/11/2026 00:00") is None
    # Done again after that: the new act counts from its own instant.
    withdraw(dossier, clerk, "30/11/2026 10:00")
    assert standing(dossier, "30/11/2026 10:00", "01/12/2026 00:00") == (WORKING, LATE)
    assert standing(dossier, "01/12/2026 00:00", "01/12/2026 00:00") == (ENDED, LATE)
    assert standing(dossier, "25/11/2026 00:00", "25/11/2026 00:00") == (ENDED, LATE)
    assert verify(now=LATER).misfit is None


def test_acts_taken_back_one_after_the_other(office: Office, clerk: Desk) -> None:
    dossier = received(office, clerk)
    supplements.ask(
        Seen(dossier.pk),
        items=declared("Tờ khai"),
        reason="Thiếu tờ khai",
        by=clerk,
        at=vn("24/11/2026 09:00"),
    )
    withdraw(dossier, clerk, "25/11/2026 09:00")
    taking_back.take_back(Seen(dossier.pk), by=clerk, at=vn("26/11/2026 09:00"))
    taking_back.take_back(Seen(dossier.pk), by=clerk, at=vn("27/11/2026 09:00"))
    end = "25/11/2026 12:00"
    assert standing(dossier, end, "24/11/2026 08:00") == (WORKING, LATE)
    assert standing(dossier, end, "24/11/2026 10:00") == (WAITING, None)
    ended = standing(dossier, end, "25/11/2026 10:00")
    assert ended is not None
    assert ended[0] == ENDED
    assert standing(dossier, end, "26/11/2026 10:00") == (WAITING, None)
    assert standing(dossier, end, "27/11/2026 10:00") == (WORKING, LATE)
    assert verify(now=LATER).misfit is None


@pytest.mark.parametrize(
    ("asked", "late"), [("27/11/2026 23:59", None), ("28/11/2026 00:00", LATE)]
)
def test_a_wait_is_late_only_where_the_promise_had_passed_before_it(
    office: Office, clerk: Desk, asked: str, late: datetime | None
) -> None:
    dossier = received(office, clerk, supplement_mode=SupplementMode.PAUSE)
    supplements.ask(
        Seen(dossier.pk),
        items=declared("Tờ khai"),
        reason="Thiếu tờ khai",
        legal_basis="NĐ 23/2015/NĐ-CP Điều 5",
        approver=office.leader,
        by=clerk,
        at=vn(asked),
    )
    assert standing(dossier, "15/12/2026 00:00", "15/12/2026 00:00") == (WAITING, late)
    assert verify(now=LATER).misfit is None


def test_the_return_of_the_result_moves_no_end(office: Office, clerk: Desk) -> None:
    """A line of the short path: its working interval is empty, its end the instant of reception."""
    made = reception.receive_and_return(
        an_intake(office, make_case("trả ngay")), by=clerk, at=vn("23/11/2026 09:00")
    )
    rows = list(Span.objects.filter(dossier=made).order_by("id"))
    at = vn("23/11/2026 09:00")
    assert [(row.group, row.from_at, row.to_at) for row in rows] == [
        (WORKING, at, at),
        (ENDED, at, None),
    ]
    assert (rows[1].received_at, rows[1].ended_at) == (at, at)
    assert (rows[1].verdict, rows[1].how) == (Outcome.ON_TIME, Span.How.FINISHED)
