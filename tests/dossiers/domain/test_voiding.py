"""A reception made by mistake is voided: the dossier counts as never received, its number and code
stay taken, its slips are void (R-85, R-88).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from dossiers.acts import endings, handovers, supplements, taking_back, voiding
from dossiers.acts.endings import EndingIn
from dossiers.acts.many import Seen
from dossiers.intake import repeats
from dossiers.intake.wanted import declared
from dossiers.ledger.verifying import verify
from dossiers.models import Dossier, Event, HandOver, Slip, Span
from dossiers.models.voiding import VoidedReception, VoidRequest
from dossiers.states import State
from onestop.accounts.models import Role
from onestop.errors import Conflict, DomainError, say
from onestop.outbox.models import Message
from tests.dossiers.pictures import picture
from tests.world import MONDAY, Office, make_case, make_office, make_officer, receive, vn

pytestmark = pytest.mark.django_db
SOON = MONDAY + timedelta(minutes=30)
WHY = "Nhập nhầm thủ tục"


@pytest.fixture
def office() -> Office:
    return make_office()


@pytest.fixture
def dossier(office: Office) -> Dossier:
    return receive(office, make_case())


def ask(office: Office, dossier: Dossier, at: datetime = SOON) -> VoidRequest:
    clerk = office.desk(office.clerk, at)
    return voiding.put_before(dossier, reason=WHY, approver=office.leader, by=clerk, at=at)


def void(office: Office, dossier: Dossier, at: datetime = SOON) -> Dossier:
    """Asked, agreed to and done."""
    row = ask(office, dossier, at)
    leader = office.desk(office.leader, at)
    voiding.answer(row.pk, agreed=True, words="Đồng ý", by=leader, at=at)
    clerk = office.desk(office.clerk, at)
    return voiding.void_as_agreed(Seen(dossier.pk), row, by=clerk, at=at)


def refused(verb: Callable[[], object]) -> str:
    with pytest.raises(DomainError) as error:
        verb()
    return error.value.code


def test_it_ends_without_a_verdict_in_a_state_that_is_none_of_the_ten(
    office: Office, dossier: Dossier
) -> None:
    void(office, dossier)
    dossier.refresh_from_db()
    assert dossier.state == State.VOIDED
    assert not State.VOIDED.is_national
    assert sum(state.is_national for state in State) == 10
    assert (dossier.ended_at, dossier.verdict, dossier.is_open) == (SOON, None, False)
    assert verify(now=SOON).misfit is None


def test_the_number_in_the_register_and_the_code_stay_taken(
    office: Office, dossier: Dossier
) -> None:
    number = dossier.register_number
    void(office, dossier)
    after = receive(office, make_case(), at=SOON)
    assert (number, after.register_number) == (1, 2)
    assert after.code != dossier.code
    assert verify(now=SOON).misfit is None


def test_who_voided_why_and_who_agreed_is_kept(office: Office, dossier: Dossier) -> None:
    void(office, dossier)
    row = VoidedReception.objects.get()
    kept = (row.reason, row.approver, row.answer, row.voided_by, row.voided_at, row.agency)
    assert kept == (WHY, office.leader, "Đồng ý", office.clerk, SOON, office.agency)
    event = Event.objects.get(kind="void_reception")
    assert WHY not in event.text
    assert json.loads(event.text)["state"] == 11


def test_its_slips_are_void(office: Office, dossier: Dossier) -> None:
    assert Slip.objects.standing().filter(dossier=dossier).count() == 1
    void(office, dossier)
    assert not Slip.objects.standing().filter(dossier=dossier).exists()


def test_what_was_on_its_way_comes_back(office: Office, dossier: Dossier) -> None:
    clerk = office.desk(office.clerk)
    handovers.hand_over(dossier, to=office.room, by=clerk, at=MONDAY)
    void(office, dossier)
    dossier.refresh_from_db()
    assert dossier.pending_department is None
    assert not HandOver.objects.on_the_way().exists()


@pytest.mark.parametrize("given", [False, True])
def test_taking_it_back_restores_everything(office: Office, dossier: Dossier, given: bool) -> None:
    clerk = office.desk(office.clerk)
    if given:
        handovers.hand_over(dossier, to=office.room, by=clerk, at=MONDAY)
    before = picture(Dossier.objects.get(pk=dossier.pk))
    void(office, dossier)
    later = SOON + timedelta(minutes=5)
    taking_back.take_back(Seen(dossier.pk), by=clerk, at=later)
    assert picture(Dossier.objects.get(pk=dossier.pk)) == before
    assert not VoidedReception.objects.standing().exists()
    assert verify(now=later).misfit is None


def standing(dossier: Dossier, cut: datetime) -> list[tuple[int, bool]]:
    rows = Span.objects.filter(dossier=dossier, from_known__lte=cut).order_by("id")
    known = [row for row in rows if row.gone_known is None or row.gone_known > cut]
    return [(row.group, row.to_known is not None and row.to_known <= cut) for row in known]


def test_for_whoever_knows_of_it_the_dossier_never_was(office: Office, dossier: Dossier) -> None:
    """By a cut before it, the dossier counts; by a later one no interval of it stands but the one
    that says so; taken back, all stand again (R-108).
    """
    clerk = office.desk(office.clerk)
    supplements.ask(
        Seen(dossier.pk), items=declared("Năm sinh"), reason="Thiếu", by=clerk, at=MONDAY + timedelta(minutes=5),
    )  # fmt: skip
    supplements.complete(Seen(dossier.pk), by=clerk, at=MONDAY + timedelta(minutes=10))
    before = SOON - timedelta(minutes=1)
    known = standing(dossier, before)
    assert known == [(1, True), (2, True), (1, False)]
    void(office, dossier)
    assert standing(dossier, before) == known
    assert standing(dossier, SOON) == [(Span.Group.VOIDED, False)]
    later = SOON + timedelta(minutes=5)
    taking_back.take_back(Seen(dossier.pk), by=clerk, at=later)
    assert standing(dossier, before) == known
    assert standing(dossier, SOON) == [(Span.Group.VOIDED, False)]
    assert standing(dossier, later) == known
    assert verify(now=later).misfit is None
    # And once more, all at one instant, with an act between that is taken back too.
    endings.withdraw(Seen(dossier.pk), EndingIn("", "Thôi"), by=clerk, at=later)
    taking_back.take_back(Seen(dossier.pk), by=clerk, at=later)
    void(office, dossier, later)
    taking_back.take_back(Seen(dossier.pk), by=clerk, at=later)
    assert standing(dossier, later) == known
    assert verify(now=later).misfit is None


# --- never ----------------------------------------------------------------------------------------


def test_not_once_a_hand_over_was_confirmed(office: Office, dossier: Dossier) -> None:
    handovers.hand_over(dossier, to=office.room, by=office.desk(office.clerk), at=MONDAY)
    handovers.confirm(Seen(dossier.pk), by=office.desk(office.specialist), at=MONDAY)
    # As an old page had it, and as it stands.
    assert refused(lambda: ask(office, dossier)) == "void_confirmed"
    dossier.refresh_from_db()
    assert refused(lambda: ask(office, dossier)) == "void_passed_on"


def test_not_on_another_day(office: Office, dossier: Dossier) -> None:
    assert refused(lambda: void(office, dossier, vn("24/11/2026 07:00"))) == "void_day_over"
    assert void(office, dossier, vn("23/11/2026 23:59"))


def test_what_was_received_on_a_day_off_may_be_voided_on_the_next_working_day(
    office: Office,
) -> None:
    sunday = receive(office, make_case(), at=vn("22/11/2026 09:00"))
    assert refused(lambda: void(office, sunday, vn("24/11/2026 00:00"))) == "void_day_over"
    assert void(office, sunday, vn("23/11/2026 16:00"))


def test_the_office_may_allow_more_days(
    office: Office, dossier: Dossier, settings: pytest.MonkeyPatch
) -> None:
    settings.VOID_RECEPTION_WORKING_DAYS = 1  # type: ignore[attr-defined]
    assert refused(lambda: void(office, dossier, vn("26/11/2026 07:00"))) == "void_day_over"
    # The 24th is a day off.
    assert void(office, dossier, vn("25/11/2026 16:00"))


def test_a_year_without_a_calendar_takes_nothing_away_and_gives_no_wrong_reason(
    office: Office,
) -> None:
    """No day is known for passing it on, which is not that it was passed on (docs/adr/0010)."""
    at = vn("06/01/2031 09:00")
    dossier = receive(office, make_case(), at=at)
    assert (dossier.undetermined, dossier.forward_by) == (True, None)
    clerk = office.desk(office.clerk, at)
    passed_on = receive(office, make_case(), at=at)
    handovers.hand_over(passed_on, to=office.room, by=clerk, at=at)
    handovers.confirm(Seen(passed_on.pk), by=office.desk(office.specialist, at), at=at)
    passed_on.refresh_from_db()
    assert refused(lambda: void(office, passed_on, at)) == "void_passed_on"
    assert void(office, dossier, at).state == State.VOIDED


def test_never_once_it_is_late(office: Office) -> None:
    hours = receive(office, make_case("1 giờ làm việc"))
    assert refused(lambda: void(office, hours, MONDAY + timedelta(hours=1))) == "void_late"


def test_not_an_online_dossier_whose_code_is_the_portals(office: Office) -> None:
    from procedures.channels import Channel

    filed = receive(office, make_case(), channel=Channel.ONLINE_FULL)
    assert refused(lambda: ask(office, filed)) == "void_online"


def test_not_without_reason_nor_by_somebody_who_may_not_approve(
    office: Office, dossier: Dossier
) -> None:
    clerk = office.desk(office.clerk)
    approver, at = office.leader, SOON
    empty = {"reason": " ", "approver": approver, "by": clerk, "at": at}
    assert refused(lambda: voiding.put_before(dossier, **empty)) == "reason_missing"
    wrong = empty | {"reason": WHY, "approver": office.specialist}
    assert refused(lambda: voiding.put_before(dossier, **wrong)) == "approver_invalid"
    leader = office.desk(office.leader)
    by_leader = empty | {"reason": WHY, "by": leader}
    assert refused(lambda: voiding.put_before(dossier, **by_leader)) == "role_missing"
    assert refused(lambda: voiding.void(Seen(dossier.pk), reason=WHY, by=clerk, at=at)) == "approver_invalid"  # fmt: skip


def test_not_before_he_has_agreed_and_not_when_he_said_no(office: Office, dossier: Dossier) -> None:
    row, clerk = ask(office, dossier), office.desk(office.clerk)

    def done() -> Dossier:
        return voiding.void_as_agreed(Seen(dossier.pk), row, by=clerk, at=SOON)

    assert refused(done) == "void_gone"
    leader = office.desk(office.leader)
    no = {"agreed": False, "words": " ", "by": leader, "at": SOON}
    assert refused(lambda: voiding.answer(row.pk, **no)) == "guidance_reason"
    voiding.answer(row.pk, **no | {"words": "Không nhầm"})
    assert refused(done) == "void_gone"
    voiding.take_back_answer(row.pk, by=leader, at=SOON)
    voiding.answer(row.pk, **no | {"agreed": True})
    assert done()
    assert refused(done) in ("void_gone", "wrong_state")
    dossier.refresh_from_db()
    assert dossier.state == State.VOIDED


def test_nothing_is_agreed_to_that_cannot_be_done_any_more(
    office: Office, dossier: Dossier
) -> None:
    """The day is over, or somebody has confirmed: a yes would come to nothing; a no ends the wait."""
    row, late = ask(office, dossier), vn("24/11/2026 07:00")
    leader = office.desk(office.leader, late)
    said = {"agreed": True, "words": "", "by": leader, "at": late}
    assert refused(lambda: voiding.answer(row.pk, **said)) == "void_day_over"
    voiding.answer(row.pk, **said | {"agreed": False, "words": "Đã qua ngày"})
    assert not voiding.waiting_for(leader).exists()


def test_an_answer_to_what_was_passed_on_is_taken_back_no_more(
    office: Office, dossier: Dossier
) -> None:
    row, leader = ask(office, dossier), office.desk(office.leader)
    voiding.answer(row.pk, agreed=True, words="", by=leader, at=SOON)
    assert list(voiding.answered_by(office.leader)) == [row]
    clerk, later = office.desk(office.clerk), SOON + timedelta(minutes=5)
    dossier.refresh_from_db()
    handovers.hand_over(dossier, to=office.room, by=clerk, at=later)
    handovers.confirm(Seen(dossier.pk), by=office.desk(office.specialist), at=later)
    assert not voiding.answered_by(office.leader)
    back = {"by": leader, "at": later}
    assert refused(lambda: voiding.take_back_answer(row.pk, **back)) == "void_gone"


def test_who_voids_at_once_locks_what_was_asked_before_the_dossier(
    office: Office, dossier: Dossier, queries: Callable[[], Any]
) -> None:
    """As whoever voids what was agreed to: else the two would wait for each other."""
    both = make_officer(
        "Vũ Văn Hải", office.agency, (Role.CLERK, office.counter), (Role.HEAD, None)
    )
    ask(office, dossier)
    with queries() as asked:
        voiding.void(Seen(dossier.pk), reason=WHY, by=office.desk(both), at=SOON)
    sql = [one["sql"] for one in asked]
    closed = next(n for n, one in enumerate(sql) if one.startswith('UPDATE "dossiers_voidrequest"'))
    locked = next(n for n, one in enumerate(sql) if 'FROM "dossiers_dossier"' in one)
    assert closed < locked
    assert not VoidRequest.objects.filter(closed_at=None).exists()


def test_only_whom_it_was_put_before_answers(office: Office, dossier: Dossier) -> None:
    row = ask(office, dossier)
    head = office.desk(office.head)
    yes = {"agreed": True, "words": "", "by": head, "at": SOON}
    assert refused(lambda: voiding.answer(row.pk, **yes)) == "void_gone"


def test_asked_anew_the_one_before_gives_way(office: Office, dossier: Dossier) -> None:
    first, second = ask(office, dossier), ask(office, dossier, SOON + timedelta(minutes=1))
    yes = {"agreed": True, "words": "", "by": office.desk(office.leader), "at": SOON}
    assert refused(lambda: voiding.answer(first.pk, **yes)) == "void_gone"
    assert voiding.answer(second.pk, **yes).agreed
    told = Message.objects.filter(to_officer=office.leader, kind="void_asked").order_by("pk")
    assert [row.subject.startswith("Đã hoàn tác") for row in told] == [True, False]


def test_an_old_page_voids_nothing(office: Office, dossier: Dossier) -> None:
    row = ask(office, dossier)
    voiding.answer(row.pk, agreed=True, words="", by=office.desk(office.leader), at=SOON)
    clerk = office.desk(office.clerk)
    with pytest.raises(Conflict):
        voiding.void_as_agreed(Seen(dossier.pk, 99), row, by=clerk, at=SOON)
    row.refresh_from_db()
    assert row.closed_at is None


def test_handed_in_anew_it_is_no_repeat(office: Office) -> None:
    case = make_case()
    dossier = receive(office, case)
    void(office, dossier)
    found = repeats.repeats(
        identity_number=dossier.identity_number,
        procedure_id=case.version.procedure_id,
        agency=office.agency,
        at=SOON,
    )
    assert found == []


@pytest.mark.parametrize(
    "code", ["void_passed_on", "void_confirmed", "void_late", "void_day_over", "void_online"]
)
def test_whoever_may_not_void_reads_what_to_do_instead(code: str) -> None:
    assert say(code).endswith("Hãy dùng “Rút hồ sơ” hoặc “Dừng giải quyết”.")
