"""Sharing out a room's work to one of its officers, many dossiers by one press, each by itself (R-66,
docs/adr/0026); what will be refused is told beforehand; one's own presses, and a whole list chosen.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from dossiers.acts import assigning, handovers, pressing, supplements
from dossiers.acts.many import Seen
from dossiers.desk import pressed
from dossiers.intake.wanted import declared
from dossiers.models import Batch, Dossier, HandOver
from dossiers.models.pressing import PressLine, PressRun
from onestop.accounts.models import Officer, Role, RoleGrant
from tests.clock import Clock
from tests.dossiers.returning.test_return_desk import finished
from tests.dossiers.work.test_acts import fresh
from tests.world import MONDAY, Office, make_case, make_office, receive

pytestmark = pytest.mark.django_db
Enter = Callable[[Officer], Any]
ASSIGN, ASK = "/viec/lam/phan-cong/", "/viec/lam/yeu-cau-bo-sung/"
AT = MONDAY + timedelta(minutes=30)
Outcome = PressLine.State


@pytest.fixture
def office(clock: Clock) -> Office:
    clock.now = AT
    return make_office()


def in_room(office: Office, count: int) -> list[Dossier]:
    """Given to the room as a whole and received by its head: nobody has been given it yet."""
    case = make_case()
    made = [receive(office, case, at=MONDAY) for _ in range(count)]
    seen = [Seen(one.pk) for one in made]
    clerk, head = office.desk(office.clerk), office.desk(office.head)
    handovers.hand_over_many(seen, to=office.room, receiver=None, step=None, by=clerk, at=MONDAY)
    handovers.confirm_many(seen, by=head, at=MONDAY)
    return [fresh(one) for one in made]


def picked(dossiers: Sequence[Dossier], **more: str) -> dict[str, Any]:
    return {"chon": [f"{one.pk}.{one.row_version}" for one in dossiers]} | more


def to(office: Office, officer: Officer) -> dict[str, str]:
    return {"lam": "1", "to": f"{office.room.pk}-{officer.pk}", "note": ""}


def states(run: PressRun) -> list[int]:
    return list(run.lines.order_by("pk").values_list("state", flat=True))


def test_a_head_shares_out_the_work_of_the_room(office: Office, signed_in: Enter) -> None:
    dossiers = in_room(office, 3)
    client = signed_in(office.head)
    assert f'formaction="{ASSIGN}"' in client.get("/viec/?loai=phong").content.decode()
    form = client.post(ASSIGN, picked(dossiers)).content.decode()
    assert f'value="{office.room.pk}-{office.specialist.pk}"' in form
    assert f'value="{office.counter.pk}-' not in form
    nobody = client.post(ASSIGN, picked(dossiers, lam="1", to=""))
    assert nobody.status_code == 422
    assert "Hãy chọn người được phân công." in nobody.content.decode()
    # One was given on after the page was shown.
    handovers.hand_over(
        dossiers[1], to=office.leadership, receiver=office.leader, by=office.desk(office.head), at=AT,
        step=handovers.NextStep(name="Cho ý kiến"),
    )  # fmt: skip
    sent = picked(dossiers, **to(office, office.specialist))
    page = client.post(ASSIGN, sent, follow=True).content.decode()
    assert "Đã xong 2 / 3; 1 hồ sơ không làm được" in page
    rows = HandOver.objects.on_the_way().filter(receiver=office.specialist)
    assert {row.dossier_id for row in rows} == {dossiers[0].pk, dossiers[2].pk}
    # All of a press stand in one list.
    assert len({row.batch_id for row in rows}) == 1
    run = PressRun.objects.get()
    assert "Hoàn tác 2 hồ sơ" in page
    # What was received since stays with who has it, and is named.
    handovers.confirm(Seen(dossiers[2].pk), by=office.desk(office.specialist, AT), at=AT)
    page = client.post(f"{run.get_absolute_url()}hoan-tac/", follow=True).content.decode()
    assert "đã hoàn tác 1 hồ sơ" in page
    assert states(run) == [Outcome.UNDONE, Outcome.REFUSED, Outcome.DONE]
    assert fresh(dossiers[0]).pending_department_id is None
    assert fresh(dossiers[2]).holder == office.specialist


def test_a_second_try_makes_no_third_list_and_self_is_taken_back(
    office: Office, signed_in: Enter
) -> None:
    dossiers = in_room(office, 2)
    client = signed_in(office.head)
    page = client.post(ASSIGN, picked(dossiers, **to(office, office.head)), follow=True)
    run, said = PressRun.objects.get(), page.content.decode()
    if "Đã xong 2 / 2" in said:  # the head took them as one who handles, in another role
        client.post(f"{run.get_absolute_url()}hoan-tac/")
        assert states(run) == [Outcome.UNDONE] * 2
    else:
        assert "Hồ sơ đang ở chính nơi bạn chọn giao" in said
    assert {fresh(one).holder_id for one in dossiers} == {dossiers[0].holder_id}
    lists = Batch.objects.count()
    for one in dossiers:
        sent = picked([fresh(one)], **to(office, office.specialist))
        client.post(ASSIGN, sent)
    assert Batch.objects.count() == lists + 2  # two presses, two lists


def test_what_lies_elsewhere_is_not_shared_out(office: Office, signed_in: Enter) -> None:
    """Need to know, and only heads: a clerk is refused each, a stranger sees nothing."""
    [one] = in_room(office, 1)
    clerk = signed_in(office.clerk)
    shown = clerk.post(ASSIGN, picked([one])).content.decode()
    assert "không do bạn thụ lý" in shown
    assert "checked" not in shown
    stranger = make_office("Ủy ban nhân dân xã Tân Lập")
    answer = signed_in(stranger.head).post(ASSIGN, picked([one]), follow=True)
    assert "Chưa chọn hồ sơ nào" in answer.content.decode()
    run = pressing.begin(
        assigning.ASSIGN, [Seen(one.pk, one.row_version)],
        {"room": office.second_room.pk, "officer": office.specialist.pk, "note": ""},
        by=office.desk(office.head, AT), at=AT, press=UUID(int=3),
    )  # fmt: skip
    pressing.work(run.pk, lambda: AT)
    assert [line.why for line in run.lines.all()] == [
        "Người nhận không thuộc phòng đã chọn. Hãy chọn lại người nhận."
    ]


def test_sharing_out_moves_nothing_to_another_room(office: Office) -> None:
    """R-66: the head of two rooms chose dossiers of both."""
    here, there = in_room(office, 2)
    head = office.head
    RoleGrant.objects.create(
        officer=head, role=Role.HEAD, agency=office.agency, department=office.second_room,
        valid_from=MONDAY.date(),
    )  # fmt: skip
    desk = office.desk(head, AT)
    give = [Seen(there.pk)]
    handovers.hand_over_many(give, to=office.second_room, receiver=None, step=None, by=desk, at=AT, note="x")  # fmt: skip
    handovers.confirm_many(give, by=desk, at=AT)
    both = [Seen(one.pk, fresh(one).row_version) for one in (here, there)]
    said = {"room": office.room.pk, "officer": office.specialist.pk, "note": ""}
    run = pressing.begin(assigning.ASSIGN, both, said, by=desk, at=AT, press=UUID(int=4))
    pressing.work(run.pk, lambda: AT)
    assert states(run) == [Outcome.DONE, Outcome.REFUSED]
    assert run.lines.latest("pk").why.startswith(f"Hồ sơ không nằm ở {office.room.name}.")
    assert fresh(here).pending_department == office.room
    assert fresh(there).pending_department is None
    assert fresh(there).holder_department == office.second_room


def test_a_second_round_and_a_late_one_are_told_beforehand(
    office: Office, signed_in: Enter, clock: Clock, queries: Any
) -> None:
    """R-44, R-46: unticked, with why, in as many statements for one as for many."""
    case = make_case(papers=2)
    dossiers = [receive(office, case, at=MONDAY) for _ in range(4)]
    desk = office.desk(office.clerk, AT)
    supplements.ask(Seen(dossiers[0].pk), items=declared("A"), reason="Thiếu", by=desk, at=AT)
    supplements.complete(Seen(dossiers[0].pk), by=desk, at=AT)
    client = signed_in(office.clerk)
    shown = client.post(ASK, picked([fresh(one) for one in dossiers])).content.decode()
    assert shown.count("checked") == 3
    assert shown.count("chỉ được yêu cầu bổ sung một lần") == 1
    counts = []
    for chosen in (dossiers[:1], dossiers):
        with queries() as asked:
            client.post(ASK, picked([fresh(one) for one in chosen]))
        counts.append(len(asked) - len(chosen))  # `fresh` reads each
    assert counts[0] == counts[1]
    clock.now = MONDAY + timedelta(days=7)
    late = signed_in(office.clerk)
    shown = late.post(ASK, picked([fresh(one) for one in dossiers])).content.decode()
    assert "checked" not in shown
    assert shown.count("Đã quá 03 ngày làm việc") == 3


def test_own_presses_of_the_last_days_with_how_they_ended(
    office: Office, signed_in: Enter, clock: Clock, queries: Any
) -> None:
    dossiers = in_room(office, 2)
    client = signed_in(office.head)
    assert "Chưa làm lần nào" in client.get("/viec/lam/").content.decode()
    client.post(ASSIGN, picked(dossiers, **to(office, office.specialist)))
    client.post(ASSIGN, picked(dossiers[:1], **to(office, office.specialist)))
    with queries() as few:
        page = client.get("/viec/lam/").content.decode()
    assert "Phân công: 2 hồ sơ" in page
    assert "Đã xong 2 / 2" in page
    assert "1 chưa làm được" in page
    run = PressRun.objects.earliest("pk")
    assert f'href="{run.get_absolute_url()}"' in page
    assert 'href="/viec/lam/"' in client.get(run.get_absolute_url()).content.decode()
    for number in range(3):
        client.post(ASSIGN, picked(dossiers[:1], lan=f"{number:032x}", **to(office, office.head)))
    with queries() as many:
        client.get("/viec/lam/")
    assert len(many) == len(few)
    # Nobody else's, and nothing from longer ago.
    assert "Phân công" not in signed_in(office.leader).get("/viec/lam/").content.decode()
    late = AT + timedelta(days=pressed.DAYS, seconds=1)
    assert pressed.own_presses(office.head, late) == []


def test_a_whole_list_is_chosen_on_one_page(
    office: Office, signed_in: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = make_case()
    for _ in range(52):
        receive(office, case, at=MONDAY)
    client, here = signed_in(office.clerk), "/viec/?loai=dang-xu-ly"
    page = client.get(here).content.decode()
    assert "Chọn cả danh sách" in page
    assert page.count('name="chon"') == 50
    assert "checked" not in page.partition("<tbody>")[2].partition("</tbody>")[0]
    whole = client.get(f"{here}&ca=1").content.decode()
    rows = whole.partition("<tbody>")[2].partition("</tbody>")[0]
    assert (rows.count('name="chon"'), rows.count(" checked")) == (52, 52)
    assert "Đã chọn cả danh sách: 52 hồ sơ." in whole
    # Going away from it is the list page by page, and so is what comes back after the act.
    assert "ca=1" not in whole.partition("<tbody>")[2]
    monkeypatch.setattr("dossiers.views.listing.MOST_CHOSEN", 51)
    some = client.get(f"{here}&ca=1").content.decode()
    assert "Danh sách có hơn" in some
    assert some.count(" checked />") + some.count('" checked') >= 51
    # A list of one page needs no second way.
    assert "Chọn cả danh sách" not in client.get("/viec/?loai=qua-han").content.decode()


def test_the_return_desk_chooses_its_whole_list_too(office: Office, signed_in: Enter) -> None:
    made = [finished(office) for _ in range(2)]
    page = signed_in(office.clerk).get("/tra-ket-qua/?ca=1").content.decode()
    rows = page.partition("<tbody>")[2].partition("</tbody>")[0]
    assert rows.count(" checked") == 2
    assert all(one.code in rows for one in made)
    assert "Đã chọn cả danh sách: 2 hồ sơ." in page
