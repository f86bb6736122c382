"""`/ban-giao/`: what must go when (R-39), one or many in one act, receiving by list or scanner,
recalling, printing.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from dossiers.acts import endings, handovers
from dossiers.acts.handovers import NextStep
from dossiers.acts.many import Seen
from dossiers.desk import handover as queries
from dossiers.desk.batches import PAGE_OF_BATCHES
from dossiers.models import Batch, Dossier, HandOver
from dossiers.models.handover import Purpose
from dossiers.models.outcome import Outcome
from dossiers.states import State
from onestop.accounts.models import Role, RoleGrant
from onestop.errors import DomainError
from tests.clock import Clock
from tests.dossiers.work.conftest import approved_by
from tests.dossiers.work.test_dossier_page import PDF
from tests.dossiers.work.test_lists import plan_of
from tests.world import MONDAY, Office, make_case, make_office, make_officer, receive, vn


def fresh(dossier: Dossier) -> Dossier:
    return Dossier.objects.get(pk=dossier.pk)


def picked(*dossiers: Dossier) -> list[str]:
    return [f"{d.pk}.{d.row_version}" for d in dossiers]


def test_what_must_go_today_at_the_start_of_tomorrow_and_what_is_over_time(office: Office) -> None:
    """R-39: by 15:00 the same day, exactly 15:00:00 is not after; later at the start of the next
    working day.
    """
    case = make_case()
    over = receive(office, case, at=vn("20/11/2026 14:00"))
    today = receive(office, case, at=vn("23/11/2026 15:00"))
    later = receive(office, case, at=vn("23/11/2026 15:00") + timedelta(seconds=1))
    page = queries.give_page(office.desk(office.clerk), vn("23/11/2026 15:30"))
    assert {g.key: [line.pk for line in g.lines] for g in page.groups} == {
        "qua-gio": [over.pk],
        "hom-nay": [today.pk],
        "ngay-toi": [later.pk],
    }


def test_the_page_of_giving_is_one_list_over_counter_and_own_desk_paged_by_key(
    office: Office,
) -> None:
    """Every row once, in both directions, whatever the size of a page; each group says how many it
    has on all pages.
    """
    case = make_case()
    wanted = [receive(office, case, at=vn("20/11/2026 14:00")).pk for _ in range(2)]
    wanted += [receive(office, case).pk for _ in range(5)]
    clerk = office.desk(office.clerk)
    for _ in range(4):  # handed back to the clerk: nothing to forward, own desk
        dossier = receive(office, case)
        handovers.hand_over(dossier, to=office.room, by=clerk, at=MONDAY)
        handovers.confirm(Seen(dossier.pk), by=office.desk(office.specialist), at=MONDAY)
        handovers.hand_over(
            Dossier.objects.get(pk=dossier.pk),
            to=office.counter,
            by=office.desk(office.specialist),
            at=MONDAY,
        )
        wanted.append(handovers.confirm(Seen(dossier.pk), by=clerk, at=MONDAY).pk)
    for size in (1, 3, 7, 50):
        found, pages, after = [], [], ""
        while True:
            page = queries.give_page(clerk, MONDAY, after=after, size=size)
            assert {g.key: g.total for g in page.groups}.items() <= {
                "qua-gio": 2,
                "hom-nay": 5,
                "tren-ban": 4,
            }.items()
            pages.append([line.pk for line in page.lines])
            found += pages[-1]
            after = page.next
            if not after:
                break
        assert found == wanted
        for before in reversed(pages[:-1]):
            page = queries.give_page(clerk, MONDAY, before=page.previous, size=size)
            assert [line.pk for line in page.lines] == before
        assert not page.previous
    for rubbish in ("rubbish", "chuyen-x-y", "-", "khac-1-1"):
        assert queries.give_page(clerk, MONDAY, after=rubbish).lines
        assert queries.give_page(clerk, MONDAY, before=rubbish).lines


def test_lists_longer_than_a_page_lead_on(office: Office, signed_in: Callable[..., Any]) -> None:
    """What was cut without a word before: the 51st row of each list is one link away, and back."""
    case = make_case()
    dossiers = [receive(office, case) for _ in range(102)]
    handovers.hand_over_many(
        [Seen(d.pk) for d in dossiers[51:]],
        to=office.room,
        receiver=None,
        step=None,
        by=office.desk(office.clerk),
        at=MONDAY,
    )
    for officer, path in (
        (office.clerk, "/ban-giao/"),
        (office.specialist, "/ban-giao/nhan/"),
        (office.clerk, "/ban-giao/da-giao/"),
    ):
        client = signed_in(officer)
        first = client.get(path)
        assert first.content.decode().count('name="chon"') == 50
        second = client.get(first.context["next"])
        assert second.content.decode().count('name="chon"') == 1
        assert second.context["next"] == ""
        assert client.get(second.context["previous"]).content.decode().count('name="chon"') == 50
    assert "50/51" in signed_in(office.clerk).get("/ban-giao/").content.decode()


def test_any_clerk_of_the_counter_may_pass_its_dossiers_on(
    office: Office, signed_in: Callable[..., Any]
) -> None:
    second = make_officer("Vũ Thị Mai", office.agency, (Role.CLERK, office.counter))
    dossier = receive(office, make_case())
    client = signed_in(second)
    page = client.get("/ban-giao/").content.decode()
    assert dossier.code in page
    assert office.clerk.full_name in page  # whose it is
    answer = client.post(
        "/ban-giao/giao/",
        {"chon": picked(dossier), "to": str(office.room.pk), "giao": "1", "step": "quy-trinh"},
    )
    assert answer.status_code == 302
    dossier.refresh_from_db()
    assert dossier.pending_department == office.room


def test_giving_one_suggests_the_step_and_can_be_undone_from_the_toast(
    office: Office, signed_in: Callable[..., Any]
) -> None:
    dossier = receive(office, make_case())
    client = signed_in(office.clerk)
    page = client.post(
        "/ban-giao/giao/", {"chon": picked(dossier)}
    ).content.decode()  # from the bulk bar: nothing given yet
    assert not HandOver.objects.exists()
    assert "Theo quy trình nội bộ" in page
    done = client.post(
        "/ban-giao/giao/",
        {
            "chon": picked(dossier),
            "to": f"{office.room.pk}-{office.specialist.pk}",
            "giao": "1",
            "step": "quy-trinh",
        },
        follow=True,
    )
    row = HandOver.objects.get()
    assert (row.receiver, row.purpose, row.giver_role) == (
        office.specialist,
        Purpose.HANDLE,
        "clerk",
    )
    assert f"/ban-giao/{row.batch_id}/thu-hoi/" in done.content.decode()
    client.post(f"/ban-giao/{row.batch_id}/thu-hoi/")
    row.refresh_from_db()
    dossier.refresh_from_db()
    assert row.undone_at is not None
    assert (dossier.pending_department, dossier.holder) == (None, office.clerk)
    assert dossier.forward_by is not None  # it must still go on today


def test_another_step_than_the_process_needs_its_words_and_a_note(
    office: Office, signed_in: Callable[..., Any]
) -> None:
    dossier = receive(office, make_case())
    client = signed_in(office.clerk)
    form = {"chon": picked(dossier), "to": str(office.room.pk), "giao": "1", "step": "khac"}
    refused = client.post("/ban-giao/giao/", form)
    assert refused.status_code == 422
    assert "Hãy ghi việc người nhận cần làm" in refused.content.decode()
    assert "hãy ghi chú vì sao" in refused.content.decode()
    client.post(
        "/ban-giao/giao/",
        form
        | {
            "step_name": "Xác minh thực địa",
            "hours": "4",
            "note": "Theo yêu cầu của xã",
            "purpose": "1",
        },
    )
    row = HandOver.objects.get()
    assert (row.next_step_name, row.next_step_minutes, row.note) == (
        "Xác minh thực địa",
        240,
        "Theo yêu cầu của xã",
    )


def test_sixty_in_one_act_with_one_that_cannot_go(
    office: Office, signed_in: Callable[..., Any]
) -> None:
    """Fifty-nine are given, one is reported with its reason; one sheet to sign."""
    case = make_case()
    dossiers = [receive(office, case) for _ in range(60)]
    stale = dossiers[17]
    handovers.hand_over(stale, to=office.second_room, by=office.desk(office.clerk), at=MONDAY)
    page = signed_in(office.clerk).post(
        "/ban-giao/giao/",
        {"chon": picked(*dossiers), "to": str(office.room.pk), "giao": "1", "step": "quy-trinh"},
    )
    said = page.content.decode()
    assert "Đã giao 59/60 hồ sơ" in said
    assert stale.code in said
    assert "Trang bạn đang xem đã cũ" in said
    assert Dossier.objects.filter(pending_department=office.room).count() == 59
    batch = Batch.objects.get(receiver_department=office.room)
    sheet = signed_in(office.specialist).get(f"/ban-giao/{batch.pk}/").content.decode()
    assert sheet.count("chờ nhận") == 59
    assert f"/ban-giao/{batch.pk}/phieu/?in=1" in sheet
    assert f"Phiếu bàn giao hồ sơ số {batch.number}/2026" in sheet


def test_the_paper_of_a_hand_over_is_an_official_one(
    office: Office, signed_in: Callable[..., Any]
) -> None:
    """NĐ 30/2020: national head, agency and room, place and day, whole names, who gives and who
    receives; what was recalled is not on it.
    """
    case = make_case(name="Thủ tục cấp Giấy xác nhận " + "tình trạng quyền sử dụng đất " * 5)
    dossiers = [receive(office, case) for _ in range(3)]
    handovers.hand_over_many(
        [Seen(d.pk) for d in dossiers],
        to=office.room,
        receiver=office.specialist,
        step=None,
        by=office.desk(office.clerk),
        at=MONDAY,
    )
    batch = Batch.objects.get()
    handovers.recall(Seen(dossiers[2].pk), by=office.desk(office.clerk), at=MONDAY)
    paper = signed_in(office.specialist).get(f"/ban-giao/{batch.pk}/phieu/").content.decode()
    words = (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Ủy ban nhân dân <br />xã Bình Minh", "Số: 1", "Bình Minh, ngày 23 tháng 11 năm 2026",
        "PHIẾU BÀN GIAO HỒ SƠ", office.clerk.full_name, office.specialist.full_name, "Số lượng: 2 hồ sơ", case.version.name.strip(),
        dossiers[0].owner_name, "NGƯỜI GIAO", "NGƯỜI NHẬN",
    )  # fmt: skip
    assert [one for one in words if one not in paper] == []
    assert "-<wbr>".join(dossiers[0].code.split("-")) in paper
    assert "-<wbr>".join(dossiers[2].code.split("-")) not in paper


def test_a_press_costs_as_many_queries_for_many_as_for_few(
    office: Office, signed_in: Callable[..., Any], queries: Callable[..., Any]
) -> None:
    """Giving to a named officer, and receiving there: the whole request."""
    case, counts = make_case(), []
    clerk, specialist = signed_in(office.clerk), signed_in(office.specialist)
    to = f"{office.room.pk}-{office.specialist.pk}"
    for many in (2, 3, 9):
        dossiers = [receive(office, case) for _ in range(many)]
        form = {"chon": picked(*dossiers), "to": to, "giao": "1", "step": "quy-trinh"}
        with queries() as giving:
            clerk.post("/ban-giao/giao/", form)
        given = {"chon": picked(*map(fresh, dossiers))}
        with queries() as receiving:
            specialist.post("/ban-giao/nhan/xac-nhan/", given)
        assert {fresh(dossier).holder for dossier in dossiers} == {office.specialist}
        counts.append((len(giving), len(receiving)))
    assert counts[1] == counts[2]


def test_receiving_many_records_what_differs_of_each_by_itself(
    office: Office, signed_in: Callable[..., Any]
) -> None:
    case = make_case()
    dossiers = [receive(office, case) for _ in range(3)]
    handovers.hand_over_many(
        [Seen(d.pk) for d in dossiers],
        to=office.room,
        receiver=None,
        step=None,
        by=office.desk(office.clerk),
        at=MONDAY,
    )
    for dossier in dossiers:
        dossier.refresh_from_db()
    client = signed_in(office.specialist)
    for_all = {"chon": picked(*dossiers), "difference": "Thiếu 01 bản sao"}
    page = client.post("/ban-giao/nhan/xac-nhan/", for_all, follow=True)  # a page from before
    assert "Sai khác ghi riêng cho từng hồ sơ" in page.content.decode()
    codes = "\n".join(one.code for one in dossiers)
    scanned = client.post("/ban-giao/nhan/quet/", {"codes": codes, "difference": "Thiếu tờ khai"})
    assert scanned.status_code == 422
    assert "Sai khác ghi riêng cho từng hồ sơ" in scanned.content.decode()
    assert not Dossier.objects.filter(holder=office.specialist).exists()
    told = {
        f"sai-khac-{dossiers[1].pk}": " Thiếu  01 bản sao ",
        f"sai-khac-{dossiers[2].pk + 100}": "của hồ sơ không chọn",
    }
    client.post("/ban-giao/nhan/xac-nhan/", {"chon": picked(*dossiers), **told})
    assert set(Dossier.objects.values_list("state", "holder")) == {
        (State.IN_PROGRESS, office.specialist.pk)
    }
    found = HandOver.objects.order_by("dossier").values_list("difference", flat=True)
    assert list(found) == ["", "Thiếu 01 bản sao", ""]


def test_one_received_alone_keeps_the_difference_of_an_old_page(
    office: Office, signed_in: Callable[..., Any]
) -> None:
    dossier = receive(office, make_case())
    handovers.hand_over(dossier, to=office.room, by=office.desk(office.clerk), at=MONDAY)
    dossier.refresh_from_db()
    signed_in(office.specialist).post(
        "/ban-giao/nhan/xac-nhan/", {"chon": picked(dossier), "difference": "Thiếu tờ khai"}
    )
    assert HandOver.objects.get().difference == "Thiếu tờ khai"


def test_receiving_by_scanner_reports_unknown_and_foreign_codes(
    office: Office, signed_in: Callable[..., Any]
) -> None:
    case = make_case()
    mine, other, free = (receive(office, case) for _ in range(3))
    clerk = office.desk(office.clerk)
    handovers.hand_over(mine, to=office.room, by=clerk, at=MONDAY)
    handovers.hand_over(other, to=office.second_room, by=clerk, at=MONDAY)
    stranger = receive(make_office("Ủy ban nhân dân xã Hòa Sơn"), case)
    codes = f"{mine.code.lower()}\n{other.code}\r\n{free.code}\n{stranger.code}\nKHÔNG-PHẢI-MÃ\n{mine.code}\n"
    page = signed_in(office.specialist).post("/ban-giao/nhan/quet/", {"codes": codes})
    said = page.content.decode()
    assert "Đã nhận 1/5 hồ sơ" in said  # the code scanned twice counts once
    for code in (other.code, free.code, stranger.code, "KHÔNG-PHẢI-MÃ"):
        assert code in said
    mine.refresh_from_db()
    assert mine.holder == office.specialist
    assert (
        signed_in(office.specialist).post("/ban-giao/nhan/quet/", {"codes": " \n"}).status_code
        == 422
    )


def test_the_receiver_states_the_outcome_of_the_givers_step(
    office: Office, at_room: Callable[..., Dossier], signed_in: Callable[..., Any]
) -> None:
    """Computed by the clock; the receiver may state another when confirming one."""
    first, second = at_room(), at_room()
    for dossier in (first, second):
        desk = office.desk(office.specialist)
        handovers.hand_over(
            dossier,
            to=office.second_room,
            receiver=office.second_specialist,
            by=desk,
            at=MONDAY + timedelta(minutes=30),
        )
    client = signed_in(office.second_specialist)
    page = client.get(f"/ho-so/{first.code}/nhan/").content.decode()
    assert "Trước hạn" in page
    # The step is over: what counts is when it was due, not how long is left.
    due = HandOver.objects.get(dossier=first, confirmed_at=None).step_due_at
    assert due is not None
    assert f"hạn của bước là {timezone.localtime(due):%d/%m/%Y %H:%M}</dd>" in page
    client.post(f"/ho-so/{first.code}/nhan/", {"outcome": "", "difference": ""})
    client.post(
        f"/ho-so/{second.code}/nhan/",
        {"outcome": str(Outcome.LATE.value), "difference": "Thiếu tờ khai"},
    )
    outcomes = (
        HandOver.objects.filter(receiver=office.second_specialist)
        .order_by("dossier")
        .values_list("outcome", "difference")
    )
    assert list(outcomes) == [(Outcome.EARLY, ""), (Outcome.LATE, "Thiếu tờ khai")]


def test_what_nobody_confirms_is_flagged_on_both_sides(
    office: Office, signed_in: Callable[..., Any], clock: Clock
) -> None:
    dossier = receive(office, make_case())
    handovers.hand_over(dossier, to=office.room, by=office.desk(office.clerk), at=MONDAY)
    clock.now = vn("23/11/2026 16:59")
    assert "chậm nhận" not in signed_in(office.specialist).get("/ban-giao/nhan/").content.decode()
    clock.now = vn("25/11/2026 07:01")  # a whole session has passed
    assert "chậm nhận" in signed_in(office.specialist).get("/ban-giao/nhan/").content.decode()
    assert "chậm nhận" in signed_in(office.clerk).get("/ban-giao/da-giao/").content.decode()
    assert "chậm nhận" in signed_in(office.clerk).get("/viec/?loai=da-giao").content.decode()


def test_recall_only_while_not_confirmed(office: Office, signed_in: Callable[..., Any]) -> None:
    dossier = receive(office, make_case())
    handovers.hand_over(dossier, to=office.room, by=office.desk(office.clerk), at=MONDAY)
    handovers.confirm(Seen(dossier.pk), by=office.desk(office.specialist), at=MONDAY)
    answer = signed_in(office.clerk).post(
        "/ban-giao/thu-hoi/", {"chon": [str(dossier.pk)]}, follow=True
    )
    assert "Không có lần giao nào đang chờ xác nhận" in answer.content.decode()
    dossier.refresh_from_db()
    assert dossier.holder == office.specialist


def test_nobody_approves_their_own_work_unless_a_decision_says_so(
    office: Office, at_room: Callable[..., Dossier]
) -> None:
    dossier = at_room()
    approved_by(office, dossier, MONDAY + timedelta(hours=1))
    RoleGrant.objects.create(
        officer=office.specialist,
        role=Role.LEADER,
        agency=office.agency,
        department=office.leadership,
        valid_from=MONDAY.date(),
    )
    own = at_room()
    desk = office.desk(office.specialist)
    written = endings.ResultIn(number="12/GXN-UBND", issued_on=MONDAY.date(), signer="Lê Văn Dũng")
    endings.record_result(Seen(own.pk), written, by=desk, at=MONDAY)
    own.refresh_from_db()
    handovers.hand_over(
        own,
        to=office.leadership,
        receiver=office.specialist,
        by=desk,
        at=MONDAY + timedelta(hours=1),
    )
    own.refresh_from_db()
    row = HandOver.objects.get(dossier=own, receiver=office.specialist)
    assert (row.giver_role, row.receiver_role) == (
        "specialist",
        "leader",
    )  # confirms itself, shows as two roles
    assert own.pending_department is None
    _, (refused,) = handovers.hand_over_many(
        [Seen(own.pk)],
        to=office.counter,
        receiver=None,
        step=None,
        by=desk,
        at=MONDAY + timedelta(hours=2),
    )
    assert refused.error is not None
    assert refused.error.code == "own_work"
    from dossiers.models import OfficeSettings

    OfficeSettings.objects.create(agency=office.agency, self_approval_decision="QĐ 12/QĐ-UBND")
    _, (allowed,) = handovers.hand_over_many(
        [Seen(own.pk)],
        to=office.counter,
        receiver=None,
        step=None,
        by=desk,
        at=MONDAY + timedelta(hours=2),
    )
    assert allowed.error is None


def test_a_head_who_only_passed_it_down_may_approve(office: Office) -> None:
    dossier = receive(office, make_case())
    at = MONDAY
    clerk, head, specialist = (
        office.desk(o) for o in (office.clerk, office.head, office.specialist)
    )
    for to, receiver, by in (
        (office.room, office.head, clerk),
        (office.room, office.specialist, head),
        (office.room, office.head, specialist),
    ):
        if by is specialist:
            draft = endings.ResultIn(title="Giấy xác nhận")
            endings.record_result(Seen(dossier.pk), draft, by=specialist, at=at)
        handovers.hand_over(
            Dossier.objects.get(pk=dossier.pk), to=to, receiver=receiver, by=by, at=at
        )
        handovers.confirm(Seen(dossier.pk), by=office.desk(receiver), at=at)
    assert [h.purpose for h in HandOver.objects.order_by("seq")] == [
        Purpose.HANDLE,
        Purpose.HANDLE,
        Purpose.APPROVE,
    ]
    fresh, note = Dossier.objects.get(pk=dossier.pk), "Chủ tịch ký trên giấy"
    handovers.hand_over(fresh, to=office.counter, by=head, at=at, note=note)  # no own_work


def test_a_finished_result_on_its_way_back_is_still_with_its_giver(
    office: Office, at_room: Callable[..., Dossier], signed_in: Callable[..., Any]
) -> None:
    """The signed electronic result ended the dossier; its papers travel to the counter and can be
    recalled until confirmed.
    """
    dossier = at_room()
    written = endings.ResultIn(
        number="12/GXN", issued_on=MONDAY.date(), signer="Hoàng Minh Tuấn", electronic=True
    )
    desk, leader = office.desk(office.specialist), office.desk(office.leader)
    approved_by(office, dossier, MONDAY)
    signed = NextStep(name="Phát hành bản đã ký số")
    handovers.hand_over(
        fresh(dossier),
        to=office.room,
        receiver=office.specialist,
        step=signed,
        by=leader,
        at=MONDAY,
        note="Đã ký",
    )
    handovers.confirm(Seen(dossier.pk), by=desk, at=MONDAY)
    endings.record_result(
        Seen(dossier.pk), written, by=desk, at=MONDAY, files=[("ket-qua.pdf", PDF)]
    )
    dossier.refresh_from_db()
    assert dossier.state == State.FINISHED
    handovers.hand_over(dossier, to=office.counter, by=desk, at=MONDAY)
    client = signed_in(office.specialist)
    for path in ("/ban-giao/da-giao/", "/viec/?loai=da-giao"):
        assert dossier.code in client.get(path).content.decode()
    assert dossier.code in signed_in(office.head).get("/ban-giao/da-giao/").content.decode()
    assert (
        dossier.code
        not in signed_in(office.second_specialist).get("/ban-giao/da-giao/").content.decode()
    )
    dossier.refresh_from_db()
    said = client.post(
        "/ban-giao/thu-hoi/", {"chon": picked(dossier)}, follow=True
    ).content.decode()
    assert "Đã thu hồi 1 hồ sơ." in said
    dossier.refresh_from_db()
    assert (dossier.pending_department, dossier.holder, dossier.state) == (
        None,
        office.specialist,
        State.FINISHED,
    )
    assert dossier.code not in client.get("/ban-giao/da-giao/").content.decode()


def test_what_was_given_is_found_by_the_index_of_what_is_on_its_way(office: Office) -> None:
    """Not by all that an officer ever held: finished dossiers keep their last holder."""
    for officer in (office.specialist, office.clerk, office.head):
        rows = Dossier.objects.given_from(office.desk(officer)).order_by("sort_due", "pk")
        plan = plan_of(*rows.values("pk")[:51].query.sql_with_params())
        # Three indexes hold only what is on its way; which of them is read is the planner's affair.
        assert any(
            index in plan
            for index in ("dossier_given_by", "dossier_given_from", "dossier_to_accept")
        ), plan
        assert "Seq Scan on dossiers_dossier" not in plan


def test_an_act_on_many_says_how_many_of_how_many(
    office: Office, signed_in: Callable[..., Any]
) -> None:
    case = make_case()
    one, stale, foreign = (
        receive(office, case),
        receive(office, case),
        receive(make_office("Ủy ban nhân dân xã Hòa Sơn"), case),
    )
    for dossier in (one, stale):
        handovers.hand_over(dossier, to=office.room, by=office.desk(office.clerk), at=MONDAY)
    handovers.confirm(Seen(stale.pk), by=office.desk(office.head), at=MONDAY)
    client = signed_in(office.specialist)
    said = client.post(
        "/ban-giao/nhan/xac-nhan/",
        {"chon": [str(d.pk) for d in (one, stale, foreign)]},
        follow=True,
    ).content.decode()
    assert "Đã nhận 1/3 hồ sơ." in said
    assert f"{stale.code}: " in said
    assert "1 hồ sơ đã chọn: không còn thuộc phần việc của bạn" in said
    assert foreign.code not in said
    form = {
        "chon": [str(d.pk) for d in (one, foreign)],
        "to": str(office.second_room.pk),
        "giao": "1",
        "step": "quy-trinh",
    }
    said = client.post("/ban-giao/giao/", form).content.decode()
    assert "Đã giao 1/2 hồ sơ" in said
    assert "không còn thuộc phần việc của bạn" in said


@pytest.mark.parametrize(
    "path", ["/ban-giao/", "/ban-giao/nhan/", "/ban-giao/da-giao/", "/ban-giao/so/"]
)
def test_pages_cost_the_same_for_one_and_for_many(
    office: Office, signed_in: Callable[..., Any], queries: Callable[..., Any], path: str
) -> None:
    case = make_case()

    def more(number: int) -> None:
        for _ in range(number):
            receive(office, case)
            for to in (office.room, office.counter):
                giver = office.clerk if to == office.room else office.specialist
                dossier = receive(office, case)
                if giver == office.specialist:
                    handovers.hand_over(
                        dossier, to=office.room, by=office.desk(office.clerk), at=MONDAY
                    )
                    dossier = handovers.confirm(
                        Seen(dossier.pk), by=office.desk(office.specialist), at=MONDAY
                    )
                handovers.hand_over(dossier, to=to, by=office.desk(giver), at=MONDAY)

    more(1)
    client = signed_in(office.clerk)
    client.get(path)
    with queries() as one:
        assert client.get(path).status_code == 200
    more(9)
    with queries() as ten:
        client.get(path)
    assert len(one) == len(ten) <= 9


def test_the_book_of_lists_runs_back_in_time_page_by_page(
    office: Office, signed_in: Callable[..., Any]
) -> None:
    """By when they were given, not by when they were entered: imported and generated lists come
    later and lie earlier.
    """
    case = make_case()
    for n in range(PAGE_OF_BATCHES + 2):
        dossier = receive(office, case)
        at = MONDAY + timedelta(minutes=5 * n if n % 2 else n)
        handovers.hand_over(dossier, to=office.room, by=office.desk(office.clerk), at=at)
    client = signed_in(office.clerk)
    first = client.get("/ban-giao/so/")
    rest = client.get(first.context["next"])
    found = [b.given_at for page in (first, rest) for b in page.context["batches"]]
    assert found == sorted(found, reverse=True)
    assert (len(found), rest.context["next"]) == (PAGE_OF_BATCHES + 2, "")
    assert client.get("/ban-giao/so/?truoc=x").status_code == 200


def test_a_batch_of_another_agency_is_not_found(
    office: Office, signed_in: Callable[..., Any]
) -> None:
    dossier = receive(office, make_case())
    row = handovers.hand_over(dossier, to=office.room, by=office.desk(office.clerk), at=MONDAY)
    other = make_office("Ủy ban nhân dân xã Hòa Sơn")
    for officer in (other.clerk, other.head, other.leader, other.controller):
        assert signed_in(officer).get(f"/ban-giao/{row.batch_id}/").status_code == 404
        assert signed_in(officer).post(f"/ban-giao/{row.batch_id}/thu-hoi/").status_code in (
            403,
            404,
        )
    assert signed_in(office.second_specialist).get(f"/ban-giao/{row.batch_id}/").status_code == 404
    for officer in (office.clerk, office.specialist, office.head, office.leader, office.controller):
        assert signed_in(officer).get(f"/ban-giao/{row.batch_id}/").status_code == 200
    assert (
        signed_in(other.specialist)
        .post(
            "/ban-giao/giao/",
            {"chon": picked(dossier), "to": str(other.room.pk), "giao": "1", "step": "quy-trinh"},
        )
        .status_code
        == 302
    )
    assert HandOver.objects.count() == 1


def test_between_clerks_reception_and_its_deadline_go_on(office: Office) -> None:
    """A dossier that only changes hands at the counter must still be forwarded in time (R-39)."""
    second = make_officer("Vũ Thị Mai", office.agency, (Role.CLERK, office.counter))
    dossier = receive(office, make_case())
    forward_by = dossier.forward_by
    handovers.hand_over(
        dossier, to=office.counter, receiver=second, by=office.desk(office.clerk), at=MONDAY
    )
    after = handovers.confirm(Seen(dossier.pk), by=office.desk(second), at=MONDAY)
    assert (after.holder, after.step_name, after.forward_by) == (
        second,
        "Tiếp nhận hồ sơ",
        forward_by,
    )
    handovers.hand_over(after, to=office.room, by=office.desk(second), at=MONDAY)
    assert (
        handovers.recall(Seen(dossier.pk), by=office.desk(second), at=MONDAY).forward_by
        == forward_by
    )


def test_to_oneself_only_in_another_role(office: Office) -> None:
    dossier = receive(office, make_case())
    with pytest.raises(DomainError, match="same_desk"):
        handovers.hand_over(
            dossier,
            to=office.counter,
            receiver=office.clerk,
            by=office.desk(office.clerk),
            at=MONDAY,
        )


def test_nothing_picked_brings_the_page_back_as_it_was(
    office: Office, signed_in: Callable[..., Any]
) -> None:
    dossier = receive(office, make_case())
    form = {
        "hang": picked(dossier),
        "to": str(office.room.pk),
        "giao": "1",
        "step": "quy-trinh",
        "note": "Gấp",
        "ve": "//evil.example/",
    }
    page = signed_in(office.clerk).post("/ban-giao/giao/", form)
    assert page.status_code == 422
    said = page.content.decode()
    assert "Chưa chọn hồ sơ nào" in said
    assert "Gấp" in said
    assert dossier.code in said
    assert "evil.example" not in said  # where "Thôi" leads is a page of this site
