"""Where one turn of a dossier meets another: what was received by mistake and was in an envelope, was
apologised for, had a visit before it or a letter with a number; time left out twice.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from dossiers.acts import (
    apology,
    appointments,
    correcting,
    envelopes,
    handovers,
    lawful_time,
    outgoing,
    reception,
    supplements,
    taking_back,
    visits,
    voiding,
)  # fmt: skip
from dossiers.acts.endings import ResultIn, finish, record_result
from dossiers.acts.many import Seen
from dossiers.desk import intake as queries
from dossiers.desk import matters
from dossiers.forms.intake_papers import default_rows, papers_in
from dossiers.intake.brought import Person
from dossiers.intake.wanted import declared
from dossiers.ledger.verifying import verify
from dossiers.models import CounterVisit, Dossier, Slip
from dossiers.models.envelopes import Envelope
from dossiers.models.outgoing import OutgoingDocument
from dossiers.states import State
from onestop.accounts.models import Officer, Role
from procedures.models import Case
from reports import lateness
from tests.clock import Clock
from tests.dossiers.own.correcting import as_it_stands
from tests.dossiers.pictures import picture
from tests.world import MONDAY, Office, an_intake, make_case, make_office, make_officer, receive, vn

pytestmark = pytest.mark.django_db
Enter = Callable[[Officer], Any]
SOON = MONDAY + timedelta(minutes=30)
OWNER = Person("Nguyễn Văn Ân", identity_number="001087000123", phone="0912345678")


@pytest.fixture
def office() -> Office:
    return make_office()


def void(office: Office, dossier: Dossier, at: datetime = SOON) -> None:
    clerk, leader = office.desk(office.clerk, at), office.desk(office.leader, at)
    row = voiding.put_before(dossier, reason="Nhầm", approver=office.leader, by=clerk, at=at)
    voiding.answer(row.pk, agreed=True, words="Đồng ý", by=leader, at=at)
    voiding.void_as_agreed(Seen(dossier.pk), row, by=clerk, at=at)
    dossier.refresh_from_db()


# --- an envelope ----------------------------------------------------------------------------------


@pytest.fixture
def case() -> Case:
    return make_case(name="Thủ tục đăng ký khai sinh")


def an_envelope(office: Office, case: Case, *names: str) -> tuple[Envelope, list[Dossier]]:
    sender = envelopes.Sender("Lý Văn Sơn", "Trưởng thôn")
    clerk = office.desk(office.clerk)
    made = envelopes.open_envelope(office.agency, case, sender, token=uuid4(), by=clerk, at=MONDAY)
    return made, [one.dossier for one in put_in(office, made, case, *names) if one.dossier]


def put_in(
    office: Office, envelope: Envelope, case: Case, *names: str, at: datetime = MONDAY
) -> list[envelopes.Received]:
    papers = papers_in(default_rows(queries.cases_of(case.version)[0]))
    common = envelopes.Common(case, papers, "Quét sau")
    owners = [(name, Person(name)) for name in names]
    return envelopes.receive_all(envelope, owners, common, by=office.desk(office.clerk, at), at=at)


def test_the_receipt_of_an_envelope_lists_nothing_that_was_voided(
    office: Office, case: Case, signed_in: Enter, clock: Clock
) -> None:
    envelope, rows = an_envelope(office, case, "Hà Văn Một", "Hà Văn Hai")
    void(office, rows[0])
    clerk, address = signed_in(office.clerk), f"/tiep-nhan/tap-the/{envelope.pk}/"
    made = clerk.post(f"{address}giay/lap/", follow=True)
    paper = made.content.decode().replace("<wbr>", "")
    assert (rows[0].code in paper, rows[1].code in paper) == (False, True)
    assert "Đã hủy tiếp nhận" in clerk.get(address).content.decode()
    void(office, rows[1])
    assert "In giấy tiếp nhận" not in clerk.get(address).content.decode()
    assert clerk.post(f"{address}giay/lap/").status_code == 404
    # The last one stays, and says that it is void.
    paper = clerk.get(f"{address}giay/?in=1").content.decode()
    assert ("không còn giá trị" in paper, "data-autoprint" in paper) == (True, False)


def test_a_voided_reception_makes_the_receipt_of_its_envelope_void(
    office: Office, case: Case, signed_in: Enter, clock: Clock
) -> None:
    """What the sender has in hand lists a dossier that does not count: it is void at once, and made
    anew of the others; taking the voiding back makes one of all.
    """
    envelope, rows = an_envelope(office, case, "Hà Văn Một", "Hà Văn Hai")
    [old] = Slip.objects.filter(slug="tiep-nhan-tap-the")
    void(office, rows[0])
    old.refresh_from_db()
    assert old.undone_at == SOON
    by = office.desk(office.clerk, SOON)
    new = envelopes.receipt(envelope, by=by, at=SOON)
    assert new is not None
    assert [line["code"] for line in new.snapshot["lines"]] == [rows[1].code]
    assert envelopes.receipt(envelope, by=by, at=SOON) == new
    taking_back.take_back(Seen(rows[0].pk), by=by, at=SOON)
    last = envelopes.receipt(envelope, by=by, at=SOON)
    assert last is not None
    assert len(last.snapshot["lines"]) == 2
    assert verify(now=SOON).misfit is None


def test_a_line_whose_dossier_was_voided_is_received_anew(office: Office, case: Case) -> None:
    envelope, (first, other) = an_envelope(office, case, "Hà Văn Một", "Hà Văn Hai")
    void(office, first)
    for _ in range(2):  # pressed twice it is one
        done = put_in(office, envelope, case, "Hà Văn Một", "Hà Văn Hai", at=SOON)
        assert [one.error for one in done] == [None, None]
        again, same = (one.dossier for one in done)
        assert again is not None
        assert (again.state, same) == (State.RECEIVED, other)
    assert Dossier.objects.count() == 3
    assert again is not None
    void(office, again)
    (third,) = put_in(office, envelope, case, "Hà Văn Một", at=SOON)
    assert third.dossier not in (None, first, again)
    assert verify(now=SOON).misfit is None


def test_a_voided_one_is_not_given_back_with_the_others(office: Office, case: Case) -> None:
    envelope, (first, other) = an_envelope(office, case, "Hà Văn Một", "Hà Văn Hai")
    void(office, first)
    clerk = office.desk(office.clerk, SOON)
    result = ResultIn(number="1", issued_on=SOON.date(), signer="Tuấn")
    record_result(Seen(other.pk), result, by=clerk, at=SOON)
    finish(Seen(other.pk), by=clerk, at=SOON, note="Sở ký")
    assert envelopes.ready_of(envelope) == [other]


# --- a voided reception ---------------------------------------------------------------------------


def test_what_was_apologised_for_and_voided_is_in_no_list_of_apologies(office: Office) -> None:
    kept, voided = (receive(office, make_case("3 ngày làm việc")) for _ in range(2))
    for one in (kept, voided):
        by = office.desk(office.leader, SOON)
        apology.apologise(Seen(one.pk), reason="Chờ xác minh", by=by, at=SOON)
    void(office, voided, SOON + timedelta(minutes=5))
    asked = lateness.Asked([office.agency.pk], SOON, SOON.date(), SOON.date())
    for shown in lateness.LISTS.values():
        found = set(Dossier.objects.filter(lateness.rows_of(shown, asked)))
        assert found <= {kept}, shown.key
    assert set(Dossier.objects.filter(lateness.rows_of(lateness.IN_TIME, asked))) == {kept}


def test_the_number_of_a_letter_goes_with_the_voided_reception(office: Office) -> None:
    """The line stays in the register of outgoing documents and says so, until it is taken back."""
    stamper = make_officer("Đào Thị Thư", office.agency, (Role.DOCUMENTS, office.room))
    dossier = receive(office, make_case("3 ngày làm việc"))
    by = office.desk(office.leader, SOON)
    apology.apologise(Seen(dossier.pk), reason="Chờ xác minh", by=by, at=SOON)
    letter = Slip.objects.get(dossier=dossier, slug=apology.SLUG)
    (done,) = outgoing.number_letters([letter.pk], by=office.desk(stamper, SOON), at=SOON)
    assert done.error is None
    before = picture(dossier)
    at = SOON + timedelta(minutes=5)
    void(office, dossier, at)
    line = OutgoingDocument.objects.get()
    assert (line.number, line.undone_at) == (1, at)
    taking_back.take_back(Seen(dossier.pk), by=office.desk(office.clerk, at), at=at)
    assert picture(dossier) == before
    assert verify(now=at).misfit is None


def guide(office: Office, case: Case, at: datetime, **more: Any) -> CounterVisit:
    said = visits.Said(
        CounterVisit.Kind.COMPLETE, agency=office.agency, version=case.version, case=case,
        owner=OWNER, items=declared("Ngày sinh"), reason="Chưa đủ", **more,
    )  # fmt: skip
    return visits.record(said, by=office.desk(office.clerk, at), at=at)


def test_a_visit_counts_though_its_dossier_was_voided(office: Office, case: Case) -> None:
    """R-44, R-50: completion is asked for once in one matter, whatever was received by mistake."""
    visit = guide(office, case, MONDAY - timedelta(hours=1))
    first = receive(office, case)
    assert matters.guided(first) == 1
    void(office, first)
    more: dict[str, Any] = {
        "name": OWNER.name, "identity": OWNER.identity_number, "phone": OWNER.phone,
        "agency": office.agency, "procedure_id": case.version.procedure_id,
    }  # fmt: skip
    assert matters.earlier_visits(**more, at=SOON) == [visit]
    again = receive(office, case, at=SOON)
    assert supplements.rounds(again) == 1
    other = Person("Trần Thị Bé", identity_number="001187000124", address="Thôn 3")
    intake = replace(an_intake(office, case), owner=other)
    stranger = reception.receive(intake, by=office.desk(office.clerk, SOON), at=SOON)
    assert supplements.rounds(stranger) == 0
    assert verify(now=SOON).misfit is None


# --- a corrected reception ------------------------------------------------------------------------


def test_a_correction_keeps_the_call_to_a_step(
    office: Office, signed_in: Enter, clock: Clock
) -> None:
    dossier = receive(office, make_case())
    clerk = office.desk(office.clerk, SOON)
    step = appointments.Step("Kiểm tra thực địa", SOON + timedelta(hours=1), "Thôn 2")
    appointments.appoint_step(Seen(dossier.pk), step, by=clerk, at=SOON)
    dossier.refresh_from_db()
    said = as_it_stands(dossier)
    case = Case.objects.prefetch_related("methods", "papers").get(pk=dossier.case_id)
    said = replace(said, owner=replace(said.owner, name="Nguyễn Văn Ấn"))
    correcting.correct(Seen(dossier.pk), said, case=case, reason="Gõ nhầm", by=clerk, at=SOON)
    clock.now = SOON
    page = signed_in(office.clerk).get(dossier.get_absolute_url()).content.decode()
    assert "Kiểm tra thực địa" in page
    slips = Slip.objects.standing().filter(dossier=dossier)
    assert sorted(slips.values_list("slug", flat=True)) == ["hen-buoc", "tiep-nhan"]


# --- time that does not count ---------------------------------------------------------------------


def test_time_that_was_waited_for_is_not_left_out_twice(office: Office) -> None:
    """The applicant is waited for from Wednesday to Friday; the same days are then decided not to
    count. The promise moves once.
    """
    asked, there = vn("25/11/2026 08:00"), vn("27/11/2026 08:00")
    dossiers = [receive(office, make_case("7 ngày làm việc")) for _ in range(2)]
    for dossier in dossiers:
        clerk = office.desk(office.clerk, asked)
        supplements.ask(Seen(dossier.pk), items=declared("A"), reason="Thiếu", by=clerk, at=asked)
        supplements.complete(Seen(dossier.pk), by=office.desk(office.clerk, there), at=there)
    at = vn("27/11/2026 09:00")
    waited, both = dossiers
    what = lawful_time.Excluding(
        kind="khac", basis="Điều 5", reason="Giám định", begins=asked, ends=there
    )
    lawful_time.exclude(Seen(both.pk), what, by=office.desk(office.leader, at), at=at)
    waited.refresh_from_db()
    both.refresh_from_db()
    assert both.due_at == waited.due_at
    assert verify(now=at).misfit is None


def test_a_hand_over_of_a_voided_one_stands_on_no_list_to_receive(office: Office) -> None:
    dossier = receive(office, make_case())
    handovers.hand_over(dossier, to=office.room, by=office.desk(office.clerk, SOON), at=SOON)
    void(office, dossier)
    assert dossier.pending_department_id is None
    assert dossier.late_from is None or not dossier.is_late(vn("01/03/2027 08:00"))
