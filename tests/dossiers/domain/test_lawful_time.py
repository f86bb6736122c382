"""Lawful extension and time that does not count: promise and verdict move by the law of the sector,
what is recorded after the promise heals nothing without it, every act is taken back.
"""

from collections.abc import Callable
from datetime import datetime
from fractions import Fraction
from typing import Any

import pytest

from dossiers.acts import endings, lawful_time, outgoing, re_appointment
from dossiers.acts.endings import ResultIn
from dossiers.acts.lawful_time import Excluding, Extending
from dossiers.acts.many import Seen
from dossiers.acts.taking_back import take_back
from dossiers.clock import steps
from dossiers.clock.flags import flag_overdue
from dossiers.desk import timeline
from dossiers.desk.dossier import parts_of
from dossiers.desk.late_decisions import late_page
from dossiers.ledger.verifying import verify
from dossiers.models import ClockChange, ClockKind, Dossier, Slip
from dossiers.models.decision import ClockDecision
from dossiers.models.outcome import Outcome
from dossiers.slips import issuing
from onestop.accounts.calendars import calendar_of
from onestop.errors import DomainError, sentence
from onestop.outbox.models import Message
from onestop.worktime import Term, Unit
from tests.dossiers.pictures import picture
from tests.world import MONDAY, Office, make_case, make_office, receive, vn

pytestmark = pytest.mark.django_db
LONG_AFTER = vn("31/12/2026 09:00")
DAYS = Unit.WORKING_DAY
TWO_DAYS = Term(DAYS, Fraction(2))


@pytest.fixture
def office() -> Office:
    return make_office()


def fresh(dossier: Dossier) -> Dossier:
    return Dossier.objects.get(pk=dossier.pk)


def extend(
    office: Office,
    dossier: Dossier,
    at: datetime,
    extra: Term = TWO_DAYS,
    **said: Any,
) -> ClockDecision:
    what = {"kind": "khac", "basis": "Điều 5 Luật A", "reason": "Vụ việc phức tạp"} | said
    return lawful_time.extend(
        Seen(dossier.pk), Extending(**what, extra=extra), by=office.desk(office.leader, at), at=at
    )


def exclude(
    office: Office, dossier: Dossier, begins: str, ends: str, at: str = "", **said: Any
) -> ClockDecision:
    when = vn(at or begins)
    what = {"kind": "niem-yet", "basis": "Điều 28", "reason": "Niêm yết"} | said
    return lawful_time.exclude(
        Seen(dossier.pk),
        Excluding(**what, begins=vn(begins), ends=vn(ends)),
        by=office.desk(office.leader, when),
        at=when,
    )


def refused(act: Callable[[], Any]) -> tuple[str, str]:
    with pytest.raises(DomainError) as error:
        act()
    assert sentence(error.value)
    return error.value.code, error.value.field


# --- an extension ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("term", "extra", "due"),
    [
        # Promised for 03/12, 26/11 09:00, 23/11: the extension counts from the promise.
        ("7 ngày làm việc", Term(DAYS, Fraction(2)), "07/12/2026 17:00"),
        ("7 ngày làm việc", Term(Unit.CALENDAR_DAY, Fraction(2)), "07/12/2026 17:00"),
        ("10 ngày", Term(Unit.CALENDAR_DAY, Fraction(5)), "08/12/2026 17:00"),
        ("1 tháng", Term(Unit.CALENDAR_DAY, Fraction(5)), "28/12/2026 17:00"),
        ("16 giờ làm việc", Term(Unit.WORKING_HOUR, Fraction(4)), "26/11/2026 15:00"),
        ("trong ngày", Term(DAYS, Fraction(2)), "26/11/2026 17:00"),
    ],
)
def test_an_extension_moves_promise_and_verdict(
    office: Office, term: str, extra: Term, due: str
) -> None:
    dossier = receive(office, make_case(term))
    promised = dossier.due_at
    row = extend(office, dossier, MONDAY, extra)
    after = fresh(dossier)
    assert (after.due_at, after.legal_due_at, after.first_due_at) == (vn(due), vn(due), promised)
    line = ClockChange.objects.get(dossier=dossier)
    assert (line.kind, line.extra, line.due_before, line.due_after) == (
        ClockKind.EXTEND,
        str(extra),
        promised,
        vn(due),
    )
    assert (row.late, row.signer, row.basis) == (False, office.leader, "Điều 5 Luật A")
    assert verify(now=LONG_AFTER).misfit is None


