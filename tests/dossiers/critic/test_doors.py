"""What a page may not do though it asks: foreign drafts, foreign proposals, receivers who left,
codes and fees made up.
"""

from datetime import date, timedelta

import pytest

from dossiers.acts import handovers, printing, reception, supplements
from dossiers.acts.handovers import NextStep
from dossiers.acts.many import Seen
from dossiers.intake.wanted import declared
from dossiers.models import Dossier, Draft
from onestop.accounts.models import Department, Role, RoleGrant
from onestop.errors import DomainError
from onestop.files.models import Attachment
from procedures.channels import Channel
from tests.samples import PDF
from tests.stored import store
from tests.world import (
    MONDAY,
    Office,
    an_intake,
    filed_online,
    make_case,
    make_office,
    make_officer,
    receive,
)

pytestmark = pytest.mark.django_db
STEP = NextStep(order=2, name="Xử lý", minutes=480)


@pytest.fixture
def office() -> Office:
    return make_office()


def refused(code: str):
    return pytest.raises(DomainError, match=f"^{code}$")


def test_nobody_gives_to_an_officer_whose_role_is_over_or_to_a_closed_room(office: Office) -> None:
    clerk = office.desk(office.clerk)
    dossier = receive(office, make_case())
    RoleGrant.objects.filter(officer=office.specialist).update(
        valid_to=MONDAY.date() - timedelta(days=1)
    )
    with refused("receiver_elsewhere"):
        handovers.hand_over(
            dossier, to=office.room, receiver=office.specialist, step=STEP, by=clerk, at=MONDAY
        )
    office.head.is_active = False
    office.head.save()
    with refused("receiver_elsewhere"):
        handovers.hand_over(
            dossier, to=office.room, receiver=office.head, step=STEP, by=clerk, at=MONDAY
        )
    Department.objects.filter(pk=office.second_room.pk).update(is_active=False)
    with refused("receiver_closed"):
        handovers.hand_over(
            dossier,
            to=Department.objects.get(pk=office.second_room.pk),
            step=STEP,
            by=clerk,
            at=MONDAY,
        )


def test_a_dossier_does_not_leave_the_offices_it_belongs_to(office: Office) -> None:
    """Another agency's counter would end it; only the agency that handles and the one that received
    have desks for it.
    """
    elsewhere = make_office("Ủy ban nhân dân xã Tân Lập")
    dossier = receive(office, make_case())
    for place in (elsewhere.counter, elsewhere.room):
        with refused("receiver_foreign"):
            handovers.hand_over(
                dossier, to=place, step=STEP, by=office.desk(office.clerk), at=MONDAY
            )


def test_a_proposal_is_issued_for_its_own_dossier_and_once(office: Office) -> None:
    clerk = office.desk(office.clerk)
    case = make_case()
    one, other = receive(office, case), receive(office, case)
    proposal = supplements.propose(
        Seen(one.pk), items=declared("A"), reason="Thiếu", by=clerk, at=MONDAY
    )
    with refused("proposal_gone"):
        supplements.ask(
            Seen(other.pk),
            items=declared("A"),
            reason="Thiếu",
            by=clerk,
            at=MONDAY,
            proposal=proposal,
        )
    supplements.ask(
        Seen(one.pk), items=declared("A"), reason="Thiếu", by=clerk, at=MONDAY, proposal=proposal
    )
    supplements.complete(Seen(one.pk), by=clerk, at=MONDAY + timedelta(minutes=1))
    with refused("proposal_gone"):
        supplements.ask(
            Seen(one.pk), items=declared("A"), reason="Thiếu", by=clerk, at=MONDAY + timedelta(minutes=2), proposal=proposal,
            approver=office.head, approval_reason="Cần",
        )  # fmt: skip


def test_scans_come_from_the_clerks_own_draft_and_must_be_there(office: Office) -> None:
    other = make_officer("Người Khác", office.agency, (Role.CLERK, office.counter))
    foreign = Draft.objects.create(
        officer=other, token="7f6c1f86-0000-4000-8000-000000000001", updated_at=MONDAY
    )
    scan = store(PDF, name="a.pdf", kind="draft", object_id=foreign.pk, by=other, at=MONDAY)
    asked = an_intake(
        office, make_case(), attachment_ids=(scan.pk,), draft_id=foreign.pk, no_scan_reason=""
    )
    with refused("scan_missing"):
        reception.receive(asked, by=office.desk(office.clerk), at=MONDAY)
    assert not Dossier.objects.exists()
    assert Attachment.objects.get(pk=scan.pk).kind == "draft"


def test_the_published_fee_is_kept_when_the_page_sent_none(office: Office) -> None:
    assert receive(office, make_case(fee=50_000)).fee_amount == 50_000


