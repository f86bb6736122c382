"""Time that does not count takes longer than was said, or begins or ends while the applicant is
waited for: each its own decision, what they share counts once, for the promise and for the step.
"""

from datetime import datetime
from typing import Any

import pytest

from dossiers.acts import endings, lawful_time, payment, supplements
from dossiers.acts.lawful_time import Excluding, Prolonging
from dossiers.acts.many import Seen
from dossiers.acts.taking_back import take_back
from dossiers.desk.late_decisions import late_page
from dossiers.intake.wanted import declared
from dossiers.ledger.verifying import verify
from dossiers.models import Dossier, Slip
from dossiers.models.decision import ClockDecision
from dossiers.models.outcome import Outcome
from dossiers.slips import issuing
from onestop.errors import DomainError
from onestop.outbox.models import Message
from tests.dossiers.pictures import picture
from tests.world import Office, make_case, make_office, receive, vn

pytestmark = pytest.mark.django_db
LONG_AFTER = vn("31/12/2026 09:00")
SAID: dict[str, Any] = {"basis": "Điều 210", "reason": "Giám định lại"}


@pytest.fixture
def office() -> Office:
    return make_office()


def fresh(dossier: Dossier) -> Dossier:
    return Dossier.objects.get(pk=dossier.pk)


def exclude(
    office: Office, dossier: Dossier, begins: str, ends: str, at: str = ""
) -> ClockDecision:
    when = vn(at or begins)
    what = Excluding(**SAID, kind="giam-dinh", begins=vn(begins), ends=vn(ends))
    return lawful_time.exclude(Seen(dossier.pk), what, by=office.desk(office.leader, when), at=when)


def prolong(
    office: Office, dossier: Dossier, row: ClockDecision, ends: str, at: str, **said: str
) -> ClockDecision:
    what, when = Prolonging(**SAID | said, ends=vn(ends)), vn(at)
    by = office.desk(office.leader, when)
    return lawful_time.prolong_exclusion(Seen(dossier.pk), row.pk, what, by=by, at=when)


def close(office: Office, dossier: Dossier, row: ClockDecision, ended: str, at: str = "") -> None:
    when = vn(at or ended)
    by = office.desk(office.leader, when)
    lawful_time.close_exclusion(Seen(dossier.pk), row.pk, vn(ended), by=by, at=when)


def ask(office: Office, dossier: Dossier, at: str) -> None:
    clerk = office.desk(office.clerk, vn(at))
    supplements.ask(Seen(dossier.pk), items=declared("A"), reason="Thiếu", by=clerk, at=vn(at))


def complete(office: Office, dossier: Dossier, at: str) -> datetime | None:
    clerk = office.desk(office.clerk, vn(at))
    return supplements.complete(Seen(dossier.pk), by=clerk, at=vn(at)).due_at


# --- longer ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("at", ["27/11/2026 09:00", "03/12/2026 09:00"])
def test_it_is_prolonged_while_it_runs_and_after_its_end_in_time(office: Office, at: str) -> None:
    """26, 27, 30 and then 01 to 04 do not count; promised for 03/12."""
    dossier = receive(office, make_case())
    row = exclude(office, dossier, "25/11/2026 09:00", "30/11/2026 23:59")
    stood = picture(dossier)
    longer = prolong(office, dossier, row, "04/12/2026 23:59", at, document="9/TB")
    after = fresh(dossier)
    assert (after.due_at, after.legal_due_at) == (vn("14/12/2026 17:00"),) * 2
    assert (longer.begins, longer.kind, longer.late) == (row.ends, "giam-dinh", False)
    assert list(lawful_time.running(dossier)) == [longer]
    notices = Slip.objects.standing().filter(dossier=dossier, slug="khong-tinh").order_by("id")
    pages = [" ".join(issuing.html(one).split()) for one in notices]
    told = "đã thông báo được kéo dài; từ 23 giờ 59 phút, ngày 30 tháng 11 năm 2026"
    assert [told in page for page in pages] == [False, True]
    assert "9/TB" in pages[1]
    assert verify(now=LONG_AFTER).misfit is None
    take_back(Seen(dossier.pk), by=office.desk(office.leader, vn(at)), at=vn(at))
    assert picture(dossier) == stood