def test_ended_within_the_extension_it_is_on_time(office: Office) -> None:
    """A re-appointment would leave it late; the extension moves the verdict too (R-55)."""
    verdicts = []
    for lawful in (True, False):
        dossier, at = receive(office, make_case("1 ngày làm việc")), vn("25/11/2026 10:00")
        if lawful:
            extend(office, dossier, at)
        else:
            re_appointment.re_appoint(
                Seen(dossier.pk), extra=Term(DAYS, Fraction(2)), reason="A", by=office.desk(office.leader), at=at
            )  # fmt: skip
        clerk, done = office.desk(office.clerk), vn("26/11/2026 10:00")
        result = ResultIn(number="1", issued_on=done.date(), signer="Tuấn")
        endings.record_result(Seen(dossier.pk), result, by=clerk, at=done)
        ended = endings.finish(Seen(dossier.pk), by=clerk, at=done, note="Sở ký")
        verdicts.append(ended.verdict)
    assert verdicts == [Outcome.EARLY, Outcome.LATE]
    assert verify(now=LONG_AFTER).misfit is None


def test_certified_copies_get_two_working_days_or_more_by_agreement(office: Office) -> None:
    """NĐ 23/2015 Đ21 (R-55)."""
    copies = receive(office, make_case("trong ngày", field="Chứng thực"))
    said = {"kind": "chung-thuc", "basis": "Điều 21 Nghị định số 23/2015/NĐ-CP"}
    three = Term(DAYS, Fraction(3))
    days = Term(Unit.CALENDAR_DAY, Fraction(2))
    for extra in (three, days):
        assert refused(lambda extra=extra: extend(office, copies, MONDAY, extra, **said)) == (
            "extension_most",
            "quantity",
        )
    extend(office, copies, MONDAY, **said)
    assert refused(lambda: extend(office, copies, MONDAY, **said)) == ("extension_again", "agreed")
    row = extend(office, copies, MONDAY, three, **said, agreed="Biên bản 01 ngày 23/11/2026")
    assert row.agreed
    assert fresh(copies).due_at == vn("01/12/2026 17:00")
    other = receive(office, make_case())
    assert refused(lambda: extend(office, other, MONDAY, **said)) == ("ground_unknown", "kind")


# --- time that does not count ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("term", "begins", "ends", "due"),
    [
        # 26, 27 and 30 do not count; 24/11 is a day off.
        ("7 ngày làm việc", "25/11/2026 09:00", "30/11/2026 23:59", "08/12/2026 17:00"),
        ("10 ngày", "25/11/2026 09:00", "30/11/2026 23:59", "08/12/2026 17:00"),
        ("1 tháng", "25/11/2026 09:00", "30/11/2026 23:59", "28/12/2026 17:00"),
        ("1 năm", "25/11/2026 09:00", "30/11/2026 23:59", "29/11/2027 17:00"),
        ("16 giờ làm việc", "25/11/2026 09:00", "25/11/2026 15:00", "26/11/2026 15:00"),
        ("72 giờ", "25/11/2026 09:00", "25/11/2026 15:00", "26/11/2026 15:00"),
        ("trong ngày", "23/11/2026 10:00", "26/11/2026 10:00", "26/11/2026 17:00"),
    ],
)
@pytest.mark.parametrize("recorded", ["at once", "afterwards", "before"])
def test_it_moves_the_promise_in_the_terms_own_unit_whenever_in_time_it_is_recorded(
    office: Office, term: str, begins: str, ends: str, due: str, recorded: str
) -> None:
    dossier = receive(office, make_case(term))
    promised = fresh(dossier).late_from
    assert promised is not None
    at = {"at once": begins, "before": "23/11/2026 09:00", "afterwards": "23/11/2026 11:00"}[
        recorded
    ]
    if recorded == "afterwards" and term != "trong ngày":
        at = "25/11/2026 16:00"
    exclude(office, dossier, begins, ends, at)
    after = fresh(dossier)
    assert (after.due_at, after.legal_due_at) == (vn(due), vn(due))
    assert verify(now=vn("31/12/2027 09:00")).misfit is None