def test_a_code_brought_twice_is_a_sentence_not_a_crash(office: Office) -> None:
    case = make_case()
    receive(
        office, case, channel=Channel.ONLINE_FULL, online=filed_online(MONDAY, "G09.99-261123-0001")
    )
    with refused("code_taken"):
        receive(
            office,
            case,
            channel=Channel.ONLINE_FULL,
            online=filed_online(MONDAY, "G09.99-261123-0001"),
        )
    assert Dossier.objects.count() == 1
    assert receive(office, case).register_number == 2


def test_who_is_no_clerk_any_more_sees_nothing_of_what_was_received_long_ago(
    office: Office,
) -> None:
    """R-144: access follows the role held today, not the pen that once received."""
    dossier = receive(office, make_case())
    clerk = office.desk(office.clerk)
    handovers.hand_over(dossier, to=office.room, step=STEP, by=clerk, at=MONDAY)
    handovers.confirm(Seen(dossier.pk), by=office.desk(office.specialist), at=MONDAY)
    elsewhere = make_office("Ủy ban nhân dân xã Tân Lập")
    RoleGrant.objects.filter(officer=office.clerk).update(
        valid_to=MONDAY.date() - timedelta(days=1)
    )
    RoleGrant.objects.create(
        officer=office.clerk,
        role=Role.CLERK,
        agency=elsewhere.agency,
        department=elsewhere.counter,
        valid_from=date(2018, 1, 1),
    )
    assert not Dossier.objects.visible_to(office.desk(office.clerk)).exists()


def test_the_way_around_approval_is_closed(office: Office) -> None:
    """Who prepared the result cannot pass his own submission on by calling it "chuyển lại" to the
    counter.
    """
    from dossiers.acts.endings import ResultIn, record_result
    from dossiers.models.handover import Purpose

    both = make_officer(
        "Một Người", office.agency, (Role.SPECIALIST, office.room), (Role.LEADER, office.leadership)
    )
    clerk, desk = office.desk(office.clerk), office.desk(both)
    dossier = receive(office, make_case())
    handovers.hand_over(dossier, to=office.room, receiver=both, step=STEP, by=clerk, at=MONDAY)
    dossier = handovers.confirm(Seen(dossier.pk), by=desk, at=MONDAY)
    result = ResultIn(number="1", issued_on=date(2026, 11, 23), signer="Một Người")
    record_result(Seen(dossier.pk), result, by=desk, at=MONDAY)
    dossier.refresh_from_db()
    approve = NextStep(order=3, name="Duyệt", purpose=Purpose.APPROVE)
    handovers.hand_over(
        dossier, to=office.leadership, receiver=both, step=approve, by=desk, at=MONDAY
    )
    dossier.refresh_from_db()
    back = NextStep(order=4, name="Trả", purpose=Purpose.SEND_BACK)
    with refused("own_work"):
        handovers.hand_over(dossier, to=office.counter, step=back, by=desk, at=MONDAY)


def test_a_signed_electronic_result_is_in_the_system_or_it_is_none(office: Office) -> None:
    from dossiers.acts.endings import ResultIn, record_result

    dossier = receive(office, make_case())
    signed = ResultIn(number="1", issued_on=date(2026, 11, 23), signer="Tuấn", electronic=True)
    with refused("electronic_file_missing"):
        record_result(Seen(dossier.pk), signed, by=office.desk(office.clerk), at=MONDAY)


def test_a_number_taken_by_a_brought_code_is_passed_over(office: Office) -> None:
    """Paper days come in later with their codes (R-76): the counter goes on with the next free
    number.
    """
    case = make_case()
    unit = office.agency.dossier_code
    code = f"{unit}-261123-0001"
    receive(office, case, channel=Channel.ONLINE_FULL, online=filed_online(MONDAY, code))
    assert receive(office, case).code == f"{unit}-261123-0002"


def test_receiving_stays_within_its_queries(office: Office, queries) -> None:
    receive(office, make_case())
    case = make_case(papers=10)
    asked, desk = an_intake(office, case), office.desk(office.clerk)
    with queries() as seen:
        reception.receive(asked, by=desk, at=MONDAY)
    print(len(seen))
    assert len(seen) <= 25