@pytest.mark.parametrize(
    ("ended", "due"),
    [
        # In the second part, at the seam, and before it was prolonged.
        ("02/12/2026 09:00", "10/12/2026 17:00"),
        ("30/11/2026 23:59", "08/12/2026 17:00"),
        ("27/11/2026 10:00", "07/12/2026 17:00"),
    ],
)
def test_what_was_prolonged_ends_early_as_one(office: Office, ended: str, due: str) -> None:
    dossier = receive(office, make_case())
    row = exclude(office, dossier, "25/11/2026 09:00", "30/11/2026 23:59")
    longer = prolong(office, dossier, row, "04/12/2026 23:59", "30/11/2026 09:00")
    stood, at = picture(dossier), "02/12/2026 10:00"
    with pytest.raises(DomainError, match="no_exclusion"):
        close(office, dossier, row, ended, at)
    close(office, dossier, longer, ended, at)
    assert fresh(dossier).legal_due_at == vn(due)
    assert not lawful_time.running(dossier).exists()
    assert verify(now=LONG_AFTER).misfit is None
    take_back(Seen(dossier.pk), by=office.desk(office.leader, vn(at)), at=vn(at))
    assert picture(dossier) == stood
    assert verify(now=LONG_AFTER).misfit is None


@pytest.mark.parametrize(("law", "due"), [("", "26/11/2026 17:00"), ("Điều 9", "02/12/2026 17:00")])
def test_prolonged_after_the_promise_it_heals_only_by_the_sector_law(
    office: Office, law: str, due: str
) -> None:
    dossier = receive(office, make_case("1 ngày làm việc"))
    row = exclude(office, dossier, "23/11/2026 10:00", "25/11/2026 23:59")
    assert fresh(dossier).due_at == vn("26/11/2026 17:00")
    longer = prolong(office, dossier, row, "01/12/2026 23:59", "30/11/2026 09:00", law=law)
    assert (longer.late, longer.law) == (True, law)
    assert fresh(dossier).legal_due_at == vn(due)
    assert [one.pk for one in late_page(office.desk(office.controller)).rows] == [longer.pk]
    assert Message.objects.get(kind="late_decision").to_officer == office.controller
    assert verify(now=LONG_AFTER).misfit is None


def test_what_cannot_be_prolonged_is_refused(office: Office) -> None:
    dossier = receive(office, make_case())
    row = exclude(office, dossier, "25/11/2026 09:00", "30/11/2026 23:59")
    for said, code in (
        ({"ends": "30/11/2026 23:59"}, "prolonged_end"),
        ({"ends": "04/12/2026 23:59", "basis": " "}, "decision_basis"),
        ({"ends": "04/12/2026 23:59", "reason": ""}, "reason_missing"),
    ):
        with pytest.raises(DomainError, match=code):
            prolong(office, dossier, row, at="27/11/2026 09:00", **said)
    close(office, dossier, row, "27/11/2026 09:00")
    with pytest.raises(DomainError, match="no_exclusion"):
        prolong(office, dossier, row, "04/12/2026 23:59", "27/11/2026 10:00")
    what = Prolonging(**SAID, ends=vn("04/12/2026 23:59"))
    with pytest.raises(DomainError, match="role_missing"):
        lawful_time.prolong_exclusion(
            Seen(dossier.pk), row.pk, what, by=office.desk(office.clerk), at=vn("27/11/2026 10:00")
        )


# --- while the applicant is waited for ------------------------------------------------------------


@pytest.mark.parametrize(
    ("mode", "due"),
    [
        # 26 and 27 are waited for, 27 and 30 decided: 26, 27, 30 once.
        (2, "08/12/2026 17:00"),
        # Anew from 27/11, to the 8th; of the decided time 30/11 lies after it.
        (1, "09/12/2026 17:00"),
    ],
)
def test_it_begins_while_papers_are_waited_for_and_counts_once(
    office: Office, mode: int, due: str
) -> None:
    dossier = receive(office, make_case(supplement_mode=mode))
    ask(office, dossier, "25/11/2026 08:00")
    row = exclude(office, dossier, "26/11/2026 09:00", "30/11/2026 23:59")
    assert (row.late, fresh(dossier).is_waiting) == (False, True)
    assert complete(office, dossier, "27/11/2026 08:00") == vn(due)
    assert verify(now=LONG_AFTER).misfit is None


