"""Lấy ý kiến (R-63): who is asked and told, what the asked unit sees and loses, answers in time, late and
never, and what of it stands on the dossier's page, the control sheet and in the causes of lateness.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest

from dossiers.acts import consulting, endings, handovers, printing, receiving, taking_back
from dossiers.acts.consulting import Opinion, Question
from dossiers.acts.endings import EndingIn
from dossiers.acts.handovers import NextStep
from dossiers.acts.many import Seen
from dossiers.desk import consulted
from dossiers.ledger.verifying import verify
from dossiers.models import Dossier, Slip
from dossiers.models.consulting import Consultation, Said, Stand
from dossiers.views import consulting as consulting_pages
from onestop.accounts.models import Role
from onestop.errors import DomainError
from onestop.outbox.models import Message
from reports.models.cause import Cause
from reports.proposing import proposed
from tests.clock import Clock
from tests.samples import PDF
from tests.stored import store
from tests.world import MONDAY, Office, make_office, make_officer, vn

AtRoom = Callable[..., Dossier]
WEDNESDAY = date(2026, 11, 25)
THURSDAY = vn("26/11/2026 08:30")
YES = Opinion(Said.AGREED, "Không tranh chấp", "12/CV", MONDAY.date())


@pytest.fixture
def other(office: Office) -> Office:
    return make_office("Ủy ban nhân dân xã Bạch Đằng")


def ask(office: Office, dossier: Dossier, **more: Any) -> list[Consultation]:
    said: dict[str, Any] = {"content": "Thửa đất có tranh chấp không?", "day": WEDNESDAY}
    by, at = more.pop("by", office.specialist), more.pop("at", MONDAY)
    question = Question(**said | more)
    return consulting.consult(Seen(dossier.pk), question, by=office.desk(by, at), at=at)


def refused(verb: Callable[[], Any]) -> str:
    with pytest.raises(DomainError) as error:
        verb()
    return str(error.value.code)


def told(kind: str) -> list[str]:
    rows = Message.objects.filter(kind=kind).order_by("pk")
    return [str(officer) for officer in rows.values_list("to_officer__full_name", flat=True)]


def test_many_are_asked_at_once_with_one_letter(
    office: Office, other: Office, at_room: AtRoom
) -> None:
    dossier = at_room()
    promised = Dossier.objects.values_list("due_at", "legal_due_at").get(pk=dossier.pk)
    rows = ask(
        office, dossier, rooms=[office.second_room], agencies=[other.agency], bodies=["Điện lực", " Điện lực "]
    )  # fmt: skip
    assert [row.to for row in rows] == [office.second_room.name, other.agency.name, "Điện lực"]
    assert {row.answer_by for row in rows} == {vn("25/11/2026 17:00")}
    assert told("opinion_asked") == [office.second_specialist.full_name, other.head.full_name, other.leader.full_name]  # fmt: skip
    letter = Slip.objects.get(slug=consulting.SLUG)
    assert letter.snapshot["to"] == [other.agency.name, "Điện lực"]
    assert Dossier.objects.values_list("due_at", "legal_due_at").get(pk=dossier.pk) == promised
    ask(office, dossier, rooms=[office.leadership])
    assert Slip.objects.filter(slug=consulting.SLUG).count() == 1, "no letter within the office"
    assert list(verify(now=MONDAY).misfits) == []


def test_forged_and_senseless_questions_are_refused(
    office: Office, other: Office, at_room: AtRoom
) -> None:
    dossier, elsewhere = at_room(), at_room()
    scan = store(PDF, name="a.pdf", kind="dossier", object_id=elsewhere.pk, by=office.clerk)
    room = [office.second_room]
    senseless: dict[str, dict[str, Any]] = {
        "consult_missing": {"rooms": room, "content": " "},
        "consult_nobody": {"bodies": [" "]},
        "consult_own": {"rooms": [office.room]},
        "consult_past": {"rooms": room, "day": date(2026, 11, 20)},
        "consult_day_off": {"rooms": room, "day": date(2026, 11, 24)},
        "consult_no_calendar": {"rooms": room, "day": date(2199, 11, 25)},
        "consult_file": {"rooms": room, "files": [scan.pk]},
        "consult_many": {"bodies": [f"Nơi {n}" for n in range(21)]},
        "not_holder": {"rooms": room, "by": office.second_specialist},
        "role_missing": {"rooms": room, "by": office.controller},
    }
    for code, more in senseless.items():
        assert refused(partial(ask, office, dossier, **more)) == code
    assert not Consultation.objects.exists()
    [row] = ask(office, dossier, rooms=room)
    assert refused(lambda: ask(office, dossier, rooms=room)) == "consult_asked"
    stranger = other.desk(other.specialist)
    assert refused(lambda: consulting.answer(row.pk, YES, by=stranger, at=MONDAY)) == "consult_gone"
    # One of another dossier is none of this one.
    by = office.desk(office.specialist)
    forged = Seen(elsewhere.pk)
    assert refused(lambda: consulting.record_opinion(forged, row.pk, YES, by=by, at=MONDAY)) == "consult_gone"  # fmt: skip
    assert refused(lambda: consulting.withdraw(forged, row.pk, why="x", by=by, at=MONDAY)) == "consult_gone"  # fmt: skip
    later = Opinion(Said.AGREED, "Được", on=date(2026, 11, 30))
    mine = office.desk(office.second_specialist)
    assert refused(lambda: consulting.answer(row.pk, later, by=mine, at=MONDAY)) == "opinion_day"
    assert refused(lambda: consulting.answer(row.pk, Opinion(None, "x"), by=mine, at=MONDAY)) == "opinion_said"  # fmt: skip
    assert refused(lambda: consulting.answer(row.pk, Opinion(Said.NOT, " "), by=mine, at=MONDAY)) == "opinion_missing"  # fmt: skip


def test_silence_only_after_the_day_and_an_answer_still_counts(
    office: Office, at_room: AtRoom
) -> None:
    dossier = at_room()
    [row] = ask(office, dossier, bodies=["Điện lực"])
    by, seen = office.desk(office.specialist, THURSDAY), Seen(dossier.pk)
    assert refused(lambda: consulting.record_silence(seen, row.pk, by=by, at=MONDAY)) == "consult_early"  # fmt: skip
    consulting.record_silence(seen, row.pk, by=by, at=THURSDAY)
    row.refresh_from_db()
    assert row.stand(THURSDAY) == Stand.SILENT
    assert refused(lambda: consulting.record_silence(seen, row.pk, by=by, at=THURSDAY)) == "consult_silent"  # fmt: skip
    done = consulting.record_opinion(seen, row.pk, YES, by=by, at=THURSDAY + timedelta(hours=1))
    assert done.is_late
    assert done.stand(THURSDAY) == Stand.LATE
    assert refused(lambda: consulting.withdraw(seen, row.pk, why="x", by=by, at=THURSDAY)) == "consult_gone"  # fmt: skip
    taking_back.take_back(seen, by=by, at=THURSDAY + timedelta(hours=2))
    row.refresh_from_db()
    assert row.stand(THURSDAY) == Stand.SILENT
    consulting.withdraw(seen, row.pk, why="Đã rõ", by=by, at=THURSDAY + timedelta(hours=3))
    assert list(verify(now=THURSDAY).misfits) == []


def test_late_ones_are_told_to_the_head_of_the_counter_and_to_who_asked_once(
    office: Office, other: Office, at_room: AtRoom
) -> None:
    head = make_officer("Lý Thị Mai", office.agency, (Role.HEAD, office.counter))
    dossier = at_room()
    row, _ = ask(office, dossier, agencies=[other.agency], bodies=["Điện lực"])
    ended = at_room()
    ask(office, ended, bodies=["Điện lực"])
    endings.stop(
        Seen(ended.pk), EndingIn(reason="Chủ hồ sơ mất", requested_by="Gia đình", decision_number="1/QĐ", signer=office.leader.full_name, fee_consequence="Không thu"), by=office.desk(office.leader), at=MONDAY
    )  # fmt: skip
    assert consulted.tell_late(MONDAY) == 0
    assert consulted.tell_late(THURSDAY) == 1
    assert consulted.tell_late(THURSDAY) == 0
    assert sorted(told("opinion_late")) == sorted([office.specialist.full_name, head.full_name] * 2)
    answered = consulting.answer(row.pk, YES, by=other.desk(other.leader, THURSDAY), at=THURSDAY)
    assert answered.is_late
    assert set(told("opinion_answered")) == {office.specialist.full_name, head.full_name}


def test_the_asked_office_sees_its_question_and_loses_the_files(
    office: Office, other: Office, at_room: AtRoom, signed_in: Callable[..., Any], clock: Clock
) -> None:
    dossier = at_room()
    sent = store(PDF, name="ban-ve.pdf", kind="dossier", object_id=dossier.pk, by=office.clerk)
    kept = store(PDF, name="rieng.pdf", kind="dossier", object_id=dossier.pk, by=office.clerk)
    [row] = ask(office, dossier, agencies=[other.agency], files=[sent.pk])
    page = f"/lay-y-kien/{row.pk}/"
    client = signed_in(other.leader)
    assert dossier.code in client.get("/lay-y-kien/").content.decode()
    body = client.get(page).content.decode()
    assert "ban-ve.pdf" in body
    assert "rieng.pdf" not in body
    assert "có tranh chấp" in body
    assert client.get(f"{page}tep/{sent.pk}/").getvalue() == PDF
    assert client.get(f"{page}tep/{kept.pk}/").status_code == 404
    assert client.get(dossier.get_absolute_url()).status_code == 404
    assert client.post(page, {"said": "1"}).status_code == 422
    answer = {"said": "2", "text": "Đang tranh chấp", "number": "7/CV", "on": "23/11/2026"}
    assert client.post(page, answer).status_code == 302
    body = client.get(page).content.decode()
    assert "Đang tranh chấp" in body
    assert "ban-ve.pdf" not in body
    assert client.get(f"{page}tep/{sent.pk}/").status_code == 404
    assert dossier.code in client.get("/lay-y-kien/").content.decode()
    assert client.post(f"{page}hoan-tac/").status_code == 302
    row.refresh_from_db()
    assert row.answered_at is None
    for stranger in (other.specialist, other.clerk, office.second_specialist, office.clerk):
        client = signed_in(stranger)
        for address in (page, f"{page}tep/{sent.pk}/"):
            assert client.get(address).status_code == 404
        assert client.post(page, answer).status_code == 404
        assert client.post(f"{page}hoan-tac/").status_code == 404
        assert f"/lay-y-kien/{row.pk}/" not in client.get("/lay-y-kien/").content.decode()


def test_five_consultations_cost_the_page_nothing_and_stand_on_the_control_sheet(
    office: Office, other: Office, at_room: AtRoom, signed_in: Callable[..., Any], queries: Callable[..., Any]
) -> None:  # fmt: skip
    plain, asked = at_room(), at_room()
    ask(
        office, asked, rooms=[office.second_room, office.leadership], agencies=[other.agency], bodies=["Điện lực", "Công an"]
    )  # fmt: skip
    consulting.answer(
        Consultation.objects.get(asked_agency=other.agency).pk, YES, by=other.desk(other.leader), at=MONDAY
    )  # fmt: skip
    client = signed_in(office.specialist)
    client.get(plain.get_absolute_url())
    with queries() as few:
        client.get(plain.get_absolute_url())
    client.get(asked.get_absolute_url())
    with queries() as many:
        body = client.get(asked.get_absolute_url()).content.decode()
    assert len(many) <= len(few) <= 14
    assert body.count("Ghi trả lời") == 4
    assert "văn bản số 12/CV" in body
    sheet = printing.control_sheet(asked, by=office.desk(office.specialist), at=MONDAY)
    assert sheet.snapshot["partners"].startswith(office.second_room.name)
    assert len(sheet.snapshot["opinions"]) == 5


@pytest.mark.parametrize("count", [1, 20])
def test_the_list_costs_the_same_whatever_waits(
    count: int, office: Office, at_room: AtRoom, signed_in: Callable[..., Any], queries: Callable[..., Any]
) -> None:  # fmt: skip
    for _ in range(count):
        ask(office, at_room(), rooms=[office.second_room])
    client = signed_in(office.second_specialist)
    client.get("/lay-y-kien/")
    with queries() as found:
        page = client.get("/lay-y-kien/").content.decode()
    assert len(found) == 6, [one["sql"][:100] for one in found]
    assert page.count('class="code"') == count


def test_both_lists_of_the_asked_unit_go_on_to_their_end(
    office: Office, at_room: AtRoom, signed_in: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(consulting_pages, "MOST", 2)
    rows = [ask(office, at_room(), rooms=[office.second_room])[0] for _ in range(6)]
    for row in rows[3:]:
        consulting.answer(row.pk, YES, by=office.desk(office.second_specialist), at=MONDAY)
    client = signed_in(office.second_specialist)
    first = client.get("/lay-y-kien/")
    pages = [first, client.get(f"/lay-y-kien/{first.context['next']}")]
    pages.append(client.get(f"/lay-y-kien/{first.context['older']}"))
    shown = [[row.pk for row, _ in (*p.context["rows"], *p.context["done"])] for p in pages]
    a, b, c, x, y, z = (row.pk for row in rows)
    assert shown == [[a, b, z, y], [c], [x]]
    # A page further on does not say that nothing waits.
    assert not any("Không có câu hỏi nào" in page.content.decode() for page in pages)
    assert [page.content.decode().count("Trang sau") for page in pages] == [2, 0, 0]
    # Where others have answered the rest, the list begins anew: something waits still.
    consulting.answer(rows[2].pk, YES, by=office.desk(office.second_specialist), at=MONDAY)
    assert client.get(f"/lay-y-kien/{first.context['next']}")["Location"] == "/lay-y-kien/"


def test_the_forms_of_the_holder(
    office: Office, at_room: AtRoom, signed_in: Callable[..., Any], clock: Clock
) -> None:
    dossier = at_room()
    client = signed_in(office.specialist)
    page = dossier.get_absolute_url()
    form = client.get(f"{page}lay-y-kien/").content.decode()
    assert office.second_room.name in form
    # Five working days on; Tuesday 24/11 is a day off (R-23).
    assert 'value="01/12/2026"' in form

    def send(path: str, **data: Any) -> int:
        dossier.refresh_from_db()
        return int(client.post(f"{page}{path}/", {"seen": dossier.row_version, **data}).status_code)

    assert send("lay-y-kien", content="Hỏi", day="25/11/2026") == 422
    assert send("lay-y-kien", content="Hỏi", day="24/11/2026", bodies="A") == 422
    assert send("lay-y-kien", content="Hỏi", day="25/11/2026", agency_1="không có") == 422
    assert send("lay-y-kien", content="Hỏi", day="25/11/2026", bodies="A\nB\nC") == 302
    first, second, third = Consultation.objects.order_by("pk")
    assert f'value="{second.pk}" selected' in client.get(f"{page}ghi-y-kien/?lan={second.pk}").content.decode()  # fmt: skip
    # Another agency is found by some words of its name, and asked once.
    other = make_office("Ủy ban nhân dân xã Đề Thám").agency
    named = {"agency_1": "đề thám", "agency_3": other.name}
    assert send("lay-y-kien", content="Hỏi thêm", day="25/11/2026", **named) == 302
    assert Consultation.objects.get(content="Hỏi thêm").asked_agency == other
    assert send("ghi-y-kien", which=second.pk, said=1, text="Đồng ý") == 302
    assert send("rut-lay-y-kien", which=third.pk, why="Đã rõ") == 302
    assert send("khong-tra-loi", which=first.pk) == 422
    clock.now = THURSDAY
    client = signed_in(office.specialist)
    assert send("khong-tra-loi", which=first.pk) == 302
    assert send("ghi-y-kien", which=second.pk, said=1, text="Lại") == 422
    body = client.get(page).content.decode()
    for words in (
        "Hết thời hạn không trả lời",
        "Đã rút",
        "Đã trả lời",
        "Ghi hết hạn không trả lời",
    ):
        assert words in body


def test_who_has_it_now_is_told_too(office: Office, at_room: AtRoom) -> None:
    dossier = at_room()
    [row] = ask(office, dossier, rooms=[office.second_room])
    dossier.refresh_from_db()
    handovers.hand_over(
        dossier, to=office.room, receiver=office.head, step=NextStep(name="Xem"), by=office.desk(office.specialist), at=MONDAY
    )  # fmt: skip
    receiving.confirm(Seen(dossier.pk), by=office.desk(office.head), at=MONDAY)
    administrator = make_officer(
        "Vũ Thị Mai", office.agency, (Role.ADMINISTRATOR, office.second_room)
    )
    assert administrator not in consulted.people(row, MONDAY)
    assert consulted.people(row, MONDAY) == [office.second_specialist]
    assert consulted.tell_late(THURSDAY) == 1
    assert office.head.full_name in told("opinion_late")
    consulting.answer(row.pk, YES, by=office.desk(office.second_specialist), at=MONDAY)
    assert told("opinion_answered") == [office.specialist.full_name, office.head.full_name]


def test_an_opinion_that_came_late_is_proposed_as_the_cause(
    office: Office, other: Office, at_room: AtRoom
) -> None:
    dossier = at_room()
    [row] = ask(office, dossier, agencies=[other.agency])
    late = vn("09/12/2026 09:00")
    assert dossier.pk in proposed([dossier.pk], late)
    found = proposed([dossier.pk], late)[dossier.pk]
    assert found.cause == Cause.COORDINATION
    assert found.detail.startswith(f"Cơ quan phối hợp chậm trả lời ({other.agency.name}): ")
    # Whoever wrote the silence down waited no more.
    by, seen, later = (
        office.desk(office.specialist, THURSDAY),
        Seen(dossier.pk),
        vn("20/12/2026 09:00"),
    )
    consulting.record_silence(seen, row.pk, by=by, at=THURSDAY)
    assert "chậm trả lời" not in proposed([dossier.pk], later)[dossier.pk].detail
    taking_back.take_back(seen, by=by, at=THURSDAY)
    assert "chậm trả lời" in proposed([dossier.pk], later)[dossier.pk].detail
    consulting.answer(row.pk, YES, by=other.desk(other.leader, MONDAY), at=MONDAY)
    assert "chậm trả lời" not in proposed([dossier.pk], late)[dossier.pk].detail


def test_who_asked_takes_the_own_question_back_after_the_dossier_moved(
    office: Office, at_room: AtRoom, signed_in: Callable[..., Any]
) -> None:
    """Not what others asked; on the page it is offered while the own one waits."""
    dossier = at_room()
    row, second = ask(office, dossier, bodies=["Điện lực", "Công an"])
    dossier.refresh_from_db()
    to = NextStep(name="Xem")
    by, holder = office.desk(office.specialist), office.desk(office.head)
    handovers.hand_over(dossier, to=office.room, receiver=office.head, step=to, by=by, at=MONDAY)
    receiving.confirm(Seen(dossier.pk), by=holder, at=MONDAY)
    asker, page = signed_in(office.specialist), dossier.get_absolute_url()
    assert "rut-lay-y-kien" in asker.get(page).content.decode()
    other = office.desk(office.clerk)
    assert refused(partial(consulting.withdraw, Seen(dossier.pk), row.pk, why="Rõ", by=other, at=MONDAY)) == "not_holder"  # fmt: skip
    dossier.refresh_from_db()
    sent = {"seen": dossier.row_version, "which": row.pk, "why": "Đã rõ"}
    assert asker.post(f"{page}rut-lay-y-kien/", sent).status_code == 302
    consulting.withdraw(Seen(dossier.pk), second.pk, why="Thôi", by=holder, at=MONDAY)
    assert "rut-lay-y-kien" not in asker.get(page).content.decode()
    assert [str(one) for one in verify(now=MONDAY).misfits] == []


def test_a_letter_that_came_in_time_is_not_late(office: Office, at_room: AtRoom) -> None:
    dossier = at_room()
    row, second = ask(office, dossier, bodies=["Điện lực", "Công an"])
    by, seen = office.desk(office.specialist, THURSDAY), Seen(dossier.pk)
    early = replace(YES, came=date(2026, 11, 20))
    write = partial(consulting.record_opinion, seen, row.pk, by=by, at=THURSDAY)
    assert refused(partial(write, early)) == "opinion_day"
    assert refused(partial(write, replace(YES, came=date(2026, 11, 27)))) == "opinion_day"
    assert not write(replace(YES, came=WEDNESDAY)).is_late
    assert consulting.record_opinion(seen, second.pk, YES, by=by, at=THURSDAY).is_late
    case = Dossier.objects.annotate(asked=consulted.late_opinions_json("pk")).get(pk=dossier.pk)
    assert [one.to for one in consulted.late_opinions(case.asked, THURSDAY)] == ["Công an"]
    assert [str(one) for one in verify(now=THURSDAY).misfits] == []


def test_taking_back_is_told_to_the_asked_unit(office: Office, at_room: AtRoom) -> None:
    dossier = at_room()
    [row] = ask(office, dossier, rooms=[office.second_room])
    by, seen = office.desk(office.specialist), Seen(dossier.pk)
    bells = Message.objects.filter(object_kind="consultation").order_by("pk")
    consulting.withdraw(seen, row.pk, why="Đã rõ", by=by, at=MONDAY)
    bells.update(read_at=MONDAY)
    later = MONDAY + timedelta(minutes=5)
    taking_back.take_back(seen, by=by, at=later)
    asked, withdrawn = bells.all()
    assert not asked.subject.startswith("Đã hoàn tác")
    assert withdrawn.subject.startswith("Đã hoàn tác: Đã rút")
    assert withdrawn.read_at is None
    consulting.withdraw(seen, row.pk, why="Đã rõ", by=by, at=later)
    assert [bell.kind for bell in bells.all()] == [
        "opinion_asked",
        "opinion_withdrawn",
        "opinion_withdrawn",
    ]
    for _ in range(2):
        taking_back.take_back(seen, by=by, at=later)
    assert [bell.subject.startswith("Đã hoàn tác") for bell in bells.all()] == [True] * 3


def test_the_own_answer_of_that_page_only_is_taken_back_and_none_is_lost(
    office: Office, at_room: AtRoom, signed_in: Callable[..., Any]
) -> None:
    dossier = at_room()
    answered = []
    for _ in range(2):
        [row] = ask(office, dossier, rooms=[office.second_room])
        consulting.answer(row.pk, YES, by=office.desk(office.second_specialist), at=MONDAY)
        answered.append(row)
    first, second = answered
    client = signed_in(office.second_specialist)
    assert client.post(f"/lay-y-kien/{first.pk}/hoan-tac/").status_code == 302
    assert not Consultation.objects.filter(answered_at=None).exists()
    assert client.post(f"/lay-y-kien/{second.pk}/hoan-tac/").status_code == 302
    assert Consultation.objects.get(answered_at=None) == second
    # A colleague was quicker: what is typed now is shown, with why it was not taken.
    late = client.post(f"/lay-y-kien/{first.pk}/", {"said": "2", "text": "Lời của tôi"})
    assert late.status_code == 422
    assert "đã được trả lời" in late.content.decode()
    assert "Lời của tôi" in late.content.decode()
