"""Requests for completion through their pages: forged ones get nowhere, late ones are told and
listed (R-46).
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test.utils import CaptureQueriesContext

from dossiers.acts import supplements, taking_back
from dossiers.acts.many import Seen
from dossiers.desk.late_requests import late_page as page_of
from dossiers.desk.late_requests import late_rows
from dossiers.desk.orders import ORDERS
from dossiers.intake.wanted import declared
from dossiers.models import Dossier, Slip, Supplement
from dossiers.states import State
from onestop.accounts.models import Role
from onestop.outbox.models import Message
from tests.clock import Clock
from tests.world import (
    MONDAY,
    Office,
    make_agency,
    make_case,
    make_office,
    make_officer,
    receive,
    vn,
)

AFTER = vn(
    "30/11/2026 09:00"
)  # the fourth working day after reception on Monday 23/11; 24/11 is a day off
LIST = "/thu-tuc/quan-ly/bo-sung-muon/"


def ask_late(office: Office, dossier: Dossier, at: Any = AFTER) -> Supplement:
    return supplements.ask(
        Seen(dossier.pk), items=declared("Ngày sinh"), reason="Bà Bảy khai thiếu", by=office.desk(office.clerk, at), at=at,
        approver=office.leader, legal_basis="Điều 19 Luật Hộ tịch", approval_reason="Ông Tám xin",
    )  # fmt: skip


def late_page(desk: Any, **how: Any) -> Any:
    """As it stands for whoever orders nothing."""
    return page_of(late_rows(desk), ORDERS["phat"].turned, **how)


@pytest.mark.parametrize(
    ("page", "who"), [("de-nghi-bo-sung/", "specialist"), ("yeu-cau-bo-sung/", "clerk")]
)
def test_a_forged_request_asks_for_nothing_outside_the_list(
    office: Office,
    at_room: Callable[..., Dossier],
    signed_in: Callable[..., Any],
    page: str,
    who: str,
) -> None:
    dossier, strange = at_room(), make_case().papers.earliest("order")
    address, client = f"{dossier.get_absolute_url()}{page}", signed_in(getattr(office, who))
    mine = dossier.case.papers.earliest("order")
    for forged, words in (
        ({f"b{strange.pk}": "on"}, "không thuộc danh mục công bố"),
        ({f"b{strange.pk}-n": "nộp lại"}, "không thuộc danh mục công bố"),
        ({f"b{mine.pk}": "on", "b999999999999999999": "on"}, "không thuộc danh mục công bố"),
        ({"declared": "Giấy khám sức khỏe"}, "là giấy tờ: hãy tích trong danh mục"),
        (
            {"outside": "Bản vẽ mặt bằng"},
            "ngoài danh mục công bố. Chỉ yêu cầu được khi ghi căn cứ pháp lý",
        ),
        ({"papers": strange.name, "items": strange.name}, "Hãy tích hoặc ghi ít nhất một nội dung"),
        ({f"b{mine.pk}-n": "x" * 501}, "không quá 500 ký tự"),
    ):
        answer = client.post(address, {"reason": "Thiếu"} | forged)
        assert answer.status_code == 422, forged
        assert words in answer.content.decode(), forged
    assert not Supplement.objects.exists()
    kept = client.post(
        address, {"reason": "Thiếu", f"b{mine.pk}-n": "bản mờ", "outside": "Bản vẽ"}
    ).content.decode()
    assert 'value="bản mờ"' in kept  # nothing typed is lost
    done = client.post(
        address,
        {"reason": "Thiếu", "outside": "Bản vẽ mặt bằng", "legal_basis": "Điều 9 Luật Nhà ở"},
    )
    assert done.status_code == 302
    said = "Bản vẽ mặt bằng: ngoài danh mục công bố, căn cứ Điều 9 Luật Nhà ở"
    assert Supplement.objects.get().entries == [said]


def test_the_basis_of_a_paper_outside_the_list_is_on_the_slip(
    office: Office, at_room: Callable[..., Dossier], signed_in: Callable[..., Any]
) -> None:
    dossier, client = at_room(), signed_in(office.clerk)
    client.post(
        f"{dossier.get_absolute_url()}yeu-cau-bo-sung/",
        {"reason": "Thiếu", "outside": "Bản vẽ", "legal_basis": "Điều 9 Luật Nhà ở"},
    )
    page = client.get(f"{dossier.get_absolute_url()}phieu/bo-sung/").content.decode()
    assert "ngoài danh mục công bố, căn cứ Điều 9 Luật Nhà ở" in page


def test_a_late_request_is_told_to_its_approver_and_the_controllers_once(office: Office) -> None:
    in_time, late = receive(office, make_case()), receive(office, make_case())
    supplements.ask(
        Seen(in_time.pk),
        items=declared("A"),
        reason="Thiếu",
        by=office.desk(office.clerk),
        at=MONDAY + timedelta(hours=1),
    )
    row = ask_late(office, late)
    assert list(Supplement.objects.filter(late=True)) == [row]
    told = {m.to_officer: m for m in Message.objects.filter(object_id=late.pk)}
    assert set(told) == {office.leader, office.controller}
    assert not Message.objects.filter(object_id=in_time.pk).exists()
    assert told[office.controller].link == LIST
    for message in told.values():
        assert late.code in message.body
        assert office.leader.full_name in message.body
        assert "Điều 19 Luật Hộ tịch" in message.body
        assert not [
            word for word in ("Bảy", "Tám") if word in message.body
        ]  # what may speak of a person stays on the dossier


def test_a_second_request_is_told_to_its_approver_only(office: Office) -> None:
    dossier, clerk = receive(office, make_case()), office.desk(office.clerk)
    supplements.ask(Seen(dossier.pk), items=declared("A"), reason="Thiếu", by=clerk, at=MONDAY)
    supplements.complete(Seen(dossier.pk), by=clerk, at=MONDAY + timedelta(hours=1))
    supplements.ask(
        Seen(dossier.pk), items=declared("B"), reason="Nữa", by=clerk, at=MONDAY + timedelta(hours=2),
        approver=office.head, approval_reason="Sót",
    )  # fmt: skip
    # The head hears besides, as head, that the first did not name this (test_rounds.py).
    told = Message.objects.exclude(kind="new_wants")
    assert [m.to_officer for m in told] == [office.head]
    assert "lần thứ 2" in told.get().body


def test_an_agency_without_controller_tells_the_one_above(db: None) -> None:
    province = make_agency("Ủy ban nhân dân tỉnh")
    above = make_officer("Vi Thị Kiểm", province, (Role.CONTROLLER, None))
    office = make_office(parent=province)
    office.controller.grants.update(valid_to=MONDAY.date() - timedelta(days=1))
    ask_late(office, receive(office, make_case()))
    assert {m.to_officer for m in Message.objects.all()} == {office.leader, above}


def test_the_list_shows_who_approved_on_which_basis(
    office: Office, signed_in: Callable[..., Any], clock: Clock
) -> None:
    dossier = receive(office, make_case())
    ask_late(office, dossier)
    clock.now = AFTER
    page = signed_in(office.controller).get(LIST).content.decode()
    for words in (
        dossier.code,
        office.leader.full_name,
        "Điều 19 Luật Hộ tịch",
        office.clerk.full_name,
        "30/11/2026",
    ):
        assert words in page
    assert 'aria-current="page">Bổ sung sau 03 ngày' in " ".join(page.split())
    for stranger in (office.clerk, office.leader, office.specialist):
        assert signed_in(stranger).get(LIST).status_code == 403


def test_controllers_read_their_own_agencies_and_those_below(db: None) -> None:
    province = make_agency("Ủy ban nhân dân tỉnh")
    above = make_officer("Vi Thị Kiểm", province, (Role.CONTROLLER, None))
    here, there = (
        make_office(parent=province),
        make_office("Ủy ban nhân dân xã Hòa Sơn", parent=province),
    )
    rows = [ask_late(office, receive(office, make_case())) for office in (here, there)]
    assert late_page(here.desk(here.controller)).rows == rows[:1]
    assert late_page(there.desk(there.controller)).rows == rows[1:]
    assert late_page(there.desk(above)).rows == rows[::-1]
    assert late_page(here.desk(here.leader)).rows == []


def test_a_request_taken_back_leaves_the_list(office: Office) -> None:
    dossier = receive(office, make_case())
    ask_late(office, dossier)
    taking_back.take_back(
        Seen(dossier.pk), by=office.desk(office.clerk, AFTER), at=AFTER + timedelta(minutes=1)
    )
    assert late_page(office.desk(office.controller)).rows == []


def test_who_was_told_of_a_request_that_is_taken_back_is_told_so_and_again_of_the_next(
    office: Office,
) -> None:
    dossier = receive(office, make_case())
    desk = office.desk(office.clerk, AFTER)
    proposal = supplements.propose(
        Seen(dossier.pk),
        items=declared("Ngày sinh"),
        reason="Thiếu",
        by=desk,
        at=AFTER - timedelta(hours=1),
    )
    for number in range(2):
        at = AFTER + timedelta(minutes=10 * number)
        approved = {"approver": office.leader, "legal_basis": "Điều 19", "approval_reason": "Xin"}
        waiting = Supplement.objects.get(dossier=dossier, undone_at=None)
        assert (waiting.pk, waiting.late, waiting.approver) == (proposal.pk, False, None)
        supplements.ask(
            Seen(dossier.pk),
            items=declared("Ngày sinh"),
            reason="Thiếu",
            by=desk,
            at=at,
            proposal=waiting,
            **approved,
        )
        told = Message.objects.filter(created_at=at)
        assert {m.to_officer for m in told} == {office.leader, office.controller}
        told.update(read_at=at)
        taking_back.take_back(Seen(dossier.pk), by=desk, at=at + timedelta(minutes=5))
        assert all(m.subject.startswith("Đã hoàn tác: ") and m.read_at is None for m in told.all())


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_is_one_query_paged_by_key(
    office: Office, number: int, django_assert_num_queries: Any
) -> None:
    rows = [
        ask_late(office, receive(office, make_case()), at=AFTER + timedelta(minutes=n))
        for n in range(number)
    ]
    desk = office.desk(office.controller, AFTER)
    assert desk.grants
    with django_assert_num_queries(1):
        page = late_page(desk)
        assert [
            (
                r.dossier.code,
                str(r.dossier.agency),
                r.dossier.version.name,
                str(r.approver),
                str(r.issued_by),
            )
            for r in page.rows
        ]
    assert page.rows == rows[::-1]
    seen, after = [], ""
    for _ in range(number):
        step = late_page(desk, after=after, size=1)
        seen += step.rows
        after = step.next
    assert (seen, after) == (rows[::-1], "")
    assert late_page(desk, after="không đọc được").rows == rows[::-1]


def test_the_index_of_late_requests_is_used(office: Office) -> None:
    from django.db import connection

    ask_late(office, receive(office, make_case()))
    with CaptureQueriesContext(connection) as queries:
        late_page(office.desk(office.controller, AFTER))
    sql = queries.captured_queries[-1]["sql"]
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
            assert any("supplement_late" in str(row) for row in cursor.fetchall())


def test_the_ask_page_works_without_ticking_by_the_note_alone(
    office: Office, at_room: Callable[..., Dossier], signed_in: Callable[..., Any]
) -> None:
    dossier = at_room()
    paper = dossier.case.papers.earliest("order")
    data = {"reason": "Thiếu", f"b{paper.pk}-n": "thiếu 1 bản"}
    signed_in(office.clerk).post(f"{dossier.get_absolute_url()}yeu-cau-bo-sung/", data)
    assert Dossier.objects.get(pk=dossier.pk).state == State.AWAITING_PAPERS
    assert Slip.objects.get(dossier=dossier, slug="bo-sung").snapshot["items"] == [
        {"name": paper.name, "note": "thiếu 1 bản"}
    ]