def test_a_slip_on_request_is_made_once_and_leaves_no_gap(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The number and the slip are one act: what fails between them gives the number back."""
    from dossiers.models import Slip
    from dossiers.slips import issuing

    desk = office.desk(office.clerk)
    dossier = reception.receive_and_return(
        an_intake(office, make_case("trả ngay"), with_slip=False), by=desk, at=MONDAY
    )
    with monkeypatch.context() as broken, pytest.raises(RuntimeError):
        broken.setattr(
            issuing, "sha256_of", lambda snapshot: (_ for _ in ()).throw(RuntimeError("power cut"))
        )
        printing.receipt(dossier, by=office.desk(office.clerk), at=MONDAY)
    first = printing.receipt(dossier, by=office.desk(office.clerk), at=MONDAY)
    assert (first.number, printing.receipt(dossier, by=office.desk(office.clerk), at=MONDAY)) == (
        1,
        first,
    )
    assert Slip.objects.count() == 1


def test_a_room_that_got_it_by_mistake_and_gave_it_up_sees_it_no_more(office: Office) -> None:
    """R-144: what was recalled before anybody took it never was that room's."""
    dossier = receive(office, make_case())
    clerk, other = office.desk(office.clerk), office.desk(office.second_specialist)
    handovers.hand_over(dossier, to=office.second_room, step=STEP, by=clerk, at=MONDAY)
    assert Dossier.objects.visible_to(other).exists()
    handovers.recall(Seen(dossier.pk), by=clerk, at=MONDAY + timedelta(minutes=1))
    assert not Dossier.objects.visible_to(other).exists()


def test_days_and_years_change_at_midnight_in_vietnam(office: Office) -> None:
    """R-03, R-85: code, register and slip numbers follow Vietnam's calendar day, not the server's."""
    from dossiers.models import Slip
    from tests.world import vn

    case = make_case("trong ngày")
    unit = office.agency.dossier_code
    last, first = (
        receive(office, case, at=vn(text)) for text in ("31/12/2026 23:59", "01/01/2027 00:00")
    )
    assert (last.code, last.register_year, last.register_number) == (f"{unit}-261231-0001", 2026, 1)
    assert (first.code, first.register_year, first.register_number) == (
        f"{unit}-270101-0001",
        2027,
        1,
    )
    assert list(Slip.objects.order_by("id").values_list("year", "number")) == [(2026, 1), (2027, 1)]


def test_a_substitute_acts_in_the_absent_officers_name_and_only_then(office: Office) -> None:
    from dossiers.models import Event
    from onestop.accounts.models import Substitution

    dossier = receive(office, make_case())
    handovers.hand_over(
        dossier,
        to=office.room,
        receiver=office.specialist,
        step=STEP,
        by=office.desk(office.clerk),
        at=MONDAY,
    )
    with refused("given_to_another"):
        handovers.confirm(Seen(dossier.pk), by=office.desk(office.second_specialist), at=MONDAY)
    Substitution.objects.create(
        absent=office.specialist, substitute=office.second_specialist, from_date=MONDAY.date(), to_date=MONDAY.date(), reason="Ốm",
        created_at=MONDAY,
    )  # fmt: skip
    dossier = handovers.confirm(
        Seen(dossier.pk), by=office.desk(office.second_specialist), at=MONDAY
    )
    event = Event.objects.get(dossier=dossier, kind="confirm")
    assert (dossier.holder, event.officer, event.acting_for) == (
        office.specialist,
        office.second_specialist,
        office.specialist,
    )
    tomorrow = MONDAY + timedelta(days=2)
    with refused("not_holder"):
        handovers.hand_over(
            dossier,
            to=office.counter,
            step=STEP,
            by=office.desk(office.second_specialist, tomorrow),
            at=tomorrow,
        )


def test_nothing_about_a_person_stands_in_events_notices_or_the_log(office: Office) -> None:
    """Names, numbers, addresses of citizens live in rows that can be erased, never in what is
    chained or sent.
    """
    from dossiers.acts import endings
    from dossiers.clock.flags import flag_overdue
    from dossiers.models import Event
    from onestop.accounts.models import AccessEvent
    from onestop.outbox.models import Message

    clerk = office.desk(office.clerk)
    dossier = receive(office, make_case("1 ngày làm việc"), summary="Kết hôn với ông Trần Văn Bảy")
    supplements.ask(
        Seen(dossier.pk),
        items=declared("Chữ ký của ông Bảy"),
        reason="Ông Bảy chưa ký",
        by=clerk,
        at=MONDAY,
    )
    supplements.complete(Seen(dossier.pk), by=clerk, at=MONDAY + timedelta(minutes=5))
    flag_overdue(MONDAY + timedelta(days=10))
    endings.withdraw(
        Seen(dossier.pk),
        endings.EndingIn(requested_by="Nguyễn Văn Ân", reason="Ông Ân rút"),
        by=clerk,
        at=MONDAY,
    )
    told = [
        *Event.objects.values_list("text", flat=True),
        *AccessEvent.objects.values_list("detail", flat=True),
    ]
    told += [f"{m.subject} {m.body}" for m in Message.objects.all()]
    assert len(told) > 4
    for word in ("Ân", "Bảy", "001087000123", "0912345678", "Thôn 2"):
        assert not [text for text in told if word in text], word
