"""`/ho-so/<mã>/`: found only through the officer, in at most twelve queries, every reading written
down.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from dossiers import registry
from dossiers.acts import endings, handovers, supplements
from dossiers.acts.many import Seen
from dossiers.intake.wanted import declared
from dossiers.models import Dossier
from dossiers.route import steps
from onestop.accounts.models import AccessEvent, AccessKind, Department, DepartmentKind, Role
from procedures.models import SupplementMode
from tests.bench.acts import one_more
from tests.clock import Clock
from tests.dossiers.work.conftest import approved_by
from tests.samples import PDF
from tests.stored import store
from tests.world import IN_PERSON, MONDAY, Office, make_case, make_office, make_officer, receive, vn

PAGES = [
    "",
    "vi-sao/",
    "nhan/",
    "ket-qua/",
    "de-nghi-bo-sung/",
    "yeu-cau-bo-sung/",
    "nhan-bo-sung/",
    "hen-lai/",
    "rut/",
    "dung/",
]
POSTS = ["thu-hoi/", "xong/", "hoan-tac/"]


def rich(office: Office, at_room: Callable[..., Dossier]) -> Dossier:
    """A dossier with everything a page can show: scans, completion, result with file, approval,
    return.
    """
    dossier = at_room()
    for n in range(3):
        store(PDF, name=f"giay-to-{n}.pdf", kind="dossier", object_id=dossier.pk, by=office.clerk)
    clerk, specialist = office.desk(office.clerk), office.desk(office.specialist)
    supplements.propose(
        Seen(dossier.pk),
        items=declared("Họ tên người mẹ"),
        reason="Thiếu",
        by=specialist,
        at=MONDAY,
    )
    proposal = dossier.supplements.get()
    at = MONDAY + timedelta(minutes=10)
    supplements.ask(
        Seen(dossier.pk),
        items=declared("Họ tên người mẹ"),
        reason="Thiếu",
        proposal=proposal,
        by=clerk,
        at=at,
    )
    supplements.complete(Seen(dossier.pk), by=clerk, at=MONDAY + timedelta(minutes=20))
    data = endings.ResultIn(
        number="12/GXN", issued_on=MONDAY.date(), signer="Hoàng Minh Tuấn", title="Giấy xác nhận"
    )
    endings.record_result(
        Seen(dossier.pk),
        data,
        by=specialist,
        at=MONDAY + timedelta(minutes=30),
        files=[("ket-qua.pdf", PDF)],
    )
    dossier.refresh_from_db()
    approved_by(office, dossier, MONDAY + timedelta(minutes=40))
    dossier.refresh_from_db()
    handovers.hand_over(
        dossier, to=office.counter, by=office.desk(office.leader), at=MONDAY + timedelta(minutes=50)
    )
    handovers.confirm(Seen(dossier.pk), by=clerk, at=MONDAY + timedelta(minutes=55))
    endings.give_back(
        Seen(dossier.pk),
        endings.Taking("Nguyễn Văn Ân", told=IN_PERSON),
        by=clerk,
        at=MONDAY + timedelta(hours=1),
    )
    dossier.refresh_from_db()
    return dossier


def test_what_matters_now_and_the_one_next_act(
    office: Office, at_room: Callable[..., Dossier], signed_in: Callable[..., Any]
) -> None:
    dossier = at_room()
    page = signed_in(office.specialist).get(dossier.get_absolute_url())
    assert page.context["main"].name == "record_result"
    names = [
        "hand_over",
        "open_legs",
        "add_scans",
        "propose_supplement",
        "appoint_step",
        "send_to_tax",
        "consult",
        "inspect",
        "record_loss",
    ]
    assert [a.name for a in page.context["acts"]] == names
    said = page.content.decode()
    assert office.specialist.full_name in said
    assert "còn 7 ngày" in said or "còn 6 ngày" in said
    assert "Vì sao ngày này?" in said
    counter = signed_in(office.clerk).get(dossier.get_absolute_url()).context
    offered = {a.name for a in counter["acts"]}
    assert offered >= {"ask_supplement", "withdraw"}
    assert not offered & {"hand_over", "confirm", "give_back", "complete_supplement", "stop"}
    denied = {a.name: a.why_not for a in counter["denied"]}
    assert "không do bạn thụ lý" in denied["hand_over"]  # greyed with its reason
    fresh = receive(office, make_case())
    assert signed_in(office.clerk).get(fresh.get_absolute_url()).context["main"].name == "hand_over"


def test_each_paper_is_called_what_its_checklist_calls_it(
    office: Office, signed_in: Callable[..., Any]
) -> None:
    """R-14. The name stands in the version only."""
    dossier = receive(office, make_case(papers=3))
    page = signed_in(office.clerk).get(dossier.get_absolute_url())
    shown = [paper["paper_name"] for paper in page.context["papers"]]
    assert shown == [paper.name for paper in dossier.papers.order_by("order")]
    for name in shown:
        assert f"<td>{name}" in page.content.decode()


def test_a_rich_dossier_costs_no_more_than_twelve_queries(
    office: Office,
    at_room: Callable[..., Dossier],
    signed_in: Callable[..., Any],
    queries: Callable[..., Any],
) -> None:
    plain, full = at_room(), rich(office, at_room)
    client = signed_in(office.clerk)
    client.get(plain.get_absolute_url())
    with queries() as few:
        client.get(plain.get_absolute_url())
    with queries() as many:
        page = client.get(full.get_absolute_url())
    assert len(few) <= 12, [q["sql"][:80] for q in few]
    assert len(many) <= len(few)
    said = page.content.decode()
    for text in (
        "giay-to-0.pdf",
        "ket-qua.pdf",
        "số 12/GXN",
        "ngày 23/11/2026",
        "Họ tên người mẹ",
        "Trả kết quả",
        "Trước hạn",
    ):
        assert text in said, text


def test_a_new_act_adds_no_query(
    office: Office,
    at_room: Callable[..., Dossier],
    signed_in: Callable[..., Any],
    queries: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    dossier, client = at_room(), signed_in(office.specialist)
    client.get(dossier.get_absolute_url())
    with queries() as before:
        client.get(dossier.get_absolute_url())
    monkeypatch.setattr(registry, "_declared", dict(registry._declared))
    one_more()
    client.get(dossier.get_absolute_url())
    with queries() as after:
        page = client.get(dossier.get_absolute_url())
    assert "Việc mới" in page.content.decode()
    assert len(after) == len(before)


def test_the_timeline_tells_who_gave_what_to_whom_and_when(
    office: Office, at_room: Callable[..., Dossier], signed_in: Callable[..., Any]
) -> None:
    dossier = rich(office, at_room)
    entries = signed_in(office.leader).get(dossier.get_absolute_url()).context["timeline"]
    assert [e.kind for e in entries][::-1] == [
        "receive", "hand_over", "confirm", "propose_supplement", "ask_supplement", "complete_supplement", "record_result",
        "hand_over", "confirm", "hand_over", "confirm", "finish", "give_back",
    ]  # fmt: skip
    first = entries[-2]
    assert first.lines[0] == "Bộ phận Tiếp nhận và Trả kết quả → Phòng Văn hóa - Xã hội"
    assert first.lines[1] == "Xử lý: Xử lý hồ sơ (8 giờ làm việc)"


@pytest.mark.parametrize("path", PAGES)
def test_strangers_get_404_and_roles_only_their_acts(
    office: Office, at_room: Callable[..., Dossier], signed_in: Callable[..., Any], path: str
) -> None:
    """own and other agency × role, for every page of the dossier; what a role may not do answers
    403 with its reason.
    """
    dossier = at_room()
    other = make_office("Ủy ban nhân dân xã Hòa Sơn")
    address = f"{dossier.get_absolute_url()}{path}"
    for stranger in (
        other.clerk,
        other.specialist,
        other.head,
        other.leader,
        other.controller,
        office.second_specialist,
    ):
        got = signed_in(stranger).get(address).status_code
        assert got == (404 if stranger is not other.controller or path in ("", "vi-sao/") else 403)
    may = {
        "": {"clerk", "specialist", "head", "leader", "controller"},
        "vi-sao/": {"clerk", "specialist", "head", "leader", "controller"},
        "nhan/": set(),
        "ket-qua/": {"specialist", "head"},
        "de-nghi-bo-sung/": {"specialist", "head"},
        "yeu-cau-bo-sung/": {"clerk"},
        "nhan-bo-sung/": set(),
        "hen-lai/": {"head", "leader"},
        "rut/": {"clerk"},
        "dung/": {"head", "leader"},
    }[path]
    for name in ("clerk", "specialist", "head", "leader", "controller"):
        got = signed_in(getattr(office, name)).get(address).status_code
        assert got == (200 if name in may else 403), (path, name)


@pytest.mark.parametrize("path", [*PAGES[2:], *POSTS])
def test_strangers_change_nothing(
    office: Office, at_room: Callable[..., Dossier], signed_in: Callable[..., Any], path: str
) -> None:
    dossier = at_room()
    other = make_office("Ủy ban nhân dân xã Hòa Sơn")
    data = {
        "reason": "Không rõ",
        "declared": "A",
        "quantity": "3",
        "unit": "ngay",
        "kind": "1",
        "number": "1",
        "signer": "A",
        "issued_on": "2026-11-23",
    }
    for stranger in (
        other.clerk,
        other.specialist,
        other.head,
        other.leader,
        office.second_specialist,
    ):
        assert (
            signed_in(stranger).post(f"{dossier.get_absolute_url()}{path}", data).status_code == 404
        )
    before = dossier.row_version
    dossier.refresh_from_db()
    assert dossier.row_version == before


def test_the_province_sees_below_and_nothing_beside(
    office: Office, at_room: Callable[..., Dossier], signed_in: Callable[..., Any]
) -> None:
    dossier = at_room()
    province = make_office("Ủy ban nhân dân tỉnh")
    office.agency.parent = province.agency
    office.agency.save()
    assert signed_in(province.controller).get(dossier.get_absolute_url()).status_code == 200
    assert signed_in(province.leader).get(dossier.get_absolute_url()).status_code == 200
    assert signed_in(province.clerk).get(dossier.get_absolute_url()).status_code == 404


def test_nobody_signed_in_is_sent_to_sign_in(
    office: Office, at_room: Callable[..., Dossier], client: Any
) -> None:
    dossier = at_room()
    for path in (dossier.get_absolute_url(), "/viec/", "/ban-giao/", "/ban-giao/nhan/"):
        answer = client.get(path)
        assert answer.status_code == 302
        assert answer["Location"].startswith("/dang-nhap/")


def test_scans_open_only_through_their_dossier(
    office: Office, at_room: Callable[..., Dossier], signed_in: Callable[..., Any]
) -> None:
    dossier, second = at_room(), at_room()
    scan = store(PDF, name="to-khai.pdf", kind="dossier", object_id=dossier.pk, by=office.clerk)
    client = signed_in(office.specialist)
    answer = client.get(f"{dossier.get_absolute_url()}tep/{scan.pk}/")
    assert b"".join(answer.streaming_content) == PDF
    assert answer["Content-Disposition"].startswith("inline")
    saved = client.get(f"{dossier.get_absolute_url()}tep/{scan.pk}/?tai")
    assert saved["Content-Disposition"].startswith("attachment")
    assert b"".join(saved.streaming_content) == PDF
    assert client.get(f"{second.get_absolute_url()}tep/{scan.pk}/").status_code == 404
    assert (
        signed_in(office.second_specialist)
        .get(f"{dossier.get_absolute_url()}tep/{scan.pk}/")
        .status_code
        == 404
    )
    assert AccessEvent.objects.filter(kind=AccessKind.DOWNLOADED, object_id=dossier.pk).count() == 2


def test_every_reading_is_written_down_once_and_the_log_shows_it(
    office: Office, at_room: Callable[..., Dossier], signed_in: Callable[..., Any]
) -> None:
    dossier = at_room()
    signed_in(office.specialist).get(dossier.get_absolute_url())
    lines = AccessEvent.objects.filter(
        kind=AccessKind.VIEWED, object_kind="dossier", object_id=dossier.pk
    )
    assert [line.officer for line in lines] == [office.specialist]
    for officer in (office.clerk, office.specialist):
        assert signed_in(officer).get(f"{dossier.get_absolute_url()}nhat-ky/").status_code == 403
    for officer in (office.controller, office.head, office.leader):
        page = signed_in(officer).get(f"{dossier.get_absolute_url()}nhat-ky/").content.decode()
        assert office.specialist.full_name in page
        assert dossier.events.latest("seq").hash[:10] in page
    stranger = make_office("Ủy ban nhân dân xã Hòa Sơn").controller
    assert signed_in(stranger).get(f"{dossier.get_absolute_url()}nhat-ky/").status_code == 404


def test_a_department_that_once_had_it_still_sees_it(
    office: Office, at_room: Callable[..., Dossier], signed_in: Callable[..., Any]
) -> None:
    dossier = at_room()
    handovers.hand_over(
        dossier, to=office.counter, by=office.desk(office.specialist), at=vn("23/11/2026 10:00")
    )
    handovers.confirm(Seen(dossier.pk), by=office.desk(office.clerk), at=vn("23/11/2026 10:05"))
    assert signed_in(office.specialist).get(dossier.get_absolute_url()).status_code == 200
    stamps = Department.objects.create(
        agency=office.agency, name="Văn thư", kind=DepartmentKind.CLERICAL
    )
    keeper = make_officer("Bùi Thị Lan", office.agency, (Role.DOCUMENTS, stamps))
    assert signed_in(keeper).get(dossier.get_absolute_url()).status_code == 404


@pytest.mark.parametrize(
    ("restarts", "then"),
    [
        (True, "ngày hẹn trả được tính lại từ đầu"),
        (False, "ngày hẹn trả lùi thêm đúng thời gian chờ"),
    ],
)
def test_a_waiting_dossier_says_once_that_it_waits_and_what_becomes_of_the_promise(
    office: Office, signed_in: Callable[..., Any], restarts: bool, then: str
) -> None:
    mode = SupplementMode.RESTART if restarts else SupplementMode.PAUSE
    dossier = receive(office, make_case(supplement_mode=mode))
    supplements.ask(
        Seen(dossier.pk),
        items=declared("Họ tên người mẹ"),
        reason="Thiếu",
        by=office.desk(office.clerk),
        at=MONDAY,
    )
    page = signed_in(office.clerk).get(dossier.get_absolute_url()).content.decode()
    now = page[page.index('aria-label="Hiện nay"') : page.index('aria-label="Các phần của hồ sơ"')]
    assert now.lower().count("đang chờ bổ sung") == 1
    assert (
        "Đang chờ bổ sung từ 23/11/2026 09:00, <strong>thời hạn giải quyết tạm dừng</strong>" in now
    )
    assert then in now
    assert "Hẹn trả <strong>" not in now
    assert "Trước khi dừng hẹn 17:00 thứ Năm 03/12/2026." in now


def test_asked_when_already_late_the_page_says_late_and_waiting(
    office: Office, at_room: Callable[..., Dossier], signed_in: Callable[..., Any], clock: Clock
) -> None:
    dossier = at_room(term="1 ngày làm việc")
    clock.now = vn("26/11/2026 09:00")
    supplements.ask(
        Seen(dossier.pk),
        items=declared("A"),
        reason="Thiếu",
        by=office.desk(office.clerk, clock.now),
        at=clock.now,
    )
    page = signed_in(office.specialist).get(dossier.get_absolute_url()).content.decode()
    assert "quá 1 ngày" in page
    assert "hồ sơ vẫn tính là quá hạn" in page


def test_a_long_list_of_papers_folds_and_a_short_one_does_not(
    office: Office, signed_in: Callable[..., Any]
) -> None:
    """Folded by the page itself, without script; app.css opens it beside enough room."""
    for papers in (3, 4):
        dossier = receive(office, make_case(papers=papers))
        page = signed_in(office.clerk).get(dossier.get_absolute_url()).content.decode()
        assert ('<details class="fold">' in page) == (papers > 3)


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(480, "8 giờ làm việc"), (2360, "39 giờ 20 phút làm việc"), (90, "1 giờ 30 phút làm việc")],
)
def test_the_time_of_a_step_is_read_in_hours_and_minutes(minutes: int, words: str) -> None:
    assert steps.worked(minutes) == words