def test_times_that_overlap_count_once_also_one_inside_another(office: Office) -> None:
    dossier = receive(office, make_case())
    exclude(office, dossier, "25/11/2026 09:00", "30/11/2026 23:59")
    assert fresh(dossier).due_at == vn("08/12/2026 17:00")
    exclude(office, dossier, "26/11/2026 09:00", "27/11/2026 23:59", "30/11/2026 09:00")
    assert fresh(dossier).due_at == vn("08/12/2026 17:00")
    exclude(office, dossier, "27/11/2026 09:00", "02/12/2026 23:59", "01/12/2026 09:00")
    assert fresh(dossier).due_at == vn("10/12/2026 17:00")
    assert verify(now=LONG_AFTER).misfit is None


def test_the_step_at_hand_stands_still_too(office: Office) -> None:
    dossier = receive(office, make_case())
    Dossier.objects.filter(pk=dossier.pk).update(step_due_at=vn("26/11/2026 10:00"))
    stood = fresh(dossier)
    row = ClockDecision(begins=vn("25/11/2026 10:00"), ends=vn("26/11/2026 10:00"))
    steps.stood_still(stood, row, calendar_of(office.agency.pk))
    assert stood.step_due_at == vn("27/11/2026 10:00")


def test_what_ended_earlier_gives_the_rest_back(office: Office) -> None:
    dossier = receive(office, make_case())
    row = exclude(office, dossier, "25/11/2026 09:00", "10/12/2026 23:59")
    stood = picture(dossier)
    leader = office.desk(office.leader)
    at = vn("30/11/2026 10:00")

    def close(ended: str) -> Dossier:
        return lawful_time.close_exclusion(Seen(dossier.pk), row.pk, vn(ended), by=leader, at=at)

    for wrong in ("25/11/2026 09:00", "30/11/2026 10:01", "11/12/2026 09:00"):
        assert refused(lambda wrong=wrong: close(wrong)) == ("closed_outside", "ended_on")
    assert close("30/11/2026 10:00").due_at == vn("08/12/2026 17:00")
    assert refused(lambda: close("27/11/2026 10:00"))[0] == "no_exclusion"
    assert verify(now=LONG_AFTER).misfit is None
    take_back(Seen(dossier.pk), by=leader, at=at)
    assert picture(dossier) == stood
    assert verify(now=LONG_AFTER).misfit is None


# --- after the promise ----------------------------------------------------------------------------


@pytest.mark.parametrize("law", ["", "khoản 3 Điều 9 Luật B"])
@pytest.mark.parametrize("name", ["extend", "exclude"])
def test_after_the_promise_it_heals_only_by_the_sector_law_and_is_listed(
    office: Office, name: str, law: str
) -> None:
    dossier, at = receive(office, make_case("1 ngày làm việc")), "27/11/2026 09:00"
    promised = dossier.due_at
    assert fresh(dossier).is_late(vn(at))
    if name == "extend":
        row = extend(office, dossier, vn(at), law=law)
    else:
        row = exclude(office, dossier, "23/11/2026 10:00", "26/11/2026 23:59", at, law=law)
    after, due = fresh(dossier), vn("27/11/2026 17:00")
    assert (after.legal_due_at, after.is_late(vn(at))) == (
        (due, False) if law else (promised, True)
    )
    assert (row.late, row.law) == (True, law)
    assert [one.pk for one in late_page(office.desk(office.controller)).rows] == [row.pk]
    assert late_page(office.desk(office.leader)).rows == []
    told = Message.objects.get(kind="late_decision")
    assert told.to_officer == office.controller
    assert dossier.code in told.subject
    assert verify(now=LONG_AFTER).misfit is None
    take_back(Seen(dossier.pk), by=office.desk(office.leader), at=vn(at))
    assert late_page(office.desk(office.controller)).rows == []
    assert fresh(dossier).legal_due_at == promised


def test_the_law_is_kept_only_where_it_was_needed(office: Office) -> None:
    """In time nothing has to be healed: the same words later do not heal by themselves."""
    row = extend(office, receive(office, make_case()), MONDAY, law="Điều 9")
    assert (row.law, row.late, row.change.heals) == ("", False, False)
    assert not Message.objects.filter(kind="late_decision").exists()


# --- who, and what is refused ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "code", "field"),
    [
        ({"kind": "khong-co"}, "ground_unknown", "kind"),
        ({"basis": " "}, "decision_basis", "basis"),
        ({"reason": " "}, "reason_missing", "reason"),
    ],
)
def test_what_lacks_is_refused(office: Office, said: dict[str, str], code: str, field: str) -> None:
    dossier = receive(office, make_case())
    assert refused(lambda: extend(office, dossier, MONDAY, **said)) == (code, field)
    span = ("25/11/2026 09:00", "30/11/2026 09:00")
    assert refused(lambda: exclude(office, dossier, *span, **said)) == (code, field)
    assert fresh(dossier).row_version == dossier.row_version
    assert not ClockDecision.objects.exists()


