"""Random walks of acts: whatever a commune's officers try in whatever order, an undefined state is never reached, a refused act
writes nothing, and the stored columns are what the events and the ledger say."""

import json
from collections.abc import Callable
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dossiers.domain import deadlines, endings, events, handovers, supplements
from dossiers.domain.desks import hand_desk_over
from dossiers.domain.handovers import NextStep, Seen
from dossiers.domain.spans import group_of
from dossiers.models import ClockChange, Dossier, Event, HandOver, OfficeSettings, Span
from dossiers.models.handover import Purpose
from dossiers.queries.timeline import ONE_STOP, control_sheet
from dossiers.states import ENDED, WAITING, State
from onestop.accounts.calendars import calendar_of
from onestop.accounts.desk import Desk
from onestop.accounts.models import Department, Role, RoleGrant
from onestop.errors import DomainError
from onestop.worktime import parse_term
from tests.world import MONDAY, Office, make_case, make_office, make_officer, receive, vn

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
Act = Callable[[Seen, Desk, datetime, Office], Any]


def give(to: str, receiver: str | None = None, purpose: Purpose | None = None) -> Act:
    def act(seen: Seen, by: Desk, at: datetime, office: Office) -> Any:
        department: Department = getattr(office, to)
        step = NextStep(name="Việc", minutes=240, purpose=purpose) if purpose else None
        officer = getattr(office, receiver) if receiver else None
        _, (done,) = handovers.hand_over_many([seen], to=department, receiver=officer, step=step, by=by, at=at)
        if done.error:
            raise done.error

    return act


def result(*, electronic: bool = False, refused: bool = False) -> Act:
    data = endings.ResultIn(
        kind=endings.Result.Kind.REFUSED if refused else endings.Result.Kind.GRANTED,
        number="1", issued_on=date(2026, 11, 23), signer="Tuấn", reason="Không đủ điều kiện", electronic=electronic,
    )  # fmt: skip
    files = [("ket-qua.pdf", PDF)] if electronic else []
    return lambda seen, by, at, office: endings.record_result(seen, data, by=by, at=at, files=files)


def ask(seen: Seen, by: Desk, at: datetime, office: Office) -> Any:
    more = {"legal_basis": "Điều 19", "approver": office.head, "approval_reason": "Cần thiết"}
    return supplements.ask(seen, items=["Giấy A"], reason="Thiếu", by=by, at=at, **more)


ENDING = endings.EndingIn("Nguyễn Văn Ân", "Không cần nữa", decision_number="12/QĐ", signer="Lê Văn Chủ", fee_consequence="Không thu")
ACTS: dict[str, Act] = {
    "give_room": give("room"),
    "give_specialist": give("room", "specialist"),
    "give_leader": give("leadership", "leader", Purpose.APPROVE),
    "give_counter": give("counter"),
    "confirm": lambda seen, by, at, office: handovers.confirm(seen, by=by, at=at),
    "recall": lambda seen, by, at, office: handovers.recall(seen, by=by, at=at),
    "result": result(),
    "electronic": result(electronic=True),
    "refusal": result(refused=True),
    "finish": lambda seen, by, at, office: endings.finish(seen, by=by, at=at),
    "return": lambda seen, by, at, office: endings.give_back(seen, endings.Taking("Nguyễn Văn Ân"), by=by, at=at),
    "propose": lambda seen, by, at, office: supplements.propose(seen, items=["B"], reason="Thiếu", by=by, at=at),
    "ask": ask,
    "complete": lambda seen, by, at, office: supplements.complete(seen, by=by, at=at),
    "withdraw": lambda seen, by, at, office: endings.withdraw(seen, ENDING, by=by, at=at),
    "stop": lambda seen, by, at, office: endings.stop(seen, ENDING, by=by, at=at),
    "apologise": lambda seen, by, at, office: endings.re_appoint(
        seen, extra=parse_term("2 ngày làm việc"), reason="Chậm", by=by, at=at
    ),
    "take_back": lambda seen, by, at, office: endings.take_back(seen, by=by, at=at),
    "move_desk": lambda seen, by, at, office: hand_desk_over(office.specialist, office.head, by=by, at=at, reason="Nghỉ"),
}  # fmt: skip
PEOPLE = ("clerk", "specialist", "head", "leader", "second_specialist")

steps = st.lists(
    st.tuples(st.sampled_from(sorted(ACTS)), st.sampled_from(PEOPLE), st.sampled_from([5, 90, 600, 1500, 4000])), min_size=1, max_size=14
)