def test_it_ends_and_grows_while_money_is_waited_for(office: Office) -> None:
    """Away from 25/11 09:00 to 30/11 08:00 in one: 26, 27, 30."""
    dossier = receive(office, make_case())
    row = exclude(office, dossier, "25/11/2026 09:00", "10/12/2026 23:59")
    at = vn("26/11/2026 09:00")
    due_on = vn("15/12/2026 09:00").date()
    what = payment.Obligation("Lệ phí", 1000, "NĐ 101", "Thuế", due_on)
    payment.ask_payment(Seen(dossier.pk), what, by=office.desk(office.clerk, at), at=at)
    longer = prolong(office, dossier, row, "12/12/2026 23:59", "26/11/2026 10:00")
    close(office, dossier, longer, "27/11/2026 09:00")
    paid = vn("30/11/2026 08:00")
    proof = payment.Proof("1", paid.date(), 1000)
    payment.record_payment(Seen(dossier.pk), proof, by=office.desk(office.clerk, paid), at=paid)
    assert fresh(dossier).due_at == vn("08/12/2026 17:00")
    assert verify(now=LONG_AFTER).misfit is None


def test_a_promise_does_not_pass_while_the_applicant_was_asked_in_time(office: Office) -> None:
    """Promised for 25/11, asked that morning: what is recorded on 30/11 is in time (R-48)."""
    dossier = receive(office, make_case("1 ngày làm việc", supplement_mode=2))
    ask(office, dossier, "25/11/2026 08:00")
    row = exclude(office, dossier, "30/11/2026 10:00", "02/12/2026 23:59")
    assert row.late is False
    assert complete(office, dossier, "01/12/2026 08:00") == vn("02/12/2026 17:00")
    assert not Message.objects.filter(kind="late_decision").exists()


def test_asked_too_late_it_heals_nothing_while_waited_for(office: Office) -> None:
    dossier = receive(office, make_case("1 ngày làm việc", supplement_mode=2))
    ask(office, dossier, "26/11/2026 08:00")
    row = exclude(office, dossier, "27/11/2026 10:00", "02/12/2026 23:59")
    assert row.late is True
    assert complete(office, dossier, "01/12/2026 08:00") == vn("25/11/2026 17:00")
    at = vn("01/12/2026 09:00")
    said = endings.EndingIn(
        "Ân", "Thôi", decision_number="12/QĐ", signer="Lê Văn Chủ", fee_consequence="Không thu"
    )
    endings.stop(Seen(dossier.pk), said, by=office.desk(office.leader, at), at=at)
    assert fresh(dossier).verdict == Outcome.LATE
    assert verify(now=LONG_AFTER).misfit is None


# --- the step at hand -----------------------------------------------------------------------------


def step(dossier: Dossier) -> datetime | None:
    return fresh(dossier).step_due_at


def test_a_step_stands_still_once_for_a_wait_and_a_decided_time(office: Office) -> None:
    """Decided from Wednesday 10:00 to Thursday 10:00, waited for until Thursday 14:00: a day and
    two hours.
    """
    dossier = receive(office, make_case(supplement_mode=2))
    Dossier.objects.filter(pk=dossier.pk).update(
        step_due_at=vn("26/11/2026 10:00"), forward_by=None
    )
    exclude(office, dossier, "25/11/2026 10:00", "26/11/2026 10:00")
    assert step(dossier) == vn("27/11/2026 10:00")
    ask(office, dossier, "25/11/2026 14:00")
    complete(office, dossier, "26/11/2026 14:00")
    assert step(dossier) == vn("27/11/2026 14:00")
    exclude(office, dossier, "25/11/2026 10:00", "26/11/2026 14:00", "26/11/2026 15:00")
    assert step(dossier) == vn("27/11/2026 14:00")


def test_a_step_gives_back_what_ended_early(office: Office) -> None:
    dossier = receive(office, make_case())
    Dossier.objects.filter(pk=dossier.pk).update(
        step_due_at=vn("26/11/2026 10:00"), forward_by=None
    )
    row = exclude(office, dossier, "25/11/2026 10:00", "30/11/2026 10:00")
    longer = prolong(office, dossier, row, "01/12/2026 10:00", "25/11/2026 11:00")
    assert step(dossier) == vn("02/12/2026 10:00")
    close(office, dossier, longer, "26/11/2026 10:00")
    assert step(dossier) == vn("27/11/2026 10:00")