def test_spans_and_signers_that_cannot_be_are_refused(office: Office) -> None:
    dossier = receive(office, make_case())
    for begins, ends, code in (
        ("22/11/2026 09:00", "25/11/2026 09:00", "excluded_before"),
        ("25/11/2026 09:00", "25/11/2026 09:00", "excluded_reversed"),
    ):
        assert refused(lambda b=begins, e=ends: exclude(office, dossier, b, e, "25/11/2026 10:00"))[0] == code  # fmt: skip
    assert refused(lambda: extend(office, dossier, MONDAY, signer=office.clerk)) == (
        "signer_not_leader",
        "signer",
    )
    hours = Term(Unit.WORKING_HOUR, Fraction(3))
    assert refused(lambda: extend(office, dossier, MONDAY, hours)) == ("extra_unit", "unit")
    nothing = receive(office, make_case("không phải trả kết quả"))
    assert refused(lambda: extend(office, nothing, MONDAY))[0] == "nothing_to_move"


@pytest.mark.parametrize("who", ["clerk", "specialist", "controller"])
def test_only_who_approves_decides(office: Office, who: str) -> None:
    dossier = receive(office, make_case())
    what = Extending(kind="khac", basis="A", reason="B", extra=Term(DAYS, Fraction(2)))
    by = office.desk(getattr(office, who))
    assert refused(lambda: lawful_time.extend(Seen(dossier.pk), what, by=by, at=MONDAY))[0] in (
        "role_missing",
        "not_approver",
    )


# --- words and papers -----------------------------------------------------------------------------


def test_the_notices_and_the_timeline_tell_it(office: Office) -> None:
    dossier = receive(office, make_case())
    extend(office, dossier, MONDAY, document="12/TB-UBND")
    exclude(office, dossier, "25/11/2026 09:00", "30/11/2026 23:59")
    wanted = {
        "gia-han": ("12/TB-UBND", "2 ngày làm việc", "Điều 5 Luật A", "ngày 07 tháng 12 năm 2026"),
        "khong-tinh": ("niêm yết công khai, đăng tin", "Điều 28", "ngày 10 tháng 12 năm 2026"),
    }
    for slug, words in wanted.items():
        page = " ".join(issuing.html(Slip.objects.get(dossier=dossier, slug=slug)).split())
        for word in (*words, dossier.code, office.leader.full_name):
            assert word in page, (slug, word)
    rows = {t: {r["id"]: r for r in found} for t, found in parts_of(fresh(dossier)).told.items()}
    lines = [
        line
        for entry in timeline.timeline(timeline.events_of(dossier), rows)
        for line in entry.lines
    ]
    assert "Thêm 2 ngày làm việc: Trường hợp khác mà luật chuyên ngành cho gia hạn" in lines
    assert any(
        line.startswith("Từ 25/11/2026 09:00 đến 30/11/2026 23:59: Niêm yết") for line in lines
    )


def test_flags_begin_anew_and_both_are_taken_back(office: Office) -> None:
    dossier = receive(office, make_case("1 ngày làm việc"))
    at = vn("25/11/2026 08:00")
    flag_overdue(at)
    stood = [picture(dossier)]
    extend(office, dossier, at)
    assert not fresh(dossier).soon_flagged
    stood.append(picture(dossier))
    exclude(office, dossier, "25/11/2026 09:00", "30/11/2026 23:59")
    leader = office.desk(office.leader)
    for before in reversed(stood):
        take_back(Seen(dossier.pk), by=leader, at=vn("25/11/2026 10:00"))
        assert picture(dossier) == before
        assert verify(now=LONG_AFTER).misfit is None
    assert not Slip.objects.standing().filter(slug__in=("gia-han", "khong-tinh")).exists()


def test_notices_wait_for_a_number_of_the_register(office: Office) -> None:
    """One that was made with a number typed into it has it already."""
    for more in ({}, {"document": "12/TB-UBND"}):
        extend(office, receive(office, make_case()), MONDAY, **more)
    (slip,) = outgoing.waiting_letters([office.agency.pk], MONDAY)
    assert slip.slug == "gia-han"
    assert slip.snapshot["document_number"] == ""