def standing_is_folded(dossier: Dossier) -> None:
    """The last event says what the columns say; the ledger gives the promise; rows and columns agree."""
    rows = list(Event.objects.filter(dossier=dossier).order_by("seq"))
    assert [e.seq for e in rows] == list(range(1, len(rows) + 1))
    assert all(b.previous == a.hash for a, b in pairwise(rows))
    assert all(e.hash == events.chain(e.previous, e.text) for e in rows)
    assert json.loads(rows[-1].text)["after"] == events.standing(dossier)
    state = State(dossier.state)
    assert (dossier.ended_at is not None) == (state in ENDED) == (dossier.verdict is not None)
    assert (dossier.waiting_since is not None) == (state in WAITING)
    copy = Dossier.objects.get(pk=dossier.pk)
    deadlines.refold(copy, calendar_of(dossier.agency_id))
    for name in ("due_at", "legal_due_at", "first_due_at", "late_from", "warn_at", "sort_due", "late_while_waiting"):
        assert getattr(copy, name) == getattr(dossier, name), name
    waiting = HandOver.objects.filter(dossier=dossier, confirmed_at=None, recalled_at=None).count()
    assert waiting == (dossier.pending_department_id is not None)
    spans = list(Span.objects.filter(dossier=dossier).order_by("id"))
    assert [s.group for s in spans if s.to_at is None] == [group_of(dossier.state)]
    assert all(a.to_at == b.from_at and a.group != b.group for a, b in pairwise(spans))
    open_waits = ClockChange.objects.filter(dossier=dossier, end=None, undone=False, kind__in=["pause", "restart"]).count()
    assert open_waits == (state in WAITING) or state in (State.WITHDRAWN, State.STOPPED)
    sheet = control_sheet(dossier)
    hand_overs = HandOver.objects.filter(dossier=dossier, recalled_at=None)
    assert len(sheet) in (len(hand_overs), len(hand_overs) + 1)
    if sheet:
        assert sheet[0].giver_unit == ONE_STOP
    if state in (State.FINISHED, State.RETURNED) and sheet and dossier.pending_department_id is None:
        moved_on = dossier.holder_department_id != hand_overs[0].giver_department_id and state == State.FINISHED
        assert sheet[-1].receiver_unit == ONE_STOP or moved_on


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(walk=steps, term=st.sampled_from(["1 ngày làm việc", "7 ngày làm việc", "8 giờ làm việc", "10 ngày", "không phải trả kết quả"]))
def test_no_walk_reaches_an_undefined_state(walk: list[tuple[str, str, int]], term: str) -> None:
    office = make_office()
    dossier = receive(office, make_case(term))
    at = MONDAY
    for name, who, minutes in walk:
        at += timedelta(minutes=minutes)
        before = Dossier.objects.get(pk=dossier.pk).row_version
        try:
            ACTS[name](Seen(dossier.pk), office.desk(getattr(office, who), at), at, office)
        except DomainError:
            assert Dossier.objects.get(pk=dossier.pk).row_version == before
        standing_is_folded(Dossier.objects.get(pk=dossier.pk))


@pytest.mark.parametrize("decision", ["", "QĐ 12/QĐ-UBND ngày 05/01/2026"])
def test_a_commune_of_five_with_one_person_in_several_roles(decision: str) -> None:
    """One officer handles and heads, another is clerk and văn thư; own work is approved only when a decision allows it."""
    office = make_office("Ủy ban nhân dân xã Vùng Cao")
    OfficeSettings.objects.create(agency=office.agency, self_approval_decision=decision)
    many = make_officer(
        "Giàng A Páo", office.agency, (Role.SPECIALIST, office.room), (Role.HEAD, office.room), (Role.LEADER, office.leadership)
    )
    RoleGrant.objects.create(
        officer=office.clerk, role=Role.DOCUMENTS, agency=office.agency, department=office.counter, valid_from=date(2018, 1, 1)
    )
    dossier = receive(office, make_case())
    clerk, all_in_one = office.desk(office.clerk), office.desk(many)
    handovers.hand_over(dossier, to=office.room, receiver=many, by=clerk, at=MONDAY)
    handovers.confirm(Seen(dossier.pk), by=all_in_one, at=vn("23/11/2026 09:30"))
    data = endings.ResultIn(number="7/GXN", issued_on=date(2026, 11, 23), signer="Giàng A Páo")
    endings.record_result(Seen(dossier.pk), data, by=all_in_one, at=vn("23/11/2026 10:00"))
    handovers.hand_over(Dossier.objects.get(pk=dossier.pk), to=office.leadership, receiver=many, by=all_in_one, at=vn("23/11/2026 10:05"))
    row = HandOver.objects.filter(dossier=dossier).latest("seq")
    assert (row.confirmed_by, row.giver_role, row.receiver_role, row.purpose) == (many, "specialist", "leader", Purpose.APPROVE)

    def home() -> None:
        handovers.hand_over(Dossier.objects.get(pk=dossier.pk), to=office.counter, by=all_in_one, at=vn("23/11/2026 10:10"))

    if decision:
        home()
        after = handovers.confirm(Seen(dossier.pk), by=clerk, at=vn("23/11/2026 10:20"))
        assert after.state == State.FINISHED
        assert control_sheet(after)[1].receiver == "Giàng A Páo (lãnh đạo)"
    else:
        with pytest.raises(DomainError, match="own_work"):
            home()
        back = NextStep(name="Sửa lại", purpose=Purpose.SEND_BACK)
        fresh = Dossier.objects.get(pk=dossier.pk)
        handovers.hand_over(fresh, to=office.room, receiver=many, step=back, by=all_in_one, at=vn("23/11/2026 10:12"))
        fresh = Dossier.objects.get(pk=dossier.pk)
        handovers.hand_over(fresh, to=office.leadership, receiver=office.leader, by=all_in_one, at=vn("23/11/2026 10:15"))
        handovers.confirm(Seen(dossier.pk), by=office.desk(office.leader), at=vn("23/11/2026 10:20"))
        fresh = Dossier.objects.get(pk=dossier.pk)
        handovers.hand_over(fresh, to=office.counter, by=office.desk(office.leader), at=vn("23/11/2026 10:30"))  # somebody else approved
